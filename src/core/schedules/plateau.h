// The rule behind reduce-on-plateau, with the two settings the lab keeps fixed: it listens to a loss,
// so lower is better, and torch's eps is 1e-8.
#pragma once

#include "core/schedule.h"

namespace lrlab {

struct PlateauRule {
  double factor = 0.1;
  double patience = 10;    // this many bad reports in a row are borne
  double threshold = 1e-4;
  bool relative = true;    // the threshold is a share of the best metric, else a difference
  double cooldown = 0;     // reports after a cut during which nothing counts as bad
  double min_lr = 0;
  double eps = 1e-8;       // a cut smaller than this is not made
  bool higher_is_better = false;
};

double plateau_factor(const ScheduleState& state);
void plateau_observe(const PlateauRule& rule, ScheduleState& state, double base_lr, double metric);

}  // namespace lrlab
