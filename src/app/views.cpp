#include "app/views.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {

const std::string& lane_title(Ui& ui, std::size_t i) {
  const Race& race = ui.session.race();
  Cache& c = ui.cache;
  std::vector<std::uint64_t> forks;
  for (std::size_t k = 0; k < race.lanes.size(); ++k) forks.push_back(ui.session.lane(k).forked_at());
  if (!(c.difference_race == race) || c.difference_forks != forks || c.difference.size() != race.lanes.size()) {
    c.difference.clear();
    for (std::size_t k = 0; k < race.lanes.size(); ++k) c.difference.push_back(lane_title(ui.session, k));
    c.difference_race = race;
    c.difference_forks = std::move(forks);
  }
  return c.difference[std::min(i, c.difference.size() - 1)];
}

double value_at(const Series& s, double step) {
  const std::vector<Bucket>& b = s.buckets();
  if (b.empty()) return std::nan("");
  const long n = static_cast<long>(b.size());
  const long at = std::clamp(static_cast<long>(step / static_cast<double>(s.stride())), 0l, n - 1);
  for (long d = 0; d < n; ++d)
    for (long k : {at - d, at + d})
      if (k >= 0 && k < n && b[static_cast<std::size_t>(k)].count) return static_cast<double>(b[static_cast<std::size_t>(k)].mean);
  return std::nan("");
}

double axis_unit(const Ui& ui, std::size_t i) {
  using By = Prefs::Axis;
  if (ui.prefs.axis == By::kEpochs) return 1 / static_cast<double>(std::max<std::size_t>(1, ui.session.lane(i).trainer().steps_per_epoch()));
  if (ui.prefs.axis == By::kSeconds && i < ui.cache.probe.size() && ui.cache.probe[i].step_seconds > 0) return ui.cache.probe[i].step_seconds;
  return ui.prefs.axis == By::kSeconds ? 1e-6 : 1;
}

ShownValues shown_values(const Lane& lane) {
  // A loss that is not finite is beyond all numbers, whichever way it came to be so.
  const bool gone = lane.shown().state().diverged;
  const auto loss = [&](double v) { return gone && v != v ? HUGE_VAL : v; };
  return {loss(lane.shown_train().loss), loss(lane.shown_test().loss), lane.shown_train().accuracy, lane.shown_test().accuracy};
}

// The config without what a range test does not depend on.
static Config without_rate(Config c) {
  const Config plain;
  c.train.lr = plain.train.lr;
  c.train.schedule = plain.train.schedule;
  c.train.warmup_steps = plain.train.warmup_steps;
  return c;
}

void set_rate_marks(Prefs& prefs, const Config& config, std::vector<DialMark> marks) {
  constexpr std::size_t kMost = 16;  // the oldest go first
  Config of = without_rate(config);
  std::erase_if(prefs.rate_marks, [&](const RateMarks& m) { return m.of == of; });
  if (marks.empty()) return;
  if (prefs.rate_marks.size() >= kMost) prefs.rate_marks.erase(prefs.rate_marks.begin());
  prefs.rate_marks.push_back({std::move(of), std::move(marks)});
}

std::vector<DialMark> rate_marks(Ui& ui) {
  std::vector<DialMark> out;
  const std::size_t i = ui.session.race().selected;
  // That of the moment on the screen.
  const Trainer& shown = ui.session.lane(i).shown();
  const LaneProbe* p = i < ui.cache.probe.size() && !shown.finished() ? &ui.cache.probe[i] : nullptr;
  const bool past = ui.session.in_past();
  if (p && past && (p->settled_past.trainer != &shown || p->settled_past.step != shown.state().step)) p = nullptr;  // not measured yet
  if (const double limit = !p ? 0 : past ? p->past_limit : p->last_limit; limit > 0)
    out.push_back({.value = limit,
                   .label = std::string("stability limit ") + (past ? p->past_formula : p->formula),
                   .doc = "The largest rate at which a step would still shrink, were the loss everywhere as curved as here.",
                   .colour = ui.theme->bad,
                   .limit = true});
  if (ui.prefs.rate_marks.empty()) return out;
  const Config of = without_rate(ui.config());
  for (const RateMarks& known : ui.prefs.rate_marks)
    if (known.of == of) out.insert(out.end(), known.marks.begin(), known.marks.end());
  return out;
}

VerdictText verdict_text(const Ui& ui, std::size_t i) {
  const Lane& lane = ui.session.lane(i);
  const TrainState& state = lane.shown().state();
  const bool past = ui.session.in_past();
  const double lr = lane.spec().config.train.lr;
  VerdictText v;
  using Tone = VerdictText::Tone;
  if (state.stopped_early) {
    v.tone = Tone::kGood;
    v.word = "Stopped early";
    v.what = "The test loss had not improved for the set number of epochs; the best weights were restored.";
    return v;
  }
  if (state.step == 0 || i >= ui.cache.probe.size() || ui.cache.probe[i].trainer != &lane.trainer()) {
    v.word = "Ready";
    v.what = std::string("Press play and watch what this rate does. Every lane starts from the same ") +
             (lane.trainer().problem().surface ? "point." : "weights.");
    return v;
  }
  if (ui.session.catching_up(i)) {
    v.word = "Catching up";
    v.what = words({"It trains alone until it is where the others are: step ", state.step, " of ", ui.session.step(), "."});
    return v;
  }
  const LaneProbe& probe = ui.cache.probe[i];
  if (past && (probe.settled_past.trainer != &lane.shown() || probe.settled_past.step != state.step)) {
    v.word = "Looking back";
    v.what = words({"Step ", state.step, " is being judged."});
    return v;
  }
  const Verdict& judged = past ? probe.past : probe.verdict;
  v.word = verdict_info(judged.kind).label;
  if (!v.word.empty() && v.word[0] >= 'a' && v.word[0] <= 'z') v.word[0] = static_cast<char>(v.word[0] - 'a' + 'A');
  v.what = judged.explanation;
  v.advice = judged.advice;
  switch (judged.kind) {
    case VerdictKind::kGood: v.tone = Tone::kGood; break;
    case VerdictKind::kDiverged: v.tone = Tone::kBad; break;
    case VerdictKind::kTooLow:
    case VerdictKind::kEdge:
    case VerdictKind::kOscillating:
    case VerdictKind::kPlateau:
    case VerdictKind::kOverfitting: v.tone = Tone::kWarn; break;
    default: break;
  }
  if (past) {  // what to do now is said of the present
    if (!state.diverged) v.what = words({"At step ", state.step, ": ", v.what});  // that sentence begins so
    v.advice.clear();
    return v;
  }
  v.restart = judged.kind == VerdictKind::kDiverged;
  if (judged.lr_multiplier != 1 && judged.lr_multiplier > 0) v.try_lr = std::clamp(rounded(lr * judged.lr_multiplier, 2), 1e-6, 10.0);
  if (v.restart && v.try_lr <= 0) v.try_lr = std::max(1e-6, rounded(lr / 4, 1));
  if (v.try_lr > 0 && v.try_lr != lr) v.button = (v.restart ? "Restart at " : "Set to ") + round_text(v.try_lr);
  return v;
}

ImU32 tone_colour(const Theme& t, VerdictText::Tone tone) {
  using Tone = VerdictText::Tone;
  return tone == Tone::kGood ? t.good : tone == Tone::kWarn ? t.warn : tone == Tone::kBad ? t.bad : t.muted;
}

ImU32 tone_ground(const Theme& t, VerdictText::Tone tone) {
  using Tone = VerdictText::Tone;
  return tone == Tone::kGood ? t.good_soft : tone == Tone::kWarn ? t.warn_soft : tone == Tone::kBad ? t.bad_soft : t.sunken;
}

}  // namespace lrlab
