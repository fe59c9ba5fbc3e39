#include "core/param_spec.h"

#include "core/parse.h"

namespace lrlab {

std::string_view choice_name(const ParamSpec& spec, int index) {
  std::string_view rest = spec.choices;
  for (; index > 0; --index) {
    const std::size_t bar = rest.find('|');
    if (bar == std::string_view::npos) return {};
    rest.remove_prefix(bar + 1);
  }
  return rest.substr(0, rest.find('|'));
}

int choice_count(const ParamSpec& spec) {
  int n = 1;
  for (const char* c = spec.choices; *c; ++c) n += *c == '|';
  return n;
}

int choice_index(const ParamSpec& spec, std::string_view name) {
  for (int i = 0; i < choice_count(spec); ++i)
    if (choice_name(spec, i) == name) return i;
  return -1;
}

std::vector<double> parse_list(std::string_view text, bool* ok) {
  std::vector<double> numbers;
  bool good = true;
  while (!text.empty() && good) {
    double v = 0;
    const std::size_t used = parse_number(text, v);
    good = used > 0 && (used == text.size() || text[used] == ',');
    if (!good) break;
    numbers.push_back(v);
    text.remove_prefix(used == text.size() ? used : used + 1);
  }
  if (ok) *ok = good;
  return numbers;
}

}  // namespace lrlab
