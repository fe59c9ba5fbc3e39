// GELU by its tanh approximation.
//
//   f(z) = z/2 · (1 + tanh(u)),  u = √(2/π)·(z + 0.044715·z³)
//
// Hendrycks & Gimpel 2016, "Gaussian error linear units", arXiv:1606.08415, section 2.
#include "core/activation.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr Real kScale = static_cast<Real>(0.79788456080286535588);
constexpr Real kCubic = static_cast<Real>(0.044715);
constexpr Real kHalf = static_cast<Real>(0.5);

void apply(const Real* z, Real* a, Real* d, std::size_t n, Real) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real x = z[i];
    const Real y = fn::tanh(kScale * (x + kCubic * x * x * x));
    const Real slope = kScale * (1 + 3 * kCubic * x * x);
    if (d) d[i] = kHalf * (1 + y) + kHalf * x * (1 - y * y) * slope;
    a[i] = kHalf * x * (1 + y);
  }
}

void second(const Real* z, Real* dd, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real x = z[i];
    const Real y = fn::tanh(kScale * (x + kCubic * x * x * x));
    const Real slope = kScale * (1 + 3 * kCubic * x * x);
    const Real dy = (1 - y * y) * slope;  // d tanh(u) / dz
    const Real ddy = -2 * y * dy * slope + (1 - y * y) * (6 * kScale * kCubic * x);
    dd[i] = dy + kHalf * x * ddy;
  }
}

}  // namespace

namespace activation_rows {
extern const ActivationInfo gelu_tanh;
const ActivationInfo gelu_tanh{
    .id = "gelu_tanh",
    .label = "GELU (tanh)",
    .formula = "f(z) = z/2 · (1 + tanh(√(2/π)·(z + 0.044715·z³)))",
    .doc = "The cheaper form of GELU that GPT-2 used.",
    .matches = "torch.nn.GELU(approximate='tanh')",
    .gain = 1.4142135623730951,
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
