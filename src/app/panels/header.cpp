// The line at the top: name, transport, where the run is, and what concerns the whole page.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"
#include "experiment/lesson.h"

namespace lrlab {
namespace {

// The sign of the lab, as assets/icons/favicon.svg has it: a dial with too low, good and too high.
void logo(Ui& ui, ImVec2 p, float s) {
  ImDrawList* dl = ui.draw();
  const float k = s / 64;
  const ImVec2 c{p.x + 32 * k, p.y + 38.5f * k};
  dl->AddRectFilled(p, {p.x + s, p.y + s}, IM_COL32(0x25, 0x32, 0x4d, 255), 14 * k);
  constexpr float kRadians = 3.14159265f / 180;
  static constexpr struct {
    float from, to;
    ImU32 colour;
  } kArcs[] = {{155, 227, IM_COL32(0x56, 0xb4, 0xe9, 255)}, {236, 304, IM_COL32(0x2e, 0xcc, 0x9a, 255)}, {313, 385, IM_COL32(0xff, 0x8a, 0x3d, 255)}};
  for (const auto& arc : kArcs) {
    dl->PathArcTo(c, 22.5f * k, arc.from * kRadians, arc.to * kRadians);
    dl->PathStroke(arc.colour, 0, 8.5f * k);
  }
  dl->AddLine(c, {p.x + 36.8f * k, p.y + 23.8f * k}, IM_COL32_WHITE, 5.5f * k);
  dl->AddCircleFilled(c, 6 * k, IM_COL32_WHITE);
}

struct Speed {
  const char* label;
  double steps;
};
constexpr Speed kSpeeds[] = {{"10 steps/s", 10}, {"100 steps/s", 100}, {"400 steps/s", 400}, {"2,000 steps/s", 2000}, {"Full speed", 0}};

// What has no room of its own on a phone.
void more_menu(Ui& ui, ImVec2 pos, float size, bool undo) {
  using Kind = Command::Kind;
  std::vector<Ui::Option> options{{"Redo", "", "redo"}, {"Share", "", "share"}, {ui.prefs.dark ? "Light" : "Dark", "", "theme"}, {"Help", "", "help"}};
  if (undo) options.insert(options.begin(), {"Undo", "", "undo"});
  const int chosen = ui.menu("more", icon::kMenu, "More", options, pos, size);
  if (chosen < 0) return;
  switch (chosen - undo) {
    case -1: ui.command(Kind::kUndo); break;
    case 0: ui.command(Kind::kRedo); break;
    case 1: ui.command(Kind::kShare); break;
    case 2: ui.prefs.dark = !ui.prefs.dark; break;
    default: ui.prefs.dialog = Prefs::Dialog::kHelp;
  }
}

void transport(Ui& ui, float x, float cy, float target) {
  const bool playing = ui.session.playing();
  const float play_w = ui.layout.phone() ? target : 98;
  if (ui.icon_button("reset", icon::kReset, "Reset to the same start (R)", {x, cy - target / 2}, target))
    ui.command(Command::Kind::kReset);
  x += target + 4;
  if (ui.button("play", playing ? icon::kPause : icon::kPlay, ui.layout.phone() ? "" : playing ? "Pause" : "Play",
                {x, cy - target / 2}, {play_w, target}, Look::kFilled, playing ? "Pause (space)" : "Play (space)"))
    ui.command(playing ? Command::Kind::kPause : Command::Kind::kPlay);
  x += play_w + 4;
  if (ui.icon_button("step", icon::kStep, "One step (S or \xE2\x86\x92)", {x, cy - target / 2}, target))
    ui.command(Command::Kind::kStep, 1);
}

void speed_menu(Ui& ui, ImVec2 pos, float w) {
  std::vector<Ui::Option> options;
  int present = -1;
  for (const Speed& s : kSpeeds) {
    if (s.steps == ui.prefs.speed) present = static_cast<int>(options.size());
    options.push_back({s.label, ""});
  }
  if (present < 0) {  // a lesson's own
    present = static_cast<int>(options.size());
    options.push_back({number_text(ui.prefs.speed) + " steps/s", ""});
  }
  const int chosen = ui.select("speed", "Speed", options, present, pos, w);
  if (chosen != present && chosen < static_cast<int>(std::size(kSpeeds))) ui.prefs.speed = kSpeeds[chosen].steps;
}

void lesson_menu(Ui& ui, ImVec2 pos, float w) {
  std::vector<Ui::Option> options{{"Lessons", "The lab on its own, without a lesson.", "none"}};
  int present = 0;
  for (const Lesson& l : lessons()) {
    if (&l == ui.lesson) present = static_cast<int>(options.size());
    options.push_back({std::to_string(options.size()) + ". " + printable(l.title), printable(l.goal), l.id});
  }
  const int chosen = ui.select("lesson", "Lessons", options, present, pos, w);
  if (chosen == present) return;
  if (chosen == 0) {
    ui.command(Command::Kind::kLeaveLesson);
  } else {
    open_lesson(ui, lessons()[static_cast<std::size_t>(chosen - 1)]);
  }
}

float stat(Ui& ui, float x, float cy, std::string_view label, const std::string& value, float w) {
  ui.text(ui.fonts.small, {x, cy - 17}, ui.theme->muted, label);
  ui.text(ui.fonts.bold, {x, cy - 1}, ui.theme->text, value);
  return x + w;
}

}  // namespace

float draw_header(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const float cy = pos.y + size.y / 2;
  const bool phone = ui.layout.phone(), wide = ui.layout.width == Width::kWide;
  ui.draw()->AddRectFilled(pos, {pos.x + size.x, pos.y + size.y}, t.card);
  ui.draw()->AddRectFilled({pos.x, pos.y + size.y - 1}, {pos.x + size.x, pos.y + size.y}, t.border);

  const bool narrow = size.x < 380;  // as a phone is at 200 % zoom
  const float target = size.x < 240 ? 40.0f : phone || ui.host.touch ? 44.0f : 36.0f;
  float x = pos.x + (narrow ? 4.0f : phone ? 10.0f : 16.0f);
  if (ui.layout.width == Width::kMedium && ui.prefs.shows("setup") && !ui.prefs.experiments) {
    if (ui.icon_button("drawer", ui.prefs.drawer ? icon::kClose : icon::kSettings, "Set up the run", {x - 4, cy - target / 2}, target, true, ui.prefs.drawer))
      ui.prefs.drawer = !ui.prefs.drawer;
    x += target + 6;
  }
  if (!narrow) {
    logo(ui, {x, cy - 15}, 30);
    x += 40;
  }
  if (wide) {
    ui.text(ui.fonts.title, {x, cy - Ui::line(ui.fonts.title) / 2}, t.text, "Learning Rate Lab");
    x += Ui::width(ui.fonts.title, "Learning Rate Lab") + 24;
  } else if (!phone) {
    x += 4;
  }
  if (!phone && ui.prefs.shows("experiments")) {
    static constexpr const char* kNames[] = {"Train", "Experiments"};
    const float w = 186, h = std::max(30.0f, target - 4);
    ui.prefs.experiments = ui.segments("workspace", "Workspace", kNames, 2, ui.prefs.experiments, {x, cy - h / 2}, {w, h}) == 1;
    x += w + 14;
  }

  // At the right: the page's own tools, from the edge inwards.
  float right = pos.x + size.x - (phone ? 6.0f : 12.0f);
  const float tool = phone || ui.host.touch ? 44.0f : 34.0f;
  const auto next = [&] {
    right -= tool + (phone ? 0.0f : 2.0f);
    return ImVec2{right, cy - tool / 2};
  };
  using Kind = Command::Kind;
  const char* redo = "Redo (Ctrl+Shift+Z)";
  if (phone) {
    more_menu(ui, next(), tool, narrow);
    if (!narrow && ui.icon_button("redo", icon::kRedo, redo, next(), tool, ui.can_redo)) ui.command(Kind::kRedo);
  } else {
    if (ui.icon_button("help", icon::kHelp, "Help and keys (?)", next(), tool)) ui.prefs.dialog = Prefs::Dialog::kHelp;
    if (ui.icon_button("theme", ui.prefs.dark ? icon::kSun : icon::kMoon, ui.prefs.dark ? "Light theme (T)" : "Dark theme (T)", next(), tool))
      ui.prefs.dark = !ui.prefs.dark;
    if (ui.icon_button("share", icon::kLink, ui.host.share ? "Share: link, script, report" : "Copy a link to this experiment", next(), tool)) ui.command(Kind::kShare);
    if (ui.icon_button("redo", icon::kRedo, redo, next(), tool, ui.can_redo)) ui.command(Kind::kRedo);
  }
  if (!narrow && ui.icon_button("undo", icon::kUndo, "Undo (Ctrl+Z)", next(), tool, ui.can_undo)) ui.command(Kind::kUndo);

  transport(ui, x, cy, target);
  x += target * 2 + 8 + (phone ? target : 98.0f) + (phone ? 4 : 14);
  if (!phone) {
    const float w = std::min(wide ? 148.0f : 138.0f, right - x - 6), lesson_w = wide ? 190 : 116;
    const bool lessons_fit = right - x > w + lesson_w + 10;
    if (w > 60) {
      speed_menu(ui, {x, cy - std::max(30.0f, ui.layout.target) / 2}, w);
      x += w + 10;
    }
    if (lessons_fit) {
      lesson_menu(ui, {x, cy - std::max(30.0f, ui.layout.target) / 2}, lesson_w);
      x += lesson_w + 22;
    } else {
      x += 12;
    }
  }
  // Where the run is.
  const Lane& lane = ui.session.lane(ui.session.race().selected);
  const std::string step = grouped(ui.session.shown_step());
  if (phone) {
    if (right - x < 44) return size.y;  // the timeline says it
    const bool past = ui.session.in_past();
    ui.text(ui.fonts.small, {x, cy - 17}, past ? t.accent : t.muted, past ? "past" : "step");
    ui.text_fit(ui.fonts.bold, {x, cy - 1}, t.text, step, right - x - 4);
    return size.y;
  }
  if (x + 80 < right) x = stat(ui, x, cy, ui.session.in_past() ? "past step" : "step", step, 84);
  if (x + 70 < right && !lane.trainer().problem().surface) {  // a function of two numbers has no epochs
    const double epoch = static_cast<double>(ui.session.shown_step()) / static_cast<double>(std::max<std::size_t>(1, lane.trainer().steps_per_epoch()));
    x = stat(ui, x, cy, "epoch", grouped(static_cast<std::uint64_t>(epoch)), 72);
  }
  if (x + 80 < right && ui.session.playing()) stat(ui, x, cy, "steps/s", grouped(static_cast<std::uint64_t>(ui.session.steps_per_second() + 0.5)), 84);
  return size.y;
}

float draw_speed(Ui& ui, ImVec2 pos, ImVec2 size) {
  ui.text(ui.fonts.body, {pos.x, pos.y + 12}, ui.theme->muted, "Speed");
  speed_menu(ui, {pos.x + 52, pos.y}, (size.x - 62) * 0.5f);
  lesson_menu(ui, {pos.x + 62 + (size.x - 62) * 0.5f, pos.y}, (size.x - 62) * 0.5f);
  return 52;
}

}  // namespace lrlab
