// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lrlab {

std::string grouped(std::uint64_t n);  // 12,345
// About `digits` significant digits, never more than eight characters: 0.0312, 1.2e-5, 4,310.
std::string short_number(double v, int digits = 3);
std::string percent(double share);     // 97.5 %
// A power of ten as the scale of the dial writes it: 10⁻⁶, 0.001, 0.1, 1, 10.
std::string decade(int exponent);
// The text with other signs in place of the few that the type face lacks: ᵗ becomes ^t.
std::string printable(std::string_view text);
// `v` with so many significant digits.
double rounded(double v, int digits);

}  // namespace lrlab
