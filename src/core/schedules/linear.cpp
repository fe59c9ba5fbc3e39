// Linear: a straight line from one factor to another, then level.
//
//   factor(t) = s + (e − s)·min(t / total_steps, 1)
//
// Matches torch.optim.lr_scheduler.LinearLR(start_factor, end_factor, total_iters).
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kTotalSteps, kStartFactor, kEndFactor };

double factor(const ScheduleArgs& a, double t) {
  const double share = t < a.param(kTotalSteps) ? t / a.param(kTotalSteps) : 1;
  return a.param(kStartFactor) * (1 - share) + a.param(kEndFactor) * share;
}

constexpr ParamSpec kParams[] = {
    {.key = "total_steps", .label = "total steps", .def = 2000, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "Steps from the start to the end. PyTorch calls it total_iters (default 5)."},
    {.key = "start_factor", .label = "start factor", .def = 1, .min = 0, .max = 1,
     .doc = "The first rate as a share of the base rate. PyTorch's default is 1/3: there LinearLR is a warm-up."},
    {.key = "end_factor", .label = "end factor", .def = 0, .min = 0, .max = 1,
     .doc = "The last rate as a share of the base rate. PyTorch's default is 1."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo linear;
const ScheduleInfo linear{
    .id = "linear",
    .label = "Linear",
    .formula = "factor(t) = s + (e−s)·min(t/T, 1)",
    .reference = "Defazio et al. 2023, When, why and how much? Adaptive learning rate scheduling by refinement, arXiv:2310.07831",
    .doc = "A straight line to zero, with a short warm-up: hard to beat when the length of the run is "
           "known.",
    .matches = "torch.optim.lr_scheduler.LinearLR(start_factor, end_factor, total_iters)",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return a.param(kTotalSteps); },
};

extern const TorchText linear_torch;
const TorchText linear_torch{R"(share = min(1, t / total_steps)
return start_factor * (1 - share) + end_factor * share)"};
}  // namespace schedule_rows
}  // namespace lrlab
