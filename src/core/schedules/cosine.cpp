// Cosine annealing: half a cosine from the base rate down to its minimum.
//
//   factor(t) = min_factor + (1 − min_factor)·(1 + cos(π·t / t_max)) / 2
//
// Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983.
// Matches torch.optim.lr_scheduler.CosineAnnealingLR(T_max, eta_min = min_factor·lr), and like it
// rises again after t_max (period 2·t_max) unless `hold` is on.
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kTMax, kMinFactor, kHold };
constexpr double kPi = 3.14159265358979323846;

double factor(const ScheduleArgs& a, double t) {
  const double t_max = a.param(kTMax), lowest = a.param(kMinFactor);
  if (a.param(kHold) != 0 && t > t_max) t = t_max;
  return lowest + (1 - lowest) * (1 + fn::cos(kPi * t / t_max)) / 2;
}

constexpr ParamSpec kParams[] = {
    {.key = "t_max", .label = "T_max", .def = 2000, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "Steps from the top to the bottom."},
    {.key = "min_factor", .label = "min factor", .def = 0, .min = 0, .max = 1,
     .doc = "The lowest rate, as a share of the base rate (PyTorch's eta_min / lr)."},
    {.key = "hold", .label = "stay at the bottom", .def = 1, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "On: the rate stays at its minimum after T_max, as Keras does. Off: it rises again, as "
            "PyTorch's does."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo cosine;
const ScheduleInfo cosine{
    .id = "cosine",
    .label = "Cosine",
    .formula = "factor(t) = m + (1−m)·(1 + cos(π·t/T_max)) / 2",
    .reference = "Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts, arXiv:1608.03983",
    .doc = "Starts slowly, falls fastest in the middle, lands softly. Needs to know when the run ends.",
    .matches = "torch.optim.lr_scheduler.CosineAnnealingLR(T_max, eta_min); Keras CosineDecay with hold on",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return a.param(kTMax); },
};

extern const TorchText cosine_torch;
const TorchText cosine_torch{R"(t = min(t, t_max) if hold else t
return min_factor + (1 - min_factor) * (1 + math.cos(math.pi * t / t_max)) / 2)"};
}  // namespace schedule_rows
}  // namespace lrlab
