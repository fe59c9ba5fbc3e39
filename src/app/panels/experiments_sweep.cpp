// A sweep: how the candidates did, as curves, as a heat map, as lines through parallel axes, as a list.
#include <algorithm>
#include <cmath>

#include "app/panels/experiments.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

const SweepResult& result(Ui& ui) {
  const JobBoard& board = *ui.experiments.board();
  return remembered(ui, ui.cache.sweep, [&] { return sweep_result(board); });
}

const char* objective_name(const Job& job) {
  static constexpr const char* kNames[] = {"test loss", "training loss", "test error"};
  return kNames[std::clamp(static_cast<int>(job.param("objective")), 0, 2)];
}

std::string value_text(const Job& job, const Candidate& c, std::size_t axis) {
  return is_number(job.axes[axis]) ? short_number(c.at[axis]) : c.text[axis];
}

// The values on all axes but one: "adam, momentum 0.9".
std::string others(const Job& job, const Candidate& c, std::size_t but) {
  std::string s;
  for (std::size_t a = 0; a < job.axes.size(); ++a) {
    const bool number = is_number(job.axes[a]);
    if (a != but) s += words({s.empty() ? "" : ", ", number ? job.axes[a].key : "", number ? " " : "", value_text(job, c, a)});
  }
  return s;
}

std::size_t axis_of(const Job& job, std::string_view key) {
  std::size_t a = 0;
  while (a < job.axes.size() && job.axes[a].key != key) ++a;
  return a;
}

std::string title(const Job& job, const Candidate& c) { return others(job, c, job.axes.size()); }

void say(Ui& ui, const Job& job, const Candidate& c) {
  ui.tip_at(ImGui::GetIO().MousePos, title(job, c), words({objective_name(job), " ", mean_text(c.objective), " after ", c.steps, " steps\n", c.diverged, " of ", c.seeds, " diverged"}));
}

// 0 the best, 1 the worst, by the logarithm where all are positive.
struct Colours {
  double low = 1e300, high = -1e300;
  explicit Colours(const SweepResult& r) {
    for (const Candidate& c : r.candidates)
      if (c.objective.count > 0 && c.objective.mean > 0) {
        low = std::min(low, std::log(c.objective.mean));
        high = std::max(high, std::log(c.objective.mean));
      }
  }
  double share(const Candidate& c) const {
    if (c.objective.count == 0 || c.objective.mean <= 0) return c.objective.count ? 0 : 1;
    return high > low ? (std::log(c.objective.mean) - low) / (high - low) : 0;
  }
  ImU32 of(const Theme& t, const Candidate& c) const {
    if (c.objective.count == 0 || c.diverged == c.seeds) return mix(t.card, t.bad, 0.4f);
    return scale_colour(static_cast<float>(1 - share(c)));
  }
};

// The objective along one axis, a line for each combination of the others.
void curves(Ui& ui, const Job& job, const SweepResult& r, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  std::size_t along = axis_of(job, "lr");
  if (along == job.axes.size())
    for (along = 0; along + 1 < job.axes.size() && !is_number(job.axes[along]);) ++along;
  ChartAxis x{.name = job.axes[along].key, .log = job.axes[along].values.empty() && job.axes[along].scale == Scale::kLog}, y{.name = words({objective_name(job), ": mean, lowest and highest over the seeds"}), .log = true};
  struct Line {
    std::string rest;
    std::vector<double> at, mean;
  };
  std::vector<Line> lines;
  for (const Candidate& c : r.candidates) {
    x.hold(c.at[along]);
    y.hold(c.objective.min);
    y.hold(c.objective.max);
  }
  Chart c(ui, pos, size, x, y);
  const bool samples = !on_grid(job) && job.axes.size() > 1;  // no two of them have the other values in common
  if (r.has_good() && job.axes[along].key == "lr" && job.axes.size() == 1) {
    c.zone_x(r.lines[0].good_low, r.lines[0].good_high, with_alpha(t.good, 0.14f));
    c.mark_x(r.lines[0].best_lr, t.good, "best");
  }
  // Along the axis from left to right, so that each line grows at its end.
  const std::vector<std::size_t> order = sorted_indices(r.candidates.size(), [&](std::size_t i, std::size_t k) { return r.candidates[i].at[along] < r.candidates[k].at[along]; });
  const Colours colours(r);
  const std::uint64_t longest = r.order.empty() ? 0 : r.candidates[r.order[0]].steps;  // only such are in the order
  const std::size_t most = std::max<std::size_t>(3, r.candidates.size() / std::max<std::size_t>(1, job.axes[along].size()));
  for (std::size_t i : order) {
    const Candidate& one = r.candidates[i];
    const std::string rest = samples ? "" : others(job, one, along);
    std::size_t k = 0;
    while (k < lines.size() && lines[k].rest != rest) ++k;
    if (k == lines.size()) lines.push_back({rest, {}, {}});
    const ImU32 colour = samples ? colours.of(t, one) : job.axes.size() == 1 ? t.accent : class_colour(t, static_cast<int>(k), static_cast<int>(most));
    const double mean = one.diverged == one.seeds ? kNoValue : one.objective.mean;
    const bool whole = one.steps == longest;  // what was stopped early is faint, and in no line
    lines[k].at.push_back(one.at[along]);
    lines[k].mean.push_back(whole ? mean : kNoValue);
    c.upright(one.at[along], one.objective.min, one.objective.max, with_alpha(colour, whole ? 0.6f : 0.2f));
    c.dot(one.at[along], mean, with_alpha(colour, whole ? 1.0f : 0.35f));
    const ImVec2 p = c.at(one.at[along], mean), m = ImGui::GetIO().MousePos;
    if (c.hovered && std::hypot(p.x - m.x, p.y - m.y) < 9) say(ui, job, one);
  }
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const ImU32 colour = job.axes.size() == 1 ? t.accent : class_colour(t, static_cast<int>(k), static_cast<int>(most));
    if (!samples) c.line(lines[k].at, lines[k].mean, colour);
    if (lines.size() == 1 || k >= 10) continue;
    const float ly = c.pos.y + 4 + 18 * static_cast<float>(k), lx = c.pos.x + c.size.x - Ui::width(ui.fonts.small, lines[k].rest) - 8;
    ui.draw()->AddRectFilled({lx - 26, ly - 1}, {c.pos.x + c.size.x - 2, ly + 17}, with_alpha(t.card, 0.85f));
    ui.draw()->AddLine({lx - 22, ly + 8}, {lx - 6, ly + 8}, colour, 2.5f);
    ui.text(ui.fonts.small, {lx, ly}, t.text, lines[k].rest);
  }
}

// Two axes as cells: the first upwards, the second to the right.
void heat(Ui& ui, const Job& job, const SweepResult& r, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const int ny = static_cast<int>(job.axes[0].size()), nx = static_cast<int>(job.axes[1].size());
  const Colours colours(r);
  std::vector<ImU32> cell(static_cast<std::size_t>(nx * ny), t.sunken);
  std::vector<const Candidate*> who(cell.size());
  const auto place = [&](const Candidate& c, std::size_t a) {
    for (std::size_t i = 0; i < job.axes[a].size(); ++i)
      if (job.axes[a].text(i) == c.text[a]) return static_cast<int>(i);
    return -1;
  };
  for (const Candidate& c : r.candidates) {
    const int x = place(c, 1), y = place(c, 0);
    if (x < 0 || y < 0) continue;
    cell[static_cast<std::size_t>(y * nx + x)] = colours.of(t, c);
    who[static_cast<std::size_t>(y * nx + x)] = &c;
  }
  const auto word = [&](std::size_t a, int i) { return axis_text(job.axes[a], static_cast<std::size_t>(i), 2); };
  float left = 0;
  for (int i = 0; i < ny; ++i) left = std::max(left, Ui::width(ui.fonts.small, word(0, i)));
  left = std::min(left, size.x * 0.35f) + 4;
  ui.text_fit(ui.fonts.small, pos, t.muted, words({job.axes[0].key, " up, ", job.axes[1].key, " to the right; light: low ", objective_name(job), ", red: diverged"}), size.x);
  const ImVec2 p{pos.x + left + 8, pos.y + 24}, s{size.x - left - 8, size.y - 50};
  draw_cells(ui.draw(), p, s, nx, ny, cell);
  const float cw = s.x / static_cast<float>(nx), ch = s.y / static_cast<float>(ny);
  float free_x = -1e9f, free_y = 1e9f;
  for (int i = 0; i < nx; ++i) {
    const std::string text = word(1, i);
    const float w = Ui::width(ui.fonts.small, text), x = std::clamp(p.x + cw * (static_cast<float>(i) + 0.5f) - w / 2, p.x, pos.x + size.x - w);
    if (x < free_x + 8) continue;
    ui.text(ui.fonts.small, {x, p.y + s.y + 5}, t.muted, text);
    free_x = x + w;
  }
  for (int i = 0; i < ny; ++i) {
    const float y = p.y + s.y - ch * (static_cast<float>(i) + 0.5f) - 9;
    if (y > free_y - 18) continue;
    ui.text_fit(ui.fonts.small, {pos.x, y}, t.muted, word(0, i), left + 1);
    free_y = y;
  }
  const auto frame = [&](const Candidate& c, ImU32 colour) {
    const int x = place(c, 1), y = place(c, 0);
    ui.draw()->AddRect({p.x + cw * static_cast<float>(x), p.y + s.y - ch * static_cast<float>(y + 1)}, {p.x + cw * static_cast<float>(x + 1), p.y + s.y - ch * static_cast<float>(y)}, colour, 0, 0, 2);
  };
  if (!r.order.empty()) frame(r.candidates[r.order[0]], t.text);
  const Control c = ui.control("sweep.cells", "button", "Open the cell under the pointer as a lane", {}, p, s);
  if (!c.hovered) return;
  const ImVec2 m = ImGui::GetIO().MousePos;
  const int x = std::clamp(static_cast<int>((m.x - p.x) / cw), 0, nx - 1), y = std::clamp(static_cast<int>((p.y + s.y - m.y) / ch), 0, ny - 1);
  if (const Candidate* one = who[static_cast<std::size_t>(y * nx + x)]) {
    frame(*one, t.accent);
    say(ui, job, *one);
    if (c.clicked) open_as_lane(ui, candidate_config(job, one->id));
  }
}

// Every candidate is a line through its values; the better, the lighter and thicker.
void parallel(Ui& ui, const Job& job, const SweepResult& r, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const Colours colours(r);
  const std::size_t n = job.axes.size() + 1;
  const float top = pos.y + 26, bottom = pos.y + size.y - 26, margin = 46;
  const auto x = [&](std::size_t a) { return pos.x + margin + (size.x - 2 * margin) * static_cast<float>(a) / static_cast<float>(n - 1); };
  const auto share = [&](const Candidate& c, std::size_t a) {
    if (a + 1 == n) return 1 - colours.share(c);  // the best at the top
    const Axis& axis = job.axes[a];
    if (!axis.values.empty()) {
      for (std::size_t i = 0; i < axis.size(); ++i)
        if (axis.text(i) == c.text[a]) return axis.size() > 1 ? static_cast<double>(i) / static_cast<double>(axis.size() - 1) : 0.5;
      return 0.5;
    }
    if (axis.scale == Scale::kLog) return std::log(c.at[a] / axis.min) / std::log(axis.max / axis.min);
    return (c.at[a] - axis.min) / (axis.max - axis.min);
  };
  const Candidate* near = nullptr;
  float nearest = 8;
  const ImVec2 m = ImGui::GetIO().MousePos;
  const bool hovered = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) && !ui.blocked;
  const auto path = [&](const Candidate& c) {
    std::vector<ImVec2> line;
    for (std::size_t a = 0; a < n; ++a) line.push_back({x(a), bottom - (bottom - top) * static_cast<float>(std::clamp(share(c, a), 0.0, 1.0))});
    return line;
  };
  const std::size_t most = std::min<std::size_t>(r.order.size(), 400);
  for (std::size_t k = most; k-- > 0;) {
    const Candidate& c = r.candidates[r.order[k]];
    const std::vector<ImVec2> line = path(c);
    dl->AddPolyline(line.data(), static_cast<int>(line.size()), with_alpha(colours.of(t, c), k == 0 ? 1.0f : 0.65f), 0, k == 0 ? 3.5f : 1.5f);
    for (std::size_t a = 0; hovered && a + 1 < n; ++a) {
      const float u = (m.x - line[a].x) / (line[a + 1].x - line[a].x);
      if (u < 0 || u > 1) continue;
      const float d = std::abs(line[a].y + (line[a + 1].y - line[a].y) * u - m.y);
      if (d < nearest) nearest = d, near = &c;
    }
  }
  for (std::size_t a = 0; a < n; ++a) {
    dl->AddLine({x(a), top}, {x(a), bottom}, t.border_strong, 1.5f);
    const auto centred = [&](std::string_view text, float y, ImU32 colour) {
      const float w = std::min(Ui::width(ui.fonts.small, text), 2 * margin + 20);
      ui.text_fit(ui.fonts.small, {std::clamp(x(a) - w / 2, pos.x, pos.x + size.x - w), y}, colour, text, w + 1);
    };
    // Values along the axis, where they do not crowd.
    float free = bottom - 9;
    const auto tick = [&](double at, const std::string& text) {
      const float ty = bottom - (bottom - top) * static_cast<float>(at);
      if (!(at > 0.02 && at < 0.98) || ty > free - 16) return;
      free = ty;
      dl->AddLine({x(a) - 3, ty}, {x(a) + 3, ty}, t.border_strong);
      const float w = Ui::width(ui.fonts.small, text), tx = a + 1 == n ? x(a) - w - 6 : x(a) + 6;
      dl->AddRectFilled({tx - 1, ty - 8}, {tx + w + 1, ty + 8}, with_alpha(t.card, 0.7f), 3);
      ui.text(ui.fonts.small, {tx, ty - 8}, t.muted, text);
    };
    if (a + 1 == n) {
      if (colours.high > colours.low)
        for (int k = 3; k > 0; --k) tick(1 - 0.25 * k, short_number(std::exp(colours.low + (colours.high - colours.low) * 0.25 * k), 2));
      centred(r.order.empty() || !(colours.high >= colours.low) ? "best" : words({"best ", short_number(std::exp(colours.low), 2)}), top - 22, t.text);
      centred(objective_name(job), bottom + 6, t.muted);
    } else {
      const Axis& values = job.axes[a];
      for (std::size_t i = 1; !values.values.empty() && i + 1 < values.size(); ++i) tick(static_cast<double>(i) / static_cast<double>(values.size() - 1), axis_text(values, i, 2));
      for (int k = 1; values.values.empty() && k < 4; ++k) tick(0.25 * k, short_number(values.at(0.25 * k), 2));
      const Axis& axis = job.axes[a];
      centred(axis_text(axis, axis.size() - 1), top - 22, t.text);
      centred(words({axis.key, " from ", axis_text(axis, 0)}), bottom + 6, t.muted);
    }
  }
  if (!near) return;
  const std::vector<ImVec2> line = path(*near);
  dl->AddPolyline(line.data(), static_cast<int>(line.size()), t.text, 0, 3);
  say(ui, job, *near);
}

void picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Job& job = ui.experiments.board()->job();
  const SweepResult& r = result(ui);
  struct View {
    const char* name;
    void (*draw)(Ui&, const Job&, const SweepResult&, ImVec2, ImVec2);
  };
  static constexpr View kViews[] = {{"curves", curves}, {"heat map", heat}, {"parallel axes", parallel}};
  static constexpr const char* kAll[] = {"curves", "heat map", "parallel axes"};
  static constexpr const char* kTwo[] = {"curves", "parallel axes"};
  const bool cells = job.axes.size() == 2 && job.param("search") == 0;
  int& view = ui.experiments.now().view;
  if (view < 0) view = cells ? 1 : job.axes.size() > 2 ? 2 : 0;
  if (view == 1 && !cells) view = 2;
  const float h = std::max(28.0f, ui.layout.target - 4);
  if (cells)
    view = ui.segments("sweep.view", "Show", kAll, 3, view, pos, {std::min(size.x, 340.0f), h});
  else
    view = 2 * ui.segments("sweep.view", "Show", kTwo, 2, view / 2, pos, {std::min(size.x, 240.0f), h});
  const ImVec2 p{pos.x, pos.y + h + 10}, s{size.x, size.y - h - 10};
  if (r.candidates.empty())
    ui.text(ui.fonts.small, p, ui.theme->muted, "The first results are on their way.");
  else
    kViews[view].draw(ui, job, r, p, s);
  ui.note("sweep.chart", "image", "The candidates of the sweep", {}, p, s);
}

float report(Ui& ui, ImVec2 pos, float w) {
  const Job& job = ui.experiments.board()->job();
  const SweepResult& r = result(ui);
  const Theme& t = *ui.theme;
  float y = pos.y;
  if (r.has_lr()) {
    y += heading(ui, {pos.x, y}, w, "Best rate");
    for (std::size_t k = 0; k < r.lines.size(); ++k) {
      const RateLine& line = r.lines[k];
      const std::string of = others(job, r.candidates[line.best], axis_of(job, "lr"));
      const Candidate& best = r.candidates[line.best];
      const bool good = line.good_low == line.good_low;
      ResultRow row{.id = words({"sweep.rate.", k}), .title = words({of, of.empty() ? "" : "  ", "lr ", line.best_lr}),
                    .sub = !good ? words({"begins at ", best.start.mean, ", ends at ", best.objective.mean})
                           : line.good_high > line.good_low ? words({"good from ", line.good_low, " to ", line.good_high}) : line.stopped ? "good" : "no other rate tried is good",
                    .value = number_text(line.best_lr), .lr = good && of.empty() ? line.best_lr : kNoValue, .exact = true, .open = !of.empty()};
      if (line.good_high > line.good_low && line.good_low > 0) row.sub += words({", ", short_number(line.good_decades(), 2), " decades"});
      if (line.stopped) row.sub += words({"; ", line.stopped, " stopped early"});
      if (!good) {
        row.chip = "none is good";
        row.tone = VerdictText::Tone::kWarn;
      }
      row.tip = kGoodRate;
      if (line.best_lr_by_seed.count > 1) row.tip += words({"\n\nThe best rate of each seed alone: ", line.best_lr_by_seed.min, " to ", line.best_lr_by_seed.max, "."});
      if (result_row(ui, row, pos, w, y)) open_as_lane(ui, candidate_config(job, best.id));
    }
    y += 8;
  }
  y += heading(ui, {pos.x, y}, w, "Best first");
  constexpr std::size_t kShown = 40;
  for (std::size_t k = 0; k < std::min(kShown, r.order.size()); ++k) {
    const Candidate& c = r.candidates[r.order[k]];
    ResultRow row{.id = words({"sweep.", k}), .title = words({k + 1, ".  ", title(job, c)}), .sub = words({objective_name(job), " ", mean_text(c.objective)}),
                  .value = number_text(c.objective.mean), .open = true};
    if (c.test_accuracy.count > 0) row.sub += words({", accuracy ", percent(c.test_accuracy.mean)});
    if (c.diverged > 0) {
      row.chip = words({c.diverged, " of ", c.seeds, " diverged"});
      row.tone = VerdictText::Tone::kBad;
    }
    if (result_row(ui, row, pos, w, y)) open_as_lane(ui, candidate_config(job, c.id));
  }
  if (r.order.size() > kShown) y += paragraph(ui, {pos.x, y}, w, words({"and ", r.order.size() - kShown, " more"}), t.muted);
  return y - pos.y;
}

}  // namespace

extern const JobView sweep_view;
const JobView sweep_view{"sweep",
                         "Press Start: a training at every combination of what varies. Here you see which does best, and how far one may be off the best rate.",
                         picture, report};

}  // namespace lrlab
