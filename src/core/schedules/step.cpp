// Step decay: multiply the rate by gamma every step_size steps.
//
//   factor(t) = gamma^⌊t / step_size⌋
//
// Matches torch.optim.lr_scheduler.StepLR(step_size, gamma).
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kStepSize, kGamma };

double factor(const ScheduleArgs& a, double t) {
  return fn::pow_int(a.param(kGamma), static_cast<std::uint64_t>(t / a.param(kStepSize)));
}

constexpr ParamSpec kParams[] = {
    {.key = "step_size", .label = "step size", .def = 300, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "How long each stair is."},
    {.key = "gamma", .label = "γ", .def = 0.5, .min = 0.01, .max = 1,
     .doc = "What is left of the rate after each stair. PyTorch's default is 0.1."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo step;
const ScheduleInfo step{
    .id = "step",
    .label = "Step decay",
    .formula = "factor(t) = γ^⌊t / step_size⌋",
    .reference = "He et al. 2016, Deep residual learning for image recognition, arXiv:1512.03385 (the usual example)",
    .doc = "A staircase: fast at first, then finer and finer. Each drop lowers the floor that noise "
           "keeps the loss at.",
    .matches = "torch.optim.lr_scheduler.StepLR(step_size, gamma)",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return 5 * a.param(kStepSize); },
};

extern const TorchText step_torch;
const TorchText step_torch{"return gamma ** (t // step_size)"};
}  // namespace schedule_rows
}  // namespace lrlab
