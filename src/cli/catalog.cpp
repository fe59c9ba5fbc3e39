#include "cli/catalog.h"

#include <string_view>

#include "experiment/codec.h"

namespace lrlab::cli {

namespace {

double default_at(const Field& field, const Pick& pick, std::size_t row) {
  Config c;
  pick.choose(c, static_cast<int>(row));
  return default_of(field, c);
}

}  // namespace

bool follows(const Field& field, const Pick& pick) {
  for (std::size_t i = 1; i < pick.rows && field.def; ++i)
    if (default_at(field, pick, i) != default_at(field, pick, 0)) return true;
  return false;
}

std::vector<std::pair<const Field*, double>> defaults_with(const Pick& pick, std::size_t row) {
  std::vector<std::pair<const Field*, double>> out;
  for (const Field& f : fields())
    if (follows(f, pick)) out.emplace_back(&f, default_at(f, pick, row));
  return out;
}

std::string default_text(const ParamSpec& spec) {
  if (spec.kind == ParamKind::kList) return spec.def_list;
  if (spec.kind == ParamKind::kChoice) return std::string(choice_name(spec, static_cast<int>(spec.def)));
  return number_text(spec.def);
}

std::string short_range(const ParamSpec& spec) {
  std::string s;
  switch (spec.kind) {
    case ParamKind::kBool: return "0 or 1";
    case ParamKind::kChoice:
      for (int i = 0; i < choice_count(spec); ++i) s += (i ? ", " : "") + std::string(choice_name(spec, i));
      return s;
    case ParamKind::kInteger:
    case ParamKind::kNumber:
    case ParamKind::kList: break;
  }
  s = number_text(spec.min) + " to " + number_text(spec.max);
  if (*spec.unit) s += " " + std::string(spec.unit);
  if (spec.kind == ParamKind::kList) s += ", a list";
  if (spec.kind == ParamKind::kInteger) s += ", whole";
  return s;
}

const Pick* same_rows(const Pick& pick) {
  for (const Pick& other : picks()) {
    if (&other == &pick) return nullptr;
    bool same = other.rows == pick.rows;
    for (std::size_t i = 0; same && i < pick.rows; ++i)
      same = std::string_view(other.row(i).id) == pick.row(i).id && std::string_view(other.row(i).doc) == pick.row(i).doc;
    if (same) return &other;
  }
  return nullptr;
}

}  // namespace lrlab::cli
