// The lab in a browser: a WebGL 2 canvas, and JavaScript's calls of browser.h turned into frames.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <GLES3/gl3.h>
#include <emscripten/emscripten.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include "app/app.h"
#include "platform/browser.h"
#include "platform/input_web.h"
#include "platform/pace.h"

namespace lrlab {
namespace {

constexpr double kAwake = 1.2;  // seconds to go on drawing after an input: hover delays, tooltips

double wall_clock() { return emscripten_get_now() / 1000; }

struct Page {
  std::unique_ptr<App> app;
  Pace pace;
  bool has_context = false;  // false while the WebGL context is lost
  bool visible_text = false; // a text field shows its cursor
  int width = 0, height = 0; // physical pixels
  double ratio = 0, next_ratio = 1;
  LabClock clock{wall_clock()};
  double last_start = 0, busy = 0;  // of the last frame: when, and the seconds it took
  double awake_until = 0;
  int cursor = -2;
  bool copying = false;
  bool walking = false;      // the keyboard goes from control to control
  std::string clipboard, state;
};
std::optional<Page> page;

double lab_clock() { return page->clock.at(wall_clock()); }
void wake() { page->awake_until = wall_clock() + kAwake; }

const char* css_cursor(int cursor) {
  switch (cursor) {
    case ImGuiMouseCursor_None: return "none";
    case ImGuiMouseCursor_TextInput: return "text";
    case ImGuiMouseCursor_ResizeAll: return "move";
    case ImGuiMouseCursor_ResizeNS: return "ns-resize";
    case ImGuiMouseCursor_ResizeEW: return "ew-resize";
    case ImGuiMouseCursor_ResizeNESW: return "nesw-resize";
    case ImGuiMouseCursor_ResizeNWSE: return "nwse-resize";
    case ImGuiMouseCursor_Hand: return "pointer";
    case ImGuiMouseCursor_NotAllowed: return "not-allowed";
    default: return "default";
  }
}

void draw(double budget) {
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime = static_cast<float>(page->clock.frame(wall_clock()));

  if (page->ratio != page->next_ratio) {  // type is drawn anew for the screen's density
    page->ratio = page->next_ratio;
    page->app->setup_style(static_cast<float>(page->ratio));
    if (page->has_context) {
      ImGui_ImplOpenGL3_DestroyFontsTexture();
      ImGui_ImplOpenGL3_CreateFontsTexture();
    }
  }
  // Dear ImGui multiplies these two and cuts the fraction off: a hair more, so that none is lost.
  io.DisplaySize = {static_cast<float>((page->width + 0.01) / page->ratio),
                    static_cast<float>((page->height + 0.01) / page->ratio)};
  io.DisplayFramebufferScale = {static_cast<float>(page->ratio), static_cast<float>(page->ratio)};

  if (page->has_context) ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  page->app->frame(budget);
  ImGui::Render();
  if (page->has_context) {
    glViewport(0, 0, page->width, page->height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  }
  if (const int cursor = ImGui::GetMouseCursor(); cursor != page->cursor)
    browser::set_cursor(css_cursor(page->cursor = cursor));
}

// What could be pressed in the last frame: differs when something opened or closed.
std::string control_ids() {
  std::string ids;
  for (const ControlInfo& control : page->app->controls()) (ids += control.id) += ' ';
  return ids;
}

bool has_focus() {
  const auto& all = page->app->controls();
  return std::any_of(all.begin(), all.end(), [](const ControlInfo& c) { return c.focused; });
}

void set_clipboard(void*, const char* text) {
  page->clipboard = text;
  if (!page->copying) browser::copy(text);
}
const char* get_clipboard(void*) { return page->clipboard.c_str(); }

void set_text_place(ImGuiViewport*, ImGuiPlatformImeData* data) {
  page->visible_text = data->WantVisible;
  browser::edit_text(data->WantVisible, data->InputPos.x, data->InputPos.y, data->InputLineHeight);
}

bool start() {
  if (!browser::create_context()) return false;
  page.emplace();
  page->has_context = true;

  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.BackendPlatformName = "lrlab_web";
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
  io.ConfigMacOSXBehaviors = browser::is_mac();
  io.IniFilename = nullptr;  // the state is in the address, nothing is stored
  io.SetClipboardTextFn = set_clipboard;
  io.GetClipboardTextFn = get_clipboard;
  io.SetPlatformImeDataFn = set_text_place;
  ImGui_ImplOpenGL3_Init();

  Host host;
  host.now = lab_clock;
  host.set_url = [](const std::string& query) { browser::set_url(query.c_str()); };
  host.copy = [](const std::string& text) { browser::copy(text.c_str()); };
  host.announce = [](const std::string& text) { browser::announce(text.c_str()); };
  host.open_link = [](const std::string& url) { browser::open_link(url.c_str()); };
  host.save_file = [](const std::string& name, const std::string& mime, const std::string& bytes) {
    browser::save_file(name.c_str(), mime.c_str(), bytes.data(), bytes.size());
  };
  host.prefers_dark = browser::prefers_dark();
  host.reduced_motion = browser::reduced_motion();
  host.touch = browser::coarse_pointer();
  page->app = std::make_unique<App>(std::move(host));
  return true;
}

}  // namespace
}  // namespace lrlab

using lrlab::page;

// The page calls lrlab_state() and draws only where this left a lab behind (`lrlab_ready`).
int main() { return lrlab::start() ? 0 : 1; }

extern "C" {

EMSCRIPTEN_KEEPALIVE int lrlab_ready() { return page.has_value(); }

EMSCRIPTEN_KEEPALIVE void lrlab_resize(int pixel_width, int pixel_height, double ratio) {
  page->width = pixel_width;
  page->height = pixel_height;
  page->next_ratio = ratio;
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE int lrlab_frame() {
  const double start = lrlab::wall_clock();
  page->pace.frame(start - std::exchange(page->last_start, start), page->busy);
  lrlab::draw(page->pace.budget());
  page->busy = lrlab::wall_clock() - start;
  return page->app->wants_frames() || page->visible_text || start < page->awake_until;
}

EMSCRIPTEN_KEEPALIVE void lrlab_settle() {
  // Dear ImGui takes press and release in different frames. Six are enough for a tap.
  for (int i = 0; i < 6; i++) {
    const bool last = ImGui::GetCurrentContext()->InputEventsQueue.empty();
    lrlab::draw(0);
    if (last) break;
  }
}

EMSCRIPTEN_KEEPALIVE void lrlab_pointer(int kind, int device, int button, double x, double y) {
  if (kind == kPointerDown) page->walking = false;
  lrlab::input_web::pointer(kind, device, button, static_cast<float>(x), static_cast<float>(y));
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE void lrlab_wheel(double dx, double dy) {
  lrlab::input_web::wheel(dx, dy);
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE int lrlab_key(const char* key, const char* code, int down, int ctrl, int shift,
                                   int alt, int meta) {
  lrlab::wake();
  // The lab is one stop of the page's Tab order. Enter goes in: then Tab walks from control to
  // control, and leaves after the last.
  const std::string_view name = key;
  if (name == "Tab") {
    if (down && page->walking && !ctrl && !alt && !meta) page->walking = page->app->move_focus(shift);
    return page->walking;
  }
  if (name == "Enter" && down && !page->walking && !lrlab::has_focus()) {
    page->walking = page->app->move_focus(false);
    return page->walking;
  }
  return lrlab::input_web::key(key, code, down, ctrl, shift, alt, meta);
}

EMSCRIPTEN_KEEPALIVE void lrlab_text(const char* text) {
  ImGui::GetIO().AddInputCharactersUTF8(text);
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE void lrlab_focus(int focused) {
  ImGui::GetIO().AddFocusEvent(focused);
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE int lrlab_escape() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  const bool editing = g.OpenPopupStack.Size > 0 || g.ActiveId != 0;
  const std::string before = lrlab::control_ids();
  lrlab::input_web::key("Escape", "Escape", true, false, false, false, false);
  lrlab::input_web::key("Escape", "Escape", false, false, false, false, false);
  lrlab_settle();
  lrlab::wake();
  return editing || lrlab::control_ids() != before;
}

EMSCRIPTEN_KEEPALIVE void lrlab_paste(const char* text) {
  page->clipboard = text;
  lrlab::input_web::shortcut(ImGuiKey_V);
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE const char* lrlab_cut_or_copy(int cut) {
  page->clipboard.clear();
  page->copying = true;
  lrlab::input_web::shortcut(cut ? ImGuiKey_X : ImGuiKey_C);
  lrlab_settle();
  page->copying = false;
  lrlab::wake();
  return page->clipboard.c_str();
}

EMSCRIPTEN_KEEPALIVE void lrlab_load(const char* query) {
  page->app->load(query);
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE int lrlab_command(const char* text) {
  lrlab::wake();
  return page->app->command(text);
}

EMSCRIPTEN_KEEPALIVE const char* lrlab_state() {
  page->state = page->app->state_json();
  return page->state.c_str();
}

EMSCRIPTEN_KEEPALIVE void lrlab_context(int restored) {
  page->has_context = restored != 0;
  if (restored) {  // everything that was on the GPU is gone with the old context
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplOpenGL3_Init();
  }
  lrlab::wake();
}

}  // extern "C"
