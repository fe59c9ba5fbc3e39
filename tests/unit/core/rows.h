// What every row of every family must keep to.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "core/param_spec.h"
#include "core/registry.h"

namespace lrlab::testing {

// The chosen row's defaults, and a way to set one by key (false: no such key).
inline bool set_param(std::span<const ParamSpec> specs, std::vector<double>& values,
                      std::string_view key, double value) {
  for (std::size_t i = 0; i < specs.size(); ++i)
    if (key == specs[i].key) {
      values[i] = value;
      return true;
    }
  return false;
}

inline void check_params(std::span<const ParamSpec> specs) {
  for (const ParamSpec& p : specs) {
    INFO("parameter " << p.key);
    CHECK(std::string_view(p.key).size() > 0);
    CHECK(std::string_view(p.label).size() > 0);
    CHECK(std::string_view(p.doc).size() > 5);
    CHECK(p.min <= p.def);
    CHECK(p.def <= p.max);
    if (p.scale == Scale::kLog) CHECK(p.min >= 0);
    if (p.kind == ParamKind::kBool) CHECK((p.min == 0 && p.max == 1));
    if (p.kind == ParamKind::kChoice) CHECK((p.min == 0 && p.max == choice_count(p) - 1));
    if (p.kind == ParamKind::kInteger) CHECK(p.def == static_cast<double>(static_cast<long>(p.def)));
    if (p.kind == ParamKind::kList) {
      bool ok = false;
      for (double v : parse_list(p.def_list, &ok)) CHECK((v >= p.min && v <= p.max));
      CHECK(ok);
    }
    for (char c : std::string_view(p.key)) CHECK(((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'));
    int same = 0;
    for (const ParamSpec& other : specs) same += std::string_view(other.key) == p.key;
    CHECK(same == 1);
  }
}

// Ids unique and fit for a URL, words present, parameters sound.
template <class Info>
void check_rows(Family<Info> family, std::size_t at_least) {
  CHECK(family.size() >= at_least);
  for (const Info* row : family) {
    INFO("row " << row->id);
    CHECK(find(family, row->id) == row);  // the first of its id, so the only one
    CHECK(std::string_view(row->label).size() > 1);
    CHECK(std::string_view(row->formula).size() > 1);
    CHECK(std::string_view(row->reference).size() > 0);
    CHECK(std::string_view(row->doc).size() > 10);
    check_params(row->params);
  }
}

}  // namespace lrlab::testing
