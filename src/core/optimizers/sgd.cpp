// Stochastic gradient descent: the step is the rate times the gradient, nothing else.
//
//   θ ← θ − lr·g
//
// Robbins & Monro 1951, "A stochastic approximation method", Ann. Math. Statist. 22(3).
// Matches torch.optim.SGD(lr). Coupled L2 decay is the run's `l2`, as for every optimizer.
#include "core/optimizer.h"

namespace lrlab {
namespace {

void step(Real* __restrict theta, const Real* __restrict grad, std::size_t n, Real lr) {
  for (std::size_t i = 0; i < n; ++i) theta[i] -= lr * grad[i];
}

void update(const OptimizerStep& s) { step(s.theta, s.grad, s.n, static_cast<Real>(s.lr)); }

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo sgd;
const OptimizerInfo sgd{
    .id = "sgd",
    .label = "SGD",
    .formula = "θ ← θ − lr·g",
    .reference = "Robbins & Monro 1951, A stochastic approximation method",
    .doc = "Plain gradient descent on mini-batches. On a quadratic it is stable exactly while "
           "lr < 2/λ_max, where λ_max is the largest curvature.",
    .matches = "torch.optim.SGD(lr)",
    .default_lr = 0.1,
    .update = update,
    .stability = {[](std::span<const double>) { return 2.0; }, "2/λ"},
};

extern const TorchText sgd_torch;
const TorchText sgd_torch{"torch.optim.SGD(parameters, lr=lr)"};
}  // namespace optimizer_rows
}  // namespace lrlab
