#include "cli/docs.h"
#include "cli_run.h"
#include "experiment/config.h"

namespace lrlab::cli {
namespace {

// The cells of a Markdown row: bars that are not escaped.
std::size_t bars(std::string_view line) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < line.size(); ++i) n += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
  return n;
}

TEST_CASE("lrlab docs: a row for every row of every family, tables that are well formed") {
  const std::string text = docs_markdown();
  CHECK(lrlab({"docs"}).out == text);
  CHECK(text.starts_with("<!-- lrlab docs: begin"));
  CHECK(text.ends_with("<!-- lrlab docs: end -->\n"));
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i) CHECK(has(text, std::string("| `") + p.row(i).id + "` | **"));
  for (const Field& f : fields()) CHECK(has(text, std::string("| `") + f.spec.key + "` | "));
  std::size_t expected = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("|")) {
      expected = 0;
      continue;
    }
    if (expected == 0) expected = bars(line);
    CAPTURE(line);
    CHECK(bars(line) == expected);
  }
}

TEST_CASE("lrlab docs: says whether a README is stale, and renews it without touching the rest") {
  const Folder folder("docs");
  const std::string before = "# Title\n\ntext\n", after = "\nmore text\n";
  const std::string file =
      folder.write("README.md", before + "<!-- lrlab docs: begin -->\nold\n<!-- lrlab docs: end -->\n" + after);
  const Ran stale = lrlab({"docs", "--check", file});
  CHECK(stale.code == kFailed);
  CHECK(has(stale.err, "stale"));
  CHECK(lrlab({"docs", "--write", file}).code == 0);
  CHECK(slurp(file) == before + docs_markdown() + after);
  const Ran fresh = lrlab({"docs", "--check", file});
  CHECK(fresh.code == 0);
  CHECK(has(fresh.out, "up to date"));
  CHECK(lrlab({"docs", "--write", file}).code == 0);
  CHECK(slurp(file) == before + docs_markdown() + after);
}

TEST_CASE("README: its tables are up to date") {
  const std::string readme = LRLAB_SOURCE_DIR "/README.md";
  if (!std::filesystem::exists(readme)) {
    MESSAGE("skipped: there is no README.md yet");
    return;
  }
  const Ran r = lrlab({"docs", "--check", readme});
  CAPTURE(r.err);
  CHECK_MESSAGE(r.code == 0, "run: lrlab docs --write README.md");
}

}  // namespace
}  // namespace lrlab::cli
