// LAMB: Adam whose step is rescaled layer by layer to a fixed share of the layer's weights.
//
//   m ← β₁·m + (1−β₁)·g
//   v ← β₂·v + (1−β₂)·g²
//   u ← m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε) + wd·θ
//   θ ← θ − lr · (‖θ‖/‖u‖) · u                      for every weight matrix and bias by itself
//
// The ratio is 1 where ‖θ‖ or ‖u‖ is 0. You et al. 2020, "Large batch optimization for deep
// learning: training BERT in 76 minutes", arXiv:1904.00962, with φ the identity. Matches
// optax.lamb; PyTorch has no LAMB.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kWeightDecay };

struct Factors {
  Real beta1, beta2, new1, new2, avg_size, root_scale, eps, weight_decay;
};

Real direction(Real m, Real v, Real theta, const Factors& f) {
  return f.avg_size * m / (fn::sqrt(v) * f.root_scale + f.eps) + f.weight_decay * theta;
}

void average(const Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
             Real* __restrict exp_avg_sq, Real* __restrict u, std::size_t n, const Factors f) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = f.beta1 * exp_avg[i] + f.new1 * g;
    exp_avg_sq[i] = f.beta2 * exp_avg_sq[i] + f.new2 * (g * g);
    u[i] = direction(exp_avg[i], exp_avg_sq[i], theta[i], f);
  }
}

void move(Real* __restrict theta, const Real* __restrict u, std::size_t n, Real rate) {
  for (std::size_t i = 0; i < n; ++i) theta[i] -= rate * u[i];
}

double trust_ratio(const Real* theta, const Real* u, std::size_t n) {
  const double weight = fn::sqrt(dot(theta, theta, n)), step = fn::sqrt(dot(u, u, n));
  return weight > 0 && step > 0 ? weight / step : 1;
}

Factors factors(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2);
  return {.beta1 = s.real(kBeta1),
          .beta2 = s.real(kBeta2),
          .new1 = static_cast<Real>(1 - beta1),
          .new2 = static_cast<Real>(1 - beta2),
          .avg_size = static_cast<Real>(1 / bias_correction(beta1, s)),
          .root_scale = static_cast<Real>(1 / fn::sqrt(bias_correction(beta2, s))),
          .eps = s.real(kEps),
          .weight_decay = s.real(kWeightDecay)};
}

void update(const OptimizerStep& s) {
  Real* u = s.scratch;
  average(s.theta, s.grad, s.state(0), s.state(1), u, s.n, factors(s));
  for (const TensorView& t : s.tensors)
    move(s.theta + t.offset, u + t.offset, t.size(),
         static_cast<Real>(s.lr * trust_ratio(s.theta + t.offset, u + t.offset, t.size())));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Factors f = factors(s);
  for (const TensorView& t : s.tensors) {
    const Real* theta = s.theta + t.offset;
    const Real* m = s.state(0) + t.offset;
    const Real* v = s.state(1) + t.offset;
    Real* rate = out + t.offset;
    for (std::size_t i = 0; i < t.size(); ++i) rate[i] = direction(m[i], v[i], theta[i], f);
    const Real lr = static_cast<Real>(s.lr * trust_ratio(theta, rate, t.size()));
    for (std::size_t i = 0; i < t.size(); ++i)
      rate[i] = lr / (fn::sqrt(v[i]) * f.root_scale + f.eps);
  }
}

std::size_t scratch(std::size_t n, std::span<const TensorView>, std::span<const double>) {
  return n;
}

constexpr ParamSpec kParams[] = {
    beta1_spec(),
    beta2_spec(),
    eps_spec(1e-6, "Added to the root. The paper, Keras and optax 1e-6."),
    weight_decay_spec(0, "Decoupled, but part of the step that is rescaled. The paper uses 0.01, "
                         "Keras and optax 0."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo lamb;
const OptimizerInfo lamb{
    .id = "lamb",
    .label = "LAMB",
    .formula = "m ← β₁·m + (1−β₁)·g\nv ← β₂·v + (1−β₂)·g²\n"
               "u ← m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε) + wd·θ\nθ ← θ − lr · (‖θ‖/‖u‖) · u  (per "
               "tensor)",
    .reference = "You et al. 2020, Large batch optimization for deep learning: training BERT in 76 "
                 "minutes, arXiv:1904.00962",
    .doc = "Every tensor (a layer's weights, its biases) moves by the same share of its length: lr = 0.01 means 1 % a step. Made "
           "for very large batches; a bias that starts at 0 takes plain Adam's first step.",
    .matches = "optax.lamb; not in torch.optim",
    .params = kParams,
    .default_lr = 1e-2,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .scratch = scratch,
    .effective_rate = effective_rate,
};

extern const TorchText lamb_torch;
const TorchText lamb_torch{R"(for p, g, m, v in self.each("m", "v"):
    m.mul_(beta1).add_(g, alpha=1 - beta1)
    v.mul_(beta2).add_(g * g, alpha=1 - beta2)
    u = m / (1 - beta1**t) / ((v / (1 - beta2**t)).sqrt() + eps) + weight_decay * p
    trust = p.norm() / u.norm() if p.norm() > 0 and u.norm() > 0 else 1
    p -= lr * trust * u)"};
}  // namespace optimizer_rows
}  // namespace lrlab
