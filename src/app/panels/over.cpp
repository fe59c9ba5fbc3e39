// What lies over the page: help and keys, about, and what the reader of a link had to correct.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

struct Key {
  const char* keys;
  const char* what;
};
constexpr Key kKeys[] = {
    {"Space", "play or pause"},
    {"S  or  \xE2\x86\x92", "one step"},
    {"R", "reset all lanes to the same start"},
    {"1 – 8", "select a lane"},
    {"\xE2\x86\x90 \xE2\x86\x92 on the dial", "a twentieth of a decade; with Shift a hundredth"},
    {"Page up, Page down", "on the dial: a decade"},
    {"Home, End", "on the dial: its ends"},
    {"\xE2\x86\x91 \xE2\x86\x93 on a lane's handle", "move the lane"},
    {"\xE2\x86\x90 \xE2\x86\x92 on a big plot", "move the cursor"},
    {"Tab", "to the next control; Enter uses it"},
    {"Ctrl Z, Ctrl Shift Z", "undo, redo"},
    {"T", "light or dark"},
    {"?", "this list"},
};

struct Notice {
  const char* what;
  const char* who;
  const char* licence;
};
constexpr Notice kNotices[] = {
    {"Dear ImGui 1.90.1", "Omar Cornut", "MIT"},
    {"ImPlot 0.17", "Evan Pezent", "MIT"},
    {"Eigen 3.4", "Benoît Jacob, Gaël Guennebaud and others", "MPL 2.0"},
    {"JSON for Modern C++ 3.11", "Niels Lohmann", "MIT"},
    {"Inter (here: LRLab Sans, a modified version)", "Rasmus Andersson and others", "OFL 1.1"},
    {"Emscripten and musl (in the browser)", "their authors", "MIT"},
    {"Iris data", "R. A. Fisher 1936, UCI repository", "CC BY 4.0"},
    {"Handwritten digits", "E. Alpaydin, C. Kaynak 1998, UCI repository", "CC BY 4.0"},
};

// The site around the lab; the window has none.
struct Link {
  const char* id;
  const char* label;
  const char* url;  // empty: the dialog for sharing
};
constexpr Link kLinks[] = {
    {"help.article", "Article", "article/index.html"},
    {"help.lessons", "Lessons", "lessons.html"},
    {"help.reference", "Reference", "reference/index.html"},
    {"help.embed", "Embed", "builder.html"},
    {"help.share", "Share", ""},
};

float site_links(Ui& ui, ImVec2 pos, float w) {
  float x = pos.x, y = pos.y;
  const float h = std::max(32.0f, ui.layout.target);
  for (const Link& link : kLinks) {
    const float bw = Ui::width(ui.fonts.body, link.label) + 28;
    if (x + bw > pos.x + w) {
      x = pos.x;
      y += h + 8;
    }
    if (ui.button(link.id, "", link.label, {x, y}, {bw, h}, Look::kOutlined)) {
      if (*link.url) {
        ui.host.open_link(link.url);
      } else {
        ui.prefs.dialog = Prefs::Dialog::kNone;
        ui.command(Command::Kind::kShare);
      }
    }
    x += bw + 8;
  }
  return y + h - pos.y;
}

float help_body(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  float y = pos.y;
  y += ui.text_wrap(ui.fonts.body, {pos.x, y}, t.text,
                    "Every lane trains the same network on the same data from the same start; only what you changed differs. "
                    "Turn the dial while they train and watch what the learning rate does.",
                    w) + 14;
  if (ui.host.share && ui.host.open_link) y += site_links(ui, {pos.x, y}, w) + 18;
  ui.text(ui.fonts.bold, {pos.x, y}, t.text, "Try this");
  y += 24;
  for (const char* tip : {"1.  Select the lane at 0.03 and pull its rate up until it no longer learns.",
                          "2.  Add a lane, change its optimizer to Adam and compare.",
                          "3.  Give it a warm-up and a cosine schedule, and reset."})
    y += ui.text_wrap(ui.fonts.body, {pos.x, y}, t.muted, tip, w) + 5;
  y += 12;
  ui.text(ui.fonts.bold, {pos.x, y}, t.text, "Keys");
  y += 26;
  const float key_w = std::min(210.0f, w * 0.44f);
  for (const Key& k : kKeys) {
    // In a page the lab is one stop among others.
    const bool entered = ui.host.share && std::string_view(k.keys) == "Tab";
    const char* what = entered ? "Enter goes into the lab; then Tab goes to the next control and Enter uses it. Esc leaves" : k.what;
    const float kh = ui.text_wrap(ui.fonts.bold, {pos.x, y}, t.text, k.keys, key_w - 10);
    y += std::max({22.0f, kh, ui.text_wrap(ui.fonts.body, {pos.x + key_w, y}, t.muted, what, w - key_w)}) + 4;
  }
  return y - pos.y;
}

float about_body(Ui& ui, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  float y = pos.y;
  y += ui.text_wrap(ui.fonts.body, {pos.x, y}, t.text,
                    "Learning Rate Lab 0.1. A laboratory for what the learning rate does to the training of neural "
                    "networks. Nothing you do here leaves your machine. MIT licence.",
                    w) + 14;
  ui.text(ui.fonts.bold, {pos.x, y}, t.text, "What is linked in");
  y += 26;
  for (const Notice& n : kNotices) {
    const float lw = Ui::width(ui.fonts.small, n.licence);
    ui.text_fit(ui.fonts.body, {pos.x, y}, t.text, n.what, w - lw - 12);
    ui.text(ui.fonts.small, {pos.x + w - lw, y + 1}, t.muted, n.licence);
    ui.text_fit(ui.fonts.small, {pos.x, y + 19}, t.muted, n.who, w);
    y += 42;
  }
  return y - pos.y;
}

}  // namespace

// Over the lower edge of what they are about, so nothing else moves.
float draw_notices(Ui& ui, ImVec2, ImVec2) {
  const Theme& t = *ui.theme;
  const Layout& l = ui.layout;
  const bool phone = l.phone();
  const std::size_t n = ui.notices.size(), shown = std::min<std::size_t>(n, phone ? 2 : 3);
  const auto said = [&](std::size_t i) { return ui.notices[n - 1 - i].message.substr(0, 300); };  // the latest first
  const float b = l.target, pad = phone ? 8 : 14, out = phone ? 8 : kGap;
  const float all = std::min(l.w - 2 * out, 760.0f), w = all - 2 * pad - b - 30;
  float h = 20;
  for (std::size_t i = 0; i < shown; ++i) h += Ui::wrap_height(ui.fonts.body, said(i), w) + 2;
  if (n > shown) h += 20;
  h = std::max(h, b + 8);
  const float below = phone ? 58 : ui.prefs.shows("timeline") && !ui.prefs.experiments ? 52 + kGap : 0;
  const ImVec2 pos{std::floor((l.w - all) / 2), std::max(0.0f, l.h - below - out - h)};
  const bool warns = std::any_of(ui.notices.begin(), ui.notices.end(), [](const Issue& i) { return i.key != kDataKey && i.key != kToldKey; });
  const ImU32 ink = warns ? t.warn : t.accent;
  ImGui::SetCursorScreenPos(pos);
  if (ImGui::BeginChild("notices", {all, h}, ImGuiChildFlags_None, ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollbar)) {
    ui.draw()->AddRectFilled(pos, {pos.x + all, pos.y + h}, t.raised, kRadius);
    ui.draw()->AddRectFilled(pos, {pos.x + all, pos.y + h}, warns ? t.warn_soft : t.accent_soft, kRadius);
    ui.draw()->AddRect(pos, {pos.x + all, pos.y + h}, with_alpha(ink, 0.5f), kRadius);
    ui.text(ui.fonts.body, {pos.x + pad, pos.y + 10}, ink, warns ? icon::kWarning : icon::kInfo);
    float y = pos.y + 10;
    for (std::size_t i = 0; i < shown; ++i) y += ui.text_wrap(ui.fonts.body, {pos.x + pad + 26, y}, t.text, said(i), w) + 2;
    if (n > shown) ui.text(ui.fonts.small, {pos.x + pad + 26, y}, t.muted, "and " + std::to_string(n - shown) + " more");
    if (ui.icon_button("notices.close", icon::kClose, "Dismiss", {pos.x + all - b - 6, pos.y + 4}, b)) ui.notices.clear();
  }
  ImGui::EndChild();
  return h;
}

float draw_dialog(Ui& ui, ImVec2, ImVec2) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const bool phone = ui.layout.phone();
  dl->AddRectFilled({0, 0}, {ui.layout.w, ui.layout.h}, with_alpha(IM_COL32(8, 10, 18, 255), t.dark ? 0.6f : 0.4f));
  const float w = std::min(560.0f, ui.layout.w - (phone ? 16.0f : 48.0f)), h = std::min(600.0f, ui.layout.h - (phone ? 16.0f : 48.0f));
  const ImVec2 p{std::floor((ui.layout.w - w) / 2), std::floor((ui.layout.h - h) / 2)};
  ui.card(p, {w, h}, t.raised);
  static constexpr const char* kNames[] = {"Help", "About"};
  const float b = std::max(32.0f, ui.layout.target);
  const int tab = ui.prefs.dialog == Prefs::Dialog::kAbout;
  const int chosen = ui.segments("dialog.tab", "Show", kNames, 2, tab, {p.x + 18, p.y + 14}, {180, b});
  if (chosen != tab) ui.prefs.dialog = chosen ? Prefs::Dialog::kAbout : Prefs::Dialog::kHelp;
  bool close = ui.icon_button("dialog.close", icon::kClose, "Close (Esc)", {p.x + w - b - 12, p.y + 14}, b);
  const ImVec2 at{p.x + 18, p.y + b + 28};
  if (ui.begin_column("dialog.body", at, {w - 30, p.y + h - at.y - 14})) {
    const ImVec2 c = ImGui::GetCursorScreenPos();
    const float inner = ImGui::GetContentRegionAvail().x - 6;
    const float used = chosen ? about_body(ui, c, inner) : help_body(ui, c, inner);
    ImGui::SetCursorScreenPos(c);
    ImGui::Dummy({inner, used});
  }
  ui.end_column();
  const ImVec2 m = ImGui::GetIO().MousePos;
  const bool outside = m.x < p.x || m.y < p.y || m.x > p.x + w || m.y > p.y + h;
  if (ImGui::IsMouseClicked(0) && outside && !ImGui::IsWindowAppearing()) close = true;
  if (ui.key(ImGuiKey_Escape, false)) close = true;
  if (close) ui.prefs.dialog = Prefs::Dialog::kNone;
  return 0;
}

}  // namespace lrlab
