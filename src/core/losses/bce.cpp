// Binary cross-entropy on logits: the sigmoid is inside the loss, where it cannot overflow.
//
//   L = mean [ max(z, 0) − z·t + log(1 + e^−|z|) ]      ∂L/∂z = (σ(z) − t) / (samples·outputs)
#include "core/loss.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

void eval(const LossArgs& a, Real* value, Real* grad) {
  const Real per_output = 1 / static_cast<Real>(a.outputs);
  const Real slope = 1 / static_cast<Real>(a.count * a.outputs);
  for (std::size_t b = 0; b < a.m; ++b) value[b] = 0;
  for (std::size_t o = 0; o < a.outputs; ++o) {
    const Real* z = a.out + o * a.ld;
    const Real* t = a.target + o * a.target_ld;
    for (std::size_t b = 0; b < a.m; ++b)
      value[b] += per_output * (fn::softplus(z[b]) - z[b] * t[b]);
    if (!grad) continue;
    Real* g = grad + o * a.ld;
    for (std::size_t b = 0; b < a.m; ++b) g[b] = slope * (fn::sigmoid(z[b]) - t[b]);
  }
}

void hessian_vector(const LossArgs& a, const Real* dir, Real* out) {
  const Real slope = 1 / static_cast<Real>(a.count * a.outputs);
  for (std::size_t o = 0; o < a.outputs; ++o)
    for (std::size_t b = 0; b < a.m; ++b) {
      const std::size_t i = o * a.ld + b;
      const Real p = fn::sigmoid(a.out[i]);
      out[i] = slope * (p * (1 - p)) * dir[i];
    }
}

}  // namespace

namespace loss_rows {
extern const LossInfo bce;
const LossInfo bce{
    .id = "bce",
    .label = "Binary cross-entropy",
    .formula = "L = mean [ log(1 + eᶻ) − z·t ]",
    .doc = "For two classes: the surprise of the true label when the network says σ(z).",
    .matches = "torch.nn.BCEWithLogitsLoss()",
    .for_regression = false,
    .eval = eval,
    .hessian_vector = hessian_vector,
};
}  // namespace loss_rows
}  // namespace lrlab
