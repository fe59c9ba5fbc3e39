// lrlab describe: everything that can be chosen, read from the same tables as the page's controls.
#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "cli/catalog.h"
#include "cli/cli.h"
#include "cli/text.h"
#include "experiment/codec.h"

namespace lrlab::cli {
namespace {

using Json = nlohmann::ordered_json;

// ---- JSON ----------------------------------------------------------------------------------------

const char* kind_name(ParamKind kind) {
  switch (kind) {
    case ParamKind::kInteger: return "integer";
    case ParamKind::kBool: return "bool";
    case ParamKind::kChoice: return "choice";
    case ParamKind::kList: return "list";
    case ParamKind::kNumber: break;
  }
  return "number";
}

Json number_json(double v) {
  if (v == static_cast<double>(static_cast<std::int64_t>(v))) return static_cast<std::int64_t>(v);
  return v;
}

Json spec_json(const ParamSpec& spec) {
  Json j{{"key", spec.key}, {"label", spec.label}, {"kind", kind_name(spec.kind)}};
  switch (spec.kind) {
    case ParamKind::kBool: j["default"] = spec.def != 0; break;
    case ParamKind::kChoice:
      j["default"] = choice_name(spec, static_cast<int>(spec.def));
      for (int i = 0; i < choice_count(spec); ++i) j["choices"].push_back(choice_name(spec, i));
      break;
    case ParamKind::kList:
      j["default"] = Json::array();
      for (double v : parse_list(spec.def_list)) j["default"].push_back(number_json(v));
      break;
    case ParamKind::kInteger:
    case ParamKind::kNumber: j["default"] = number_json(spec.def); break;
  }
  if (spec.kind != ParamKind::kBool && spec.kind != ParamKind::kChoice) {
    j["min"] = number_json(spec.min);
    j["max"] = number_json(spec.max);
    j["scale"] = spec.scale == Scale::kLog ? "log" : "linear";
  }
  j["unit"] = spec.unit;
  j["doc"] = spec.doc;
  return j;
}

Json everything() {
  Json j;
  j["format"] = kFormatVersion;
  j["families"] = Json::array();
  for (const Pick& p : picks()) {
    Json family{{"key", p.key}, {"label", p.label}, {"group", p.group}, {"doc", p.doc}, {"default", p.def}};
    family["none"] = p.none ? Json(p.none) : Json(nullptr);
    family["rows"] = Json::array();
    for (std::size_t i = 0; i < p.rows; ++i) {
      const RowText row = p.row(i);
      Json r{{"id", row.id},           {"label", row.label}, {"formula", row.formula}, {"reference", row.reference},
             {"matches", row.matches}, {"doc", row.doc}};
      for (const auto& [field, value] : defaults_with(p, i)) r["defaults"][field->spec.key] = number_json(value);
      if (row.given) r["needs_data"] = true;
      r["params"] = Json::array();
      for (const ParamSpec& spec : row.params) r["params"].push_back(spec_json(spec));
      family["rows"].push_back(std::move(r));
    }
    j["families"].push_back(std::move(family));
  }
  j["fields"] = Json::array();
  Json hidden = spec_json(hidden_spec());
  hidden["group"] = "model";
  hidden["max_length"] = kMaxHiddenLayers;
  j["fields"].push_back(std::move(hidden));
  for (const Field& f : fields()) {
    Json field = spec_json(f.spec);
    field["group"] = f.group;
    for (const Pick& p : picks())
      if (follows(f, p)) field["default_follows"] = p.key;
    j["fields"].push_back(std::move(field));
  }
  return j;
}

// ---- text ----------------------------------------------------------------------------------------

class Printer {
 public:
  explicit Printer(Console& console) : out_(console.out), width_(console.width), bold_(console.out_is_terminal) {}

  void heading(const Pick& p) {
    out_ << '\n' << strong(p.key) << "  " << wrapped(p.doc, columns(p.key) + 2, width_) << '\n';
    out_ << "  default " << p.def;
    if (p.none && std::string_view(p.none) != p.def) out_ << "; " << p.none << ": no row";
    out_ << '\n';
  }

  void row(const Pick& p, std::size_t index) {
    const RowText r = p.row(index);
    out_ << "\n  " << strong(r.id) << "  " << r.label << '\n';
    for (std::string_view line : lines_of(r.formula)) out_ << "      " << wrapped(line, 10, width_) << '\n';
    if (*r.doc) out_ << "    " << wrapped(r.doc, 4, width_) << '\n';
    if (*r.matches) out_ << "    " << wrapped(std::string("Matches: ") + r.matches, 4, width_) << '\n';
    if (*r.reference) out_ << "    " << wrapped(std::string("Reference: ") + r.reference, 4, width_) << '\n';
    for (const auto& [field, value] : defaults_with(p, index))
      out_ << "    Default " << field->spec.key << ": " << number_text(value) << '\n';
    params(r.params);
  }

  void params(std::span<const ParamSpec> specs) {
    std::size_t key = 0, def = 0, range = 0;
    for (const ParamSpec& s : specs) {
      key = std::max(key, columns(s.key));
      def = std::max(def, columns(default_text(s)));
      range = std::max(range, columns(short_range(s)));
    }
    range = std::min<std::size_t>(range, 28);
    for (const ParamSpec& s : specs) {
      const std::string start =
          "    " + padded(s.key, key) + "  " + padded(default_text(s), def) + "  " + padded(short_range(s), range) + "  ";
      out_ << start;
      // The text beside the columns where there is room for it, below them where there is not.
      const std::size_t column = 4 + key + 2 + def + 2 + range + 2;
      const bool beside = columns(start) == column && column + 30 <= width_;
      const std::string name = std::string_view(s.label) == s.key ? "" : std::string(s.label) + ": ";
      if (!beside) out_ << '\n' << std::string(8, ' ');
      out_ << wrapped(name + s.doc, beside ? column : 8, width_) << '\n';
    }
  }

  std::string strong(std::string_view text) const {
    return bold_ ? "\x1b[1m" + std::string(text) + "\x1b[0m" : std::string(text);
  }
  void family(const Pick& p) {
    heading(p);
    if (const Pick* other = same_rows(p)) {
      out_ << "  the same rows as " << other->key << '\n';
      return;
    }
    for (std::size_t i = 0; i < p.rows; ++i) row(p, i);
  }
  void all_fields() {
    std::vector<std::string_view> groups;
    for (const Field& f : fields()) {
      if (std::find(groups.begin(), groups.end(), f.group) != groups.end()) continue;
      groups.push_back(f.group);
      std::vector<ParamSpec> specs;
      if (groups.back() == "model") specs.push_back(hidden_spec());
      for (const Field& g : fields())
        if (groups.back() == g.group) specs.push_back(g.spec);
      out_ << '\n' << strong(f.group) << "  numbers that belong to no row\n\n";
      params(specs);
    }
  }
  std::ostream& out() { return out_; }

 private:
  std::ostream& out_;
  std::size_t width_;
  bool bold_;
};

// Everything whose name is `word`: a family, rows of any family, parameters and fields. False: nothing.
bool describe_word(const std::string& word, Printer& print) {
  bool found = false;
  for (const Pick& p : picks())
    if (word == p.key) {
      print.family(p);
      found = true;
    }
  for (const Pick& p : picks()) {
    if (same_rows(p)) continue;
    for (std::size_t i = 0; i < p.rows; ++i)
      if (word == p.row(i).id) {
        print.out() << '\n' << p.key << '=' << word << '\n';
        print.row(p, i);
        found = true;
      }
  }
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows && !same_rows(p); ++i)
      for (const ParamSpec& spec : p.row(i).params)
        if (word == spec.key) {
          print.out() << '\n' << "parameter of " << p.key << '=' << p.row(i).id << '\n';
          print.params({&spec, 1});
          found = true;
        }
  if (word == kHiddenKey) {
    print.out() << '\n';
    print.params({&hidden_spec(), 1});
    found = true;
  }
  for (const Field& f : fields())
    if (word == f.spec.key) {
      print.out() << '\n';
      print.params({&f.spec, 1});
      for (const Pick& p : picks())
        if (follows(f, p)) print.out() << "    (the default follows the " << p.key << ")\n";
      found = true;
    }
  return found;
}

int describe(const std::vector<std::string>& words, bool json, Console& console) {
  if (json) {
    if (!words.empty()) throw Error{kWrongUse, "--json prints everything and takes no name; leave out '" + printable(words[0], 40) + "'"};
    console.out << everything().dump(2) << '\n';
    return kDone;
  }
  Printer print(console);
  for (const std::string& word : words) {
    if (describe_word(word, print)) continue;
    std::vector<std::string> known;
    std::string families;
    for (const Pick& p : picks()) {
      known.emplace_back(p.key);
      families += (families.empty() ? "" : ", ") + std::string(p.key);
      for (std::size_t i = 0; i < p.rows; ++i) {
        known.emplace_back(p.row(i).id);
        for (const ParamSpec& spec : p.row(i).params) known.emplace_back(spec.key);
      }
    }
    for (const Field& f : fields()) known.emplace_back(f.spec.key);
    throw Error{kWrongUse, "nothing is named '" + printable(word, 40) + "'" + did_you_mean(word, known) +
                               "; the families are " + families};
  }
  if (words.empty()) {
    console.out << wrapped("Everything a run can be made of. A choice is written KEY=ID, a number KEY=VALUE, in links, "
                           "config files and with --set. Numbers: key, default, range, meaning.", 0, console.width)
                << '\n';
    for (const Pick& p : picks()) print.family(p);
    print.all_fields();
  }
  return kDone;
}

}  // namespace

std::function<int()> define_describe(CLI::App& app, Console& console) {
  struct Args {
    std::vector<std::string> words;
    bool json = false;
  };
  auto args = std::make_shared<Args>();
  app.add_option("name", args->words, "A family (optimizer), a row (adam) or a key (lr); none: everything.")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag("--json", args->json, "Everything as JSON.");
  return [args, &console] { return describe(args->words, args->json, console); };
}

}  // namespace lrlab::cli
