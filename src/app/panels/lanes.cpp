// The lanes of the race: what each one is, how it does, and what can be done with it.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/views.h"
#include "app/widgets/text.h"

namespace lrlab {
namespace {

void duplicate(Ui& ui, std::size_t i) {
  Race r = ui.race();
  LaneSpec copy = r.lanes[i];
  copy.colour = free_colour(r);
  copy.name.clear();
  copy.pinned = false;
  // Behind its original, or behind all that are pinned.
  std::size_t at = i + 1;
  while (at < r.lanes.size() && r.lanes[at].pinned) ++at;
  r.lanes.insert(r.lanes.begin() + static_cast<std::ptrdiff_t>(at), std::move(copy));
  r.selected = at;
  ui.set_race(std::move(r));
}

void remove(Ui& ui, std::size_t i) {
  Race r = ui.race();
  r.lanes.erase(r.lanes.begin() + static_cast<std::ptrdiff_t>(i));
  if (r.selected > i || r.selected >= r.lanes.size()) r.selected = r.selected ? r.selected - 1 : 0;
  ui.set_race(std::move(r));
}

void race_menu(Ui& ui, ImVec2 pos, float w) {
  std::vector<Ui::Option> options{{"Ready-made races", ""}};
  for (const RacePreset& p : race_presets()) options.push_back({p.label, p.doc});
  options[0].doc = "Choose one to replace the lanes that are not pinned.";
  const int chosen = ui.select("race", "Ready-made races", options, 0, pos, w);
  if (chosen > 0) {
    const Config base = ui.config();
    ui.set_race(replace_lanes(ui.race(), race_presets()[static_cast<std::size_t>(chosen - 1)].make(base)));
    ui.command(Command::Kind::kReset);
    ui.command(Command::Kind::kPlay);
  }
}


// What can be done with a lane, in the order of the menu; wide rows have buttons for the rest.
enum class Act { kRename, kVisible, kPin, kUp, kDown, kDuplicate, kRemove };

void act(Ui& ui, std::size_t i, Act what) {
  Race r = ui.race();
  switch (what) {
    case Act::kRename:
      ui.keep.editing = "lane." + std::to_string(i) + ".name";
      ui.keep.focus = ui.keep.editing;  // what was pressed, an entry of a menu, may be gone
      ui.keep.edit_starts = true;
      std::snprintf(ui.keep.buffer.data(), ui.keep.buffer.size(), "%s", r.lanes[i].name.c_str());
      return;
    case Act::kVisible: r.lanes[i].visible = !r.lanes[i].visible; break;
    case Act::kPin: pin_lane(r, i, !r.lanes[i].pinned); break;
    case Act::kUp:
      if (i > 0) move_lane(r, i, i - 1);
      break;
    case Act::kDown: move_lane(r, i, i + 1); break;
    case Act::kDuplicate: return duplicate(ui, i);
    case Act::kRemove: return remove(ui, i);
  }
  ui.set_race(std::move(r));
}

std::vector<Ui::Option> acts(const Race& race, std::size_t i) {
  const LaneSpec& l = race.lanes[i];
  return {{"Rename", "", "rename"}, {l.visible ? "Hide" : "Show", "", "visible"}, {l.pinned ? "Unpin" : "Pin", "", "pin"}, {"Move up", "", "up"},
          {"Move down", "", "down"}, {"Duplicate", "", "duplicate"}, {"Remove", "", "remove"}};
}

// The places of a row from left to right, the same for the heads of the columns.
struct Places {
  float grip, name, tools, chip, test_acc, test_loss, train_loss;  // where each begins (values: where they end)
  float b;                // size of a tool
  bool buttons;           // else a menu
  bool two;               // two lines: name, then loss and verdict
  float pitch;            // from row to row
};
Places columns(const Ui& ui, float w) {
  Places c{};
  c.buttons = w >= 540;
  c.b = std::max(26.0f, ui.layout.target - (c.buttons ? 8 : 0));
  c.grip = ui.host.touch || ui.layout.phone() ? 44 : 36;
  c.name = c.grip + 2;
  c.tools = w - c.b * (c.buttons ? 5.0f : 1.0f) - 2;
  c.two = w < 440;
  c.pitch = c.two ? 60 : std::max(36.0f, ui.layout.target);
  float right = c.tools - 8;
  c.chip = right;
  right -= 128;
  const auto value = [&](bool shown) {
    const float at = shown ? right : 0;
    if (shown) right -= 78;
    return at;
  };
  c.test_acc = value(w > 660);
  c.test_loss = value(w > 580);
  c.train_loss = value(!c.two);
  return c;
}

// Takes the lane to another place: by dragging, or with the arrows.
void grip(Ui& ui, std::size_t i, ImVec2 pos, float w, float h, float pitch) {
  const Theme& t = *ui.theme;
  const Race& race = ui.session.race();
  const std::string id = "lane." + std::to_string(i) + ".move", title = lane_title(ui, i);
  const int colour = race.lanes[i].colour;
  const Control c = ui.control(id, "button", "Move lane " + std::to_string(i + 1) + ": " + title, "", pos, {w, h}, true, Drag::kFree);
  if (race.lanes.size() > 1) {
    for (int k = 0; k < 6; ++k)
      ui.draw()->AddCircleFilled({pos.x + w / 2 - 13 + 5 * static_cast<float>(k % 2), pos.y + h / 2 - 5 + 5 * static_cast<float>(k / 2)}, 1.4f, c.hovered || c.held ? t.text : t.muted);
    if (c.hovered || c.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
    ui.tip("Drag to another place", "Or press and use the arrow keys up and down.");
  }
  ui.marker(colour, {pos.x + w / 2 + 8, pos.y + h / 2}, 6);
  if (c.clicked && ui.keep.moving < 0 && i != race.selected) {
    Race r = ui.race();
    r.selected = i;
    ui.set_race(std::move(r));
  }
  const auto go = [&](std::size_t from, std::size_t to, const char* gesture) {
    Race r = ui.race();
    if (to >= r.lanes.size() || from == to || r.lanes[to].pinned != r.lanes[from].pinned) return;
    move_lane(r, from, to);
    ui.set_race(std::move(r), gesture);
  };
  if (c.focused && !ImGui::GetIO().WantTextInput) {
    const bool up = ui.key(ImGuiKey_UpArrow);
    const std::size_t to = up ? i - 1 : i + 1;
    if ((up && i > 0) || (!up && ui.key(ImGuiKey_DownArrow) && to < race.lanes.size())) {
      go(i, to, "");
      if (!ui.commands.empty()) ui.keep.focus = "lane." + std::to_string(to) + ".move";
    }
  }
  // While it is dragged lanes change places under the pointer, so it goes by the colour, not the place.
  if (c.held && ui.keep.moving < 0 && std::abs(ImGui::GetMouseDragDelta(0, 5).y) > 0) ui.keep.moving = colour;
  const float top = pos.y - pitch * static_cast<float>(i);
  if (c.held && ui.keep.moving >= 0)
    for (std::size_t k = 0; k < race.lanes.size(); ++k)
      if (race.lanes[k].colour == ui.keep.moving)
        go(k, static_cast<std::size_t>(std::clamp((ImGui::GetIO().MousePos.y - top) / pitch, 0.0f, static_cast<float>(race.lanes.size()) - 0.5f)), "lane.move");
}

void lane_row(Ui& ui, std::size_t i, ImVec2 pos, float w, float h) {
  const Theme& t = *ui.theme;
  const Race& race = ui.session.race();
  const Lane& lane = ui.session.lane(i);
  const LaneSpec& spec = lane.spec();
  const bool selected = i == race.selected, moving = ui.keep.moving == spec.colour;
  const std::string id = "lane." + std::to_string(i);
  ImDrawList* dl = ui.draw();
  const Places at = columns(ui, w);
  const std::string name_id = id + ".name";
  const bool naming = ui.keep.editing == name_id;

  // The whole row selects; grip and tools lie beside it.
  if (selected || moving) dl->AddRectFilled(pos, {pos.x + w, pos.y + h}, moving ? t.press : t.accent_soft, kSoft);
  grip(ui, i, pos, at.grip, h, at.pitch);
  if (!naming) {
    const Control c = ui.control(id, "option", "Lane " + std::to_string(i + 1) + ": " + lane_title(ui, i), selected ? "on" : "", {pos.x + at.grip, pos.y}, {at.tools - 4 - at.grip, h});
    if (c.hovered && !selected) dl->AddRectFilled(pos, {pos.x + w, pos.y + h}, t.hover, kSoft);
    if (c.clicked && !selected) {
      Race r = ui.race();
      r.selected = i;
      ui.set_race(std::move(r));
    }
  }
  if (selected) dl->AddRectFilled({pos.x, pos.y + 6}, {pos.x + 3, pos.y + h - 6}, lane_colour(t, spec.colour), 1.5f);
  const float cy = pos.y + h / 2, first = at.two ? pos.y + 17 : cy, second = at.two ? pos.y + h - 17 : cy;
  const float ly = first - Ui::line(ui.fonts.body) / 2, sy = first - Ui::line(ui.fonts.small) / 2;
  const bool hidden = !spec.visible;

  const VerdictText v = verdict_text(ui, i);
  const float right = pos.x + at.chip, vw = Ui::width(ui.fonts.small, v.word) + 16;
  dl->AddRectFilled({right - vw, second - 11}, {right, second + 11}, tone_ground(t, v.tone), 11);
  ui.text(ui.fonts.small, {right - vw + 8, second - Ui::line(ui.fonts.small) / 2}, tone_colour(t, v.tone), v.word);
  const ImU32 ink = hidden ? t.muted : t.text;
  const auto cell = [&](const std::string& text, float end) { ui.text(ui.fonts.body, {pos.x + end - Ui::width(ui.fonts.body, text), ly}, ink, text); };
  const ShownValues value = shown_values(lane);
  const bool classes = lane.train_eval().accuracy == lane.train_eval().accuracy, surface = lane.trainer().problem().surface;
  if (at.test_acc > 0 && classes) cell(percent(value.test_accuracy), at.test_acc);
  if (at.test_loss > 0 && !surface) cell(short_number(value.test_loss), at.test_loss);
  if (at.train_loss > 0) cell(short_number(value.train_loss), at.train_loss);
  float x = pos.x + at.name;
  if (at.two) {
    const std::string loss = (surface ? "value " : "train loss ") + short_number(value.train_loss);
    ui.text_fit(ui.fonts.small, {x, second - Ui::line(ui.fonts.small) / 2}, t.muted, loss, right - vw - 8 - x);
  }
  const float name_end = pos.x + (at.train_loss > 0 ? at.train_loss - 66.0f : at.tools - 8);
  if (naming) {
    std::string name = spec.name;
    if (ui.text_field(name_id, "Name of the lane", name, {x - 4, at.two ? pos.y : pos.y + 2}, {std::max(60.0f, name_end - x), at.two ? h / 2 + 4 : h - 4})) {
      Race r = ui.race();
      r.lanes[i].name = name.substr(0, 60);
      ui.set_race(std::move(r));
    }
    if (ui.keep.editing != name_id && ui.keep.focus == name_id) ui.keep.focus = id;  // the field is gone: the row has the keyboard
  } else {
    for (const char* sign : {spec.pinned ? icon::kPin : "", hidden ? icon::kEyeOff : ""})
      if (*sign) {
        ui.text(ui.fonts.small, {x, sy}, t.muted, sign);
        x += 19;
      }
    ui.text_fit(selected ? ui.fonts.bold : ui.fonts.body, {x, ly}, ink, lane_title(ui, i), std::max(30.0f, name_end - x));
  }

  x = pos.x + at.tools;
  const float by = cy - at.b / 2;
  if (!at.buttons) {
    const int chosen = ui.menu(id + ".more", icon::kMenu, "What to do with lane " + std::to_string(i + 1), acts(race, i), {x, by}, at.b);
    if (chosen >= 0) act(ui, i, static_cast<Act>(chosen));
    return;
  }
  const auto tool = [&](const char* what, const char* sign, const char* name, Act doing, bool enabled = true, bool on = false) {
    if (ui.icon_button(id + what, sign, name, {x, by}, at.b, enabled, on)) act(ui, i, doing);
    x += at.b;
  };
  tool(".pin", icon::kPin, spec.pinned ? "Unpin this lane" : "Pin this lane: it stays on top, and when a ready-made race replaces the others", Act::kPin, true, spec.pinned);
  tool(".rename", icon::kPencil, "Name this lane (nothing: what is different about it)", Act::kRename);
  tool(".visible", hidden ? icon::kEyeOff : icon::kEye, hidden ? "Show this lane" : "Hide this lane", Act::kVisible);
  tool(".duplicate", icon::kDuplicate, "Duplicate this lane, then change the copy. All lanes start again together", Act::kDuplicate, race.lanes.size() < kMaxLanes);
  tool(".remove", icon::kClose, "Remove this lane", Act::kRemove, race.lanes.size() > 1);
}

}  // namespace

float lanes_height(const Ui& ui) {
  const float row = std::max(38.0f, ui.layout.target);
  return 84 + row * static_cast<float>(ui.session.lanes());
}

float draw_lanes(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ui.card(pos, size);
  const float pad = ui.layout.phone() ? 8.0f : 10.0f;
  const float x = pos.x + pad, w = size.x - 2 * pad;
  const float bh = std::max(30.0f, ui.layout.target);
  float y = pos.y + 8;
  ui.text(ui.fonts.bold, {x + 4, y + (bh - Ui::line(ui.fonts.bold)) / 2}, t.text, "Lanes");
  const bool roomy = w > 430;
  const float add_w = roomy ? 112 : bh;
  if (ui.button("lane.add", icon::kPlus, roomy ? "Add lane" : "", {x + w - add_w, y}, {add_w, bh}, Look::kTinted, "A copy of the selected lane, to change and compare. All lanes start again together", ui.session.lanes() < kMaxLanes))
    duplicate(ui, ui.session.race().selected);
  const float menu_w = std::min(196.0f, w - add_w - 80);
  race_menu(ui, {x + w - add_w - 8 - menu_w, y}, menu_w);
  y += bh + 6;

  if (!ImGui::IsMouseDown(0)) ui.keep.moving = -1;
  // Heads of the columns, where the rows have them.
  const Places at = columns(ui, w);
  const auto head = [&](std::string_view text, float right) { ui.text(ui.fonts.small, {x + right - Ui::width(ui.fonts.small, text), y}, t.muted, text); };
  const Lane& first = ui.session.lane(0);
  const bool classes = first.train_eval().accuracy == first.train_eval().accuracy, surface = first.trainer().problem().surface;
  if (at.test_acc > 0 && classes) head("test acc.", at.test_acc);
  if (at.test_loss > 0 && !surface) head("test loss", at.test_loss);
  if (at.train_loss > 0) head(surface ? "value" : "train loss", at.train_loss);
  if (at.two) y -= 16;
  y += 18;

  if (ui.begin_column("lanes.list", {x, y}, {w, pos.y + size.y - y - 6})) {
    const ImVec2 p = ImGui::GetCursorScreenPos();
    const float inner = ImGui::GetContentRegionAvail().x;
    for (std::size_t i = 0; i < ui.session.lanes(); ++i) lane_row(ui, i, {p.x, p.y + at.pitch * static_cast<float>(i)}, inner, at.pitch - 2);
    ImGui::SetCursorScreenPos(p);
    ImGui::Dummy({inner, at.pitch * static_cast<float>(ui.session.lanes())});
  }
  ui.end_column();
  return size.y;
}

}  // namespace lrlab
