// The course of the run: one plot a quantity, all lanes in it.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/panels.h"
#include "app/views.h"
#include "app/widgets/plot.h"

namespace lrlab {
namespace {

// A curve of lane i, with its marker or (dashed) without.
PlotLine line_of(Ui& ui, std::size_t i, const Series& series, const char* what = "", bool dashed = false) {
  const LaneSpec& spec = ui.session.lane(i).spec();
  const bool selected = i == ui.session.race().selected;
  return {.series = &series, .colour = lane_colour(*ui.theme, spec.colour), .marker = dashed ? -1 : spec.colour, .dashed = dashed,
          .weight = dashed ? (selected ? 2.0f : 1.0f) : selected ? 3.0f : 2.0f, .name = lane_title(ui, i) + what, .unit = axis_unit(ui, i)};
}

// Calls f(i, curve) for the lanes that are to be seen; curve(c) is a curve of lane i.
template <class F>
void each_lane(Ui& ui, F f) {
  for (std::size_t i = 0; i < ui.session.lanes(); ++i)
    if (ui.session.lane(i).spec().visible) f(i, [&ui, i](Curve c) -> const Series& { return ui.session.lane(i).curve(c); });
}

bool surface(const Ui& ui) { return ui.session.lane(0).trainer().problem().surface != nullptr; }

void loss_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.loss", .title = "Loss",
             .unit = surface(ui) ? "value of the function" : "dashed: test",
             .doc = "What training makes small: the mean over the training samples (solid) and over the samples it never sees (dashed), without penalties.",
             .lines = {}, .log = ui.prefs.loss_log};
  double first = 0;
  each_lane(ui, [&](std::size_t i, auto curve) {
    const Series& train = curve(Curve::kTrainLoss);
    if (!train.empty()) first = std::max(first, std::abs(static_cast<double>(train.buckets().front().mean)));
    s.lines.push_back(line_of(ui, i, train));
    if (!surface(ui) && !curve(Curve::kTestLoss).empty()) s.lines.push_back(line_of(ui, i, curve(Curve::kTestLoss), ", test", true));
  });
  s.cap = first > 0 ? first * (ui.prefs.loss_log ? 10 : 1.5) : 0;
  plot(ui, s, pos, size, &ui.prefs.loss_log);
}

void accuracy_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.accuracy", .title = "Accuracy", .unit = "dashed: test",
             .doc = "Share of the samples whose class is recognised.", .lines = {}, .at_least = 1, .as_percent = true};
  each_lane(ui, [&](std::size_t i, auto curve) {
    s.lines.push_back(line_of(ui, i, curve(Curve::kTrainAccuracy)));
    s.lines.push_back(line_of(ui, i, curve(Curve::kTestAccuracy), ", test", true));
  });
  plot(ui, s, pos, size);
}

void gradient_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  bool clips = false;
  PlotSpec s{.id = "plot.grad", .title = "Gradient norm", .unit = "", .doc = "Length of the gradient of each step, before clipping; where a lane clips, also after it (dashed).",
             .lines = {}, .log = true};
  each_lane(ui, [&](std::size_t i, auto curve) {
    s.lines.push_back(line_of(ui, i, curve(Curve::kGradNorm)));
    s.lines.back().band = i == ui.session.race().selected;
    if (std::string_view(ui.session.lane(i).spec().config.train.clip.info->id) == "none") return;
    clips = true;
    s.lines.push_back(line_of(ui, i, curve(Curve::kClippedNorm), ", clipped", true));
  });
  s.unit = clips ? "dashed: after clipping" : "per step";
  plot(ui, s, pos, size);
}

void ratio_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.ratio", .title = "Update / weight", .unit = "per step",
             .doc = "Length of a step divided by the length of all weights. About 0.001 is the usual rule of thumb: far less is slow, far more is rough.",
             .lines = {}, .log = true};
  each_lane(ui, [&](std::size_t i, auto curve) { s.lines.push_back(line_of(ui, i, curve(Curve::kUpdateRatio))); });
  plot(ui, s, pos, size);
}

void rate_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.lr", .title = "Learning rate", .unit = "dashed: largest stable",
             .doc = "The rate of each step, and the largest one at which the optimizer would be stable on a quadratic as curved as the loss is here (2/sharpness for gradient descent). "
                    "At the edge of stability the two meet.",
             .lines = {}, .log = true, .empty = "Measured while training runs."};
  each_lane(ui, [&](std::size_t i, auto curve) {
    s.lines.push_back(line_of(ui, i, curve(Curve::kLr)));
    if (i < ui.cache.probe.size()) s.lines.push_back(line_of(ui, i, ui.cache.probe[i].limit, ", largest stable", true));
  });
  plot(ui, s, pos, size);
}

void sharpness_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.sharpness", .title = "Sharpness", .unit = "dashed: its limit",
             .doc = "How strongly the training loss is curved along its steepest direction (the largest eigenvalue of its Hessian, for adaptive optimizers as their steps scale it), "
                    "and what the rate of that moment allows: 2/lr for gradient descent.",
             .lines = {}, .log = true, .empty = "Measured while training runs."};
  each_lane(ui, [&](std::size_t i, auto) {
    if (i >= ui.cache.probe.size()) return;
    s.lines.push_back(line_of(ui, i, ui.cache.probe[i].sharpness));
    s.lines.push_back(line_of(ui, i, ui.cache.probe[i].ceiling, ", limit", true));
  });
  plot(ui, s, pos, size);
}

// The layers of the selected lane, the first one in its full colour.
void layers_plot(Ui& ui, PlotSpec s, const std::vector<Series>& layers, ImVec2 pos, ImVec2 size) {
  const std::size_t i = ui.session.race().selected;
  s.unit = "selected lane";
  s.log = true;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    PlotLine line = line_of(ui, i, layers[l], "", l % 2 == 1);
    line.marker = -1;
    line.name = l + 1 == layers.size() ? "output layer" : "layer " + std::to_string(l + 1);
    line.colour = mix(line.colour, ui.theme->muted, layers.size() > 1 ? 0.85f * static_cast<float>(l) / static_cast<float>(layers.size() - 1) : 0);
    s.lines.push_back(std::move(line));
  }
  plot(ui, s, pos, size);
}

const Lane& chosen(const Ui& ui) { return ui.session.lane(ui.session.race().selected); }

void layer_ratio_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  layers_plot(ui, {.id = "plot.layers", .title = "Update / weight by layer",
                   .doc = "For each layer of the selected lane: those that move far less or far more than the others show where the rate does not fit.", .lines = {}},
              chosen(ui).layer_ratio(), pos, size);
}

void layer_grad_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  layers_plot(ui, {.id = "plot.layer_grad", .title = "Gradient norm by layer",
                   .doc = "For each layer of the selected lane, before clipping: where it shrinks from layer to layer the gradient vanishes, where it grows it explodes.", .lines = {}},
              chosen(ui).layer_grad(), pos, size);
}

void rates_plot(Ui& ui, ImVec2 pos, ImVec2 size) {
  PlotSpec s{.id = "plot.rates", .title = "Effective rate", .unit = "median per parameter",
             .doc = "What multiplies the gradient of a parameter. Plain gradient descent has one rate for all; adaptive methods give each parameter its own. Selected lane: also the smallest and the largest (dashed).",
             .lines = {}, .log = true};
  each_lane(ui, [&](std::size_t i, auto curve) {
    s.lines.push_back(line_of(ui, i, curve(Curve::kRateMedian)));
    if (i != ui.session.race().selected) return;
    s.lines.push_back(line_of(ui, i, curve(Curve::kRateMin), ", smallest", true));
    s.lines.push_back(line_of(ui, i, curve(Curve::kRateMax), ", largest", true));
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
                              {"plot.lr", rate_plot, false, 1},
                              {"plot.sharpness", sharpness_plot, false, 1},
                              {"plot.grad", gradient_plot, false, 1},
                              {"plot.ratio", ratio_plot, false, 1},
                              {"plot.layers", layer_ratio_plot, false, 1},
                              {"plot.layer_grad", layer_grad_plot, false, 1},
                              {"plot.rates", rates_plot, false, 1}};

// What holds for all plots: the axis, and how smooth the curves are drawn. Returns its height.
float plot_tools(Ui& ui, ImVec2 pos, float width) {
  const float w = (width - 8) / 2;
  const std::vector<Ui::Option> axes{{"By steps", "Updates of the weights."}, {"By epochs", "Times that all training samples were seen."},
                                     {"By seconds", "What the steps take on this machine, measured on a copy."}};
  const int axis = static_cast<int>(ui.prefs.axis), chosen_axis = ui.select("plots.axis", "Axis of the plots", axes, axis, pos, w);
  if (chosen_axis != axis) {
    ui.prefs.axis = static_cast<Prefs::Axis>(chosen_axis);
    ui.prefs.zoom.clear();
    ui.prefs.cursor = -1;
  }
  static constexpr double kKept[] = {0, 0.6, 0.9, 0.97, 0.99};
  std::vector<Ui::Option> amounts{{"Not smoothed", "Curves as they were recorded."}};
  int present = 0;
  for (int k = 1; k < 5; ++k) {
    if (ui.prefs.smoothing == kKept[k]) present = k;
    char text[24];
    std::snprintf(text, sizeof text, "Smoothing %g", kKept[k]);
    amounts.push_back({text, k == 1 ? "A running mean; what was recorded stays behind it." : ""});
  }
  ui.prefs.smoothing = kKept[ui.select("plots.smoothing", "Smoothing of the plots", amounts, present, {pos.x + w + 8, pos.y}, w)];
  return std::max(30.0f, ui.layout.target) + 8;
}

}  // namespace

float draw_plots(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Problem& p = ui.session.lane(0).trainer().problem();
  const bool classes = !p.surface && p.data->classes > 0;
  const bool covered = !ui.prefs.big_plot.empty();  // then the big one has the tools
  float y = pos.y + (covered ? std::max(30.0f, ui.layout.target) + 8 : plot_tools(ui, pos, size.x));
  // So many that the last one in sight is seen whole.
  const float room = pos.y + size.y - y - 4;
  float unit = 150;
  for (const float shares : {2.35f, 3.35f, 4.35f})
    if (const float u = (room - 10 * (shares - 1.35f)) / shares; u >= 150) unit = u;
  unit = std::min(unit, 260.0f);
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
      ui.card(pos, size, ui.theme->page);
      const float tools = 10 + plot_tools(ui, {pos.x + 10, pos.y + 10}, std::min(size.x - 20, 420.0f));
      row.draw(ui, {pos.x + 10, pos.y + tools}, {size.x - 20, size.y - tools - 10});
      return size.y;
    }
  ui.prefs.big_plot.clear();
  return 0;
}

}  // namespace lrlab
