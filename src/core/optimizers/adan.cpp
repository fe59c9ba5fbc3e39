// Adan: adaptive Nesterov momentum that also averages how the gradient changes.
//
//   d ← g − g_prev                                  (0 at the first step)
//   m ← β₁·m + (1−β₁)·g
//   w ← β₂·w + (1−β₂)·d
//   n ← β₃·n + (1−β₃)·(g + β₂·d)²
//   Δ ← lr · ( m/(1−β₁ᵗ) + β₂·w/(1−β₂ᵗ) ) / (√(n/(1−β₃ᵗ)) + ε)
//   θ ← (θ − Δ) / (1 + lr·wd)                       no_prox:  θ ← θ·(1 − lr·wd) − Δ
//
// Xie et al. 2022, "Adan: adaptive Nesterov momentum algorithm for faster optimizing deep models",
// arXiv:2208.06677. Matches the authors' code with its bias correction; the betas are 1 minus the
// paper's. PyTorch has no Adan.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kBeta3, kEps, kWeightDecay, kNoProx };

struct Factors {
  Real beta1, beta2, beta3, new1, new2, new3;  // new = 1 − β
  Real avg_size, diff_size, root_scale, eps;
  Real keep, scale;  // θ ← scale·(keep·θ − Δ)
};

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          Real* __restrict exp_avg_diff, Real* __restrict exp_avg_sq, Real* __restrict prev_grad,
          std::size_t n, const Factors f) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i], d = g - prev_grad[i], ahead = g + f.beta2 * d;
    exp_avg[i] = f.beta1 * exp_avg[i] + f.new1 * g;
    exp_avg_diff[i] = f.beta2 * exp_avg_diff[i] + f.new2 * d;
    exp_avg_sq[i] = f.beta3 * exp_avg_sq[i] + f.new3 * (ahead * ahead);
    prev_grad[i] = g;
    const Real move = (f.avg_size * exp_avg[i] + f.diff_size * exp_avg_diff[i]) /
                      (fn::sqrt(exp_avg_sq[i]) * f.root_scale + f.eps);
    theta[i] = f.scale * (f.keep * theta[i] - move);
  }
}

void update(const OptimizerStep& s) {
  if (s.step == 0)
    for (std::size_t i = 0; i < s.n; ++i) s.state(3)[i] = s.grad[i];
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2), beta3 = s.param(kBeta3);
  const double decay = s.lr * s.param(kWeightDecay);
  const bool prox = s.param(kNoProx) == 0;
  step(s.theta, s.grad, s.state(0), s.state(1), s.state(2), s.state(3), s.n,
       {.beta1 = s.real(kBeta1),
        .beta2 = s.real(kBeta2),
        .beta3 = s.real(kBeta3),
        .new1 = static_cast<Real>(1 - beta1),
        .new2 = static_cast<Real>(1 - beta2),
        .new3 = static_cast<Real>(1 - beta3),
        .avg_size = static_cast<Real>(s.lr / bias_correction(beta1, s)),
        .diff_size = static_cast<Real>(s.lr * beta2 / bias_correction(beta2, s)),
        .root_scale = static_cast<Real>(1 / fn::sqrt(bias_correction(beta3, s))),
        .eps = s.real(kEps),
        .keep = static_cast<Real>(prox ? 1 : 1 - decay),
        .scale = static_cast<Real>(prox ? 1 / (1 + decay) : 1)});
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Real root_scale = static_cast<Real>(1 / fn::sqrt(bias_correction(s.param(kBeta3), s)));
  for (std::size_t i = 0; i < s.n; ++i)
    out[i] = static_cast<Real>(s.lr) / (fn::sqrt(s.state(2)[i]) * root_scale + s.real(kEps));
}

constexpr ParamSpec kParams[] = {
    beta1_spec(0.98),
    {.key = "beta2", .label = "β₂", .def = 0.92, .min = 0, .max = 0.99999,
     .doc = "Memory of the average gradient change: about 1/(1−β₂) steps. Also how far ahead the "
            "change is followed."},
    {.key = "beta3", .label = "β₃", .def = 0.99, .min = 0, .max = 0.99999,
     .doc = "Memory of the squared-gradient average: about 1/(1−β₃) steps."},
    eps_spec(1e-8, "Added to the root."),
    weight_decay_spec(0, "Decoupled, as a division by 1 + lr·wd. The paper's experiments use 0.02."),
    {.key = "no_prox", .label = "decay as AdamW", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "On: decay by multiplication with 1 − lr·wd before the step, as AdamW."},
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_diff", "w"}, {"exp_avg_sq", "n"}, {"pre_grad", "g_prev"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo adan;
const OptimizerInfo adan{
    .id = "adan",
    .label = "Adan",
    .formula = "d ← g − g_prev\nm ← β₁·m + (1−β₁)·g\nw ← β₂·w + (1−β₂)·d\n"
               "n ← β₃·n + (1−β₃)·(g + β₂·d)²\n"
               "Δ ← lr · (m/(1−β₁ᵗ) + β₂·w/(1−β₂ᵗ)) / (√(n/(1−β₃ᵗ)) + ε)\n"
               "θ ← (θ − Δ) / (1 + lr·wd)",
    .reference = "Xie et al. 2022, Adan: adaptive Nesterov momentum algorithm for faster "
                 "optimizing deep models, arXiv:2208.06677",
    .doc = "Nesterov's look-ahead without a second gradient: the change of the gradient tells "
           "where it is going. Takes rates 5 to 10 times larger than Adam's.",
    .matches = "The authors' Adan; not in torch.optim",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
};

extern const TorchText adan_torch;
const TorchText adan_torch{R"(for p, g, m, d, n, last in self.each("m", "d", "n", "last"):
    change = g - last if t > 1 else torch.zeros_like(g)
    m.mul_(beta1).add_(g, alpha=1 - beta1)
    d.mul_(beta2).add_(change, alpha=1 - beta2)
    n.mul_(beta3).add_((1 - beta3) * (g + beta2 * change) ** 2)
    last.copy_(g)
    move = lr * (m / (1 - beta1**t) + beta2 * d / (1 - beta2**t)) / ((n / (1 - beta3**t)).sqrt() + eps)
    decay = lr * weight_decay
    p.copy_((1 - decay) * p - move if no_prox else (p - move) / (1 + decay)))"};
}  // namespace optimizer_rows
}  // namespace lrlab
