// Cyclical rates: up and down between a floor and the dial, in straight lines.
//
//   triangle(t): 0 → 1 in step_size_up steps, 1 → 0 in step_size_down steps, and again
//   swing = triangle            mode triangular
//         = triangle·½^cycle    mode triangular2: every peak is half as high
//         = triangle·gamma^t    mode exp_range: t counts steps, not cycles
//   factor(t)   = min_factor + (1 − min_factor)·swing
//   momentum(t) = max_momentum − (max_momentum − base_momentum)·swing
//
// Smith 2017, "Cyclical learning rates for training neural networks", arXiv:1506.01186.
// Matches torch.optim.lr_scheduler.CyclicLR(base_lr = min_factor·lr, max_lr = lr, ...).
#include <limits>

#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kUp, kDown, kMode, kGamma, kMinFactor, kCycleMomentum, kBaseMomentum, kMaxMomentum };
enum { kTriangular, kTriangular2, kExpRange };

double down(const ScheduleArgs& a) { return a.param(kDown) > 0 ? a.param(kDown) : a.param(kUp); }

double swing(const ScheduleArgs& a, double t) {
  const double rise = a.param(kUp), period = rise + down(a);
  const double cycle = fn::floor(t / period), r = t - cycle * period;
  const double triangle = r <= rise ? r / rise : (period - r) / down(a);
  const int mode = static_cast<int>(a.param(kMode));
  if (mode == kTriangular2) return triangle * fn::pow(0.5, cycle);
  if (mode == kExpRange) return triangle * fn::pow(a.param(kGamma), t);
  return triangle;
}

double factor(const ScheduleArgs& a, double t) {
  const double s = swing(a, t);
  return a.param(kMinFactor) * (1 - s) + s;
}

double momentum(const ScheduleArgs& a, double t) {
  if (a.param(kCycleMomentum) == 0) return std::numeric_limits<double>::quiet_NaN();
  const double s = swing(a, t);
  return a.param(kMaxMomentum) * (1 - s) + a.param(kBaseMomentum) * s;
}

constexpr ParamSpec kParams[] = {
    {.key = "step_size_up", .label = "steps up", .def = 250, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "Half a cycle. Smith: 2 to 10 epochs. PyTorch's default is 2000 steps."},
    {.key = "step_size_down", .label = "steps down", .def = 0, .min = 0, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps", .doc = "0: as many as up."},
    {.key = "mode", .label = "mode", .def = 0, .min = 0, .max = 2, .kind = ParamKind::kChoice,
     .doc = "How the peaks change: not at all, halved every cycle, or times γ in every step.",
     .choices = "triangular|triangular2|exp_range"},
    {.key = "gamma", .label = "γ", .def = 0.999, .min = 0.9, .max = 1,
     .doc = "For exp_range: what is left of the swing after each step. PyTorch's default is 1."},
    {.key = "min_factor", .label = "min factor", .def = 0.1, .min = 0, .max = 1,
     .doc = "The floor as a share of the dial (PyTorch's base_lr / max_lr)."},
    {.key = "cycle_momentum", .label = "cycle momentum", .def = 1, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "Momentum (β₁ for Adam and its kin) runs against the rate: low where the rate is high."},
    {.key = "base_momentum", .label = "lowest momentum", .def = 0.8, .min = 0, .max = 0.999,
     .doc = "Momentum where the rate is highest."},
    {.key = "max_momentum", .label = "highest momentum", .def = 0.9, .min = 0, .max = 0.999,
     .doc = "Momentum where the rate is lowest."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo cyclical;
const ScheduleInfo cyclical{
    .id = "cyclical",
    .label = "Cyclical",
    .formula = "factor(t) = m + (1−m)·triangle(t)·shrink",
    .reference = "Smith 2017, Cyclical learning rates for training neural networks, arXiv:1506.01186",
    .doc = "Sweeps the range between too slow and almost too fast, so that the right rate is met "
           "again and again. The dial is the top of the sweep.",
    .matches = "torch.optim.lr_scheduler.CyclicLR(base_lr, max_lr, step_size_up, step_size_down, mode, gamma)",
    .params = kParams,
    .factor = factor,
    .momentum = momentum,
    .length = [](const ScheduleArgs& a) { return 4 * (a.param(kUp) + down(a)); },
};

extern const TorchText cyclical_torch;
const TorchText cyclical_torch{R"(down = step_size_down or step_size_up
cycle, place = divmod(t, step_size_up + down)
swing = place / step_size_up if place <= step_size_up else (step_size_up + down - place) / down
swing *= {"triangular": 1, "triangular2": 0.5**cycle, "exp_range": gamma**t}[mode]
return (min_factor * (1 - swing) + swing, max_momentum * (1 - swing) + base_momentum * swing))"};
}  // namespace schedule_rows
}  // namespace lrlab
