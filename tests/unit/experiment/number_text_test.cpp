// number_text(): shortest text that reads back as the same number.
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "experiment/codec.h"

using namespace lrlab;

namespace {

// The standard library's shortest form, with our exponents: 1e-6, not 1e-06.
std::string standard(double v) {
  char buffer[400];
  const bool whole = v == std::floor(v) && std::fabs(v) < 1e15;
  const auto end = whole ? std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(v)).ptr
                         : std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
  std::string s(buffer, end);
  if (const std::size_t e = s.find('e'); e != std::string::npos) {
    const std::size_t digits = s.find_first_not_of("+-0", e + 1);
    s.replace(e + 1, digits - e - 1, s[e + 1] == '-' ? "-" : "");
  }
  return s;
}

}  // namespace

TEST_CASE("numbers as text: the forms people write") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(1) == "1");
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(0.001) == "0.001");
  CHECK(number_text(1e-4) == "1e-4");
  CHECK(number_text(1e-6) == "1e-6");
  CHECK(number_text(0.00025) == "0.00025");
  CHECK(number_text(100000) == "100000");
  CHECK(number_text(-12.5) == "-12.5");
  CHECK(number_text(1e20) == "1e20");
  CHECK(number_text(1e300) == "1e300");
}

TEST_CASE("numbers as text: the standard library's shortest form, for any bits") {
  std::uint64_t state = 1;
  for (int i = 0; i < 20000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    // Any bits, then numbers of everyday size with 1 to 17 digits.
    double v = std::bit_cast<double>(state ^ (state >> 29));
    if (i % 2) {
      const int digits = static_cast<int>(state >> 60) + 1;
      v = std::round(static_cast<double>(state >> 11) * 0x1p-53 * std::pow(10, digits)) /
          std::pow(10, (state >> 40) % 12);
    }
    if (v - v != 0) continue;
    CAPTURE(state);
    REQUIRE(number_text(v) == standard(v));
    REQUIRE(std::strtod(number_text(v).c_str(), nullptr) == v);
  }
  for (double v : {std::numeric_limits<double>::min(), std::numeric_limits<double>::max(), 5e-324, 1e15, 1e16,
                   999999999999999.0, 123456789012345680.0, 9007199254740993.0, 1e22, 1e23})
    CHECK(number_text(v) == standard(v));
}
