// SGD with heavy-ball momentum: the step follows a decaying sum of past gradients.
//
//   rate outside the buffer (PyTorch):        v ← μ·v + (1−τ)·g      θ ← θ − lr·v
//   rate inside the buffer (Sutskever, Keras): v ← μ·v + lr·(1−τ)·g   θ ← θ − v
//
// The two agree while lr is constant and part as soon as a schedule moves it: inside, a step taken
// at a high rate keeps pushing at that rate after the schedule has lowered it.
// Polyak 1964, "Some methods of speeding up the convergence of iteration methods".
// Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
// Matches torch.optim.SGD(lr, momentum, dampening): the first gradient enters undamped.
#include "core/optimizer.h"

namespace lrlab {
namespace {

enum { kMomentum, kDampening, kRateInside };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict buf, std::size_t n,
          Real momentum, Real gain, Real rate) {
  for (std::size_t i = 0; i < n; ++i) {
    buf[i] = momentum * buf[i] + gain * grad[i];
    theta[i] -= rate * buf[i];
  }
}

void update(const OptimizerStep& s) {
  const bool inside = s.param(kRateInside) != 0;
  const double damp = s.step == 0 ? 1 : 1 - s.param(kDampening);
  step(s.theta, s.grad, s.state(0), s.n, s.real(kMomentum),
       static_cast<Real>(inside ? damp * s.lr : damp), inside ? Real(1) : static_cast<Real>(s.lr));
}

constexpr ParamSpec kParams[] = {
    {.key = "momentum", .label = "momentum", .def = 0.9, .min = 0, .max = 0.999,
     .doc = "μ: the share of the last step that is kept. In the long run the step is 1/(1−μ) times "
            "as large as plain SGD's."},
    {.key = "dampening", .label = "dampening", .def = 0, .min = 0, .max = 1,
     .doc = "τ: shrinks each gradient as it enters the buffer (not the first one, as in PyTorch)."},
    {.key = "rate_inside", .label = "rate inside the buffer", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "Off: PyTorch's form. On: the form of Sutskever and Keras, where the rate is part of "
            "the buffer. They differ as soon as a schedule moves the rate."},
};
constexpr StateSlot kState[] = {{"momentum_buffer", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo momentum;
const OptimizerInfo momentum{
    .id = "momentum",
    .label = "Momentum",
    .formula = "v ← μ·v + (1−τ)·g\nθ ← θ − lr·v",
    .reference = "Polyak 1964, Some methods of speeding up the convergence of iteration methods",
    .doc = "Heavy ball: steps in the same direction add up, steps that alternate cancel. Stable on a "
           "quadratic while lr < (2+2μ)/λ_max (without dampening).",
    .matches = "torch.optim.SGD(lr, momentum, dampening)",
    .params = kParams,
    .default_lr = 0.05,
    .state = kState,
    .momentum_param = kMomentum,
    .update = update,
    .stability = {[](std::span<const double> p) { return (2 + 2 * p[kMomentum]) / (1 - p[kDampening]); },
                  "(2+2μ)/((1−τ)·λ)"},
};

extern const TorchText momentum_torch;
const TorchText momentum_torch{
    .text = "torch.optim.SGD(parameters, lr=lr, momentum=momentum, dampening=dampening)",
    .option = "rate_inside",
    .with = R"(for p, g, v in self.each("v"):
    v.mul_(momentum).add_(g, alpha=lr * (1 - dampening if t > 1 else 1))
    p -= v)",
};
}  // namespace optimizer_rows
}  // namespace lrlab
