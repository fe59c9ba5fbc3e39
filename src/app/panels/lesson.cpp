// The lesson that is open: what to notice in its race, and tasks whose goal the lab checks itself.
#include "app/panels/panels.h"

#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {

void open_lesson(Ui& ui, const Lesson& lesson) {
  ui.commands.push_back({.kind = Command::Kind::kLoad, .text = "lesson=" + lesson.id});
  ui.command(Command::Kind::kReset);
  if (!ui.host.reduced_motion) ui.command(Command::Kind::kPlay);
  if (ui.prefs.dialog == Prefs::Dialog::kLesson) return;
  if (ui.layout.width == Width::kMedium) ui.prefs.drawer = true;
  if (ui.layout.phone()) ui.prefs.phone_tab = 1;
}

namespace {

// What may be changed in a task, in words.
std::string freedom_text(const Task& task) {
  std::string out;
  for (const Freedom& f : task.change) {
    out += (out.empty() ? "You may change " : ", ") + f.key;
    if (f.values.empty()) out += " (" + number_text(f.min) + " to " + number_text(f.max) + ")";
  }
  return out.empty() ? out : out + ". " + grouped(task.steps) + " steps.";
}

}  // namespace

bool lesson_wanted(const Ui& ui) { return ui.lesson != nullptr; }

float draw_lesson(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Lesson* lesson = ui.lesson;
  if (!lesson) return 0;
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  ImDrawListSplitter layers;
  layers.Split(dl, 2);
  layers.SetCurrentChannel(dl, 1);
  const float pad = 14, w = size.x - 2 * pad, x = pos.x + pad, b = std::max(28.0f, ui.layout.target - 4);
  float y = pos.y + 10;
  const std::span<const Lesson> all = lessons();
  const std::size_t at = static_cast<std::size_t>(lesson - all.data());
  ui.text(ui.fonts.small, {x, y + (b - Ui::line(ui.fonts.small)) / 2}, t.muted, "Lesson " + std::to_string(at + 1) + " of " + std::to_string(all.size()));
  if (ui.icon_button("lesson.close", icon::kClose, "Close the lesson", {pos.x + size.x - b - 6, y}, b)) ui.command(Command::Kind::kLeaveLesson);
  if (ui.icon_button("lesson.next", icon::kChevronRight, "Next lesson", {pos.x + size.x - 2 * b - 8, y}, b, at + 1 < all.size())) open_lesson(ui, all[at + 1]);
  if (ui.icon_button("lesson.previous", icon::kChevronLeft, "Previous lesson", {pos.x + size.x - 3 * b - 10, y}, b, at > 0)) open_lesson(ui, all[at - 1]);
  y += b + 4;
  y += ui.text_wrap(ui.fonts.title, {x, y}, t.text, printable(lesson->title), w) + 6;

  const bool in_task = ui.prefs.task >= 0 && ui.prefs.task < static_cast<int>(lesson->tasks.size());
  if (!in_task) {
    y += ui.text_wrap(ui.fonts.bold, {x, y}, t.accent, printable(lesson->goal), w) + 8;
    for (const std::string& p : lesson->text) y += ui.text_wrap(ui.fonts.body, {x, y}, t.text, printable(p), w) + 8;
    ui.text(ui.fonts.bold, {x, y}, t.text, "Notice");
    y += 24;
    for (const Notice& n : lesson->notice) {
      ui.text(ui.fonts.body, {x, y}, t.accent, icon::kEye);
      y += ui.text_wrap(ui.fonts.body, {x + 26, y}, t.text, printable(n.say), w - 26) + 7;
    }
    if (ui.button("lesson.again", ui.session.step() > 0 ? icon::kReset : icon::kPlay, ui.session.step() > 0 ? "Run it again" : "Run it", {x, y}, {w, b + 4}, Look::kOutlined)) open_lesson(ui, *lesson);
    y += b + 14;
    for (std::size_t i = 0; i < lesson->tasks.size(); ++i) {
      ui.text(ui.fonts.bold, {x, y}, t.text, "Task " + std::to_string(i + 1));
      if (i < ui.reached.size() && ui.reached[i]) ui.text(ui.fonts.body, {x + 64, y}, t.good, icon::kCheck);
      y += 22;
      y += ui.text_wrap(ui.fonts.body, {x, y}, t.muted, printable(lesson->tasks[i].text), w) + 6;
      if (ui.button("lesson.task." + std::to_string(i), icon::kFlag, "Try it", {x, y}, {w, b + 4}, Look::kTinted)) ui.command(Command::Kind::kTask, i);
      y += b + 14;
    }
  } else {
    const Task& task = lesson->tasks[static_cast<std::size_t>(ui.prefs.task)];
    ui.text(ui.fonts.bold, {x, y}, t.accent, "Task " + std::to_string(ui.prefs.task + 1));
    y += 23;
    y += ui.text_wrap(ui.fonts.body, {x, y}, t.text, printable(task.text), w) + 6;
    y += ui.text_wrap(ui.fonts.small, {x, y}, t.muted, printable(freedom_text(task)), w) + 8;
    const std::size_t k = static_cast<std::size_t>(ui.prefs.task);
    if (k < ui.goals.size()) {
      GoalResult r = ui.goals[k].result();
      r.reached = k < ui.reached.size() && ui.reached[k];
      if (r.reached || !r.text.empty()) {
        const std::string text = r.reached ? "Reached: " + printable(r.text) : printable(r.text);
        const float h = Ui::wrap_height(ui.fonts.body, text, w - 44) + 16;
        dl->AddRectFilled({x, y}, {x + w, y + h}, r.reached ? t.good_soft : t.sunken, kSoft);
        ui.text(ui.fonts.body, {x + 10, y + 8}, r.reached ? t.good : t.muted, r.reached ? icon::kCheck : icon::kTarget);
        ui.text_wrap(ui.fonts.body, {x + 34, y + 8}, r.reached ? t.good : t.text, text, w - 44);
        y += h + 8;
      }
    }
    for (int i = 0; i < std::min(ui.prefs.hints, static_cast<int>(task.hints.size())); ++i)
      y += ui.text_wrap(ui.fonts.body, {x, y}, t.muted, "Hint: " + printable(task.hints[static_cast<std::size_t>(i)]), w) + 6;
    const float half = (w - 8) / 2;
    const bool more = ui.prefs.hints < static_cast<int>(task.hints.size());
    if (ui.button("lesson.hint", icon::kInfo, more ? "Hint" : "Solution", {x, y}, {half, b + 4}, Look::kOutlined)) {
      if (more) {
        ++ui.prefs.hints;
      } else {
        Race r = ui.race();
        r.lanes[0].config = task.solution;
        ui.set_race(std::move(r));
        ui.command(Command::Kind::kReset);
        ui.command(Command::Kind::kPlay);
        ui.prefs.pause_at = task.steps;
      }
    }
    if (ui.button("lesson.start", icon::kPlay, "Start over", {x + half + 8, y}, {half, b + 4}, Look::kTinted, "Reset and run as many steps as the task has")) {
      ui.prefs.pause_at = task.steps;
      ui.command(Command::Kind::kReset);
      ui.command(Command::Kind::kPlay);
    }
    y += b + 12;
    if (ui.button("lesson.back", icon::kChevronLeft, "Back to the lesson", {x, y}, {w, b + 4}, Look::kPlain)) open_lesson(ui, *lesson);
    y += b + 10;
  }
  layers.SetCurrentChannel(dl, 0);
  ui.card(pos, {size.x, y - pos.y + 4});
  layers.Merge(dl);
  return y - pos.y + 12;
}

// Where its text has no place of its own it is told in a strip under the head; all of it is a press away.
bool lesson_strip_wanted(const Ui& ui) {
  if (!ui.lesson || ui.prefs.experiments || !ui.prefs.shows("lesson")) return false;
  if (!ui.prefs.shows("setup")) return true;
  return ui.layout.phone() ? ui.prefs.phone_tab != 1 : ui.layout.width == Width::kMedium && !ui.prefs.drawer;
}

float draw_lesson_strip(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const Lesson& lesson = *ui.lesson;
  const std::size_t k = static_cast<std::size_t>(std::max(0, ui.prefs.task));
  const bool in_task = ui.prefs.task >= 0 && k < lesson.tasks.size(), reached = in_task && k < ui.reached.size() && ui.reached[k];
  const std::string title = printable(lesson.title) + (in_task ? ", task " + std::to_string(k + 1) + (reached ? ": reached" : "") : "");
  const std::string text = printable(in_task ? lesson.tasks[k].text : lesson.goal);
  const float x = pos.x + (ui.layout.phone() ? 12 : 16) + 26, w = size.x - 2 * (x - pos.x), row = Ui::line(ui.fonts.small);
  const float lines = ui.layout.h < 560 ? row : std::min(4 * row, Ui::wrap_height(ui.fonts.small, text, w));
  const float h = std::max(44.0f, 12 + Ui::line(ui.fonts.bold) + lines);
  const Control c = ui.control("lesson.strip", "button", "Lesson: " + title, text, pos, {size.x, h});
  ImDrawList* dl = ui.draw();
  dl->AddRectFilled(pos, {pos.x + size.x, pos.y + h}, c.hovered ? mix(t.accent_soft, t.text, 0.06f) : t.accent_soft);
  ui.text(ui.fonts.body, {x - 26, pos.y + 6}, reached ? t.good : t.accent, reached ? icon::kCheck : icon::kFlag);
  ui.text_fit(ui.fonts.bold, {x, pos.y + 5}, t.text, title, w);
  const ImVec2 at{x, pos.y + 6 + Ui::line(ui.fonts.bold)};
  if (Ui::wrap_height(ui.fonts.small, text, w) <= lines)
    ui.text_wrap(ui.fonts.small, at, t.text, text, w);
  else
    ui.text_fit(ui.fonts.small, at, t.text, text, w);
  ui.text(ui.fonts.body, {pos.x + size.x - 26, pos.y + h / 2 - Ui::line(ui.fonts.body) / 2}, t.muted, icon::kChevronRight);
  if (c.clicked) ui.prefs.dialog = Prefs::Dialog::kLesson;
  return h;
}

float draw_lesson_dialog(Ui& ui) {
  const Layout& l = ui.layout;
  ui.draw()->AddRectFilled({0, 0}, {l.w, l.h}, with_alpha(IM_COL32(8, 10, 18, 255), 0.5f));
  const float pad = l.phone() ? 8 : 24, w = std::min(520.0f, l.w - 2 * pad), b = std::max(32.0f, l.target);
  const ImVec2 pos{std::floor((l.w - w) / 2), pad}, size{w, l.h - 2 * pad};
  ui.card(pos, size, ui.theme->page);
  ui.text(ui.fonts.bold, {pos.x + 16, pos.y + 6 + (b - Ui::line(ui.fonts.bold)) / 2}, ui.theme->text, "Lesson");
  bool close = ui.icon_button("dialog.close", icon::kClose, "Back to the lab (Esc)", {pos.x + w - b - 8, pos.y + 6}, b);
  const std::size_t before = ui.commands.size();
  if (ui.begin_column("lesson.body", {pos.x + 8, pos.y + b + 12}, {w - 10, size.y - b - 20})) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float used = draw_lesson(ui, at, {w - 24, 0});
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({w - 24, used});
  }
  ui.end_column();
  if (close || ui.commands.size() > before || !ui.lesson || ui.key(ImGuiKey_Escape, false)) ui.prefs.dialog = Prefs::Dialog::kNone;
  return 0;
}

}  // namespace lrlab
