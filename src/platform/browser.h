// The whole JavaScript boundary: what the lab asks of its page, and what the page may ask of the lab.
//
// Only strings (UTF-8) and numbers cross it. The page's half is web/lab.js: it owns the DOM and the
// listeners; nothing in C++ knows of elements or events, and nothing in JavaScript of the lab's
// insides. Coordinates are logical (CSS) pixels from the canvas' top left corner.
#pragma once

#include <cstddef>

// ---- C++ calls JavaScript -------------------------------------------------------------------------
// browser_web.cpp hands each on to the method of that name in web/lab.js.
namespace lrlab::browser {

bool create_context();  // WebGL 2 on the page's canvas, made current. False: the browser has none

bool prefers_dark();
bool reduced_motion();
bool coarse_pointer();
bool is_mac();

void set_url(const char* query);        // the state, for the address bar
void copy(const char* text);            // to the clipboard, or shown for copying by hand
void share(const char* query);          // opens the page's dialog for sharing
void announce(const char* text);        // to the live region
void open_link(const char* url);        // in a new tab
void save_file(const char* name, const char* mime, const char* bytes, std::size_t size);
void open_file();                       // lets a CSV file be chosen; it comes back through lrlab_open_file()
void fetch_data(const char* id);        // a data set that is not in the module; then lrlab_data_arrived()
void set_cursor(const char* css_name);  // "default", "text", "pointer", "ew-resize", ...
void edit_text(bool on, double x, double y, double height);  // a text field is edited here, or none

}  // namespace lrlab::browser

// ---- JavaScript calls C++ -------------------------------------------------------------------------
extern "C" {

int lrlab_ready();  // 1 after main(), if there was a WebGL 2 context to be had; nothing else may be called before

// The canvas' size: logical pixels are physical ones divided by `ratio`.
void lrlab_resize(int pixel_width, int pixel_height, double ratio);

int lrlab_frame();    // draws and trains. 0: nothing moves, may sleep until something happens
void lrlab_settle();  // draws without training until all input is used: for events whose outcome the
                      // browser wants to know before they end (copying, the on-screen keyboard)

enum { kPointerMove, kPointerDown, kPointerUp, kPointerCancel, kPointerLeave };
enum { kDeviceMouse, kDeviceTouch, kDevicePen };
void lrlab_pointer(int kind, int device, int button, double x, double y);  // button: 0 left, 1 right, 2 middle
// Logical pixels; `zoom` with Ctrl, or of two fingers on a trackpad. 0: nothing to zoom is there.
int lrlab_wheel(double dx, double dy, int zoom);
// `key` and `code` of a KeyboardEvent. 0: the lab has no use for it, it is the browser's.
int lrlab_key(const char* key, const char* code, int down, int ctrl, int shift, int alt, int meta);
void lrlab_text(const char* text);  // typed
void lrlab_focus(int focused);
int lrlab_escape();                       // Esc: 1 if it closed or cancelled something, 0 if it was for nothing
void lrlab_paste(const char* text);
const char* lrlab_cut_or_copy(int cut);   // does it; what should be on the clipboard, "" if nothing

void lrlab_load(const char* query);
// A CSV file that was chosen or dropped; `size` in bytes, of which `text` may be the beginning only.
void lrlab_open_file(const char* name, const char* text, double size);
int lrlab_take_data(const char* id, const char* text);  // its file. 0: there is no such data set
void lrlab_data_arrived(int fetched);                   // it was taken, or cannot be had
int lrlab_command(const char* text);
const char* lrlab_state();                // JSON, valid until the next call
const char* lrlab_tables(int csv);        // 1: the curves as CSV, 0: the lanes as a Markdown table; as above

void lrlab_context(int restored);         // 0: the WebGL context is lost, 1: it is back
}
