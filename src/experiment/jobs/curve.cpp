#include "experiment/jobs/curve.h"

#include <algorithm>

namespace lrlab {

int curve_points(const Job& job) { return static_cast<int>(std::min(job.param("points"), job.param("steps"))); }

bool append_curve(Trainer& trainer, std::uint64_t steps, int points, Stop stop, const std::vector<double>& prefix,
                  std::vector<double>& cells) {
  for (int k = 0; k <= points; ++k) {
    const std::uint64_t at = steps * static_cast<std::uint64_t>(k) / static_cast<std::uint64_t>(points);
    RunResult r;
    if (!train_to(trainer, at, stop, r)) return false;
    cells.insert(cells.end(), prefix.begin(), prefix.end());
    for (double v : {static_cast<double>(at), r.train_loss, r.test_loss, r.train_accuracy, r.test_accuracy}) cells.push_back(v);
  }
  return true;
}

CurveBand curve_band(const std::vector<const std::vector<double>*>& runs, std::size_t width, std::size_t column) {
  CurveBand band;
  if (runs.empty()) return band;
  for (std::size_t k = 0; k * width < runs[0]->size(); ++k) {
    band.step.push_back((*runs[0])[k * width + column]);
    const auto gather = [&](std::size_t offset) {
      std::vector<double> values;
      for (const auto* run : runs) values.push_back((*run)[k * width + column + offset]);
      return spread_of(std::move(values));
    };
    band.train_loss.push_back(gather(1));
    band.test_loss.push_back(gather(2));
    band.test_accuracy.push_back(gather(4));
  }
  return band;
}

}  // namespace lrlab
