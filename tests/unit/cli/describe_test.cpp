#include <nlohmann/json.hpp>

#include "cli/text.h"
#include "cli_run.h"
#include "experiment/config.h"

namespace lrlab::cli {
namespace {

TEST_CASE("lrlab describe: names every row with its parameters, ranges, documentation and reference") {
  const Ran r = lrlab({"describe"});
  CHECK(r.code == 0);
  CHECK(r.err.empty());
  // Wrapped text has line breaks in it: compare without white space.
  const auto squeezed = [](std::string_view s) {
    std::string t;
    for (char ch : s)
      if (ch != ' ' && ch != '\n') t += ch;
    return t;
  };
  const std::string all = squeezed(r.out);
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i) {
      const RowText row = p.row(i);
      CAPTURE(row.id);
      CHECK(has(all, squeezed(row.formula)));
      CHECK(has(all, squeezed(row.doc)));
      CHECK(has(all, squeezed(row.matches)));
      CHECK(has(all, squeezed(row.reference)));
      for (const ParamSpec& spec : row.params) CHECK(has(all, squeezed(spec.doc)));
    }
  for (const Field& f : fields()) CHECK(has(all, squeezed(f.spec.doc)));
}

TEST_CASE("lrlab describe: wraps at the width it is given") {
  for (std::size_t width : {60, 80, 120}) {
    const std::string text = lrlab({"describe"}, width).out;  // outlives the lines, which point into it
    for (std::string_view line : lines_of(text)) {
      CAPTURE(line);
      // A word is never broken, so one that is longer than the line may stand out.
      const bool fits = columns(line) <= width || line.find_last_of(' ') < line.find_first_not_of(' ') + 1 ||
                        columns(line) - columns(line.substr(0, line.find_last_of(' '))) > width / 2;
      const bool table = width < 80 && line.starts_with("    ");  // columns that are wider by themselves
      CHECK((fits || table));
    }
  }
}

TEST_CASE("lrlab describe: finds families, rows, parameters and fields by name") {
  CHECK(has(lrlab({"describe", "optimizer"}).out, "torch.optim.Adam"));
  CHECK(has(lrlab({"describe", "adam"}).out, "optimizer=adam"));
  CHECK(has(lrlab({"describe", "beta1"}).out, "parameter of optimizer=adam"));
  CHECK(has(lrlab({"describe", "lr"}).out, "follows the optimizer"));
  CHECK(has(lrlab({"describe", "hidden"}).out, "16,16"));
  const Ran r = lrlab({"describe", "adma"});
  CHECK(r.code == kWrongUse);
  CHECK(r.out.empty());
  CHECK(has(r.err, "nothing is named 'adma' (did you mean 'adam'?)"));
}

TEST_CASE("lrlab describe --json: complete, and what a script needs") {
  const Ran r = lrlab({"describe", "--json"});
  CHECK(r.code == 0);
  const auto j = nlohmann::json::parse(r.out, nullptr, false);
  REQUIRE(j.is_object());
  REQUIRE(j["families"].size() == picks().size());
  for (std::size_t f = 0; f < picks().size(); ++f) {
    const Pick& p = picks()[f];
    CHECK(j["families"][f]["key"] == p.key);
    REQUIRE(j["families"][f]["rows"].size() == p.rows);
    for (std::size_t i = 0; i < p.rows; ++i) {
      const auto& row = j["families"][f]["rows"][i];
      CAPTURE(p.row(i).id);
      CHECK(row["id"] == p.row(i).id);
      CHECK(row["formula"] == p.row(i).formula);
      CHECK(row["reference"] == p.row(i).reference);
      REQUIRE(row["params"].size() == p.row(i).params.size());
      for (std::size_t k = 0; k < p.row(i).params.size(); ++k) {
        const ParamSpec& spec = p.row(i).params[k];
        const auto& param = row["params"][k];
        CHECK(param["key"] == spec.key);
        CHECK(param["doc"] == spec.doc);
        if (spec.kind == ParamKind::kNumber) {
          CHECK(param["default"] == spec.def);
          CHECK(param["min"] == spec.min);
          CHECK(param["max"] == spec.max);
        }
      }
    }
  }
  CHECK(j["fields"].size() == fields().size() + 1);  // and `hidden`
  // A default that follows a choice stands with each row.
  const auto adam = std::find_if(picks().begin(), picks().end(), [](const Pick& p) { return std::string_view(p.key) == "optimizer"; });
  for (const auto& row : j["families"][static_cast<std::size_t>(adam - picks().begin())]["rows"]) CHECK(row["defaults"]["lr"] > 0);
  CHECK(lrlab({"describe", "--json", "adam"}).code == kWrongUse);
}

}  // namespace
}  // namespace lrlab::cli
