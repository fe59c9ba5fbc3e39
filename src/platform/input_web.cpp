#include "platform/input_web.h"

#include <cfloat>
#include <cstring>

#include "platform/browser.h"

namespace lrlab::input_web {
namespace {

struct NamedKey {
  const char* name;
  ImGuiKey key;
};
constexpr NamedKey kNamed[] = {
    {"ArrowLeft", ImGuiKey_LeftArrow}, {"ArrowRight", ImGuiKey_RightArrow}, {"ArrowUp", ImGuiKey_UpArrow},
    {"ArrowDown", ImGuiKey_DownArrow}, {"PageUp", ImGuiKey_PageUp}, {"PageDown", ImGuiKey_PageDown},
    {"Home", ImGuiKey_Home}, {"End", ImGuiKey_End}, {"Insert", ImGuiKey_Insert}, {"Delete", ImGuiKey_Delete},
    {"Backspace", ImGuiKey_Backspace}, {"Enter", ImGuiKey_Enter}, {"Escape", ImGuiKey_Escape},
    {" ", ImGuiKey_Space}, {"'", ImGuiKey_Apostrophe}, {",", ImGuiKey_Comma}, {"-", ImGuiKey_Minus},
    {".", ImGuiKey_Period}, {"/", ImGuiKey_Slash}, {"?", ImGuiKey_Slash}, {";", ImGuiKey_Semicolon},
    {"=", ImGuiKey_Equal}, {"+", ImGuiKey_Equal}, {"[", ImGuiKey_LeftBracket}, {"]", ImGuiKey_RightBracket},
    {"\\", ImGuiKey_Backslash}, {"`", ImGuiKey_GraveAccent}};
constexpr NamedKey kModifiers[] = {
    {"ControlLeft", ImGuiKey_LeftCtrl}, {"ControlRight", ImGuiKey_RightCtrl},
    {"ShiftLeft", ImGuiKey_LeftShift}, {"ShiftRight", ImGuiKey_RightShift},
    {"AltLeft", ImGuiKey_LeftAlt}, {"AltRight", ImGuiKey_RightAlt},
    {"MetaLeft", ImGuiKey_LeftSuper}, {"MetaRight", ImGuiKey_RightSuper}};

template <std::size_t N>
ImGuiKey look_up(const NamedKey (&table)[N], const char* name) {
  for (const NamedKey& row : table)
    if (std::strcmp(row.name, name) == 0) return row.key;
  return ImGuiKey_None;
}

// Letters by what is printed on them (`key`), so that shortcuts follow the keyboard's layout.
ImGuiKey key_of(const char* key, const char* code) {
  if (key[0] && !key[1]) {
    const char c = key[0];
    if (c >= 'a' && c <= 'z') return static_cast<ImGuiKey>(ImGuiKey_A + (c - 'a'));
    if (c >= 'A' && c <= 'Z') return static_cast<ImGuiKey>(ImGuiKey_A + (c - 'A'));
    if (c >= '0' && c <= '9') return static_cast<ImGuiKey>(ImGuiKey_0 + (c - '0'));
  }
  if (std::strcmp(code, "NumpadEnter") == 0) return ImGuiKey_KeypadEnter;
  if (const ImGuiKey found = look_up(kNamed, key); found != ImGuiKey_None) return found;
  return look_up(kModifiers, code);
}

}  // namespace

void pointer(int kind, int device, int button, float x, float y) {
  ImGuiIO& io = ImGui::GetIO();
  const bool finger = device == kDeviceTouch;
  io.AddMouseSourceEvent(finger                 ? ImGuiMouseSource_TouchScreen
                         : device == kDevicePen ? ImGuiMouseSource_Pen
                                                : ImGuiMouseSource_Mouse);
  if (kind != kPointerCancel && kind != kPointerLeave) io.AddMousePosEvent(x, y);
  // Taken over by the browser, to pinch or to scroll: what was pressed is let go, but not upon it.
  if (kind == kPointerCancel) io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  if (kind == kPointerDown) io.AddMouseButtonEvent(button, true);
  if (kind == kPointerUp || kind == kPointerCancel) io.AddMouseButtonEvent(button, false);
  // Nothing is under a pointer that left, or under a finger that was lifted.
  if (kind == kPointerLeave || (finger && kind == kPointerUp))
    io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
}

void wheel(double dx, double dy, bool zoom) {
  ImGuiIO& io = ImGui::GetIO();
  // Two fingers on a trackpad come as a wheel with Ctrl, though nobody holds that key; and their steps
  // are small.
  const bool pinch = zoom && !io.KeyCtrl;
  if (pinch) io.AddKeyEvent(ImGuiMod_Ctrl, true);
  // Dear ImGui scrolls five lines to a unit: so divided, the content follows the fingers on a trackpad.
  const double unit = pinch ? 12 : 5 * ImGui::GetFontSize();
  io.AddMouseWheelEvent(static_cast<float>(-dx / unit), static_cast<float>(-dy / unit));
  if (pinch) io.AddKeyEvent(ImGuiMod_Ctrl, false);
}

bool key(const char* key, const char* code, bool down, bool ctrl, bool shift, bool alt, bool meta) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(ImGuiMod_Ctrl, ctrl);
  io.AddKeyEvent(ImGuiMod_Shift, shift);
  io.AddKeyEvent(ImGuiMod_Alt, alt);
  io.AddKeyEvent(ImGuiMod_Super, meta);
  // F5, F12 and what is unknown is not in the table.
  const ImGuiKey found = key_of(key, code);
  if (found == ImGuiKey_None) return false;
  const bool shortcut = ctrl || meta, letter = found >= ImGuiKey_A && found <= ImGuiKey_Z;
  if (down) {
    if (alt) return false;
    // With Ctrl or Cmd only what edits: find, address, reload, zoom, new tab and their kin are the
    // browser's. Copy, cut and paste come as events of their own.
    if (shortcut && letter && found != ImGuiKey_A && found != ImGuiKey_Z && found != ImGuiKey_Y) return false;
    if (shortcut && !letter && (std::strlen(key) == 1 || found == ImGuiKey_PageUp || found == ImGuiKey_PageDown))
      return false;
  }
  io.AddKeyEvent(found, down);
  for (const NamedKey& row : kModifiers)
    if (row.key == found) return false;
  return true;
}

void shortcut(ImGuiKey key) {
  ImGuiIO& io = ImGui::GetIO();
  const ImGuiKey modifier = io.ConfigMacOSXBehaviors ? ImGuiMod_Super : ImGuiMod_Ctrl;
  io.AddKeyEvent(modifier, true);
  io.AddKeyEvent(key, true);
  io.AddKeyEvent(key, false);
  io.AddKeyEvent(modifier, false);
}

}  // namespace lrlab::input_web
