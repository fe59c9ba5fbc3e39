// Hyperbolic tangent: a smooth squash to (−1, 1).
#include "core/activation.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

void apply(const Real* z, Real* a, Real* d, std::size_t n, Real) {
  if (!d) {
    for (std::size_t i = 0; i < n; ++i) a[i] = fn::tanh(z[i]);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Real y = fn::tanh(z[i]);
    a[i] = y;
    d[i] = 1 - y * y;
  }
}

void second(const Real* z, Real* dd, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real y = fn::tanh(z[i]);
    dd[i] = -2 * y * (1 - y * y);
  }
}

}  // namespace

namespace activation_rows {
extern const ActivationInfo tanh;
const ActivationInfo tanh{
    .id = "tanh",
    .label = "tanh",
    .formula = "f(z) = tanh(z)",
    .doc = "Smooth and centred. Saturates: far from 0 its derivative, and so the gradient, vanishes.",
    .matches = "torch.nn.Tanh()",
    .gain = 5.0 / 3.0,
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
