// An ensemble: the same run with other seeds, as a band.
#include <algorithm>

#include "app/panels/experiments.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

const EnsembleResult& result(Ui& ui) {
  const JobBoard& board = *ui.experiments.board();
  return remembered(ui, ui.cache.ensemble, [&] { return ensemble_result(board.job(), board.round_rows()); });
}

}  // namespace

void curve_chart(Ui& ui, const CurveBand& band, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ChartAxis x{.name = "step", .whole = true, .frame = false}, y{.name = "loss: training purple, test orange; median, quartiles and all", .log = true};
  struct Places {
    std::vector<double> low, q1, median, q3, high;
  } columns[2];
  for (const double step : band.step) x.hold(step);
  for (int k = 0; k < 2; ++k)
    for (const Spread& s : k ? band.test_loss : band.train_loss) {
      columns[k].low.push_back(s.min);
      columns[k].q1.push_back(s.q1);
      columns[k].median.push_back(s.median);
      columns[k].q3.push_back(s.q3);
      columns[k].high.push_back(s.max);
      for (double v : {s.min, s.max}) y.hold(v);
    }
  Chart c(ui, pos, size, x, y);
  const ImU32 colours[] = {t.positive, t.negative};
  for (int k = 1; k >= 0; --k) {
    c.band(band.step, columns[k].low, columns[k].high, with_alpha(colours[k], 0.12f));
    c.band(band.step, columns[k].q1, columns[k].q3, with_alpha(colours[k], 0.25f));
    c.line(band.step, columns[k].median, colours[k]);
  }
  if (!c.hovered || band.step.empty()) return;
  const double at = std::clamp(c.mouse_x, 0.0, 1.0) * static_cast<double>(band.step.size() - 1);
  const std::size_t k = static_cast<std::size_t>(at + 0.5);
  const Spread &train = band.train_loss[k], &test = band.test_loss[k];
  ui.tip_at(ImGui::GetIO().MousePos, words({"step ", static_cast<std::uint64_t>(band.step[k])}),
            words({"Training ", train.median, " (", train.q1, " to ", train.q3, ")\nTest ", test.median, " (", test.q1, " to ", test.q3, ")"}));
}

namespace {

void picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  curve_chart(ui, result(ui).band, pos, size);
  ui.note("ensemble.chart", "image", "Loss over the steps as a band over the seeds", {}, pos, size);
}

float report(Ui& ui, ImVec2 pos, float w) {
  const EnsembleResult& r = result(ui);
  float y = pos.y;
  y += heading(ui, {pos.x, y}, w, words({r.runs, r.runs == 1 ? " run" : " runs with other seeds"}));
  if (r.diverged > 0) y += paragraph(ui, {pos.x, y}, w, words({r.diverged, " of them diverged."}), ui.theme->bad);
  const auto fact = [&](const char* id, const char* label, const Spread& s, bool share) {
    if (s.count == 0) return;
    const double k = share ? 100 : 1;
    result_row(ui, {.id = id, .title = words({label, "  ", k * s.median, share ? " %" : ""}),
                    .sub = words({"half: ", k * s.q1, " to ", k * s.q3, ", all: ", k * s.min, " to ", k * s.max}), .value = number_text(s.median)},
               pos, w, y);
  };
  if (!r.band.step.empty()) {
    fact("ensemble.train", "Training loss at the end", r.band.train_loss.back(), false);
    fact("ensemble.test", "Test loss at the end", r.band.test_loss.back(), false);
    fact("ensemble.accuracy", "Test accuracy at the end", r.band.test_accuracy.back(), true);
  }
  y += paragraph(ui, {pos.x, y + 4}, w, "What lies inside the band is luck: a difference between two settings that is smaller than it says nothing.", ui.theme->muted);
  return y - pos.y;
}

}  // namespace

extern const JobView ensemble_view;
const JobView ensemble_view{"ensemble",
                            "Press Start: the lane's run is repeated with many seeds. Here the losses appear as a band, so that you see how much of a difference is luck.",
                            picture, report};

}  // namespace lrlab
