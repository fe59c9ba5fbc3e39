// Lion: every parameter moves by exactly lr, in the direction of the sign of a blended gradient.
//
//   c ← β₁·m + (1−β₁)·g
//   θ ← θ − lr·(sign(c) + wd·θ)
//   m ← β₂·m + (1−β₂)·g
//
// Chen et al. 2023, "Symbolic discovery of optimization algorithms", arXiv:2302.06675.
// Matches the authors' code and optax.lion (whose default decay is 1e-3); PyTorch has no Lion.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kWeightDecay };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict exp_avg,
          std::size_t n, Real beta1, Real one_minus_beta1, Real beta2, Real one_minus_beta2,
          Real lr, Real weight_decay) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    const Real c = beta1 * exp_avg[i] + one_minus_beta1 * g;
    theta[i] -= lr * (sign(c) + weight_decay * theta[i]);
    exp_avg[i] = beta2 * exp_avg[i] + one_minus_beta2 * g;
  }
}

void update(const OptimizerStep& s) {
  step(s.theta, s.grad, s.state(0), s.n, s.real(kBeta1), static_cast<Real>(1 - s.param(kBeta1)),
       s.real(kBeta2), static_cast<Real>(1 - s.param(kBeta2)), static_cast<Real>(s.lr),
       s.real(kWeightDecay));
}

constexpr ParamSpec kParams[] = {
    {.key = "beta1", .label = "β₁", .def = 0.9, .min = 0, .max = 0.9999,
     .doc = "Weight of the memory against today's gradient in the direction of the step."},
    {.key = "beta2", .label = "β₂", .def = 0.99, .min = 0, .max = 0.99999,
     .doc = "Memory of the gradient average: about 1/(1−β₂) steps."},
    weight_decay_spec(0, "Decoupled. As Lion wants a smaller lr than AdamW, it wants a 3 to 10 "
                         "times larger decay. The authors' code 0, optax 0.001."),
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo lion;
const OptimizerInfo lion{
    .id = "lion",
    .label = "Lion",
    .formula = "c ← β₁·m + (1−β₁)·g\nθ ← θ − lr·(sign(c) + wd·θ)\nm ← β₂·m + (1−β₂)·g",
    .reference = "Chen et al. 2023, Symbolic discovery of optimization algorithms, "
                 "arXiv:2302.06675",
    .doc = "The step never shrinks with the gradient, so the rate alone decides how close it can "
           "settle: use a falling schedule, and 3 to 10 times less lr than AdamW.",
    .matches = "The authors' Lion and optax.lion; not in torch.optim",
    .params = kParams,
    .default_lr = 1e-4,
    .state = kState,
    .momentum_param = kBeta1,
    .update = update,
};

extern const TorchText lion_torch;
const TorchText lion_torch{R"(for p, g, m in self.each("m"):
    c = beta1 * m + (1 - beta1) * g
    p -= lr * (c.sign() + weight_decay * p)
    m.mul_(beta2).add_(g, alpha=1 - beta2))"};
}  // namespace optimizer_rows
}  // namespace lrlab
