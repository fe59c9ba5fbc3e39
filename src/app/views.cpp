#include "app/views.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/text.h"

namespace lrlab {

const std::string& lane_title(Ui& ui, std::size_t i) {
  const Race& race = ui.session.race();
  Cache& c = ui.cache;
  if (!(c.difference_race == race) || c.difference.size() != race.lanes.size()) {
    c.difference.clear();
    for (std::size_t k = 0; k < race.lanes.size(); ++k)
      c.difference.push_back(race.lanes[k].name.empty() ? difference_text(race, k) : race.lanes[k].name);
    c.difference_race = race;
  }
  return c.difference[std::min(i, c.difference.size() - 1)];
}

std::vector<DialMark> rate_marks(Ui&) { return {}; }

VerdictText verdict_text(const Ui& ui, std::size_t i) {
  const Lane& lane = ui.session.lane(i);
  const Trainer& trainer = lane.trainer();
  const TrainState& state = trainer.state();
  const double lr = lane.spec().config.train.lr;
  VerdictText v;
  using Tone = VerdictText::Tone;
  const double first = lane.curve(Curve::kTrainLoss).empty() ? 0 : static_cast<double>(lane.curve(Curve::kTrainLoss).buckets().front().max);
  const double loss = lane.train_eval().loss;
  if (state.diverged) {
    v.tone = Tone::kBad;
    v.word = "Diverged";
    v.what = "At step " + grouped(state.step) + " a number grew beyond what floats can hold: every step overshot further than the one before.";
    v.try_lr = std::max(1e-6, rounded(lr / 4, 1));
    v.advice = "A smaller rate keeps the steps inside the valley.";
    v.button = "Restart with " + short_number(v.try_lr);
  } else if (state.stopped_early) {
    v.tone = Tone::kGood;
    v.word = "Stopped early";
    v.what = "The test loss had not improved for the set number of epochs; the best weights were restored.";
  } else if (state.step == 0) {
    v.word = "Ready";
    v.what = "Press play and watch what this rate does. Every lane starts from the same weights.";
  } else {
    v.word = ui.session.playing() ? "Training" : "Paused";
    v.what = "Training loss " + short_number(first) + " → " + short_number(loss) + " in " + grouped(state.step) + " steps.";
  }
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
