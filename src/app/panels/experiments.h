// The experiments workspace in pieces: how each kind of job is drawn is one row in a file of its own,
// listed in experiments.cpp.
#pragma once

#include "app/cache.h"
#include "app/experiments.h"
#include "app/ui.h"
#include "app/views.h"
#include "app/widgets/chart.h"
#include "app/widgets/text.h"
#include "experiment/jobs/curve.h"

namespace lrlab {

struct JobView {
  const char* kind;
  const char* promise;  // what will be seen, while there is nothing yet
  void (*picture)(Ui& ui, ImVec2 pos, ImVec2 size);
  float (*report)(Ui& ui, ImVec2 pos, float w);  // returns its height
  bool any_rate = false;  // the job sets the rate itself: what the lane's is, and its schedule, does not matter
};

// A new lane, or alone where its data differ from the others'.
void open_as_lane(Ui& ui, const Config& config);
void use_rate(Ui& ui, double lr, bool exact = false);  // in the selected lane; else with three digits

// One line of a report: words, what is behind them, and buttons that take it over.
struct ResultRow {
  std::string id = {};  // of its controls: id.use, id.open
  std::string title = {}, sub = {}, chip = {};
  VerdictText::Tone tone = VerdictText::Tone::kNeutral;
  std::string value = {};  // for tests and screen readers: the number in full
  std::string tip = {}, meta = {};
  double lr = kNoValue;  // a button that sets the selected lane's rate to it; no value: it has none
  bool exact = false;    // to the last digit: so that what was tried is what will be trained
  bool open = false;     // a button that opens it as a lane
  ~ResultRow();
};
// Draws it and moves y below it. True: it is to be opened.
bool result_row(Ui& ui, const ResultRow& row, ImVec2 pos, float w, float& y);

// Text of a report; returns its height with a gap.
float paragraph(Ui& ui, ImVec2 pos, float w, std::string_view text, ImU32 colour = 0);
float heading(Ui& ui, ImVec2 pos, float w, std::string_view text);

// Losses over the steps as bands over several runs.
void curve_chart(Ui& ui, const CurveBand& band, ImVec2 pos, ImVec2 size);

// "0.12 ± 0.03"
std::string mean_text(const Spread& s);
// Value i of an axis, for people.
std::string axis_text(const Axis& axis, std::size_t i, int digits = 3);

// A result worked out again when its experiment has changed, but not all the time: while rows come in
// by the hundred it may take a tenth of the time.
template <class T, class F>
const T& remembered(Ui& ui, Memo<T>& memo, F make) {
  const Experiments& e = ui.experiments;
  if (memo.revision == e.now().revision && memo.experiment == e.at) return memo.value;
  if (memo.experiment == e.at && e.running(e.at) && ui.host.now() < memo.due) {
    ui.moving = true;
    return memo.value;
  }
  const double start = ui.host.now();
  memo.value = make();
  memo.revision = e.now().revision;
  memo.experiment = e.at;
  memo.due = start + 10 * (ui.host.now() - start);
  return memo.value;
}

}  // namespace lrlab
