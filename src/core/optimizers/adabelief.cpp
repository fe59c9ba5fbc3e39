// AdaBelief: Adam that divides by how much the gradient surprises, not by how large it is.
//
//   m ← β₁·m + (1−β₁)·g
//   s ← β₂·s + (1−β₂)·(g − m)² + ε
//   θ ← θ·(1 − lr·wd) − lr · m/(1−β₁ᵗ) / (√(s/(1−β₂ᵗ)) + ε)
//
// A gradient near its expectation m is believed and gets a large step, even where it is large
// itself. Zhuang et al. 2020, "AdaBelief optimizer: adapting stepsizes by the belief in observed
// gradients", arXiv:2010.07468. Matches the authors' code with rectify off (their PyTorch default
// is on, which is RAdam's warm-up); PyTorch itself has no AdaBelief.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kWeightDecay };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_avg_var, std::size_t n, Real beta1, Real beta2, Real one_minus_beta1,
          Real one_minus_beta2, Real keep, Real step_size, Real root_scale, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    const Real surprise = g - exp_avg[i];
    exp_avg_var[i] = beta2 * exp_avg_var[i] + one_minus_beta2 * (surprise * surprise) + eps;
    theta[i] = keep * theta[i] -
               step_size * exp_avg[i] / (fn::sqrt(exp_avg_var[i]) * root_scale + eps);
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
    {.key = "beta2", .label = "β₂", .def = 0.999, .min = 0, .max = 0.99999,
     .doc = "Memory of the squared surprise: about 1/(1−β₂) steps."},
    eps_spec(1e-16, "Added inside the average and to the root. The authors and optax 1e-16; they "
                    "advise 1e-8 for small networks."),
    weight_decay_spec(0, "Decoupled: every step shrinks the parameters by lr·wd."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_var", "s"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo adabelief;
const OptimizerInfo adabelief{
    .id = "adabelief",
    .label = "AdaBelief",
    .formula = "m ← β₁·m + (1−β₁)·g\ns ← β₂·s + (1−β₂)·(g − m)² + ε\n"
               "θ ← θ·(1 − lr·wd) − lr · m/(1−β₁ᵗ) / (√(s/(1−β₂ᵗ)) + ε)",
    .reference = "Zhuang et al. 2020, AdaBelief optimizer: adapting stepsizes by the belief in "
                 "observed gradients, arXiv:2010.07468",
    .doc = "Long steps where the gradient keeps its course, short ones where it wavers. On a "
           "smooth slope without noise its steps grow far beyond Adam's.",
    .matches = "The authors' AdaBelief with rectify=False; not in torch.optim",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText adabelief_torch;
const TorchText adabelief_torch{R"(for p, g, m, s in self.each("m", "s"):
    m.mul_(beta1).add_(g, alpha=1 - beta1)
    s.mul_(beta2).add_((1 - beta2) * (g - m) ** 2 + eps)
    p.mul_(1 - lr * weight_decay)
    p -= lr / (1 - beta1**t) * m / ((s / (1 - beta2**t)).sqrt() + eps))"};
}  // namespace optimizer_rows
}  // namespace lrlab
