// Numbers as people read them, in sentences and on the page.
#pragma once

#include <cstdint>
#include <string>

namespace lrlab {

std::string grouped(std::uint64_t n);  // 12,345
// About `digits` significant digits, never more than eight characters: 0.0312, 1.2e−5, 4,310.
std::string short_number(double v, int digits = 3);
// The same without zeros at the end: 0.3, 0.0001, 1e−5. For numbers that somebody chose.
std::string round_text(double v);

}  // namespace lrlab
