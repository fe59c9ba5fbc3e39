// Where the network is: what each lane answers at this moment, side by side.
#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/views.h"
#include "app/widgets/board.h"
#include "app/widgets/field.h"
#include "app/widgets/inside.h"
#include "app/widgets/landscape.h"
#include "app/widgets/relief.h"
#include "app/widgets/samples.h"
#include "app/widgets/text.h"

namespace lrlab {
namespace {

std::vector<std::size_t> shown_lanes(const Ui& ui) {
  std::vector<std::size_t> out;
  const Race& race = ui.session.race();
  const bool one = ui.prefs.one_surface || (ui.layout.phone() && on_board(ui.config()));  // a finger needs room to paint
  for (std::size_t i = 0; i < race.lanes.size(); ++i)
    if (one ? i == race.selected : race.lanes[i].visible || i == race.selected) out.push_back(i);
  return out;
}

void draw_points(Ui& ui, const FieldImage& f, const Data& d, ImVec2 p, float s, bool rims, bool painted) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const float r = std::clamp(s / 95, painted ? 3.4f : 2.0f, 4.2f);
  const ImU32 rim = t.dark ? IM_COL32(10, 12, 18, 210) : IM_COL32(255, 255, 255, 235);
  for (const Part* part : {&d.test, &d.train}) {
    const bool test = part == &d.test;
    if (test && !ui.prefs.test_points) continue;
    const std::vector<bool>& wrong = test ? f.wrong_test : f.wrong_train;
    const std::size_t most = std::min<std::size_t>(part->count(), 1200);
    for (std::size_t i = 0; i < most; ++i) {
      const double x = static_cast<double>(part->x.row(0)[i]), y = static_cast<double>(part->x.row(1)[i]);
      const ImVec2 c{p.x + s * static_cast<float>((x - f.low.x) / (f.high.x - f.low.x)),
                     p.y + s * static_cast<float>((f.high.y - y) / (f.high.y - f.low.y))};
      ImU32 colour;
      int shape = 0;
      if (d.classes == 0) {
        colour = signed_colour(t, static_cast<float>(part->y[i]));
        colour = mix(colour, t.text, 0.25f);
      } else {
        const int k = static_cast<int>(part->y[i]);
        colour = class_colour(t, k, d.classes);
        // Without a rim it has to stand out by itself from the ground of its own class.
        colour = t.dark ? mix(colour, IM_COL32_WHITE, rims ? 0.0f : 0.4f) : mix(colour, IM_COL32_BLACK, rims ? 0.12f : 0.3f);
        shape = k % 3 == 2 ? 3 : k % 3;
      }
      const bool misread = ui.prefs.misread && i < wrong.size() && wrong[i];
      if (test) {
        // The hole shows what lies below; where it would be a speck the ring grows.
        const float ring = std::max(r, 2.8f);
        const int hollow = shape == 1 ? 4 : 2;
        if (misread) dot(ui, dl, c, ring + 1.6f, t.text, hollow);
        else if (rims && !t.dark) dot(ui, dl, c, ring + 0.2f, with_alpha(rim, 0.8f), shape);
        dot(ui, dl, c, ring + 0.2f, colour, hollow);
      } else {
        if (rims || misread) dot(ui, dl, c, r + (misread ? 1.4f : 1.1f), misread ? t.text : rim, shape);
        dot(ui, dl, c, r, colour, shape);
      }
    }
  }
}

void tile_title(Ui& ui, std::size_t i, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const Lane& lane = ui.session.lane(i);
  const TrainState& state = shown(lane).state();
  ui.marker(lane.spec().colour, {pos.x + 6, pos.y + 10}, 5);
  const ShownValues value = shown_values(lane);
  const double accuracy = value.test_accuracy == value.test_accuracy ? value.test_accuracy : value.train_accuracy;
  const bool ended = state.diverged;
  const std::string right = ended ? "diverged" : lane.trainer().problem().train_count() == 0 ? (lane.spec().config.missing_file() ? "fetching" : "no samples") : accuracy == accuracy ? percent(accuracy) : short_number(value.train_loss);
  const float rw = Ui::width(ui.fonts.small, right);
  // A short tile rather says which lane it is than how it does, which the list of lanes tells too.
  ImFont* font = i == ui.session.race().selected ? ui.fonts.bold : ui.fonts.body;
  const std::string& name = lane_title(ui, i);
  const bool both = w - rw - 26 >= std::min(Ui::width(font, name), 120.0f);
  if (both) ui.text(ui.fonts.small, {pos.x + w - rw, pos.y + 2}, ended ? t.bad : t.muted, right);
  ui.text_fit(font, {pos.x + 17, pos.y}, t.text, name, both ? w - rw - 26 : w - 17);
}

void overlay_diverged(Ui& ui, std::size_t i, ImVec2 p, float w, float h) {
  const TrainState& state = shown(ui.session.lane(i)).state();
  if (!state.diverged) return;
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  dl->AddRectFilled(p, {p.x + w, p.y + h}, with_alpha(t.card, 0.72f), 8);
  ui.text(ui.fonts.body, {p.x + w / 2 - 8, p.y + h / 2 - 24}, t.bad, icon::kWarning);
  float y = p.y + h / 2 - 4;
  const auto line = [&](const std::string& text) {
    const float tw = std::min(Ui::width(ui.fonts.bold, text), w - 4);
    ui.text_fit(ui.fonts.bold, {p.x + (w - tw) / 2, y}, t.bad, text, tw + 1);
    y += 19;
  };
  const std::string where = "at step " + grouped(state.step);
  if (Ui::width(ui.fonts.bold, "Diverged " + where) <= w - 12) return line("Diverged " + where);
  if (w < 56) return;
  line(Ui::width(ui.fonts.bold, "Diverged") > w - 4 ? "Lost" : "Diverged");
  if (Ui::width(ui.fonts.bold, where) <= w - 4) line(where);
}

bool tile_control(Ui& ui, std::size_t i, const char* what, ImVec2 pos, ImVec2 size) {
  const Control c = ui.control("picture." + std::to_string(i), "button", lane_title(ui, i) + ": " + what, {}, pos, size);
  if (c.clicked && ui.session.race().selected != i) {
    Race r = ui.race();
    r.selected = i;
    ui.set_race(std::move(r));
  }
  return c.hovered;
}

void draw_plane(Ui& ui, std::size_t i, ImVec2 pos, float s, std::size_t tiles) {
  const Theme& t = *ui.theme;
  const FieldImage& f = lane_field(ui, i, tiles == 1 ? 72 : tiles <= 3 ? 54 : tiles <= 4 ? 46 : 36);
  const Problem& p = ui.session.lane(i).trainer().problem();
  ImDrawList* dl = ui.draw();
  dl->PushClipRect(pos, {pos.x + s, pos.y + s}, true);
  const bool blank = p.train_count() == 0;  // an untrained network's answers would only distract
  if (blank)
    dl->AddRectFilled(pos, {pos.x + s, pos.y + s}, t.sunken);
  else
    draw_field(ui, f, pos, {s, s});
  const ImU32 line = with_alpha(t.text, t.dark ? 0.55f : 0.5f);
  for (std::size_t k = 0; k + 1 < f.border.size() && !blank; k += 2)
    dl->AddLine({pos.x + f.border[k].x * s, pos.y + f.border[k].y * s}, {pos.x + f.border[k + 1].x * s, pos.y + f.border[k + 1].y * s}, line, 1);
  draw_points(ui, f, *p.data, pos, s, tiles <= 3, on_board(ui.session.lane(i).spec().config));
  dl->PopClipRect();
  round_corners(dl, pos, {s, s}, 8, t.card);
  overlay_diverged(ui, i, pos, s, s);
  const bool selected = i == ui.session.race().selected && ui.session.lanes() > 1;
  dl->AddRect(pos, {pos.x + s, pos.y + s}, selected ? lane_colour(t, ui.session.lane(i).spec().colour) : t.border, 8, 0, selected ? 2.0f : 1.0f);
  if (on_board(ui.session.lane(i).spec().config)) return paint_on(ui, i, f, pos, s);
  if (tile_control(ui, i, "decision surface", pos, {s, s})) {
    const ImVec2 m = ImGui::GetIO().MousePos;
    const double u = static_cast<double>((m.x - pos.x) / s), v = static_cast<double>((m.y - pos.y) / s);
    const int x = std::clamp(static_cast<int>(u * f.nx), 0, f.nx), y = std::clamp(static_cast<int>(v * f.ny), 0, f.ny);
    if (!f.value.empty())
      ui.tip("Output " + short_number(static_cast<double>(f.value[static_cast<std::size_t>(y * (f.nx + 1) + x)]), 2),
             "x₁ " + short_number(f.low.x + u * (f.high.x - f.low.x), 2) + ", x₂ " + short_number(f.high.y - v * (f.high.y - f.low.y), 2));
  }
}

void draw_confusion(Ui& ui, std::size_t i, ImVec2 pos, float s) {
  const Theme& t = *ui.theme;
  const FieldImage& f = lane_field(ui, i, 1);
  const Problem& p = ui.session.lane(i).trainer().problem();
  const int n = p.data->classes;
  if (n < 2 || f.confusion.size() != static_cast<std::size_t>(n * n)) return;
  ImDrawList* dl = ui.draw();
  // Small, it is colours only.
  const bool labels = s >= 22 + 18 + 11 * static_cast<float>(n);
  const float left = labels ? 22 : 0, cell = (labels ? std::floor((s - left - 18) / static_cast<float>(n)) : s / static_cast<float>(n)), rim = cell < 10 ? 0.5f : 1;
  const ImU32 right_colour = t.accent, wrong_colour = t.dark ? t.bad : IM_COL32(0xD5, 0x5E, 0x00, 255);
  ImFont* font = cell >= 30 ? ui.fonts.body : ui.fonts.small;
  const float size = cell < 24 ? 11.0f : Ui::line(font), ratio = size / Ui::line(font);
  for (int y = 0; y < n; ++y) {
    int row = 0;
    for (int x = 0; x < n; ++x) row += f.confusion[static_cast<std::size_t>(y * n + x)];
    const std::string label = std::to_string(y);
    const float middle = (static_cast<float>(y) + 0.5f) * cell, line = std::min(Ui::line(ui.fonts.small), cell + 1), narrow = line / Ui::line(ui.fonts.small);
    if (labels) dl->AddText(ui.fonts.small, line, {pos.x + 8, pos.y + middle - line / 2}, t.muted, label.c_str());
    if (labels) dl->AddText(ui.fonts.small, line, {pos.x + left + middle - Ui::width(ui.fonts.small, label) * narrow / 2, pos.y + cell * static_cast<float>(n) + 3}, t.muted, label.c_str());
    for (int x = 0; x < n; ++x) {
      const int count = f.confusion[static_cast<std::size_t>(y * n + x)];
      const float share = row ? static_cast<float>(count) / static_cast<float>(row) : 0;
      const ImVec2 a{pos.x + left + static_cast<float>(x) * cell, pos.y + static_cast<float>(y) * cell};
      const ImU32 full = x == y ? right_colour : wrong_colour;
      const float strength = x == y ? 0.85f * share : std::min(1.0f, std::sqrt(share) * 1.1f);
      const ImU32 fill = mix(t.sunken, full, count ? std::max(0.1f, strength) : 0);
      dl->AddRectFilled({a.x + rim, a.y + rim}, {a.x + cell - rim, a.y + cell - rim}, fill, cell < 10 ? 1.0f : 3.0f);
      if (count == 0 || !labels) continue;
      const std::string text = std::to_string(count);
      const float tw = Ui::width(font, text) * ratio;
      if (tw > cell - 1) continue;
      dl->AddText(font, size, {a.x + (cell - tw) / 2, a.y + (cell - size) / 2}, strength > 0.5f ? (t.dark ? t.on_accent : IM_COL32_WHITE) : t.text, text.c_str());
    }
  }
  overlay_diverged(ui, i, pos, s, s);
  if (tile_control(ui, i, "confusion matrix of the test samples", pos, {s, s})) {
    const ImVec2 m = ImGui::GetIO().MousePos;
    const int x = static_cast<int>((m.x - pos.x - left) / cell), y = static_cast<int>((m.y - pos.y) / cell);
    if (m.x > pos.x + left && x < n && y < n && y >= 0)
      ui.tip(std::to_string(f.confusion[static_cast<std::size_t>(y * n + x)]) + " test samples", "Class " + class_name(ui.session.lane(i).spec().config, y) + (x == y ? ", recognised." : ", taken for class " + class_name(ui.session.lane(i).spec().config, x) + "."));
  }
}

// One input: every lane's function over the samples.
void draw_curves(Ui& ui, const std::vector<std::size_t>& lanes, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const Problem& p = ui.session.lane(lanes[0]).trainer().problem();
  const FieldImage& first = lane_field(ui, lanes[0], 1);
  double lo = 1e300, hi = -1e300;
  for (Real y : p.data->train.y) lo = std::min(lo, static_cast<double>(y)), hi = std::max(hi, static_cast<double>(y));
  const double pad = 0.18 * (hi - lo) + 1e-9;
  lo -= pad;
  hi += pad;
  const auto at = [&](double x, double y) {
    return ImVec2{pos.x + size.x * static_cast<float>((x - first.low.x) / (first.high.x - first.low.x)),
                  pos.y + size.y * static_cast<float>((hi - std::clamp(y, lo - (hi - lo), hi + (hi - lo))) / (hi - lo))};
  };
  dl->AddRectFilled(pos, {pos.x + size.x, pos.y + size.y}, t.sunken, 8);
  dl->PushClipRect(pos, {pos.x + size.x, pos.y + size.y}, true);
  const float zero = at(0, 0).y;
  dl->AddLine({pos.x, zero}, {pos.x + size.x, zero}, t.border);
  for (const Part* part : {&p.data->test, &p.data->train}) {
    const bool test = part == &p.data->test;
    if (test && !ui.prefs.test_points) continue;
    for (std::size_t i = 0; i < std::min<std::size_t>(part->count(), 1500); ++i)
      dot(ui, dl, at(static_cast<double>(part->x.row(0)[i]), static_cast<double>(part->y[i])), 3, with_alpha(t.muted, test ? 0.9f : 0.6f), test ? 2 : 0);
  }
  for (std::size_t i : lanes) {
    const FieldImage& f = lane_field(ui, i, 1);
    if (f.curve.size() < 2 || !f.finite) continue;
    std::vector<ImVec2> line;
    for (std::size_t k = 0; k < f.curve.size(); ++k) {
      const double x = f.low.x + (f.high.x - f.low.x) * static_cast<double>(k) / static_cast<double>(f.curve.size() - 1);
      line.push_back(at(x, static_cast<double>(f.curve[k])));
    }
    const bool selected = i == ui.session.race().selected;
    dl->AddPolyline(line.data(), static_cast<int>(line.size()), lane_colour(t, ui.session.lane(i).spec().colour), 0, selected ? 3.0f : 2.0f);
    ui.marker(ui.session.lane(i).spec().colour, line[line.size() * 9 / 10], 5);
  }
  dl->PopClipRect();
  ui.note("picture", "image", "The function each network has learned, over the samples", {}, pos, size);
}

// A 2-D test function with every lane's way on it.
void draw_surface(Ui& ui, const std::vector<std::size_t>& lanes, ImVec2 pos, ImVec2 size) {
  const FieldImage& f = lane_field(ui, lanes[0], 96);
  const Problem& p = ui.session.lane(lanes[0]).trainer().problem();
  const auto place = [&](Point2 q) {
    return ImVec2{static_cast<float>((q.x - f.low.x) / (f.high.x - f.low.x)), static_cast<float>((f.high.y - q.y) / (f.high.y - f.low.y))};
  };
  std::vector<ImVec2> minima;
  for (const Point2& m : p.surface->minima) minima.push_back(place(m));
  if (p.surface->moved_minimum) minima = {place(p.surface->moved_minimum(p.surface_params))};
  std::vector<SurfacePath> paths;
  std::size_t top = 0;  // the selected one lies over the others
  for (std::size_t i : lanes) {
    const Lane& lane = ui.session.lane(i);
    const Trainer& trainer = shown(lane);
    const std::size_t known = std::min<std::size_t>(lane.path().points().size(), trainer.state().step / lane.path().stride() + 1);
    SurfacePath path{.lane = lane.spec().colour, .way = {}};
    for (std::size_t k = 0; k < known; ++k) path.way.push_back(place(lane.path().points()[k]));
    const std::vector<Real>& theta = trainer.theta();
    if (theta.size() == 2 && std::isfinite(theta[0]) && std::isfinite(theta[1])) {
      path.now = place({static_cast<double>(theta[0]), static_cast<double>(theta[1])});
      path.way.push_back(path.now);
    }
    paths.push_back(std::move(path));
    if (i == ui.session.race().selected) top = paths.size() - 1;
  }
  if (!paths.empty()) std::rotate(paths.begin() + static_cast<std::ptrdiff_t>(top), paths.begin() + static_cast<std::ptrdiff_t>(top) + 1, paths.end());
  const std::string label = std::string("The surface ") + p.surface->label + " with the path of each lane";
  if (ui.prefs.relief) return draw_relief(ui, "picture", label, f, pos, size, paths, minima);
  const double aspect = (f.high.x - f.low.x) / (f.high.y - f.low.y);
  // Both axes to the same scale: a round valley is round.
  const float w = std::min(size.x, size.y * static_cast<float>(aspect)), h = w / static_cast<float>(aspect);
  pos.x += (size.x - w) / 2;
  pos.y += (size.y - h) / 2;
  size = {w, h};
  draw_contours(ui, f, pos, size, paths, minima);
  ui.control("picture", "image", label, {}, pos, size);
  if (ImGui::IsItemHovered()) {
    const ImVec2 m = ImGui::GetIO().MousePos;
    const Point2 q{f.low.x + (f.high.x - f.low.x) * static_cast<double>((m.x - pos.x) / size.x), f.high.y - (f.high.y - f.low.y) * static_cast<double>((m.y - pos.y) / size.y)};
    ui.tip("f = " + short_number(p.surface->eval(q, p.surface_params).value), "x " + short_number(q.x) + ", y " + short_number(q.y));
  }
}

void legend(Ui& ui, const Problem& p, FieldKind kind, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  float x = pos.x;
  const float cy = pos.y + 13, ty = cy - Ui::line(ui.fonts.small) / 2;
  const auto item = [&](int shape, ImU32 colour, std::string_view text) {
    const float tw = Ui::width(ui.fonts.small, text);
    if (x + tw + 15 > pos.x + w) return;
    dot(ui, dl, {x + 6, cy}, 4.5f, colour, shape);
    ui.text(ui.fonts.small, {x + 15, ty}, t.muted, text);
    x += tw + 28;
  };
  // The first of them that fits.
  const auto say = [&](std::initializer_list<const char*> texts) {
    for (const char* text : texts)
      if (Ui::width(ui.fonts.small, text) <= pos.x + w - x) return ui.text(ui.fonts.small, {x, ty}, t.muted, text);
  };
  if (kind == FieldKind::kConfusion)
    return say({"Rows: true class. Columns: what the network says. Test samples.", "Test samples. Rows: true; columns: said.", "Rows: true; columns: said"});
  if (kind == FieldKind::kScatter) {
    item(0, t.accent, "train");
    if (ui.prefs.test_points && p.data->test.count() > 0) item(2, t.text, "test");
    return say({"Across: true value. Up: what the network says.", "Across: true. Up: said.", "x: true, y: said"});
  }
  if (kind == FieldKind::kSurface) {
    item(2, t.text, "minimum");
    return say({"Colour: height above the lowest point, logarithmic", "Colour: height, logarithmic", "Colour: height"});
  }
  const OwnData* own = ui.config().own_data();
  struct Item {
    int shape;
    ImU32 colour;
    std::string text, brief;
  };
  std::vector<Item> items;
  if (p.data->classes > 0 && p.data->classes <= kMaxPaintClasses) {
    for (int k = 0; k < p.data->classes; ++k) {
      const std::string n = std::to_string(k);
      const bool named = own && !own->painted;
      items.push_back({k == 2 ? 3 : k, class_colour(t, k, p.data->classes), named ? class_name(ui.config(), k) : "class " + n, named ? class_name(ui.config(), k) : n});
    }
  } else if (kind == FieldKind::kCurve) {
    items.push_back({0, t.muted, "train", "train"});
  }
  if (ui.prefs.test_points && p.data->test.count() > 0) items.push_back({2, t.muted, "test (hollow)", "test"});
  if (ui.prefs.misread && p.data->classes >= 2) items.push_back({2, t.text, t.dark ? "misread (light rim)" : "misread (dark rim)", "misread"});
  float all = 0;
  for (const Item& k : items) all += Ui::width(ui.fonts.small, k.text) + 28;
  for (const Item& k : items) item(k.shape, k.colour, all - 13 <= w ? k.text : k.brief);
}

}  // namespace

float draw_picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ui.cache.field_spent = 0;
  ui.card(pos, size);
  const std::vector<std::size_t> lanes = shown_lanes(ui);
  const Problem& p = ui.session.lane(lanes[0]).trainer().problem();
  const FieldKind kind = field_kind(p);
  const float pad = ui.layout.phone() ? 12 : 14;
  const float x = pos.x + pad, w = size.x - 2 * pad;

  // What to look at, and switches.
  float y = pos.y + 8;
  const float b = std::max(28.0f, ui.layout.target - 4);
  float right = pos.x + size.x - pad;
  static constexpr const char* kNetworkTabs[] = {"Answers", "Network", "One step", "Landscape"};
  static constexpr const char* kSurfaceTabs[] = {"Surface", "One step"};
  const bool surface = kind == FieldKind::kSurface, board = on_board(ui.config());
  const int tabs = surface ? 2 : 4;
  int tab = surface ? (ui.prefs.centre_tab == 2 ? 1 : 0) : ui.prefs.centre_tab;
  // On a phone four tabs take the whole line and the switches the next; where it is low they share one.
  const bool narrow = ui.layout.phone() && w < 440 && !surface, tiny = w < 260, stacked = narrow && (size.y >= 340 || tiny);
  const float tab_w = stacked ? w : std::min(84.0f, (w - 3 * (b + 4)) / static_cast<float>(tabs)) * static_cast<float>(tabs);
  if (narrow && (!stacked || tiny)) {
    std::vector<Ui::Option> looks;
    for (const char* name : kNetworkTabs) looks.push_back({name, ""});
    tab = ui.select("picture.tab", "Look at", looks, tab, {x, y}, stacked ? w : w - 3 * (b + 4));
  } else {
    tab = ui.segments("picture.tab", "Look at", surface ? kSurfaceTabs : kNetworkTabs, tabs, tab, {x, y}, {tab_w, b});
  }
  ui.prefs.centre_tab = surface ? (tab == 1 ? 2 : 0) : tab;
  const bool answers = ui.prefs.centre_tab == 0;
  if (stacked && answers && !board) y += b + 4;

  const bool tiled = kind == FieldKind::kPlane || kind == FieldKind::kConfusion || kind == FieldKind::kScatter;
  const bool tools = answers && !(stacked && board);
  const auto tool = [&](const char* id, const char* icon_text, const char* name, bool& on) {
    if (ui.icon_button(id, icon_text, name, {right - b, y}, b, true, on)) on = !on;
    right -= b + 4;
  };
  if (!ui.layout.phone() && (ui.prefs.shows("plots") || ui.prefs.shows("lanes")))
    tool("picture.big", ui.prefs.picture_big ? icon::kMinimise : icon::kMaximise, ui.prefs.picture_big ? "Small again (Esc)" : "Make the picture big", ui.prefs.picture_big);
  if (surface && answers) {
    static constexpr const char* kViews[] = {"2-D", "3-D"};
    ui.prefs.relief = ui.segments("picture.view", "See it", kViews, 2, ui.prefs.relief, {right - 92, y}, {92, b}) == 1;
    right -= 98;
  }
  if (tools && ui.session.lanes() > 1 && tiled) tool("picture.one", icon::kDuplicate, "Only the selected lane", ui.prefs.one_surface);
  if (tools && p.data && p.data->test.count() > 0 && (kind == FieldKind::kPlane || kind == FieldKind::kCurve || kind == FieldKind::kScatter))
    tool("picture.test", ui.prefs.test_points ? icon::kEye : icon::kEyeOff, "Test points", ui.prefs.test_points);
  if (tools && kind == FieldKind::kPlane && p.data->classes > 0) tool("picture.misread", icon::kTarget, "Mark the points that are misread", ui.prefs.misread);
  const std::string title = !answers ? lane_title(ui, ui.session.race().selected) : kind == FieldKind::kPlane ? (p.data->classes ? "Decision surface" : "Regression surface") : kind == FieldKind::kCurve ? "Learned function" : kind == FieldKind::kConfusion ? "Confusion matrix" : kind == FieldKind::kScatter ? "Said against true" : p.surface->label;
  float tx = stacked ? x : narrow ? right : x + tab_w + 14;
  if (stacked && (!answers || board)) tx = right;
  if (!answers && right - tx > 40) {
    ui.marker(ui.session.lane(ui.session.race().selected).spec().colour, {tx + 6, y + b / 2}, 5);
    tx += 18;
  }
  if (right - tx > 40) ui.text_fit(ui.fonts.small, {tx, y + (b - Ui::line(ui.fonts.small)) / 2}, t.muted, title, right - tx - 4);
  y += b + 8;
  if (!answers) {
    if (ui.prefs.centre_tab == 3)
      draw_landscape(ui, {x, y}, {w, pos.y + size.y - y - 8});
    else if (ui.prefs.centre_tab == 1)
      draw_network(ui, {x, y}, {w, pos.y + size.y - y - 8});
    else
      draw_inside(ui, {x, y}, {w + 6, pos.y + size.y - y - 8});
    return size.y;
  }

  if (board) y += board_tools(ui, {x, y}, w);
  const bool explained = pos.y + size.y - y >= 120;  // else the room is the picture's
  const float bottom = pos.y + size.y - (explained ? 34 : 8);
  const float ah = bottom - y;
  if (ah < 60) return size.y;
  if (kind == FieldKind::kCurve) {
    draw_curves(ui, lanes, {x, y}, {w, ah});
  } else if (kind == FieldKind::kSurface) {
    draw_surface(ui, lanes, {x, y}, {w, ah});
  } else {
    // What the selected lane misreads stands beside the matrices, or below them.
    float gw = w, gh = ah;
    if (kind == FieldKind::kConfusion && lanes.size() <= (ui.layout.phone() ? 1u : 4u)) {
      const bool beside = w > 1.15f * ah || ah < 330;
      const float room = beside ? std::clamp(w * 0.32f, 110.0f, 260.0f) : std::clamp(ah * 0.3f, 92.0f, 180.0f);
      (beside ? gw : gh) -= room + 16;
      draw_misread(ui, ui.session.race().selected, lane_field(ui, ui.session.race().selected, 1),
                   beside ? ImVec2{x + gw + 16, y} : ImVec2{x, y + gh + 16}, beside ? ImVec2{room, ah} : ImVec2{w, room});
    }
    // The grid of squares that fills the room best.
    const int n = static_cast<int>(lanes.size());
    const float gap = 14, head = 24;
    float best = 0;
    int columns = 1;
    for (int c = 1; c <= n; ++c) {
      const int rows = (n + c - 1) / c;
      const float s = std::min((gw - gap * static_cast<float>(c - 1)) / static_cast<float>(c), (gh - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows) - head);
      if (s > best) best = s, columns = c;
    }
    const float s = std::floor(std::max(40.0f, best));
    const int rows = (n + columns - 1) / columns;
    const float total_h = static_cast<float>(rows) * (s + head) + gap * static_cast<float>(rows - 1);
    const float y0 = y + std::max(0.0f, (gh - total_h) / 2);
    // Room beside small tiles is for their names.
    const float cell = std::min((gw - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns), std::max(s, 190.0f));
    for (int k = 0; k < n; ++k) {
      const int in_row = std::min(columns, n - k / columns * columns);
      const float total = static_cast<float>(in_row) * cell + gap * static_cast<float>(in_row - 1);
      const ImVec2 p0{std::floor(x + (gw - total) / 2 + static_cast<float>(k % columns) * (cell + gap)), std::floor(y0 + static_cast<float>(k / columns) * (s + head + gap))};
      const std::size_t i = lanes[static_cast<std::size_t>(k)];
      tile_title(ui, i, p0, cell);
      const ImVec2 at{std::floor(p0.x + (cell - s) / 2), p0.y + head};
      if (kind == FieldKind::kScatter) {
        draw_scatter(ui, lane_field(ui, i, 1), at, s);
        overlay_diverged(ui, i, at, s, s);
        tile_control(ui, i, "what is said against what is true", at, {s, s});
      } else if (kind == FieldKind::kPlane)
        draw_plane(ui, i, at, s, lanes.size());
      else
        draw_confusion(ui, i, at, s);
    }
  }
  if (explained) legend(ui, p, kind, {x, bottom + 4}, w);
  return size.y;
}

}  // namespace lrlab
