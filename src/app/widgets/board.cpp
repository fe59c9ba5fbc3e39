#include "app/widgets/board.h"

#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/views.h"
#include "app/widgets/field.h"
#include "app/widgets/param.h"

namespace lrlab {
namespace {

constexpr float kReach = 15;    // pixels within which a point is erased
constexpr float kSpacing = 15;  // pixels between the points of a stroke
constexpr int kErase = kMaxPaintClasses;

bool regression(const Config& c) { return c.own && c.own->raw.classes == 0; }

std::string count_text(const Config& c) { return std::to_string(c.own.count()) + (c.own.count() == 1 ? " point" : " points"); }

ImU32 brush_colour(const Ui& ui, const Config& c) {
  const Theme& t = *ui.theme;
  if (ui.prefs.brush == kErase) return t.text;
  if (regression(c)) return mix(signed_colour(t, static_cast<float>(ui.prefs.brush_value)), t.text, 0.25f);
  return class_colour(t, ui.prefs.brush, std::max(ui.prefs.brush + 1, c.own ? c.own->raw.classes : 2));
}

// An india rubber that lies aslant on its line, one end of it filled.
void rubber(ImDrawList* dl, ImVec2 c, ImU32 ink) {
  const ImVec2 a{c.x + 2, c.y - 6}, b{c.x + 7, c.y - 1}, d{c.x - 1, c.y + 6}, e{c.x - 6, c.y + 1}, m1{c.x - 2, c.y - 2.5f}, m2{c.x + 3, c.y + 2.5f};
  dl->AddQuadFilled(m1, m2, d, e, ink);
  dl->AddQuad(a, b, d, e, ink, 1.4f);
  dl->AddLine({c.x - 1, c.y + 6.5f}, {c.x + 7, c.y + 6.5f}, ink, 1.4f);
}

}  // namespace

bool on_board(const Config& c) { return !c.surface.info && c.dataset.info->given && (!c.own || c.own->painted); }

void set_own(Ui& ui, Own own, std::string gesture) {
  const Pick& p = pick("dataset");
  ui.change_config(
      [&](Config& c) {
        c.surface = {};
        if (!c.dataset.info->given) {
          for (std::size_t i = 0; i < p.rows; ++i)
            if (datasets()[i]->given) p.choose(c, static_cast<int>(i));
          for (const Field& f : fields())
            if (f.def && std::string_view(f.group) == "data") f.set(c, default_of(f, c));
        }
        if (own && !own->painted)
          c.test_fraction = 0.3;
        else if (c.own && !c.own->painted)
          c.test_fraction = default_of(field("test_fraction"), c);
        c.own = own;
      },
      true, std::move(gesture));
}

float board_tools(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const Config& c = ui.config();
  const float b = std::max(28.0f, ui.layout.target - 4);
  const bool values = regression(c);
  float x = pos.x;
  if (values) {
    static constexpr ParamSpec kValue{.key = "paint.value", .label = "value to paint", .def = 1, .min = -1, .max = 1,
                                      .doc = "What the network is to answer at the points that you paint."};
    const float sw = std::clamp(w - 2 * b - 200, 70.0f, 160.0f);
    if (slider(ui, kValue, ui.prefs.brush_value, {x, pos.y}, {sw, b}, brush_colour(ui, c))) ui.prefs.brush = 0;
    ui.prefs.brush_value = on_scale(ui.prefs.brush_value);
    x += sw + 6;
  } else {
    static constexpr int kShape[] = {0, 1, 3};
    for (int k = 0; k < kMaxPaintClasses; ++k) {
      const bool on = ui.prefs.brush == k;
      const std::string name = "Paint class " + std::to_string(k);
      if (ui.icon_button("paint." + std::to_string(k), "", name, {x, pos.y}, b, true, on)) ui.prefs.brush = k;
      dot(ui, ui.draw(), {x + b / 2, pos.y + b / 2}, 6, class_colour(t, k, k < 2 ? (c.own ? c.own->raw.classes : 2) : 3), kShape[k]);
      x += b + 2;
    }
  }
  if (ui.icon_button("paint.erase", "", "Erase points", {x, pos.y}, b, true, ui.prefs.brush == kErase))
    ui.prefs.brush = ui.prefs.brush == kErase ? 0 : kErase;
  rubber(ui.draw(), {x + b / 2, pos.y + b / 2}, ui.prefs.brush == kErase ? t.accent : t.muted);
  x += b + 2;
  if (ui.icon_button("paint.clear", icon::kTrash, "Remove all points", {x, pos.y}, b, c.own.count() > 0)) set_own(ui, paint({}, values));
  x += b + 8;
  static constexpr const char* kNames[] = {"Classes", "Values"};
  const float sw = std::min(146.0f, pos.x + w - x);
  const int chosen = ui.segments("paint.kind", "Points have", kNames, 2, values, {pos.x + w - sw, pos.y}, {sw, b});
  if (chosen != values) {
    // Class 0 becomes −1 and the others 1, and back by the sign: the board stays what it was.
    std::vector<PaintedPoint> points = points_of(c.own);
    for (PaintedPoint& p : points) p.value = values ? p.value > 0 : p.value > 0 ? 1 : -1;
    set_own(ui, paint(points, !values));
    if (ui.prefs.brush != kErase) ui.prefs.brush = 0;
  }
  const std::string count = count_text(c);
  if (pos.x + w - sw - x > Ui::width(ui.fonts.small, count) + 8)
    ui.text(ui.fonts.small, {x, pos.y + (b - Ui::line(ui.fonts.small)) / 2}, t.muted, count);
  return b + 8;
}

void paint_on(Ui& ui, std::size_t i, const FieldImage& f, ImVec2 pos, float s) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const Config& c = ui.config();
  const double scale = (f.high.x - f.low.x) / static_cast<double>(s);  // of the data to a pixel
  const auto to_data = [&](ImVec2 m) {
    return Point2{f.low.x + static_cast<double>(m.x - pos.x) * scale, f.high.y - static_cast<double>(m.y - pos.y) * scale};
  };
  const auto to_screen = [&](Point2 p) {
    return ImVec2{pos.x + static_cast<float>((p.x - f.low.x) / scale), pos.y + static_cast<float>((f.high.y - p.y) / scale)};
  };
  const Control control = ui.control("picture." + std::to_string(i), "button",
                                     lane_title(ui, i) + ": board to paint on; arrows move, Enter paints, Delete erases",
                                     count_text(c), pos, {s, s}, true, Drag::kFree);
  std::vector<PaintedPoint> points = points_of(c.own);
  const std::size_t before = points.size();
  bool changed = false;
  const auto erase = [&](Point2 p) {
    const double reach = static_cast<double>(kReach) * scale;
    changed = std::erase_if(points, [&](const PaintedPoint& q) { return std::hypot(q.x - p.x, q.y - p.y) < reach; }) > 0 || changed;
  };
  const auto act = [&](Point2 p) {
    if (ui.prefs.brush == kErase) return erase(p);
    if (p.x < f.low.x || p.x > f.high.x || p.y < f.low.y || p.y > f.high.y || points.size() >= kMaxPainted) return;
    points.push_back({p.x, p.y, regression(c) ? ui.prefs.brush_value : static_cast<double>(ui.prefs.brush)});
    changed = true;
  };

  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (control.held) {
    ImVec2& last = ui.prefs.brush_last;
    if (ImGui::IsMouseClicked(0)) {
      ++ui.prefs.stroke;
      last = mouse;
      act(to_data(mouse));
    }
    // Points at equal distances along the stroke, however fast it is.
    for (float d; (d = std::hypot(mouse.x - last.x, mouse.y - last.y)) >= kSpacing;) {
      last = {last.x + (mouse.x - last.x) * kSpacing / d, last.y + (mouse.y - last.y) * kSpacing / d};
      act(to_data(last));
    }
  }
  Point2& at = ui.prefs.brush_at;
  const bool keys = control.focused && ui.keep.focus_shown;
  if (keys) {
    const double step = ImGui::GetIO().KeyShift ? 0.01 : 0.05;
    if (ui.key(ImGuiKey_LeftArrow)) at.x -= step;
    if (ui.key(ImGuiKey_RightArrow)) at.x += step;
    if (ui.key(ImGuiKey_UpArrow)) at.y += step;
    if (ui.key(ImGuiKey_DownArrow)) at.y -= step;
    at = {on_grid(at.x), on_grid(at.y)};
    if (ui.key(ImGuiKey_Delete) || ui.key(ImGuiKey_Backspace)) ++ui.prefs.stroke, erase(at);
  }
  if (control.clicked && !ImGui::IsMouseReleased(0)) ++ui.prefs.stroke, act(at);  // by the keyboard

  if (changed) set_own(ui, paint(points, regression(c)), "paint " + std::to_string(ui.prefs.stroke));
  if (changed && before < kMaxPainted && points.size() == kMaxPainted)
    ui.notices.push_back({kDataKey, "The board is full: it holds " + std::to_string(kMaxPainted) + " points."});

  const ImU32 colour = brush_colour(ui, c);
  if (control.hovered) {
    const float r = ui.prefs.brush == kErase ? kReach : 7;
    dl->AddCircle(mouse, r + 1.2f, with_alpha(t.card, 0.8f), 24, 3.5f);
    dl->AddCircle(mouse, r, colour, 24, 2);
  }
  if (keys) {
    const ImVec2 p = to_screen(at);
    for (const auto& [ink, width] : {std::pair{t.card, 4.0f}, {t.text, 2.0f}}) {
      dl->AddLine({p.x - 11, p.y}, {p.x - 4, p.y}, ink, width);
      dl->AddLine({p.x + 4, p.y}, {p.x + 11, p.y}, ink, width);
      dl->AddLine({p.x, p.y - 11}, {p.x, p.y - 4}, ink, width);
      dl->AddLine({p.x, p.y + 4}, {p.x, p.y + 11}, ink, width);
    }
    dl->AddCircle(p, 7, colour, 24, 2);
  }
  if (points.empty()) {
    const char *head = "Paint here", *how = "Click or drag; the colour is chosen above.";
    const float y = pos.y + s / 2 - 34, w = std::min(180.0f, s - 16);
    ui.text(ui.fonts.title, {pos.x + (s - Ui::width(ui.fonts.title, head)) / 2, y}, t.text, head);
    if (w > 90) ui.text_wrap(ui.fonts.small, {pos.x + (s - w) / 2, y + Ui::line(ui.fonts.title) + 4}, t.muted, how, w);
  }
}

}  // namespace lrlab
