// Exponential decay: the rate loses the same share in every step.
//
//   factor(t) = gamma^(t / decay_steps)          staircase: the exponent is rounded down
//
// With decay_steps = 1 it is torch.optim.lr_scheduler.ExponentialLR(gamma). Matches Keras'
// ExponentialDecay(decay_rate = gamma, decay_steps, staircase).
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kGamma, kDecaySteps, kStaircase };

double factor(const ScheduleArgs& a, double t) {
  const double exponent = t / a.param(kDecaySteps);
  if (a.param(kStaircase) != 0)
    return fn::pow_int(a.param(kGamma), static_cast<std::uint64_t>(exponent));
  return fn::pow(a.param(kGamma), exponent);
}

constexpr ParamSpec kParams[] = {
    {.key = "gamma", .label = "γ", .def = 0.1, .min = 1e-4, .max = 1,
     .doc = "What is left of the rate after each `decay steps`."},
    {.key = "decay_steps", .label = "decay steps", .def = 1000, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "How many steps it takes to fall to γ. PyTorch has no such number: there γ is per step."},
    {.key = "staircase", .label = "in stairs", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kBool,
     .doc = "On: the rate falls once every `decay steps` instead of a little in every step."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo exponential;
const ScheduleInfo exponential{
    .id = "exponential",
    .label = "Exponential decay",
    .formula = "factor(t) = γ^(t / decay_steps)",
    .reference = "Bottou 2012, Stochastic gradient descent tricks (on how fast a rate may fall)",
    .doc = "A straight line on a logarithmic axis. It falls fast: too fast, and training freezes "
           "before it has arrived.",
    .matches = "torch.optim.lr_scheduler.ExponentialLR(gamma) with decay steps 1; Keras ExponentialDecay",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return 2 * a.param(kDecaySteps); },
};

extern const TorchText exponential_torch;
const TorchText exponential_torch{
    "return gamma ** (t // decay_steps if staircase else t / decay_steps)"};
}  // namespace schedule_rows
}  // namespace lrlab
