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

int free_colour(const Race& race) {
  for (int c = 0; c < static_cast<int>(kMaxLanes); ++c)
    if (std::none_of(race.lanes.begin(), race.lanes.end(), [&](const LaneSpec& l) { return l.colour == c; })) return c;
  return 0;
}

void duplicate(Ui& ui, std::size_t i) {
  Race r = ui.race();
  LaneSpec copy = r.lanes[i];
  copy.colour = free_colour(r);
  copy.name.clear();
  r.lanes.insert(r.lanes.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(copy));
  r.selected = i + 1;
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
  options[0].doc = "Choose one to replace the lanes.";
  const int chosen = ui.select("race", "Ready-made races", options, 0, pos, w);
  if (chosen > 0) {
    const Config base = ui.config();
    ui.set_race(race_presets()[static_cast<std::size_t>(chosen - 1)].make(base));
    ui.command(Command::Kind::kReset);
    ui.command(Command::Kind::kPlay);
  }
}


void lane_row(Ui& ui, std::size_t i, ImVec2 pos, float w, float h) {
  const Theme& t = *ui.theme;
  const Race& race = ui.session.race();
  const Lane& lane = ui.session.lane(i);
  const bool selected = i == race.selected;
  const std::string id = "lane." + std::to_string(i);
  ImDrawList* dl = ui.draw();
  const float b = std::max(26.0f, ui.layout.target - 8);
  const int tools = w < 420 ? 2 : 4;
  const std::string name_id = id + ".name";
  const bool naming = ui.keep.editing == name_id;
  const float tools_w = b * static_cast<float>(tools) + 4;

  // The whole row selects; the tools lie beside it.
  const Control c = ui.control(id, "option", "Lane " + std::to_string(i + 1) + ": " + lane_title(ui, i), selected ? "on" : "", pos, {naming ? 30.0f : w - tools_w - 6, h});
  if (selected || c.hovered) dl->AddRectFilled(pos, {pos.x + w, pos.y + h}, selected ? t.accent_soft : t.hover, kSoft);
  if (selected) dl->AddRectFilled({pos.x, pos.y + 6}, {pos.x + 3, pos.y + h - 6}, lane_colour(t, lane.spec().colour), 1.5f);
  if (c.clicked && !selected) {
    Race r = ui.race();
    r.selected = i;
    ui.set_race(std::move(r));
  }
  const float cy = pos.y + h / 2, ly = cy - Ui::line(ui.fonts.body) / 2, sy = cy - Ui::line(ui.fonts.small) / 2;
  const bool hidden = !lane.spec().visible;
  ui.marker(lane.spec().colour, {pos.x + 18, cy}, 6);

  // From the right: verdict, test, train, lr; the name has the rest.
  float right = pos.x + w - tools_w - 10;
  const VerdictText v = verdict_text(ui, i);
  const float vw = Ui::width(ui.fonts.small, v.word) + 16;
  const bool chip = w > 330;
  if (chip) {
    dl->AddRectFilled({right - vw, cy - 11}, {right, cy + 11}, tone_ground(t, v.tone), 11);
    ui.text(ui.fonts.small, {right - vw + 8, sy}, tone_colour(t, v.tone), v.word);
    right -= 128;
  }
  const auto cell = [&](const std::string& text, float width, ImU32 colour) {
    ui.text(ui.fonts.body, {right - Ui::width(ui.fonts.body, text), ly}, colour, text);
    right -= width;
  };
  const ShownValues value = shown_values(ui, lane);
  const bool classes = lane.train_eval().accuracy == lane.train_eval().accuracy;
  const ImU32 ink = hidden ? t.muted : t.text;
  if (w > 640 && classes) cell(percent(value.test_accuracy), 78, ink);
  if (w > 560 && !lane.trainer().problem().surface) cell(short_number(value.test_loss), 78, ink);
  if (w > 260) cell(short_number(value.train_loss), 78, ink);
  const float name_w = right - pos.x - 36;
  if (naming) {
    std::string name = lane.spec().name;
    if (ui.text_field(name_id, "Name of the lane", name, {pos.x + 30, pos.y + 2}, {std::max(60.0f, name_w), h - 4})) {
      Race r = ui.race();
      r.lanes[i].name = name.substr(0, 60);
      ui.set_race(std::move(r));
    }
  } else {
    ui.text_fit(selected ? ui.fonts.bold : ui.fonts.body, {pos.x + 32, ly}, hidden ? t.muted : t.text, lane_title(ui, i), std::max(30.0f, name_w));
  }

  float x = pos.x + w - tools_w;
  const float by = cy - b / 2;
  if (tools > 2) {
    if (ui.icon_button(id + ".rename", icon::kPencil, "Name this lane (nothing: what is different about it)", {x, by}, b)) {
      ui.keep.editing = name_id;
      ui.keep.edit_starts = true;
      std::snprintf(ui.keep.buffer.data(), ui.keep.buffer.size(), "%s", lane.spec().name.c_str());
    }
    x += b;
    if (ui.icon_button(id + ".visible", hidden ? icon::kEyeOff : icon::kEye, hidden ? "Show this lane" : "Hide this lane", {x, by}, b)) {
      Race r = ui.race();
      r.lanes[i].visible = hidden;
      ui.set_race(std::move(r));
    }
    x += b;
  }
  if (ui.icon_button(id + ".duplicate", icon::kDuplicate, "Duplicate this lane, then change the copy", {x, by}, b, race.lanes.size() < kMaxLanes)) duplicate(ui, i);
  x += b;
  if (ui.icon_button(id + ".remove", icon::kClose, "Remove this lane", {x, by}, b, race.lanes.size() > 1)) remove(ui, i);
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
  if (ui.button("lane.add", icon::kPlus, roomy ? "Add lane" : "", {x + w - add_w, y}, {add_w, bh}, Look::kTinted, "A copy of the selected lane, to change and compare", ui.session.lanes() < kMaxLanes))
    duplicate(ui, ui.session.race().selected);
  const float menu_w = std::min(196.0f, w - add_w - 80);
  race_menu(ui, {x + w - add_w - 8 - menu_w, y}, menu_w);
  y += bh + 6;

  const float row = std::max(36.0f, ui.layout.target);
  // Heads of the columns, where the rows have them.
  const float b = std::max(26.0f, ui.layout.target - 8);
  const float tools_w = b * (w < 420 ? 2.0f : 4.0f) + 4;
  float right = x + w - tools_w - 10 - (w > 330 ? 128 : 0);
  const auto head = [&](std::string_view text, float width) {
    ui.text(ui.fonts.small, {right - Ui::width(ui.fonts.small, text), y}, t.muted, text);
    right -= width;
  };
  const Lane& first = ui.session.lane(0);
  const bool classes = first.train_eval().accuracy == first.train_eval().accuracy;
  if (w > 640 && classes) head("test acc.", 78);
  if (w > 560 && !first.trainer().problem().surface) head("test loss", 78);
  if (w > 260) head(first.trainer().problem().surface ? "value" : "train loss", 78);
  y += 18;

  if (ui.begin_column("lanes.list", {x, y}, {w, pos.y + size.y - y - 6})) {
    const ImVec2 p = ImGui::GetCursorScreenPos();
    const float inner = ImGui::GetContentRegionAvail().x;
    for (std::size_t i = 0; i < ui.session.lanes(); ++i) lane_row(ui, i, {p.x, p.y + row * static_cast<float>(i)}, inner, row - 2);
    ImGui::SetCursorScreenPos(p);
    ImGui::Dummy({inner, row * static_cast<float>(ui.session.lanes())});
  }
  ui.end_column();
  return size.y;
}

}  // namespace lrlab
