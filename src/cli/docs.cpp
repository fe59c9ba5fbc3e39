// lrlab docs: the README's tables, written from the same rows as everything else.
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/catalog.h"
#include "cli/cli.h"
#include "cli/docs.h"
#include "cli/text.h"
#include "experiment/codec.h"

namespace lrlab::cli {
namespace {

constexpr std::string_view kBegin = "<!-- lrlab docs: begin (written by 'lrlab docs --write README.md') -->\n";
constexpr std::string_view kBeginMark = "<!-- lrlab docs: begin";
constexpr std::string_view kEnd = "<!-- lrlab docs: end -->\n";
constexpr std::string_view kEndMark = "<!-- lrlab docs: end";
constexpr std::size_t kMostReadme = 4 << 20;

// A text inside a table's cell: no bars, no line breaks, no markup by accident.
std::string cell(std::string_view text) {
  std::string out;
  for (char ch : text) {
    if (ch == '\n')
      out += "<br>";
    else if (ch == '<')
      out += "&lt;";
    else if (ch == '|' || ch == '*' || ch == '_' || ch == '`' || ch == '[' || ch == ']' || ch == '\\')
      out += '\\', out += ch;
    else
      out += ch;
  }
  return out;
}

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string settings(const Pick& p, std::size_t i) {
  std::string out;
  const auto add = [&](const char* key, const std::string& value) {
    out += (out.empty() ? "" : " ") + code(std::string(key) + "=" + value);
  };
  for (const auto& [field, value] : defaults_with(p, i)) add(field->spec.key, number_text(value));
  for (const ParamSpec& spec : p.row(i).params) add(spec.key, default_text(spec));
  return out;
}

std::string family_table(const Pick& p) {
  std::string out = "\n### " + std::string(p.label) + ": " + code(p.key) + "\n\n" + p.doc + " Default " + code(p.def) + ".\n";
  if (const Pick* other = same_rows(p)) return out + "The rows of " + code(other->key) + ".\n";
  // Only the columns that some row fills.
  bool formula = false, params = false, matches = false, reference = false;
  for (std::size_t i = 0; i < p.rows; ++i) {
    const RowText row = p.row(i);
    formula |= *row.formula != '\0';
    params |= !settings(p, i).empty();
    matches |= *row.matches != '\0';
    reference |= *row.reference != '\0';
  }
  const auto line = [&](const std::string& id, const std::string& what, const std::string& f, const std::string& s,
                        const std::string& m, const std::string& r) {
    out += "| " + id + " | " + what;
    if (formula) out += " | " + f;
    if (params) out += " | " + s;
    if (matches) out += " | " + m;
    if (reference) out += " | " + r;
    out += " |\n";
  };
  out += "\n";
  line("id", "what it is", "formula", "settings and defaults", "matches", "reference");
  line("---", "---", "---", "---", "---", "---");
  for (std::size_t i = 0; i < p.rows; ++i) {
    const RowText row = p.row(i);
    line(code(row.id), "**" + cell(row.label) + "** " + cell(row.doc), cell(row.formula), settings(p, i),
         cell(row.matches), cell(row.reference));
  }
  return out;
}

std::string field_table() {
  std::string out = "\n### Numbers that belong to no row\n\n| key | default | range | what it does |\n| --- | --- | --- | --- |\n";
  const auto line = [&](const ParamSpec& spec, const std::string& def) {
    out += "| " + code(spec.key) + " | " + def + " | " + cell(short_range(spec)) + " | " + cell(spec.doc) + " |\n";
  };
  line(hidden_spec(), code(default_text(hidden_spec())));
  for (const Field& f : fields()) {
    std::string def = code(default_text(f.spec));
    for (const Pick& p : picks())
      if (follows(f, p)) def = "as the " + std::string(p.label);
    line(f.spec, def);
  }
  return out;
}

// Where the part between the markers lies in a README: [begin, end), markers included.
struct Part {
  std::size_t begin, end;
};
Part find_part(const std::string& path, std::string_view text) {
  const std::size_t begin = text.find(kBeginMark), end = text.find(kEndMark);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    throw Error{kWrongUse, "'" + printable(path, 200) + "' has no lines '" + std::string(kBeginMark) + " -->' and '" +
                               std::string(kEndMark) + " -->' for the tables to stand between"};
  const std::size_t line_end = text.find('\n', end);
  return {begin, line_end == std::string_view::npos ? text.size() : line_end + 1};
}

int docs(const std::string& check, const std::string& write, Console& console) {
  if (!check.empty() && !write.empty()) throw Error{kWrongUse, "--check and --write exclude each other"};
  const std::string tables = docs_markdown();
  if (check.empty() && write.empty()) {
    console.out << tables;
    return kDone;
  }
  const std::string& path = check.empty() ? write : check;
  std::string text = read_file(check.empty() ? "--write" : "--check", path, kMostReadme);
  const Part part = find_part(path, text);
  if (text.compare(part.begin, part.end - part.begin, tables) == 0) {
    console.out << "The tables in " << path << " are up to date.\n";
    return kDone;
  }
  if (!check.empty())
    throw Error{kFailed, "the tables in '" + path + "' are stale; 'lrlab docs --write " + path + "' renews them"};
  text.replace(part.begin, part.end - part.begin, tables);
  // A whole new file in one step: an interrupted write must not leave half a README.
  const std::string temporary = path + ".new";
  std::error_code error;
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) std::filesystem::rename(temporary, path, error);
  if (error) throw Error{kFailed, "'" + path + "' cannot be written"};
  console.out << "Wrote the tables into " << path << ".\n";
  return kDone;
}

}  // namespace

std::string docs_markdown() {
  std::string out(kBegin);
  for (const Pick& p : picks()) out += family_table(p);
  out += field_table();
  return out + "\n" + std::string(kEnd);
}

std::function<int()> define_docs(CLI::App& app, Console& console) {
  struct Args {
    std::string check, write;
  };
  auto args = std::make_shared<Args>();
  app.add_option("--check", args->check, "Say whether the tables in this file are stale (then exit code 1).")->type_name("FILE");
  app.add_option("--write", args->write, "Renew the tables in this file.")->type_name("FILE");
  return [args, &console] { return docs(args->check, args->write, console); };
}

}  // namespace lrlab::cli
