// The edge of stability: full-batch gradient descent sharpens the loss until its largest curvature
// is 2/lr, and then hovers there instead of diverging.
//
// Cohen, Kaur, Li, Kolter, Talwalkar 2021, "Gradient descent on neural networks typically occurs at
// the edge of stability", arXiv:2103.00065.
#include "experiment/jobs/stability.h"

#include <algorithm>

#include "core/curvature.h"
#include "experiment/jobs/curve.h"

namespace lrlab {
namespace {

constexpr ParamSpec kParams[] = {
    LRLAB_STEPS_PARAM(10000),
    {.key = "points", .label = "points", .def = 100, .min = 2, .max = 1000, .kind = ParamKind::kInteger, .scale = Scale::kLog,
     .doc = "How often the sharpness is measured, in equal distances. Each costs some dozen gradients."},
};

bool over_rates(const Job& job) { return job.axes[0].key == "lr"; }

// Item i: the training at value i of the axis; a row for each measurement.
class Stability : public Work {
 public:
  explicit Stability(const Job& job) : job_(job) {
    items_ = job.axes[0].size();
    if (!over_rates(job)) columns_.push_back({job.axes[0].key, is_number(job.axes[0]) ? std::vector<std::string>{} : job.axes[0].values});
    for (const char* key : {"lr", "step", "train_loss", "sharpness", "limit_share"}) columns_.push_back({key, {}});
  }

  std::size_t rows(std::size_t) const override { return static_cast<std::size_t>(curve_points(job_)) + 1; }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    Config config = job_.base;
    apply(job_.axes[0], item, config);
    Trainer trainer(make_problem(config), config.train);
    SharpnessProbe probe;
    std::vector<double> cells;
    const auto steps = static_cast<std::uint64_t>(job_.param("steps")), points = static_cast<std::uint64_t>(curve_points(job_));
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
      if (!over_rates(job_)) cells.push_back(is_number(job_.axes[0]) ? job_.axes[0].number(item) : static_cast<double>(item));
      for (double v : {config.train.lr, static_cast<double>(steps * k / points), r.train_loss, sharp, share}) cells.push_back(v);
      stop.show(cells);
    }
    return cells;
  }

 private:
  Job job_;
};

// What is known about the limit is about the gradient of all samples.
void check(Job& job, std::vector<Issue>& issues) {
  job.base.train.batch_size = 0;
  if (std::erase_if(job.axes, [](const Axis& a) { return a.key == "batch_size"; }) > 0)
    issues.push_back({"batch_size", "The edge of stability is one of full-batch training, so 'batch_size' cannot vary. Left out."});
}

}  // namespace

const char* other_limit(const Job& job) {
  if (job.axes[0].key != "optimizer" && std::string_view(job.base.train.optimizer.info->id) == "sgd") return nullptr;
  return "2/lr is the limit of plain gradient descent. Other optimizers have limits of their own (momentum, and a scale for each parameter, "
         "change what a step does), and the share is of theirs: so the sharpness may lie above 2/lr while the run is below its limit.";
}

std::vector<StabilityCurve> stability_curves(const Job& job, const ItemRows& rows) {
  std::vector<StabilityCurve> curves;
  const std::size_t columns = over_rates(job) ? 5 : 6;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StabilityCurve c;
    c.text = job.axes[0].text(i);
    std::vector<double> late;
    for (std::size_t k = 0; k < rows[i].size(); k += columns) {
      const double* row = rows[i].data() + k + columns - 5;
      c.lr = row[0];
      c.step.push_back(row[1]);
      c.train_loss.push_back(row[2]);
      c.sharpness.push_back(row[3]);
      c.share.push_back(row[4]);
      if (2 * (k / columns) > static_cast<std::size_t>(curve_points(job))) late.push_back(row[4]);
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
    .doc = "Follows the sharpness of full-batch training at several rates (every step sees all samples, whatever the run's batch size): with plain gradient descent it rises to 2/lr and hovers there.",
    .reference = "Cohen et al. 2021, Gradient descent on neural networks typically occurs at the edge of stability, arXiv:2103.00065",
    .params = kParams,
    .min_axes = 1,
    .max_axes = 1,
    .default_axes = "lr=0.05,0.07,0.1",
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<Stability>(job); },
    .check = check,
    .size = [](const Job& job) {
      const auto n = static_cast<double>(job.axes[0].size());
      return JobSize{n, n * (curve_points(job) + 1)};
    },
};
}  // namespace job_rows
}  // namespace lrlab
