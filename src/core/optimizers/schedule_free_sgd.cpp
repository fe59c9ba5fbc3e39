// Schedule-Free SGD: averaging inside the method takes the place of a falling rate.
//
//   z ← z − lr·(g + wd·y)                           gradient at y
//   x ← (1−c)·x + c·z,   c = lrₜ² / Σᵢ lrᵢ²          running average of z
//   y ← (1−β)·z + β·x                               next training point: θ is y
//
// β = 0 is SGD with Polyak averaging, β = 1 primal averaging (the gradient at the average itself).
// The model is evaluated at x. Defazio et al. 2024, "The road less scheduled", arXiv:2405.15682.
// At constant lr it computes what the authors' SGDScheduleFree computes; while lr moves, the paper's
// weights lr² are used, where their code takes the largest lr so far. Not in torch.optim.
//
// The limit 2/((1−β)·λ) holds once x hardly moves. In the first steps x follows z, y is about z, and
// the limit is SGD's 2/λ: warm up, or start below it.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kMomentum, kWeightDecay };
enum { kWeightSum };  // scalar: Σ lr²

void step(Real* __restrict y, const Real* __restrict grad, Real* __restrict z, Real* __restrict x,
          std::size_t n, Real lr, Real weight_decay, Real share, Real beta) {
  for (std::size_t i = 0; i < n; ++i) {
    z[i] -= lr * (grad[i] + weight_decay * y[i]);
    x[i] += share * (z[i] - x[i]);
    y[i] = z[i] + beta * (x[i] - z[i]);
  }
}

void update(const OptimizerStep& s) {
  if (s.step == 0)
    for (std::size_t i = 0; i < s.n; ++i) s.state(0)[i] = s.state(1)[i] = s.theta[i];
  double& weight_sum = s.scalars[kWeightSum];
  weight_sum += s.lr * s.lr;
  const double share = weight_sum > 0 ? s.lr * s.lr / weight_sum : 0;
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, static_cast<Real>(s.lr), s.real(kWeightDecay),
       static_cast<Real>(share), s.real(kMomentum));
}

void eval_point(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = s.state(1)[i];
}

constexpr ParamSpec kParams[] = {
    {.key = "momentum", .label = "β", .def = 0.9, .min = 0, .max = 1,
     .doc = "Where the gradient is taken, between z (0: Polyak averaging) and the average x (1: "
            "primal averaging)."},
    weight_decay_spec(0, "Decay in the step of z, taken at y."),
};
constexpr StateSlot kState[] = {{"z", "z"}, {"x", "x"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo schedule_free_sgd;
const OptimizerInfo schedule_free_sgd{
    .id = "schedule_free_sgd",
    .label = "Schedule-Free SGD",
    .formula = "z ← z − lr·(g + wd·y)\nx ← (1−c)·x + c·z,  c = lrₜ² / Σᵢ lrᵢ²\ny ← (1−β)·z + β·x",
    .reference = "Defazio et al. 2024, The road less scheduled, arXiv:2405.15682",
    .doc = "Keep the rate constant (after a warm-up) and stop whenever you like: the average x "
           "that is evaluated behaves as if the rate had been annealed. Takes several times SGD's "
           "rate; the authors start from 1, but its first steps are SGD's, so that wants a warm-up.",
    .matches = "schedulefree.SGDScheduleFree(lr, momentum, weight_decay); not in torch.optim",
    .params = kParams,
    .default_lr = 0.3,
    .state = kState,
    .scalars = 1,
    .keeps_rate = true,
    .update = update,
    .eval_point = eval_point,
    .stability = {[](std::span<const double> p) { return 2 / (1 - p[kMomentum]); }, "2/((1−β)·λ)"},
};

extern const TorchText schedule_free_sgd_torch;
const TorchText schedule_free_sgd_torch{R"(self.total = lr**2 + (self.total if t > 1 else 0)
share = lr**2 / self.total if self.total > 0 else 0
for p, g, z, x in self.each("z", "x"):
    if t == 1:
        z.copy_(p), x.copy_(p)
    z -= lr * (g + weight_decay * p)
    x += share * (z - x)
    p.copy_(z + momentum * (x - z)))"};
}  // namespace optimizer_rows
}  // namespace lrlab
