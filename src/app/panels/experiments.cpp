// The experiments workspace: what to try, as it is tried, and what it says.
#include "app/panels/experiments.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/widgets/param.h"
#include "experiment/codec.h"

namespace lrlab {

extern const JobView range_view, sweep_view, crossval_view, ensemble_view, map_view, stability_view;

namespace {

using Kind = Command::Kind;

const JobView& view_of(const JobInfo& info) {
  static constexpr const JobView* kViews[] = {&range_view, &sweep_view, &crossval_view, &ensemble_view, &map_view, &stability_view};
  for (const JobView* v : kViews)
    if (std::string_view(v->kind) == info.id) return *v;
  return range_view;
}

// ---- setting up ----------------------------------------------------------------------------------

float choose_kind(Ui& ui, ImVec2 pos, float w) {
  Experiments& e = ui.experiments;
  float y = pos.y;
  std::vector<Ui::Option> options{{"Ready-made experiments", "One click sets everything.", "none"}};
  for (const JobPreset& p : job_presets()) options.push_back({p.label, p.doc, p.id});
  const int chosen = ui.select("job.preset", "Ready-made experiments", options, 0, {pos.x, y}, w);
  if (chosen > 0) choose_preset(e, job_presets()[static_cast<std::size_t>(chosen - 1)], ui.config());
  const float h = std::max(30.0f, ui.layout.target);
  y += h + 8;
  for (std::size_t k = 0; k < e.all.size(); k += 2) {
    const char* names[2] = {};
    const int count = static_cast<int>(std::min<std::size_t>(2, e.all.size() - k));
    for (int i = 0; i < count; ++i) names[i] = e.all[k + static_cast<std::size_t>(i)].draft.kind.info->label;
    const int present = e.at >= k && e.at < k + 2 ? static_cast<int>(e.at - k) : -1;
    const int now = ui.segments("job.kind", "Experiment", names, count, present, {pos.x, y}, {w, h});
    if (now != present) {
      e.at = k + static_cast<std::size_t>(now);
      ui.notices.clear();  // they were about another
    }
    y += h + 3;
  }
  y += 6;
  y += ui.text_wrap(ui.fonts.small, {pos.x, y}, ui.theme->muted, e.info().doc, w) + 10;
  return y - pos.y;
}

// Whose settings the job begins with.
float choose_base(Ui& ui, ImVec2 pos, float w) {
  Experiment& e = ui.experiments.now();
  const float h = std::max(30.0f, ui.layout.target), text_y = pos.y + (h - Ui::line(ui.fonts.body)) / 2;
  ui.text(ui.fonts.body, {pos.x, text_y}, ui.theme->muted, "Of");
  if (e.own_base) {
    const float bw = 110;
    ui.text_fit(ui.fonts.body, {pos.x + 34, text_y}, ui.theme->text, "settings of its own", w - bw - 40);
    if (ui.button("job.lane", nullptr, "Use the lane's", {pos.x + w - bw, pos.y}, {bw, h}, Look::kTinted, "Take the settings of the selected lane instead")) e.own_base = false;
  } else {
    const Race& race = ui.session.race();
    std::vector<Ui::Option> options;
    for (std::size_t i = 0; i < race.lanes.size(); ++i) options.push_back({words({"Lane ", i + 1, ": ", lane_title(ui, i)}), ""});
    const int now = static_cast<int>(race.selected), chosen = ui.select("job.lane", "Of lane", options, now, {pos.x + 34, pos.y}, w - 34);
    if (chosen != now) {
      Race r = ui.race();
      r.selected = static_cast<std::size_t>(chosen);
      ui.set_race(std::move(r));
    }
  }
  return h + 8;
}

// The values of a listed axis as a person types them, and back.
std::string list_text(const Axis& axis) {
  const std::string s = to_text(axis);
  return s.substr(axis.key.size() + 1);
}

void set_form(Axis& axis, int form, bool number) {
  if (form == 2) {  // a list
    std::vector<std::string> values;
    for (std::size_t i = 0; i < std::min<std::size_t>(axis.size(), 16); ++i) values.push_back(number_text(rounded(axis.number(i), 3)));
    axis.values = std::move(values);
    return;
  }
  if (!axis.values.empty() && number) {
    const double first = axis.number(0), last = axis.number(axis.size() - 1);
    axis.count = static_cast<int>(axis.size());
    axis.min = first;
    axis.max = last;
    axis.values.clear();
  }
  axis.scale = form == 0 ? Scale::kLog : Scale::kLinear;
  if (form == 0 && axis.min <= 0) axis.min = axis.max * 1e-4;
}

float edit_axis(Ui& ui, Job& job, std::size_t i, const std::vector<AxisKey>& keys, ImVec2 pos, float w) {
  Axis& axis = job.axes[i];
  const JobInfo& info = *job.kind.info;
  const std::string id = words({"job.axis.", i});
  const float h = std::max(30.0f, ui.layout.target), gap = 6;
  std::vector<Ui::Option> options;
  int present = -1;
  for (const AxisKey& k : keys) {
    if (axis.key == k.key) present = static_cast<int>(options.size());
    options.push_back({k.label, "", k.key});
  }
  if (present < 0) {
    present = static_cast<int>(options.size());
    options.push_back({axis.key, "", axis.key});
  }
  const bool removable = job.axes.size() > info.min_axes;
  const int chosen = ui.select(id + ".key", "What varies", options, present, pos, w - (removable ? h + 2 : 0));
  if (chosen != present) axis = default_axis(options[static_cast<std::size_t>(chosen)].id, job.base);
  if (removable && ui.icon_button(id + ".remove", icon::kClose, "Remove this axis", {pos.x + w - h, pos.y}, h)) {
    job.axes.erase(job.axes.begin() + static_cast<std::ptrdiff_t>(i));
    return h + gap;
  }
  float y = pos.y + h + gap;
  const ParamSpec* spec = axis_spec(axis.key);
  const bool number = spec && is_number(axis), list = !axis.values.empty();
  if (list) {
    std::string text = list_text(axis);
    if (ui.text_field(id + ".values", "Values, with commas between them", text, {pos.x, y}, {w, h})) {
      std::erase(text, ' ');
      ui.notices.clear();  // about what was typed before
      if (auto read = axis_from_text(words({axis.key, "=", text}), &ui.notices)) axis = std::move(*read);
    }
    ui.tip("Values, with commas between them", "Or a range: from:to:log:points, such as 1e-4:1:log:12.");
    y += h + gap;
  } else if (spec) {
    const float fw = (w - 24) / 2;
    ui.number(id + ".from", words({spec->label, ", from"}), *spec, axis.min, {pos.x, y}, {fw, h});
    ui.text(ui.fonts.small, {pos.x + fw + 6, y + (h - Ui::line(ui.fonts.small)) / 2}, ui.theme->muted, "to");
    ui.number(id + ".to", words({spec->label, ", to"}), *spec, axis.max, {pos.x + fw + 24, y}, {fw, h});
    y += h + gap;
  }
  if (number) {
    static constexpr const char* kForms[] = {"log", "linear", "list"};
    static constexpr ParamSpec kPoints{.key = "points", .label = "points", .def = 12, .min = 1, .max = 1024, .kind = ParamKind::kInteger};
    const int form = list ? 2 : axis.scale == Scale::kLog ? 0 : 1;
    const bool points = !list && !info.ranges_only;
    const int now = ui.segments(id + ".scale", "Steps", kForms, info.ranges_only ? 2 : 3, form, {pos.x, y}, {points ? w - 116 : w, h});
    if (now != form) set_form(axis, now, number);
    if (points) {
      double count = axis.count;
      if (ui.number(id + ".points", "Points", kPoints, count, {pos.x + w - 110, y}, {62, h})) axis.count = static_cast<int>(count);
      ui.text(ui.fonts.small, {pos.x + w - 42, y + (h - Ui::line(ui.fonts.small)) / 2}, ui.theme->muted, "points");
    }
    y += h + gap;
  }
  return y + 6 - pos.y;
}

float edit_axes(Ui& ui, Job& job, ImVec2 pos, float w) {
  const JobInfo& info = *job.kind.info;
  if (info.max_axes == 0) return 0;
  float y = pos.y;
  const std::vector<AxisKey> keys = axis_keys(job.base, info.ranges_only);
  y += heading(ui, {pos.x, y}, w, info.max_axes == 1 ? "What varies" : "What varies, each with each");
  for (std::size_t i = 0; i < job.axes.size(); ++i) y += edit_axis(ui, job, i, keys, {pos.x, y}, w);
  if (job.axes.size() < info.max_axes) {
    const float h = std::max(30.0f, ui.layout.target);
    if (ui.button("job.axis.add", icon::kPlus, "Vary something", {pos.x, y}, {w, h}, Look::kTinted, "Another setting to vary")) {
      const auto fresh = std::find_if(keys.begin(), keys.end(), [&](const AxisKey& k) {
        return std::none_of(job.axes.begin(), job.axes.end(), [&](const Axis& a) { return a.key == k.key; });
      });
      if (fresh != keys.end()) job.axes.push_back(default_axis(fresh->key, job.base));
    }
    y += h + 12;
  }
  return y - pos.y;
}

float edit_job(Ui& ui, ImVec2 pos, float w) {
  Experiments& all = ui.experiments;
  Experiment& e = all.now();
  float y = pos.y;
  if (!e.own_base) e.draft.base = ui.config();
  y += choose_base(ui, {pos.x, y}, w);
  y += edit_axes(ui, e.draft, {pos.x, y}, w);
  const JobInfo& info = all.info();
  for (std::size_t i = 0; i < info.params.size(); ++i) {
    const ParamSpec& spec = info.params[i];
    if (info.relevant && !info.relevant(e.draft, spec.key)) continue;
    y += param_row(ui, spec, spec.def, e.draft.kind.params[i], {pos.x, y}, w).height;
  }
  static constexpr ParamSpec kWorkers{.key = "workers", .label = "workers", .def = 0, .min = 0, .max = 16, .kind = ParamKind::kInteger,
                                      .doc = "How many trainings go on at the same time. 0: as many as the machine has processors, less one for the page."};
  if (ui.host.make_pool) y += param_row(ui, kWorkers, 0, all.workers, {pos.x, y}, w).height;
  return y - pos.y;
}

// What of the settings behind the result on show is no longer so: "optimizer adam, hidden 4".
std::string outdated(const Ui& ui) {
  const Experiments& e = ui.experiments;
  const JobBoard* board = e.board();
  if (!board) return {};
  const JobView& view = view_of(e.info());
  Job now = e.now().draft;
  if (!e.now().own_base) now.base = ui.config();
  std::vector<Issue> ignored;
  if (e.info().check) e.info().check(now, ignored);
  std::string s;
  const std::vector<Setting> present = to_settings(now.base, true);
  for (const Setting& was : to_settings(board->job().base, true)) {
    bool same = view.any_rate && (was.key == "lr" || was.key == "schedule" || was.key == "warmup_steps");
    for (const Axis& a : board->job().axes) same = same || a.key == was.key;
    for (const Setting& is : present) same = same || (is.key == was.key && is.value == was.value);
    if (!same) s += words({s.empty() ? "" : ", ", was.key, " ", was.value});
  }
  return s;
}

// Start or cancel, how far it is, and how long it will take.
float start_button(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const Experiments& e = ui.experiments;
  const float h = std::max(38.0f, ui.layout.target);
  const std::size_t k = e.active();  // while another runs, this is about that one
  const std::string other = k == e.at ? "" : e.all[k].draft.kind.info->label;
  const std::string large = e.running() ? "" : too_large(e.now().draft);
  if (!e.running()) {
    if (ui.button("job.start", icon::kPlay, "Start", pos, {w, h}, Look::kFilled, {}, large.empty())) {
      ui.experiments.map.back.clear();
      ui.command(Kind::kStartJob);
      ui.experiments.reveal = true;
    }
  } else if (ui.button("job.cancel", icon::kClose, other.empty() ? "Cancel" : words({"Cancel: ", other}), pos, {w, h}, Look::kOutlined)) {
    ui.command(Kind::kCancelJob);
  }
  float y = pos.y + h + 9;
  const JobBoard* board = e.checking() ? e.check(k) : e.board(k);
  const auto trainings = [](const Job& job) { return job.kind.info->size ? job.kind.info->size(job).trainings : 0; };
  const double planned = trainings(e.now().draft);
  std::string text = planned == 0 ? "Not started." : words({"Not started: ", number_text(planned), planned == 1 ? " training." : " trainings."});
  if (!large.empty()) {
    y += ui.text_wrap(ui.fonts.small, {pos.x, y - 4}, t.warn, large, w);
    ui.note("job.progress", "image", "Progress of the experiment", large, {pos.x, pos.y + h + 5}, {w, 32});
    return y - pos.y;
  }
  if (board) {
    const double done = static_cast<double>(board->done()), total = static_cast<double>(std::max<std::size_t>(1, board->total()));
    const float x = static_cast<float>(done / total) * w;
    ui.draw()->AddRectFilled({pos.x, y}, {pos.x + w, y + 5}, t.sunken, 2.5f);
    if (x > 5) ui.draw()->AddRectFilled({pos.x, y}, {pos.x + x, y + 5}, t.accent, 2.5f);
    text = words({other, other.empty() ? "" : ": ", e.checking() ? "Checking: " : "", board->done(), " of ", board->total()});
    if (e.running()) {
      const double left = e.runner()->seconds_left();
      if (left == left) text += words({", ", static_cast<int>(std::ceil(left < 90 ? left : left / 60)), left < 90 ? " s left" : " min left"});
      if (const int n = e.runner()->workers()) text += words({", ", n, n == 1 ? " worker" : " workers"});
      else if (ui.host.make_pool) text += ", in the page: it may start no workers";
      if (const int n = e.runner()->replaced()) text += words({" (", n, " replaced)"});
    } else {
      if (planned != trainings(board->job())) text += words({"; next: ", number_text(planned)});
      text += board->finished() ? ", finished" : ", cancelled";
    }
  }
  y += 9;
  ui.text_fit(ui.fonts.small, {pos.x, y}, t.muted, text, w);
  ui.note("job.progress", "image", "Progress of the experiment", text, {pos.x, y}, {w, 18});
  return y + 20 - pos.y;
}

// ---- the middle and the right --------------------------------------------------------------------

void picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const Experiments& e = ui.experiments;
  const JobView& view = view_of(e.info());
  ui.card(pos, size);
  const float pad = ui.layout.phone() ? 8 : kPad;
  const ImVec2 p{pos.x + pad, pos.y + pad}, s{size.x - 2 * pad, size.y - 2 * pad};
  if (e.board()) return view.picture(ui, p, s);
  const float w = std::min(420.0f, s.x), x = p.x + (s.x - w) / 2;
  float y = p.y + std::max(0.0f, s.y / 2 - 70);
  ui.text(ui.fonts.title, {x, y}, t.text, e.info().label);
  y += 30;
  y += ui.text_wrap(ui.fonts.body, {x, y}, t.text, view.promise, w) + 8;
  ui.text_wrap(ui.fonts.small, {x, y}, t.muted, printable(e.info().reference), w);
}

float report(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  const Experiments& e = ui.experiments;
  float y = pos.y;
  if (!e.board()) return y + paragraph(ui, {pos.x, y}, w, "What the experiment says will stand here.", t.muted) - pos.y;
  if (!e.stale.empty()) {
    const std::string text = words({"This result is of ", e.stale, ". The settings have changed since: Start does it again."});
    ui.note("job.stale", "image", text, "", {pos.x, y}, {w, 30});
    y += paragraph(ui, {pos.x, y}, w, text, t.warn);
  }
  if (e.board()->version() == 0) return y + paragraph(ui, {pos.x, y}, w, e.running() ? "The first results are on their way." : "It was cancelled before the first result.", t.muted) - pos.y;
  y += view_of(e.info()).report(ui, {pos.x, y}, w) + 4;
  const float h = std::max(30.0f, ui.layout.target);
  if (ui.button("job.save", nullptr, "Save CSV", {pos.x, y}, {std::min(w, 130.0f), h}, Look::kOutlined, "Every row of this experiment, as the command line writes it", static_cast<bool>(ui.host.save_file)))
    ui.host.save_file(words({e.info().name(), ".csv"}), "text/csv", results_text(RowFormat::kCsv, *e.board()));
  return y + h + 8 - pos.y;
}

template <class F>
void scrolled(Ui& ui, const char* id, ImVec2 pos, ImVec2 size, F content) {
  if (ui.begin_column(id, pos, size)) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float w = size.x - 12;
    const float h = content(ImVec2{at.x + 2, at.y + 2}, w - 2);
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({w, h + 6});
  }
  ui.end_column();
}

// What the last action did, at the lower end, where it moves nothing that is about to be pressed.
// Returns its height.
float said_bar(Ui& ui, ImVec2 pos, ImVec2 size) {
  const std::string& said = ui.experiments.said;
  if (said.empty()) return 0;
  const float w = size.x - 16, h = Ui::wrap_height(ui.fonts.small, said, w - 20) + 14;
  const ImVec2 p{pos.x + 8, pos.y + size.y - h - 8};
  ui.draw()->AddRectFilled(p, {p.x + w, p.y + h}, ui.theme->accent_soft, kSoft);
  ui.text_wrap(ui.fonts.small, {p.x + 10, p.y + 7}, ui.theme->text, said, w - 20);
  ui.note("job.said", "image", said, "", p, {w, h});
  return h + 10;
}

void report_card(Ui& ui, ImVec2 pos, ImVec2 size) {
  ui.card(pos, size);
  size.y -= said_bar(ui, pos, size);
  scrolled(ui, "job.report", {pos.x + kPad - 2, pos.y + kPad - 2}, {size.x - 2 * kPad + 14, size.y - 2 * kPad + 4}, [&](ImVec2 p, float w) { return report(ui, p, w); });
}

}  // namespace

float draw_experiments(Ui& ui, ImVec2 pos, ImVec2 size) {
  ui.experiments.stale = outdated(ui);
  if (ui.layout.phone()) {
    const ImVec2 whole = size;
    size.y -= said_bar(ui, pos, size);
    scrolled(ui, "job.all", {pos.x - 2, pos.y}, {size.x + 12, size.y}, [&](ImVec2 p, float w) {
      float y = p.y;
      const auto part = [&](auto content) {
        ImDrawListSplitter layers;
        layers.Split(ui.draw(), 2);
        layers.SetCurrentChannel(ui.draw(), 1);
        const float h = content(ImVec2{p.x + 12, y + 12}, w - 24) + 24;
        layers.SetCurrentChannel(ui.draw(), 0);
        ui.card({p.x, y}, {w, h});
        layers.Merge(ui.draw());
        y += h + 8;
      };
      part([&](ImVec2 at, float inner) {
        const float used = choose_kind(ui, at, inner);
        if (std::exchange(ui.experiments.reveal, false)) ImGui::SetScrollY(at.y + used - p.y - 8);
        return used + start_button(ui, {at.x, at.y + used}, inner);
      });
      const float high = std::min(1.15f * w, std::max(0.95f * w, size.y - 20));  // all of it at once, where it can be
      picture(ui, {p.x, y}, {w, high});
      y += high + 8;
      part([&](ImVec2 at, float inner) { return report(ui, at, inner); });
      part([&](ImVec2 at, float inner) { return edit_job(ui, at, inner); });
      return y - p.y;
    });
    return whole.y;
  }
  const bool wide = ui.layout.width == Width::kWide;
  const float left = wide ? 304 : 288, foot = std::max(38.0f, ui.layout.target) + 48;
  ui.card(pos, {left, size.y});
  scrolled(ui, "job.setup", {pos.x + 12, pos.y + 12}, {left - 12, size.y - foot - 22}, [&](ImVec2 p, float w) {
    const float used = choose_kind(ui, p, w);
    return used + edit_job(ui, {p.x, p.y + used}, w);
  });
  ui.draw()->AddRectFilled({pos.x + 1, pos.y + size.y - foot - 10}, {pos.x + left - 1, pos.y + size.y - foot - 9}, ui.theme->border);
  start_button(ui, {pos.x + 14, pos.y + size.y - foot}, left - 28);

  const float x = pos.x + left + kGap, room = pos.x + size.x - x;
  if (wide) {
    const float right = std::clamp(ui.layout.w * 0.245f, 320.0f, 420.0f);
    picture(ui, {x, pos.y}, {room - right - kGap, size.y});
    report_card(ui, {pos.x + size.x - right, pos.y}, {right, size.y});
  } else {
    const float top = std::round(size.y * 0.56f);
    picture(ui, {x, pos.y}, {room, top});
    report_card(ui, {x, pos.y + top + kGap}, {room, size.y - top - kGap});
  }
  return size.y;
}

// ---- what the kinds share ------------------------------------------------------------------------

float paragraph(Ui& ui, ImVec2 pos, float w, std::string_view text, ImU32 colour) {
  if (text.empty()) return 0;
  return ui.text_wrap(ui.fonts.small, pos, colour ? colour : ui.theme->text, text, w) + 8;
}

float heading(Ui& ui, ImVec2 pos, float w, std::string_view text) {
  ui.text_fit(ui.fonts.bold, pos, ui.theme->text, text, w);
  return Ui::line(ui.fonts.bold) + 7;
}

std::string mean_text(const Spread& s) {
  if (s.count == 0) return "–";
  return s.count > 1 ? words({s.mean, " ± ", short_number(s.deviation, 2)}) : short_number(s.mean);
}

std::string axis_text(const Axis& axis, std::size_t i, int digits) { return is_number(axis) ? short_number(axis.number(i), digits) : axis.text(i); }

ResultRow::~ResultRow() = default;

bool result_row(Ui& ui, const ResultRow& row, ImVec2 pos, float w, float& y) {
  const Theme& t = *ui.theme;
  bool open = false;
  pos.y = y;
  const float b = std::max(30.0f, ui.layout.target - (ui.host.touch ? 0.0f : 2.0f));
  const float height = std::max(46.0f, b + 6);
  y += height;
  float right = pos.x + w;
  if (row.open) {
    right -= b;
    if (ui.icon_button(row.id + ".open", icon::kPlus, row.title + ": open as a lane", {right, pos.y + (height - b) / 2 - 2}, b)) open = true;
  }
  if (row.lr == row.lr && ui.experiments.stale.empty()) {
    const float bw = b + 12;
    right -= bw + 2;
    if (ui.button(row.id + ".use", nullptr, "Use", {right, pos.y + (height - b) / 2 - 2}, {bw, b}, Look::kTinted, row.title + ": set the selected lane's rate to it")) use_rate(ui, row.lr, row.exact);
  }
  const float room = right - pos.x - 6;
  float chip = 0;
  if (!row.chip.empty()) {
    chip = Ui::width(ui.fonts.small, row.chip) + 16;
    const float tw = std::min(Ui::width(ui.fonts.bold, row.title), room - chip - 8);
    const ImVec2 c{pos.x + tw + 8, pos.y + 1};
    ui.draw()->AddRectFilled(c, {c.x + chip, c.y + 20}, tone_ground(t, row.tone), 10);
    ui.text(ui.fonts.small, {c.x + 8, c.y + 2}, tone_colour(t, row.tone), row.chip);
    chip += 8;
  }
  ui.text_fit(ui.fonts.bold, {pos.x, pos.y + 1}, t.text, row.title, room - chip);
  ui.text_fit(ui.fonts.small, {pos.x, pos.y + 22}, t.muted, row.sub, room);
  if (!row.tip.empty() && ImGui::IsMouseHoveringRect(pos, {right, pos.y + height - 4}) && ImGui::IsWindowHovered()) {
    ImGui::SetCursorScreenPos(pos);
    ImGui::Dummy({room, height - 4});
    ui.tip(row.title, row.tip, row.meta);
  }
  ui.note(row.id, "image", words({row.title, ", ", row.sub}), row.value.empty() ? row.chip : row.value, pos, {room, height});
  return open;
}

void use_rate(Ui& ui, double lr, bool exact) {
  const ParamSpec& spec = field("lr").spec;
  const double within = std::clamp(lr, spec.min, spec.max), value = exact ? within : rounded(within, 3);
  ui.change_config([value](Config& c) { c.train.lr = value; }, false);
  ui.experiments.said = words({"The rate of lane ", ui.race().selected + 1, " is ", number_text(value), " now."});
}

void open_as_lane(Ui& ui, const Config& config) {
  Race r = ui.race();
  const Config& first = r.lanes[0].config;
  std::string& said = ui.experiments.said;
  const bool same = problem_key(config) == problem_key(first) || (config.surface == first.surface && config.dataset == first.dataset && config.noise == first.noise &&
                                                                  config.count == first.count && config.test_fraction == first.test_fraction);
  if (!same) {
    r = {};
    r.lanes[0].config = config;
    said = "Opened as the only lane, since its data are not the other lanes'. Undo brings them back.";
  } else if (r.lanes.size() == kMaxLanes) {
    said = words({"There are ", kMaxLanes, " lanes already: remove one first."});
    return;
  } else {
    LaneSpec lane;
    lane.config = config;
    lane.colour = free_colour(r);  // not selected: the experiment is about the lane that is
    r.lanes.push_back(std::move(lane));
    said = words({"Opened as lane ", r.lanes.size(), "."});
  }
  ui.set_race(std::move(r));
}

}  // namespace lrlab
