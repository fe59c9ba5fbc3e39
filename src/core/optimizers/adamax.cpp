// Adamax: Adam with the largest recent gradient in place of the root mean square.
//
//   m ← β₁·m + (1−β₁)·g
//   u ← max(β₂·u, |g| + ε)
//   θ ← θ − lr/(1−β₁ᵗ) · m / u
//
// Kingma & Ba 2015, section 7 of "Adam: a method for stochastic optimization", arXiv:1412.6980.
// Matches torch.optim.Adamax, ε inside the maximum. (Keras adds ε to u.)
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_inf, std::size_t n, Real beta1, Real one_minus_beta1, Real beta2,
          Real step_size, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    const Real old = beta2 * exp_inf[i], now = fn::abs(g) + eps;
    exp_inf[i] = old > now ? old : now;
    theta[i] -= step_size * exp_avg[i] / exp_inf[i];
  }
}

void update(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1);
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, s.real(kBeta1), static_cast<Real>(1 - beta1),
       s.real(kBeta2), static_cast<Real>(s.lr / bias_correction(beta1, s)), s.real(kEps));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = static_cast<Real>(s.lr) / s.state(1)[i];
}

constexpr ParamSpec kParams[] = {
    beta1_spec(),
    {.key = "beta2", .label = "β₂", .def = 0.999, .min = 0, .max = 0.99999,
     .doc = "How fast the largest gradient fades: to 1/e in about 1/(1−β₂) steps."},
    eps_spec(1e-8, "The smallest denominator. PyTorch and optax 1e-8, Keras 1e-7."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_inf", "u"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo adamax;
const OptimizerInfo adamax{
    .id = "adamax",
    .label = "Adamax",
    .formula = "m ← β₁·m + (1−β₁)·g\nu ← max(β₂·u, |g| + ε)\nθ ← θ − lr/(1−β₁ᵗ) · m / u",
    .reference = "Kingma & Ba 2015, Adam: a method for stochastic optimization (section 7), "
                 "arXiv:1412.6980",
    .doc = "No step is longer than about lr, since no average gradient exceeds the largest one: a "
           "calmer Adam after rare large gradients.",
    .matches = "torch.optim.Adamax(lr, betas, eps)",
    .params = kParams,
    .default_lr = 2e-3,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText adamax_torch;
const TorchText adamax_torch{
    "torch.optim.Adamax(parameters, lr=lr, betas=(beta1, beta2), eps=eps)"};
}  // namespace optimizer_rows
}  // namespace lrlab
