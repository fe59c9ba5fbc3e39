// browser.h, C++ to JavaScript: each function calls its namesake on the page object of web/lab.js,
// which the page gave to the module as `Module.page`. EM_JS is compiled in: no eval, so it works under
// a strict content security policy.
#include "platform/browser.h"

#include <emscripten/em_js.h>
#include <emscripten/html5.h>

// clang-format off
EM_JS_DEPS(lrlab_page, "$specialHTMLTargets,$UTF8ToString")
EM_JS(void, lrlab_js_name_canvas, (), { specialHTMLTargets["!lrlab"] = Module.page.canvas; })
EM_JS(int, lrlab_js_fact, (const char* name), { return Module.page.fact(UTF8ToString(name)) ? 1 : 0; })
EM_JS(void, lrlab_js_tell, (const char* what, const char* text), { Module.page[UTF8ToString(what)](UTF8ToString(text)); })
EM_JS(void, lrlab_js_save_file, (const char* name, const char* mime, const char* bytes, int size), {
  Module.page.save_file(UTF8ToString(name), UTF8ToString(mime), HEAPU8.slice(bytes, bytes + size));
})
EM_JS(void, lrlab_js_edit_text, (int on, double x, double y, double height), { Module.page.edit_text(!!on, x, y, height); })
// clang-format on

namespace lrlab::browser {

bool create_context() {
  // Several labs may live on one page: the canvas is handed over, not looked up by a selector.
  lrlab_js_name_canvas();
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.majorVersion = 2;
  attributes.alpha = false;      // nothing of the page shows through
  attributes.depth = false;
  attributes.antialias = false;  // ImGui smooths its own edges; multisampling would only cost
  attributes.preserveDrawingBuffer = true;  // only what changed is painted (repaint.h)
  attributes.enableExtensionsByDefault = false;
  const EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context = emscripten_webgl_create_context("!lrlab", &attributes);
  return context > 0 && emscripten_webgl_make_context_current(context) == EMSCRIPTEN_RESULT_SUCCESS;
}

bool prefers_dark() { return lrlab_js_fact("prefers_dark") != 0; }
bool reduced_motion() { return lrlab_js_fact("reduced_motion") != 0; }
bool coarse_pointer() { return lrlab_js_fact("coarse_pointer") != 0; }
bool is_mac() { return lrlab_js_fact("is_mac") != 0; }

void set_url(const char* query) { lrlab_js_tell("set_url", query); }
void copy(const char* text) { lrlab_js_tell("copy", text); }
void share(const char* query) { lrlab_js_tell("share", query); }
void announce(const char* text) { lrlab_js_tell("announce", text); }
void open_link(const char* url) { lrlab_js_tell("open_link", url); }
void open_file() { lrlab_js_tell("open_file", ""); }
void fetch_data(const char* id) { lrlab_js_tell("fetch_data", id); }
void set_cursor(const char* css_name) { lrlab_js_tell("set_cursor", css_name); }
void save_file(const char* name, const char* mime, const char* bytes, std::size_t size) {
  lrlab_js_save_file(name, mime, bytes, static_cast<int>(size));
}
void edit_text(bool on, double x, double y, double height) { lrlab_js_edit_text(on, x, y, height); }

}  // namespace lrlab::browser
