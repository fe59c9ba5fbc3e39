#include "app/widgets/dial.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

// Labels stand beside their stems like flags, in rows above the scale, where no label, no stem and no
// lane is in the way; where there is no such place the stem stands alone and speaks when it is reached.
template <class At>
void marks(Ui& ui, const DialSpec& spec, ImVec2 pos, float width, float y, At at, float thumb, float grabbed, const Control& c, int* pressed_lane) {
  constexpr float kRow = 16;
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  struct Taken {
    float a, b, stem;
    int row;
  };
  std::vector<Taken> taken;
  // Lanes at the same rate stand on each other, the first on the thumb.
  struct Standing {
    ImVec2 at;
    int lane;
  };
  std::vector<Standing> stood;
  for (const DialMark& m : spec.marks) {
    if (m.lane < 0 || m.value < spec.low || m.value > spec.high) continue;
    const float x = std::round(at(m.value));
    float my = y;
    if (std::abs(x - thumb) < 16) my -= 24;
    for (const Standing& k : stood)
      if (std::abs(k.at.x - x) < 13 && std::abs(k.at.y - my) < 13) my = k.at.y - 15;
    if (my >= pos.y + 6) stood.push_back({{x, my}, m.lane});
  }
  int said = 0;
  for (const DialMark& m : spec.marks) {
    if (m.lane >= 0 || m.value < spec.low || m.value > spec.high) continue;
    const float x = std::round(at(m.value));
    const bool near = c.hovered && std::abs(mouse.x - x) < 7;
    const ImU32 colour = m.colour ? m.colour : t.muted;
    const float w = Ui::width(ui.fonts.small, m.label);
    Taken best{x, x, x, -1};
    for (int row = 0; !m.label.empty() && best.row < 0 && y - 34 - kRow * static_cast<float>(row) >= pos.y - 4; ++row)
      for (const float left : {x + 4, x - 4 - w}) {
        if (best.row >= 0 || left < pos.x || left + w > pos.x + width) continue;
        const auto clash = [&](const Taken& k) {
          const bool stems = (k.row >= row && k.stem > left - 5 && k.stem < left + w + 5) || (row >= k.row && x > k.a - 5 && x < k.b + 5);
          return stems || (k.row == row && left < k.b + 8 && left + w > k.a - 8);
        };
        const float text_top = y - 34 - kRow * static_cast<float>(row);
        const auto covers = [&](const Standing& k) {
          return k.at.x > left - 10 && k.at.x < left + w + 10 && k.at.y > text_top - 8 && k.at.y < text_top + kRow + 8;
        };
        if (std::none_of(taken.begin(), taken.end(), clash) && std::none_of(stood.begin(), stood.end(), covers)) best = {left, left + w, x, row};
      }
    const float top = best.row < 0 ? y - 14 : y - 33 - kRow * static_cast<float>(best.row);
    dl->AddLine({x + 0.5f, top}, {x + 0.5f, y + 10}, colour, 1.5f);
    if (best.row >= 0) {
      ui.text(ui.fonts.small, {best.a, top - 1}, colour, m.label);
      taken.push_back(best);
    }
    const std::string name = (m.label.empty() ? "" : m.label + ": ") + short_number(m.value);
    ui.note("lr.mark." + std::to_string(said++), "image", name, best.row < 0 ? "" : m.label,
            {best.row < 0 ? x - 7 : best.a, top}, {best.row < 0 ? 14 : w, kRow});
    // By finger there is no resting: it speaks when the thumb comes by.
    if ((near && !c.held && mouse.y < y + 12) || (c.held && std::abs(thumb - x) < 7)) ui.tip_at({x, y + 14}, name, m.doc);
  }
  for (const Standing& k : stood) {
    dl->AddCircleFilled(k.at, 8, t.card);
    dl->AddCircle(k.at, 8, t.border_strong);
    ui.marker(k.lane, k.at, 4.5f);
    ui.note("lr.lane." + std::to_string(k.lane), "image", "Rate of another lane", {}, {k.at.x - 8, k.at.y - 8}, {16, 16});
    if (!c.hovered || std::abs(mouse.x - k.at.x) >= 7 || std::abs(mouse.y - k.at.y) >= 9) continue;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    // Who takes hold of the thumb means the thumb.
    if (pressed_lane && ImGui::IsMouseClicked(0) && (std::abs(mouse.x - grabbed) > 14 || std::abs(mouse.y - y) > 14)) *pressed_lane = k.lane;
  }
}

}  // namespace

bool dial(Ui& ui, std::string_view id, std::string_view label, double& value, const DialSpec& spec, ImVec2 pos,
          ImVec2 size, int* pressed_lane) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const float thumb = 14;
  const float x0 = pos.x + thumb + 4, x1 = pos.x + size.x - thumb - 4;
  const float y = std::round(pos.y + std::min(size.y * 0.56f, size.y - 42));
  const double l0 = std::log10(spec.low), l1 = std::log10(spec.high);
  const auto at = [&](double v) {
    const double l = std::clamp(std::log10(std::max(v, 1e-30)), l0, l1);
    return x0 + static_cast<float>((l - l0) / (l1 - l0)) * (x1 - x0);
  };
  const auto value_at = [&](float x) {
    return std::pow(10.0, l0 + (l1 - l0) * static_cast<double>(std::clamp((x - x0) / (x1 - x0), 0.0f, 1.0f)));
  };

  // Behaviour first, so that the picture shows this frame's value.
  const Control c = ui.control(id, "slider", label, number_text(value), pos, size, true, Drag::kSideways);
  const double before = value;
  std::string put;
  if (ui.take_value(id, put)) {
    const double v = std::atof(put.c_str());
    if (v == 0 || (v >= spec.low && v <= spec.high)) value = v;
  }
  if (c.dragged) value = rounded(value_at(ImGui::GetIO().MousePos.x), ImGui::GetIO().KeyShift ? 3 : 2);
  if (c.focused && !ImGui::GetIO().WantTextInput) {
    const double fine = ImGui::GetIO().KeyShift ? 0.01 : 0.05;
    double shift = 0;
    if (ui.key(ImGuiKey_RightArrow) || ui.key(ImGuiKey_UpArrow)) shift = fine;
    if (ui.key(ImGuiKey_LeftArrow) || ui.key(ImGuiKey_DownArrow)) shift = -fine;
    if (ui.key(ImGuiKey_PageUp)) shift = 1;
    if (ui.key(ImGuiKey_PageDown)) shift = -1;
    if (shift != 0) value = rounded(std::max(value, spec.low) * std::pow(10.0, shift), 3);
    if (ui.key(ImGuiKey_Home)) value = spec.low;
    if (ui.key(ImGuiKey_End)) value = spec.high;
    value = value == 0 ? 0 : std::clamp(value, spec.low, spec.high);
  }

  // Ticks: a tall one a decade with its label, short ones at 2 to 9.
  const float decade_width = (x1 - x0) / static_cast<float>(l1 - l0);
  for (int e = static_cast<int>(std::round(l0)); e <= static_cast<int>(std::round(l1)); ++e) {
    const float x = std::round(at(std::pow(10.0, e)));
    dl->AddRectFilled({x, y + 11}, {x + 1, y + 20}, t.border_strong);
    const std::string text = decade(e);
    const float w = Ui::width(ui.fonts.small, text);
    if (decade_width > 40 || (e - static_cast<int>(std::round(l0))) % 2 == 1)
      ui.text(ui.fonts.small, {x - w / 2, y + 22}, t.muted, text);
    if (decade_width > 56 && e < static_cast<int>(std::round(l1)))
      for (int k = 2; k <= 9; ++k) {
        const float m = std::round(at(k * std::pow(10.0, e)));
        dl->AddRectFilled({m, y + 11}, {m + 1, y + (k == 5 ? 17.0f : 15.0f)}, t.border_strong);
      }
  }

  // The track, and how far the rate reaches on it.
  const float half = 5, tx = at(value);
  dl->AddRectFilled({x0 - half, y - half}, {x1 + half, y + half}, t.sunken, half);
  for (const DialZone& z : spec.zones)
    if (z.to > z.from) dl->AddRectFilled({at(z.from), y - half}, {at(z.to), y + half}, with_alpha(z.colour, 0.35f), half);
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  // Where the schedule has the rate at this moment: the track is full as far as that, and pale as far
  // as the thumb.
  const bool moves = spec.now > 0 && std::abs(at(spec.now) - tx) > 2;
  const float nx = moves ? at(spec.now) : tx;
  dl->AddRectFilled({x0 - half, y - half}, {std::max(nx, tx), y + half}, moves ? mix(t.sunken, spec.colour, 0.4f) : spec.colour, half);
  if (moves) dl->AddRectFilled({x0 - half, y - half}, {nx, y + half}, spec.colour, half);
  dl->AddRect({x0 - half, y - half}, {x1 + half, y + half}, with_alpha(t.border_strong, 0.6f), half);

  marks(ui, spec, {pos.x, pos.y}, size.x, y, at, tx, at(before), c, pressed_lane);

  if (moves) {
    dl->AddRectFilled({nx - 3.5f, y - 10}, {nx + 3.5f, y + 10}, t.card, 3.5f);
    dl->AddRectFilled({nx - 2, y - 9}, {nx + 2, y + 9}, spec.colour, 2);
    if (c.hovered && !c.held && std::abs(mouse.x - nx) < 7) ui.tip_at({nx, y + 12}, "Now " + short_number(spec.now), "Where the schedule has the rate at this step.");
  }

  // The thumb.
  const ImVec2 p{tx, y};
  dl->AddCircleFilled({p.x, p.y + 2}, thumb + 1.5f, t.shadow, 32);
  dl->AddCircleFilled(p, thumb, spec.colour, 32);
  dl->AddCircleFilled(p, c.held ? thumb - 5 : thumb - 3.5f, t.dark ? t.text : IM_COL32_WHITE, 32);
  dl->AddCircleFilled(p, 3.5f, spec.colour, 16);
  if (c.hovered || c.held) dl->AddCircle(p, thumb + 4, with_alpha(spec.colour, 0.35f), 32, 4);
  if (c.focused && ui.keep.focus_shown) dl->AddCircle(p, thumb + 4, t.accent, 32, 2);
  return value != before;
}

}  // namespace lrlab
