#include "app/widgets/relief.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/field.h"

namespace lrlab {
namespace {

constexpr ImU32 kInk = IM_COL32(15, 18, 30, 255), kWhite = IM_COL32(255, 255, 255, 235);

bool inside(ImVec2 q) { return q.x >= 0 && q.x <= 1 && q.y >= 0 && q.y <= 1; }

// The part of the way from a to b that lies in [0, 1]². False: none.
// Liang & Barsky 1984, "A new concept and method for line clipping".
bool clip(ImVec2 a, ImVec2 b, float& from, float& to) {
  const float move[] = {a.x - b.x, b.x - a.x, a.y - b.y, b.y - a.y}, room[] = {a.x, 1 - a.x, a.y, 1 - a.y};
  for (int k = 0; k < 4; ++k) {
    if (move[k] == 0 && room[k] < 0) return false;
    if (move[k] < 0) from = std::max(from, room[k] / move[k]);
    if (move[k] > 0) to = std::min(to, room[k] / move[k]);
  }
  return from < to;
}

void draw_minimum(ImDrawList* dl, ImVec2 c) {
  dl->AddCircle(c, 7, kInk, 20, 3.5f);
  dl->AddCircle(c, 7, kWhite, 20, 2);
  dl->AddCircleFilled(c, 2.5f, kWhite, 12);
}

void draw_now(Ui& ui, int lane, ImVec2 c) {
  ui.draw()->AddCircleFilled(c, 8, kInk, 20);
  ui.draw()->AddCircleFilled(c, 6.5f, kWhite, 20);
  ui.marker(lane, c, 4.5f);
}

ImU32 path_colour(int lane) { return theme_of(true).lane[lane & 7]; }  // the picture is dark in both themes

// The eye turns round the middle of the square: `turn` about the vertical, `tilt` up from the side.
struct Eye {
  float cos_turn, sin_turn, cos_tilt, sin_tilt, scale = 1;
  ImVec2 centre{};

  Eye(double turn, double tilt, ImVec2 pos, ImVec2 size)
      : cos_turn(static_cast<float>(std::cos(turn))), sin_turn(static_cast<float>(std::sin(turn))),
        cos_tilt(static_cast<float>(std::cos(tilt))), sin_tilt(static_cast<float>(std::sin(tilt))) {
    // As large as the room allows, and at every turn the same size.
    float across = 0, top = 1e9f, bottom = -1e9f;
    for (int k = 0; k < 32; ++k) {
      const float a = static_cast<float>(k) * 0.19635f, u = 0.5f + 0.7072f * std::cos(a), v = 0.5f + 0.7072f * std::sin(a);
      for (const float height : {0.0f, 1.0f}) {
        const ImVec2 p = (*this)(u, v, height);
        across = std::max(across, std::abs(p.x));
        top = std::min(top, p.y), bottom = std::max(bottom, p.y);
      }
    }
    scale = 0.98f * std::min(size.x / (2 * across), size.y / (bottom - top));
    centre = {pos.x + size.x / 2, pos.y + size.y / 2 - scale * (top + bottom) / 2};
  }

  ImVec2 operator()(float u, float v, float height) const {
    const float x = u - 0.5f, y = v - 0.5f;
    const float across = x * cos_turn - y * sin_turn, away = -(x * sin_turn + y * cos_turn), up = (height - 0.42f) * 0.5f;
    const float depth = away * cos_tilt - up * sin_tilt;
    const float near = 1 / (1 + 0.22f * depth);  // a little perspective
    return {centre.x + across * scale * near, centre.y - (away * sin_tilt + up * cos_tilt) * scale * near};
  }
};

float height_at(const FieldImage& f, ImVec2 q);

// The surface stands between the eye and a point on it. (The little perspective is left out.)
bool hidden(const FieldImage& f, const Eye& eye, ImVec2 q) {
  constexpr float kStep = 0.01f, kAbove = 0.02f;
  const float from = height_at(f, q), rise = eye.sin_tilt / std::max(0.05f, eye.cos_tilt) * 2;  // of the line of sight, in heights
  for (float s = 2 * kStep; s < 1.5f; s += kStep) {
    const ImVec2 at{q.x + s * eye.sin_turn, q.y + s * eye.cos_turn};
    if (!inside(at)) return false;
    if (height_at(f, at) > from + kAbove + s * rise) return true;
  }
  return false;
}

float height_at(const FieldImage& f, ImVec2 q) {
  const float x = std::clamp(q.x, 0.0f, 1.0f) * static_cast<float>(f.nx), y = std::clamp(q.y, 0.0f, 1.0f) * static_cast<float>(f.ny);
  const int i = std::min(static_cast<int>(x), f.nx - 1), j = std::min(static_cast<int>(y), f.ny - 1);
  const float a = x - static_cast<float>(i), b = y - static_cast<float>(j);
  const std::size_t at = static_cast<std::size_t>(j * (f.nx + 1) + i), below = at + static_cast<std::size_t>(f.nx + 1);
  return (1 - b) * ((1 - a) * f.height[at] + a * f.height[at + 1]) + b * ((1 - a) * f.height[below] + a * f.height[below + 1]);
}

}  // namespace

void draw_contours(Ui& ui, const FieldImage& f, ImVec2 pos, ImVec2 size, const std::vector<SurfacePath>& paths, const std::vector<ImVec2>& minima) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const auto at = [&](ImVec2 q) { return ImVec2{pos.x + size.x * q.x, pos.y + size.y * q.y}; };
  dl->PushClipRect(pos, {pos.x + size.x, pos.y + size.y}, true);
  draw_field(ui, f, pos, size);
  for (std::size_t k = 0; k + 1 < f.border.size(); k += 2) dl->AddLine(at(f.border[k]), at(f.border[k + 1]), IM_COL32(255, 255, 255, 46), 1);
  for (ImVec2 m : minima)
    if (inside(m)) draw_minimum(dl, at(m));
  std::vector<ImVec2> line;
  for (const SurfacePath& path : paths) {
    line.clear();
    const auto finish = [&] {
      if (line.size() > 1) {
        dl->AddPolyline(line.data(), static_cast<int>(line.size()), with_alpha(kInk, 0.65f), 0, 4);
        dl->AddPolyline(line.data(), static_cast<int>(line.size()), path_colour(path.lane), 0, 2);
      }
      line.clear();
    };
    // Every step is in the path; those that fall on the same pixel are drawn once, those off the picture
    // as far as its edge.
    for (std::size_t k = 0; k + 1 < path.way.size(); ++k) {
      float from = 0, to = 1;
      if (!clip(path.way[k], path.way[k + 1], from, to)) {
        finish();
        continue;
      }
      const auto between = [&](float u) {
        return at({path.way[k].x + (path.way[k + 1].x - path.way[k].x) * u, path.way[k].y + (path.way[k + 1].y - path.way[k].y) * u});
      };
      if (from > 0) finish();
      if (line.empty()) line.push_back(between(from));
      if (const ImVec2 p = between(to); std::abs(p.x - line.back().x) + std::abs(p.y - line.back().y) > 1) line.push_back(p);
      if (to < 1) finish();
    }
    finish();
  }
  for (const SurfacePath& path : paths)
    if (inside(path.now)) draw_now(ui, path.lane, at(path.now));
  dl->PopClipRect();
  round_corners(dl, pos, size, 8, t.card);
  dl->AddRect(pos, {pos.x + size.x, pos.y + size.y}, t.border, 8);
}

void draw_relief(Ui& ui, std::string_view id, std::string_view label, const FieldImage& f, ImVec2 pos, ImVec2 size,
                 const std::vector<SurfacePath>& paths, const std::vector<ImVec2>& minima) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  double &turn = ui.prefs.turn, &tilt = ui.prefs.tilt;
  const auto degrees = [](double v) { return std::to_string(std::lround(v * 57.2957795)); };
  const Control c = ui.control(id, "slider", std::string(label) + "; drag or arrow keys turn it", "turned " + degrees(turn) + "\xC2\xB0, tilted " + degrees(tilt) + "\xC2\xB0",
                               pos, size, true, Drag::kFree);
  if (c.held) {
    turn += static_cast<double>(ImGui::GetIO().MouseDelta.x) * 0.008;
    tilt += static_cast<double>(ImGui::GetIO().MouseDelta.y) * 0.008;
  }
  if (c.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  if (c.focused && ui.keep.focus_shown) {
    constexpr double kStep = 0.0872664626;  // 5°
    if (ui.key(ImGuiKey_LeftArrow)) turn -= kStep;
    if (ui.key(ImGuiKey_RightArrow)) turn += kStep;
    if (ui.key(ImGuiKey_UpArrow)) tilt += kStep;
    if (ui.key(ImGuiKey_DownArrow)) tilt -= kStep;
    if (ui.key(ImGuiKey_Home)) turn = Prefs().turn, tilt = Prefs().tilt;
  }
  turn = std::remainder(turn, 6.283185307179586);
  tilt = std::clamp(tilt, 0.15, 1.5);
  if (f.nx < 1 || f.height.size() != static_cast<std::size_t>((f.nx + 1) * (f.ny + 1))) return;
  const Eye eye(turn, tilt, pos, size);
  dl->PushClipRect(pos, {pos.x + size.x, pos.y + size.y}, true);

  // The floor it stands over.
  const ImVec2 floor[] = {eye(0, 0, 0), eye(1, 0, 0), eye(1, 1, 0), eye(0, 1, 0)};
  dl->AddConvexPolyFilled(floor, 4, t.sunken);
  dl->AddPolyline(floor, 4, t.border_strong, ImDrawFlags_Closed, 1);

  // Vertices, lit from the upper left.
  const int every = f.nx % 2 == 0 && f.nx > 64 ? 2 : 1;  // half as many lines are smooth enough
  const int nx = f.nx / every, ny = f.ny / every, w = nx + 1, h = ny + 1;
  const ImVec2 uv = ImGui::GetDrawListSharedData() ? ImGui::GetFontTexUvWhitePixel() : ImVec2();
  dl->PrimReserve(0, w * h);
  const unsigned base = dl->_VtxCurrentIdx;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const auto place = [&](int i, int j) { return static_cast<std::size_t>(std::clamp(j, 0, ny) * every * (f.nx + 1) + std::clamp(i, 0, nx) * every); };
      const float dx = (f.height[place(x + 1, y)] - f.height[place(x - 1, y)]) * static_cast<float>(nx) / 4;
      const float dy = (f.height[place(x, y + 1)] - f.height[place(x, y - 1)]) * static_cast<float>(ny) / 4;
      const float light = (0.9f + 0.45f * dx + 0.3f * dy) / std::sqrt(1 + dx * dx + dy * dy);
      const ImU32 colour = f.colour[place(x, y)];
      dl->PrimWriteVtx(eye(static_cast<float>(x) / static_cast<float>(nx), static_cast<float>(y) / static_cast<float>(ny), f.height[place(x, y)]), uv,
                       light > 0.9f ? mix(colour, IM_COL32_WHITE, std::min(0.35f, (light - 0.9f) * 0.8f)) : mix(colour, kInk, std::min(0.55f, (0.9f - light) * 0.7f)));
    }

  // Paths in pieces no longer than a cell, each kept with its cell: what stands before it covers it.
  struct Piece {
    int cell;
    int lane;
    ImVec2 a, b;
    std::size_t order;
  };
  std::vector<Piece> pieces;
  const auto cell_of = [&](ImVec2 q) {
    return std::clamp(static_cast<int>(q.y * static_cast<float>(ny)), 0, ny - 1) * nx + std::clamp(static_cast<int>(q.x * static_cast<float>(nx)), 0, nx - 1);
  };
  for (const SurfacePath& path : paths) {
    ImVec2 from{-1, -1}, at{};
    for (ImVec2 q : path.way) {
      if (!inside(q)) {
        from = {-1, -1};
        continue;
      }
      if (!inside(from)) {
        from = q, at = eye(q.x, q.y, height_at(f, q) + 0.012f);
        continue;
      }
      const float length = std::max(std::abs(q.x - from.x) * static_cast<float>(nx), std::abs(q.y - from.y) * static_cast<float>(ny));
      const int n = std::max(1, static_cast<int>(std::ceil(length)));
      if (n == 1) {
        const ImVec2 p = eye(q.x, q.y, height_at(f, q) + 0.012f);
        if (std::abs(p.x - at.x) + std::abs(p.y - at.y) < 1.5f) continue;  // the same pixel
      }
      const ImVec2 start = from;
      for (int i = 1; i <= n; ++i) {
        const float u = static_cast<float>(i) / static_cast<float>(n);
        const ImVec2 to{start.x + (q.x - start.x) * u, start.y + (q.y - start.y) * u};
        const ImVec2 p = eye(to.x, to.y, height_at(f, to) + 0.012f);
        pieces.push_back({cell_of({(from.x + to.x) / 2, (from.y + to.y) / 2}), path.lane, at, p, pieces.size()});
        from = to, at = p;
      }
    }
  }
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.cell != b.cell ? a.cell < b.cell : a.order < b.order; });

  // Cells from the far end to the near one; paths a row later, so that no neighbour cuts into a line.
  const bool right = eye.sin_turn > 0, down = eye.cos_turn > 0;  // which side is nearer
  for (int j = 0; j <= ny; ++j) {
    dl->PrimReserve(j < ny ? 6 * nx : 0, 0);
    for (int i = 0; i < nx && j < ny; ++i) {
      const int x = right ? i : nx - 1 - i, y = down ? j : ny - 1 - j;
      const unsigned a = base + static_cast<unsigned>(y * w + x), below = a + static_cast<unsigned>(w);
      for (unsigned k : {a, a + 1, below + 1, a, below + 1, below}) dl->PrimWriteIdx(k);
    }
    if (j == 0) continue;
    const int row = down ? j - 1 : ny - j;
    const auto before = [&](const Piece& p, int cell) { return p.cell < cell; };
    const auto first = std::lower_bound(pieces.begin(), pieces.end(), row * nx, before), last = std::lower_bound(first, pieces.end(), (row + 1) * nx, before);
    for (auto p = first; p != last; ++p) dl->AddLine(p->a, p->b, with_alpha(kInk, 0.6f), 4);
    for (auto p = first; p != last; ++p) dl->AddLine(p->a, p->b, path_colour(p->lane), 2.2f);
  }
  for (ImVec2 m : minima)
    if (inside(m) && !hidden(f, eye, m)) draw_minimum(dl, eye(m.x, m.y, height_at(f, m)));
  for (const SurfacePath& path : paths) {
    if (!inside(path.now)) continue;
    const ImVec2 p = eye(path.now.x, path.now.y, height_at(f, path.now));
    if (hidden(f, eye, path.now))
      dl->AddCircle(p, 5, with_alpha(path_colour(path.lane), 0.55f), 16, 1.5f);  // where it is, behind the hill
    else
      draw_now(ui, path.lane, p);
  }
  dl->PopClipRect();
}

}  // namespace lrlab
