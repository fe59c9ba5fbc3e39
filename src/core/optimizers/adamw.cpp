// AdamW: Adam with weight decay applied to the parameters directly instead of through the gradient.
//
//   θ ← θ·(1 − lr·wd)
//   m ← β₁·m + (1−β₁)·g
//   v ← β₂·v + (1−β₂)·g²
//   θ ← θ − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
//
// In Adam, L2 in the gradient is divided by √v like everything else, so parameters with large
// gradients hardly decay. Here all decay at the same pace, which follows the schedule of lr.
// Loshchilov & Hutter 2019, "Decoupled weight decay regularization", arXiv:1711.05101.
// Matches torch.optim.AdamW.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kWeightDecay };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_avg_sq, std::size_t n, Real beta1, Real beta2, Real one_minus_beta1,
          Real one_minus_beta2, Real keep, Real step_size, Real root_scale, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    exp_avg_sq[i] = beta2 * exp_avg_sq[i] + one_minus_beta2 * (g * g);
    theta[i] = keep * theta[i] -
               step_size * exp_avg[i] / (fn::sqrt(exp_avg_sq[i]) * root_scale + eps);
  }
}

void update(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2);
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, s.real(kBeta1), s.real(kBeta2),
       static_cast<Real>(1 - beta1), static_cast<Real>(1 - beta2),
       static_cast<Real>(1 - s.lr * s.param(kWeightDecay)),
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
    eps_spec(1e-8, "Added to the root. PyTorch and optax 1e-8, Keras 1e-7."),
    weight_decay_spec(1e-2, "Every step shrinks all parameters by lr·wd. PyTorch 0.01, Keras "
                            "0.004, optax 0.0001."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo adamw;
const OptimizerInfo adamw{
    .id = "adamw",
    .label = "AdamW",
    .formula = "θ ← θ·(1 − lr·wd)\nm ← β₁·m + (1−β₁)·g\nv ← β₂·v + (1−β₂)·g²\n"
               "θ ← θ − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)",
    .reference = "Loshchilov & Hutter 2019, Decoupled weight decay regularization, "
                 "arXiv:1711.05101",
    .doc = "Adam whose weight decay does its work evenly: it is not divided by the gradients' "
           "size. The usual choice for transformers.",
    .matches = "torch.optim.AdamW(lr, betas, eps, weight_decay)",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText adamw_torch;
const TorchText adamw_torch{
    "torch.optim.AdamW(parameters, lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay)"};
}  // namespace optimizer_rows
}  // namespace lrlab
