// Leaky ReLU: negative inputs are multiplied by a small slope instead of 0.
#include "core/activation.h"

namespace lrlab {
namespace {

void apply(const Real* z, Real* a, Real* d, std::size_t n, Real slope) {
  if (!d) {
    for (std::size_t i = 0; i < n; ++i) a[i] = z[i] * (z[i] > 0 ? Real(1) : slope);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Real k = z[i] > 0 ? Real(1) : slope;
    d[i] = k;
    a[i] = z[i] * k;
  }
}

void second(const Real*, Real* dd, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) dd[i] = 0;
}

}  // namespace

namespace activation_rows {
extern const ActivationInfo leaky_relu;
const ActivationInfo leaky_relu{
    .id = "leaky_relu",
    .label = "Leaky ReLU",
    .formula = "f(z) = z for z > 0, 0.01·z otherwise",
    .doc = "A ReLU that lets a little gradient through below 0, so that no unit dies for good.",
    .matches = "torch.nn.LeakyReLU(0.01)",
    .gain = 1.4141428569978354,
    .slope = 0.01,
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
