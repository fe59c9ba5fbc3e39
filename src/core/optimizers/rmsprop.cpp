// RMSprop: AdaGrad that forgets: the gradient over the root of a moving average of its square.
//
//   v ← α·v + (1−α)·g²
//   n ← g / (√v + ε)          centered:  n ← g / (√(v − ḡ²) + ε)  with  ḡ ← α·ḡ + (1−α)·g
//   b ← μ·b + n               (without momentum, μ = 0:  b = n)
//   θ ← θ − lr·b
//
// Tieleman & Hinton 2012, "Lecture 6.5: rmsprop", COURSERA: Neural networks for machine learning.
// Centered: Graves 2013, "Generating sequences with recurrent neural networks", arXiv:1308.0850.
// Matches torch.optim.RMSprop: ε outside the root; optax and TensorFlow put it inside. The rate is
// outside the momentum buffer.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kAlpha, kEps, kMomentum, kCentered };

template <bool kIsCentered>
void step(Real* __restrict theta, const Real* __restrict grad, Real* __restrict square_avg,
          Real* __restrict grad_avg, Real* __restrict buf, std::size_t n, Real alpha,
          Real one_minus_alpha, Real momentum, Real lr, Real eps) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    square_avg[i] = alpha * square_avg[i] + one_minus_alpha * (g * g);
    Real v = square_avg[i];
    if constexpr (kIsCentered) {
      grad_avg[i] = alpha * grad_avg[i] + one_minus_alpha * g;
      v -= grad_avg[i] * grad_avg[i];
      v = v > 0 ? v : Real(0);  // a variance that rounding has made negative
    }
    buf[i] = momentum * buf[i] + g / (fn::sqrt(v) + eps);
    theta[i] -= lr * buf[i];
  }
}

void update(const OptimizerStep& s) {
  const auto run = s.param(kCentered) != 0 ? step<true> : step<false>;
  run(s.theta, s.grad, s.state(0), s.state(1), s.state(2), s.n, s.real(kAlpha),
      static_cast<Real>(1 - s.param(kAlpha)), s.real(kMomentum), static_cast<Real>(s.lr),
      s.real(kEps));
}

void effective_rate(const OptimizerStep& s, Real* out) {
  const bool centered = s.param(kCentered) != 0;
  for (std::size_t i = 0; i < s.n; ++i) {
    const Real mean = centered ? s.state(1)[i] : Real(0);
    const Real v = s.state(0)[i] - mean * mean;
    out[i] = static_cast<Real>(s.lr) / (fn::sqrt(v > 0 ? v : Real(0)) + s.real(kEps));
  }
}

constexpr ParamSpec kParams[] = {
    {.key = "alpha", .label = "α", .def = 0.99, .min = 0, .max = 0.9999,
     .doc = "Memory of the squared-gradient average: about 1/(1−α) steps. PyTorch 0.99; Keras, "
            "optax and Hinton's lecture 0.9."},
    eps_spec(1e-8, "Added to the root. PyTorch 1e-8 outside the root; optax 1e-8 inside; Keras "
                   "1e-7."),
    {.key = "momentum", .label = "momentum", .def = 0, .min = 0, .max = 0.999,
     .doc = "Heavy-ball momentum on the scaled gradients. 0: none."},
    {.key = "centered", .label = "centered", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kBool,
     .doc = "Divide by the deviation of the gradient instead of its root mean square: larger steps "
            "where the gradient is steady."},
};
constexpr StateSlot kState[] = {{"square_avg", "v"}, {"grad_avg"}, {"momentum_buffer", "b"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo rmsprop;
const OptimizerInfo rmsprop{
    .id = "rmsprop",
    .label = "RMSprop",
    .formula = "v ← α·v + (1−α)·g²\nn ← g / (√v + ε)\nb ← μ·b + n\nθ ← θ − lr·b",
    .reference = "Tieleman & Hinton 2012, Lecture 6.5: rmsprop, COURSERA: Neural networks for "
                 "machine learning",
    .doc = "Steps of about lr per parameter, whatever the size of its gradients. Unlike AdaGrad it "
           "forgets old gradients, so it keeps moving; it needs a falling rate to settle.",
    .matches = "torch.optim.RMSprop(lr, alpha, eps, momentum, centered)",
    .params = kParams,
    .default_lr = 1e-2,
    .state = kState,
    .momentum_param = kMomentum,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return 2 + 2 * p[kMomentum]; }, "(2+2μ)/λ"},
};

extern const TorchText rmsprop_torch;
const TorchText rmsprop_torch{
    "torch.optim.RMSprop(parameters, lr=lr, alpha=alpha, eps=eps, momentum=momentum, centered=centered)"};
}  // namespace optimizer_rows
}  // namespace lrlab
