// Mean squared error, over samples and outputs; and its half, as in the theory papers.
//
//   L = mean (y − t)²        ∂L/∂y = 2·(y − t) / (samples·outputs)
#include "core/loss.h"

namespace lrlab {
namespace {

// k is 1 for the mean squared error, 1/2 for half of it.
void eval(const LossArgs& a, Real k, Real* value, Real* grad) {
  const Real per_output = k / static_cast<Real>(a.outputs);
  const Real slope = 2 * k / static_cast<Real>(a.count * a.outputs);
  for (std::size_t b = 0; b < a.m; ++b) value[b] = 0;
  for (std::size_t o = 0; o < a.outputs; ++o) {
    const Real* y = a.out + o * a.ld;
    const Real* t = a.target + o * a.target_ld;
    for (std::size_t b = 0; b < a.m; ++b) {
      const Real e = y[b] - t[b];
      value[b] += per_output * (e * e);
    }
    if (!grad) continue;
    Real* g = grad + o * a.ld;
    for (std::size_t b = 0; b < a.m; ++b) g[b] = slope * (y[b] - t[b]);
  }
}

void hessian_vector(const LossArgs& a, Real k, const Real* dir, Real* out) {
  const Real slope = 2 * k / static_cast<Real>(a.count * a.outputs);
  for (std::size_t o = 0; o < a.outputs; ++o)
    for (std::size_t b = 0; b < a.m; ++b) out[o * a.ld + b] = slope * dir[o * a.ld + b];
}

}  // namespace

namespace loss_rows {
extern const LossInfo mse;
const LossInfo mse{
    .id = "mse",
    .label = "Mean squared error",
    .formula = "L = mean (y − t)²",
    .doc = "For regression; for two classes the targets are −1 and 1, for more they are 0 and 1.",
    .matches = "torch.nn.MSELoss()",
    .negative = -1,
    .eval = [](const LossArgs& a, Real* v, Real* g) { eval(a, 1, v, g); },
    .hessian_vector = [](const LossArgs& a, const Real* d, Real* o) { hessian_vector(a, 1, d, o); },
};

extern const LossInfo half_mse;
const LossInfo half_mse{
    .id = "half_mse",
    .label = "Half mean squared error",
    .formula = "L = ½ mean (y − t)²",
    .doc = "The form of the theory papers: its gradient has no factor 2, so its curvature, and with "
           "it the stability limit, differs from the mean squared error's by a factor of 2.",
    .matches = "torch.nn.MSELoss() / 2",
    .negative = -1,
    .eval = [](const LossArgs& a, Real* v, Real* g) { eval(a, Real(0.5), v, g); },
    .hessian_vector = [](const LossArgs& a, const Real* d,
                         Real* o) { hessian_vector(a, Real(0.5), d, o); },
};
}  // namespace loss_rows
}  // namespace lrlab
