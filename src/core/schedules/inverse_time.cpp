// Inverse time decay: the rate falls as 1/t.
//
//   factor(t) = 1 / (1 + decay_rate·t / decay_steps)     staircase: t/decay_steps is rounded down
//
// Robbins & Monro 1951, "A stochastic approximation method": with rates in proportion to 1/t the
// noise averages out and the run converges. Matches Keras' InverseTimeDecay; torch has none.
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kDecayRate, kDecaySteps, kStaircase };

double factor(const ScheduleArgs& a, double t) {
  const double x = t / a.param(kDecaySteps);
  return 1 / (1 + a.param(kDecayRate) * (a.param(kStaircase) != 0 ? fn::floor(x) : x));
}

constexpr ParamSpec kParams[] = {
    {.key = "decay_rate", .label = "decay rate", .def = 1, .min = 0.01, .max = 100, .scale = Scale::kLog,
     .doc = "1: after `decay steps` half of the rate is left, after twice as many a third."},
    {.key = "decay_steps", .label = "decay steps", .def = 200, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "The unit of time."},
    {.key = "staircase", .label = "in stairs", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kBool,
     .doc = "On: the rate falls once every `decay steps` instead of a little in every step."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo inverse_time;
const ScheduleInfo inverse_time{
    .id = "inverse_time",
    .label = "Inverse time",
    .formula = "factor(t) = 1 / (1 + decay_rate·t/decay_steps)",
    .reference = "Robbins & Monro 1951, A stochastic approximation method",
    .doc = "The rate for which convergence under noise was first proved: it falls for ever, but its "
           "sum has no limit, so the run can still get anywhere.",
    .matches = "Keras InverseTimeDecay(decay_rate, decay_steps, staircase); torch has none",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return 10 * a.param(kDecaySteps); },
};

extern const TorchText inverse_time_torch;
const TorchText inverse_time_torch{R"(x = t / decay_steps
return 1 / (1 + decay_rate * (math.floor(x) if staircase else x)))"};
}  // namespace schedule_rows
}  // namespace lrlab
