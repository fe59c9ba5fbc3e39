// GELU: the input times the probability that a standard normal is below it.
//
//   f(z)   = z·Φ(z),  Φ(z) = (1 + erf(z/√2)) / 2
//   f'(z)  = Φ(z) + z·φ(z),  φ(z) = e^(−z²/2) / √(2π)
//   f''(z) = φ(z)·(2 − z²)
//
// Hendrycks & Gimpel 2016, "Gaussian error linear units", arXiv:1606.08415. The exact (erf) form.
#include "core/activation.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr Real kInvSqrt2 = static_cast<Real>(0.70710678118654752440);
constexpr Real kInvSqrt2Pi = static_cast<Real>(0.39894228040143267794);
constexpr Real kHalf = static_cast<Real>(0.5);

void apply(const Real* z, Real* a, Real* d, std::size_t n, Real) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real x = z[i];
    const Real cdf = kHalf * (1 + fn::erf(x * kInvSqrt2));
    if (d) d[i] = cdf + x * (kInvSqrt2Pi * fn::exp(-kHalf * x * x));
    a[i] = x * cdf;
  }
}

void second(const Real* z, Real* dd, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real x = z[i];
    dd[i] = kInvSqrt2Pi * fn::exp(-kHalf * x * x) * (2 - x * x);
  }
}

}  // namespace

namespace activation_rows {
extern const ActivationInfo gelu;
const ActivationInfo gelu{
    .id = "gelu",
    .label = "GELU",
    .formula = "f(z) = z·Φ(z)",
    .doc = "A smooth ReLU, usual in transformers.",
    .matches = "torch.nn.GELU()",
    .gain = 1.4142135623730951,
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
