#include "app/widgets/plot.h"

#include <implot.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "app/icons.h"
#include "app/views.h"
#include "app/widgets/text.h"

namespace lrlab {
namespace {

std::string step_label(double v) {
  char text[32];
  if (v >= 1e6)
    std::snprintf(text, sizeof text, "%gM", v / 1e6);
  else if (v >= 10000)
    std::snprintf(text, sizeof text, "%gk", v / 1000);
  else
    return grouped(static_cast<std::uint64_t>(v + 0.5));
  return text;
}

std::string value_label(double v, bool as_percent) {
  char text[32];
  std::snprintf(text, sizeof text, as_percent ? "%g %%" : "%g", as_percent ? v * 100 : v);
  const double l = std::log10(std::max(std::abs(v), 1e-300));
  if (!as_percent && v > 0 && (v < 9e-4 || v >= 1e5)) {
    const int e = static_cast<int>(std::floor(l + 1e-9));
    const double m = v / std::pow(10, e);
    if (std::abs(m - 1) < 1e-6) return decade(e);
    std::snprintf(text, sizeof text, "%g·", m);
    return text + decade(e);
  }
  return text;
}

}  // namespace

void Ticks::done() {
  labels.clear();
  for (const std::string& s : text) labels.push_back(s.c_str());
}

void linear_ticks(double lo, double hi, double pixels, double apart, bool whole, bool as_percent, Ticks& t) {
  t.at.clear();
  t.text.clear();
  const double raw = (hi - lo) / std::max(1.0, pixels / apart);
  if (!(raw > 0) || !std::isfinite(raw)) return t.done();
  const double p = std::pow(10, std::floor(std::log10(raw)));
  double step = p * 10;
  for (double k : {1.0, 2.0, 2.5, 5.0})
    if (k * p >= raw * 0.999 && !(k == 2.5 && whole)) {
      step = k * p;
      break;
    }
  if (whole) step = std::max(1.0, step);
  for (double v = std::ceil(lo / step - 1e-9) * step; v <= hi + 1e-9 * step && t.at.size() < 40; v += step) {
    if (std::abs(v) < 1e-9 * step) v = 0;
    if (whole && v < 0) continue;
    t.at.push_back(v);
    t.text.push_back(whole ? step_label(v) : value_label(v, as_percent));
  }
  t.done();
}

void log_ticks(double lo, double hi, double pixels, double apart, Ticks& t) {
  t.at.clear();
  t.text.clear();
  const double decades = std::log10(hi / lo), most = std::max(2.0, pixels / apart);
  if (!(decades > 0) || !std::isfinite(decades)) return t.done();
  const int first = static_cast<int>(std::floor(std::log10(lo))), last = static_cast<int>(std::ceil(std::log10(hi)));
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / most)));
  for (int e = first; e <= last && t.at.size() < 40; ++e) {
    if (e % stride != 0) continue;
    for (double k : {1.0, 2.0, 5.0}) {
      if (k > 1 && (stride > 1 || decades * 3 > most)) continue;
      const double v = k * std::pow(10, e);
      if (v < lo || v > hi) continue;
      t.at.push_back(v);
      t.text.push_back(value_label(v, false));
    }
  }
  t.done();
  if (t.at.size() < 2) linear_ticks(lo, hi, pixels, apart, false, false, t);
}

namespace {

void dashes(ImDrawList* dl, const std::vector<ImVec2>& line, ImU32 colour, float weight) {
  constexpr float kOn = 5, kOff = 4;
  float left = kOn;
  bool on = true;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    ImVec2 a = line[i];
    const ImVec2 b = line[i + 1];
    float d = std::hypot(b.x - a.x, b.y - a.y);
    int guard = 0;
    while (d > left && ++guard < 400) {
      const ImVec2 m{a.x + (b.x - a.x) * left / d, a.y + (b.y - a.y) * left / d};
      if (on) dl->AddLine(a, m, colour, weight);
      a = m;
      d -= left;
      on = !on;
      left = on ? kOn : kOff;
    }
    if (on && d < 2000) dl->AddLine(a, b, colour, weight);
    left -= d;
  }
}

// "step 1,200", "epoch 12.5", "1.25 s".
std::string place_label(const Ui& ui, double x) {
  x = std::max(0.0, x);
  using Axis = Prefs::Axis;
  return ui.prefs.axis == Axis::kSteps ? "step " + grouped(static_cast<std::uint64_t>(x)) : ui.prefs.axis == Axis::kEpochs ? "epoch " + short_number(x) : short_number(x) + " s";
}

// What a line says at a place: the stretch that was recorded there, or the smoothed curve. NaN: it is
// not there, it has ended long before.
double line_at(const PlotLine& l, const std::vector<PlotPoint>& points, bool smoothed, double x, double span) {
  if (points.empty() || x > points.back().x + 0.03 * span || x < points.front().x - 0.03 * span) return std::nan("");
  if (!smoothed) return value_at(*l.series, x / l.unit);
  const auto right = std::lower_bound(points.begin(), points.end(), x, [](const PlotPoint& p, double at) { return p.x < at; });
  if (right == points.begin()) return right->smooth;
  if (right == points.end()) return points.back().smooth;
  const PlotPoint &a = *(right - 1), &b = *right;
  return a.smooth + (b.smooth - a.smooth) * (x - a.x) / (b.x - a.x);
}

// A piece of a line as it is drawn in the plot.
void sample_of(ImDrawList* dl, const PlotLine& l, ImVec2 p) {
  dl->AddLine(p, {p.x + (l.dashed ? 5.0f : 13.0f), p.y}, l.colour, 2);
  if (l.dashed) dl->AddLine({p.x + 8, p.y}, {p.x + 13, p.y}, l.colour, 2);
}

// The names of the lines, where there is room for them: in a plot that is big. Returns the height.
float legend(Ui& ui, const PlotSpec& spec, ImVec2 pos, float w) {
  float x = pos.x, y = pos.y;
  for (const PlotLine& l : spec.lines) {
    if (l.series->buckets().empty()) continue;
    const float item = Ui::width(ui.fonts.small, l.name) + 20;
    if (x > pos.x && x + item > pos.x + w) x = pos.x, y += 20;
    sample_of(ui.draw(), l, {x, y + 9});
    if (l.marker >= 0) ui.marker(l.marker, {x + 6.5f, y + 9}, 4);
    ui.text_fit(ui.fonts.small, {x + 20, y}, ui.theme->muted, l.name, w - 20);
    x += item + 18;
  }
  return y + 22 - pos.y;
}

void readout(Ui& ui, const PlotSpec& spec, const std::vector<std::vector<PlotPoint>>& points, double place, double span, ImVec2 at) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ImGui::GetForegroundDrawList();
  const float row = 18, pad = 9;
  const bool smoothed = ui.prefs.smoothing > 0;
  const std::string head = place_label(ui, place) + (smoothed ? ", smoothed" : "");
  float w = Ui::width(ui.fonts.small, head) + 2 * pad;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < spec.lines.size(); ++i) {
    const PlotLine& l = spec.lines[i];
    const double v = line_at(l, points[i], smoothed, place, span);
    values.push_back(spec.as_percent ? percent(v) : short_number(v));
    w = std::max(w, Ui::width(ui.fonts.small, l.name) + Ui::width(ui.fonts.small, values.back()) + 44);
  }
  w = std::min(w, 300.0f);
  const float h = row * static_cast<float>(spec.lines.size() + 1) + 2 * pad - 2;
  ImVec2 p{at.x + 14, at.y + 12};
  if (p.x + w > ui.layout.w - 6) p.x = std::max(6.0f, at.x - w - 14);
  if (p.y + h > ui.layout.h - 6) p.y = std::max(6.0f, ui.layout.h - 6 - h);
  const ImVec2 e{p.x + w, p.y + h};
  dl->AddRectFilled({p.x - 2, p.y + 1}, {e.x + 2, e.y + 4}, t.shadow, 10);
  dl->AddRectFilled(p, e, t.raised, 8);
  dl->AddRect(p, e, t.border_strong, 8);
  const float size = Ui::line(ui.fonts.small);
  float y = p.y + pad - 1;
  dl->AddText(ui.fonts.small, size, {p.x + pad, y}, t.muted, head.c_str());
  for (std::size_t i = 0; i < spec.lines.size(); ++i) {
    y += row;
    const PlotLine& l = spec.lines[i];
    sample_of(dl, l, {p.x + pad, y + 8});
    const float vw = Ui::width(ui.fonts.small, values[i]);
    dl->PushClipRect({p.x, p.y}, {e.x - pad - vw - 6, e.y});
    dl->AddText(ui.fonts.small, size, {p.x + pad + 20, y}, t.muted, l.name.c_str());
    dl->PopClipRect();
    dl->AddText(ui.fonts.small, size, {e.x - pad - vw, y}, t.text, values[i].c_str());
  }
}

}  // namespace

void plot_points(const Series& s, std::size_t most, double unit, double smoothing, std::vector<PlotPoint>& out) {
  out.clear();
  const std::vector<Bucket>& b = s.buckets();
  std::size_t filled = 0;
  for (const Bucket& k : b) filled += k.count > 0;
  const std::size_t group = std::max<std::size_t>(1, (filled + most - 1) / most);
  std::size_t in = 0;
  double sum = 0, count = 0, x = 0, lo = 0, hi = 0;
  const auto flush = [&] {
    if (in) out.push_back({x / static_cast<double>(in) * unit, sum / count, lo, hi, sum / count});
    in = 0;
    sum = count = x = 0;
  };
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (b[i].count == 0) continue;
    const double step = (static_cast<double>(i) + 0.5) * static_cast<double>(s.stride()) - 0.5;
    lo = in ? std::min(lo, static_cast<double>(b[i].min)) : static_cast<double>(b[i].min);
    hi = in ? std::max(hi, static_cast<double>(b[i].max)) : static_cast<double>(b[i].max);
    x += step;
    sum += static_cast<double>(b[i].mean) * b[i].count;
    count += b[i].count;
    if (++in >= group) flush();
  }
  flush();
  if (smoothing <= 0 || out.size() < 2) return;
  // What is kept follows the distance, so the picture is the same however the points are thinned out.
  const double apart = (out.back().x - out.front().x) / 150;
  double mean = 0, weight = 0, before = out.front().x;
  for (PlotPoint& p : out) {
    const double keep = std::pow(smoothing, (p.x - before) / apart);
    before = p.x;
    const double take = weight > 0 ? 1 - keep : 1 - smoothing;
    mean = keep * mean + take * p.mean;
    weight = keep * weight + take;
    p.smooth = mean / weight;
  }
}

void plot(Ui& ui, const PlotSpec& spec, ImVec2 pos, ImVec2 size, bool* log_switch) {
  const Theme& t = *ui.theme;
  ui.card(pos, size);
  const std::string id = spec.id;
  const bool big = ui.prefs.big_plot == id;
  if (big && ui.blocked) return;  // it is drawn over the page

  bool range_set = false;
  static Prefs::Range shown_range;  // of the one that is big, in the last frame
  // Head: title and unit; log or linear; big or small.
  const float b = std::max(26.0f, ui.layout.target > 40 ? ui.layout.target : 26.0f), pad = 12, low = b > 40 ? b : 24;
  float right = pos.x + size.x - 6 - b;
  const float hy = pos.y + 5;
  if (ui.icon_button(id + ".big", big ? icon::kMinimise : icon::kMaximise, big ? "Small again" : std::string(spec.title) + ": make it big", {right, hy}, b))
    ui.prefs.big_plot = big ? "" : id;
  if (log_switch) {
    static constexpr const char* kNames[] = {"log", "linear"};
    right -= 98;
    *log_switch = ui.segments(id + ".scale", "Scale", kNames, 2, *log_switch ? 0 : 1, {right, hy + (b - low) / 2}, {94, low}) == 0;
  }
  const auto zoomed = ui.prefs.zoom.find(std::string_view(spec.id));
  if (zoomed != ui.prefs.zoom.end()) {
    right -= 46;
    if (ui.button(id + ".fit", nullptr, "Fit", {right, hy + (b - low) / 2}, {42, low}, Look::kTinted, "Follow the run again (or double-click the plot)")) ui.prefs.zoom.erase(zoomed);
  }
  if (big)
    for (const bool in : {true, false}) {
      right -= b + 2;
      if (!ui.icon_button(id + (in ? ".zoom_in" : ".zoom_out"), in ? icon::kPlus : icon::kMinus, in ? "Look closer" : "See more", {right, hy}, b)) continue;
      // About the cursor, else about the end of the run.
      Prefs::Range& z = ui.prefs.zoom.try_emplace(id, shown_range).first->second;
      const double about = ui.prefs.cursor > z.x0 && ui.prefs.cursor < z.x1 ? ui.prefs.cursor : z.x1, k = in ? 0.5 : 2;
      z.x0 = std::max(0.0, about + (z.x0 - about) * k);
      z.x1 = about + (z.x1 - about) * k;
      range_set = true;
    }
  const float tw = Ui::width(ui.fonts.bold, spec.title), room = right - pos.x - pad - 4;
  const float ty = hy + (b - Ui::line(ui.fonts.bold)) / 2;
  ui.text_fit(ui.fonts.bold, {pos.x + pad, ty}, t.text, spec.title, room);
  if (tw + 60 < room) ui.text_fit(ui.fonts.small, {pos.x + pad + tw + 8, ty + 1}, t.muted, spec.unit, room - tw - 8);
  if (ImGui::IsMouseHoveringRect({pos.x + pad, hy}, {right, hy + b}) && ImGui::IsWindowHovered() && !ImGui::IsAnyItemHovered()) {
    ImGui::SetCursorScreenPos({pos.x + pad, hy});
    ImGui::Dummy({std::max(1.0f, room), b});
    ui.tip(spec.title, spec.doc, spec.unit);
  }

  const float names = big && size.y > 260 ? legend(ui, spec, {pos.x + pad, hy + b + 2}, size.x - 2 * pad) : 0;
  const ImVec2 pp{pos.x + 8, hy + b + 1 + names}, ps{size.x - 18, size.y - b - 10 - names};
  if (ps.x < 60 || ps.y < 40) return;

  // What is to be seen.
  static std::vector<std::vector<PlotPoint>> points;
  const double smoothing = ui.prefs.smoothing;
  points.resize(std::max(points.size(), spec.lines.size()));
  double x_max = 0, lo = 1e300, hi = -1e300;
  bool any = false;
  for (std::size_t i = 0; i < spec.lines.size(); ++i) {
    plot_points(*spec.lines[i].series, big ? 420 : 100, spec.lines[i].unit, smoothing, points[i]);
    for (const PlotPoint& q : points[i]) {
      any = true;
      x_max = std::max(x_max, q.x);
      for (double v : {q.mean, spec.lines[i].band ? q.max : q.mean, spec.lines[i].band ? q.min : q.mean}) {
        if (spec.cap > 0 && v > spec.cap) v = spec.cap;
        if (spec.log && v <= 0) continue;
        lo = std::min(lo, v);
        hi = std::max(hi, v);
      }
    }
  }
  ui.note(id, "image", std::string(spec.title) + (*spec.unit ? ", " + std::string(spec.unit) : ""), any ? "" : "empty", pp, ps);
  const bool hovered = ImGui::IsMouseHoveringRect(pp, {pp.x + ps.x, pp.y + ps.y}) && ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
  if (!any) {
    const std::string_view empty = spec.empty;
    const float ew = std::min(Ui::width(ui.fonts.small, empty), ps.x - 20);
    ui.text_fit(ui.fonts.small, {pp.x + (ps.x - ew) / 2, pp.y + ps.y / 2 - 8}, t.muted, empty, ew + 1);
    return;
  }
  const bool whole = ui.prefs.axis == Prefs::Axis::kSteps;
  x_max = std::max(x_max, whole ? 10 : 1e-3);
  if (spec.log) {
    lo = std::max(lo, hi * 1e-9);
    const double span = std::max(std::log10(hi / lo), 0.3);
    lo *= std::pow(10, -0.06 * span);
    hi *= std::pow(10, 0.08 * span);
    if (hi / lo < 3) lo /= 1.4, hi *= 1.4;
  } else {
    if (spec.zero) lo = std::min(lo, 0.0);
    hi = std::max(hi, spec.at_least);
    if (!(hi > lo)) hi = lo + (lo != 0 ? std::abs(lo) * 0.2 : 1);
    hi += 0.06 * (hi - lo);
  }

  // ImPlot brings the axes, their ticks, panning and zooming.
  ImGui::SetCursorScreenPos(pp);
  ImGui::PushFont(ui.fonts.small);
  const bool fixed = ui.host.touch && !big;  // there a finger scrolls the column
  ImPlotFlags flags = ImPlotFlags_NoTitle | ImPlotFlags_NoLegend | ImPlotFlags_NoMouseText | ImPlotFlags_NoMenus | ImPlotFlags_NoFrame | ImPlotFlags_NoBoxSelect;
  if (fixed) flags |= ImPlotFlags_NoInputs;
  ImPlot::GetInputMap().ZoomMod = big ? ImGuiMod_None : ImGuiMod_Ctrl;  // else the plain wheel scrolls the column
  ImPlot::GetInputMap().OverrideMod = ImGuiMod_None;  // it is Ctrl, and would keep the wheel from the plot
  if (ImPlot::BeginPlot(("##" + id).c_str(), ps, flags)) {
    const ImPlotAxisFlags axis = ImPlotAxisFlags_NoHighlight | ImPlotAxisFlags_NoMenus | ImPlotAxisFlags_NoSideSwitch;
    ImPlot::SetupAxis(ImAxis_X1, nullptr, axis | ImPlotAxisFlags_NoGridLines);
    ImPlot::SetupAxis(ImAxis_Y1, nullptr, axis);
    if (spec.log) ImPlot::SetupAxisScale(ImAxis_Y1, ImPlotScale_Log10);
    const auto range = ui.prefs.zoom.find(std::string_view(spec.id));
    // Moved or zoomed by hand: from now on it stays where it was put.
    const ImGuiIO& io = ImGui::GetIO();
    const bool by_hand = hovered && !fixed && (ImGui::IsMouseDragging(0, 2) || (io.MouseWheel != 0 && (io.KeyCtrl || big)));
    const bool follow = range == ui.prefs.zoom.end() && !by_hand;
    const Prefs::Range r = range == ui.prefs.zoom.end() ? Prefs::Range{0, x_max * 1.02, lo, hi} : range->second;
    static Ticks xt, yt;
    const double wide = static_cast<double>(ps.x) - 50, high = static_cast<double>(ps.y) - 24;
    linear_ticks(r.x0, r.x1 - 20 / std::max(60.0, wide) * (r.x1 - r.x0), wide, 64, whole, false, xt);
    if (spec.log)
      log_ticks(r.y0, r.y1, high, 26, yt);
    else
      linear_ticks(r.y0, r.y1, high, 34, false, spec.as_percent, yt);
    if (!xt.at.empty()) ImPlot::SetupAxisTicks(ImAxis_X1, xt.at.data(), static_cast<int>(xt.at.size()), xt.labels.data());
    if (!yt.at.empty()) ImPlot::SetupAxisTicks(ImAxis_Y1, yt.at.data(), static_cast<int>(yt.at.size()), yt.labels.data());
    if (big) shown_range = r;
    const bool placed = std::exchange(range_set, false);
    if (follow || placed) {
      ImPlot::SetupAxisLimits(ImAxis_X1, r.x0, r.x1, ImPlotCond_Always);
      ImPlot::SetupAxisLimits(ImAxis_Y1, r.y0, r.y1, ImPlotCond_Always);
    }
    ImPlot::SetupFinish();
    const ImVec2 area = ImPlot::GetPlotPos(), area_size = ImPlot::GetPlotSize();
    const bool over = !fixed && ImPlot::IsPlotHovered();
    const bool points_at = over || (hovered && fixed);
    if (points_at && (!big || io.MouseDelta.x != 0 || io.MouseDelta.y != 0)) {
      ui.prefs.cursor = ImPlot::GetPlotMousePos().x;
      ui.prefs.cursor_time = ui.time;
    }

    if (over && by_hand) ui.prefs.zoom.try_emplace(id, r);
    // Made big, the arrows lead the cursor.
    bool by_keys = false;
    if (big && ui.prefs.dialog == Prefs::Dialog::kNone) {
      const double stride = (r.x1 - r.x0) / 100;
      const bool left = ui.key(ImGuiKey_LeftArrow), moves = left || ui.key(ImGuiKey_RightArrow);
      if (moves) ui.prefs.cursor = std::clamp((ui.prefs.cursor < 0 ? (r.x0 + r.x1) / 2 : ui.prefs.cursor) + (left ? -stride : stride), std::max(0.0, r.x0), r.x1);
      by_keys = moves || (ui.prefs.cursor >= 0 && ui.time - ui.prefs.cursor_time < 4);
      if (moves) ui.prefs.cursor_time = ui.time;
    }
    if (over && ImGui::IsMouseDoubleClicked(0)) ui.prefs.zoom.erase(id);

    ImDrawList* dl = ImPlot::GetPlotDrawList();
    ImPlot::PushPlotClipRect(2);
    const double floor_y = spec.log ? 1e-300 : -1e300;
    static std::vector<ImVec2> line;
    for (std::size_t i = 0; i < spec.lines.size(); ++i) {
      const PlotLine& l = spec.lines[i];
      const auto px = [&](double x, double y) {
        ImVec2 p = ImPlot::PlotToPixels(x, std::max(y, floor_y));
        p.y = std::clamp(p.y, area.y - 2000, area.y + area_size.y + 2000);
        return p;
      };
      if (l.band) {
        dl->Flags &= ~ImDrawListFlags_AntiAliasedFill;  // so faint that its edges need none: a fifth of the triangles
        for (std::size_t k = 0; k + 1 < points[i].size(); ++k) {
          const PlotPoint &a = points[i][k], &c = points[i][k + 1];
          dl->AddQuadFilled(px(a.x, a.min), px(a.x, a.max), px(c.x, c.max), px(c.x, c.min), with_alpha(l.colour, 0.13f));
        }
        dl->Flags |= ImDrawListFlags_AntiAliasedFill;
      }
      // What was recorded stays behind what is smoothed.
      const auto trace = [&](double PlotPoint::* value) {
        line.clear();
        for (const PlotPoint& q : points[i])
          if (!spec.log || q.*value > 0) line.push_back(px(q.x, q.*value));
      };
      if (smoothing > 0) {
        trace(&PlotPoint::mean);
        dl->AddPolyline(line.data(), static_cast<int>(line.size()), with_alpha(l.colour, 0.28f), 0, 1);
      }
      trace(smoothing > 0 ? &PlotPoint::smooth : &PlotPoint::mean);
      if (line.empty()) continue;
      if (l.dashed)
        dashes(dl, line, l.colour, l.weight);
      else
        dl->AddPolyline(line.data(), static_cast<int>(line.size()), l.colour, 0, l.weight);
      if (l.marker >= 0) {
        ImVec2 end = line.back();
        end.y = std::clamp(end.y, area.y + 4, area.y + area_size.y - 4);
        ui.marker(l.marker, end, 4);
      }
    }
    const bool asked = ui.prefs.cursor >= 0 && (ui.time - ui.prefs.cursor_time < 0.2 || points_at || by_keys);
    if (asked) {
      const float x = std::floor(ImPlot::PlotToPixels(ui.prefs.cursor, spec.log ? 1.0 : 0.0).x) + 0.5f;
      dl->AddLine({x, area.y}, {x, area.y + area_size.y}, with_alpha(t.muted, 0.5f));
      for (std::size_t i = 0; i < spec.lines.size(); ++i) {
        const PlotLine& l = spec.lines[i];
        const double v = line_at(l, points[i], smoothing > 0, ui.prefs.cursor, x_max);
        if (!(v * 0 == 0) || (spec.log && v <= 0)) continue;
        const ImVec2 p{x, ImPlot::PlotToPixels(ui.prefs.cursor, v).y};
        dl->AddCircleFilled(p, 4, t.card);
        dl->AddCircleFilled(p, 3, l.colour);
      }
    }
    if (ui.session.in_past()) {
      const std::size_t selected = ui.session.race().selected;
      const float x = ImPlot::PlotToPixels(static_cast<double>(ui.session.shown_step()) * axis_unit(ui, selected), spec.log ? 1.0 : 0.0).x;
      dl->AddLine({std::floor(x) + 0.5f, area.y}, {std::floor(x) + 0.5f, area.y + area_size.y}, t.accent, 1.5f);
    }
    ImPlot::PopPlotClipRect();
    if (const auto kept = ui.prefs.zoom.find(std::string_view(spec.id)); kept != ui.prefs.zoom.end()) {
      const ImPlotRect now = ImPlot::GetPlotLimits();
      kept->second = {now.X.Min, now.X.Max, now.Y.Min, now.Y.Max};
    }
    ImPlot::EndPlot();
    if ((points_at || by_keys) && ui.prefs.cursor >= 0 && !ImGui::IsMouseDragging(0, 4))
      readout(ui, spec, points, ui.prefs.cursor, x_max, by_keys ? ImVec2{area.x + area_size.x * 0.5f, area.y + 6} : io.MousePos);
  }
  ImGui::PopFont();
}

}  // namespace lrlab
