// NAdam: Adam with Nesterov's look-ahead: the momentum of the next step is used in this one.
//
//   μₜ ← β₁·(1 − ½·0.96^(t·ψ)),   Pₜ = μ₁·μ₂···μₜ
//   m ← β₁·m + (1−β₁)·g
//   v ← β₂·v + (1−β₂)·g²
//   θ ← θ − lr · ( (1−μₜ)/(1−Pₜ)·g + μₜ₊₁/(1−Pₜ₊₁)·m ) / (√(v/(1−β₂ᵗ)) + ε)
//
// Dozat 2016, "Incorporating Nesterov momentum into Adam", ICLR workshop.
// Matches torch.optim.NAdam (2.0 and later; 1.13 has a bug in its default path).
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kMomentumDecay };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_avg_sq, std::size_t n, Real beta1, Real beta2, Real one_minus_beta1,
          Real one_minus_beta2, Real grad_size, Real avg_size, Real root_scale, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    exp_avg_sq[i] = beta2 * exp_avg_sq[i] + one_minus_beta2 * (g * g);
    theta[i] -= (grad_size * g + avg_size * exp_avg[i]) /
                (fn::sqrt(exp_avg_sq[i]) * root_scale + eps);
  }
}

double momentum_at(const OptimizerStep& s, double t) {
  return s.param(kBeta1) * (1 - 0.5 * fn::pow(0.96, t * s.param(kMomentumDecay)));
}

void update(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2);
  const double mu = momentum_at(s, s.t()), mu_next = momentum_at(s, s.t() + 1);
  double& product = s.scalars[0];
  product = (s.step == 0 ? 1 : product) * mu;
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, s.real(kBeta1), s.real(kBeta2),
       static_cast<Real>(1 - beta1), static_cast<Real>(1 - beta2),
       static_cast<Real>(s.lr * (1 - mu) / (1 - product)),
       static_cast<Real>(s.lr * mu_next / (1 - product * mu_next)),
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
    {.key = "momentum_decay", .label = "ψ", .def = 4e-3, .min = 0, .max = 1, .scale = Scale::kLog,
     .doc = "How fast the momentum rises from β₁/2 to β₁: 0.004 takes thousands of steps. optax "
            "has no such warm-up."},
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo nadam;
const OptimizerInfo nadam{
    .id = "nadam",
    .label = "NAdam",
    .formula = "μₜ ← β₁·(1 − ½·0.96^(t·ψ)),  Pₜ = μ₁·μ₂···μₜ\nm ← β₁·m + (1−β₁)·g\n"
               "v ← β₂·v + (1−β₂)·g²\n"
               "θ ← θ − lr · ((1−μₜ)/(1−Pₜ)·g + μₜ₊₁/(1−Pₜ₊₁)·m) / (√(v/(1−β₂ᵗ)) + ε)",
    .reference = "Dozat 2016, Incorporating Nesterov momentum into Adam, ICLR workshop",
    .doc = "Adam that reacts one step sooner: today's gradient enters twice, in the average and by "
           "itself.",
    .matches = "torch.optim.NAdam(lr, betas, eps, momentum_decay)",
    .params = kParams,
    .default_lr = 2e-3,
    .state = kState,
    .scalars = 1,  // the product of the momenta
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]) / (1 + 2 * p[kBeta1]); },
                  "(2+2β₁)/((1−β₁)·(1+2β₁)·λ)"},
};

extern const TorchText nadam_torch;
const TorchText nadam_torch{R"(torch.optim.NAdam(parameters, lr=lr, betas=(beta1, beta2), eps=eps, momentum_decay=momentum_decay,
                  foreach=True)  # torch 1.13's other path counts one momentum twice)"};
}  // namespace optimizer_rows
}  // namespace lrlab
