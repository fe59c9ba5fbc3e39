#include "app/probes.h"

#include <algorithm>
#include <cmath>

#include "experiment/judge.h"

namespace lrlab {
namespace {

constexpr double kMeasureEvery = 0.4;  // seconds between two measurements of the selected lane
constexpr double kJudgeEvery = 0.25;

void measure(const Session& session, std::size_t i, LaneProbe& p, double budget, const std::function<double()>& now) {
  const Trainer& trainer = session.lane(i).trainer();
  const std::uint64_t step = trainer.state().step;
  const double start = now();
  if (!p.probe) p.probe = std::make_unique<SharpnessProbe>();
  if (!p.probe->busy()) {
    if (start < p.next || trainer.state().diverged) return;
    if (p.measured == step) return;  // nothing has changed
    p.probe->begin(trainer);
  }
  // A product that costs more than a slice waits until enough has been saved up.
  p.credit = std::min(p.credit + budget, 10 * p.cost + budget);
  while (p.credit >= p.cost) {
    const double before = now();
    const bool done = p.probe->step();
    const double spent = now() - before;
    p.cost += 0.3 * (spent - p.cost);
    p.credit -= spent;
    if (!done) continue;
    const SharpnessProbe::Reading& r = p.probe->reading();
    p.measured = r.step;
    // Before its first step an adaptive optimizer has no scale: that reading is of another kind.
    if (r.preconditioned || !trainer.settings().optimizer.info->effective_rate) p.sharpness.push(r.step, r.sharpness.value);
    p.limit.push(r.step, r.limit.lr);
    if (r.lr > 0) p.ceiling.push(r.step, r.sharpness.value * r.limit.lr / r.lr);
    p.last_limit = std::isfinite(r.limit.lr) ? r.limit.lr : 0;
    p.formula = r.limit.formula;
    p.next = now() + (i == session.race().selected ? kMeasureEvery : 3 * kMeasureEvery);
    break;
  }
}

}  // namespace

void run_probes(const Session& session, std::vector<LaneProbe>& probes, double budget, const std::function<double()>& now) {
  probes.resize(session.lanes());
  const double time = now();
  for (std::size_t i = 0; i < probes.size(); ++i) {
    LaneProbe& p = probes[i];
    const Lane& lane = session.lane(i);
    const std::uint64_t step = lane.trainer().state().step;
    if (p.trainer != &lane.trainer() || step < p.seen) {
      p = LaneProbe();
      p.trainer = &lane.trainer();
    }
    p.seen = step;
    const double lr = lane.spec().config.train.lr;
    const bool ended = lane.trainer().finished();
    if (p.judged_step != step || p.judged_lr != lr) {
      if (time - p.judged_time < kJudgeEvery && !ended && p.judged_time >= 0 && step > 0) continue;
      p.verdict = judge_lane(lane, {p.last_limit > 0 ? p.last_limit : RunSummary::kUnknown, p.formula});
      p.judged_step = step;
      p.judged_time = time;
      p.judged_lr = lr;
    }
  }
  // Half of the time for the selected lane, the rest in turns.
  if (budget <= 0 || probes.empty()) return;
  const std::size_t selected = session.race().selected;
  measure(session, selected, probes[selected], budget / 2, now);
  const double share = probes.size() > 1 ? budget / 2 / static_cast<double>(probes.size() - 1) : 0;
  for (std::size_t i = 0; i < probes.size(); ++i)
    if (i != selected && session.lane(i).spec().visible) measure(session, i, probes[i], share, now);
}

void time_steps(const Session& session, std::vector<LaneProbe>& probes, const std::function<double()>& now) {
  constexpr double kLong = 4e-3;  // seconds: well above what a browser's clock can tell apart
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Trainer& trainer = session.lane(i).trainer();
    TrainSettings settings = trainer.settings();
    settings.lr = 1e-6;  // takes as long as any other, and never diverges
    if (probes[i].step_seconds > 0 && probes[i].timed == settings) continue;
    Trainer copy(trainer.shared_problem(), settings);
    copy.step();
    for (std::uint64_t n = 1;; n *= 2) {
      const double start = now();
      for (std::uint64_t k = 0; k < n; ++k) copy.step();
      const double spent = now() - start;
      if (spent < kLong && n < (1u << 20)) continue;
      probes[i].step_seconds = std::max(spent / static_cast<double>(n), 1e-9);
      break;
    }
    probes[i].timed = std::move(settings);
    return;
  }
}

bool probes_pending(const Session& session, const std::vector<LaneProbe>& probes) {
  for (std::size_t i = 0; i < probes.size() && i < session.lanes(); ++i) {
    const LaneProbe& p = probes[i];
    const TrainState& state = session.lane(i).trainer().state();
    if (p.judged_step != state.step) return true;
    if (state.diverged || !session.lane(i).spec().visible) continue;
    if (!p.probe || p.probe->busy() || p.probe->reading().step != state.step) return true;
  }
  return false;
}

}  // namespace lrlab
