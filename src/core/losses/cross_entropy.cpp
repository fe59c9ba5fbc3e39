// Softmax cross-entropy on logits: the surprise of the true class.
//
//   p = softmax(z)     L = mean −log p[class]     ∂L/∂z = (p − t) / samples,  t one-hot
//
// The largest logit is subtracted first, so that no exponential overflows.
#include "core/loss.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

struct Softmax {
  Real top[kMaxChunk];  // largest logit
  Real sum[kMaxChunk];  // Σ exp(z − top)
};

Softmax normaliser(const LossArgs& a) {
  Softmax s;
  for (std::size_t b = 0; b < a.m; ++b) s.top[b] = a.out[b];
  for (std::size_t o = 1; o < a.outputs; ++o) {
    const Real* z = a.out + o * a.ld;
    for (std::size_t b = 0; b < a.m; ++b) s.top[b] = z[b] > s.top[b] ? z[b] : s.top[b];
  }
  for (std::size_t b = 0; b < a.m; ++b) s.sum[b] = 0;
  for (std::size_t o = 0; o < a.outputs; ++o) {
    const Real* z = a.out + o * a.ld;
    for (std::size_t b = 0; b < a.m; ++b) s.sum[b] += fn::exp(z[b] - s.top[b]);
  }
  return s;
}

void eval(const LossArgs& a, Real* value, Real* grad) {
  const Softmax s = normaliser(a);
  const Real slope = 1 / static_cast<Real>(a.count);
  Real total[kMaxChunk];  // Σ t, 1 for a one-hot target
  for (std::size_t b = 0; b < a.m; ++b) total[b] = value[b] = 0;
  for (std::size_t o = 0; o < a.outputs; ++o) {
    const Real* z = a.out + o * a.ld;
    const Real* t = a.target + o * a.target_ld;
    for (std::size_t b = 0; b < a.m; ++b) {
      total[b] += t[b];
      value[b] -= t[b] * (z[b] - s.top[b]);
    }
    if (!grad) continue;
    Real* g = grad + o * a.ld;
    for (std::size_t b = 0; b < a.m; ++b)
      g[b] = slope * (fn::exp(z[b] - s.top[b]) / s.sum[b] - t[b]);
  }
  for (std::size_t b = 0; b < a.m; ++b) value[b] += total[b] * fn::log(s.sum[b]);
}

// H·d = p∘d − p·(pᵀd), per sample.
void hessian_vector(const LossArgs& a, const Real* dir, Real* out) {
  const Softmax s = normaliser(a);
  const Real slope = 1 / static_cast<Real>(a.count);
  Real mean[kMaxChunk];
  for (std::size_t b = 0; b < a.m; ++b) mean[b] = 0;
  for (std::size_t o = 0; o < a.outputs; ++o)
    for (std::size_t b = 0; b < a.m; ++b) {
      const std::size_t i = o * a.ld + b;
      mean[b] += fn::exp(a.out[i] - s.top[b]) / s.sum[b] * dir[i];
    }
  for (std::size_t o = 0; o < a.outputs; ++o)
    for (std::size_t b = 0; b < a.m; ++b) {
      const std::size_t i = o * a.ld + b;
      out[i] = slope * (fn::exp(a.out[i] - s.top[b]) / s.sum[b]) * (dir[i] - mean[b]);
    }
}

}  // namespace

namespace loss_rows {
extern const LossInfo cross_entropy;
const LossInfo cross_entropy{
    .id = "cross_entropy",
    .label = "Softmax cross-entropy",
    .formula = "L = mean −log softmax(z)[class]",
    .doc = "For several classes: the surprise of the true class.",
    .matches = "torch.nn.CrossEntropyLoss()",
    .one_output_for_two_classes = false,
    .for_regression = false,
    .eval = eval,
    .hessian_vector = hessian_vector,
};
}  // namespace loss_rows
}  // namespace lrlab
