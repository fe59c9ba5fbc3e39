// Cross-validation: the error on data that was not trained on, for one run or along a setting.
#include <algorithm>
#include <cmath>

#include "app/panels/experiments.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

const CrossvalResult& result(Ui& ui) {
  const JobBoard& board = *ui.experiments.board();
  return remembered(ui, ui.cache.crossval, [&] { return crossval_result(board.job(), board.round_rows()); });
}

// As the command line has it.
std::string score_text(const Spread& s) {
  return s.count > 1 ? words({s.mean, ", s.e. ", short_number(s.standard_error(), 2)}) : mean_text(s);
}

void scores(Ui& ui, const CrossvalResult& r, const Axis& axis, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ChartAxis x{.name = axis.key, .log = axis.values.empty() && axis.scale == Scale::kLog}, y{.name = "test loss: folds as dots, mean and standard error", .log = true};
  std::vector<double> at, mean;
  for (const CrossvalCandidate& c : r.candidates) {
    x.hold(c.at);
    at.push_back(c.at);
    mean.push_back(c.diverged ? kNoValue : c.score.mean);
    for (double v : c.folds) y.hold(v);
  }
  Chart c(ui, pos, size, x, y);
  c.line(at, mean, with_alpha(t.accent, 0.6f));
  for (std::size_t i = 0; i < r.candidates.size(); ++i) {
    const CrossvalCandidate& one = r.candidates[i];
    for (double v : one.folds) c.dot(one.at, v, with_alpha(t.muted, 0.7f), 2);
    if (one.score.count > 1) c.upright(one.at, one.score.mean - one.score.standard_error(), one.score.mean + one.score.standard_error(), t.accent);
    c.dot(one.at, mean[i], t.accent, 4.5f);
    if (c.hovered && std::abs(c.at(one.at, 1).x - ImGui::GetIO().MousePos.x) < 12)
      ui.tip_at(ImGui::GetIO().MousePos, one.text, words({"Test loss ", score_text(one.score), "\n", one.diverged, " of ", one.runs, " diverged"}));
  }
  if (r.best >= 0) c.mark_x(at[static_cast<std::size_t>(r.best)], t.good, "lowest");
  if (r.one_se >= 0 && r.one_se != r.best) c.mark_x(at[static_cast<std::size_t>(r.one_se)], t.warn, "one standard error");
}

void picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  const CrossvalResult& r = result(ui);
  const Job& job = ui.experiments.board()->job();
  int& view = ui.experiments.now().view;
  if (!job.axes.empty()) {
    static constexpr const char* kNames[] = {"scores", "curves of the best"};
    const float h = std::max(28.0f, ui.layout.target - 4);
    view = ui.segments("crossval.view", "Show", kNames, 2, std::max(view, 0), pos, {std::min(size.x, 300.0f), h});
    pos.y += h + 10;
    size.y -= h + 10;
  }
  if (!job.axes.empty() && view == 0)
    scores(ui, r, job.axes[0], pos, size);
  else
    curve_chart(ui, r.candidates[static_cast<std::size_t>(std::max(0, r.best))].curve, pos, size);
  ui.note("crossval.chart", "image", "Error on data that was not trained on", {}, pos, size);
}

float report(Ui& ui, ImVec2 pos, float w) {
  const CrossvalResult& r = result(ui);
  const Job& job = ui.experiments.board()->job();
  const Theme& t = *ui.theme;
  float y = pos.y;
  y += heading(ui, {pos.x, y}, w, words({"Test loss over ", job.whole("folds"), " folds"}));
  const auto score = [&](std::size_t i) {
    const CrossvalCandidate& c = r.candidates[i];
    return c.diverged || c.score.count == 0 ? 1e300 : c.score.mean;
  };
  const bool rates = !job.axes.empty() && job.axes[0].key == "lr";
  for (std::size_t i : sorted_indices(r.candidates.size(), [&](std::size_t a, std::size_t b) { return score(a) < score(b); })) {
    const CrossvalCandidate& c = r.candidates[i];
    if (c.runs == 0) continue;
    ResultRow row{.id = words({"crossval.", i}), .title = "This run", .sub = score_text(c.score), .value = number_text(c.score.mean), .lr = rates ? c.at : kNoValue, .exact = true, .open = !job.axes.empty()};
    if (!job.axes.empty()) row.title = words({job.axes[0].key, " ", axis_text(job.axes[0], i)});
    if (c.accuracy.count > 0) row.sub += words({", accuracy ", percent(c.accuracy.mean)});
    for (std::size_t f = 0; f < c.folds.size(); ++f) row.tip += words({f ? "\n" : "", "Fold ", f + 1, ": ", c.folds[f]});
    if (c.diverged > 0) {
      row.chip = words({c.diverged, " of ", c.runs, " diverged"});
      row.tone = VerdictText::Tone::kBad;
    } else if (static_cast<int>(i) == r.best && !job.axes.empty()) {
      row.chip = r.one_se == r.best ? "lowest, and careful" : "lowest";
      row.tone = VerdictText::Tone::kGood;
    } else if (static_cast<int>(i) == r.one_se && !job.axes.empty()) {
      row.chip = "careful";
      row.tone = VerdictText::Tone::kWarn;
    }
    if (!result_row(ui, row, pos, w, y)) continue;
    Config config = job.base;
    apply(job.axes[0], i, config);
    open_as_lane(ui, config);
  }
  if (job.axes.empty())
    y += paragraph(ui, {pos.x, y + 4}, w, "s.e.: the standard error of the mean. Every sample was tested once by a network that never saw it. Let something vary to compare its values.", t.muted);
  else
    y += paragraph(ui, {pos.x, y + 4}, w, "s.e.: the standard error of the mean. Careful: the lowest value whose mean is within one standard error of the lowest mean, so not clearly worse.", t.muted);
  return y - pos.y;
}

}  // namespace

extern const JobView crossval_view;
const JobView crossval_view{"crossval",
                            "Press Start: the samples are dealt into folds, and each fold once is the test part of a training on the others. Here you see the error with its spread, for one run or along a setting.",
                            picture, report};

}  // namespace lrlab
