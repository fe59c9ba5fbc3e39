// Rprop: every parameter has a step size of its own, which grows while its gradient keeps its sign.
//
//   g·g_prev > 0:  Δ ← min(Δ·η⁺, Δ_max)
//   g·g_prev < 0:  Δ ← max(Δ·η⁻, Δ_min),  g ← 0     (no move in this step)
//   θ ← θ − sign(g)·Δ,   g_prev ← g
//
// Riedmiller & Braun 1993, "A direct adaptive method for faster backpropagation learning: the RPROP
// algorithm", IEEE ICNN. Matches torch.optim.Rprop: Δ starts at lr, which counts only there.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kEtaMinus, kEtaPlus, kStepMin, kStepMax };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict prev,
          Real* __restrict step_size, std::size_t n, Real eta_minus, Real eta_plus, Real step_min,
          Real step_max) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real turn = sign(grad[i]) * sign(prev[i]);
    Real size = step_size[i] * (turn > 0 ? eta_plus : turn < 0 ? eta_minus : Real(1));
    size = size < step_min ? step_min : size;
    size = size > step_max ? step_max : size;
    const Real g = turn < 0 ? Real(0) : grad[i];
    theta[i] -= sign(g) * size;
    prev[i] = g;
    step_size[i] = size;
  }
}

void update(const OptimizerStep& s) {
  if (s.step == 0)
    for (std::size_t i = 0; i < s.n; ++i) s.state(1)[i] = static_cast<Real>(s.lr);
  step(s.theta, s.grad, s.state(0), s.state(1), s.n, s.real(kEtaMinus), s.real(kEtaPlus),
       s.real(kStepMin), s.real(kStepMax));
}

// The step itself: what multiplies the sign of the gradient.
void effective_rate(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = s.state(1)[i];
}

constexpr ParamSpec kParams[] = {
    {.key = "eta_minus", .label = "η⁻", .def = 0.5, .min = 0.01, .max = 0.99,
     .doc = "What the step is multiplied by when the gradient's sign turns: it has jumped over a "
            "minimum."},
    {.key = "eta_plus", .label = "η⁺", .def = 1.2, .min = 1.01, .max = 3,
     .doc = "What the step is multiplied by while the sign stays."},
    {.key = "step_min", .label = "Δ_min", .def = 1e-6, .min = 1e-12, .max = 1, .scale = Scale::kLog,
     .doc = "Smallest step."},
    {.key = "step_max", .label = "Δ_max", .def = 50, .min = 1e-3, .max = 1000, .scale = Scale::kLog,
     .doc = "Largest step."},
};
constexpr StateSlot kState[] = {{"prev", "g_prev"}, {"step_size", "Δ"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo rprop;
const OptimizerInfo rprop{
    .id = "rprop",
    .label = "Rprop",
    .formula = "g·g_prev > 0: Δ ← min(Δ·η⁺, Δ_max)\ng·g_prev < 0: Δ ← max(Δ·η⁻, Δ_min), g ← 0\n"
               "θ ← θ − sign(g)·Δ",
    .reference = "Riedmiller & Braun 1993, A direct adaptive method for faster backpropagation "
                 "learning: the RPROP algorithm, IEEE ICNN",
    .doc = "lr is only the first step; after it the method sets its own, and a schedule changes "
           "nothing. For full batches: the noise of small ones turns signs at random.",
    .matches = "torch.optim.Rprop(lr, etas, step_sizes)",
    .params = kParams,
    .default_lr = 1e-2,
    .state = kState,
    .own_rate = true,
    .full_batch = true,
    .update = update,
    .effective_rate = effective_rate,
};

extern const TorchText rprop_torch;
const TorchText rprop_torch{
    "torch.optim.Rprop(parameters, lr=lr, etas=(eta_minus, eta_plus), step_sizes=(step_min, step_max))"};
}  // namespace optimizer_rows
}  // namespace lrlab
