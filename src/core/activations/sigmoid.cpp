// Logistic sigmoid: a squash to (0, 1).
#include "core/activation.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

void apply(const Real* z, Real* a, Real* d, std::size_t n, Real) {
  if (!d) {
    for (std::size_t i = 0; i < n; ++i) a[i] = fn::sigmoid(z[i]);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Real y = fn::sigmoid(z[i]);
    a[i] = y;
    d[i] = y * (1 - y);
  }
}

void second(const Real* z, Real* dd, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real y = fn::sigmoid(z[i]);
    dd[i] = y * (1 - y) * (1 - 2 * y);
  }
}

}  // namespace

namespace activation_rows {
extern const ActivationInfo sigmoid;
const ActivationInfo sigmoid{
    .id = "sigmoid",
    .label = "Sigmoid",
    .formula = "f(z) = 1 / (1 + e⁻ᶻ)",
    .doc = "The classic squash. Its slope is at most 1/4, so gradients shrink from layer to layer.",
    .matches = "torch.nn.Sigmoid()",
    .gain = 1,
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
