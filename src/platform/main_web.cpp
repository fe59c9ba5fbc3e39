// The lab in a browser: a WebGL 2 canvas, and JavaScript's calls of browser.h turned into frames.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <emscripten/emscripten.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "app/app.h"
#include "platform/browser.h"
#include "platform/draw_web.h"
#include "platform/frame.h"
#include "platform/input_web.h"

namespace lrlab {
namespace {

constexpr double kAwake = 1.2;  // seconds to go on drawing after an input: hover delays, tooltips

double wall_clock() { return emscripten_get_now() / 1000; }

struct Page {
  std::unique_ptr<App> app;
  DrawWeb gpu;
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
    ImGui::GetIO().Fonts->Build();
    if (page->has_context) page->gpu.upload_font();
  }
  const float ratio = static_cast<float>(page->ratio);
  io.DisplaySize = {logical_size(page->width, ratio), logical_size(page->height, ratio)};
  io.DisplayFramebufferScale = {ratio, ratio};

  ImGui::NewFrame();
  page->app->frame(budget);
  ImGui::Render();
  if (page->has_context && page->width > 0 && page->height > 0)
    page->gpu.draw(*ImGui::GetDrawData(), page->width, page->height);
  if (const int cursor = ImGui::GetMouseCursor(); cursor != page->cursor)
    browser::set_cursor(css_cursor(page->cursor = cursor));
}

// What could be pressed in the last frame: differs when something opened or closed.
std::string control_ids() {
  std::string ids;
  for (const ControlInfo& control : page->app->controls()) (ids += control.id) += ' ';
  return ids;
}

bool over_plot() {
  const ImVec2 at = ImGui::GetIO().MousePos;
  const auto& all = page->app->controls();
  return std::any_of(all.begin(), all.end(), [&](const ControlInfo& c) {
    return c.visible && c.id.starts_with("plot.") && c.role == "image" && at.x >= c.x && at.x < c.x + c.w &&
           at.y >= c.y && at.y < c.y + c.h;
  });
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
  io.BackendPlatformName = io.BackendRendererName = "lrlab_web";
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
  io.ConfigMacOSXBehaviors = browser::is_mac();
  io.IniFilename = nullptr;  // the state is in the address, nothing is stored
  io.SetClipboardTextFn = set_clipboard;
  io.GetClipboardTextFn = get_clipboard;
  io.SetPlatformImeDataFn = set_text_place;
  page->gpu.create();

  Host host;
  host.now = lab_clock;
  host.set_url = [](const std::string& query) { browser::set_url(query.c_str()); };
  host.copy = [](const std::string& text) { browser::copy(text.c_str()); };
  host.share = [](const std::string& query) { browser::share(query.c_str()); };
  host.announce = [](const std::string& text) { browser::announce(text.c_str()); };
  host.open_link = [](const std::string& url) { browser::open_link(url.c_str()); };
  host.save_file = [](const std::string& name, const std::string& mime, const std::string& bytes) {
    browser::save_file(name.c_str(), mime.c_str(), bytes.data(), bytes.size());
  };
  host.open_file = [] { browser::open_file(); };
  host.fetch_data = [](const std::string& id) { browser::fetch_data(id.c_str()); };
  host.make_pool = make_pool;
  host.sheet = {&page->gpu, [](auto... picture) { page->gpu.put_picture(picture...); }};
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
  page->gpu.cleared();
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
  // Dear ImGui takes press and release in different frames, and what they open needs a few more until
  // it has the keyboard.
  for (int i = 0, left = 3; i < 10 && left > 0; i++) {
    if (ImGui::GetCurrentContext()->InputEventsQueue.empty()) left--;
    lrlab::draw(0);
  }
}

EMSCRIPTEN_KEEPALIVE void lrlab_pointer(int kind, int device, int button, double x, double y) {
  if (kind == kPointerDown) page->walking = false;
  lrlab::input_web::pointer(kind, device, button, static_cast<float>(x), static_cast<float>(y));
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE int lrlab_wheel(double dx, double dy, int zoom) {
  if (zoom && !lrlab::over_plot()) return 0;  // so the browser zooms its page
  lrlab::input_web::wheel(dx, dy, zoom);
  lrlab::wake();
  return 1;
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
  const bool used = editing || lrlab::control_ids() != before;
  if (!used) page->walking = false;
  return used;
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

EMSCRIPTEN_KEEPALIVE void lrlab_open_file(const char* name, const char* text, double size) {
  page->app->open_file(name, text, static_cast<std::size_t>(size));
  lrlab::wake();
}

EMSCRIPTEN_KEEPALIVE void lrlab_data_arrived(int fetched) {
  page->app->data_arrived(fetched);
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

EMSCRIPTEN_KEEPALIVE const char* lrlab_tables(int csv) {
  page->state = csv ? page->app->csv() : page->app->table();
  return page->state.c_str();
}

EMSCRIPTEN_KEEPALIVE void lrlab_context(int restored) {
  page->has_context = restored != 0;
  // Everything that was on the GPU is gone with the context: forget it now, make it anew later.
  if (restored) {
    page->gpu.create();
    if (page->ratio > 0) page->gpu.upload_font();
  } else {
    page->gpu.forget();
  }
  lrlab::wake();
}

}  // extern "C"
