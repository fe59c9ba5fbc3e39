// Golden initialisation statistics: the rows' deviations, and the bounds and deviations of what
// they really draw.
#include <cmath>

#include "core/activation.h"
#include "core/initializer.h"
#include "golden/golden.h"

using namespace lrlab;

namespace {

// A row and the gain it is asked with, for a scheme of the file.
struct Request {
  const InitializerInfo* info = nullptr;
  int fan_in = 1, fan_out = 1;
  double gain = 1;
};

double gain_of(golden::Case& c, const std::string& name) {
  if (name == "linear") return 1;
  if (name == "selu") return 0.75;  // no such activation here; the rows take any gain
  if (name == "leaky_relu") return std::sqrt(2 / (1 + std::pow(c.num_or(c.json(), "a", 0.01), 2)));
  const ActivationInfo* info = find(activations(), name);
  if (!info) c.fail("unknown nonlinearity '" + name + "'");
  return info->gain;
}

Request request(golden::Case& c) {
  const std::string scheme = c.text("scheme");
  Request r;
  r.fan_in = static_cast<int>(c.num("fan_in"));
  r.fan_out = static_cast<int>(c.num("fan_out"));
  r.gain = gain_of(c, c.text_or("nonlinearity", "linear"));
  const bool normal = scheme.ends_with("_normal");
  if (scheme.starts_with("kaiming_")) {
    r.info = find(initializers(), normal ? "he_normal" : "he_uniform");
    if (c.text_or("mode", "fan_in") == "fan_out") std::swap(r.fan_in, r.fan_out);
  } else if (scheme.starts_with("xavier_")) {
    r.info = find(initializers(), normal ? "xavier_normal" : "xavier_uniform");
  } else if (scheme.starts_with("lecun_")) {
    r.info = find(initializers(), normal ? "he_normal" : "he_uniform");  // He with gain 1
    r.gain = 1;
  } else if (scheme == "torch_linear_default") {
    r.info = find(initializers(), "torch");
  }
  if (!r.info) c.fail("unknown scheme '" + scheme + "'");
  return r;
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("golden: initialisation matches" IN_REAL) {
    golden::for_each_case("init", [](golden::Case& c) {
      const Request r = request(c);
      const double deviation = r.info->deviation(r.fan_in, r.fan_out, r.gain);
      c.check("std", deviation, c.num("std"), 1e-14);
      if (c.text("scheme") != "torch_linear_default")
        c.check("gain", r.gain, c.num("gain"), 1e-14);
      c.check_equal("uniform", r.info->uniform, c.has("bound"));
      if (c.has("bound")) c.check("bound", std::sqrt(3.0) * deviation, c.num("bound"), 1e-14);
      c.check_equal("random bias", r.info->random_bias, c.has("bias_bound"));

      // 40,000 draws: the deviation is met within 5 standard errors, the bound never passed and
      // nearly reached.
      constexpr int kRows = 200, kCols = 200;
      std::vector<Real> w(kRows * kCols);
      Random random(1, Stream::kInit);
      initialize(*r.info, {0, kRows, kCols, 0, false}, r.fan_in, r.fan_out, r.gain, 1, random, w.data());
      double squares = 0, largest = 0;
      for (Real v : w) {
        squares += static_cast<double>(v) * static_cast<double>(v);
        largest = std::max(largest, std::abs(static_cast<double>(v)));
      }
      CHECK(std::sqrt(squares / static_cast<double>(w.size())) / c.num("std") ==
            doctest::Approx(1).epsilon(5 / std::sqrt(2.0 * static_cast<double>(w.size()))));
      const double rounding = golden::tolerance(1e-15, 1e-7);
      if (c.has("bound")) {
        CHECK(largest <= c.num("bound") * (1 + rounding));
        CHECK(largest > 0.999 * c.num("bound"));
      }
      if (c.has("bias_bound")) {
        initialize(*r.info, {0, kRows, 1, 0, true}, r.fan_in, r.fan_out, r.gain, 1, random, w.data());
        for (int i = 0; i < kRows; ++i)
          CHECK(std::abs(static_cast<double>(w[static_cast<std::size_t>(i)])) <=
                c.num("bias_bound") * (1 + rounding));
      }
    });
  }
}
