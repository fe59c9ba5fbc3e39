// Yogi: Adam whose squared-gradient average moves in limited steps, so its rates rise only slowly.
//
//   m ← β₁·m + (1−β₁)·g
//   v ← v − (1−β₂)·sign(v − g²)·g²
//   θ ← θ − lr · m / (√v + ε)
//
// In Adam a run of small gradients lets v decay exponentially and the rate shoot up; here v loses
// at most (1−β₂)·g² a step. Zaheer et al. 2018, "Adaptive methods for nonconvex optimization",
// NeurIPS. Matches the paper's algorithm 2; with bias_correction, optax.yogi and other libraries.
// PyTorch has no Yogi.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kInitial, kBiasCorrection };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_avg_sq, std::size_t n, Real beta1, Real one_minus_beta1,
          Real one_minus_beta2, Real step_size, Real root_scale, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i], g2 = g * g;
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    exp_avg_sq[i] -= one_minus_beta2 * (sign(exp_avg_sq[i] - g2) * g2);
    theta[i] -= step_size * exp_avg[i] / (fn::sqrt(exp_avg_sq[i]) * root_scale + eps);
  }
}

double root_scale(const OptimizerStep& s) {
  return s.param(kBiasCorrection) != 0 ? 1 / fn::sqrt(bias_correction(s.param(kBeta2), s)) : 1;
}

void update(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1);
  if (s.step == 0)
    for (std::size_t i = 0; i < s.n; ++i) s.state(1)[i] = s.real(kInitial);
  const double correction1 = s.param(kBiasCorrection) != 0 ? bias_correction(beta1, s) : 1;
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, s.real(kBeta1), static_cast<Real>(1 - beta1),
       static_cast<Real>(1 - s.param(kBeta2)), static_cast<Real>(s.lr / correction1),
       static_cast<Real>(root_scale(s)), s.real(kEps));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Real root = static_cast<Real>(root_scale(s));
  for (std::size_t i = 0; i < s.n; ++i)
    out[i] = static_cast<Real>(s.lr) / (fn::sqrt(s.state(1)[i]) * root + s.real(kEps));
}

constexpr ParamSpec kParams[] = {
    beta1_spec(),
    {.key = "beta2", .label = "β₂", .def = 0.999, .min = 0, .max = 0.99999,
     .doc = "How far v moves at most: by (1−β₂)·g² a step."},
    eps_spec(1e-3, "Added to the root; the paper recommends this large value."),
    {.key = "initial_accumulator_value", .label = "initial v", .def = 1e-6, .min = 0, .max = 10,
     .scale = Scale::kLog, .doc = "Where v starts. The paper and optax 1e-6."},
    {.key = "bias_correction", .label = "bias correction", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "Divide m and v by 1−βᵗ as Adam does. The paper does not; optax and other libraries "
            "do."},
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo yogi;
const OptimizerInfo yogi{
    .id = "yogi",
    .label = "Yogi",
    .formula = "m ← β₁·m + (1−β₁)·g\nv ← v − (1−β₂)·sign(v − g²)·g²\nθ ← θ − lr · m / (√v + ε)",
    .reference = "Zaheer et al. 2018, Adaptive methods for nonconvex optimization, NeurIPS 31",
    .doc = "Adam that raises a parameter's rate only gradually when its gradients become small, "
           "which avoids sudden jumps after quiet times.",
    .matches = "Algorithm 2 of the paper; not in torch.optim",
    .params = kParams,
    .default_lr = 1e-2,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText yogi_torch;
const TorchText yogi_torch{R"(for p, g, m, v in self.each("m", "v"):
    if t == 1:
        v.fill_(initial_accumulator_value)
    m.mul_(beta1).add_(g, alpha=1 - beta1)
    v -= (1 - beta2) * (v - g * g).sign() * g * g
    whole = (1 - beta1**t, 1 - beta2**t) if bias_correction else (1, 1)
    p -= lr / whole[0] * m / ((v / whole[1]).sqrt() + eps))"};
}  // namespace optimizer_rows
}  // namespace lrlab
