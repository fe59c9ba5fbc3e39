// What a schedule is: a pure function of the step that multiplies the base rate.
//
// Because it is pure, the preview is the function the trainer calls, time can be scrubbed, and one
// dial (the base rate) scales every curve. The dial is the curve's peak: factors lie in [0, 1] for
// all schedules that do not say otherwise. Only reduce-on-plateau carries state, explicitly.
#pragma once

#include <array>
#include <span>

#include "core/param_spec.h"
#include "core/registry.h"
#include "core/torch_text.h"

namespace lrlab {

// Memory of a schedule that listens to a metric; all 0 at the start. Copyable: part of a snapshot.
using ScheduleState = std::array<double, 6>;

struct ScheduleArgs {
  std::span<const double> params;  // in the order of the row's table
  std::span<const double> list;    // milestones or points, for rows that have a list
  double base_lr = 0;              // the dial; for schedules that compare rates (plateau's min_lr)
  const ScheduleState* state = nullptr;  // only read by rows with `observe`

  double param(int i) const { return params[static_cast<std::size_t>(i)]; }
};

struct ScheduleInfo {
  const char* id = "";
  const char* label = "";
  const char* formula = "";
  const char* reference = "";
  const char* doc = "";
  const char* matches = "";  // the torch.optim.lr_scheduler class it equals, or how it differs
  std::span<const ParamSpec> params = {};

  // The multiplier of the base rate at step (or epoch) t = 0, 1, 2, ...
  double (*factor)(const ScheduleArgs&, double t) = nullptr;
  // Optional. The momentum to use at t, for schedules that cycle it; NaN: leave it alone.
  double (*momentum)(const ScheduleArgs&, double t) = nullptr;
  // Optional. Called after step (or epoch) t with the metric (training loss).
  void (*observe)(ScheduleState&, const ScheduleArgs&, double metric) = nullptr;
  // Its list are points (t, factor) one after the other, with straight lines between: it can be drawn.
  bool drawn = false;
  // Optional. How many steps (or epochs) show the whole shape; absent: no natural end.
  double (*length)(const ScheduleArgs&) = nullptr;
};

Family<ScheduleInfo> schedules();
const TorchText& torch_text(const ScheduleInfo& info);

}  // namespace lrlab
