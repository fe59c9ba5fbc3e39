#include "app/widgets/chart.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/plot.h"

namespace lrlab {
namespace {

double share(const ChartAxis& a, double v) {
  if (!a.log) return (v - a.min) / (a.max - a.min);
  return std::log(std::max(v, 1e-300) / a.min) / std::log(a.max / a.min);
}

void settle(ChartAxis& a) {
  if (a.empty) a.min = a.log ? 0.1 : 0, a.max = 1;
  if (!(a.max > a.min)) a.log ? (a.min /= 2, a.max *= 2) : (a.min -= 0.5, a.max += 0.5);
  if (!a.frame) return;
  if (a.log) {
    const double air = std::pow(a.max / a.min, 0.04);
    a.min /= air;
    a.max *= air;
  } else {
    const double air = 0.04 * (a.max - a.min);
    if (a.min != 0) a.min -= air;
    a.max += air;
  }
}

}  // namespace

void ChartAxis::hold(double v) {
  if (!std::isfinite(v) || (log && v <= 0)) return;
  min = empty ? v : std::min(min, v);
  max = empty ? v : std::max(max, v);
  empty = false;
}

ChartAxis::~ChartAxis() = default;

Chart::Chart(Ui& ui, ImVec2 p, ImVec2 s, const ChartAxis& x, const ChartAxis& y) : ui_(ui), x_(x), y_(y) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  settle(x_);
  settle(y_);
  const float line = Ui::line(ui.fonts.small);
  Ticks xt, yt;
  const double high = static_cast<double>(s.y) - 60;
  // Where the numbers would all read the same (a map zoomed far in) there are none.
  const auto fine = [](const ChartAxis& a) { return a.max - a.min > 1e-4 * std::max(std::abs(a.max), std::abs(a.min)); };
  if (!fine(y_)) {
  } else if (y_.log)
    log_ticks(y_.min, y_.max, high, 34, yt);
  else
    linear_ticks(y_.min, y_.max, high, 40, false, false, yt);
  float left = 0;
  for (const std::string& text : yt.text) left = std::max(left, Ui::width(ui.fonts.small, text));
  pos = {p.x + left + 10, p.y + line + 8};
  size = {std::max(10.0f, s.x - left - 20), std::max(10.0f, s.y - 3 * line - 20)};
  if (!fine(x_)) {
  } else if (x_.log)
    log_ticks(x_.min, x_.max, static_cast<double>(size.x), 46, xt);
  else
    linear_ticks(x_.min, x_.max, static_cast<double>(size.x), 64, x_.whole, false, xt);

  ui.text_fit(ui.fonts.small, p, t.muted, y_.name, s.x);
  const ImVec2 end{pos.x + size.x, pos.y + size.y};
  for (std::size_t i = 0; i < yt.at.size(); ++i) {
    const float v = std::floor(end.y - static_cast<float>(share_y(yt.at[i])) * size.y) + 0.5f;
    if (v < pos.y - 1 || v > end.y + 1) continue;
    dl->AddLine({pos.x, v}, {end.x, v}, t.border);
    ui.text(ui.fonts.small, {pos.x - 6 - Ui::width(ui.fonts.small, yt.text[i]), v - line / 2}, t.muted, yt.text[i]);
  }
  for (std::size_t i = 0; i < xt.at.size(); ++i) {
    const float v = std::floor(pos.x + static_cast<float>(share_x(xt.at[i])) * size.x) + 0.5f, w = Ui::width(ui.fonts.small, xt.text[i]);
    if (v < pos.x - 1 || v > end.x + 1) continue;
    dl->AddLine({v, end.y}, {v, end.y + 4}, t.border_strong);
    ui.text(ui.fonts.small, {std::min(v - w / 2, p.x + s.x - w), end.y + 5}, t.muted, xt.text[i]);
  }
  dl->AddLine({pos.x, end.y}, end, t.border_strong);
  ui.text_fit(ui.fonts.small, {pos.x + std::max(0.0f, (size.x - Ui::width(ui.fonts.small, x_.name)) / 2), end.y + line + 8}, t.muted, x_.name, size.x);
  const ImVec2 m = ImGui::GetIO().MousePos;
  hovered = !ui.blocked && ImGui::IsMouseHoveringRect(pos, end) && ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  mouse_x = static_cast<double>((m.x - pos.x) / size.x);
  mouse_y = static_cast<double>((end.y - m.y) / size.y);
  dl->PushClipRect({pos.x, pos.y - 2}, {end.x + 1, end.y + 1}, true);
}

Chart::~Chart() { ui_.draw()->PopClipRect(); }

double Chart::share_x(double v) const { return share(x_, v); }
double Chart::share_y(double v) const { return share(y_, v); }
double Chart::value_x(double s) const { return x_.log ? x_.min * std::pow(x_.max / x_.min, s) : x_.min + s * (x_.max - x_.min); }

ImVec2 Chart::at(double x, double y) const {
  return {pos.x + size.x * static_cast<float>(std::clamp(share_x(x), -2.0, 3.0)), pos.y + size.y * static_cast<float>(1 - std::clamp(share_y(y), -2.0, 3.0))};
}

void Chart::line(std::span<const double> x, std::span<const double> y, ImU32 colour, float weight) {
  std::vector<ImVec2> run;
  const auto flush = [&] {
    if (run.size() == 1) ui_.draw()->AddCircleFilled(run[0], weight, colour);
    if (run.size() > 1) ui_.draw()->AddPolyline(run.data(), static_cast<int>(run.size()), colour, 0, weight);
    run.clear();
  };
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    if (std::isfinite(y[i]))
      run.push_back(at(x[i], y[i]));
    else
      flush();
  flush();
}

void Chart::band(std::span<const double> x, std::span<const double> low, std::span<const double> high, ImU32 colour) {
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    if (std::isfinite(low[i]) && std::isfinite(low[i + 1]))
      ui_.draw()->AddQuadFilled(at(x[i], low[i]), at(x[i], high[i]), at(x[i + 1], high[i + 1]), at(x[i + 1], low[i + 1]), colour);
}

void Chart::dot(double x, double y, ImU32 colour, float radius) {
  if (!std::isfinite(y)) return;
  ui_.draw()->AddCircleFilled(at(x, y), radius + 1.5f, ui_.theme->card);
  ui_.draw()->AddCircleFilled(at(x, y), radius, colour);
}

void Chart::upright(double x, double y0, double y1, ImU32 colour) {
  if (std::isfinite(y0) && std::isfinite(y1)) ui_.draw()->AddLine(at(x, y0), at(x, y1), colour, 1.5f);
}

void Chart::zone_x(double from, double to, ImU32 colour) {
  const float a = at(from, 1).x, b = at(to, 1).x;
  ui_.draw()->AddRectFilled({a - 1, pos.y}, {b + 1, pos.y + size.y}, colour);
}

void Chart::mark_x(double x, ImU32 colour, std::string_view label) {
  const float v = std::floor(at(x, 1).x) + 0.5f, w = Ui::width(ui_.fonts.small, label);
  if (v < pos.x - 1 || v > pos.x + size.x + 1) return;
  const float a = v + 4 + w < pos.x + size.x ? v + 4 : v - 4 - w;
  int row = 0;  // words that would touch stand a line lower
  for (std::size_t k = 0; k < words_.size(); ++k)
    if (a < words_[k].y + 8 && a + w > words_[k].x - 8) row = static_cast<int>(k) + 1;
  words_.resize(std::max(words_.size(), static_cast<std::size_t>(row) + 1), {1e9f, -1e9f});
  ImVec2& taken = words_[static_cast<std::size_t>(row)];
  taken = {std::min(taken.x, a), std::max(taken.y, a + w)};
  const float y = pos.y + static_cast<float>(row) * Ui::line(ui_.fonts.small);
  ui_.draw()->AddLine({v, y}, {v, pos.y + size.y}, with_alpha(colour, 0.8f), 1.5f);
  ui_.text(ui_.fonts.small, {a, y - 1}, colour, label);
}

void Chart::mark_y(double y, ImU32 colour, std::string_view label) {
  const float v = std::floor(at(1, y).y) + 0.5f;
  ui_.draw()->AddLine({pos.x, v}, {pos.x + size.x, v}, colour, 1.5f);
  const ImVec2 at{pos.x + 6, v - Ui::line(ui_.fonts.small) - 3};
  ui_.draw()->AddRectFilled({at.x - 3, at.y}, {at.x + Ui::width(ui_.fonts.small, label) + 3, v - 1}, ui_.theme->card);
  ui_.text(ui_.fonts.small, at, colour, label);
}

void draw_cells(ImDrawList* dl, ImVec2 pos, ImVec2 size, int nx, int ny, const std::vector<ImU32>& colour) {
  // Not beyond what can be seen: a picture that one has zoomed far into is very large.
  const ImVec2 low = dl->GetClipRectMin(), high = dl->GetClipRectMax();
  const auto left = [&](int x) { return std::clamp(pos.x + size.x * static_cast<float>(x) / static_cast<float>(nx), low.x, high.x); };
  const auto top = [&](int y) { return std::clamp(pos.y + size.y * static_cast<float>(ny - y) / static_cast<float>(ny), low.y, high.y); };
  for (int y = 0; y < ny; ++y) {
    const ImU32* row = colour.data() + y * nx;
    int rows = 1;  // lines of a coarse picture repeat
    while (y + rows < ny && std::equal(row, row + nx, row + rows * nx)) ++rows;
    for (int x = 0, end; x < nx; x = end) {
      for (end = x + 1; end < nx && row[end] == row[x];) ++end;
      const ImVec2 a{left(x), top(y + rows)}, b{left(end), top(y)};
      if (!(row[x] & IM_COL32_A_MASK) || a.x == b.x || a.y == b.y) continue;
      dl->PrimReserve(6, 4);
      dl->PrimRect(a, b, row[x]);
    }
    y += rows - 1;
  }
}

}  // namespace lrlab
