// Find a row of any family by its id. A family is a list of pointers to constant rows, written in
// its registry.cpp: adding an algorithm is one file and one line there. (No self-registering
// statics: their order is undefined, and a static library drops them.)
#pragma once

#include <span>
#include <string_view>

namespace lrlab {

template <class Info>
using Family = std::span<const Info* const>;

template <class Info>
const Info* find(Family<Info> family, std::string_view id) {
  for (const Info* info : family)
    if (id == info->id) return info;
  return nullptr;
}

}  // namespace lrlab
