// The course of the run: one plot a quantity, all lanes in it.
#include <algorithm>
#include <cmath>

#include "app/panels/panels.h"
#include "app/views.h"
#include "app/widgets/plot.h"

namespace lrlab {
namespace {

template <class F>
void each_lane(Ui& ui, F f) {
  for (std::size_t i = 0; i < ui.session.lanes(); ++i) {
    const Lane& lane = ui.session.lane(i);
    if (lane.spec().visible) f(lane, lane_title(ui, i), i == ui.session.race().selected);
  }
}

PlotLine line_of(Ui& ui, const Lane& lane, Curve curve, const std::string& name, bool selected) {
  return {.series = &lane.curve(curve), .colour = lane_colour(*ui.theme, lane.spec().colour), .marker = lane.spec().colour,
          .weight = selected ? 2.25f : 1.6f, .name = name};
}

bool surface(const Ui& ui) { return ui.session.lane(0).trainer().problem().surface != nullptr; }

void loss_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.loss", .title = "Loss",
             .unit = surface(ui) ? "value of the function" : "train solid, test dashed",
             .doc = "What training makes small: the mean over the training samples (solid) and over the samples it never sees (dashed), without penalties.",
             .lines = {}, .log = ui.prefs.loss_log};
  double first = 0;
  each_lane(ui, [&](const Lane& lane, const std::string& name, bool selected) {
    const Series& train = lane.curve(Curve::kTrainLoss);
    if (!train.empty()) first = std::max(first, std::abs(static_cast<double>(train.buckets().front().mean)));
    s.lines.push_back(line_of(ui, lane, Curve::kTrainLoss, name, selected));
    if (surface(ui) || lane.curve(Curve::kTestLoss).empty()) return;
    PlotLine test = line_of(ui, lane, Curve::kTestLoss, name + ", test", selected);
    test.dashed = true;
    test.marker = -1;
    test.weight = selected ? 1.6f : 1.2f;
    s.lines.push_back(std::move(test));
  });
  s.cap = first > 0 ? first * (ui.prefs.loss_log ? 10 : 1.5) : 0;
  plot(ui, s, pos, size, &ui.prefs.loss_log);
}

void accuracy_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.accuracy", .title = "Accuracy", .unit = "train solid, test dashed",
             .doc = "Share of the samples whose class is recognised.", .lines = {}, .at_least = 1, .as_percent = true};
  each_lane(ui, [&](const Lane& lane, const std::string& name, bool selected) {
    s.lines.push_back(line_of(ui, lane, Curve::kTrainAccuracy, name, selected));
    PlotLine test = line_of(ui, lane, Curve::kTestAccuracy, name + ", test", selected);
    test.dashed = true;
    test.marker = -1;
    s.lines.push_back(std::move(test));
  });
  plot(ui, s, pos, size);
}

void gradient_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  bool clips = false;
  PlotSpec s{.id = "plot.grad", .title = "Gradient norm", .unit = "", .doc = "Length of the gradient of each step, before clipping; where a lane clips, also after it (dashed).",
             .lines = {}, .log = true};
  each_lane(ui, [&](const Lane& lane, const std::string& name, bool selected) {
    PlotLine line = line_of(ui, lane, Curve::kGradNorm, name, selected);
    line.band = selected;
    s.lines.push_back(std::move(line));
    if (std::string_view(lane.spec().config.train.clip.info->id) == "none") return;
    clips = true;
    PlotLine after = line_of(ui, lane, Curve::kClippedNorm, name + ", clipped", selected);
    after.dashed = true;
    after.marker = -1;
    s.lines.push_back(std::move(after));
  });
  s.unit = clips ? "before clipping, dashed after" : "per step, logarithmic";
  plot(ui, s, pos, size);
}

void ratio_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.ratio", .title = "Update / weight", .unit = "per step, logarithmic",
             .doc = "Length of a step divided by the length of all weights. About 0.001 is the usual rule of thumb: far less is slow, far more is rough.",
             .lines = {}, .log = true};
  each_lane(ui, [&](const Lane& lane, const std::string& name, bool selected) { s.lines.push_back(line_of(ui, lane, Curve::kUpdateRatio, name, selected)); });
  plot(ui, s, pos, size);
}

void sharpness_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.sharpness", .title = "Rate and its limit", .unit = "lr solid, largest stable rate dashed",
             .doc = "The rate of each step, and the largest one at which the optimizer would be stable on a quadratic as curved as the loss is here (2/sharpness for gradient descent). "
                    "At the edge of stability the two meet.",
             .lines = {}, .log = true, .empty = "Measured while training runs."};
  for (std::size_t i = 0; i < ui.session.lanes(); ++i) {
    const Lane& lane = ui.session.lane(i);
    const bool selected = i == ui.session.race().selected;
    if (!lane.spec().visible || i >= ui.cache.probe.size()) continue;
    s.lines.push_back(line_of(ui, lane, Curve::kLr, lane_title(ui, i), selected));
    PlotLine limit = line_of(ui, lane, Curve::kLr, lane_title(ui, i) + ", limit", selected);
    limit.series = &ui.cache.probe[i].limit;
    limit.dashed = true;
    limit.marker = -1;
    s.lines.push_back(std::move(limit));
  }
  plot(ui, s, pos, size);
}

// The layers of the selected lane, the first one darkest.
void layer_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Lane& lane = ui.session.lane(ui.session.race().selected);
  PlotSpec s{.id = "plot.layers", .title = "Update / weight by layer", .unit = "selected lane",
             .doc = "The same for each layer of the selected lane: layers that move far less or far more than the others show where the rate does not fit.",
             .lines = {}, .log = true};
  const std::size_t n = lane.layer_ratio().size();
  const ImU32 base = lane_colour(*ui.theme, lane.spec().colour);
  for (std::size_t l = 0; l < n; ++l)
    s.lines.push_back({.series = &lane.layer_ratio()[l], .colour = mix(base, ui.theme->muted, n > 1 ? 0.85f * static_cast<float>(l) / static_cast<float>(n - 1) : 0),
                       .dashed = l % 2 == 1, .name = "layer " + std::to_string(l + 1)});
  plot(ui, s, pos, size);
}

void rates_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.rates", .title = "Effective rate", .unit = "median solid, least and most dashed",
             .doc = "What multiplies the gradient of a parameter. Plain gradient descent has one rate for all; adaptive methods give each parameter its own. Selected lane: also the smallest and the largest.",
             .lines = {}, .log = true};
  each_lane(ui, [&](const Lane& lane, const std::string& name, bool selected) {
    s.lines.push_back(line_of(ui, lane, Curve::kRateMedian, name, selected));
    if (!selected) return;
    for (Curve c : {Curve::kRateMin, Curve::kRateMax}) {
      PlotLine l = line_of(ui, lane, c, name + (c == Curve::kRateMin ? ", smallest" : ", largest"), false);
      l.dashed = true;
      l.marker = -1;
      s.lines.push_back(std::move(l));
    }
  });
  plot(ui, s, pos, size);
}

struct PlotRow {
  const char* id;
  void (*draw)(Ui&, ImVec2, ImVec2);
  bool classes_only;
  float share;  // of the height
};
constexpr PlotRow kPlots[] = {{"plot.loss", loss_plot, false, 1.35f},
                              {"plot.accuracy", accuracy_plot, true, 1},
                              {"plot.sharpness", sharpness_plot, false, 1},
                              {"plot.grad", gradient_plot, false, 1},
                              {"plot.ratio", ratio_plot, false, 1},
                              {"plot.layers", layer_plot, false, 1},
                              {"plot.rates", rates_plot, false, 1}};

}  // namespace

float draw_plots(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Problem& p = ui.session.lane(0).trainer().problem();
  const bool classes = !p.surface && p.data->classes > 0;
  float y = pos.y;
  const float unit = std::clamp((size.y - 2 * kGap) / 3.3f, 150.0f, 230.0f);
  for (const PlotRow& row : kPlots) {
    if (row.classes_only && !classes) continue;
    const float h = std::round(unit * row.share);
    row.draw(ui, {pos.x, y}, {size.x, h});
    y += h + 10;
  }
  return y - pos.y;
}

// The plot that was made big, over everything else.
float draw_big_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  for (const PlotRow& row : kPlots)
    if (ui.prefs.big_plot == row.id) {
      row.draw(ui, pos, size);
      return size.y;
    }
  ui.prefs.big_plot.clear();
  return 0;
}

}  // namespace lrlab
