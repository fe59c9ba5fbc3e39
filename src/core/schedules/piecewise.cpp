// Piecewise: points given by hand, joined by straight lines or held until the next. What a person
// draws.
//
//   points t₀,f₀,t₁,f₁,...      factor(t) between tᵢ ≤ t < tᵢ₊₁:
//   lines:  fᵢ + (fᵢ₊₁ − fᵢ)·(t − tᵢ)/(tᵢ₊₁ − tᵢ)        held:  fᵢ
//
// Before the first point its factor holds, after the last one that of the last. Two points at the
// same t make a jump. A point that goes back in time is skipped. Matches optax's
// piecewise_interpolate_schedule and Keras' PiecewiseConstantDecay.
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kPoints, kHold };

double factor(const ScheduleArgs& a, double t) {
  if (a.list.size() < 2) return 1;
  double t0 = a.list[0], f0 = a.list[1];
  if (t < t0) return f0;
  for (std::size_t i = 2; i + 1 < a.list.size(); i += 2) {
    const double t1 = a.list[i], f1 = a.list[i + 1];
    if (t1 < t0) continue;
    if (t < t1) return a.param(kHold) != 0 ? f0 : f0 + (f1 - f0) * ((t - t0) / (t1 - t0));
    t0 = t1;
    f0 = f1;
  }
  return f0;
}

double length(const ScheduleArgs& a) {
  double last = 1;
  for (std::size_t i = 0; i + 1 < a.list.size(); i += 2) last = a.list[i] > last ? a.list[i] : last;
  return last;
}

constexpr ParamSpec kParams[] = {
    {.key = "points", .label = "points", .min = 0, .max = 1e6, .kind = ParamKind::kList,
     .doc = "Step and factor of each point, one after the other; factors are shares of the dial.",
     .def_list = "0,0.1,200,1,1200,1,1800,0.1,2000,0"},
    {.key = "piecewise_hold", .label = "hold", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kBool,
     .doc = "On: each factor holds until the next point. Off: straight lines."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo piecewise;
const ScheduleInfo piecewise{
    .id = "piecewise",
    .label = "Drawn by hand",
    .formula = "factor(t): lines through (t₀,f₀), (t₁,f₁), ...",
    .reference = "Goyal et al. 2017, Accurate, large minibatch SGD, arXiv:1706.02677 (warm-up and drops, by hand)",
    .doc = "Your own curve: try what a formula would not do.",
    .matches = "torch.optim.lr_scheduler.LambdaLR with this function; Keras PiecewiseConstantDecay when held",
    .params = kParams,
    .factor = factor,
    .drawn = true,
    .length = length,
};

extern const TorchText piecewise_torch;
const TorchText piecewise_torch{R"(if len(points) < 2 or t < points[0]:
    return points[1] if points[1:] else 1
t0, f0 = points[:2]
for t1, f1 in zip(points[2::2], points[3::2]):
    if t1 < t0:
        continue
    if t < t1:
        return f0 if piecewise_hold else f0 + (f1 - f0) * (t - t0) / (t1 - t0)
    t0, f0 = t1, f1
return f0)"};
}  // namespace schedule_rows
}  // namespace lrlab
