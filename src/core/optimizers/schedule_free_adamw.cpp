// Schedule-Free AdamW: RMS-scaled steps with averaging inside the method instead of a falling rate.
//
//   v ← β₂·v + (1−β₂)·g²                            gradient at y
//   γ = lr·√(1−β₂ᵗ)
//   z ← z − γ·( g/(√v + ε) + wd·y )
//   x ← (1−c)·x + c·z,   c = γₜ² / Σᵢ γᵢ²            running average of z
//   y ← (1−β₁)·z + β₁·x                             next training point: θ is y
//
// The model is evaluated at x. Defazio et al. 2024, "The road less scheduled", arXiv:2405.15682,
// algorithm 1. The authors' code since divides v by 1−β₂ᵗ and leaves √(1−β₂ᵗ) out of γ (and of the
// weights), which gives other numbers in the first hundred steps. Not in torch.optim.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kWeightDecay };
enum { kWeightSum };  // scalar: Σ γ²

void step(Real* __restrict y, const Real* __restrict grad, Real* __restrict z, Real* __restrict x,
          Real* __restrict exp_avg_sq, std::size_t n, Real beta2, Real one_minus_beta2, Real gamma,
          Real eps, Real weight_decay, Real share, Real beta1) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg_sq[i] = beta2 * exp_avg_sq[i] + one_minus_beta2 * (g * g);
    z[i] -= gamma * (g / (fn::sqrt(exp_avg_sq[i]) + eps) + weight_decay * y[i]);
    x[i] += share * (z[i] - x[i]);
    y[i] = z[i] + beta1 * (x[i] - z[i]);
  }
}

double gamma(const OptimizerStep& s) {
  return s.lr * fn::sqrt(bias_correction(s.param(kBeta2), s));
}

void update(const OptimizerStep& s) {
  if (s.step == 0)
    for (std::size_t i = 0; i < s.n; ++i) s.state(0)[i] = s.state(1)[i] = s.theta[i];
  const double rate = gamma(s);
  double& weight_sum = s.scalars[kWeightSum];
  weight_sum += rate * rate;
  const double share = weight_sum > 0 ? rate * rate / weight_sum : 0;
  step(s.theta, s.grad, s.state(0), s.state(1), s.state(2), s.n, s.real(kBeta2),
       static_cast<Real>(1 - s.param(kBeta2)), static_cast<Real>(rate), s.real(kEps),
       s.real(kWeightDecay), static_cast<Real>(share), s.real(kBeta1));
}

void eval_point(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = s.state(1)[i];
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Real rate = static_cast<Real>(gamma(s));
  for (std::size_t i = 0; i < s.n; ++i) out[i] = rate / (fn::sqrt(s.state(2)[i]) + s.real(kEps));
}

constexpr ParamSpec kParams[] = {
    {.key = "beta1", .label = "β₁", .def = 0.9, .min = 0, .max = 1,
     .doc = "Where the gradient is taken, between z (0) and the average x (1)."},
    beta2_spec(),
    eps_spec(1e-8, "Added to the root."),
    weight_decay_spec(0, "Decoupled decay in the step of z, taken at y."),
};
constexpr StateSlot kState[] = {{"z", "z"}, {"x", "x"}, {"exp_avg_sq", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo schedule_free_adamw;
const OptimizerInfo schedule_free_adamw{
    .id = "schedule_free_adamw",
    .label = "Schedule-Free AdamW",
    .formula = "v ← β₂·v + (1−β₂)·g²,  γ = lr·√(1−β₂ᵗ)\nz ← z − γ·(g/(√v + ε) + wd·y)\n"
               "x ← (1−c)·x + c·z,  c = γₜ² / Σᵢ γᵢ²\ny ← (1−β₁)·z + β₁·x",
    .reference = "Defazio et al. 2024, The road less scheduled, arXiv:2405.15682",
    .doc = "AdamW without a schedule: keep the rate constant (after a warm-up) and stop whenever "
           "you like. Evaluated at the average x. Wants 1 to 10 times AdamW's rate.",
    .matches = "Algorithm 1 of the paper, not the later form of the authors' code; not in "
               "torch.optim",
    .params = kParams,
    .default_lr = 2.5e-3,
    .state = kState,
    .scalars = 1,
    .keeps_rate = true,
    .update = update,
    .eval_point = eval_point,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return 2 / (1 - p[kBeta1]); }, "2/((1−β₁)·λ)"},
};

extern const TorchText schedule_free_adamw_torch;
const TorchText schedule_free_adamw_torch{R"(rate = lr * (1 - beta2**t) ** 0.5
self.total = rate**2 + (self.total if t > 1 else 0)
share = rate**2 / self.total if self.total > 0 else 0
for p, g, z, x, v in self.each("z", "x", "v"):
    if t == 1:
        z.copy_(p), x.copy_(p)
    v.mul_(beta2).add_(g * g, alpha=1 - beta2)
    z -= rate * (g / (v.sqrt() + eps) + weight_decay * p)
    x += share * (z - x)
    p.copy_(z + beta1 * (x - z)))"};
}  // namespace optimizer_rows
}  // namespace lrlab
