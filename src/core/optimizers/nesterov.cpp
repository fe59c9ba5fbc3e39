// SGD with Nesterov momentum: heavy ball, but the step looks one momentum step ahead.
//
//   rate outside the buffer (PyTorch):        v ← μ·v + g       θ ← θ − lr·(g + μ·v)
//   rate inside the buffer (Sutskever, Keras): v ← μ·v + lr·g    θ ← θ − (lr·g + μ·v)
//
// Nesterov 1983, "A method for solving the convex programming problem with rate O(1/k²)".
// Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
// Matches torch.optim.SGD(lr, momentum, nesterov=True).
#include "core/optimizer.h"

namespace lrlab {
namespace {

enum { kMomentum, kRateInside };

void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict buf, std::size_t n,
          Real momentum, Real gain, Real rate) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = gain * grad[i];
    buf[i] = momentum * buf[i] + g;
    theta[i] -= rate * (g + momentum * buf[i]);
  }
}

void update(const OptimizerStep& s) {
  const Real lr = static_cast<Real>(s.lr);
  const bool inside = s.param(kRateInside) != 0;
  step(s.theta, s.grad, s.state(0), s.n, s.real(kMomentum), inside ? lr : Real(1),
       inside ? Real(1) : lr);
}

constexpr ParamSpec kParams[] = {
    {.key = "momentum", .label = "momentum", .def = 0.9, .min = 0, .max = 0.999,
     .doc = "μ: the share of the last step that is kept."},
    {.key = "rate_inside", .label = "rate inside the buffer", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "Off: PyTorch's form. On: the form of Sutskever and Keras, where the rate is part of "
            "the buffer. They differ as soon as a schedule moves the rate."},
};
constexpr StateSlot kState[] = {{"momentum_buffer", "v"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo nesterov;
const OptimizerInfo nesterov{
    .id = "nesterov",
    .label = "Nesterov",
    .formula = "v ← μ·v + g\nθ ← θ − lr·(g + μ·v)",
    .reference = "Nesterov 1983, A method for solving the convex programming problem with rate O(1/k²)",
    .doc = "Momentum that corrects itself: the gradient's own contribution is counted once more, as "
           "if it had been taken one step ahead.",
    .matches = "torch.optim.SGD(lr, momentum, nesterov=True)",
    .params = kParams,
    .default_lr = 0.05,
    .state = kState,
    .momentum_param = kMomentum,
    .update = update,
    .stability = {[](std::span<const double> p) { return (2 + 2 * p[kMomentum]) / (1 + 2 * p[kMomentum]); },
                  "(2+2μ)/((1+2μ)·λ)"},
};

extern const TorchText nesterov_torch;
const TorchText nesterov_torch{
    .text = "torch.optim.SGD(parameters, lr=lr, momentum=momentum, nesterov=True)",
    .option = "rate_inside",
    .with = R"(for p, g, v in self.each("v"):
    v.mul_(momentum).add_(g, alpha=lr)
    p -= lr * g + momentum * v)",
};
}  // namespace optimizer_rows
}  // namespace lrlab
