#include "app/widgets/inside.h"

#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/views.h"
#include "app/widgets/field.h"
#include "app/widgets/formula.h"
#include "app/widgets/text.h"

namespace lrlab {
namespace {

constexpr int kCells = 14;  // of a neuron's picture, per side: (kCells + 1)² points are one chunk
constexpr int kPoints = kCells + 1;
static_assert(kPoints * kPoints <= static_cast<int>(kMaxChunk));

// What each neuron answers over the plane of the two inputs; of more inputs: its incoming weights.
void make_neurons(NetworkImage& image, const Lane& lane, const std::vector<Real>& theta, const Theme& t) {
  const Problem& p = lane.trainer().problem();
  const Mlp& mlp = p.mlp;
  image.colour.assign(mlp.layers() + 1, {});
  if (mlp.inputs() == 2) {
    const FieldImage frame = plane_of(lane);
    const std::size_t ld = kMaxChunk + 16, n = kPoints * kPoints;
    std::vector<Real> x(2 * ld);
    for (int i = 0; i < kPoints * kPoints; ++i) {
      x[static_cast<std::size_t>(i)] = static_cast<Real>(frame.low.x + (frame.high.x - frame.low.x) * (i % kPoints) / kCells);
      x[ld + static_cast<std::size_t>(i)] = static_cast<Real>(frame.high.y - (frame.high.y - frame.low.y) * (i / kPoints) / kCells);
    }
    Workspace work = mlp.workspace();
    mlp.forward(theta.data(), {x.data(), ld}, n, work);
    for (std::size_t l = 0; l <= mlp.layers(); ++l)
      for (int k = 0; k < mlp.sizes()[l]; ++k) {
        const Real* row = l == 0 ? x.data() + static_cast<std::size_t>(k) * ld : work.a[l - 1].data() + static_cast<std::size_t>(k) * work.ld;
        float scale = 1e-6f;
        for (std::size_t i = 0; i < n; ++i)
          if (row[i] * 0 == 0) scale = std::max(scale, std::abs(static_cast<float>(row[i])));
        std::vector<ImU32> c(n);
        for (std::size_t i = 0; i < n; ++i) c[i] = signed_colour(t, row[i] * 0 == 0 ? static_cast<float>(row[i]) / scale : 0);
        image.colour[l].push_back(std::move(c));
      }
    image.side = kCells;
    return;
  }
  const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(mlp.inputs()))));
  image.side = side * side == mlp.inputs() && side > 2 ? side : 0;
  if (!image.side) return;
  const TensorView& w = mlp.weight(0);
  for (int k = 0; k < w.rows; ++k) {
    const Real* row = theta.data() + w.offset + static_cast<std::size_t>(k * w.cols);
    float scale = 1e-6f;
    for (int i = 0; i < w.cols; ++i) scale = std::max(scale, std::abs(static_cast<float>(row[i])));
    std::vector<ImU32> c(static_cast<std::size_t>(w.cols));
    for (int i = 0; i < w.cols; ++i) c[static_cast<std::size_t>(i)] = signed_colour(t, static_cast<float>(row[i]) / scale);
    image.colour[1].push_back(std::move(c));
  }
}

bool all_finite(const std::vector<Real>& v) {
  return std::all_of(v.begin(), v.end(), [](Real x) { return x * 0 == 0; });
}

// How many of the values fall where on a logarithmic scale of their size.
void histogram(Ui& ui, const Real* v, std::size_t n, ImVec2 pos, ImVec2 size, ImU32 colour) {
  const Theme& t = *ui.theme;
  constexpr int kBins = 33, kLow = -8, kHigh = 3;  // thirds of a decade, from 1e-8 to 1e3
  int bins[kBins] = {}, most = 1;
  const std::size_t stride = std::max<std::size_t>(1, n / 4096);
  for (std::size_t i = 0; i < n; i += stride) {
    const float a = std::abs(static_cast<float>(v[i]));
    if (!(a > 1e-30f) || !std::isfinite(a)) continue;  // exactly 0: nowhere on this scale
    const int b = static_cast<int>(std::floor((std::log10(a) - kLow) * 3));
    most = std::max(most, ++bins[std::clamp(b, 0, kBins - 1)]);
  }
  ImDrawList* dl = ui.draw();
  const float base = pos.y + size.y - 16, w = size.x / kBins;
  for (int i = 0; i < kBins; ++i)
    if (bins[i])
      dl->AddRectFilled({pos.x + w * static_cast<float>(i) + 0.5f, base - (base - pos.y) * static_cast<float>(bins[i]) / static_cast<float>(most)},
                        {pos.x + w * static_cast<float>(i + 1) - 0.5f, base}, colour, 1.5f);
  dl->AddLine({pos.x, base + 0.5f}, {pos.x + size.x, base + 0.5f}, t.border_strong);
  for (int e : {-8, -6, -4, -2, 0, 2}) {
    const float x = pos.x + size.x * static_cast<float>(e - kLow) / static_cast<float>(kHigh - kLow);
    const std::string text = decade(e);
    ui.text(ui.fonts.small, {std::max(pos.x, x - Ui::width(ui.fonts.small, text) / 2), base + 1}, t.muted, text);
  }
}

}  // namespace

void draw_network(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const Trainer& trainer = shown(ui.session.lane(ui.session.race().selected));
  const Problem& p = trainer.problem();
  const Mlp& mlp = p.mlp;
  const std::vector<Real>& theta = trainer.theta();
  NetworkImage& image = ui.cache.network;
  const bool finite = all_finite(theta);
  const bool same = image.problem == &p && image.dark == t.dark && image.trainer == &trainer;
  if (finite && (!same || (image.step != trainer.state().step && ui.time - image.time > 0.06))) {
    make_neurons(image, ui.session.lane(ui.session.race().selected), theta, t);
    image = NetworkImage{.problem = &p, .trainer = &trainer, .step = trainer.state().step, .time = ui.time, .dark = t.dark, .side = image.side, .colour = std::move(image.colour)};
  }

  // Columns of neurons, staggered where there are many; what does not fit is counted below. Inputs
  // that are no plane stand as one picture: their weights are drawn in the first layer's neurons.
  const int layers = static_cast<int>(mlp.sizes().size());
  const bool bundled = mlp.inputs() > 12;
  const auto neurons = [&](int l) { return l == 0 && bundled ? 1 : mlp.sizes()[static_cast<std::size_t>(l)]; };
  const float foot = 22, head = 22, room = size.y - foot - head, gap = 6;
  const float column = size.x / static_cast<float>(layers);
  int widest = 1;
  for (int l = 0; l < layers; ++l) widest = std::max(widest, neurons(l));
  const int sub = widest > 8 ? 2 : 1;
  const int rows = (std::min(widest, 16) + sub - 1) / sub;
  const float tile = std::floor(std::clamp(std::min(room / static_cast<float>(rows) - gap, column * (sub == 2 ? 0.28f : 0.42f)), 14.0f, 54.0f));
  const int fit_rows = std::max(1, static_cast<int>((room + gap) / (tile + gap)));
  const auto subs = [&](int l) { return neurons(l) > 8 ? sub : 1; };
  const auto count = [&](int l) { return std::min(neurons(l), fit_rows * subs(l)); };
  const auto centre = [&](int l, int k) {
    const int n = subs(l), r = (count(l) + n - 1) / n;
    const float h = static_cast<float>(r) * (tile + gap) - gap, shift = n == 2 ? (k % 2 ? 0.5f : -0.5f) * (tile + 14) : 0;
    return ImVec2{std::floor(pos.x + column * (static_cast<float>(l) + 0.5f) + shift),
                  std::floor(pos.y + head + (room - h) / 2 + static_cast<float>(k / n) * (tile + gap) + tile / 2)};
  };
  if (!finite) {
    ui.text(ui.fonts.bold, {pos.x + size.x / 2 - Ui::width(ui.fonts.bold, "Diverged: no weight is a number any more") / 2, pos.y + size.y / 2}, t.bad, "Diverged: no weight is a number any more");
    return;
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  int hot_layer = -1, hot = -1;
  for (int l = 0; l < layers; ++l)
    for (int k = 0; k < count(l); ++k) {
      const ImVec2 c = centre(l, k);
      if (std::abs(mouse.x - c.x) < tile / 2 + 1 && std::abs(mouse.y - c.y) < tile / 2 + 1 && ImGui::IsWindowHovered()) hot_layer = l, hot = k;
    }
  for (int l = bundled ? 1 : 0; l + 1 < layers; ++l) {
    const TensorView& w = mlp.weight(static_cast<std::size_t>(l));
    float scale = 1e-6f;
    for (std::size_t i = 0; i < w.size(); ++i) scale = std::max(scale, std::abs(static_cast<float>(theta[w.offset + i])));
    for (int k = 0; k < count(l + 1); ++k)
      for (int j = 0; j < count(l); ++j) {
        const float v = static_cast<float>(theta[w.offset + static_cast<std::size_t>(k * w.cols + j)]) / scale;
        const bool lit = (hot_layer == l && hot == j) || (hot_layer == l + 1 && hot == k);
        const float strength = std::abs(v);
        if (strength < 0.04f && !lit) continue;
        const float alpha = hot_layer >= 0 ? (lit ? 0.95f : 0.08f) : 0.15f + 0.7f * strength;
        const ImVec2 a = centre(l, j), b = centre(l + 1, k);
        dl->AddLine({a.x + tile / 2, a.y}, {b.x - tile / 2, b.y}, with_alpha(v < 0 ? t.negative : t.positive, alpha), 0.75f + 2.75f * strength);
      }
  }
  for (int l = 0; l < layers; ++l) {
    const std::string title = l == 0 ? (bundled ? std::to_string(mlp.inputs()) + " inputs" : "inputs") : l + 1 == layers ? "output" : "layer " + std::to_string(l);
    ui.text(ui.fonts.small, {pos.x + column * (static_cast<float>(l) + 0.5f) - Ui::width(ui.fonts.small, title) / 2, pos.y}, t.muted, title);
    for (int k = 0; k < count(l); ++k) {
      const ImVec2 c = centre(l, k), a{c.x - tile / 2, c.y - tile / 2}, s{tile, tile};
      const bool drawn = static_cast<std::size_t>(l) < image.colour.size() && static_cast<std::size_t>(k) < image.colour[static_cast<std::size_t>(l)].size();
      if (drawn && mlp.inputs() == 2) {
        draw_mesh(dl, a, s, kCells, kCells, image.colour[static_cast<std::size_t>(l)][static_cast<std::size_t>(k)]);
      } else if (drawn) {
        const std::vector<ImU32>& picture = image.colour[static_cast<std::size_t>(l)][static_cast<std::size_t>(k)];
        const float cell = tile / static_cast<float>(image.side);
        for (int i = 0; i < image.side * image.side; ++i) {
          const ImVec2 q{a.x + cell * static_cast<float>(i % image.side), a.y + cell * static_cast<float>(i / image.side)};
          dl->PrimReserve(6, 4);
          dl->PrimRect(q, {q.x + cell, q.y + cell}, picture[static_cast<std::size_t>(i)]);
        }
      } else {
        dl->AddRectFilled(a, {a.x + tile, a.y + tile}, t.sunken, 5);
        const std::string text = l == 0 && bundled ? (image.side ? std::to_string(image.side) + "×" + std::to_string(image.side) : std::to_string(mlp.inputs()))
                                 : l + 1 == layers && mlp.outputs() > 1 ? std::to_string(k) : "";
        if (Ui::width(ui.fonts.small, text) < tile) ui.text(ui.fonts.small, {c.x - Ui::width(ui.fonts.small, text) / 2, c.y - Ui::line(ui.fonts.small) / 2}, t.muted, text);
      }
      dl->AddRect(a, {a.x + tile, a.y + tile}, l == hot_layer && k == hot ? t.accent : t.border_strong, 4, 0, l == hot_layer && k == hot ? 2.0f : 1.0f);
    }
    const int more = neurons(l) - count(l);
    if (more > 0) {
      const std::string text = "+ " + std::to_string(more);
      ui.text(ui.fonts.small, {pos.x + column * (static_cast<float>(l) + 0.5f) - Ui::width(ui.fonts.small, text) / 2, pos.y + size.y - foot + 2}, t.muted, text);
    }
  }
  ui.note("network", "image", "The network with its weights and what each neuron answers", {}, pos, size);
  if (hot_layer > 0) {
    const std::size_t l = static_cast<std::size_t>(hot_layer - 1);
    const TensorView &w = mlp.weight(l), &b = mlp.bias(l);
    double sum = 0;
    for (int j = 0; j < w.cols; ++j) sum += std::pow(static_cast<double>(theta[w.offset + static_cast<std::size_t>(hot * w.cols + j)]), 2);
    ImGui::SetCursorScreenPos(centre(hot_layer, hot));
    ImGui::Dummy({1, 1});
    ui.tip_at(centre(hot_layer, hot), "Neuron " + std::to_string(hot + 1) + (hot_layer + 1 == layers ? " of the output" : " of layer " + std::to_string(hot_layer)),
              "Length of its weights " + short_number(std::sqrt(sum)) + ", bias " + short_number(static_cast<double>(theta[b.offset + static_cast<std::size_t>(hot)])) + ".");
  }
}

namespace {

struct Stage {
  StepPart part;
  const char* name;
  std::string value, below;
  const char* doc;
  bool acts = true;
};

// One step, in the order in which it happens.
std::vector<Stage> stages_of(const Lane& lane) {
  const Trainer& trainer = shown(lane);
  const TrainSettings& s = trainer.settings();
  const StepReport& report = lane.last_report();
  const Telemetry& tele = lane.last_telemetry();
  const bool any = trainer.state().step > 0, clips = std::string_view(s.clip.info->id) != "none";
  const auto number = [&](double v) { return any ? short_number(v) : "–"; };
  const std::size_t all = trainer.problem().train_count(), batch = s.batch_size > 0 ? std::min(all, static_cast<std::size_t>(s.batch_size)) : all;
  const std::size_t memory = s.optimizer.info->state.size();
  const bool surface = trainer.problem().surface;  // which has no samples
  std::vector<Stage> stages{
      {StepPart::kBatch, "batch", std::to_string(batch), batch == 1 ? "sample" : "samples", "The samples of this step are drawn. All lanes of a race see the same ones."},
      {StepPart::kLoss, "loss", number(report.loss), surface ? "the height" : "of the batch",
       surface ? "The value of the function where the point is." : "How wrong the network is on them: the mean over the batch, penalties included."},
      {StepPart::kGradient, "gradient", number(tele.grad_norm), "length", "g: which way the loss rises most steeply, and how steeply. One number for each parameter."},
      {StepPart::kClip, "clip", !clips ? "off" : any ? "× " + short_number(report.clip.factor, 2) : "–", clips ? "in " + percent(lane.clip_share()) : "",
       clips ? "What the gradient was multiplied by, so that it is not too long (and in how many of the steps so far); this is g from here on." : "A gradient that is too long could be shortened here. It is switched off.", clips},
      {StepPart::kMemory, "memory", memory ? std::to_string(memory) : "none", memory == 0 ? "" : memory == 1 ? "vector" : "vectors",
       memory ? "What the optimizer remembers of earlier gradients is brought up to date. Its vectors are drawn below." : "This optimizer remembers nothing: each step knows its own gradient only.", memory > 0},
      {StepPart::kRate, "rate", short_number(trainer.lr_now()), trainer.lr_now() == s.lr ? "the dial" : "dial × schedule", "The learning rate of this step: the dial times the schedule's factor."},
      {StepPart::kUpdate, "update", number(tele.update_norm), any && tele.weight_norm > 0 ? percent(tele.update_norm / tele.weight_norm) + " of θ" : "length", "The parameters θ move. How far, all together."},
  };
  if (surface) stages.erase(stages.begin());
  return stages;
}

// The stages as boxes in a row, each of which can be chosen. Returns the height.
float draw_stages(Ui& ui, const std::vector<Stage>& stages, ImVec2 top, float w, ImU32 colour) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const int per_row = w > 600 ? 7 : w > 300 ? 4 : 2;
  const bool brief = per_row < 7;  // two rows: only the numbers
  const float gap = 14, bw = (w - gap * static_cast<float>(per_row - 1)) / static_cast<float>(per_row), bh = brief ? 52.0f : 74.0f;
  for (int i = 0; i < static_cast<int>(stages.size()); ++i) {
    const Stage& stage = stages[static_cast<std::size_t>(i)];
    const ImVec2 p{top.x + static_cast<float>(i % per_row) * (bw + gap), top.y + static_cast<float>(i / per_row) * (bh + 10)}, end{p.x + bw, p.y + bh};
    const bool on = ui.prefs.stage == i;
    const Control c = ui.control(std::string("inside.") + stage.name, "button", std::string("Where the ") + stage.name + " acts", on ? "on" : stage.value, p, {bw, bh});
    if (c.clicked) ui.prefs.stage = on ? -1 : i;
    dl->AddRectFilled(p, end, on ? with_alpha(colour, 0.22f) : t.sunken, kSoft);
    if (c.hovered) dl->AddRectFilled(p, end, t.hover, kSoft);
    if (on) dl->AddRect(p, end, colour, kSoft, 0, 1.5f);
    dl->AddRectFilled(p, {end.x, p.y + 3}, stage.acts ? colour : t.border, 1.5f);
    ui.text_fit(ui.fonts.small, {p.x + 8, p.y + 9}, on ? t.text : t.muted, stage.name, bw - 10);
    ui.text_fit(ui.fonts.bold, {p.x + 8, p.y + 27}, stage.acts ? t.text : t.muted, stage.value, bw - 10);
    if (!brief) ui.text_fit(ui.fonts.small, {p.x + 8, p.y + 48}, t.muted, stage.below, bw - 10);
    if ((i + 1) % per_row != 0 && i + 1 < static_cast<int>(stages.size())) ui.text(ui.fonts.small, {end.x + 1, p.y + bh / 2 - 8}, t.muted, "→");
    if (c.hovered) ui.tip(stage.name, stage.doc, "Click: show where it acts");
  }
  return (bh + 10) * static_cast<float>((static_cast<int>(stages.size()) + per_row - 1) / per_row) - 10;
}

// The rule itself, lit where `part` acts; a rule too long for its line goes on below. Returns the height.
float draw_formula(Ui& ui, const OptimizerInfo& info, const StepPart* part, ImVec2 pos, float w, ImU32 colour) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const float row = 22;
  float y = pos.y;
  for (const std::vector<FormulaPiece>& line : read_formula(info)) {
    float x = pos.x + 12;
    const float begin = y;
    for (const FormulaPiece& piece : line) {
      const std::string text = printable(piece.text);
      const float pw = Ui::width(ui.fonts.body, text);
      if (x + pw > pos.x + w && x > pos.x + 32) x = pos.x + 32, y += row;
      const bool lit = part && acts(piece, *part);
      if (lit) dl->AddRectFilled({x, y}, {x + pw, y + row - 2}, with_alpha(colour, 0.3f));
      ui.text(ui.fonts.body, {x, y + 1}, part && !lit ? t.muted : t.text, text);
      x += pw;
    }
    y += row;
    dl->AddRectFilled({pos.x, begin}, {pos.x + 3, y - 2}, with_alpha(colour, 0.7f));
  }
  return y - pos.y;
}

}  // namespace

void draw_inside(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const Lane& lane = ui.session.lane(ui.session.race().selected);
  const Trainer& trainer = shown(lane);
  const Telemetry& tele = lane.last_telemetry();
  const OptimizerInfo& info = *trainer.settings().optimizer.info;
  const ImU32 colour = lane_colour(t, lane.spec().colour);
  if (!ui.begin_column("inside", pos, size)) {
    ui.end_column();
    return;
  }
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float w = ImGui::GetContentRegionAvail().x - 8;
  float y = top.y;
  const std::vector<Stage> stages = stages_of(lane);
  int& at = ui.prefs.stage;
  at = std::min(at, static_cast<int>(stages.size()) - 1);
  y += draw_stages(ui, stages, {top.x, y}, w, colour) + 10;

  // In slow motion: one part of a step after the other, then the next step.
  const bool last = at + 1 == static_cast<int>(stages.size());
  const std::string next = at < 0 ? "Slow motion" : last ? "Next step" : std::string("Next: ") + stages[static_cast<std::size_t>(at + 1)].name;
  const float b = std::max(28.0f, ui.layout.target), bw = 130;
  if (ui.button("inside.next", icon::kStep, next, {top.x, y}, {bw, b}, Look::kOutlined)) {
    if (ui.session.playing()) ui.command(Command::Kind::kPause);
    if (last) ui.command(Command::Kind::kStep, 1);
    at = last ? 0 : at + 1;
  }
  const StepPart* part = at >= 0 ? &stages[static_cast<std::size_t>(at)].part : nullptr;
  const std::string doc = part ? stages[static_cast<std::size_t>(at)].doc : "Choose a part, or watch a step go by in slow motion.";
  const float room = w - bw - 12, high = Ui::wrap_height(ui.fonts.body, doc, room);
  ui.text_wrap(ui.fonts.body, {top.x + bw + 12, y + std::max(0.0f, (b - high) / 2)}, part ? t.text : t.muted, doc, room);
  y += std::max(b, high) + 12;

  ui.text(ui.fonts.bold, {top.x, y}, t.text, info.label);
  y += 22;
  y += draw_formula(ui, info, part, {top.x, y}, w, colour) + 10;

  // The vectors: one number for each parameter, by size.
  const std::size_t n = trainer.theta().size();
  struct Vector {
    std::string name;
    const Real* v;
    std::size_t n;
    const char* doc;
    StepPart part;
  };
  std::vector<Vector> vectors;
  vectors.push_back({"g · gradient, as the optimizer saw it", trainer.grad().data(), n, "Of the last step, after clipping.", StepPart::kGradient});
  for (std::size_t k = 0; k < info.state.size() && (k + 1) * n <= trainer.state().optimizer_state.size(); ++k)
    vectors.push_back({*info.state[k].symbol ? printable(info.state[k].symbol) + " · " + info.state[k].name : info.state[k].name, trainer.state().optimizer_state.data() + k * n, n,
                       "What the optimizer remembers, under its name in PyTorch.", StepPart::kMemory});
  const bool own_rates = tele.rate_quantile[0] != tele.rate_quantile[4];
  if (own_rates && trainer.state().step > 0) vectors.push_back({"effective rate", tele.rates.data(), tele.rates.size(), "What multiplies each parameter's (averaged) gradient: the rate it really gets.", StepPart::kRate});
  const int columns = w > 460 ? 2 : 1;
  const float hw = (w - 16 * static_cast<float>(columns - 1)) / static_cast<float>(columns), hh = 96;
  for (std::size_t k = 0; k < vectors.size(); ++k) {
    const Vector& v = vectors[k];
    const ImVec2 p{top.x + static_cast<float>(k % static_cast<std::size_t>(columns)) * (hw + 16), y + static_cast<float>(k / static_cast<std::size_t>(columns)) * (hh + 30)};
    double sum = 0;
    for (std::size_t i = 0; i < v.n; ++i) sum += static_cast<double>(v.v[i]) * static_cast<double>(v.v[i]);
    const double* q = tele.rate_quantile;
    const std::string right = v.part == StepPart::kRate ? words({q[0], " to ", q[4], ", median ", q[2]}) : "length " + short_number(std::sqrt(sum));
    const float nw = Ui::width(ui.fonts.small, right);
    const bool lit = part && (v.part == *part || (v.part == StepPart::kGradient && *part == StepPart::kClip));
    ui.text_fit(lit ? ui.fonts.bold : ui.fonts.small, {p.x, p.y - (lit ? 1.0f : 0.0f)}, t.text, v.name, hw - nw - 8);
    ui.text(ui.fonts.small, {p.x + hw - nw, p.y}, t.muted, right);
    histogram(ui, v.v, v.n, {p.x, p.y + 22}, {hw, hh - 22}, with_alpha(colour, !part || lit ? 0.75f : 0.35f));
    if (ImGui::IsMouseHoveringRect(p, {p.x + hw, p.y + hh}) && ImGui::IsWindowHovered())
      ui.tip_at({p.x, p.y + hh}, v.name, v.doc, "How many parameters have which size (absolute value, logarithmic).");
  }
  y += static_cast<float>((vectors.size() + static_cast<std::size_t>(columns) - 1) / static_cast<std::size_t>(columns)) * (hh + 30);
  if (!own_rates && trainer.state().step > 0) {
    ui.text_fit(ui.fonts.small, {top.x, y}, t.text, "effective rate: " + short_number(tele.rate_quantile[2]) + " for every parameter", w);
    y += 22;
  }
  ui.note("inside", "image", "What one step of the selected lane is made of", trainer.state().step > 0 ? short_number(tele.update_norm) : "", {pos.x, pos.y}, size);
  ImGui::SetCursorScreenPos(top);
  ImGui::Dummy({w, y - top.y});
  ui.end_column();
}

}  // namespace lrlab
