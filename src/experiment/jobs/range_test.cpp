// The learning-rate range test: train while the rate grows and watch the loss.
//
//   lr_k = start_lr·(end_lr/start_lr)^(k/(num_iter − 1))   k = 0, 1, ..., num_iter − 1
//   s_k  = Σ smooth_f·(1 − smooth_f)^(k−j)·L_j / (1 − (1 − smooth_f)^(k+1))        smoothed loss
//   stop as soon as s_k > diverge_th·min s, or anything is not finite
//
// Smith 2017, "Cyclical learning rates for training neural networks", arXiv:1506.01186; Gugger and
// Howard's lr_find in fastai; davidtvs/pytorch-lr-finder (which does not correct the bias).
//
// The sweep runs ahead of its own instability: by the time the loss of a too high rate shows, the
// rate has grown further. So each seed also looks for the largest stable rate by bisection among the
// sweep's rates: `probe_steps` updates from the start at that one rate; unstable is what ends with a
// higher training loss than it began with, or not finite.
#include "experiment/jobs/range_test.h"

#include <algorithm>

#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr double kProbeUntried = 0, kProbeStable = 1, kProbeUnstable = 2;  // names of a column

constexpr ParamSpec kParams[] = {
    {.key = "start_lr", .label = "from", .def = 1e-5, .min = 1e-9, .max = 1e3, .scale = Scale::kLog,
     .doc = "The first rate. fastai 1e-7, Lightning 1e-8, pytorch-lr-finder the optimizer's own."},
    {.key = "end_lr", .label = "to", .def = 10, .min = 1e-9, .max = 1e4, .scale = Scale::kLog,
     .doc = "The last rate. fastai and pytorch-lr-finder 10, Lightning 1."},
    {.key = "num_iter", .label = "rates", .def = 100, .min = 5, .max = 10000, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .doc = "How many rates, one update each. 100 everywhere."},
    {.key = "growth", .label = "growth", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kChoice,
     .doc = "How the rate grows. Smith's paper grew it linearly.", .choices = "exponential|linear"},
    {.key = "measure", .label = "loss of", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kChoice,
     .doc = "Which loss is watched: the mini-batch before its step, or the test part after it (Smith).",
     .choices = "batch|test"},
    {.key = "smooth_f", .label = "smoothing", .def = 0.05, .min = 0, .max = 1,
     .doc = "Share of the new loss in the running mean; 0 and 1: no smoothing. pytorch-lr-finder 0.05; fastai and Lightning 0.02."},
    {.key = "diverge_th", .label = "stop at", .def = 5, .min = 1.01, .max = 1e6, .scale = Scale::kLog,
     .unit = "times the best loss", .doc = "Stops where the smoothed loss exceeds this multiple of its minimum. pytorch-lr-finder 5, fastai and Lightning 4."},
    {.key = "at_step", .label = "after", .def = 0, .min = 0, .max = 1e6, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .unit = "steps", .doc = "Test a run that has trained this long; the run itself is not touched."},
    {.key = "probe_steps", .label = "probe", .def = 50, .min = 0, .max = 10000, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .unit = "steps", .doc = "How long a rate is tried from the start to see whether it is stable. 0: not at all."},
    {.key = "verify_steps", .label = "verify", .def = 200, .min = 1, .max = 1e6, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .unit = "steps", .doc = "How long the training at each suggestion is."},
    LRLAB_SEEDS_PARAM(3),
};

double rate(const Job& job, std::size_t k) {
  Axis axis{.key = "lr", .values = {}, .min = job.param("start_lr"), .max = job.param("end_lr"),
            .scale = job.flag("growth") ? Scale::kLinear : Scale::kLog,
            .count = static_cast<int>(job.param("num_iter"))};
  return axis.number(k);
}

// Item i: the sweep of seed i, a row for each rate.
class RangeTest : public Work {
 public:
  explicit RangeTest(const Job& job) : job_(job) {
    items_ = static_cast<std::size_t>(job.param("seeds"));
    iterations_ = static_cast<std::size_t>(job.param("num_iter"));
    columns_ = {{"seed", {}}, {"iteration", {}}, {"lr", {}}, {"loss", {}}, {"smooth_loss", {}},
                {"probe", {"untried", "stable", "unstable"}}};
  }

  std::size_t rows(std::size_t) const override { return iterations_; }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    Config config = job_.base;
    config.train.seed += item;
    Trainer trainer(make_problem(config), config.train);
    RunResult ignored;
    if (!train_to(trainer, static_cast<std::uint64_t>(job_.param("at_step")), stop, ignored)) return {};
    // From here on the sweep sets the rate alone.
    TrainSettings settings = config.train;
    settings.schedule = with_defaults(*find(schedules(), "constant"));
    settings.warmup_steps = 0;
    settings.early_stop = 0;
    trainer.change(settings);
    const TrainState start = trainer.state();

    std::vector<double> losses(iterations_, kNoValue), smooth(iterations_, kNoValue);
    const bool test = job_.flag("measure") && !trainer.problem().surface && trainer.problem().data->test.count() > 0;
    double share = job_.param("smooth_f");
    if (share == 0) share = 1;
    double mean = 0, weight = 1, best = 0;
    for (std::size_t k = 0; k < iterations_; ++k) {
      if (stop()) return {};
      settings.lr = rate(job_, k);
      trainer.change(settings);
      const StepReport report = trainer.step();
      const double loss = test && report.finite ? trainer.evaluate_test().loss : report.loss;
      if (!(loss * 0 == 0)) break;
      mean += share * (loss - mean);
      weight *= 1 - share;
      losses[k] = loss;
      smooth[k] = mean / (1 - weight);
      best = k == 0 ? smooth[k] : std::min(best, smooth[k]);
      if (smooth[k] > job_.param("diverge_th") * best && best > 0) break;
      if (!report.finite) break;
    }

    std::vector<double> probes(iterations_, kProbeUntried);
    if (job_.param("probe_steps") > 0 && !bisect(trainer, start, settings, probes, stop)) return {};

    std::vector<double> cells;
    for (std::size_t k = 0; k < iterations_; ++k)
      for (double v : {static_cast<double>(config.train.seed), static_cast<double>(k), rate(job_, k), losses[k], smooth[k], probes[k]})
        cells.push_back(v);
    return cells;
  }

 private:
  // Marks rates as stable or unstable, between a stable and an unstable one until they are
  // neighbours. (Rates below a stable one are taken for stable.)
  bool bisect(Trainer& trainer, const TrainState& start, TrainSettings settings, std::vector<double>& probes, Stop stop) const {
    const auto unstable = [&](std::size_t k, bool& result) {
      settings.lr = rate(job_, k);
      trainer.change(settings);
      trainer.restore(start);
      const double before = trainer.evaluate_train().loss;
      RunResult end;
      if (!train_to(trainer, start.step + static_cast<std::uint64_t>(job_.param("probe_steps")), stop, end)) return false;
      result = !(end.train_loss <= before);
      probes[k] = result ? kProbeUnstable : kProbeStable;
      return true;
    };
    std::size_t low = 0, high = iterations_ - 1;
    bool high_unstable = false, low_unstable = false;
    if (!unstable(high, high_unstable) || !unstable(low, low_unstable)) return false;
    if (!high_unstable || low_unstable) return true;
    while (high - low > 1) {
      const std::size_t middle = low + (high - low) / 2;
      bool result = false;
      if (!unstable(middle, result)) return false;
      (result ? high : low) = middle;
    }
    return true;
  }

  Job job_;
  std::size_t iterations_;
};

void check(Job& job, std::vector<Issue>& issues) {
  const double from = job.param("start_lr"), to = job.param("end_lr");
  if (from < to) return;
  const bool same = from == to;
  job.set("start_lr", same ? kParams[0].def : to);
  job.set("end_lr", same ? kParams[1].def : from);
  issues.push_back({"start_lr", "The first rate was " + number_text(from) + " and the last " + number_text(to) + "; the first must be the lower one. Using " +
                                    number_text(job.param("start_lr")) + " to " + number_text(job.param("end_lr")) + "."});
}

}  // namespace

RangeTestResult range_test_result(const Job& job, const ItemRows& rows) {
  RangeTestResult result;
  const auto n = static_cast<std::size_t>(job.param("num_iter"));
  for (std::size_t k = 0; k < n; ++k) result.lr.push_back(rate(job, k));
  std::vector<std::vector<double>> at(n);
  std::vector<double> divergence, stable;
  std::size_t stopped = 0, seeds = 0;
  for (const std::vector<double>& cells : rows) {
    if (cells.size() != n * 6) continue;
    ++seeds;
    RangeCurve curve;
    double first_unstable = kNoValue, last_stable = kNoValue;
    for (std::size_t k = 0; k < n; ++k) {
      const double* row = cells.data() + k * 6;
      if (row[4] == row[4]) {
        curve.lr.push_back(row[2]);
        curve.loss.push_back(row[4]);
        at[k].push_back(row[4]);
      }
      if (row[5] == kProbeUnstable && first_unstable != first_unstable) first_unstable = row[2];
      if (row[5] == kProbeStable) last_stable = row[2];
    }
    stopped += curve.loss.size() < n;
    result.curves.push_back(std::move(curve));
    if (first_unstable == first_unstable) divergence.push_back(first_unstable);
    if (last_stable == last_stable) stable.push_back(last_stable);
  }
  for (std::vector<double>& v : at) result.band.push_back(spread_of(std::move(v)));
  if (divergence.size() * 2 > seeds) {
    result.divergence_lr = spread_of(divergence).median;
    result.stable_lr = spread_of(stable).median;
  }
  if (seeds == 0) return result;

  // Rules look at the median curve, as far as at least half of the seeds came.
  RangeCurve median;
  for (std::size_t k = 0; k < n && result.band[k].count * 2 >= seeds; ++k) {
    if (result.band[k].count == 0) break;
    median.lr.push_back(result.lr[k]);
    median.loss.push_back(result.band[k].median);
  }
  const auto ask = [&](const RangeRule& rule, const RangeCurve& curve, const char** why) -> int {
    const auto begin = static_cast<std::size_t>(rule.skip_begin < 1 ? rule.skip_begin * static_cast<double>(n) : rule.skip_begin);
    const auto end = static_cast<std::size_t>(rule.skip_end);
    if (curve.loss.size() < begin + end + 3) {
      *why = "The loss diverged before the sweep had gone far: start lower.";
      return -1;
    }
    const std::size_t size = curve.loss.size() - begin - end;
    const int i = rule.index(std::span(curve.lr).subspan(begin, size), std::span(curve.loss).subspan(begin, size), why);
    return i < 0 ? -1 : i + static_cast<int>(begin);
  };
  for (const RangeRule& rule : range_rules()) {
    Suggestion s;
    s.rule = &rule;
    const char* why = "";
    int i = ask(rule, median, &why);
    if (i < 0) {
      // Never nothing: the last rate before things went wrong, a tenth of it, and why.
      s.doubt = std::string(why) + " This rate is a guess: a tenth of the last one.";
      i = std::max(0, static_cast<int>(median.lr.size()) - 1);
      s.lr = (median.lr.empty() ? result.lr[0] : median.lr[static_cast<std::size_t>(i)]) * 0.1;
    } else {
      s.lr = median.lr[static_cast<std::size_t>(i)] * rule.factor;
      if (*why) s.doubt = why;
    }
    s.index = static_cast<std::size_t>(i);
    std::vector<double> each;
    for (const RangeCurve& curve : result.curves) {
      const char* ignored = "";
      const int k = ask(rule, curve, &ignored);
      if (k >= 0) each.push_back(curve.lr[static_cast<std::size_t>(k)] * rule.factor);
    }
    const Spread spread = spread_of(each);
    s.low = spread.min;
    s.high = spread.max;
    if (s.doubt.empty() && result.divergence_lr == result.divergence_lr && s.lr >= result.divergence_lr)
      s.doubt = "It lies above the rate at which training from the start diverges.";
    result.suggestions.push_back(std::move(s));
  }

  bool flat = false;
  const auto [lowest, highest] = std::minmax_element(median.loss.begin(), median.loss.end());
  if (median.loss.size() < n / 4)
    result.doubts.push_back("The loss diverged in the first quarter of the sweep: lower the first rate.");
  else if (median.loss.empty() || !(*lowest < 0.9 * median.loss.front()))
    flat = true;
  if (flat) {
    result.doubts.push_back("The loss fell by less than a tenth during the sweep, so there is no valley to find.");
    for (Suggestion& s : result.suggestions)
      if (s.doubt.empty()) s.doubt = "The loss hardly fell, so the rule has little to go by.";
  }
  if (stopped == 0 && !median.loss.empty() && *highest <= median.loss.front())
    result.doubts.push_back("The loss never rose: raise the last rate.");
  double low = 1e300, high = 0;
  for (const Suggestion& s : result.suggestions) {
    low = std::min(low, s.lr);
    high = std::max(high, s.lr);
  }
  if (high > 100 * low) result.doubts.push_back("The rules disagree by more than a factor of 100.");
  return result;
}

Job verification(const Job& job, const RangeTestResult& result) {
  Job sweep = make_job("sweep", job.base);
  Axis axis{.key = "lr", .values = {}};
  const ParamSpec& spec = field("lr").spec;
  std::vector<double> rates;
  for (const Suggestion& s : result.suggestions) rates.push_back(std::clamp(s.lr, spec.min, spec.max));
  std::sort(rates.begin(), rates.end());
  rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
  for (double lr : rates) axis.values.push_back(number_text(lr));
  sweep.axes = {axis};
  sweep.set("steps", job.param("verify_steps"));
  sweep.set("seeds", job.param("seeds"));
  return sweep;
}

namespace job_rows {
extern const JobInfo range_test;
const JobInfo range_test{
    .id = "range_test",
    .command = "find-lr",
    .label = "Learning-rate finder",
    .doc = "Trains a copy while the rate grows from tiny to huge: where the loss falls fastest the rate is good, where it turns up it is too high.",
    .reference = "Smith 2017, Cyclical learning rates for training neural networks, arXiv:1506.01186",
    .params = kParams,
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<RangeTest>(job); },
    .check = check,
    .size = [](const Job& job) { return JobSize{job.param("seeds"), job.param("seeds") * job.param("num_iter")}; },
    .then = [](const Job& job, const ItemRows& rows) -> std::optional<Job> { return verification(job, range_test_result(job, rows)); },
};
}  // namespace job_rows
}  // namespace lrlab
