// What several panels say or draw in the same way.
#pragma once

#include "app/cache.h"
#include "app/ui.h"
#include "app/widgets/dial.h"

namespace lrlab {

// The lane's name, or what is different about it.
const std::string& lane_title(Ui& ui, std::size_t i);

// What a series said at a step: the nearest stretch that has values; NaN: none.
double value_at(const Series& series, double step);

// Places on the axis of the plots that a step of lane i is long.
double axis_unit(const Ui& ui, std::size_t i);

// Losses and accuracies of a lane at the moment that is shown.
struct ShownValues {
  double train_loss, test_loss, train_accuracy, test_accuracy;
};
ShownValues shown_values(const Lane& lane);

// What is known about the rates of the selected lane, for the dial: its stability limit and what was
// put there for a lane like it.
std::vector<DialMark> rate_marks(Ui& ui);
// Marks on the dial of every lane that is as `config` but for its rate and schedule, the most
// important one first; they replace those that were there. None: they are taken away.
void set_rate_marks(Prefs& prefs, const Config& config, std::vector<DialMark> marks);

// The state on the screen: the live run, or the past one that is looked at.
inline const Trainer& shown(const Lane& lane) { return const_cast<Lane&>(lane).shown(); }

struct VerdictText {
  enum class Tone { kNeutral, kGood, kWarn, kBad } tone = Tone::kNeutral;
  std::string word;    // "Diverged"
  std::string what;    // what happened, with the numbers that say so
  std::string advice;  // what to try
  std::string button;  // label of the button that does it; empty: none
  double try_lr = 0;   // what the button sets
  bool restart = false;  // and whether it starts again
};
VerdictText verdict_text(const Ui& ui, std::size_t lane);
ImU32 tone_colour(const Theme& t, VerdictText::Tone tone);
ImU32 tone_ground(const Theme& t, VerdictText::Tone tone);

}  // namespace lrlab
