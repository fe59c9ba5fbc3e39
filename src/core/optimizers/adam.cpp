// Adam: each parameter's step is its average gradient over the root of its average squared gradient.
//
//   m ← β₁·m + (1−β₁)·g
//   v ← β₂·v + (1−β₂)·g²
//   θ ← θ − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
//
// Kingma & Ba 2015, "Adam: a method for stochastic optimization", arXiv:1412.6980.
// Matches torch.optim.Adam (ε outside the root). Keras' default ε is 1e-7.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_avg_sq, std::size_t n, Real beta1, Real beta2, Real one_minus_beta1,
          Real one_minus_beta2, Real step_size, Real root_scale, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    exp_avg_sq[i] = beta2 * exp_avg_sq[i] + one_minus_beta2 * (g * g);
    theta[i] -= step_size * exp_avg[i] / (fn::sqrt(exp_avg_sq[i]) * root_scale + eps);
  }
}

void update(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2);
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, s.real(kBeta1), s.real(kBeta2),
       static_cast<Real>(1 - beta1), static_cast<Real>(1 - beta2),
       static_cast<Real>(s.lr / bias_correction(beta1, s)),
       static_cast<Real>(1 / fn::sqrt(bias_correction(beta2, s))), s.real(kEps));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Real root_scale = static_cast<Real>(1 / fn::sqrt(bias_correction(s.param(kBeta2), s)));
  for (std::size_t i = 0; i < s.n; ++i)
    out[i] = static_cast<Real>(s.lr) / (fn::sqrt(s.state(1)[i]) * root_scale + s.real(kEps));
}

constexpr ParamSpec kParams[] = {
    beta1_spec(),
    beta2_spec(),
    eps_spec(1e-8, "Added to the root, so that a tiny gradient does not make a huge step. PyTorch "
                   "and optax 1e-8, Keras 1e-7."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo adam;
const OptimizerInfo adam{
    .id = "adam",
    .label = "Adam",
    .formula = "m ← β₁·m + (1−β₁)·g\nv ← β₂·v + (1−β₂)·g²\nθ ← θ − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)",
    .reference = "Kingma & Ba 2015, Adam: a method for stochastic optimization, arXiv:1412.6980",
    .doc = "Every parameter gets its own rate: large where its gradients have been small, small where "
           "they have been large. The first step is lr times the sign of the gradient.",
    .matches = "torch.optim.Adam(lr, betas, eps)",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText adam_torch;
const TorchText adam_torch{"torch.optim.Adam(parameters, lr=lr, betas=(beta1, beta2), eps=eps)"};
}  // namespace optimizer_rows
}  // namespace lrlab
