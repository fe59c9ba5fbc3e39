// Pointer, wheel, keys and text of the page, as Dear ImGui's input.
//
// Emscripten's GLFW is not used: it cancels Tab and every wheel event over the canvas (a keyboard trap,
// and a stolen page scroll), knows one finger and no pen, and its scaling on dense screens is wrong
// in the version pinned here. What is needed is less than what would have to be undone.
#pragma once

#include <imgui.h>

namespace lrlab::input_web {

// kind, device: see browser.h. One finger is the mouse; what a drag does is for the application.
void pointer(int kind, int device, int button, float x, float y);
void wheel(double dx, double dy, bool zoom);  // logical pixels

// False: the browser should have the key.
bool key(const char* key, const char* code, bool down, bool ctrl, bool shift, bool alt, bool meta);
// Press and release a key together with the platform's shortcut modifier.
void shortcut(ImGuiKey key);

}  // namespace lrlab::input_web
