// AdaGrad: the gradient over the root of the sum of all its squares, for every parameter by itself.
//
//   s ← s + g²
//   θ ← θ − lr/(1 + (t−1)·lr_decay) · g / (√s + ε)
//
// Duchi, Hazan & Singer 2011, "Adaptive subgradient methods for online learning and stochastic
// optimization", JMLR 12. Matches torch.optim.Adagrad: ε outside the root, s starts at 0, where
// Keras and optax start it at 0.1.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kLrDecay, kInitial, kEps };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict sum, std::size_t n,
          Real rate, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    sum[i] += g * g;
    theta[i] -= rate * g / (fn::sqrt(sum[i]) + eps);
  }
}

double decayed_rate(const OptimizerStep& s) {
  return s.lr / (1 + static_cast<double>(s.step) * s.param(kLrDecay));
}

void update(const OptimizerStep& s) {
  Real* sum = s.state(0);
  if (s.step == 0)
    for (std::size_t i = 0; i < s.n; ++i) sum[i] = s.real(kInitial);
  step(s.theta, s.grad, sum, s.n, static_cast<Real>(decayed_rate(s)), s.real(kEps));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Real rate = static_cast<Real>(decayed_rate(s));
  for (std::size_t i = 0; i < s.n; ++i) out[i] = rate / (fn::sqrt(s.state(0)[i]) + s.real(kEps));
}

constexpr ParamSpec kParams[] = {
    {.key = "lr_decay", .label = "lr decay", .def = 0, .min = 0, .max = 1, .scale = Scale::kLog,
     .doc = "An inverse-time decay on top of the method's own: the rate is divided by "
            "1 + (t−1)·lr_decay."},
    {.key = "initial_accumulator_value", .label = "initial sum", .def = 0, .min = 0, .max = 10,
     .scale = Scale::kLog,
     .doc = "Where the sum of squares starts. PyTorch 0: the first step is lr times the sign of "
            "the gradient. Keras and optax 0.1: small gradients make small first steps."},
    eps_spec(1e-10, "Added to the root. PyTorch 1e-10, Keras and optax 1e-7."),
};
constexpr StateSlot kState[] = {{"sum", "s"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo adagrad;
const OptimizerInfo adagrad{
    .id = "adagrad",
    .label = "AdaGrad",
    .formula = "s ← s + g²\nθ ← θ − lr/(1 + (t−1)·lr_decay) · g / (√s + ε)",
    .reference = "Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and "
                 "stochastic optimization, JMLR 12",
    .doc = "Parameters that rarely see a gradient keep a large rate, busy ones slow down. The sum "
           "only grows, so the rate falls like 1/√t and never recovers.",
    .matches = "torch.optim.Adagrad(lr, lr_decay, initial_accumulator_value, eps)",
    .params = kParams,
    .default_lr = 1e-2,
    .state = kState,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double>) { return 2.0; }, "2/λ"},
};

extern const TorchText adagrad_torch;
const TorchText adagrad_torch{R"(torch.optim.Adagrad(parameters, lr=lr, lr_decay=lr_decay, eps=eps,
                    initial_accumulator_value=initial_accumulator_value))"};
}  // namespace optimizer_rows
}  // namespace lrlab
