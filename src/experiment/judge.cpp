#include "experiment/judge.h"

#include <algorithm>
#include <span>

namespace lrlab {
namespace {

// The stretches of a series that began before `end`.
std::span<const Bucket> before(const Series& series, std::uint64_t end) {
  const std::vector<Bucket>& b = series.buckets();
  return std::span(b).first(static_cast<std::size_t>(std::min<std::uint64_t>(b.size(), (end + series.stride() - 1) / series.stride())));
}

// A series as curve points, at most `most` of them.
std::vector<CurvePoint> points(const Series& series, std::uint64_t end) {
  constexpr std::size_t kMost = 256;
  std::vector<CurvePoint> out;
  const std::span<const Bucket> buckets = before(series, end);
  const std::size_t group = std::max<std::size_t>(1, (buckets.size() + kMost - 1) / kMost);
  for (std::size_t i = 0; i < buckets.size(); i += group) {
    CurvePoint p;
    double sum = 0, count = 0;
    for (std::size_t k = i; k < std::min(i + group, buckets.size()); ++k) {
      const Bucket& b = buckets[k];
      if (b.count == 0) continue;
      if (count == 0) p = {static_cast<double>(k * series.stride()), 0, b.min, b.max};
      p.min = std::min<double>(p.min, b.min);
      p.max = std::max<double>(p.max, b.max);
      sum += static_cast<double>(b.mean) * b.count;
      count += b.count;
    }
    if (count == 0) continue;
    p.mean = sum / count;
    out.push_back(p);
  }
  return out;
}

// Of the last tenth of what was recorded.
double recent_mean(std::span<const Bucket> b) {
  double sum = 0, count = 0;
  for (std::size_t i = b.size() - std::min(b.size(), std::max<std::size_t>(1, b.size() / 10)); i < b.size(); ++i) {
    sum += static_cast<double>(b[i].mean) * b[i].count;
    count += b[i].count;
  }
  return count ? sum / count : RunSummary::kUnknown;
}

Verdict judge_at(const Lane& lane, const Trainer& trainer, const StepReport& report, const Evaluation& train_now, const Evaluation& test_now,
                 const Reading* curvature) {
  const TrainSettings& s = trainer.settings();
  const Problem& problem = trainer.problem();
  const std::uint64_t step = trainer.state().step;
  const std::vector<CurvePoint> loss = points(lane.curve(Curve::kLoss), step), train = points(lane.curve(Curve::kTrainLoss), step + 1),
                                test = points(lane.curve(Curve::kTestLoss), step + 1);
  std::vector<std::vector<CurvePoint>> layers;
  if (trainer.state().diverged)
    for (const Series& layer : lane.layer_grad()) layers.push_back(points(layer, step));
  const std::vector<std::span<const CurvePoint>> layer_spans(layers.begin(), layers.end());
  const std::span<const Bucket> slopes = before(lane.curve(Curve::kGradNorm), step);

  RunSummary run;
  run.step = step;
  run.base_lr = s.lr;
  run.lr = report.lr;
  if (curvature && curvature->limit.lr > 0 && curvature->limit.lr * 0 == 0) {
    run.stable_lr = curvature->limit.lr;
    run.stable_formula = curvature->limit.formula;
  }
  run.update_ratio = recent_mean(before(lane.curve(Curve::kUpdateRatio), step));
  run.start = lane.start_loss();
  run.blind = lane.blind_loss();
  run.slope = recent_mean(slopes);
  for (const Bucket& b : slopes)
    if (b.count && !(run.steepest >= b.max)) run.steepest = b.max;
  run.surface = problem.surface != nullptr;
  run.own_rate = s.optimizer.info->own_rate;
  run.keeps_rate = s.optimizer.info->keeps_rate;
  run.wants_full_batch = s.optimizer.info->full_batch;
  if (problem.surface)
    run.lowest = problem.surface->minima.empty() && !problem.surface->moved_minimum ? RunSummary::kUnknown : problem.surface->minimum;
  run.warming_up = run.step < static_cast<std::uint64_t>(s.warmup_steps);
  run.full_batch = problem.surface || s.batch_size <= 0 || static_cast<std::size_t>(s.batch_size) >= problem.train_count();
  run.loss = loss;
  run.train_loss = train;
  run.test_loss = test;
  run.diverged = trainer.state().diverged;
  run.diverged_at = step;
  run.train_now = train_now.loss;
  run.test_now = test_now.loss;
  run.layer_grad = layer_spans;
  return judge(run);
}

}  // namespace

void begin_reading(SharpnessProbe& probe, const Lane& lane, const Trainer& now) {
  probe.begin(now.state().diverged ? *lane.at(0) : now, true);
}

Reading curvature_of(const Lane& lane) {
  SharpnessProbe probe;
  begin_reading(probe, lane, lane.trainer());
  while (!probe.step()) {
  }
  return probe.reading();
}

Verdict judge_lane(const Lane& lane, const Reading* curvature) {
  return judge_at(lane, lane.trainer(), lane.last_report(), lane.train_eval(), lane.test_eval(), curvature);
}

Verdict judge_shown(const Lane& lane, const Reading* curvature) {
  return judge_at(lane, lane.shown(), lane.shown_report(), lane.shown_train(), lane.shown_test(), curvature);
}

}  // namespace lrlab
