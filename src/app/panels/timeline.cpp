// The whole run of all lanes: drag to go back, go on from there, or fork a new lane.
#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/views.h"
#include "app/widgets/text.h"

namespace lrlab {
namespace {

// The training loss of a lane along the track, on a logarithmic scale of its own.
void spark(Ui& ui, const Lane& lane, double end, double low, double high, ImVec2 pos, ImVec2 size) {
  const Series& s = lane.curve(Curve::kTrainLoss);
  const std::vector<Bucket>& b = s.buckets();
  if (b.size() < 2 || !(high > low)) return;
  const std::size_t group = std::max<std::size_t>(1, b.size() / 120);
  std::vector<ImVec2> line;
  for (std::size_t i = 0; i < b.size(); i += group) {
    double sum = 0, n = 0;
    for (std::size_t k = i; k < std::min(b.size(), i + group); ++k) sum += static_cast<double>(b[k].mean) * b[k].count, n += b[k].count;
    if (n <= 0 || !(sum > 0)) continue;
    const double u = std::clamp((std::log(sum / n) - std::log(low)) / (std::log(high) - std::log(low)), -0.05, 1.05);
    line.push_back({pos.x + size.x * static_cast<float>(std::min(1.0, static_cast<double>(i * s.stride()) / end)), pos.y + size.y * static_cast<float>(1 - u)});
  }
  if (line.size() > 1) ui.draw()->AddPolyline(line.data(), static_cast<int>(line.size()), with_alpha(lane_colour(*ui.theme, lane.spec().colour), 0.75f), 0, 1);
}

}  // namespace

float draw_timeline(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ui.card(pos, size);
  ImDrawList* dl = ui.draw();
  const bool past = ui.session.in_past(), phone = ui.layout.phone();
  const std::uint64_t end = ui.session.end(), now = ui.session.shown_step();
  const float pad = 12, b = std::max(32.0f, ui.layout.target);
  const bool stacked = size.y > 90;  // very narrow: the buttons below the track
  const float tall = stacked ? 52 : size.y, cy = pos.y + tall / 2, by = stacked ? pos.y + tall + (size.y - tall - b) / 2 - 3 : cy - b / 2;

  // Buttons at the right, when there is a past to do something with.
  float right = pos.x + size.x - pad;
  {  // always in place, so that the track keeps its length while a hand is on it
    const auto tool = [&](const char* id, const char* icon_text, const char* label, const char* tip_text, float w, bool enabled = true) {
      right -= phone ? b : w;
      enabled = enabled && past;
      const bool pressed = ui.button(id, phone ? "" : icon_text, phone ? "" : label, {right, by}, {phone ? b : w, b}, Look::kOutlined, tip_text, enabled);
      if (phone) {  // the word below the icon
        const ImU32 ink = with_alpha(t.text, enabled ? 1.0f : 0.4f);
        const float line = 12, tw = Ui::width(ui.fonts.small, label) * line / Ui::line(ui.fonts.small);
        ui.text(ui.fonts.body, {right + (b - Ui::width(ui.fonts.body, icon_text)) / 2, by + 5}, ink, icon_text);
        dl->AddText(ui.fonts.small, line, {right + (b - tw) / 2, by + b - line - 4}, ink, label);
      }
      right -= 6;
      return pressed;
    };
    using Kind = Command::Kind;
    if (tool("timeline.present", icon::kStep, "Now", "Look at the present again", 84)) ui.command(Kind::kPresent);
    if (tool("timeline.resume", icon::kPlay, phone ? "Go on" : "From here", "Go on from this moment: what came after it is forgotten", 124)) ui.command(Kind::kResume);
    if (tool("timeline.fork", icon::kFork, "Fork", "A new lane that shares the selected lane's past up to this moment; what you change of it acts from here", 90, ui.session.lanes() < kMaxLanes)) {
      Command c{.kind = Kind::kFork};
      c.lane = ui.session.race().selected;
      ui.commands.push_back(std::move(c));
    }
    right = stacked ? pos.x + size.x - pad : right - 6;
  }

  const float label_w = phone ? 0.0f : 108.0f;
  if (!phone) {
    ui.text(ui.fonts.small, {pos.x + pad + 2, cy - 17}, t.muted, past ? "looking back at" : "timeline");
    ui.text_fit(ui.fonts.bold, {pos.x + pad + 2, cy - 1}, past ? t.accent : t.text, grouped(now), label_w - 8);
  }

  // The track.
  const ImVec2 p{pos.x + pad + label_w, pos.y + 7}, s{right - pos.x - pad - label_w, tall - 14};
  if (s.x < 60) return size.y;
  dl->AddRectFilled(p, {p.x + s.x, p.y + s.y}, t.sunken, kSoft);
  double low = 1e300, high = 0;
  for (std::size_t i = 0; i < ui.session.lanes(); ++i)
    for (const Bucket& k : ui.session.lane(i).curve(Curve::kTrainLoss).buckets())
      if (k.count && k.mean > 0) low = std::min(low, static_cast<double>(k.mean)), high = std::max(high, static_cast<double>(k.mean));
  for (std::size_t i = 0; i < ui.session.lanes(); ++i) {
    const Series& curve = ui.session.lane(i).curve(Curve::kTrainLoss);
    if (!curve.empty()) high = std::min(high, std::max(low * 2, static_cast<double>(curve.buckets().front().mean) * 3));
  }
  dl->PushClipRect(p, {p.x + s.x, p.y + s.y}, true);
  const double span = std::max(1.0, static_cast<double>(end));
  for (std::size_t i = 0; i < ui.session.lanes(); ++i)
    if (ui.session.lane(i).spec().visible) spark(ui, ui.session.lane(i), span, low, high, {p.x, p.y + 5}, {s.x, s.y - 10});
  const float x = p.x + s.x * static_cast<float>(static_cast<double>(now) / span);
  if (past) dl->AddRectFilled({x, p.y}, {p.x + s.x, p.y + s.y}, with_alpha(t.card, 0.6f));
  dl->PopClipRect();

  const Control c = ui.control("timeline", "slider", "Timeline: step that is shown", std::to_string(now), p, s, end > 0, Drag::kSideways);
  const auto step_at = [&](float at) {
    return static_cast<std::uint64_t>(std::clamp(static_cast<double>((at - p.x) / s.x), 0.0, 1.0) * static_cast<double>(end) + 0.5);
  };
  std::string put;
  std::uint64_t wanted = now;
  if (ui.take_value("timeline", put)) wanted = static_cast<std::uint64_t>(std::max(0.0, std::atof(put.c_str())));
  if (c.dragged && (c.clicked || ImGui::IsMouseClicked(0) || ImGui::GetIO().MouseDelta.x != 0)) {
    wanted = step_at(ImGui::GetIO().MousePos.x);
  }
  if (c.focused && !ImGui::GetIO().WantTextInput) {
    const std::uint64_t jump = ImGui::GetIO().KeyShift ? 1 : std::max<std::uint64_t>(1, end / 50);
    if (ui.key(ImGuiKey_LeftArrow)) wanted = now > jump ? now - jump : 0;
    if (ui.key(ImGuiKey_RightArrow)) wanted = std::min(end, now + jump);
    if (ui.key(ImGuiKey_Home)) wanted = 0;
    if (ui.key(ImGuiKey_End)) wanted = end;
  }
  if (wanted != now && end > 0) {
    if (wanted >= end)
      ui.command(Command::Kind::kPresent);
    else
      ui.command(Command::Kind::kLookAt, wanted);
  }
  // The hand.
  const float hx = std::clamp(x, p.x + 2, p.x + s.x - 2);
  dl->AddRectFilled({hx - 1, p.y - 2}, {hx + 1, p.y + s.y + 2}, past ? t.accent : t.muted, 1);
  dl->AddRectFilled({hx - 4, cy - 9}, {hx + 4, cy + 9}, past || c.hovered ? t.accent : t.muted, 4);
  if (c.hovered && !c.held && end > 0) {
    // Above the track, at the pointer: the lanes below stay in sight.
    const std::string text = "go back to step " + grouped(step_at(ImGui::GetIO().MousePos.x));
    const float tw = Ui::width(ui.fonts.small, text), line = Ui::line(ui.fonts.small);
    const ImVec2 tp{std::clamp(ImGui::GetIO().MousePos.x - tw / 2, p.x + 6, std::max(p.x + 6, p.x + s.x - tw - 6)), p.y - line - 5};
    ImDrawList* over = ImGui::GetForegroundDrawList();
    over->AddRectFilled({tp.x - 6, tp.y - 2}, {tp.x + tw + 6, tp.y + line + 2}, t.raised, 5);
    over->AddRect({tp.x - 6, tp.y - 2}, {tp.x + tw + 6, tp.y + line + 2}, t.border_strong, 5);
    over->AddText(ui.fonts.small, line, {std::floor(tp.x), std::floor(tp.y)}, t.text, text.c_str());
    ui.note("timeline.says", "image", text, {}, {tp.x - 6, tp.y - 2}, {tw + 12, line + 4});
  }
  return size.y;
}

}  // namespace lrlab
