// The one description of every tunable number: controls, tooltips, URL and JSON keys, `describe`,
// the documentation and the tests all read the same row.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace lrlab {

enum class ParamKind { kNumber, kInteger, kBool, kChoice, kList };
enum class Scale { kLinear, kLog };  // how a slider moves; log with min == 0 has an extra stop at 0

struct ParamSpec {
  const char* key = "";    // in URL, JSON and --set; unique over everything a run can contain
  const char* label = "";  // as the field writes it: "β₁"
  double def = 0;          // default; for kBool 0 or 1, for kChoice the index into `choices`
  double min = 0;
  double max = 1;
  ParamKind kind = ParamKind::kNumber;
  Scale scale = Scale::kLinear;
  const char* unit = "";     // "steps", "epochs", ...; empty: a plain number
  const char* doc = "";      // one or two sentences: what it does; where libraries differ, who differs
  const char* choices = "";  // kChoice: names joined by '|'
  const char* def_list = ""; // kList: default, numbers joined by ','
};

// The chosen row of a family with its parameters' values, in the order of the row's table. A row
// has at most one list (milestones, points); it lives beside the scalars.
template <class Info>
struct Chosen {
  const Info* info = nullptr;
  std::vector<double> params;
  std::vector<double> list;

  bool operator==(const Chosen&) const = default;
};

// "a|b|c": the name at an index, and the index of a name (-1: not among them).
std::string_view choice_name(const ParamSpec& spec, int index);
int choice_index(const ParamSpec& spec, std::string_view name);
int choice_count(const ParamSpec& spec);

// "1,2.5,3" -> numbers. Stops at the first thing that is not a number; `ok` says whether it did.
std::vector<double> parse_list(std::string_view text, bool* ok = nullptr);

template <class Info>
Chosen<Info> with_defaults(const Info& info) {
  Chosen<Info> c{&info, {}, {}};
  for (const ParamSpec& p : info.params) {
    c.params.push_back(p.def);
    if (p.kind == ParamKind::kList) c.list = parse_list(p.def_list);
  }
  return c;
}

}  // namespace lrlab
