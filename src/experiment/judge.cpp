#include "experiment/judge.h"

#include <algorithm>

namespace lrlab {
namespace {

// A series as curve points, at most `most` of them.
std::vector<CurvePoint> points(const Series& series, std::size_t most) {
  std::vector<CurvePoint> out;
  const std::vector<Bucket>& buckets = series.buckets();
  const std::size_t group = std::max<std::size_t>(1, (buckets.size() + most - 1) / most);
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
double recent_mean(const Series& series) {
  const std::vector<Bucket>& b = series.buckets();
  double sum = 0, count = 0;
  for (std::size_t i = b.size() - std::min(b.size(), std::max<std::size_t>(1, b.size() / 10)); i < b.size(); ++i) {
    sum += static_cast<double>(b[i].mean) * b[i].count;
    count += b[i].count;
  }
  return count ? sum / count : RunSummary::kUnknown;
}

}  // namespace

Verdict judge_lane(const Lane& lane, StabilityLimit limit) {
  const Trainer& trainer = lane.trainer();
  const TrainSettings& s = trainer.settings();
  const Problem& problem = trainer.problem();
  constexpr std::size_t kMost = 256;
  const std::vector<CurvePoint> loss = points(lane.curve(Curve::kLoss), kMost),
                                train = points(lane.curve(Curve::kTrainLoss), kMost),
                                test = points(lane.curve(Curve::kTestLoss), kMost);
  std::vector<std::vector<CurvePoint>> layers;
  if (trainer.state().diverged)
    for (const Series& layer : lane.layer_grad()) layers.push_back(points(layer, kMost));
  const std::vector<std::span<const CurvePoint>> layer_spans(layers.begin(), layers.end());

  RunSummary run;
  run.step = trainer.state().step;
  run.base_lr = s.lr;
  run.lr = lane.last_report().lr;
  run.stable_lr = limit.lr;
  run.stable_formula = limit.formula;
  run.update_ratio = recent_mean(lane.curve(Curve::kUpdateRatio));
  run.start = lane.start_loss();
  run.blind = lane.blind_loss();
  run.slope = recent_mean(lane.curve(Curve::kGradNorm));
  for (const Bucket& b : lane.curve(Curve::kGradNorm).buckets())
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
  run.diverged_at = lane.last_report().step;
  run.layer_grad = layer_spans;
  return judge(run);
}

}  // namespace lrlab
