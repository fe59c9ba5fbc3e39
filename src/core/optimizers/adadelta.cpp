// Adadelta: the step has the units of the parameter, so that in theory no rate is needed.
//
//   v ← ρ·v + (1−ρ)·g²
//   Δ ← √(a + ε) / √(v + ε) · g
//   a ← ρ·a + (1−ρ)·Δ²
//   θ ← θ − lr·Δ
//
// Zeiler 2012, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701.
// Matches torch.optim.Adadelta: lr = 1 is the paper, ε inside both roots. Keras' default lr of 1e-3
// makes it a thousand times slower.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kRho, kEps };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict square_avg,
          Real* __restrict acc_delta, std::size_t n, Real rho, Real one_minus_rho, Real lr,
          Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    square_avg[i] = rho * square_avg[i] + one_minus_rho * (g * g);
    const Real delta = fn::sqrt(acc_delta[i] + eps) / fn::sqrt(square_avg[i] + eps) * g;
    acc_delta[i] = rho * acc_delta[i] + one_minus_rho * (delta * delta);
    theta[i] -= lr * delta;
  }
}

void update(const OptimizerStep& s) {
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, s.real(kRho),
       static_cast<Real>(1 - s.param(kRho)), static_cast<Real>(s.lr), s.real(kEps));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const Real eps = s.real(kEps);
  for (std::size_t i = 0; i < s.n; ++i)
    out[i] =
        static_cast<Real>(s.lr) * fn::sqrt(s.state(1)[i] + eps) / fn::sqrt(s.state(0)[i] + eps);
}

constexpr ParamSpec kParams[] = {
    {.key = "rho", .label = "ρ", .def = 0.9, .min = 0, .max = 0.9999,
     .doc = "Memory of both averages: about 1/(1−ρ) steps. PyTorch and optax 0.9, the paper and "
            "Keras 0.95."},
    eps_spec(1e-6, "Inside both roots. It sets the first step, √ε, and so how long the method "
                   "takes to find its own rate. PyTorch, the paper and optax 1e-6, Keras 1e-7."),
};
constexpr StateSlot kState[] = {{"square_avg", "v"}, {"acc_delta", "a"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo adadelta;
const OptimizerInfo adadelta{
    .id = "adadelta",
    .label = "Adadelta",
    .formula = "v ← ρ·v + (1−ρ)·g²\nΔ ← √(a + ε) / √(v + ε) · g\na ← ρ·a + (1−ρ)·Δ²\nθ ← θ − lr·Δ",
    .reference = "Zeiler 2012, ADADELTA: an adaptive learning rate method, arXiv:1212.5701",
    .doc = "Takes the size of its next step from the size of its last ones. \"No learning rate\" "
           "holds at lr = 1 only (Keras' default of 0.001 makes it a thousand times slower); it starts "
           "very slowly and speeds up by itself.",
    .matches = "torch.optim.Adadelta(lr, rho, eps)",
    .params = kParams,
    .default_lr = 1.0,
    .state = kState,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double>) { return 2.0; }, "2/λ"},
};

extern const TorchText adadelta_torch;
const TorchText adadelta_torch{"torch.optim.Adadelta(parameters, lr=lr, rho=rho, eps=eps)"};
}  // namespace optimizer_rows
}  // namespace lrlab
