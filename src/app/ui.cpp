#include "app/ui.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/icons.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

ImVec2 add(ImVec2 a, ImVec2 b) { return {a.x + b.x, a.y + b.y}; }
const char* begin_of(std::string_view s) { return s.data(); }
const char* end_of(std::string_view s) { return s.data() + s.size(); }

}  // namespace

const Race& Ui::race() const {
  for (std::size_t i = commands.size(); i-- > 0;)
    if (commands[i].kind == Command::Kind::kSetRace) return commands[i].race;
  return session.race();
}

// ---- text ----------------------------------------------------------------------------------------

float Ui::line(ImFont* font) { return font->FontSize * ImGui::GetIO().FontGlobalScale; }

float Ui::width(ImFont* font, std::string_view s) {
  return font->CalcTextSizeA(line(font), FLT_MAX, 0, begin_of(s), end_of(s)).x;
}

void Ui::text(ImFont* font, ImVec2 pos, ImU32 colour, std::string_view s) {
  if (s.empty()) return;
  draw()->AddText(font, line(font), {std::floor(pos.x), std::floor(pos.y)}, colour, begin_of(s), end_of(s));
}

float Ui::text_fit(ImFont* font, ImVec2 pos, ImU32 colour, std::string_view s, float max) {
  const float whole = width(font, s);
  if (whole <= max) {
    text(font, pos, colour, s);
    return whole;
  }
  const char* rest = begin_of(s);
  const float dots = width(font, "…");
  font->CalcTextSizeA(line(font), std::max(0.0f, max - dots), 0, begin_of(s), end_of(s), &rest);
  const std::string shown = std::string(begin_of(s), rest) + "…";
  text(font, pos, colour, shown);
  if (ImGui::IsMouseHoveringRect(pos, {pos.x + max, pos.y + line(font)}) && ImGui::IsWindowHovered()) {
    tip_title_ = s;
    tip_body_.clear();
    tip_meta_.clear();
    tip_min_ = pos;
    tip_max_ = {pos.x + max, pos.y + line(font)};
  }
  return max;
}

float Ui::wrap_height(ImFont* font, std::string_view s, float w) {
  return font->CalcTextSizeA(line(font), FLT_MAX, w, begin_of(s), end_of(s)).y;
}

float Ui::text_wrap(ImFont* font, ImVec2 pos, ImU32 colour, std::string_view s, float w) {
  if (s.empty()) return 0;
  draw()->AddText(font, line(font), {std::floor(pos.x), std::floor(pos.y)}, colour, begin_of(s), end_of(s), w);
  return wrap_height(font, s, w);
}

void Ui::card(ImVec2 pos, ImVec2 size, ImU32 fill) {
  ImDrawList* dl = draw();
  const ImVec2 end = add(pos, size);
  dl->AddRectFilled({pos.x - 1, pos.y + 1}, {end.x + 1, end.y + 3}, with_alpha(theme->shadow, 0.45f), kRadius + 1);
  dl->AddRectFilled(pos, end, fill ? fill : theme->card, kRadius);
  dl->AddRect(pos, end, theme->border, kRadius);
}

void Ui::marker(int lane, ImVec2 c, float r) {
  ImDrawList* dl = draw();
  const ImU32 colour = lane_colour(*theme, lane);
  switch (lane & 7) {
    case 0: dl->AddCircleFilled(c, r, colour); break;
    case 1: dl->AddRectFilled({c.x - r * 0.88f, c.y - r * 0.88f}, {c.x + r * 0.88f, c.y + r * 0.88f}, colour, 1.5f); break;
    case 2: dl->AddTriangleFilled({c.x, c.y - r * 1.1f}, {c.x + r * 1.1f, c.y + r * 0.85f}, {c.x - r * 1.1f, c.y + r * 0.85f}, colour); break;
    case 3: dl->AddQuadFilled({c.x, c.y - r * 1.2f}, {c.x + r * 1.2f, c.y}, {c.x, c.y + r * 1.2f}, {c.x - r * 1.2f, c.y}, colour); break;
    case 4: dl->AddTriangleFilled({c.x - r * 1.1f, c.y - r * 0.85f}, {c.x + r * 1.1f, c.y - r * 0.85f}, {c.x, c.y + r * 1.1f}, colour); break;
    case 5: dl->AddCircle(c, r * 0.85f, colour, 0, r * 0.6f); break;
    case 6: dl->AddNgonFilled(c, r * 1.1f, colour, 6); break;
    default: dl->AddRect({c.x - r * 0.8f, c.y - r * 0.8f}, {c.x + r * 0.8f, c.y + r * 0.8f}, colour, 0, 0, r * 0.55f); break;
  }
}

// ---- the one behaviour behind every control ------------------------------------------------------

Control Ui::control(std::string_view id, const char* role, std::string_view label, std::string value, ImVec2 pos,
                    ImVec2 size, bool enabled, Drag drag) {
  enabled = enabled && !blocked && !locked;
  const ImRect rect(pos, add(pos, size));
  const ImGuiID gid = ImHashStr(id.data(), id.size(), 0x17ab);
  const bool visible = ImGui::ItemAdd(rect, gid, nullptr, enabled ? 0 : ImGuiItemFlags_Disabled);
  const ImRect clip = ImGui::GetCurrentWindow()->ClipRect;
  if (locked) tip("Locked by the page around the lab.");
  Control c;
  c.focused = enabled && keep.focus == id;
  controls.push_back({.id = std::string(id), .role = role, .label = std::string(label), .value = std::move(value),
                      .x = pos.x, .y = pos.y, .w = size.x, .h = size.y, .enabled = enabled,
                      .visible = visible && clip.Contains(rect.GetCenter()), .focused = c.focused});
  if (c.focused && keep.scroll_to_focus) {
    ImGui::ScrollToRect(ImGui::GetCurrentWindow(), rect, ImGuiScrollFlags_KeepVisibleEdgeY);
    keep.scroll_to_focus = false;
  }
  if (enabled && visible) {
    c.clicked = ImGui::ButtonBehavior(rect, gid, &c.hovered, &c.held);
    if (c.held && ImGui::IsItemActivated()) {
      keep.focus = id;
      keep.focus_shown = false;
      c.focused = true;
    }
    using Swipe = Keep::Swipe;
    if (c.held) keep.free_drag = drag == Drag::kFree;
    const bool waits = drag == Drag::kSideways && keep.swipe != Swipe::kDrag;
    c.dragged = drag != Drag::kNone && ImGui::IsMousePosValid() &&
                (waits ? (c.held && keep.swipe == Swipe::kSideways) || (c.clicked && keep.swipe == Swipe::kUndecided) : c.held);
    if (c.hovered && drag == Drag::kNone) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  if (c.focused && keep.focus_shown && keep.editing != id) focus_ring(pos, size, std::min(kSoft, size.y / 2));
  if (c.focused && enabled && !ImGui::GetIO().WantTextInput && keep.open.empty() &&
      (key(ImGuiKey_Enter, false) || key(ImGuiKey_KeypadEnter, false) || (keep.focus_shown && key(ImGuiKey_Space, false))))
    c.clicked = true;
  if (enabled && keep.press == id) {
    c.clicked = true;
    keep.press.clear();
  }
  return c;
}

void Ui::note(std::string_view id, const char* role, std::string_view label, std::string value, ImVec2 pos, ImVec2 size) {
  const ImRect clip = ImGui::GetCurrentWindow()->ClipRect, rect(pos, add(pos, size));
  controls.push_back({.id = std::string(id), .role = role, .label = std::string(label), .value = std::move(value),
                      .x = pos.x, .y = pos.y, .w = size.x, .h = size.y, .enabled = true,
                      .visible = clip.Contains(rect.GetCenter()), .focused = false});
}

bool Ui::take_value(std::string_view id, std::string& value) {
  if (keep.put != id || blocked || locked) return false;
  value = keep.put_value;
  keep.put.clear();
  return true;
}

bool Ui::key(ImGuiKey k, bool repeat) {
  if (keys_used || !ImGui::IsKeyPressed(k, repeat)) return false;
  keys_used = true;
  return true;
}

void Ui::focus_ring(ImVec2 pos, ImVec2 size, float radius) {
  draw()->AddRect({pos.x - 2, pos.y - 2}, {pos.x + size.x + 2, pos.y + size.y + 2}, theme->accent, radius + 2, 0, 2);
}

void Ui::tip(std::string_view title, std::string_view body, std::string_view meta) {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_AllowWhenDisabled)) return;
  tip_title_ = printable(title);
  tip_body_ = printable(body);
  tip_meta_ = locked ? "Locked by the page around the lab." : printable(meta);
  tip_min_ = ImGui::GetItemRectMin();
  tip_max_ = ImGui::GetItemRectMax();
  // Of what is large it speaks beside the pointer, not somewhere below.
  const ImVec2 m = ImGui::GetIO().MousePos;
  if (tip_max_.y - tip_min_.y > 60) {
    tip_min_ = {m.x + 12, m.y - 4};
    tip_max_ = {m.x + 12, m.y + 8};
  } else if (tip_max_.x - tip_min_.x > 330) {
    tip_min_.x = std::max(tip_min_.x, m.x - 40);
  }
}

void Ui::tip_at(ImVec2 pos, std::string_view title, std::string_view body, std::string_view meta) {
  tip_title_ = printable(title);
  tip_body_ = printable(body);
  tip_meta_ = printable(meta);
  tip_min_ = tip_max_ = pos;
}

void Ui::draw_tip() {
  if (tip_title_.empty() && tip_body_.empty()) return;
  ImDrawList* dl = ImGui::GetForegroundDrawList();
  const float max = std::min(320.0f, layout.w - 24), pad = 11;
  float w = 0, h = pad * 2;
  const auto measure = [&](ImFont* font, const std::string& s, float gap) {
    if (s.empty()) return;
    const ImVec2 size = font->CalcTextSizeA(line(font), FLT_MAX, max - 2 * pad, begin_of(s), end_of(s));
    w = std::max(w, size.x);
    h += size.y + gap;
  };
  measure(fonts.bold, tip_title_, 0);
  measure(fonts.small, tip_body_, 4);
  measure(fonts.small, tip_meta_, 6);
  w += 2 * pad;
  float x = std::clamp(tip_min_.x, 8.0f, std::max(8.0f, layout.w - w - 8));
  float y = tip_max_.y + 8;
  if (y + h > layout.h - 6) y = std::max(6.0f, tip_min_.y - h - 8);
  const ImVec2 p{std::floor(x), std::floor(y)}, e{p.x + std::ceil(w), p.y + std::ceil(h)};
  dl->AddRectFilled({p.x - 2, p.y + 1}, {e.x + 2, e.y + 5}, theme->shadow, kRadius + 2);
  dl->AddRectFilled(p, e, theme->raised, 8);
  dl->AddRect(p, e, theme->border_strong, 8);
  y = p.y + pad;
  const auto put = [&](ImFont* font, ImU32 colour, const std::string& s, float gap) {
    if (s.empty()) return;
    y += gap;
    dl->AddText(font, line(font), {p.x + pad, std::floor(y)}, colour, begin_of(s), end_of(s), max - 2 * pad);
    y += wrap_height(font, s, max - 2 * pad);
  };
  put(fonts.bold, theme->text, tip_title_, 0);
  put(fonts.small, theme->text, tip_body_, 4);
  put(fonts.small, theme->muted, tip_meta_, 6);
  tip_title_.clear();
  tip_body_.clear();
  tip_meta_.clear();
}

// ---- buttons -------------------------------------------------------------------------------------

bool Ui::button(std::string_view id, const char* icon_text, std::string_view label, ImVec2 pos, ImVec2 size, Look look,
                std::string_view tip_text, bool enabled) {
  const Control c = control(id, "button", label.empty() ? tip_text : label, {}, pos, size, enabled);
  const Theme& t = *theme;
  ImDrawList* dl = draw();
  const ImVec2 end = add(pos, size);
  ImU32 ink = t.text;
  switch (look) {
    case Look::kFilled:
      dl->AddRectFilled(pos, end, c.hovered ? t.accent_hover : t.accent, kSoft);
      ink = t.on_accent;
      break;
    case Look::kTinted:
      dl->AddRectFilled(pos, end, t.accent_soft, kSoft);
      ink = t.accent;
      break;
    case Look::kOutlined:
      dl->AddRectFilled(pos, end, t.card, kSoft);
      dl->AddRect(pos, end, t.border_strong, kSoft);
      break;
    case Look::kPlain: break;
  }
  if (look != Look::kFilled && (c.hovered || c.held)) dl->AddRectFilled(pos, end, c.held ? t.press : t.hover, kSoft);
  if (!enabled) ink = t.faint;
  const std::string_view icon_view = icon_text ? icon_text : "";
  const float iw = icon_view.empty() ? 0 : width(fonts.body, icon_view);
  const float gap = iw > 0 && !label.empty() ? 7 : 0;
  const float lw = std::min(width(fonts.bold, label), size.x - iw - gap - 8);
  float x = pos.x + (size.x - iw - gap - lw) / 2;
  const float y = pos.y + (size.y - line(fonts.body)) / 2;
  if (iw > 0) text(fonts.body, {x, y}, ink, icon_view);
  text_fit(fonts.bold, {x + iw + gap, y}, ink, label, lw + 1);
  if (!tip_text.empty()) tip(tip_text);
  return c.clicked;
}

bool Ui::icon_button(std::string_view id, const char* icon_text, std::string_view name, ImVec2 pos, float size,
                     bool enabled, bool on) {
  const Control c = control(id, "button", name, on ? "on" : "", pos, {size, size}, enabled);
  const Theme& t = *theme;
  ImDrawList* dl = draw();
  const ImVec2 end{pos.x + size, pos.y + size};
  if (on) dl->AddRectFilled(pos, end, t.accent_soft, kSoft);
  if (c.hovered || c.held) dl->AddRectFilled(pos, end, c.held ? t.press : t.hover, kSoft);
  const ImU32 ink = !enabled ? t.faint : on ? t.accent : c.hovered ? t.text : t.muted;
  const float w = width(fonts.body, icon_text);
  text(fonts.body, {std::round(pos.x + (size - w) / 2), std::round(pos.y + (size - line(fonts.body)) / 2)}, ink, icon_text);
  tip(name);
  return c.clicked;
}

int Ui::segments(std::string_view id, std::string_view label, const char* const* names, int count, int present,
                 ImVec2 pos, ImVec2 size) {
  const Theme& t = *theme;
  ImDrawList* dl = draw();
  dl->AddRectFilled(pos, add(pos, size), t.sunken, kSoft);
  dl->AddRect(pos, add(pos, size), t.border, kSoft);
  const float w = (size.x - 4) / static_cast<float>(count);
  int chosen = present;
  for (int i = 0; i < count; ++i) {
    const ImVec2 p{pos.x + 2 + w * static_cast<float>(i), pos.y + 2}, s{w, size.y - 4};
    const std::string item = std::string(id) + "." + names[i];
    const Control c = control(item, "tab", std::string(label) + ": " + names[i], i == present ? "on" : "", {p.x, pos.y}, {w, size.y});
    if (i == present) {
      dl->AddRectFilled(p, add(p, s), t.raised, kSoft - 2);
      dl->AddRect(p, add(p, s), t.border, kSoft - 2);
    } else if (c.hovered) {
      dl->AddRectFilled(p, add(p, s), t.hover, kSoft - 2);
    }
    ImFont* font = i == present ? fonts.small : fonts.small;
    const float tw = std::min(width(font, names[i]), w - 6);
    text_fit(font, {p.x + (w - tw) / 2, p.y + (s.y - line(font)) / 2}, i == present ? t.text : t.muted, names[i], tw + 1);
    if (c.clicked) chosen = i;
  }
  return chosen;
}

bool Ui::toggle(std::string_view id, std::string_view label, bool on, ImVec2 pos, float w, std::string_view tip_text) {
  const Theme& t = *theme;
  const float h = std::max(24.0f, layout.target - 4);
  const Control c = control(id, "checkbox", label, on ? "on" : "off", pos, {w, h});
  ImDrawList* dl = draw();
  const float tw = 30, th = 17, y = pos.y + (h - th) / 2, x = pos.x + w - tw;
  dl->AddRectFilled({x, y}, {x + tw, y + th}, on ? t.accent : mix(t.border_strong, t.text, c.hovered ? 0.1f : 0.0f), th / 2);
  dl->AddCircleFilled({on ? x + tw - th / 2 : x + th / 2, y + th / 2}, th / 2 - 2.5f, on ? t.on_accent : t.card);
  text_fit(fonts.body, {pos.x, pos.y + (h - line(fonts.body)) / 2}, t.muted, label, w - tw - 8);
  if (!tip_text.empty()) tip(label, tip_text);
  return c.clicked;
}

// ---- lists ---------------------------------------------------------------------------------------

int Ui::select(std::string_view id, std::string_view label, const std::vector<Option>& options, int present, ImVec2 pos,
               float w) {
  const Theme& t = *theme;
  const float h = std::max(30.0f, layout.target);
  const int count = static_cast<int>(options.size());
  const std::string shown = present >= 0 && present < count ? options[static_cast<std::size_t>(present)].label : "";
  const Control c = control(id, "combobox", label, shown, pos, {w, h});
  ImDrawList* dl = draw();
  const ImVec2 end{pos.x + w, pos.y + h};
  dl->AddRectFilled(pos, end, t.card, kSoft);
  dl->AddRect(pos, end, c.hovered || keep.open == id ? t.accent : t.border_strong, kSoft);
  text_fit(fonts.body, {pos.x + 10, pos.y + (h - line(fonts.body)) / 2}, t.text, shown, w - 34);
  text(fonts.body, {end.x - 24, pos.y + (h - line(fonts.body)) / 2}, t.muted, icon::kChevronDown);

  int chosen = present;
  std::string put;
  if (take_value(id, put))
    for (int i = 0; i < count; ++i)
      if (options[static_cast<std::size_t>(i)].label == put || options[static_cast<std::size_t>(i)].id == put) chosen = i;
  if (c.focused && keep.open.empty() && !ImGui::GetIO().WantTextInput) {
    if (key(ImGuiKey_DownArrow)) chosen = std::min(present + 1, count - 1);
    if (key(ImGuiKey_UpArrow)) chosen = std::max(present - 1, 0);
  }
  const int taken = list(id, options, present, c.clicked, pos, end, w);
  return taken >= 0 ? taken : chosen;
}

int Ui::menu(std::string_view id, const char* icon_text, std::string_view name, const std::vector<Option>& options, ImVec2 pos, float size) {
  const bool opens = icon_button(id, icon_text, name, pos, size, true, keep.open == id);
  std::string put;
  if (take_value(id, put))
    for (std::size_t i = 0; i < options.size(); ++i)
      if (options[i].id == put) return static_cast<int>(i);
  return list(id, options, -1, opens, pos, {pos.x + size, pos.y + size}, 210);
}

// The list itself, below or above the rectangle from pos to end. Returns the index chosen in this
// frame; −1: none.
int Ui::list(std::string_view id, const std::vector<Option>& options, int present, bool opens, ImVec2 pos, ImVec2 end, float w) {
  const Theme& t = *theme;
  const int count = static_cast<int>(options.size());
  int chosen = -1;
  const std::string popup = "##list." + std::string(id);
  if (opens) {
    ImGui::OpenPopup(popup.c_str());
    keep.open = id;
    keep.cursor = std::max(0, present);
  }
  const bool docs = std::any_of(options.begin(), options.end(), [](const Option& o) { return !o.doc.empty(); });
  const float pw = std::min(std::max(w, docs ? 380.0f : w), layout.w - 16), tw = pw - 52;
  // Rows are as high as their descriptions; top[i] is where row i begins, the last one the end.
  std::vector<float> top{0};
  for (const Option& o : options) {
    const float low = std::max(30.0f, layout.target);
    const float lines = o.doc.empty() ? line(fonts.body) : line(fonts.body) + wrap_height(fonts.small, o.doc, tw);
    top.push_back(top.back() + (docs ? std::max(low, lines + 14) : low));
  }
  float space_below = layout.h - end.y - 12, space_above = pos.y - 12;
  const float want = top.back() + 12;
  const bool up = space_below < want && space_above > space_below;
  const float ph = std::min(want, std::max(120.0f, up ? space_above : space_below));
  ImGui::SetNextWindowPos({std::min(pos.x, layout.w - pw - 8), up ? pos.y - ph - 4 : end.y + 4});
  ImGui::SetNextWindowSize({pw, ph});
  if (ImGui::BeginPopup(popup.c_str(), ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    const bool starts = ImGui::IsWindowAppearing();
    const ImVec2 wp = ImGui::GetWindowPos();
    scroll_by_finger(id);
    if (key(ImGuiKey_DownArrow)) keep.cursor = std::min(keep.cursor + 1, count - 1);
    if (key(ImGuiKey_UpArrow)) keep.cursor = std::max(keep.cursor - 1, 0);
    for (int i = 0; i < count; ++i) {
      const Option& o = options[static_cast<std::size_t>(i)];
      const float row = top[static_cast<std::size_t>(i) + 1] - top[static_cast<std::size_t>(i)];
      const ImVec2 p{wp.x + 6, wp.y + 6 + top[static_cast<std::size_t>(i)] - ImGui::GetScrollY()}, s{pw - 12, row};
      const Control item = control(std::string(id) + "." + std::to_string(i), "option", o.label, i == present ? "on" : "", p, s);
      if (item.hovered && (ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0)) keep.cursor = i;
      ImDrawList* list = draw();
      if (i == keep.cursor) list->AddRectFilled(p, add(p, s), t.accent_soft, kSoft - 1);
      if (i == present) text(fonts.body, {p.x + s.x - 24, p.y + (row - line(fonts.body)) / 2}, t.accent, icon::kCheck);
      const float tx = p.x + 10, lines = row - 14;
      ImFont* font = i == present ? fonts.bold : fonts.body;
      if (o.doc.empty()) {
        text_fit(font, {tx, p.y + (row - line(fonts.body)) / 2}, t.text, o.label, tw);
      } else {
        const float ty = p.y + (row - std::min(lines, line(fonts.body) + wrap_height(fonts.small, o.doc, tw))) / 2;
        text_fit(font, {tx, ty}, t.text, o.label, tw);
        text_wrap(fonts.small, {tx, ty + line(fonts.body)}, t.muted, o.doc, tw);
      }
      if (i == keep.cursor && starts) ImGui::SetScrollY(std::max(0.0f, top[static_cast<std::size_t>(i)] - ph / 2 + row));
      if (item.clicked) chosen = i;
    }
    ImGui::SetCursorScreenPos({wp.x, wp.y + want - ImGui::GetScrollY() - 1});
    ImGui::Dummy({1, 1});
    if (!starts && key(ImGuiKey_Enter, false)) chosen = keep.cursor;
    const bool enter = !starts && ImGui::IsKeyPressed(ImGuiKey_Enter, false);
    if ((chosen >= 0 && chosen != present) || enter || key(ImGuiKey_Escape, false) ||
        (ImGui::IsMouseReleased(0) && ImGui::IsWindowHovered() && !starts && keep.scrolling.empty()))
      ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  } else if (keep.open == id && !opens) {
    keep.open.clear();
  }
  return chosen;
}

// ---- typing --------------------------------------------------------------------------------------

namespace {

// The field itself, where a control stood. True when the person is done; `accept`: with a result.
bool edit(Ui& ui, ImVec2 pos, ImVec2 size, ImFont* font, bool& accept) {
  const float scale = Ui::line(font);
  ImGui::PushFont(font);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(8, std::max(0.0f, (size.y - scale) / 2)));
  ImGui::SetCursorScreenPos(pos);
  ImGui::SetNextItemWidth(size.x);
  if (ui.keep.edit_starts) {
    // Who came by keyboard has not clicked into this column, and Dear ImGui gives no focus to an item
    // of a window that has none.
    ImGui::FocusWindow(ImGui::GetCurrentWindow());
    ImGui::SetKeyboardFocusHere();
  }
  const bool enter = ImGui::InputText("##edit", ui.keep.buffer.data(), ui.keep.buffer.size(),
                                      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  const bool left = ImGui::IsItemDeactivated() && !ui.keep.edit_starts;
  const bool escape = ImGui::IsKeyPressed(ImGuiKey_Escape, false);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  ui.draw()->AddRect(pos, add(pos, size), ui.theme->accent, kSoft, 0, 2);
  ui.keep.edit_starts = false;
  ui.keys_used = ui.keys_used || enter || escape;
  accept = enter || (left && !escape);
  return enter || left || escape;
}

}  // namespace

// number_text() without the zeros that C puts before an exponent: 1e-8.
static std::string plain_number(double v) {
  std::string s = number_text(v);
  const std::size_t e = s.find('e');
  if (e == std::string::npos) return s;
  std::size_t digits = e + 1;
  if (s[digits] == '-' || s[digits] == '+') ++digits;
  while (digits + 1 < s.size() && s[digits] == '0') s.erase(digits, 1);
  return s;
}

bool Ui::number(std::string_view id, std::string_view label, const ParamSpec& spec, double& value, ImVec2 pos,
                ImVec2 size, ImFont* font, float align, bool frame) {
  if (!font) font = fonts.body;
  const bool plain = spec.kind == ParamKind::kNumber || spec.kind == ParamKind::kInteger;
  const std::string shown = plain ? plain_number(value) : value_text(spec, value);
  const auto take = [&](std::string_view s) {
    double v = 0;
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    std::string point(s);  // half of the world writes 0,05
    if (std::count(s.begin(), s.end(), ',') == 1 && s.find('.') == s.npos) point[s.find(',')] = '.';
    if (!parse_value(spec, point, v)) {
      if (!s.empty())
        notices.push_back({spec.key, "'" + printable(s, 20) + "' is not a value of '" + spec.label + "': allowed is " +
                                         range_text(spec) + ". It stays at " + value_text(spec, value) + "."});
      return false;
    }
    std::vector<Issue> issues;
    fit_value(spec, v, value, issues);
    for (Issue& i : issues) notices.push_back(std::move(i));
    if (v == value) return false;
    value = v;
    return true;
  };
  std::string put;
  if (take_value(id, put)) return take(put);
  if (keep.editing == id) {
    control(id, "textbox", label, shown, pos, size, true, Drag::kFree);
    bool accept = false;
    if (!edit(*this, pos, size, font, accept)) return false;
    keep.editing.clear();
    return accept && take(keep.buffer.data());
  }
  const Control c = control(id, "textbox", label, shown, pos, size);
  if (c.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  ImDrawList* dl = draw();
  if (frame) dl->AddRectFilled(pos, add(pos, size), theme->sunken, kSoft - 1);
  if (c.hovered) dl->AddRect(pos, add(pos, size), theme->border_strong, kSoft - 1);
  const float pad = frame ? 8 : 4;
  std::string drawn = shown;  // with as many digits as there is room for; all of them where it is typed
  for (int digits = 7; plain && digits > 2 && width(font, drawn) > size.x - 2 * pad; --digits) drawn = plain_number(rounded(value, digits));
  const float w = std::min(width(font, drawn), size.x - 2 * pad);
  text_fit(font, {pos.x + pad + (size.x - 2 * pad - w) * align, pos.y + (size.y - line(font)) / 2}, theme->text, drawn, w + 1);
  if (c.clicked) {
    keep.editing = id;
    keep.edit_starts = true;
    std::snprintf(keep.buffer.data(), keep.buffer.size(), "%s", number_text(value).c_str());
  }
  return false;
}

bool Ui::text_field(std::string_view id, std::string_view label, std::string& value, ImVec2 pos, ImVec2 size) {
  std::string put;
  if (take_value(id, put)) {
    value = put;
    return true;
  }
  if (keep.editing == id) {
    control(id, "textbox", label, value, pos, size, true, Drag::kFree);
    bool accept = false;
    if (!edit(*this, pos, size, fonts.body, accept)) return false;
    keep.editing.clear();
    if (!accept || value == keep.buffer.data()) return false;
    value = keep.buffer.data();
    return true;
  }
  const Control c = control(id, "textbox", label, value, pos, size);
  if (c.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  draw()->AddRectFilled(pos, add(pos, size), theme->sunken, kSoft - 1);
  if (c.hovered) draw()->AddRect(pos, add(pos, size), theme->border_strong, kSoft - 1);
  text_fit(fonts.body, {pos.x + 8, pos.y + (size.y - line(fonts.body)) / 2}, theme->text, value, size.x - 16);
  if (c.clicked) {
    keep.editing = id;
    keep.edit_starts = true;
    std::snprintf(keep.buffer.data(), keep.buffer.size(), "%s", value.c_str());
  }
  return false;
}

// ---- columns -------------------------------------------------------------------------------------

void Ui::follow_finger() {
  using Swipe = Keep::Swipe;
  const ImGuiIO& io = ImGui::GetIO();
  keep.swipe_decided = false;
  if (ImGui::IsMouseClicked(0)) {
    keep.swipe = io.MouseSource == ImGuiMouseSource_TouchScreen ? Swipe::kUndecided : Swipe::kDrag;
    keep.free_drag = false;
    keep.scrolling.clear();
  } else if (keep.swipe == Swipe::kUndecided && ImGui::IsMouseDown(0) && ImGui::IsMousePosValid()) {
    const float dx = std::abs(io.MousePos.x - io.MouseClickedPos[0].x), dy = std::abs(io.MousePos.y - io.MouseClickedPos[0].y);
    if (std::max(dx, dy) < 8) return;
    keep.swipe = dx > 1.2f * dy ? Swipe::kSideways : Swipe::kVertical;
    keep.swipe_decided = true;
  }
}

// The content follows the finger from wherever it was put down, and runs on a little when let go.
void Ui::scroll_by_finger(std::string_view id) {
  const bool starts = keep.swipe_decided && keep.swipe == Keep::Swipe::kVertical && !keep.free_drag;
  if (starts && ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem)) {
    ImGui::ClearActiveID();
    keep.scrolling = id;
    keep.velocity = 0;
  }
  if (keep.scrolling != id) return;
  const float dy = ImGui::GetIO().MouseDelta.y;
  if (ImGui::IsMouseDown(0)) {
    ImGui::SetScrollY(ImGui::GetScrollY() - dy);
    keep.velocity = keep.velocity * 0.6f + dy * 0.4f;
  } else if (std::abs(keep.velocity) > 0.4f) {
    ImGui::SetScrollY(ImGui::GetScrollY() - keep.velocity);
    keep.velocity *= 0.93f;
    moving = true;
  } else {
    keep.scrolling.clear();
  }
}

bool Ui::begin_column(const char* id, ImVec2 pos, ImVec2 size, float pad) {
  ImGui::SetCursorScreenPos(pos);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(pad, pad));
  const bool open = ImGui::BeginChild(id, size, pad > 0 ? ImGuiChildFlags_AlwaysUseWindowPadding : ImGuiChildFlags_None,
                                      ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar();
  scroll_by_finger(id);
  return open;
}

void Ui::end_column() {
  ImGui::EndChild();
}

}  // namespace lrlab
