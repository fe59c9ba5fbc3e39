#include "app/widgets/text.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace lrlab {

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
