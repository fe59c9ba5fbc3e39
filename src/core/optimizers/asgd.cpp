// ASGD: plain SGD with a rate that falls like t^−α, judged by the average of its points.
//
//   θ ← θ·(1 − λ·ηₜ) − ηₜ·g
//   ηₜ₊₁ = lr / (1 + λ·lr·t)^α                     (η₁ = lr)
//   a ← a + μₜ·(θ − a),   μₜ = 1/max(1, t−1−t₀)    (a = θ until t₀)
//
// Polyak & Juditsky 1992, "Acceleration of stochastic approximation by averaging", SIAM J. Control
// Optim. 30(4). Matches torch.optim.ASGD: a new rate takes effect one step late. PyTorch leaves it
// to the user to swap the average `ax` in; here the model is evaluated there.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kLambd, kAlpha, kT0 };
enum { kEta, kFall };  // scalars: the rate of the coming step, and its share of lr

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict ax, std::size_t n,
          Real keep, Real eta, Real mu) {
  for (std::size_t i = 0; i < n; ++i) {
    theta[i] = keep * theta[i] - eta * grad[i];
    ax[i] = mu == 1 ? theta[i] : ax[i] + mu * (theta[i] - ax[i]);
  }
}

void update(const OptimizerStep& s) {
  const double eta = s.step == 0 ? s.lr : s.scalars[kEta];
  const double late = static_cast<double>(s.step) - s.param(kT0);
  step(s.theta, s.grad, s.state(0), s.n, static_cast<Real>(1 - s.param(kLambd) * eta),
       static_cast<Real>(eta), static_cast<Real>(late > 1 ? 1 / late : 1));
  s.scalars[kFall] = 1 / fn::pow(1 + s.param(kLambd) * s.lr * s.t(), s.param(kAlpha));
  s.scalars[kEta] = s.lr * s.scalars[kFall];
}

void eval_point(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = s.state(0)[i];
}

void effective_rate(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = static_cast<Real>(s.lr * s.scalars[kFall]);
}

constexpr ParamSpec kParams[] = {
    {.key = "lambd", .label = "λ", .def = 1e-4, .min = 0, .max = 1, .scale = Scale::kLog,
     .doc = "Decay of the parameters, and how soon the rate begins to fall."},
    {.key = "alpha", .label = "α", .def = 0.75, .min = 0, .max = 1,
     .doc = "Power of the fall of the rate. Averaging wants it between ½ and 1."},
    {.key = "t0", .label = "t₀", .def = 1e6, .min = 0, .max = 1e9, .scale = Scale::kLog,
     .unit = "steps", .doc = "Where averaging starts. PyTorch's 1,000,000 is beyond most runs "
                             "here."},
};
constexpr StateSlot kState[] = {{"ax", "a"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo asgd;
const OptimizerInfo asgd{
    .id = "asgd",
    .label = "Averaged SGD",
    .formula = "θ ← θ·(1 − λ·ηₜ) − ηₜ·g,  ηₜ₊₁ = lr / (1 + λ·lr·t)^α\n"
               "a ← a + (θ − a)/max(1, t−1−t₀)",
    .reference = "Polyak & Juditsky 1992, Acceleration of stochastic approximation by averaging, "
                 "SIAM J. Control Optim. 30(4)",
    .doc = "Large steps explore, their average is calm: the mean of the last points is nearer to "
           "the minimum than any of them. The loss shown is the average's.",
    .matches = "torch.optim.ASGD(lr, lambd, alpha, t0)",
    .params = kParams,
    .default_lr = 1e-2,
    .state = kState,
    .scalars = 2,
    .update = update,
    .eval_point = eval_point,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double>) { return 2.0; }, "2/λ"},
};

extern const TorchText asgd_torch;
const TorchText asgd_torch{
    "torch.optim.ASGD(parameters, lr=lr, lambd=lambd, alpha=alpha, t0=t0)"};
}  // namespace optimizer_rows
}  // namespace lrlab
