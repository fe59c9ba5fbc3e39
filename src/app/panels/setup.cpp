// What a run is made of: one section a group of the experiment's tables, generated from them.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/views.h"
#include "app/widgets/board.h"
#include "app/widgets/param.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

struct Section {
  const char* group;
  const char* title;
  bool open;  // at first
};
constexpr Section kSections[] = {{"data", "Data", true},         {"model", "Network", false},
                                 {"optimizer", "Optimizer", true}, {"schedule", "Schedule", true},
                                 {"clipping", "Gradient clipping", false},
                                 {"regularisation", "Regularisation", false}};

// One line that says what a closed section holds.
std::string summary(const Config& c, std::string_view group) {
  if (group == "model" && c.surface.info) return "none: two numbers";
  if (group == "data") return c.surface.info ? c.surface.info->label : c.dataset.info->label;
  if (group == "model") {
    std::string s = std::to_string(c.inputs());
    for (int h : c.hidden) s += "–" + std::to_string(h);
    return s + ", " + c.activation.info->label;
  }
  if (group == "optimizer") return c.train.optimizer.info->label;
  if (group == "schedule")
    return std::string(c.train.schedule.info->label) + (c.train.warmup_steps > 0 ? " + warm-up" : "");
  if (group == "clipping") return c.train.clip.info->label;
  if (group == "regularisation") {
    std::string s;
    for (const Field& f : fields())
      if (std::string_view(f.group) == "regularisation" && f.get(c) != default_of(f, c) && std::string_view(f.spec.key) != "ema_decay" &&
          std::string_view(f.spec.key) != "average_start")
        s += (s.empty() ? "" : ", ") + std::string(f.spec.label);
    return s.empty() ? "none" : s;
  }
  return "";
}

// Fields that say nothing in the present state of the others.
bool relevant(const Config& c, const Field& f) {
  const std::string_view key = f.spec.key;
  if (key == "lr") return false;  // the dial
  if (c.surface.info && std::string_view(f.group) == "data") return false;
  if (c.surface.info && (key == "batch_size" || key == "shuffle" || key == "first_lr")) return false;
  if (key == "count" || key == "noise") return c.dataset.info->fixed_count == 0 && !c.dataset.info->given;
  if (key == "warmup" || key == "warmup_start") return c.train.warmup_steps > 0;
  if (key == "ema_decay") return c.train.averaging == Averaging::kEma;
  if (key == "average_start") return c.train.averaging == Averaging::kSwa;
  return true;
}

// These belong to the race: lanes must agree on them, or nothing could be compared.
bool shared(std::string_view group, std::string_view key) { return group == "data" || key == "seed"; }

float schedule_preview(Ui& ui, ImVec2 pos, float w);

float pick_row(Ui& ui, const Pick& p, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const Config& c = ui.config();
  const bool all = ui.prefs.edit_all || shared(p.group, p.key);
  std::vector<Ui::Option> options;
  const bool optional = p.none && std::string_view(p.key) != "surface";
  const int offset = optional ? 1 : 0;
  if (optional) options.push_back({std::string_view(p.none) == "auto" ? "Automatic" : "None", "", p.none});
  bool docs = false;
  for (std::size_t i = 0; i < p.rows; ++i) {
    const RowText r = p.row(i);
    options.push_back({r.label, r.doc, r.id});
    docs = docs || *r.doc;
  }
  if (optional && docs) options[0].doc = std::string_view(p.none) == "auto" ? "What suits the data." : "Leave this out.";
  const int present = p.index(c) + offset;
  const float h = std::max(30.0f, ui.layout.target);
  const RowText row = p.chosen(c);
  const bool info = *row.doc || *row.formula;
  const float lw = w * 0.34f;
  ui.text_fit(ui.fonts.body, {pos.x, pos.y + (h - Ui::line(ui.fonts.body)) / 2}, t.muted,
              std::string_view(p.key) == "surface" ? "Function" : p.label, lw - 4);
  const float b = std::max(26.0f, ui.layout.target);
  const int chosen = ui.select(p.key, p.label, options, present, {pos.x + lw, pos.y}, w - lw - (info ? b + (b > 40 ? 0.0f : 6.0f) : 0.0f));
  const int wanted = chosen;
  if (info) {
    ui.icon_button(std::string(p.key) + ".info", icon::kInfo, std::string("About ") + row.label, {pos.x + w - b, pos.y + (h - b) / 2}, b);
    std::string body = row.doc;
    if (*row.formula) body += "\n\n" + std::string(row.formula);
    std::string about = row.reference;
    if (*row.matches) about += (about.empty() ? "" : "\n") + std::string(row.matches);
    ui.tip(row.label, body, about);
  }
  if (wanted != present) {
    ui.change_config(
        [&](Config& config) {
          p.choose(config, wanted - offset);
          // The new optimizer's own rate, where the old one's was still untouched? No: the dial is
          // the person's. What follows from the data set does change with it.
          if (std::string_view(p.key) == "dataset") {
            for (const Field& f : fields())
              if (f.def && std::string_view(f.group) == "data") f.set(config, default_of(f, config));
          }
        },
        all);
  }
  float y = pos.y + h + 8;
  // Above the parameters: another schedule has more or fewer of them, and the drawing stays in place.
  if (std::string_view(p.key) == "schedule") y += schedule_preview(ui, {pos.x, y}, w);
  // The chosen row's own parameters.
  const std::vector<double>& params = p.params(c);
  for (std::size_t i = 0; i < row.params.size(); ++i) {
    const ParamSpec& spec = row.params[i];
    if (spec.kind == ParamKind::kList) {
      std::vector<double> list = p.list(c);
      const ParamEdit e = list_row(ui, spec, list, {pos.x, y}, w);
      if (e.changed) ui.change_config([&](Config& config) { if (p.index(config) == p.index(c)) p.list_of(config) = list; }, all, spec.key);
      y += e.height;
      continue;
    }
    if (i >= params.size()) continue;
    double v = params[i];
    const ParamEdit e = param_row(ui, spec, spec.def, v, {pos.x, y}, w);
    if (e.changed) {
      const int index = p.index(c);
      ui.change_config(
          [&](Config& config) {
            if (p.index(config) == index) p.params_of(config)[i] = v;
          },
          all, spec.key);
    }
    y += e.height;
  }
  return y - pos.y;
}

// Hidden layers: one stepper a layer, and one button for another.
float hidden_row(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const Config& c = ui.config();
  const float h = std::max(30.0f, ui.layout.target);
  std::vector<int> hidden = c.hidden;
  ui.text_fit(ui.fonts.body, {pos.x, pos.y + (h - Ui::line(ui.fonts.body)) / 2}, t.muted, "Hidden layers", w * 0.5f);
  const float b = std::max(26.0f, ui.layout.target - 4);
  if (ui.icon_button("hidden.remove", icon::kMinus, "One layer fewer", {pos.x + w - 2 * b - 4, pos.y + (h - b) / 2}, b, !hidden.empty()) && !hidden.empty())
    hidden.pop_back();
  if (ui.icon_button("hidden.add", icon::kPlus, "One layer more", {pos.x + w - b, pos.y + (h - b) / 2}, b, hidden.size() < static_cast<std::size_t>(kMaxHiddenLayers)))
    hidden.push_back(hidden.empty() ? 8 : hidden.back());
  float y = pos.y + h + 2;
  static constexpr ParamSpec kWidth{.key = "hidden", .label = "units", .def = 16, .min = 1, .max = kMaxWidth, .kind = ParamKind::kInteger,
                                    .scale = Scale::kLog, .unit = "units", .doc = "Width of this hidden layer."};
  std::vector<std::string> keys, labels;
  for (std::size_t i = 0; i < c.hidden.size(); ++i) {
    keys.push_back("hidden." + std::to_string(i));
    labels.push_back("layer " + std::to_string(i + 1));
  }
  for (std::size_t i = 0; i < c.hidden.size() && i < hidden.size(); ++i) {
    ParamSpec spec = kWidth;
    spec.key = keys[i].c_str();
    spec.label = labels[i].c_str();
    double v = c.hidden[i];
    const ParamEdit e = param_row(ui, spec, v, v, {pos.x, y}, w);
    if (e.changed) hidden[i] = static_cast<int>(v);
    y += e.height;
  }
  std::string put;
  if (ui.take_value("hidden", put)) {
    bool ok = true;
    const std::vector<double> list = parse_list(put, &ok);
    if (ok) hidden.assign(list.begin(), list.end());
  }
  if (hidden != c.hidden) ui.change_config([&](Config& config) { config.hidden = hidden; }, true, "hidden");
  return y - pos.y;
}

constexpr int kDrawn = 24;  // stretches of a schedule drawn by hand

// The schedule proper as points at equal distances, as a row that is drawn wants them.
std::vector<double> sampled(const TrainSettings& s, const ScheduleState& state, double length) {
  std::vector<double> out;
  const ScheduleArgs args{.params = s.schedule.params, .list = s.schedule.list, .base_lr = s.lr, .state = &state};
  for (int i = 0; i <= kDrawn; ++i) {
    const double t = std::round(length * i / kDrawn);
    out.push_back(t);
    out.push_back(std::clamp(rounded(s.schedule.info->factor(args, t), 2), 0.0, 1.0));
  }
  return out;
}

void set_drawn(Ui& ui, std::vector<double> points, std::string gesture) {
  const ScheduleInfo* info = nullptr;
  for (const ScheduleInfo* row : schedules())
    if (row->drawn) info = row;
  ui.change_config(
      [&](Config& c) {
        if (c.train.schedule.info != info) c.train.schedule = with_defaults(*info);
        c.train.schedule.list = points;
      },
      ui.prefs.edit_all, std::move(gesture));
}

// What can be dragged along the preview: the warm-up, and of the schedule every parameter that is
// counted in steps, or is a share "of" them. Lengths follow each other: each begins where the one
// before ends. Milestones stand where they are.
struct Handle {
  std::string key, label;
  double value = 0;   // of the parameter
  double begin = 0;   // in steps of the run, where it is counted from
  double unit = 1;    // steps of the run for 1 of it
  ParamSpec spec;
  int param = -1, milestone = -1;  // neither: the warm-up

  double place() const { return begin + value * unit; }
};

std::vector<Handle> handles_of(const TrainSettings& s, double unit) {
  std::vector<Handle> out;
  const double warm = s.warmup_steps;
  if (warm > 0) out.push_back({.key = "warmup_steps", .label = "warm-up", .value = warm, .begin = 0, .unit = 1, .spec = field("warmup_steps").spec});
  const ScheduleInfo& info = *s.schedule.info;
  if (!info.length || info.drawn) return out;
  const double length = info.length({.params = s.schedule.params, .list = s.schedule.list, .base_lr = s.lr, .state = nullptr});
  double begin = warm;
  for (std::size_t i = 0; i < info.params.size(); ++i) {
    const ParamSpec& spec = info.params[i];
    const std::string_view of = spec.unit;
    const bool steps = of == "steps" || of == "epochs";
    if (steps && spec.kind == ParamKind::kList) {
      for (std::size_t k = 0; k < s.schedule.list.size(); ++k)
        out.push_back({.key = std::string(spec.key) + "." + std::to_string(k), .label = "milestone " + std::to_string(k + 1),
                       .value = s.schedule.list[k], .begin = warm, .unit = unit, .spec = spec, .milestone = static_cast<int>(k)});
    } else if (steps) {
      const double v = s.schedule.params[i];
      // 0 says that there is no such stretch of its own.
      if (v > 0) out.push_back({.key = spec.key, .label = spec.label, .value = v, .begin = begin, .unit = unit, .spec = spec, .param = static_cast<int>(i)});
      begin += v * unit;
    } else if (of.starts_with("of ")) {
      out.push_back({.key = spec.key, .label = spec.label, .value = s.schedule.params[i], .begin = warm, .unit = length * unit, .spec = spec, .param = static_cast<int>(i)});
    }
  }
  return out;
}

// The value that takes a handle to a place, as fine as the eye can tell.
double handle_value(const Handle& h, double place, double steps_per_pixel) {
  const double v = (place - h.begin) / h.unit, fine = steps_per_pixel / h.unit, decade = std::pow(10, std::floor(std::log10(fine)));
  double grid = decade * 10;
  for (const double k : {1.0, 2.0, 5.0})
    if (k * decade >= fine * 0.999) {
      grid = k * decade;
      break;
    }
  const bool share = h.spec.kind == ParamKind::kNumber;
  if (!share) grid = std::max(1.0, grid);
  double low = h.spec.min;
  if (!share && h.milestone < 0) low = std::max(1.0, low);  // a stretch that is gone could not be taken hold of again
  return std::clamp(rounded(std::round(v / grid) * grid, 6), low, h.spec.max);
}

void set_handle(Ui& ui, const Handle& h, double value) {
  const ScheduleInfo* info = ui.config().train.schedule.info;
  ui.change_config(
      [&](Config& c) {
        if (h.param < 0 && h.milestone < 0) {
          c.train.warmup_steps = static_cast<int>(value);
          return;
        }
        if (c.train.schedule.info != info) return;
        if (h.param >= 0) {
          c.train.schedule.params[static_cast<std::size_t>(h.param)] = value;
          return;
        }
        std::vector<double>& list = c.train.schedule.list;
        const auto k = static_cast<std::size_t>(h.milestone);
        if (k >= list.size()) return;
        // Between its neighbours: their order stays.
        const double low = k > 0 ? list[k - 1] : h.spec.min, high = k + 1 < list.size() ? list[k + 1] : h.spec.max;
        list[k] = std::max(low, std::min(value, high));
      },
      ui.prefs.edit_all, h.key);
}

// The whole schedule before it happens, warm-up included, and where the run is on it.
float schedule_preview(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const TrainSettings& s = ui.config().train;
  const std::size_t selected = ui.session.race().selected;
  const Trainer& trainer = shown(ui.session.lane(selected));
  const std::size_t per_epoch = std::max<std::size_t>(1, trainer.steps_per_epoch());
  double length = 0;
  if (s.schedule.info->length)
    length = s.schedule.info->length({.params = s.schedule.params, .list = s.schedule.list, .base_lr = s.lr, .state = &trainer.state().schedule});
  // In its own unit; past its end as long as makes sense from here.
  const double unit = s.schedule_in_epochs ? static_cast<double>(per_epoch) : 1.0, now = static_cast<double>(trainer.state().step);
  double own_length = length > 0 && std::isfinite(length) ? length : s.schedule_in_epochs ? 50 : 2000;
  if (now > own_length * unit) own_length = rounded(1.5 * now / unit, 2);
  length = std::min(own_length * unit + s.warmup_steps, 1e9);
  const std::vector<Handle> handles = handles_of(s, unit);
  // A little more than the whole, so that an end can be drawn out; and while a hand is on it the scale
  // stays as it was.
  static double scale_held = 0;
  double shown_length = std::max(handles.empty() ? length : 1.08 * length, 8.0);
  if (scale_held > 0) shown_length = scale_held;

  const float h = 92;
  const ImVec2 end{pos.x + w, pos.y + h};
  ImDrawList* dl = ui.draw();
  dl->AddRectFilled(pos, end, t.sunken, kSoft);
  const float left = pos.x + 10, right = end.x - 10, top = pos.y + 24, bottom = end.y - 12;
  constexpr int kPoints = 128;
  float factor[kPoints + 1];
  float high = 1;
  for (int i = 0; i <= kPoints; ++i) {
    const std::uint64_t step = static_cast<std::uint64_t>(shown_length * i / kPoints);
    const double f = schedule_factor(s, trainer.state().schedule, step, per_epoch);
    factor[i] = std::isfinite(f) ? static_cast<float>(f) : 0;
    high = std::max(high, factor[i]);
  }
  ImVec2 line[kPoints + 1];
  const ImU32 colour = lane_colour(t, ui.race().lanes[ui.race().selected].colour);
  for (int i = 0; i <= kPoints; ++i)
    line[i] = {left + (right - left) * static_cast<float>(i) / kPoints, bottom - (bottom - top) * std::clamp(factor[i] / high, 0.0f, 1.0f)};
  for (int i = 0; i < kPoints; ++i)
    dl->AddQuadFilled({line[i].x, bottom}, line[i], line[i + 1], {line[i + 1].x, bottom}, with_alpha(colour, 0.12f));
  dl->AddPolyline(line, kPoints + 1, colour, 0, 2);
  dl->AddLine({left, bottom + 0.5f}, {right, bottom + 0.5f}, t.border_strong);
  if (now > 0 && now <= shown_length) {
    const float x = left + (right - left) * static_cast<float>(now / shown_length);
    dl->AddLine({x, top - 2}, {x, bottom}, with_alpha(t.text, 0.5f));
    const std::size_t i = static_cast<std::size_t>(std::clamp(now / shown_length * kPoints, 0.0, static_cast<double>(kPoints)));
    dl->AddCircleFilled({x, line[i].y}, 4, colour);
  }
  ui.text(ui.fonts.small, {left, pos.y + 4}, t.muted, "peak " + short_number(s.lr * static_cast<double>(high)));
  const std::string until = grouped(static_cast<std::uint64_t>(std::max(length, 8.0))) + " steps";
  const bool by_hand = s.schedule.info->drawn;
  const float draws = ui.layout.target > 40 ? 44.0f : 28.0f, tool = by_hand ? 0.0f : draws - 2;
  ui.text(ui.fonts.small, {right - tool - Ui::width(ui.fonts.small, until), pos.y + 4}, t.muted, until);
  // Before the preview itself, which lies below them. Of handles at one place the last is on top.
  const Handle* touched = nullptr;
  bool any_held = false;
  for (std::size_t k = handles.size(); k-- > 0;) {
    const Handle& handle = handles[k];
    const double place = handle.place();
    if (!(place >= 0) || place > 1.001 * shown_length) continue;
    const float x = left + (right - left) * static_cast<float>(place / shown_length), reach = ui.layout.target > 40 ? 16.0f : 8.0f;
    const double per_pixel = shown_length / static_cast<double>(right - left);
    const Control grip = ui.control("schedule.at." + handle.key, "slider", "Schedule: " + handle.label, number_text(handle.value),
                                    {x - reach, top - 2}, {2 * reach, bottom - top + 14}, true, Drag::kSideways);
    double value = handle.value;
    std::string put;
    if (ui.take_value("schedule.at." + handle.key, put)) value = std::clamp(std::atof(put.c_str()), handle.spec.min, handle.spec.max);
    const ImGuiIO& io = ImGui::GetIO();
    if (grip.dragged && io.MouseDelta.x != 0 && !ImGui::IsMouseClicked(0))
      value = handle_value(handle, static_cast<double>((io.MousePos.x - left) / (right - left)) * shown_length, per_pixel);
    if (grip.focused && !io.WantTextInput) {
      const double stride = std::max(handle.spec.kind == ParamKind::kNumber ? 0.01 : 1.0, rounded(own_length * (io.KeyShift ? 0.005 : 0.02) * unit / handle.unit, 1));
      if (ui.key(ImGuiKey_RightArrow)) value = std::clamp(rounded(value + stride, 6), handle.spec.min, handle.spec.max);
      if (ui.key(ImGuiKey_LeftArrow) && value - stride > 0) value = std::clamp(rounded(value - stride, 6), handle.spec.min, handle.spec.max);
    }
    if (value != handle.value) set_handle(ui, handle, value);
    any_held = any_held || grip.held;
    const bool hot = grip.held || grip.hovered;
    if (hot && (!touched || grip.held)) touched = &handle;
    if (hot) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    const auto on = static_cast<std::size_t>(std::clamp(place / shown_length * kPoints, 0.0, static_cast<double>(kPoints)));
    dl->AddLine({x, line[on].y}, {x, bottom}, with_alpha(t.text, hot ? 0.7f : 0.35f));
    // A knob on the axis, where nothing else is.
    dl->AddCircleFilled({x, bottom}, hot ? 6.5f : 5.5f, colour, 20);
    dl->AddCircleFilled({x, bottom}, hot ? 4.5f : 3.5f, t.dark ? t.raised : IM_COL32_WHITE, 20);
    dl->AddCircle({x, bottom}, hot ? 6.5f : 5.5f, colour, 20, 1.5f);
  }
  scale_held = any_held ? shown_length : 0;
  const Control c = ui.control("schedule.preview", by_hand ? "slider" : "button", by_hand ? "The schedule: draw it" : "Preview of the schedule", until, pos,
                               {w - tool - 6, h}, true, by_hand ? Drag::kFree : Drag::kNone);
  const bool over = c.hovered;
  if (by_hand) {
    // Drawn like a line on paper: every stretch the pointer passes takes its height.
    const double offset = s.warmup_steps, stretch = own_length * unit;
    const auto column = [&](float x) {
      const double step = static_cast<double>((x - left) / (right - left)) * shown_length - offset;
      return static_cast<int>(std::clamp(std::round(step / stretch * kDrawn), 0.0, static_cast<double>(kDrawn)));
    };
    for (int i = 0; i <= kDrawn; ++i) {
      const double step = offset + stretch * i / kDrawn;
      const std::size_t k = static_cast<std::size_t>(std::clamp(step / shown_length * kPoints, 0.0, static_cast<double>(kPoints)));
      dl->AddCircleFilled({left + (right - left) * static_cast<float>(std::min(1.0, step / shown_length)), line[k].y}, 2.5f, colour);
    }
    if (c.held) {
      const ImGuiIO& io = ImGui::GetIO();
      std::vector<double> points = sampled(s, trainer.state().schedule, own_length);
      const int now_at = column(io.MousePos.x), from = ImGui::IsMouseClicked(0) ? now_at : column(io.MousePos.x - io.MouseDelta.x);
      const float y0 = io.MousePos.y - (ImGui::IsMouseClicked(0) ? 0 : io.MouseDelta.y);
      for (int i = std::min(from, now_at); i <= std::max(from, now_at); ++i) {
        const float u = from == now_at ? 1 : static_cast<float>(i - from) / static_cast<float>(now_at - from);
        const float y = y0 + (io.MousePos.y - y0) * u;
        points[static_cast<std::size_t>(2 * i + 1)] = rounded(std::clamp(static_cast<double>((bottom - y) / (bottom - top)), 0.0, 1.0), 2);
      }
      if (points != s.schedule.list) set_drawn(ui, std::move(points), "points");
    }
  } else if (ui.icon_button("schedule.draw", icon::kPencil, "Draw it by hand from here", {end.x - draws - 1, pos.y + 1}, draws)) {
    set_drawn(ui, sampled(s, trainer.state().schedule, own_length), {});
  }
  if (touched) {
    const std::string text = touched->label + " " + number_text(touched->value) + (*touched->spec.unit ? " " + std::string(touched->spec.unit) : "");
    const float tw = Ui::width(ui.fonts.small, text), x = left + (right - left) * static_cast<float>(touched->place() / shown_length);
    const ImVec2 tp{std::clamp(x - tw / 2, left, std::max(left, right - tw)), pos.y + 4};
    dl->AddRectFilled({left - 4, tp.y - 1}, {right - tool + 4, tp.y + 17}, t.sunken);  // in place of what stands there
    dl->AddRectFilled({tp.x - 4, tp.y - 1}, {tp.x + tw + 4, tp.y + 17}, t.raised, 4);
    ui.text(ui.fonts.small, tp, t.text, text);
  } else if (over) {
    const double at = std::clamp(static_cast<double>((ImGui::GetIO().MousePos.x - left) / (right - left)), 0.0, 1.0) * shown_length;
    const double f = schedule_factor(s, trainer.state().schedule, static_cast<std::uint64_t>(at), per_epoch);
    if (!by_hand) ImGui::SetMouseCursor(ImGuiMouseCursor_Arrow);
    const float x = left + (right - left) * static_cast<float>(at / shown_length);
    dl->AddLine({x, top - 2}, {x, bottom}, t.muted);
    const std::string text = "step " + grouped(static_cast<std::uint64_t>(at)) + ": " + short_number(s.lr * f);
    const float tw = Ui::width(ui.fonts.small, text);
    const ImVec2 tp{std::clamp(x - tw / 2, left, right - tw), pos.y + 4};
    dl->AddRectFilled({left - 4, tp.y - 1}, {right - tool + 4, tp.y + 17}, t.sunken);  // in place of what stands there
    dl->AddRectFilled({tp.x - 4, tp.y - 1}, {tp.x + tw + 4, tp.y + 17}, t.raised, 4);
    ui.text(ui.fonts.small, tp, t.text, text);
  }
  return h + 10;
}

// A network on samples, or two numbers on a function of two variables.
float problem_switch(Ui& ui, ImVec2 pos, float w) {
  const Config& c = ui.config();
  static constexpr const char* kNames[] = {"Network on data", "2-D function"};
  const int present = c.surface.info ? 1 : 0;
  const float h = std::max(30.0f, ui.layout.target);
  const int chosen = ui.segments("problem", "What is trained", kNames, 2, present, pos, {w, h});
  if (chosen != present) ui.change_config([&](Config& config) { pick("surface").choose(config, chosen ? 0 : -1); }, true);
  return h + 8;
}

// One's own data: painted on the picture, or from a file.
float own_row(Ui& ui, ImVec2 pos, float w) {
  const Config& c = ui.config();
  const float h = std::max(30.0f, ui.layout.target), bw = (w - 8) / 2;
  float y = pos.y;
  if (ui.button("own.paint", icon::kPencil, "Paint points", {pos.x, y}, {bw, h}, on_board(c) ? Look::kTinted : Look::kOutlined)) {
    if (!on_board(c)) set_own(ui, paint({}, false));
    ui.prefs.centre_tab = 0;
    ui.prefs.drawer = false;
    if (ui.layout.phone()) ui.prefs.phone_tab = 0;
  }
  const bool dialog = static_cast<bool>(ui.host.open_file), path = !dialog && ui.host.open_path;  // a window has no dialog
  bool& asks = ui.prefs.open["own.path"];
  if (ui.button("own.open", icon::kUpload, "Open CSV", {pos.x + w - bw, y}, {bw, h}, Look::kOutlined,
                dialog ? "Open a CSV file, or drop one here: at most 2 MB and 20,000 rows. It stays on this machine."
                       : "Type the path of a CSV file, or drop one on this window: at most 2 MB and 20,000 rows.", dialog || path)) {
    if (dialog) ui.host.open_file();
    else asks = !asks;
  }
  y += h + 8;
  if (path && asks) {
    ui.text(ui.fonts.small, {pos.x, y}, ui.theme->muted, "Path of the CSV file, then Enter:");
    y += 20;
    std::string typed;
    if (ui.text_field("own.path", "Path of the CSV file", typed, {pos.x, y}, {w, h}) && !typed.empty()) {
      asks = !ui.host.open_path(typed);
      if (asks) ui.notices.push_back({"dataset", "'" + printable(typed.substr(0, 200)) + "' cannot be read: there is no such file, or it is a folder, or not yours."});
    }
    y += h + 8;
  }
  if (!c.dataset.info->given) return y - pos.y;
  const std::string text = !c.own || c.own->painted ? std::to_string(c.own.count()) + " of at most " + std::to_string(kMaxPainted) + " points, painted on the picture. A link holds " + std::to_string(kMaxLinkPoints) + "."
                                                    : c.own->name + ": " + own_summary(*c.own.get());
  y += ui.text_wrap(ui.fonts.small, {pos.x, y}, ui.theme->muted, text, w) + 10;
  return y - pos.y;
}

float section_body(Ui& ui, std::string_view group, ImVec2 pos, float w) {
  float y = pos.y;
  const Config& c = ui.config();
  if (group == "data") y += problem_switch(ui, {pos.x, y}, w);
  for (const Pick& p : picks()) {
    if (group != p.group) continue;
    if (std::string_view(p.key) == "dataset" && c.surface.info) continue;
    if (std::string_view(p.key) == "surface" && !c.surface.info) continue;
    if (group == "model" && c.surface.info) continue;
    y += pick_row(ui, p, {pos.x, y}, w);
    if (std::string_view(p.key) == "dataset") y += own_row(ui, {pos.x, y}, w);
  }
  if (group == "model") {
    if (c.surface.info)
      y += ui.text_wrap(ui.fonts.small, {pos.x, y}, ui.theme->muted, "A test function has no network: its two numbers are trained themselves.", w) + 8;
    else
      y += hidden_row(ui, {pos.x, y}, w);
  }
  for (const Field& f : fields()) {
    if (group != f.group || !relevant(c, f) || (group == "model" && c.surface.info)) continue;
    double v = f.get(c);
    // What choosing a file has set is nobody's change.
    const bool of_file = std::string_view(f.spec.key) == "test_fraction" && c.own_data() && !c.own->painted;
    const ParamEdit e = param_row(ui, f.spec, of_file ? 0.3 : default_of(f, c), v, {pos.x, y}, w);
    if (e.changed)
      ui.change_config([&](Config& config) { f.set(config, v); }, ui.prefs.edit_all || shared(group, f.spec.key), f.spec.key);
    y += e.height;
  }
  return y - pos.y;
}

}  // namespace

float draw_setup(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const float pad = 14, w = size.x - 2 * pad;
  float y = pos.y;
  if (ui.race().lanes.size() > 1) {
    ImDrawList* dl = ui.draw();
    const float h = std::max(32.0f, ui.layout.target);
    dl->AddRectFilled({pos.x, y}, {pos.x + size.x, y + h}, t.card, kRadius);
    dl->AddRect({pos.x, y}, {pos.x + size.x, y + h}, t.border, kRadius);
    static constexpr const char* kNames[] = {"This lane", "All lanes"};
    ui.text(ui.fonts.small, {pos.x + pad, y + (h - Ui::line(ui.fonts.small)) / 2}, t.muted, "Changes go to");
    const float sw = std::min(170.0f, size.x - 110);
    ui.prefs.edit_all = ui.segments("edit_all", "Changes go to", kNames, 2, ui.prefs.edit_all, {pos.x + size.x - sw - 4, y + 3}, {sw, h - 6}) == 1;
    y += h + 8;
  }
  for (const Section& s : kSections) {
    if (!ui.prefs.shows(s.group)) continue;
    ImDrawList* dl = ui.draw();
    const auto it = ui.prefs.open.find(std::string_view(s.group));
    const bool open = it == ui.prefs.open.end() ? s.open : it->second;
    ImDrawListSplitter layers;
    layers.Split(dl, 2);
    layers.SetCurrentChannel(dl, 1);
    const float h = std::max(42.0f, ui.layout.target);
    const std::string id = std::string("section.") + s.group;
    const Control c = ui.control(id, "button", s.title, open ? "open" : "closed", {pos.x, y}, {size.x, h});
    if (c.clicked) ui.prefs.open[s.group] = !open;
    ui.text(ui.fonts.bold, {pos.x + pad, y + (h - Ui::line(ui.fonts.bold)) / 2}, t.text, s.title);
    const float tw = Ui::width(ui.fonts.bold, s.title);
    const bool locked = ui.prefs.locks_group(s.group);
    const std::string now = locked ? "locked" : summary(ui.config(), s.group);
    const float room = size.x - 2 * pad - tw - 16 - 22;
    const float sw = std::min(room, Ui::width(ui.fonts.small, now));
    if (!open || locked) ui.text_fit(ui.fonts.small, {pos.x + size.x - pad - 22 - sw, y + (h - Ui::line(ui.fonts.small)) / 2}, t.muted, now, sw + 1);
    ui.text(ui.fonts.body, {pos.x + size.x - pad - 15, y + (h - Ui::line(ui.fonts.body)) / 2}, c.hovered ? t.text : t.muted,
            open ? icon::kChevronUp : icon::kChevronDown);
    float bottom = y + h;
    ui.locked = locked;
    if (open) bottom += section_body(ui, s.group, {pos.x + pad, y + h}, w) + 6;
    ui.locked = false;
    layers.SetCurrentChannel(dl, 0);
    ui.card({pos.x, y}, {size.x, bottom - y});
    layers.Merge(dl);
    y = bottom + 8;
  }
  return y - pos.y;
}

}  // namespace lrlab
