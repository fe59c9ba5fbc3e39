#include "app/widgets/landscape.h"

#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/views.h"
#include "app/widgets/field.h"
#include "app/widgets/relief.h"
#include "app/widgets/text.h"

namespace lrlab {
namespace {

void start(Ui& ui, LandscapeView& v) {
  const Lane& lane = ui.session.lane(ui.session.race().selected);
  const Trainer& trainer = lane.shown();
  if (!v.runner) v.runner = ui.host.make_pool ? ui.host.make_pool(0) : std::make_unique<SerialRunner>(ui.host.now);
  v.trainer = &lane.trainer();
  v.problem = &trainer.problem();
  v.step = trainer.state().step;
  v.of_path = ui.prefs.landscape_path;
  v.draw = ui.prefs.landscape_draw;
  v.image = {};
  v.paths_step.clear();
  v.version = ~0ull;
  v.runner->start(landscape_of(lane, v.of_path, v.draw));
}

// The finest complete grid as a picture: its points are the middles of the job's cells.
void take_picture(Ui& ui, LandscapeView& v) {
  const JobBoard& board = *v.runner->board();
  v.version = board.version();
  const LandscapePicture p = landscape_picture(board);
  const int n = p.done_size;
  if (n < 2 || (n == v.image.nx + 1 && v.image.dark == ui.theme->dark)) return;
  const int step = p.size / n;
  std::vector<double> loss(static_cast<std::size_t>(n * n));
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x)
      loss[static_cast<std::size_t>(y * n + x)] = p.loss[static_cast<std::size_t>((n - 1 - y) * step * p.size + x * step)];
  const auto place = [&](double low, double high, int i) { return low + (high - low) * (i * step + 0.5) / p.size; };
  FieldImage& f = v.image;
  f.nx = f.ny = n - 1;
  f.dark = ui.theme->dark;
  f.low = {place(p.a0, p.a1, 0), place(p.b0, p.b1, 0)};
  f.high = {place(p.a0, p.a1, n - 1), place(p.b0, p.b1, n - 1)};
  v.min = p.min;
  v.max = p.max;
  shade(f, loss, *ui.theme);
}

// Where the lanes that train the same network went, brought up to date a few times a second.
void follow(Ui& ui, LandscapeView& v) {
  const std::size_t n = ui.session.lanes();
  const Job& job = v.runner->board()->job();
  v.paths.resize(n);
  v.paths_step.resize(n, ~0ull);
  for (std::size_t i = 0; i < n; ++i) {
    const Lane& lane = ui.session.lane(i);
    const std::uint64_t step = lane.shown().state().step;
    if (v.paths_step[i] == step) continue;
    if (v.paths_step[i] != ~0ull && ui.time - v.paths_time < 0.25) {
      ui.moving = true;
      continue;
    }
    v.paths_step[i] = step;
    v.paths[i].clear();
    if (lane.shown().theta().size() != job.plane[0].size()) continue;
    for (const std::vector<Real>& point : lane.waypoints())
      if (std::all_of(point.begin(), point.end(), [](Real x) { return x * 0 == 0; })) v.paths[i].push_back(on_plane(job, point));
    if (i + 1 == n) v.paths_time = ui.time;
  }
}

}  // namespace

void end_unseen(LandscapeView& v) {
  if (!v.seen && v.runner) v.runner->cancel();
  v.seen = false;
}

void draw_landscape(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  LandscapeView& v = ui.cache.landscape;
  const std::size_t selected = ui.session.race().selected;
  const Lane& lane = ui.session.lane(selected);
  const Trainer& trainer = lane.shown();
  v.seen = true;

  const float b = std::max(28.0f, ui.layout.target - 4);
  static constexpr const char* kPlanes[] = {"Random plane", "Path's plane"};
  static constexpr const char* kViews[] = {"2-D", "3-D"};
  const float view_w = 92, room = size.x - view_w - b - 14;
  ui.prefs.landscape_path = ui.segments("landscape.plane", "Plane", kPlanes, 2, ui.prefs.landscape_path, pos, {std::min(220.0f, room), b}) == 1;
  const bool again = ui.icon_button("landscape.again", icon::kReset, "Draw it anew around the present point", {pos.x + size.x - view_w - b - 6, pos.y}, b);
  ui.prefs.relief = ui.segments("picture.view", "See it", kViews, 2, ui.prefs.relief, {pos.x + size.x - view_w, pos.y}, {view_w, b}) == 1;

  const bool finite = std::all_of(trainer.theta().begin(), trainer.theta().end(), [](Real x) { return x * 0 == 0; });
  const float y = pos.y + b + 8, h = pos.y + size.y - y - 44;
  if (h < 40) return;
  if (!finite || trainer.problem().train_count() == 0) {
    ui.text_wrap(ui.fonts.body, {pos.x, y + 10}, t.muted,
                 finite ? "There is no loss yet: the data set has no samples." : "This lane diverged: it is at no point that a landscape could be drawn around. Look back in time, or reset.", size.x);
    if (v.runner) v.runner->cancel();
    return;
  }
  const bool other = v.trainer != &lane.trainer() || v.problem != &trainer.problem() || v.of_path != ui.prefs.landscape_path || !v.runner || !v.runner->board();
  const bool torn = v.runner && v.runner->board() && !v.runner->running() && !v.runner->board()->finished();  // it was left before it was ready
  if (again && !other) ++ui.prefs.landscape_draw;
  if (other || again || torn) start(ui, v);
  v.runner->poll(0.004);
  if (v.runner->running()) ui.moving = true;
  if (v.version != v.runner->board()->version() || v.image.dark != t.dark) take_picture(ui, v);
  follow(ui, v);

  const FieldImage& f = v.image;
  const ImVec2 at{pos.x, y};
  if (f.nx < 1) {
    ui.draw()->AddRectFilled(at, {at.x + size.x, at.y + h}, t.sunken, 8);
    const char* text = "Computing the loss around here\xE2\x80\xA6";
    ui.text(ui.fonts.body, {at.x + (size.x - Ui::width(ui.fonts.body, text)) / 2, at.y + h / 2 - 9}, t.muted, text);
    ui.note("picture", "image", text, {}, at, {size.x, h});
  } else {
    const auto place = [&](Point2 p) {
      return ImVec2{static_cast<float>((p.x - f.low.x) / (f.high.x - f.low.x)), static_cast<float>((f.high.y - p.y) / (f.high.y - f.low.y))};
    };
    std::vector<SurfacePath> paths;
    for (std::size_t i = 0; i < v.paths.size(); ++i) {
      const LaneSpec& spec = ui.session.lane(i).spec();
      if (v.paths[i].empty() || (!spec.visible && i != selected)) continue;
      SurfacePath path{.lane = spec.colour, .way = {}};
      for (Point2 p : v.paths[i]) path.way.push_back(place(p));
      path.now = path.way.back();
      paths.push_back(std::move(path));
    }
    const float side = std::min(size.x, h);
    const std::string label = "Training loss on a plane around " + lane_title(ui, selected);
    const std::string value = std::to_string(f.nx + 1) + " by " + std::to_string(f.ny + 1) + " points";
    if (ui.prefs.relief) {
      draw_relief(ui, "picture", label, f, at, {size.x, h}, paths, {});
    } else {
      const ImVec2 corner{at.x + (size.x - side) / 2, at.y};
      draw_contours(ui, f, corner, {side, side}, paths, {});
      ui.note("picture", "image", label, value, corner, {side, side});
      const ImVec2 m = ImGui::GetIO().MousePos;
      if (m.x > corner.x && m.y > corner.y && m.x < corner.x + side && m.y < corner.y + side && ImGui::IsWindowHovered()) {
        const int i = std::clamp(static_cast<int>(std::lround((m.x - corner.x) / side * static_cast<float>(f.nx))), 0, f.nx);
        const int j = std::clamp(static_cast<int>(std::lround((m.y - corner.y) / side * static_cast<float>(f.ny))), 0, f.ny);
        ui.tip_at({m.x + 14, m.y + 10}, "Loss " + short_number(f.raw[static_cast<std::size_t>(j * (f.nx + 1) + i)]));
      }
    }
  }

  // What it is; and that the run has gone on since.
  const float ty = pos.y + size.y - 40;
  const bool stale = v.step != trainer.state().step && !v.runner->running();
  std::string text = v.runner->board()->job().param("plane") != 0 ? "The plane in which this lane has moved most. " : v.of_path ? "It has not moved enough for a plane of its path: random directions. "
                                               : "Two random directions, as long as the weights themselves; paths are seen as shadows. ";
  text += f.nx < 1 ? "" : "Loss from " + short_number(v.min) + " to " + short_number(v.max) + ", logarithmic.";
  if (stale) {
    const float bw = 92;
    text = "Drawn at step " + grouped(v.step) + "; the run is at step " + grouped(trainer.state().step) + " now.";
    if (ui.button("landscape.refresh", nullptr, "Draw anew", {pos.x + size.x - bw, ty + 2}, {bw, std::max(26.0f, ui.layout.target - 8)}, Look::kTinted)) start(ui, v);
    ui.text_wrap(ui.fonts.small, {pos.x, ty + 4}, t.warn, text, size.x - bw - 12);
  } else {
    ui.text_wrap(ui.fonts.small, {pos.x, ty + 2}, t.muted, text, size.x);
  }
}

}  // namespace lrlab
