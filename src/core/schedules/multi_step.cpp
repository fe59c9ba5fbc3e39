// Multi-step decay: multiply the rate by gamma at each milestone.
//
//   factor(t) = gamma^(number of milestones ≤ t)
//
// Matches torch.optim.lr_scheduler.MultiStepLR(milestones, gamma): a milestone written twice counts
// twice. Their order does not matter.
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kMilestones, kGamma };

double factor(const ScheduleArgs& a, double t) {
  std::uint64_t passed = 0;
  for (double milestone : a.list) passed += milestone <= t;
  return fn::pow_int(a.param(kGamma), passed);
}

double length(const ScheduleArgs& a) {
  double last = 1;
  for (double milestone : a.list) last = milestone > last ? milestone : last;
  return 1.25 * last;
}

constexpr ParamSpec kParams[] = {
    {.key = "milestones", .label = "milestones", .min = 0, .max = 1e6, .kind = ParamKind::kList,
     .unit = "steps", .doc = "Where the rate drops: for instance at 50 %, 75 % and 90 % of the run.",
     .def_list = "1000,1500,1800"},
    {.key = "gamma", .label = "γ", .def = 0.1, .min = 0.01, .max = 1,
     .doc = "What is left of the rate after each milestone."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo multi_step;
const ScheduleInfo multi_step{
    .id = "multi_step",
    .label = "Multi-step decay",
    .formula = "factor(t) = γ^(number of milestones ≤ t)",
    .reference = "Zagoruyko & Komodakis 2016, Wide residual networks, arXiv:1605.07146 (the usual example)",
    .doc = "A staircase whose stairs you place: the rate drops when the loss has stopped falling.",
    .matches = "torch.optim.lr_scheduler.MultiStepLR(milestones, gamma)",
    .params = kParams,
    .factor = factor,
    .length = length,
};

extern const TorchText multi_step_torch;
const TorchText multi_step_torch{"return gamma ** sum(m <= t for m in milestones)"};
}  // namespace schedule_rows
}  // namespace lrlab
