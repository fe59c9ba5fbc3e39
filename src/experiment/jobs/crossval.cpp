// k-fold cross-validation: the samples are dealt into k folds, class by class; each fold once is the
// test part of a training on the others. Standardisation is done anew for each, on its training part.
//
// Stone 1974, "Cross-validatory choice and assessment of statistical predictions", JRSS B 36.
#include "experiment/jobs/crossval.h"

#include <algorithm>

namespace lrlab {
namespace {

constexpr ParamSpec kParams[] = {
    {.key = "folds", .label = "folds", .def = 5, .min = 2, .max = 50, .kind = ParamKind::kInteger,
     .doc = "How many parts the samples are dealt into; each is the test part once."},
    LRLAB_STEPS_PARAM(500),
    LRLAB_SEEDS_PARAM(1),
    LRLAB_POINTS_PARAM(25),
};

std::size_t candidates(const Job& job) { return job.axes.empty() ? 1 : job.axes[0].size(); }

// Item i: candidate, seed, fold, the fold fastest; a row for each point of the learning curve.
class Crossval : public Work {
 public:
  explicit Crossval(const Job& job) : job_(job) {
    folds_ = static_cast<std::size_t>(job.param("folds"));
    seeds_ = static_cast<std::size_t>(job.param("seeds"));
    items_ = candidates(job) * seeds_ * folds_;
    columns_.push_back({"candidate", {}});
    if (!job.axes.empty()) columns_.push_back({job.axes[0].key, is_number(job.axes[0]) ? std::vector<std::string>{} : job.axes[0].values});
    columns_.push_back({"seed", {}});
    columns_.push_back({"fold", {}});
    for (const char* key : kCurveKeys) columns_.push_back({key, {}});
  }

  std::size_t rows(std::size_t) const override { return static_cast<std::size_t>(curve_points(job_)) + 1; }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    const std::size_t fold = item % folds_, seed = item / folds_ % seeds_, candidate = item / folds_ / seeds_;
    Config config = job_.base;
    std::vector<double> prefix{static_cast<double>(candidate)}, cells;
    if (!job_.axes.empty()) {
      apply(job_.axes[0], candidate, config);
      prefix.push_back(is_number(job_.axes[0]) ? job_.axes[0].number(candidate) : static_cast<double>(candidate));
    }
    config.train.seed += seed;
    prefix.push_back(static_cast<double>(config.train.seed));
    prefix.push_back(static_cast<double>(fold));
    const RawData raw = make_raw(config);
    Random random(config.data_seed ? config.data_seed : config.train.seed, Stream::kJobs, seed);
    const std::vector<Split> splits = make_folds(raw, std::min(folds_, raw.count()), random);
    Trainer trainer(make_problem(config, raw, splits[fold % splits.size()]), config.train);
    if (!append_curve(trainer, static_cast<std::uint64_t>(job_.param("steps")), curve_points(job_), stop, prefix, cells))
      return {};
    return cells;
  }

 private:
  Job job_;
  std::size_t folds_, seeds_;
};

void check_data(Job& job, std::vector<Issue>& issues) {
  if (!job.base.surface.info) return;
  issues.push_back({"surface", "Cross-validation needs data, and a test function has none. Using the data set."});
  job.base.surface = {};
}

// Of the smallest data set among the candidates.
double fewest_samples(const Job& job) {
  double least = sample_count(job.base);
  for (const Axis& axis : job.axes)
    if (axis.key == "count" || axis.key == "dataset")
      for (std::size_t i = 0; i < axis.size(); ++i) {
        Config config = job.base;
        apply(axis, i, config);
        least = std::min<double>(least, sample_count(config));
      }
  return std::max(2.0, least);
}

void check(Job& job, std::vector<Issue>& issues) {
  check_data(job, issues);
  const double samples = fewest_samples(job);
  if (job.param("folds") <= samples) return;
  const std::string n = number_text(samples);
  issues.push_back({"folds", "There are " + n + " samples, so there are at most " + n + " folds: each needs one to test. Using " + n + "."});
  job.set("folds", samples);
}

JobSize size(const Job& job) {
  const double n = static_cast<double>(candidates(job)) * job.param("seeds") * job.param("folds");
  return {n, n * (curve_points(job) + 1)};
}

}  // namespace

CrossvalResult crossval_result(const Job& job, const ItemRows& rows) {
  CrossvalResult result;
  const auto folds = static_cast<std::size_t>(job.param("folds")), seeds = static_cast<std::size_t>(job.param("seeds"));
  const std::size_t axis = job.axes.empty() ? 0 : 1, column = 3 + axis, width = column + std::size(kCurveKeys);
  for (std::size_t c = 0; c < candidates(job); ++c) {
    CrossvalCandidate candidate;
    if (axis) {
      candidate.at = is_number(job.axes[0]) ? job.axes[0].number(c) : static_cast<double>(c);
      candidate.text = job.axes[0].key + "=" + job.axes[0].text(c);
    }
    std::vector<const std::vector<double>*> runs;
    std::vector<double> losses, accuracies;
    std::vector<std::vector<double>> by_fold(folds);
    for (std::size_t i = c * seeds * folds; i < (c + 1) * seeds * folds && i < rows.size(); ++i) {
      if (rows[i].empty()) continue;
      const double* last = rows[i].data() + rows[i].size() - width + column;
      runs.push_back(&rows[i]);
      losses.push_back(last[2]);
      accuracies.push_back(last[4]);
      by_fold[i % folds].push_back(last[2]);
      ++candidate.runs;
      candidate.diverged += !(last[1] == last[1]);
    }
    candidate.score = spread_of(std::move(losses));
    candidate.accuracy = spread_of(std::move(accuracies));
    for (auto& f : by_fold) candidate.folds.push_back(spread_of(std::move(f)).mean);
    candidate.curve = curve_band(runs, width, column);
    result.candidates.push_back(std::move(candidate));
  }
  const auto usable = [](const CrossvalCandidate& c) { return c.runs > 0 && c.diverged == 0 && c.score.count > 0; };
  for (std::size_t c = 0; c < result.candidates.size(); ++c)
    if (usable(result.candidates[c]) &&
        (result.best < 0 || result.candidates[c].score.mean < result.candidates[static_cast<std::size_t>(result.best)].score.mean))
      result.best = static_cast<int>(c);
  if (result.best < 0) return result;
  const CrossvalCandidate& best = result.candidates[static_cast<std::size_t>(result.best)];
  const double error = best.score.standard_error(), limit = best.score.mean + (error == error ? error : 0);
  result.one_se = result.best;
  for (std::size_t c = 0; c < result.candidates.size(); ++c) {
    const CrossvalCandidate& other = result.candidates[c];
    if (usable(other) && other.score.mean <= limit && other.at < result.candidates[static_cast<std::size_t>(result.one_se)].at)
      result.one_se = static_cast<int>(c);
  }
  return result;
}

namespace job_rows {
extern const JobInfo crossval;
const JobInfo crossval{
    .id = "crossval",
    .label = "Cross-validation",
    .doc = "Every sample is tested once by a network that never saw it: an honest error, with its spread, for one run or for each value of a setting.",
    .reference = "Stone 1974, Cross-validatory choice and assessment of statistical predictions, JRSS B 36",
    .params = kParams,
    .max_axes = 1,
    .default_axes = "lr=1e-3:1:log:10",
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<Crossval>(job); },
    .check = check,
    .size = size,
};
}  // namespace job_rows
}  // namespace lrlab
