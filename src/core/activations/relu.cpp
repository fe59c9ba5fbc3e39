// Rectified linear unit: negative inputs become 0.
#include "core/activation.h"

namespace lrlab {
namespace {

void apply(const Real* z, Real* a, Real* d, std::size_t n, Real) {
  if (!d) {
    for (std::size_t i = 0; i < n; ++i) a[i] = z[i] > 0 ? z[i] : z[i] * 0;  // NaN stays NaN
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Real slope = z[i] > 0 ? Real(1) : Real(0);
    d[i] = slope;
    a[i] = z[i] * slope;
  }
}

void second(const Real*, Real* dd, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) dd[i] = 0;
}

}  // namespace

namespace activation_rows {
extern const ActivationInfo relu;
const ActivationInfo relu{
    .id = "relu",
    .label = "ReLU",
    .formula = "f(z) = max(0, z)",
    .doc = "Cheap, does not saturate upwards. Too high a rate can push a unit below 0 for every "
           "input: it then has no gradient and stays dead.",
    .matches = "torch.nn.ReLU()",
    .gain = 1.4142135623730951,
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
