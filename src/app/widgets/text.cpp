#include "app/widgets/text.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace lrlab {

std::string grouped(std::uint64_t n) {
  std::string s = std::to_string(n);
  for (int i = static_cast<int>(s.size()) - 3; i > 0; i -= 3) s.insert(static_cast<std::size_t>(i), ",");
  return s;
}

std::string short_number(double v, int digits) {
  if (v != v) return "–";
  if (std::isinf(v)) return v > 0 ? "∞" : "−∞";
  char text[48];
  const double a = std::abs(v);
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
  const int before = a >= 1 ? static_cast<int>(std::floor(std::log10(a))) + 1 : a > 0 ? static_cast<int>(std::floor(std::log10(a))) + 1 : 1;
  const int after = digits - before;
  std::snprintf(text, sizeof text, "%.*f", after > 0 ? after : 0, a);
  return (v < 0 ? "−" : "") + std::string(text);
}

std::string percent(double share) {
  if (share != share) return "–";
  char text[24];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

std::string decade(int exponent) {
  if (exponent >= 0 && exponent <= 4) return std::to_string(static_cast<int>(std::pow(10, exponent) + 0.5));
  if (exponent < 0 && exponent >= -3) return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + "1";
  static constexpr const char* kSuper[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = "10";
  if (exponent < 0) out += "⁻";
  for (char c : std::to_string(std::abs(exponent))) out += kSuper[c - '0'];
  return out;
}

std::string printable(std::string_view text) {
  static constexpr struct {
    std::string_view sign, instead;
  } kOther[] = {{"ᵗ", "^t"}, {"ᵢ", "_i"}, {"ᵀ", "^T"}, {"₊", "+"}, {"₋", "−"}, {"⟨", "<"}, {"⟩", ">"}, {"ḡ", "g"},
                {"⌊", "["}, {"⌋", "]"}, {"⌈", "["}, {"⌉", "]"}, {"ₚ", "p"}, {"ᶻ", "^z"}, {"∘", "·"}};
  std::string out(text);
  for (const auto& o : kOther)
    for (std::size_t at = out.find(o.sign); at != std::string::npos; at = out.find(o.sign, at + o.instead.size())) out.replace(at, o.sign.size(), o.instead);
  return out;
}

double rounded(double v, int digits) {
  if (v == 0 || !std::isfinite(v)) return v;
  char text[40];
  std::snprintf(text, sizeof text, "%.*e", digits - 1, v);
  return std::atof(text);
}

std::string words(std::initializer_list<Word> pieces) {
  std::string out;
  for (const Word& w : pieces) switch (w.kind) {
      case Word::kText: out += w.text; break;
      case Word::kString: out += *w.string; break;
      case Word::kNumber: out += short_number(w.number); break;
      case Word::kCount: out += grouped(static_cast<std::uint64_t>(w.number)); break;
    }
  return out;
}

}  // namespace lrlab
