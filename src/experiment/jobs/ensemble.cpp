// An ensemble: one run repeated with other seeds, so that luck shows as the width of a band.
#include "experiment/jobs/ensemble.h"

namespace lrlab {
namespace {

constexpr ParamSpec kParams[] = {
    LRLAB_STEPS_PARAM(500),
    LRLAB_SEEDS_PARAM(20),
    LRLAB_POINTS_PARAM(100),
};

// Item i: seed i; a row for each point of the curve.
class Ensemble : public Work {
 public:
  explicit Ensemble(const Job& job) : job_(job) {
    items_ = static_cast<std::size_t>(job.param("seeds"));
    columns_ = {{"seed", {}}};
    for (const char* key : kCurveKeys) columns_.push_back({key, {}});
  }

  std::size_t rows(std::size_t) const override { return static_cast<std::size_t>(curve_points(job_)) + 1; }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    Config config = job_.base;
    config.train.seed += item;
    Trainer trainer(make_problem(config), config.train);
    std::vector<double> cells;
    if (!append_curve(trainer, static_cast<std::uint64_t>(job_.param("steps")), curve_points(job_), stop,
                      {static_cast<double>(config.train.seed)}, cells))
      return {};
    return cells;
  }

 private:
  Job job_;
};

}  // namespace

EnsembleResult ensemble_result(const Job&, const ItemRows& rows) {
  constexpr std::size_t kWidth = 1 + std::size(kCurveKeys);
  EnsembleResult result;
  std::vector<const std::vector<double>*> runs;
  for (const auto& cells : rows) {
    if (cells.empty()) continue;
    runs.push_back(&cells);
    ++result.runs;
    const double train_loss = cells[cells.size() - kWidth + 2];
    result.diverged += !(train_loss == train_loss);
  }
  result.band = curve_band(runs, kWidth, 1);
  return result;
}

namespace job_rows {
extern const JobInfo ensemble;
const JobInfo ensemble{
    .id = "ensemble",
    .label = "Ensemble",
    .doc = "The same run with many seeds: the band shows how much of a difference is luck.",
    .reference = "Bouthillier et al. 2021, Accounting for variance in machine learning benchmarks, arXiv:2103.03098",
    .params = kParams,
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<Ensemble>(job); },
    .size = [](const Job& job) { return JobSize{job.param("seeds"), job.param("seeds") * (curve_points(job) + 1)}; },
};
}  // namespace job_rows
}  // namespace lrlab
