// Polynomial decay: from the base rate down to its end, as a power of the time that is left.
//
//   factor(t) = e + (1 − e)·(1 − t/T)^power     for t < T, then e
//   cycle:      T is stretched to the next multiple of total_steps, so the rate jumps up to a lower
//               top each time it has reached the end
//
// Matches torch.optim.lr_scheduler.PolynomialLR(total_iters, power) with e = 0, and Keras'
// PolynomialDecay(decay_steps, end_learning_rate = e·lr, power, cycle). As in Keras, the rate stands
// at its end AT each multiple of total_steps and jumps one step later.
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kTotalSteps, kPower, kEndFactor, kCycle };

double factor(const ScheduleArgs& a, double t) {
  const double end = a.param(kEndFactor);
  double total = a.param(kTotalSteps);
  if (t > total) {
    if (a.param(kCycle) == 0) return end;
    total *= -fn::floor(-t / total);  // rounded up
  }
  return end + (1 - end) * fn::pow(1 - t / total, a.param(kPower));
}

constexpr ParamSpec kParams[] = {
    {.key = "total_steps", .label = "total steps", .def = 2000, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "Steps from the top to the end. PyTorch calls it total_iters (default 5)."},
    {.key = "power", .label = "power", .def = 1, .min = 0.1, .max = 10, .scale = Scale::kLog,
     .doc = "1: a straight line. Above: falls early and lands softly. Below: stays high and drops late."},
    {.key = "end_factor", .label = "end factor", .def = 0, .min = 0, .max = 1,
     .doc = "The last rate as a share of the base rate. PyTorch has 0, Keras 0.0001 as a rate."},
    {.key = "cycle", .label = "start again", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kBool,
     .doc = "On: after the end the rate jumps up again, to a lower top each time (Keras)."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo polynomial;
const ScheduleInfo polynomial{
    .id = "polynomial",
    .label = "Polynomial decay",
    .formula = "factor(t) = e + (1−e)·(1 − t/T)^power",
    .reference = "Chen et al. 2017, DeepLab, arXiv:1606.00915 (the \"poly\" policy, power 0.9)",
    .doc = "Falls to its end in a given number of steps; the power bends the way.",
    .matches = "torch.optim.lr_scheduler.PolynomialLR(total_iters, power); Keras PolynomialDecay",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return a.param(kTotalSteps) * (a.param(kCycle) != 0 ? 3 : 1); },
};

extern const TorchText polynomial_torch;
const TorchText polynomial_torch{R"(total = total_steps * (max(1, math.ceil(t / total_steps)) if cycle else 1)
return end_factor + (1 - end_factor) * max(0, 1 - t / total) ** power)"};
}  // namespace schedule_rows
}  // namespace lrlab
