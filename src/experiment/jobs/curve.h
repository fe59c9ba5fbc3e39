// Learning curves: a training looked at in equal distances, for cross-validation and ensembles.
#pragma once

#include "experiment/jobs/common.h"

namespace lrlab {

inline constexpr const char* kCurveKeys[] = {"step", "train_loss", "test_loss", "train_accuracy", "test_accuracy"};

// How often a training is looked at after its start: no step twice.
int curve_points(const Job& job);

// Appends `prefix`, the step and the four values for points k = 0 ... points at step k·steps/points;
// of a run that diverged or stopped early, NaN from then on (stopped early: its last values).
// False: stopped.
bool append_curve(Trainer& trainer, std::uint64_t steps, int points, Stop stop, const std::vector<double>& prefix,
                  std::vector<double>& cells);

// Of several runs at the same steps.
struct CurveBand {
  std::vector<double> step;
  std::vector<Spread> train_loss, test_loss, test_accuracy;
};
// `column`: of the step; the rows are of `points` + 1 steps each.
CurveBand curve_band(const std::vector<const std::vector<double>*>& runs, std::size_t width, std::size_t column);

#define LRLAB_POINTS_PARAM(n)                                                                       \
  ParamSpec{.key = "points", .label = "points", .def = n, .min = 1, .max = 1000,                    \
            .kind = ParamKind::kInteger, .scale = Scale::kLog,                                      \
            .doc = "How often each training is looked at, in equal distances."}

}  // namespace lrlab
