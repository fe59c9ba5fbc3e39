// Numbers as people read them.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/short_number.h"

namespace lrlab {

std::string percent(double share);     // 97.5 %
// A power of ten as the scale of the dial writes it: 10⁻⁶, 0.001, 0.1, 1, 10.
std::string decade(int exponent);
// The text with other signs in place of the few that the type face lacks: ᵗ becomes ^t.
std::string printable(std::string_view text);
// `v` with so many significant digits.
double rounded(double v, int digits);

// A sentence of pieces, with numbers as short_number() and counts as grouped() write them:
// words({"good from ", low, " to ", high}). A fraction of the code of a chain of +.
struct Word {
  Word(const char* s) : text(s) {}
  Word(const std::string& s) : kind(kString), string(&s) {}
  Word(double v) : kind(kNumber), number(v) {}
  template <std::integral T>
  Word(T n) : kind(kCount), number(static_cast<double>(n)) {}

  enum { kText, kString, kNumber, kCount } kind = kText;
  union {
    const char* text;
    const std::string* string;
    double number;
  };
};
std::string words(std::initializer_list<Word> pieces);

}  // namespace lrlab
