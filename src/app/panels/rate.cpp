// The hero of the page: the learning rate of the selected lane.
#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/views.h"
#include "app/widgets/dial.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {

float draw_rate(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ui.card(pos, size);
  const Race& race = ui.race();
  const LaneSpec& spec = race.lanes[race.selected];
  const Lane& lane = ui.session.lane(ui.session.race().selected);
  const ParamSpec& lr_spec = field("lr").spec;
  const bool phone = ui.layout.phone();
  const bool tight = size.x < 700;

  const ImU32 colour = lane_colour(t, spec.colour);
  const float pad = phone ? 12.0f : 18.0f;
  const float head = tight ? size.x - 2 * pad : 196;
  double value = spec.config.train.lr;
  const double old = value;

  // Label and number.
  const float x = pos.x + pad;
  float y = pos.y + (phone ? 8.0f : tight ? 10.0f : 16.0f);
  ui.text(ui.fonts.small, {x, y}, t.muted, "Learning rate");
  if (race.lanes.size() > 1) {
    const float lx = x + Ui::width(ui.fonts.small, "Learning rate") + 12;
    ui.marker(spec.colour, {lx, y + Ui::line(ui.fonts.small) / 2}, 5);
    ui.text_fit(ui.fonts.small, {lx + 10, y}, t.muted, lane_title(ui, race.selected), std::max(40.0f, x + head - lx - 10));
  }
  y += Ui::line(ui.fonts.small) + (phone ? -2.0f : 1.0f);
  std::string shown = number_text(value);
  if (shown.size() > 9) shown = number_text(rounded(value, 4));
  const float number_w = std::min(std::max(90.0f, Ui::width(ui.fonts.hero, shown) + 16), tight ? 210.0f : head + 4);
  ImFont* hero = Ui::width(ui.fonts.hero, shown) + 8 > number_w ? ui.fonts.title : ui.fonts.hero;
  const bool typed = ui.number("lr.value", "Learning rate, exact value", lr_spec, value, {x - 5, y}, {number_w + 6, kHeroSize + 4}, hero, 0, false);
  ui.tip("Learning rate", lr_spec.doc, "Press to type a value. From 0.000001 to 10.");

  // What the schedule makes of it now, or at the moment that is looked at.
  const double now = lane.shown().lr_now();
  const bool moves = now != spec.config.train.lr && std::isfinite(now);
  const std::string below = moves ? "now " + short_number(now) + " by the schedule" : ui.locked ? "locked" : tight ? "" : "drag, type, or arrow keys";
  if (tight) {
    ui.text_fit(ui.fonts.small, {x + number_w + 12, y + 18}, t.muted, below, size.x - 2 * pad - number_w - 12);
  } else {
    ui.text_fit(ui.fonts.small, {x, y + kHeroSize + 6}, t.muted, below, head);
  }

  // The scale.
  DialSpec dial_spec{.colour = colour, .now = moves ? now : 0, .marks = rate_marks(ui), .zones = {}};
  for (std::size_t i = 0; i < race.lanes.size(); ++i)
    if (i != race.selected && race.lanes[i].visible)
      dial_spec.marks.push_back({.value = race.lanes[i].config.train.lr, .label = {}, .colour = 0, .lane = static_cast<int>(i)});
  // Lanes are drawn with their colour's marker, so map index to colour there.
  for (const DialMark& m : dial_spec.marks)
    if (m.limit && m.value < dial_spec.high) dial_spec.zones.push_back({m.value, dial_spec.high, t.bad});
  std::vector<int> lane_of_mark;
  for (DialMark& m : dial_spec.marks)
    if (m.lane >= 0) {
      lane_of_mark.push_back(m.lane);
      m.lane = race.lanes[static_cast<std::size_t>(m.lane)].colour;
    }
  int pressed = -1;
  const ImVec2 dp = tight ? ImVec2{pos.x + pad - 8, y + kHeroSize - 6} : ImVec2{pos.x + pad + head + 14, pos.y + 6};
  const ImVec2 ds{pos.x + size.x - pad + 6 - dp.x, pos.y + size.y - dp.y - 6};
  dial(ui, "lr", "Learning rate", value, dial_spec, dp, ds, &pressed);
  if (pressed >= 0) {
    for (int i : lane_of_mark)
      if (race.lanes[static_cast<std::size_t>(i)].colour == pressed) {
        Race r = race;
        r.selected = static_cast<std::size_t>(i);
        ui.set_race(std::move(r));
        return size.y;
      }
  }
  if (value != old) ui.change_config([value](Config& c) { c.train.lr = value; }, false, typed ? "" : "lr");
  return size.y;
}

}  // namespace lrlab
