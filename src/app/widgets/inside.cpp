#include "app/widgets/inside.h"

#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/views.h"
#include "app/widgets/field.h"
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

void draw_inside(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const Lane& lane = ui.session.lane(ui.session.race().selected);
  const Trainer& trainer = shown(lane);
  const TrainSettings& s = trainer.settings();
  const StepReport& report = lane.last_report();
  const Telemetry& tele = lane.last_telemetry();
  const OptimizerInfo& info = *s.optimizer.info;
  const ImU32 colour = lane_colour(t, lane.spec().colour);
  if (!ui.begin_column("inside", pos, size)) {
    ui.end_column();
    return;
  }
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float w = ImGui::GetContentRegionAvail().x - 8;
  float y = top.y;
  ImDrawList* dl = ui.draw();

  // One step, in the order in which it happens.
  struct Stage {
    const char* name;
    std::string value, below;
    const char* doc;
  };
  const bool clips = std::string_view(s.clip.info->id) != "none";
  const bool any = trainer.state().step > 0;
  const std::size_t batch = s.batch_size > 0 ? std::min<std::size_t>(trainer.problem().train_count(), static_cast<std::size_t>(s.batch_size)) : trainer.problem().train_count();
  std::vector<Stage> stages;
  stages.push_back({"batch", std::to_string(batch), batch == 1 ? "sample" : "samples", "The samples of this step. All lanes of a race see the same ones."});
  stages.push_back({"loss", any ? short_number(report.loss) : "–", "of the batch", "Mean over the batch, penalties included."});
  stages.push_back({"gradient", any ? short_number(tele.grad_norm) : "–", "length", "How steep the loss is: the direction of the steepest rise, one number for each parameter."});
  stages.push_back({"clip", !clips ? "off" : any ? "× " + short_number(report.clip.factor, 2) : "–", clips ? percent(lane.clip_share()) + " of steps" : "", "What the gradient was multiplied by, so that it is not too long."});
  stages.push_back({"rate", short_number(trainer.lr_now()), trainer.lr_now() == s.lr ? "the dial" : "dial × schedule", "The learning rate of this step: the dial times the schedule's factor."});
  stages.push_back({"update", any ? short_number(tele.update_norm) : "–", any && tele.weight_norm > 0 ? percent(tele.update_norm / tele.weight_norm) + " of θ" : "length", "How far the parameters moved in this step."});
  const int per_row = w > 560 ? 6 : 3;
  const float bw = (w - 14 * static_cast<float>(per_row - 1)) / static_cast<float>(per_row), bh = 74;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const ImVec2 p{top.x + static_cast<float>(i % static_cast<std::size_t>(per_row)) * (bw + 14), y + static_cast<float>(i / static_cast<std::size_t>(per_row)) * (bh + 10)};
    const bool acts = stages[i].value != "off";
    dl->AddRectFilled(p, {p.x + bw, p.y + bh}, t.sunken, kSoft);
    dl->AddRectFilled(p, {p.x + bw, p.y + 3}, acts ? colour : t.border, 1.5f);
    ui.text_fit(ui.fonts.small, {p.x + 10, p.y + 9}, t.muted, stages[i].name, bw - 14);
    ui.text_fit(ui.fonts.bold, {p.x + 10, p.y + 27}, acts ? t.text : t.muted, stages[i].value, bw - 14);
    ui.text_fit(ui.fonts.small, {p.x + 10, p.y + 48}, t.muted, stages[i].below, bw - 14);
    if ((i + 1) % static_cast<std::size_t>(per_row) != 0 && i + 1 < stages.size()) ui.text(ui.fonts.small, {p.x + bw + 1, p.y + bh / 2 - 8}, t.muted, "→");
    if (ImGui::IsMouseHoveringRect(p, {p.x + bw, p.y + bh}) && ImGui::IsWindowHovered()) ui.tip_at({p.x, p.y + bh}, stages[i].name, stages[i].doc);
  }
  y += (bh + 10) * static_cast<float>((stages.size() + static_cast<std::size_t>(per_row) - 1) / static_cast<std::size_t>(per_row)) + 6;

  // The rule itself.
  ui.text(ui.fonts.bold, {top.x, y}, t.text, info.label);
  y += 22;
  const std::string whole = printable(info.formula);
  std::string_view formula = whole;
  while (!formula.empty()) {
    const std::size_t end = formula.find('\n');
    const std::string_view line = formula.substr(0, end);
    dl->AddRectFilled({top.x, y}, {top.x + 3, y + 20}, with_alpha(colour, 0.7f));
    ui.text_fit(ui.fonts.body, {top.x + 12, y + 1}, t.text, line, w - 14);
    y += 22;
    formula = end == std::string_view::npos ? std::string_view() : formula.substr(end + 1);
  }
  y += 10;

  // The vectors: one number for each parameter, by size.
  const std::size_t n = trainer.theta().size();
  struct Vector {
    std::string name;
    const Real* v;
    const char* doc;
  };
  std::vector<Vector> vectors;
  vectors.push_back({"gradient, as the optimizer saw it", trainer.grad().data(), "Of the last step, after clipping."});
  for (std::size_t k = 0; k < info.state.size() && (k + 1) * n <= trainer.state().optimizer_state.size(); ++k)
    vectors.push_back({info.state[k], trainer.state().optimizer_state.data() + k * n, "What the optimizer remembers."});
  const int columns = w > 460 ? 2 : 1;
  const float hw = (w - 16 * static_cast<float>(columns - 1)) / static_cast<float>(columns), hh = 96;
  for (std::size_t k = 0; k < vectors.size(); ++k) {
    const ImVec2 p{top.x + static_cast<float>(k % static_cast<std::size_t>(columns)) * (hw + 16), y + static_cast<float>(k / static_cast<std::size_t>(columns)) * (hh + 30)};
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += static_cast<double>(vectors[k].v[i]) * static_cast<double>(vectors[k].v[i]);
    const std::string norm = "length " + short_number(std::sqrt(sum));
    const float nw = Ui::width(ui.fonts.small, norm);
    ui.text_fit(ui.fonts.small, p, t.text, vectors[k].name, hw - nw - 8);
    ui.text(ui.fonts.small, {p.x + hw - nw, p.y}, t.muted, norm);
    histogram(ui, vectors[k].v, n, {p.x, p.y + 22}, {hw, hh - 22}, with_alpha(colour, 0.75f));
    if (ImGui::IsMouseHoveringRect(p, {p.x + hw, p.y + hh}) && ImGui::IsWindowHovered())
      ui.tip_at({p.x, p.y + hh}, vectors[k].name, vectors[k].doc, "How many parameters have which size (absolute value, logarithmic).");
  }
  y += static_cast<float>((vectors.size() + static_cast<std::size_t>(columns) - 1) / static_cast<std::size_t>(columns)) * (hh + 30);

  // How far apart the parameters' own rates are.
  if (any) {
    const double* q = tele.rate_quantile;
    ui.text_fit(ui.fonts.small, {top.x, y}, t.text,
                q[0] == q[4] ? "effective rate: " + short_number(q[2]) + " for every parameter"
                             : "effective rate: from " + short_number(q[0]) + " to " + short_number(q[4]) + ", median " + short_number(q[2]),
                w);
    y += 22;
    if (q[0] != q[4] && q[0] > 0 && q[4] > q[0]) {
      const double lo = std::log10(q[0]), hi = std::log10(q[4]);
      const auto x = [&](double v) { return top.x + w * static_cast<float>((std::log10(v) - lo) / (hi - lo)); };
      dl->AddLine({top.x, y + 9}, {top.x + w, y + 9}, t.border_strong);
      dl->AddRectFilled({x(q[1]), y}, {std::max(x(q[1]) + 2, x(q[3])), y + 18}, with_alpha(colour, 0.4f), 4);
      dl->AddRectFilled({x(q[2]) - 1, y - 2}, {x(q[2]) + 1, y + 20}, colour);
      y += 28;
    }
  }
  ui.note("inside", "image", "What one step of the selected lane is made of", any ? short_number(tele.update_norm) : "", {pos.x, pos.y}, size);
  ImGui::SetCursorScreenPos(top);
  ImGui::Dummy({w, y - top.y});
  ui.end_column();
}

}  // namespace lrlab
