// The learning-rate finder: the loss over the rate, what the rules read off it, and which was right.
#include <algorithm>
#include <cmath>

#include "app/panels/experiments.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

void put_on_dial(Ui& ui, const Job& job, const RangeTestResult& r) {
  std::vector<DialMark> marks;
  if (r.divergence_lr == r.divergence_lr)
    marks.push_back({.value = r.divergence_lr, .label = "diverges", .doc = "The range test: training from the start gets worse from here on.", .limit = true});
  for (const Suggestion& s : r.suggestions) marks.push_back({.value = s.lr, .label = s.rule->label, .doc = s.rule->doc});
  set_rate_marks(ui.prefs, job.base, std::move(marks));
}

const RangeTestResult& result(Ui& ui) {
  const JobBoard& board = *ui.experiments.board();
  return remembered(ui, ui.cache.range, [&] {
    RangeTestResult r = range_test_result(board.job(), board.round_rows());
    if (board.finished()) put_on_dial(ui, board.job(), r);
    return r;
  });
}

void picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const JobBoard& board = *ui.experiments.board();
  const RangeTestResult& r = result(ui);
  std::vector<double> low, high, median;
  ChartAxis x{.name = "learning rate", .log = !board.job().flag("growth")}, y{.name = board.job().flag("measure") ? "smoothed test loss" : "smoothed loss of the mini-batch"};
  for (std::size_t k = 0; k < r.lr.size(); ++k) {
    const Spread& s = r.band[k];
    low.push_back(s.min);
    high.push_back(s.max);
    median.push_back(s.median);
    x.hold(r.lr[k]);
    // Where it blows up the curve may leave the picture: what is below is what counts.
    const double cap = r.band[0].count ? r.band[0].median * 1.6 : 1e300;
    y.hold(std::min(s.median, cap));
    if (s.min < cap) y.hold(s.min);
  }
  Chart c(ui, pos, size, x, y);
  if (r.divergence_lr == r.divergence_lr) {
    c.zone_x(r.divergence_lr, r.lr.back(), with_alpha(t.bad, 0.1f));
    c.mark_x(r.divergence_lr, t.bad, "diverges");
  }
  c.band(r.lr, low, high, with_alpha(t.accent, 0.2f));
  c.line(r.lr, median, t.accent, 2.25f);
  for (const Suggestion& s : r.suggestions) {
    c.mark_x(s.lr, t.muted, s.rule->label);
    c.dot(r.lr[s.index], median[s.index], t.text);
  }
  if (c.hovered && !r.lr.empty()) {
    std::size_t k = 0;
    for (std::size_t i = 0; i < r.lr.size(); ++i)
      if (std::abs(c.share_x(r.lr[i]) - c.mouse_x) < std::abs(c.share_x(r.lr[k]) - c.mouse_x)) k = i;
    const float at = c.at(r.lr[k], 1).x;
    ui.draw()->AddLine({at, c.pos.y}, {at, c.pos.y + c.size.y}, with_alpha(t.muted, 0.6f));
    const Spread& s = r.band[k];
    ui.tip_at(ImGui::GetIO().MousePos, words({"lr ", r.lr[k]}),
              s.count ? words({"Loss ", s.median, ", from ", s.min, " to ", s.max, " over ", s.count, " seeds"}) : "No seed came so far.");
  }
  ui.note("range.chart", "image", "The loss over the rate, with the suggestions", {}, pos, size);
}

float report(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const JobBoard& board = *ui.experiments.board();
  const RangeTestResult& r = result(ui);
  const JobBoard* check = ui.experiments.check(ui.experiments.at);
  static const SweepResult kNone;
  const SweepResult& checked = check ? remembered(ui, ui.cache.checked, [&] { return sweep_result(*check); }) : kNone;
  const ParamSpec& spec = field("lr").spec;
  float y = pos.y;
  y += heading(ui, {pos.x, y}, w, "Suggestions");
  const bool all_checked = check && check->finished();
  const bool test = !checked.order.empty() && checked.candidates[checked.order[0]].test_loss.count > 0;
  for (const Suggestion& s : r.suggestions) {
    const Candidate* c = nullptr;
    for (const Candidate& one : checked.candidates)
      if (one.at[0] == std::clamp(s.lr, spec.min, spec.max)) c = &one;
    ResultRow row{.id = words({"range.", s.rule->id}), .title = words({s.rule->label, "  ", short_number(s.lr, 4)}), .value = number_text(s.lr),
                  .tip = words({s.rule->doc, s.doubt.empty() ? "" : "\n\n", s.doubt}), .meta = s.rule->source, .lr = s.lr, .open = true};
    if (r.curves.size() > 1) row.sub = words({"each seed alone: ", s.low, " to ", s.high});
    if (c) {
      row.sub = words({test ? "test loss " : "loss ", mean_text(test ? c->test_loss : c->train_loss), " when tried"});
      if (c->diverged > 0) {
        row.chip = "diverges";
        row.tone = VerdictText::Tone::kBad;
        if (c->train_loss.count == 0) row.sub = "diverged when tried";
      } else if (all_checked && !checked.order.empty() && &checked.candidates[checked.order[0]] == c) {
        row.chip = "best";
        row.tone = VerdictText::Tone::kGood;
      }
    } else if (!s.doubt.empty()) {
      row.chip = "doubtful";
      row.tone = VerdictText::Tone::kWarn;
    }
    if (!result_row(ui, row, pos, w, y)) continue;
    Config config = board.job().base;
    config.train.lr = rounded(std::clamp(s.lr, spec.min, spec.max), 3);
    open_as_lane(ui, config);
  }
  y += 6;
  if (all_checked)
    y += paragraph(ui, {pos.x, y}, w, words({"Each was then tried for ", check->job().whole("steps"), " steps from the start, the mean of ", check->job().whole("seeds"), " seeds."}), t.muted);
  if (r.divergence_lr == r.divergence_lr) {
    y += heading(ui, {pos.x, y}, w, "Where it breaks");
    const std::string text = r.stable_lr == r.stable_lr ? words({"Training from the start is stable up to ", short_number(r.stable_lr, 4), " and diverges at ", short_number(r.divergence_lr, 4), "."})
                                                          : words({"Training from the start already diverges at ", short_number(r.divergence_lr, 4), "."});
    ui.note("range.divergence", "image", text, number_text(r.divergence_lr), {pos.x, y}, {w, 30});
    y += paragraph(ui, {pos.x, y}, w, text);
  }
  for (const std::string& doubt : r.doubts) y += paragraph(ui, {pos.x, y}, w, doubt, t.warn);
  return y - pos.y;
}

}  // namespace

extern const JobView range_view;
const JobView range_view{"range_test",
                         "Press Start: a copy of the lane trains while its rate grows from tiny to huge. Here the loss appears over the rate, with what five rules "
                         "read off it; each suggestion is then tried, so that you see which was right.",
                         picture, report, true};

}  // namespace lrlab
