// Polyak's step size: the rate that reaches the known minimum in one step, if the loss were a cone.
//
//   rate = min( max(f − f*, 0) / (c·‖g‖²), lr )      0 where g = 0
//   θ ← θ − rate·g
//
// Polyak 1987, "Introduction to optimization" (c = 1). The cap, which makes it safe on
// mini-batches: Loizou et al. 2021, "Stochastic Polyak step-size for SGD", arXiv:2002.10542
// (SPS_max; c = ½). The dial lr is the cap. optax.polyak_sgd has the cap as max_learning_rate and
// multiplies by a learning rate besides. Not in torch.optim.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kFStar, kC };
enum { kRate };  // scalar: the rate of the last step

void step(Real* __restrict theta, const Real* __restrict grad, std::size_t n, Real rate) {
  for (std::size_t i = 0; i < n; ++i) theta[i] -= rate * grad[i];
}

void update(const OptimizerStep& s) {
  const double square = dot(s.grad, s.grad, s.n), gap = s.loss - s.param(kFStar);
  double& rate = s.scalars[kRate];
  rate = gap > 0 && square > 0 ? gap / (s.param(kC) * square) : 0;
  if (rate > s.lr) rate = s.lr;
  step(s.theta, s.grad, s.n, static_cast<Real>(rate));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = static_cast<Real>(s.scalars[kRate]);
}

constexpr ParamSpec kParams[] = {
    {.key = "f_star", .label = "f*", .def = 0, .min = -1000, .max = 1000,
     .doc = "The smallest loss there is. 0 where the network can fit every sample. Too high: the "
            "steps stop early. Too low: they are too long."},
    {.key = "c", .label = "c", .def = 1, .min = 0.05, .max = 10, .scale = Scale::kLog,
     .doc = "Divides the step: 1 Polyak, ½ Loizou et al. (steps twice as long)."},
};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo polyak;
const OptimizerInfo polyak{
    .id = "polyak",
    .label = "Polyak step",
    .formula = "rate = min(max(f − f*, 0) / (c·‖g‖²), lr)\nθ ← θ − rate·g",
    .reference = "Polyak 1987, Introduction to optimization; Loizou et al. 2021, Stochastic Polyak "
                 "step-size for SGD, arXiv:2002.10542",
    .doc = "The step size comes from the loss: far away it is long, near the minimum the gradient "
           "shortens it. lr is only the longest rate allowed.",
    .matches = "SPS_max of the paper (whose c is ½); optax.polyak_sgd at learning rate 1; not in torch.optim",
    .params = kParams,
    .default_lr = 1.0,
    .scalars = 1,
    .own_rate = true,
    .update = update,
    .effective_rate = effective_rate,
};

extern const TorchText polyak_torch;
const TorchText polyak_torch{R"(square = sum(float((p.grad.double() ** 2).sum()) for p in parameters)
gap = float(loss) - f_star
rate = min(lr, gap / (c * square)) if gap > 0 and square > 0 else 0
for p in parameters:
    p -= rate * p.grad)"};
}  // namespace optimizer_rows
}  // namespace lrlab
