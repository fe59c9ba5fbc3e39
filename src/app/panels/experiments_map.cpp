// A map: a training for each point of two settings, refined while one looks, zoomed as far as float goes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

#include "app/icons.h"
#include "app/panels/experiments.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

using Kind = Command::Kind;

// What a map can show, and how: the colour is the value or its logarithm; a low one is light or dark.
struct Shows {
  MapValue value;
  const char* label;
  bool log, low_is_light;
};
constexpr Shows kShows[] = {{MapValue::kTrainLoss, "training loss", true, true}, {MapValue::kTestLoss, "test loss", true, true},
                            {MapValue::kToTarget, "steps to the target loss", true, true}, {MapValue::kScore, "how soon it falls or blows up", false, false},
                            {MapValue::kSharpness, "sharpness at the end", true, false}, {MapValue::kVerdict, "trains or diverges", false, false}};

double scaled(const Shows& s, double v) { return s.log ? std::log(std::max(v, 1e-12)) : v; }

MapImage make_image(const Ui& ui, const JobBoard& board, int which) {
  const Theme& t = *ui.theme;
  const Shows& shows = kShows[which];
  MapImage m;
  m.axes = board.job().axes;
  m.shows = which;
  m.dark = t.dark;
  m.picture = map_picture(board, shows.value);
  m.verdict = shows.value == MapValue::kVerdict ? m.picture.value : map_picture(board, MapValue::kVerdict).value;
  const std::vector<double>& v = m.picture.value;
  m.low = 1e300;
  m.high = -1e300;
  for (std::size_t i = 0; i < v.size(); ++i)
    if (m.verdict[i] == 0 && v[i] == v[i]) {
      m.low = std::min(m.low, scaled(shows, v[i]));
      m.high = std::max(m.high, scaled(shows, v[i]));
    }
  const int size = m.picture.size, apart = std::max(1, size / 256);
  m.side = size / apart;
  const ImU32 bad = mix(t.card, t.bad, t.dark ? 0.42f : 0.5f);
  for (int y = 0; y < m.side; ++y)
    for (int x = 0; x < m.side; ++x) {
      const std::size_t i = static_cast<std::size_t>(y * apart * size + x * apart);
      ImU32 colour = 0;
      if (m.verdict[i] == 1) {
        // The sooner it blows up, the darker.
        colour = shows.value == MapValue::kScore && v[i] == v[i] ? mix(bad, mix(t.page, t.bad, 0.12f), static_cast<float>(std::clamp(1 - 2 * v[i], 0.0, 1.0))) : bad;
      } else if (m.verdict[i] == 0) {
        const double share = m.high > m.low ? (scaled(shows, v[i]) - m.low) / (m.high - m.low) : 0.6;
        // In steps, so that neighbours that look alike are drawn as one.
        const float step = static_cast<float>(std::round((shows.low_is_light ? 1 - share : share) * 63) / 63);
        colour = v[i] == v[i] ? scale_colour(0.08f + 0.92f * step) : t.sunken;
      }
      m.colour.push_back(colour);
    }
  return m;
}

const MapImage& image(Ui& ui) {
  const JobBoard& board = *ui.experiments.board();
  Memo<MapImage>& memo = ui.cache.map;
  const int which = ui.experiments.map.shows;
  if (memo.value.shows != which || memo.value.dark != ui.theme->dark || memo.value.axes != board.job().axes) memo.revision = ~0ull, memo.due = 0;
  return remembered(ui, memo, [&] { return make_image(ui, board, which); });
}

// Where `value` lies between the ends of an axis.
double share_of(const Axis& a, double value) {
  return a.scale == Scale::kLog ? std::log(value / a.min) / std::log(a.max / a.min) : (value - a.min) / (a.max - a.min);
}

bool alike(const std::vector<Axis>& a, const std::vector<Axis>& b) {
  return a.size() == 2 && b.size() == 2 && a[0].key == b[0].key && a[1].key == b[1].key && a[0].scale == b[0].scale && a[1].scale == b[1].scale;
}

// A picture of another part of the plane, at its place in this one.
void draw_image(Ui& ui, const Chart& c, const std::vector<Axis>& view, const MapImage& m) {
  if (m.side == 0 || !alike(view, m.axes)) return;
  const auto place = [&](double x, double y) {
    return ImVec2{c.pos.x + c.size.x * static_cast<float>(std::clamp(share_of(view[0], x), -1e3, 1e3)), c.pos.y + c.size.y * static_cast<float>(1 - std::clamp(share_of(view[1], y), -1e3, 1e3))};
  };
  const ImVec2 a = place(m.axes[0].min, m.axes[1].max), b = place(m.axes[0].max, m.axes[1].min);
  draw_cells(ui.draw(), a, {b.x - a.x, b.y - a.y}, m.side, m.side, m.colour);
}

// ---- zooming -------------------------------------------------------------------------------------

double width_of(const std::vector<Axis>& axes) {
  double least = 1;
  for (const Axis& a : axes) least = std::min(least, (a.max - a.min) / std::max(std::abs(a.max), std::abs(a.min)));
  return least;
}

void begin(Ui& ui, std::vector<Axis> axes) {
  Experiments& e = ui.experiments;
  e.now().draft.axes = std::move(axes);
  e.map.x = e.map.y = 0.5;
  if (ui.cache.map.value.side > 0 && ui.cache.map.value.picture.done_size > 0) ui.cache.map_before = ui.cache.map.value;
  e.map.start_at = ui.time;
}

// To the part between these shares; beyond 0 and 1 it goes out, as far as the settings go.
void zoom(Ui& ui, double x0, double x1, double y0, double y1, double wait = 0) {
  Experiments& e = ui.experiments;
  Job job = e.now().draft;
  const double share[2][2] = {{x0, x1}, {y0, y1}};
  for (std::size_t k = 0; k < 2; ++k) {
    Axis& a = job.axes[k];
    const ParamSpec& spec = *axis_spec(a.key);
    const double from = a.min, ratio = a.max / a.min, wide = a.max - a.min;
    // With as many digits as such a part needs, and no more.
    const double part = (share[k][1] - share[k][0]) * wide / std::max(std::abs(a.max), std::abs(from));
    const int digits = std::clamp(static_cast<int>(4 - std::log10(std::max(part, 1e-20))), 4, 17);
    const auto value = [&](double s) { return rounded(a.scale == Scale::kLog ? from * std::pow(ratio, s) : from + wide * s, digits); };
    // The logarithm of a setting that may be 0 has no end of its own: six decades are enough.
    const double least = a.scale == Scale::kLog && spec.min <= 0 ? std::min(spec.max * 1e-6, from) : spec.min;
    const double low = std::clamp(value(share[k][0]), least, spec.max), high = std::clamp(value(share[k][1]), least, spec.max);
    a.min = low;
    a.max = high;
  }
  if (width_of(job.axes) < 1e-7) {  // a training works in float
    e.said = "Nearer it cannot go: the settings would no longer differ.";
    return;
  }
  if (job.axes == e.now().draft.axes) return;
  if (e.map.start_at < 0) e.map.back.push_back(e.now().draft.axes);  // many turns of the wheel are one way back
  begin(ui, std::move(job.axes));
  e.map.start_at = ui.time + wait;
}

void back(Ui& ui, bool all) {
  std::vector<std::vector<Axis>>& stack = ui.experiments.map.back;
  if (stack.empty()) return;
  std::vector<Axis> axes = all ? stack.front() : stack.back();
  all ? stack.clear() : stack.pop_back();
  begin(ui, std::move(axes));
}

void zoom_about(Ui& ui, double x, double y, double factor, double wait = 0) {
  zoom(ui, x - x * factor, x + (1 - x) * factor, y - y * factor, y + (1 - y) * factor, wait);
}

// ---- one cell ------------------------------------------------------------------------------------

int cell_of(double share, int size) { return std::clamp(static_cast<int>(share * size), 0, size - 1); }

// The lane that was opened last makes place for the next one.
void open_cell(Ui& ui, const Job& job, double x, double y) {
  const int size = map_size(job);
  Config config = job.base;
  apply_number(job.axes[0], map_coordinate(job, 0, cell_of(x, size)), config);
  apply_number(job.axes[1], map_coordinate(job, 1, cell_of(y, size)), config);
  Experiments& e = ui.experiments;
  Race r = ui.race();
  for (std::size_t i = 0; e.map.opened && i < r.lanes.size(); ++i)
    if (r.lanes[i].config == *e.map.opened && !(config == *e.map.opened)) {
      r.lanes[i].config = config;
      ui.set_race(std::move(r));
      e.said = words({"Lane ", i + 1, " is this point now."});
      e.map.opened = config;
      return;
    }
  open_as_lane(ui, config);
  e.map.opened = std::move(config);
}

std::string number(double v, double relative_width) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", std::clamp(static_cast<int>(3 - std::log10(relative_width)), 3, 17), v);
  return text;
}

void say_cell(Ui& ui, const Job& job, const MapImage& m, double x, double y) {
  const int size = m.picture.size, cx = cell_of(x, size), cy = cell_of(y, size);
  const std::size_t i = static_cast<std::size_t>(cy * size + cx);
  if (i >= m.verdict.size()) return;
  const double wide = width_of(job.axes);
  const std::string where = words({job.axes[0].key, " ", number(map_coordinate(job, 0, cx), wide), ", ", job.axes[1].key, " ", number(map_coordinate(job, 1, cy), wide)});
  std::string what = m.verdict[i] == 1 ? "It diverges." : m.verdict[i] == 0 ? "It trains." : "Not known yet.";
  if (m.verdict[i] == m.verdict[i] && kShows[m.shows].value != MapValue::kVerdict && m.picture.value[i] == m.picture.value[i])
    what += words({" ", kShows[m.shows].label, ": ", m.picture.value[i]});
  ui.tip_at(ImGui::GetIO().MousePos, where, what, "Press: open it as a lane. Draw a box or turn the wheel: zoom.");
}

// ---- the picture ---------------------------------------------------------------------------------

void legend(Ui& ui, const MapImage& m, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const Shows& shows = kShows[m.shows];
  float x = pos.x;
  const auto words = [&](std::string_view s, ImU32 colour) {
    ui.text(ui.fonts.small, {x, pos.y}, colour, s);
    x += Ui::width(ui.fonts.small, s) + 8;
  };
  if (m.high >= m.low && shows.value != MapValue::kVerdict) {
    const auto text = [&](double v) { return short_number(shows.log ? std::exp(v) : v, 2); };
    words(text(m.low), t.muted);
    const float bar = std::clamp(w - 260, 50.0f, 160.0f);
    constexpr int kParts = 24;
    for (int i = 0; i < kParts; ++i) {
      const float u = static_cast<float>(i) / (kParts - 1);
      dl->AddRectFilled({x + bar * static_cast<float>(i) / kParts, pos.y + 4}, {x + bar * static_cast<float>(i + 1) / kParts, pos.y + 14}, scale_colour(0.08f + 0.92f * (shows.low_is_light ? 1 - u : u)));
    }
    x += bar + 8;
    words(text(m.high), t.muted);
  } else if (m.high >= m.low) {
    dl->AddRectFilled({x, pos.y + 4}, {x + 14, pos.y + 14}, scale_colour(0.08f + 0.92f * 38 / 63));
    x += 20;
    words("trains", t.muted);
  }
  x += 8;
  dl->AddRectFilled({x, pos.y + 4}, {x + 14, pos.y + 14}, mix(t.card, t.bad, t.dark ? 0.42f : 0.5f));
  x += 20;
  words("diverges", t.muted);
}

void picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  Experiments& e = ui.experiments;
  MapLook& look = e.map;
  const JobBoard& board = *e.board();
  const float h = std::max(30.0f, ui.layout.target), b = h;

  std::vector<Ui::Option> options;
  for (const Shows& s : kShows) options.push_back({s.label, ""});
  const float tools = 4 * (b + 2);
  const float menu = std::min(240.0f, size.x - tools - 8);
  look.shows = std::max(0, ui.select("map.shows", "What is shown", options, look.shows, pos, menu));
  float x = pos.x + size.x - tools;
  const auto tool = [&](const char* id, const char* sign, const char* name, bool enabled) {
    const bool pressed = ui.icon_button(id, sign, name, {x, pos.y}, b, enabled);
    x += b + 2;
    return pressed;
  };
  if (tool("map.back", icon::kUndo, ui.host.touch ? "Back to what it was zoomed out of" : "Back to what it was zoomed out of (Backspace)", !look.back.empty())) back(ui, false);
  if (tool("map.whole", icon::kMaximise, "The whole map again", !look.back.empty())) back(ui, true);
  if (tool("map.out", icon::kMinus, ui.host.touch ? "Zoom out" : "Zoom out (-)", true)) zoom_about(ui, look.x, look.y, 2);
  if (tool("map.in", icon::kPlus, ui.host.touch ? "Zoom in" : "Zoom in (+)", true)) zoom_about(ui, look.x, look.y, 0.5);

  const MapImage& m = image(ui);
  const std::vector<Axis>& view = look.start_at >= 0 && alike(e.now().draft.axes, board.job().axes) ? e.now().draft.axes : board.job().axes;
  const double wide = width_of(view);
  const auto axis = [&](std::size_t k) {
    const Axis& a = view[k];
    std::string name = a.key;
    if (wide < 1e-3) name += words({"  ", number(a.at(0.5), wide), " ± ", short_number((a.max - a.min) / 2, 2)});
    return ChartAxis{.name = name, .min = a.min, .max = a.max, .log = a.scale == Scale::kLog, .frame = false, .empty = false};
  };
  legend(ui, m, {pos.x, pos.y + size.y - 20}, size.x);
  {
    Chart c(ui, {pos.x, pos.y + h + 8}, {size.x, size.y - h - 34}, axis(0), axis(1));
    ui.draw()->PushClipRect(c.pos, {c.pos.x + c.size.x, c.pos.y + c.size.y}, true);  // of another part the most is outside
    draw_image(ui, c, view, ui.cache.map_before);
    draw_image(ui, c, view, m);
    ui.draw()->PopClipRect();

    const Control press = ui.control("map", "button", ui.host.touch ? "The map: open this point as a lane" : "The map: open this point as a lane; arrows move, + and − zoom, Backspace goes back",
                                     words({number(view[0].at(look.x), wide), ", ", number(view[1].at(look.y), wide)}), c.pos, c.size, true, Drag::kFree);
    ui.note("plot.map", "image", std::string("Map of ") + kShows[look.shows].label, "", c.pos, c.size);  // where the page leaves zooming to us
    const ImGuiIO& io = ImGui::GetIO();
    const double mx = std::clamp(c.mouse_x, 0.0, 1.0), my = std::clamp(c.mouse_y, 0.0, 1.0);
    if (press.held && !look.drawing) {
      look.drawing = true;
      look.from_x = mx;
      look.from_y = my;
    }
    const double dx = std::abs(mx - look.from_x) * static_cast<double>(c.size.x), dy = std::abs(my - look.from_y) * static_cast<double>(c.size.y);
    const bool box = look.drawing && std::max(dx, dy) > 6;
    if (box) {
      const ImVec2 a{c.pos.x + c.size.x * static_cast<float>(std::min(mx, look.from_x)), c.pos.y + c.size.y * static_cast<float>(1 - std::max(my, look.from_y))};
      ui.draw()->AddRect(a, {a.x + static_cast<float>(dx), a.y + static_cast<float>(dy)}, IM_COL32_BLACK, 0, 0, 4);
      ui.draw()->AddRect(a, {a.x + static_cast<float>(dx), a.y + static_cast<float>(dy)}, IM_COL32_WHITE, 0, 0, 2);
    }
    if (look.drawing && !press.held) {  // let go
      look.drawing = false;
      if (!ImGui::IsMousePosValid()) {
        // the browser took the finger away, to zoom the page
      } else if (box && std::min(dx, dy) > 4)
        zoom(ui, std::min(mx, look.from_x), std::max(mx, look.from_x), std::min(my, look.from_y), std::max(my, look.from_y));
      else if (press.clicked)
        open_cell(ui, board.job(), mx, my);
    } else if (press.clicked) {
      open_cell(ui, board.job(), look.x, look.y);
    }
    if (press.hovered && io.MouseWheel != 0 && !look.drawing) zoom_about(ui, mx, my, std::pow(2.0, -0.5 * static_cast<double>(std::clamp(io.MouseWheel, -3.0f, 3.0f))), 0.2);
    if (press.hovered && !box && look.start_at < 0) say_cell(ui, board.job(), m, mx, my);
    if (press.focused && !io.WantTextInput) {
      const double step = io.KeyShift ? 1.0 / 128 : 1.0 / 32;
      if (ui.key(ImGuiKey_LeftArrow)) look.x -= step;
      if (ui.key(ImGuiKey_RightArrow)) look.x += step;
      if (ui.key(ImGuiKey_DownArrow)) look.y -= step;
      if (ui.key(ImGuiKey_UpArrow)) look.y += step;
      look.x = std::clamp(look.x, 0.0, 1.0);
      look.y = std::clamp(look.y, 0.0, 1.0);
      if (ui.key(ImGuiKey_Equal) || ui.key(ImGuiKey_KeypadAdd)) zoom_about(ui, look.x, look.y, 0.5);
      if (ui.key(ImGuiKey_Minus) || ui.key(ImGuiKey_KeypadSubtract)) zoom_about(ui, look.x, look.y, 2);
      if (ui.key(ImGuiKey_Backspace)) back(ui, false);
      if (ui.keep.focus_shown) {
        const ImVec2 p{c.pos.x + c.size.x * static_cast<float>(look.x), c.pos.y + c.size.y * static_cast<float>(1 - look.y)};
        ui.draw()->AddCircle(p, 7, IM_COL32_BLACK, 0, 4);
        ui.draw()->AddCircle(p, 7, IM_COL32_WHITE, 0, 2);
      }
    }
    ui.draw()->AddRect(c.pos, {c.pos.x + c.size.x, c.pos.y + c.size.y}, t.border_strong);
  }
  if (look.start_at >= 0) {
    ui.moving = true;
    if (ui.time >= look.start_at) {
      look.start_at = -1;
      ui.command(Kind::kStartJob);
    }
  }
}

float report(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  Experiments& e = ui.experiments;
  const Job& job = e.board()->job();
  const MapImage& m = image(ui);
  const Shows& shows = kShows[m.shows];
  float y = pos.y;
  std::size_t known = 0, trains = 0, best = m.verdict.size();
  const bool lower = shows.low_is_light;
  for (std::size_t i = 0; i < m.verdict.size(); ++i) {
    known += m.verdict[i] == m.verdict[i];
    if (m.verdict[i] != 0) continue;
    ++trains;
    const double v = m.picture.value[i];
    if (shows.value == MapValue::kVerdict || shows.value == MapValue::kSharpness || !(v == v)) continue;
    if (best == m.verdict.size() || (lower ? v < m.picture.value[best] : v > m.picture.value[best])) best = i;
  }
  if (known == 0) return paragraph(ui, pos, w, "The first trainings are on their way.", t.muted);
  const int size = m.picture.size;
  y += heading(ui, {pos.x, y}, w, "What it shows");
  const double part = static_cast<double>(trains) / static_cast<double>(known);
  result_row(ui, {.id = "map.trains", .title = words({percent(part), " trains"}), .sub = m.picture.done_size ? words({"the rest diverges; ", m.picture.done_size, " × ", m.picture.done_size, " are complete"}) : "the rest diverges, of the few that are known", .value = number_text(part)}, pos, w, y);
  if (best < m.verdict.size()) {
    const double bx = map_coordinate(job, 0, static_cast<int>(best) % size), by = map_coordinate(job, 1, static_cast<int>(best) / size);
    const ResultRow row{.id = "map.best", .title = words({lower ? "Lowest: " : "Highest: ", m.picture.value[best]}),
                        .sub = words({job.axes[0].key, " ", bx, ", ", job.axes[1].key, " ", by}), .value = number_text(m.picture.value[best]),
                        .tip = words({"The best ", shows.label, " of what is known so far."}), .lr = job.axes[0].key == "lr" ? bx : kNoValue, .open = true};
    if (result_row(ui, row, pos, w, y)) open_cell(ui, job, (static_cast<double>(static_cast<int>(best) % size) + 0.5) / size, (static_cast<double>(static_cast<int>(best) / size) + 0.5) / size);
  }
  const double d = m.picture.dimension;
  result_row(ui, {.id = "map.dimension", .title = words({"Box dimension of the edge  ", d}),
                  .sub = d == d ? "1: a smooth line, 2: it fills the plane" : m.picture.done_size < 32 ? "known from 32 × 32 on" : "there is no edge here", .value = d == d ? number_text(d) : "",
                  .tip = "How the number of boxes that hold a piece of the edge grows as they get smaller. The edge of trainability is a fractal (Sohl-Dickstein 2024): it stays rough however far one zooms in. Boxes of 1 to size/8 cells are counted."}, pos, w, y);
  const std::vector<Axis>& whole = e.map.back.empty() ? job.axes : e.map.back.front();
  if (!e.map.back.empty() && alike(whole, job.axes)) {
    const auto length = [](const Axis& a) { return a.scale == Scale::kLog ? std::log(a.max / a.min) : a.max - a.min; };
    result_row(ui, {.id = "map.zoom", .title = words({"Magnified ", length(whole[0]) / length(job.axes[0]), " times"}), .sub = ui.host.touch ? "The arrow above goes back" : "Backspace or the arrow goes back"}, pos, w, y);
  }
  if (width_of(job.axes) < 1e-6) y += paragraph(ui, {pos.x, y}, w, "Trainings reckon with seven digits, so rates that lie closer together are the same.", t.warn);
  y += paragraph(ui, {pos.x, y + 4}, w, ui.host.touch ? "Draw a box or spread two fingers to look closer; tap a point to open it as a lane." : "Draw a box or turn the wheel to look closer; press a point to open it as a lane.", t.muted);
  return y - pos.y;
}

}  // namespace

extern const JobView map_view;
const JobView map_view{"map",
                       "Press Start: a training for each point of a plane of two settings, coarse at first and finer while you look. Then zoom into the edge between what trains and what diverges.",
                       picture, report};

}  // namespace lrlab
