// What is happening to the selected lane, the numbers that say so, what to try, and a button for it.
#include <algorithm>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/views.h"

namespace lrlab {

float draw_verdict(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  using Tone = VerdictText::Tone;
  const std::size_t i = ui.session.race().selected;
  const VerdictText v = verdict_text(ui, i);
  ui.card(pos, size);
  ui.note("verdict.text", "image", v.word, v.advice.empty() ? v.what : v.what + " " + v.advice, pos, size);
  ImDrawList* dl = ui.draw();
  const ImU32 ink = tone_colour(t, v.tone);

  const bool low = size.y < 126, flat = size.y < 66;  // flat, as on a phone that lies: all of it in one line
  const float pad = low ? 12.0f : 16.0f;
  float x = pos.x + pad, w = size.x - 2 * pad;
  float y = pos.y + (low ? 8.0f : 14.0f);

  const char* sign = v.tone == Tone::kBad ? icon::kWarning : v.tone == Tone::kGood ? icon::kCheck : v.tone == Tone::kWarn ? icon::kInfo : icon::kFlag;
  const float chip_w = Ui::width(ui.fonts.bold, v.word) + 38;
  dl->AddRectFilled({x, y}, {x + chip_w, y + 26}, tone_ground(t, v.tone), 13);
  ui.text(ui.fonts.body, {x + 9, y + 4}, ink, sign);
  ui.text(ui.fonts.bold, {x + 29, y + 4}, ink, v.word);
  float bottom = pos.y + size.y - 8;
  if (!v.button.empty()) {
    const float bw = std::min(Ui::width(ui.fonts.bold, v.button) + 24, flat ? w - chip_w - 8 : w), bh = std::max(28.0f, ui.layout.target);
    // Beside the word, or where there is no room, below the text.
    const bool beside = bw <= w - chip_w - 8;
    if (!beside) bottom -= bh;
    const ImVec2 at{x + w - bw, beside ? std::max(pos.y + 2, y + 13 - bh / 2) : bottom + 4};
    if (ui.button("verdict.act", nullptr, v.button, at, {bw, bh}, Look::kTinted, v.restart ? "Sets this rate and starts all lanes again" : "Sets this rate; the run goes on")) {
      const double lr = v.try_lr;
      if (lr > 0) ui.change_config([lr](Config& c) { c.train.lr = lr; }, false);
      if (v.restart) {
        ui.command(Command::Kind::kReset);
        ui.command(Command::Kind::kPlay);
      }
    }
  }
  if (flat && v.button.empty()) {
    x += chip_w + 10;
    w -= chip_w + 10;
    y += 4;
  } else if (!flat) {
    y += low ? (ui.layout.target > 40 ? 37.0f : 31.0f) : 36.0f;
  }
  // What finds no room is shown by a tap.
  const std::string all = v.advice.empty() ? v.what : v.what + " " + v.advice;
  const bool no_room = flat && !v.button.empty();
  const float room = bottom - y;
  if (!no_room && Ui::wrap_height(ui.fonts.small, all, w) <= room) {
    ui.text_wrap(ui.fonts.small, {x, y}, t.text, all, w);
  } else {
    bool& open = ui.prefs.open["verdict"];
    const Control c = ui.control("verdict.more", "button", "The whole verdict", all, {x, y}, {no_room ? chip_w : w, std::max(24.0f, room)});
    if (c.clicked) open = !open;
    else if (!c.focused) open = false;
    if (open) ui.tip_at({x, y + room}, v.word, all);
    else ui.tip(v.word, all);
    if (no_room) return size.y;
    // As many words as fit; the dots say that there are more.
    std::string some = all;
    while (Ui::wrap_height(ui.fonts.small, some + " …", w) > room && some.find(' ') != std::string::npos) some.resize(some.rfind(' '));
    if (Ui::wrap_height(ui.fonts.small, some + " …", w) <= room)
      ui.text_wrap(ui.fonts.small, {x, y}, t.text, some + " …", w);
    else
      ui.text_fit(ui.fonts.small, {x, y}, t.text, all, w);
  }
  return size.y;
}

}  // namespace lrlab
