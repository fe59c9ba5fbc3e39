// RAdam: Adam with its own warm-up: no division by √v until v is an average of enough gradients.
//
//   m ← β₁·m + (1−β₁)·g
//   v ← β₂·v + (1−β₂)·g²
//   ρ∞ = 2/(1−β₂) − 1,   ρₜ = ρ∞ − 2t·β₂ᵗ/(1−β₂ᵗ)          (length of the average so far)
//   ρₜ > 5:  r = √( (ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ) )
//            θ ← θ − lr · r · m/(1−β₁ᵗ) · √(1−β₂ᵗ) / (√v + ε)
//   else:    θ ← θ − lr · m/(1−β₁ᵗ)
//
// Liu et al. 2020, "On the variance of the adaptive learning rate and beyond", arXiv:1908.03265.
// Matches torch.optim.RAdam: the threshold is 5 (the paper: 4), and ε is added to the uncorrected
// root.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps };

void average(const Real* __restrict grad, Real* __restrict exp_avg, Real* __restrict exp_avg_sq,
             std::size_t n, Real beta1, Real beta2, Real one_minus_beta1, Real one_minus_beta2) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    exp_avg_sq[i] = beta2 * exp_avg_sq[i] + one_minus_beta2 * (g * g);
  }
}

void adaptive_step(Real* __restrict theta, const Real* __restrict exp_avg,
                   const Real* __restrict exp_avg_sq, std::size_t n, Real step_size, Real eps) {
  for (std::size_t i = 0; i < n; ++i)
    theta[i] -= step_size * exp_avg[i] / (fn::sqrt(exp_avg_sq[i]) + eps);
}

void plain_step(Real* __restrict theta, const Real* __restrict exp_avg, std::size_t n,
                Real step_size) {
  for (std::size_t i = 0; i < n; ++i) theta[i] -= step_size * exp_avg[i];
}

// r·√(1−β₂ᵗ), or 0 while the average is too short.
double rectification(const OptimizerStep& s) {
  const double beta2 = s.param(kBeta2), correction2 = bias_correction(beta2, s);
  const double rho_inf = 2 / (1 - beta2) - 1;
  const double rho = rho_inf - 2 * s.t() * (1 - correction2) / correction2;
  if (!(rho > 5)) return 0;
  return fn::sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) *
         fn::sqrt(correction2);
}

void update(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2);
  average(s.grad, s.state(0), s.state(1), s.n, s.real(kBeta1), s.real(kBeta2),
          static_cast<Real>(1 - beta1), static_cast<Real>(1 - beta2));
  const double rate = s.lr / bias_correction(beta1, s), r = rectification(s);
  if (r > 0)
    adaptive_step(s.theta, s.state(0), s.state(1), s.n, static_cast<Real>(rate * r), s.real(kEps));
  else
    plain_step(s.theta, s.state(0), s.n, static_cast<Real>(rate));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const double r = rectification(s);
  const Real rate = static_cast<Real>(r > 0 ? s.lr * r : s.lr);
  for (std::size_t i = 0; i < s.n; ++i)
    out[i] = r > 0 ? rate / (fn::sqrt(s.state(1)[i]) + s.real(kEps)) : rate;
}

constexpr ParamSpec kParams[] = {
    beta1_spec(),
    {.key = "beta2", .label = "β₂", .def = 0.999, .min = 0, .max = 0.99999,
     .doc = "Memory of the squared-gradient average: about 1/(1−β₂) steps. Up to 2/3 it is never "
            "long enough, and RAdam stays momentum."},
    eps_spec(1e-8, "Added to the root before its bias correction."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo radam;
const OptimizerInfo radam{
    .id = "radam",
    .label = "RAdam",
    .formula = "m ← β₁·m + (1−β₁)·g\nv ← β₂·v + (1−β₂)·g²\n"
               "ρ∞ = 2/(1−β₂) − 1,  ρₜ = ρ∞ − 2t·β₂ᵗ/(1−β₂ᵗ)\n"
               "ρₜ > 5: θ ← θ − lr · r · m/(1−β₁ᵗ) · √(1−β₂ᵗ) / (√v + ε),  r = √((ρₜ−4)(ρₜ−2)ρ∞ / "
               "((ρ∞−4)(ρ∞−2)ρₜ))\nelse: θ ← θ − lr · m/(1−β₁ᵗ)",
    .reference = "Liu et al. 2020, On the variance of the adaptive learning rate and beyond, "
                 "arXiv:1908.03265",
    .doc = "Adam's first steps divide by an average of very few gradients; RAdam starts as plain "
           "momentum and turns into Adam by itself, so it needs no warm-up.",
    .matches = "torch.optim.RAdam(lr, betas, eps)",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText radam_torch;
const TorchText radam_torch{
    "torch.optim.RAdam(parameters, lr=lr, betas=(beta1, beta2), eps=eps)"};
}  // namespace optimizer_rows
}  // namespace lrlab
