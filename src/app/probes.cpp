#include "app/probes.h"

#include <algorithm>
#include <cmath>

#include "experiment/judge.h"

namespace lrlab {
namespace {

constexpr double kMeasureEvery = 0.4;  // seconds between two measurements of the selected lane
constexpr double kJudgeEvery = 0.25;

// What is due of lane i at rest; nothing: its trainer is null.
LaneProbe::Of due(const Session& session, std::size_t i, const LaneProbe& p) {
  const Lane& lane = session.lane(i);
  if (!session.at_rest() && !lane.trainer().finished()) return {};
  const Trainer& t = lane.shown();
  const LaneProbe::Of of{&t, t.state().step, t.settings()};
  return of == (session.in_past() ? p.settled_past : p.settled) ? LaneProbe::Of{} : of;
}

void take(LaneProbe& p, const Reading& r, const Trainer& trainer) {
  // Before its first step an adaptive optimizer has no scale: that reading is of another kind.
  if (r.preconditioned || !trainer.settings().optimizer.info->effective_rate) p.sharpness.push(r.step, r.sharpness.value);
  p.limit.push(r.step, r.limit.lr);
  if (r.lr > 0) p.ceiling.push(r.step, r.sharpness.value * r.limit.lr / r.lr);
  p.last_limit = std::isfinite(r.limit.lr) ? r.limit.lr : 0;
  p.formula = r.limit.formula;
}

void settle(const Session& session, std::size_t i, LaneProbe& p, const Reading& r, LaneProbe::Of of) {
  const Lane& lane = session.lane(i);
  if (of.trainer != &lane.trainer()) {
    p.past = judge_shown(lane, &r);
    p.past_limit = std::isfinite(r.limit.lr) ? r.limit.lr : 0;
    p.past_formula = r.limit.formula;
    p.settled_past = std::move(of);
    return;
  }
  if (!lane.trainer().state().diverged) take(p, r, lane.trainer());
  p.verdict = judge_lane(lane, &r);
  p.judged_step = of.step;
  p.judged_lr = lane.spec().config.train.lr;
  p.settled = std::move(of);
}

void measure(const Session& session, std::size_t i, LaneProbe& p, double budget, const std::function<double()>& now) {
  const Trainer& trainer = session.lane(i).trainer();
  const std::uint64_t step = trainer.state().step;
  const double start = now();
  if (!p.probe) p.probe = std::make_unique<SharpnessProbe>();
  if (LaneProbe::Of of = due(session, i, p); of.trainer) {
    if (!p.probe->busy() || !(of == p.measuring)) begin_reading(*p.probe, session.lane(i), *of.trainer);
    p.measuring = std::move(of);
  } else if (!p.probe->busy() || p.measuring.trainer) {
    p.measuring = {};
    if (session.at_rest() || start < p.next || trainer.state().diverged) return;
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
    const Reading& r = p.probe->reading();
    p.measured = r.step;
    if (p.measuring.trainer)
      settle(session, i, p, r, std::move(p.measuring));
    else
      take(p, r, trainer);
    p.measuring = {};
    p.next = now() + (i == session.race().selected ? kMeasureEvery : 3 * kMeasureEvery);
    break;
  }
}

// What is known belongs to one run.
void follow(const Session& session, std::vector<LaneProbe>& probes) {
  probes.resize(session.lanes());
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Trainer& trainer = session.lane(i).trainer();
    if (probes[i].trainer != &trainer || trainer.state().step < probes[i].seen) {
      probes[i] = LaneProbe();
      probes[i].trainer = &trainer;
    }
    probes[i].seen = trainer.state().step;
  }
}

}  // namespace

void run_probes(const Session& session, std::vector<LaneProbe>& probes, double budget, const std::function<double()>& now) {
  follow(session, probes);
  const double time = now();
  for (std::size_t i = 0; i < probes.size(); ++i) {
    LaneProbe& p = probes[i];
    const Lane& lane = session.lane(i);
    const std::uint64_t step = lane.trainer().state().step;
    const double lr = lane.spec().config.train.lr;
    const bool ended = lane.trainer().finished();
    if (p.judged_step != step || p.judged_lr != lr) {
      if (time - p.judged_time < kJudgeEvery && !ended && p.judged_time >= 0 && step > 0) continue;
      p.verdict = judge_lane(lane, p.probe && p.last_limit > 0 ? &p.probe->reading() : nullptr);
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
    if (i != selected && (session.lane(i).spec().visible || session.at_rest())) measure(session, i, probes[i], share, now);
}

void settle_probes(const Session& session, std::vector<LaneProbe>& probes) {
  follow(session, probes);
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Trainer& t = session.lane(i).trainer();
    LaneProbe::Of of{&t, t.state().step, t.settings()};
    if (!(of == probes[i].settled)) settle(session, i, probes[i], curvature_of(session.lane(i)), std::move(of));
  }
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
      double spent = now() - start;
      if (spent < kLong && n < (1u << 20)) continue;
      for (int again = 0; again < 4; ++again) {  // what else the machine did meanwhile is no part of it
        const double begin = now();
        for (std::uint64_t k = 0; k < n; ++k) copy.step();
        spent = std::min(spent, now() - begin);
      }
      probes[i].step_seconds = std::max(spent / static_cast<double>(n), 1e-9);
      break;
    }
    probes[i].timed = std::move(settings);
    return;
  }
}

bool probes_pending(const Session& session, const std::vector<LaneProbe>& probes) {
  for (std::size_t i = 0; i < probes.size() && i < session.lanes(); ++i)
    if (probes[i].judged_step != session.lane(i).trainer().state().step || due(session, i, probes[i]).trainer) return true;
  return false;
}

}  // namespace lrlab
