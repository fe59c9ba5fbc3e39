// Identity: no squashing. A network of these is linear, which makes its curvature easy to reason about.
#include "core/activation.h"

namespace lrlab {
namespace {

void apply(const Real* z, Real* a, Real* d, std::size_t n, Real) {
  for (std::size_t i = 0; i < n; ++i) a[i] = z[i];
  if (d)
    for (std::size_t i = 0; i < n; ++i) d[i] = 1;
}

void second(const Real*, Real* dd, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) dd[i] = 0;
}

}  // namespace

namespace activation_rows {
extern const ActivationInfo identity;
const ActivationInfo identity{
    .id = "identity",
    .label = "Identity",
    .formula = "f(z) = z",
    .doc = "A linear network, however deep: for the theory, and for plain linear models.",
    .matches = "torch.nn.Identity()",
    .gain = 1,
    .apply = apply,
    .second = second,
};
}  // namespace activation_rows
}  // namespace lrlab
