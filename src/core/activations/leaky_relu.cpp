// Leaky ReLU: negative inputs are multiplied by 0.01 instead of 0.
#include "core/activation.h"

namespace lrlab {
namespace {

constexpr Real kSlope = static_cast<Real>(0.01);

void apply(const Real* z, Real* a, Real* d, std::size_t n) {
  if (!d) {
    for (std::size_t i = 0; i < n; ++i) a[i] = z[i] * (z[i] > 0 ? Real(1) : kSlope);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Real slope = z[i] > 0 ? Real(1) : kSlope;
    d[i] = slope;
    a[i] = z[i] * slope;
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
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
