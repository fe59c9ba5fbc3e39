// AMSGrad: Adam whose denominator never shrinks, so that a rate once lowered stays low.
//
//   m ← β₁·m + (1−β₁)·g
//   v ← β₂·v + (1−β₂)·g²
//   u ← max(u, v)
//   θ ← θ·(1 − lr·wd) − lr · m/(1−β₁ᵗ) / (√(u/(1−β₂ᵗ)) + ε)
//
// Reddi, Kale & Kumar 2018, "On the convergence of Adam and beyond", arXiv:1904.09237. Matches
// torch.optim.Adam(amsgrad=True), and torch.optim.AdamW(amsgrad=True) where the decay is not 0: the
// maximum is of the uncorrected average, which is corrected afterwards. (Keras and the paper
// correct nothing, or before.)
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kWeightDecay };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_avg_sq, Real* __restrict max_exp_avg_sq, std::size_t n, Real beta1,
          Real beta2, Real one_minus_beta1, Real one_minus_beta2, Real keep, Real step_size,
          Real root_scale, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + one_minus_beta1 * g;
    const Real v = beta2 * exp_avg_sq[i] + one_minus_beta2 * (g * g);
    const Real u = max_exp_avg_sq[i] > v ? max_exp_avg_sq[i] : v;
    exp_avg_sq[i] = v;
    max_exp_avg_sq[i] = u;
    theta[i] = keep * theta[i] - step_size * exp_avg[i] / (fn::sqrt(u) * root_scale + eps);
  }
}

void update(const OptimizerStep& s) {
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2);
  step(s.theta, s.grad, s.state(0), s.state(1), s.state(2), s.n, s.real(kBeta1), s.real(kBeta2),
       static_cast<Real>(1 - beta1), static_cast<Real>(1 - beta2),
       static_cast<Real>(1 - s.lr * s.param(kWeightDecay)),
       static_cast<Real>(s.lr / bias_correction(beta1, s)),
       static_cast<Real>(1 / fn::sqrt(bias_correction(beta2, s))), s.real(kEps));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Real root_scale = static_cast<Real>(1 / fn::sqrt(bias_correction(s.param(kBeta2), s)));
  for (std::size_t i = 0; i < s.n; ++i)
    out[i] = static_cast<Real>(s.lr) / (fn::sqrt(s.state(2)[i]) * root_scale + s.real(kEps));
}

constexpr ParamSpec kParams[] = {
    beta1_spec(),
    beta2_spec(),
    eps_spec(1e-8, "Added to the root. PyTorch and optax 1e-8, Keras 1e-7."),
    weight_decay_spec(0, "Decoupled, as in AdamW: every step shrinks the parameters by lr·wd. 0 is "
                         "PyTorch's Adam(amsgrad=True)."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}, {"max_exp_avg_sq", "u"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo amsgrad;
const OptimizerInfo amsgrad{
    .id = "amsgrad",
    .label = "AMSGrad",
    .formula = "m ← β₁·m + (1−β₁)·g\nv ← β₂·v + (1−β₂)·g²\nu ← max(u, v)\n"
               "θ ← θ·(1 − lr·wd) − lr · m/(1−β₁ᵗ) / (√(u/(1−β₂ᵗ)) + ε)",
    .reference = "Reddi, Kale & Kumar 2018, On the convergence of Adam and beyond, "
                 "arXiv:1904.09237",
    .doc = "Adam can forget a rare large gradient and speed up again, which can keep it from "
           "converging; AMSGrad remembers the largest it has seen.",
    .matches = "torch.optim.Adam(lr, betas, eps, amsgrad=True)",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText amsgrad_torch;
const TorchText amsgrad_torch{R"(torch.optim.AdamW(parameters, lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay,
                  amsgrad=True))"};
}  // namespace optimizer_rows
}  // namespace lrlab
