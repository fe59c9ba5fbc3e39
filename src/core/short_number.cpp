#include "core/short_number.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/mathfn.h"

namespace lrlab {

std::string grouped(std::uint64_t n) {
  std::string s = std::to_string(n);
  for (int i = static_cast<int>(s.size()) - 3; i > 0; i -= 3) s.insert(static_cast<std::size_t>(i), ",");
  return s;
}

std::string short_number(double v, int digits) {
  if (v != v) return "–";
  if (!fn::is_finite(v)) return v > 0 ? "∞" : "−∞";
  char text[48];
  const double a = fn::abs(v);
  if (a == 0) return "0";
  if (a >= 1000 && a < 1e7) return (v < 0 ? "−" : "") + grouped(static_cast<std::uint64_t>(a + 0.5));
  if (a != 0 && (a < 1e-4 || a >= 1e7)) {
    std::snprintf(text, sizeof text, "%.*e", digits - 2 > 0 ? digits - 2 : 0, a);
    std::string s = text;
    const std::size_t e = s.find('e');
    const int exponent = std::atoi(s.c_str() + e + 1);
    s.resize(e);
    return (v < 0 ? "−" : "") + s + "e" + (exponent < 0 ? "−" : "") + std::to_string(std::abs(exponent));
  }
  std::snprintf(text, sizeof text, "%.*e", digits - 1, a);  // rounded first: 0.09999 is 0.100
  const int after = digits - 1 - std::atoi(std::strchr(text, 'e') + 1);
  std::snprintf(text, sizeof text, "%.*f", after > 0 ? after : 0, a);
  return (v < 0 ? "−" : "") + std::string(text);
}

std::string round_text(double v) {
  std::string s = short_number(v);
  const std::size_t end = std::min(s.find('e'), s.size()), point = s.find('.');
  std::size_t keep = end;
  if (point != std::string::npos)
    while (keep > point && (s[keep - 1] == '0' || s[keep - 1] == '.')) --keep;
  return s.erase(keep, end - keep);
}

}  // namespace lrlab
