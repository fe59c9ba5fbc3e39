// Text to number, the same in every locale and on every platform.
#pragma once

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace lrlab {

// Reads the number at the start of `text` ("-1.5e-3"; no "inf", "nan" or hexadecimal) and returns how
// many characters it took; 0: there is none. May return ±inf for numbers too large for a double.
// (std::from_chars for double is missing in the libc++ of Emscripten 3.1.)
inline std::size_t parse_number(std::string_view text, double& out) {
  char buffer[64];
  std::size_t n = 0;
  while (n < text.size() && n + 1 < sizeof buffer && std::strchr("0123456789+-.eE", text[n]) &&
         text[n] != '\0') {
    buffer[n] = text[n];
    ++n;
  }
  buffer[n] = '\0';
  char* end = nullptr;
  out = std::strtod(buffer, &end);
  return static_cast<std::size_t>(end - buffer);
}

}  // namespace lrlab
