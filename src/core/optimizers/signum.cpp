// Signum: every parameter moves by exactly lr, along the sign of its average gradient.
//
//   m ← μ·m + (1−μ)·g
//   θ ← θ − lr·(sign(m) + wd·θ)
//
// Bernstein et al. 2018, "signSGD: compressed optimisation for non-convex problems",
// arXiv:1802.04434 (algorithm 2; with μ = 0 it is signSGD). Matches optax.sign_sgd at μ = 0;
// PyTorch has no Signum.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kMomentum, kWeightDecay };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict buf, std::size_t n,
          Real momentum, Real one_minus_momentum, Real lr, Real weight_decay) {
  for (std::size_t i = 0; i < n; ++i) {
    buf[i] = momentum * buf[i] + one_minus_momentum * grad[i];
    theta[i] -= lr * (sign(buf[i]) + weight_decay * theta[i]);
  }
}

void update(const OptimizerStep& s) {
  step(s.theta, s.grad, s.state(0), s.n, s.real(kMomentum),
       static_cast<Real>(1 - s.param(kMomentum)), static_cast<Real>(s.lr), s.real(kWeightDecay));
}

constexpr ParamSpec kParams[] = {
    {.key = "momentum", .label = "momentum", .def = 0.9, .min = 0, .max = 0.999,
     .doc = "Memory of the gradient average: about 1/(1−μ) steps. 0: signSGD."},
    weight_decay_spec(0, "Decoupled: every step shrinks the parameters by lr·wd."),
};
constexpr StateSlot kState[] = {{"momentum_buffer", "m"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo signum;
const OptimizerInfo signum{
    .id = "signum",
    .label = "Signum",
    .formula = "m ← μ·m + (1−μ)·g\nθ ← θ − lr·(sign(m) + wd·θ)",
    .reference = "Bernstein et al. 2018, signSGD: compressed optimisation for non-convex problems, "
                 "arXiv:1802.04434",
    .doc = "What is left of Adam when only the signs count: one bit per parameter. The loss stops "
           "falling when the minimum is about lr away; lower the rate to come closer.",
    .matches = "Algorithm 2 of the paper; not in torch.optim",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kMomentum,
    .update = update,
};

extern const TorchText signum_torch;
const TorchText signum_torch{R"(for p, g, m in self.each("m"):
    m.mul_(momentum).add_(g, alpha=1 - momentum)
    p -= lr * (m.sign() + weight_decay * p))"};
}  // namespace optimizer_rows
}  // namespace lrlab
