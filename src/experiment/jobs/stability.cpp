// The edge of stability: full-batch gradient descent sharpens the loss until its largest curvature
// is 2/lr, and then hovers there instead of diverging.
//
// Cohen, Kaur, Li, Kolter, Talwalkar 2021, "Gradient descent on neural networks typically occurs at
// the edge of stability", arXiv:2103.00065.
#include "experiment/jobs/stability.h"

#include <algorithm>

#include "core/curvature.h"

namespace lrlab {
namespace {

constexpr std::size_t kColumns = 5;

constexpr ParamSpec kParams[] = {
    LRLAB_STEPS_PARAM(10000),
    {.key = "points", .label = "points", .def = 100, .min = 2, .max = 1000, .kind = ParamKind::kInteger, .scale = Scale::kLog,
     .doc = "How often the sharpness is measured, in equal distances. Each costs some dozen gradients."},
};

// Item i: the training at rate i of the axis; a row for each measurement.
class Stability : public Work {
 public:
  explicit Stability(const Job& job) : job_(job) {
    items_ = job.axes[0].size();
    for (const char* key : {"lr", "step", "train_loss", "sharpness", "limit_share"}) columns_.push_back({key, {}});
  }

  std::size_t rows(std::size_t) const override { return static_cast<std::size_t>(job_.param("points")) + 1; }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    Config config = job_.base;
    apply(job_.axes[0], item, config);
    Trainer trainer(make_problem(config), config.train);
    SharpnessProbe probe;
    std::vector<double> cells;
    const auto steps = static_cast<std::uint64_t>(job_.param("steps")), points = static_cast<std::uint64_t>(job_.param("points"));
    for (std::uint64_t k = 0; k <= points; ++k) {
      RunResult r;
      if (!train_to(trainer, steps * k / points, stop, r)) return {};
      double sharp = kNoValue, share = kNoValue;
      if (r.end != RunEnd::kDiverged) {
        probe.begin(trainer);
        while (!probe.step())
          if (stop()) return {};
        const SharpnessProbe::Reading& reading = probe.reading();
        if (reading.sharpness.value * 0 == 0) sharp = reading.sharpness.value;
        const double ratio = reading.lr / reading.limit.lr;
        if (ratio * 0 == 0) share = ratio;
      }
      for (double v : {config.train.lr, static_cast<double>(steps * k / points), r.train_loss, sharp, share}) cells.push_back(v);
    }
    return cells;
  }

 private:
  Job job_;
};

}  // namespace

std::vector<StabilityCurve> stability_curves(const Job& job, const ItemRows& rows) {
  std::vector<StabilityCurve> curves;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StabilityCurve c;
    c.lr = job.axes[0].number(i);
    std::vector<double> late;
    for (std::size_t k = 0; k < rows[i].size(); k += kColumns) {
      const double* row = rows[i].data() + k;
      c.step.push_back(row[1]);
      c.train_loss.push_back(row[2]);
      c.sharpness.push_back(row[3]);
      c.share.push_back(row[4]);
      if (2 * k >= rows[i].size()) late.push_back(row[4]);
      c.diverged = !(row[2] == row[2]);
    }
    const Spread s = spread_of(late);
    c.late_low = s.min;
    c.late_high = s.max;
    curves.push_back(std::move(c));
  }
  return curves;
}

namespace job_rows {
extern const JobInfo stability;
const JobInfo stability{
    .id = "stability",
    .label = "Edge of stability",
    .doc = "Follows the sharpness of full-batch training at several rates: it rises to 2/lr and hovers there.",
    .reference = "Cohen et al. 2021, Gradient descent on neural networks typically occurs at the edge of stability, arXiv:2103.00065",
    .params = kParams,
    .min_axes = 1,
    .max_axes = 1,
    .default_axes = "lr=0.05,0.07,0.1",
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<Stability>(job); },
};
}  // namespace job_rows
}  // namespace lrlab
