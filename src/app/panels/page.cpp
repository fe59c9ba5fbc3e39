// Where everything is: three columns on a wide screen, a drawer on a medium one, tabs on a phone.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/icons.h"
#include "app/panels/panels.h"

namespace lrlab {
namespace {

float draw(Ui& ui, const Panel& p, ImVec2 pos, ImVec2 size) {
  ui.locked = p.place != Place::kSetup && ui.prefs.locks(p.id);  // the set-up locks its sections itself
  const float height = p.draw(ui, pos, size);
  ui.locked = false;
  return height;
}

void fill(Ui& ui, Place place, ImVec2 pos, ImVec2 size) {
  for (const Panel& p : panels())
    if (p.place == place && (!p.wanted || p.wanted(ui)) && ui.prefs.shows(p.id)) {
      draw(ui, p, pos, size);
      return;
    }
}

// A column that scrolls on its own.
void column(Ui& ui, const char* id, Place place, ImVec2 pos, ImVec2 size) {
  if (ui.begin_column(id, pos, size)) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float w = size.x - 10;  // room for the scroll bar
    float y = at.y + 2;
    for (const Panel& p : panels())
      if (p.place == place && (!p.wanted || p.wanted(ui)) && ui.prefs.shows(p.id)) y += draw(ui, p, {at.x + 2, y}, {w - 2, size.y});
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({w, y - at.y + 4});
  }
  ui.end_column();
}

// The picture has the room of the lanes and the plots too.
bool big_picture(const Ui& ui) { return ui.prefs.picture_big && ui.prefs.shows("picture"); }

void centre(Ui& ui, ImVec2 pos, ImVec2 size) {
  if (!ui.prefs.shows("lanes") || big_picture(ui)) return fill(ui, Place::kCentre, pos, size);
  if (!ui.prefs.shows("picture")) return fill(ui, Place::kLanes, pos, size);
  const float lanes = std::clamp(lanes_height(ui), 120.0f, size.y * (size.y < 560 ? 0.36f : 0.42f));
  fill(ui, Place::kCentre, pos, {size.x, size.y - lanes - kGap});
  fill(ui, Place::kLanes, {pos.x, pos.y + size.y - lanes}, {size.x, lanes});
}

void phone(Ui& ui, float y) {
  const Theme& t = *ui.theme;
  const float w = ui.layout.w, pad = 8;
  const float tabs = ui.prefs.has_body() ? 58 : 0, bottom = ui.layout.h - tabs - pad;
  const bool experiments = ui.prefs.experiments, shows_rate = ui.prefs.shows("rate"), shows_time = ui.prefs.shows("timeline");
  const bool shows_verdict = ui.prefs.shows("verdict");
  const int tab = experiments ? 4 : ui.prefs.phone_tab;
  const float rate = ui.layout.h < 620 ? 126.0f : 140.0f, verdict = bottom - y < 690 ? 84.0f : 124.0f;
  const float time = w < 300 ? 104.0f : 54.0f;
  y += pad;
  // One that lies has dial, verdict and timeline at the left of what the tabs show.
  const bool beside = ui.layout.h < 560 && w >= 480 && (shows_rate || shows_verdict);
  float x0 = pad, top = y;
  if (beside) {
    const float left = std::clamp(w * 0.42f, 220.0f, 340.0f);
    x0 = left + 2 * pad;
    const bool below = shows_time && tab == 0;
    if (shows_rate) {
      fill(ui, Place::kRate, {pad, y}, {left, rate});
      y += rate + pad;
    }
    if (below) fill(ui, Place::kTimeline, {pad, bottom - time}, {left, time});
    if (shows_verdict) fill(ui, Place::kVerdict, {pad, y}, {left, bottom - y - (below ? time + pad : 0)});
  } else {
    // Too low for all of it, as at 200 % zoom: then it scrolls.
    float need = shows_rate ? rate + pad : 0;
    if (shows_verdict && !experiments) need += verdict + pad;
    if (tab == 0 && shows_time) need += time + pad;
    const bool rolls = tab == 0 && bottom - y - need < 190;
    const float picture = rolls ? std::max(w < 300 ? 350.0f : 300.0f, w) : bottom - y - need;
    if (rolls) {
      ui.begin_column("page", {0, y}, {w, bottom + pad - y});
      top = ImGui::GetCursorScreenPos().y;
    }
    if (shows_rate) {
      fill(ui, Place::kRate, {pad, top}, {w - 2 * pad, rate});
      top += rate + pad;
    }
    if (shows_verdict && !experiments) {
      fill(ui, Place::kVerdict, {pad, top}, {w - 2 * pad, verdict});
      top += verdict + pad;
    }
    if (tab == 0) fill(ui, Place::kCentre, {pad, top}, {w - 2 * pad, picture});
    if (tab == 0 && shows_time) fill(ui, Place::kTimeline, {pad, top + picture + pad}, {w - 2 * pad, time});
    if (rolls) {
      ImGui::SetCursorScreenPos({0, top + picture + pad});
      ImGui::Dummy({1, shows_time ? time + pad : 0});
      ui.end_column();
    }
  }
  if (!ui.prefs.has_body()) return;
  const ImVec2 pos{x0, top}, size{w - pad - x0, bottom - top};
  switch (tab) {
    case 4: fill(ui, Place::kExperiments, pos, size); break;
    case 0:
      if (beside) fill(ui, Place::kCentre, pos, size);
      break;
    case 1:
      draw_speed(ui, {pos.x + 4, pos.y}, {size.x - 8, 52});
      column(ui, "setup", Place::kSetup, {pos.x - 2, pos.y + 52}, {size.x + 10, size.y - 52});
      break;
    case 2: column(ui, "plots", Place::kPlots, {pos.x - 2, pos.y}, {size.x + 10, size.y}); break;
    default: fill(ui, Place::kLanes, pos, size); break;
  }

  // Tabs at the thumb.
  struct Tab {
    const char* icon;
    const char* label;
    const char* part;
  };
  static constexpr Tab kTabs[] = {{icon::kTarget, "Run", "picture"}, {icon::kSettings, "Set up", "setup"}, {icon::kChart, "Plots", "plots"}, {icon::kMenu, "Lanes", "lanes"},
                                   {icon::kFlag, "Find", "experiments"}};
  const auto shown = std::count_if(std::begin(kTabs), std::end(kTabs), [&](const Tab& one) { return ui.prefs.shows(one.part); });
  const float ty = ui.layout.h - tabs, tw = w / static_cast<float>(std::max<std::ptrdiff_t>(1, shown));
  ImDrawList* dl = ui.draw();
  dl->AddRectFilled({0, ty}, {w, ui.layout.h}, t.card);
  dl->AddRectFilled({0, ty}, {w, ty + 1}, t.border);
  float x = 0;
  for (int i = 0; i < 5; ++i) {
    if (!ui.prefs.shows(kTabs[i].part)) continue;
    const bool on = experiments ? i == 4 : ui.prefs.phone_tab == i;
    const ImVec2 p{x, ty};
    x += tw;
    const Control c = ui.control(std::string("tab.") + kTabs[i].label, "tab", kTabs[i].label, on ? "on" : "", p, {tw, tabs});
    if (c.clicked) {
      ui.prefs.experiments = i == 4;
      if (i < 4) ui.prefs.phone_tab = i;
    }
    const ImU32 ink = on ? t.accent : t.muted;
    if (on) dl->AddRectFilled({p.x + tw / 2 - std::min(28.0f, tw / 2), ty + 6}, {p.x + tw / 2 + std::min(28.0f, tw / 2), ty + 32}, t.accent_soft, 13);
    ui.text(ui.fonts.body, {p.x + tw / 2 - Ui::width(ui.fonts.body, kTabs[i].icon) / 2, ty + 10}, ink, kTabs[i].icon);
    if (tw > 50) ui.text(ui.fonts.small, {p.x + tw / 2 - Ui::width(ui.fonts.small, kTabs[i].label) / 2, ty + 36}, ink, kTabs[i].label);
  }
}

void drawer(Ui& ui, float top) {
  const Theme& t = *ui.theme;
  const float w = std::min(340.0f, ui.layout.w - 60);
  ImGui::SetCursorScreenPos({0, top});
  if (ImGui::BeginChild("drawer", {ui.layout.w, ui.layout.h - top}, ImGuiChildFlags_None, ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollbar)) {
    ImDrawList* dl = ui.draw();
    dl->AddRectFilled({0, top}, {ui.layout.w, ui.layout.h}, with_alpha(IM_COL32(8, 10, 18, 255), t.dark ? 0.5f : 0.25f));
    dl->AddRectFilled({0, top}, {w, ui.layout.h}, t.page);
    dl->AddRectFilled({w, top}, {w + 1, ui.layout.h}, t.border);
    column(ui, "setup", Place::kSetup, {10, top + 10}, {w - 12, ui.layout.h - top - 16});
    const ImVec2 m = ImGui::GetIO().MousePos;
    if ((ImGui::IsMouseClicked(0) && m.x > w && m.y > top && ui.keep.open.empty()) || ui.key(ImGuiKey_Escape, false)) ui.prefs.drawer = false;
  }
  ImGui::EndChild();
}

// A layer over the page that keeps the pointer from what is below.
template <class F>
void layer(Ui& ui, const char* id, F f) {
  ImGui::SetCursorScreenPos({0, 0});
  if (ImGui::BeginChild(id, {ui.layout.w, ui.layout.h}, ImGuiChildFlags_None, ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollbar)) f();
  ImGui::EndChild();
}

// Keys that belong to the page, where no control wanted them.
void keys(Ui& ui) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || !ui.keep.editing.empty()) return;
  using Kind = Command::Kind;
  // Behind a dialog nothing moves; under a big plot the arrows are the cursor's.
  if (ui.prefs.dialog != Prefs::Dialog::kNone) return;
  if (io.KeyCtrl || io.KeySuper) {
    if (ui.key(ImGuiKey_Z)) ui.command(io.KeyShift ? Kind::kRedo : Kind::kUndo);
    if (ui.key(ImGuiKey_Y)) ui.command(Kind::kRedo);
    return;
  }
  const bool free = !ui.prefs.locks("header");
  if (free && ui.key(ImGuiKey_Space, false)) ui.command(ui.session.playing() ? Kind::kPause : Kind::kPlay);
  if (free && (ui.key(ImGuiKey_S) || (ui.prefs.big_plot.empty() && ui.key(ImGuiKey_RightArrow)))) ui.command(Kind::kStep, 1);
  if (free && ui.key(ImGuiKey_R, false)) ui.command(Kind::kReset);
  if (ui.key(ImGuiKey_T, false)) ui.prefs.dark = !ui.prefs.dark;
  if (ui.key(ImGuiKey_Slash, false) && io.KeyShift) ui.prefs.dialog = Prefs::Dialog::kHelp;
  if (ui.key(ImGuiKey_Escape, false)) {
    ui.keep.focus.clear();
    ui.prefs.big_plot.clear();
    ui.prefs.picture_big = false;
  }
  for (int i = 0; i < static_cast<int>(ui.session.lanes()); ++i)
    if (ui.key(static_cast<ImGuiKey>(ImGuiKey_1 + i), false)) {
      Race r = ui.race();
      r.selected = static_cast<std::size_t>(i);
      ui.set_race(std::move(r));
    }
}

// How high the page around the lab should make it. It does not depend on how high it is, or the two
// would never come to rest. `above`: what the lesson's strip needs.
float wish(const Ui& ui, float above) {
  const Prefs& p = ui.prefs;
  const bool rate = p.shows("rate"), verdict = p.shows("verdict"), body = p.has_body();
  if (ui.layout.w < 700)
    return above + (p.shows("header") ? 54 : 0) + 8 + (rate ? 148 : 0) + (verdict ? 92 : 0) + (body ? 338 : 0);
  const bool wide = ui.layout.w >= 1200;
  float h = above + (p.shows("header") ? 58 : 0) + kGap + (rate || verdict ? (wide ? 112 : 144) + kGap : 0) + (body ? (wide ? 414 : 388) + kGap : 0);
  if (p.shows("timeline")) h += 52 + kGap;
  if (wide && h >= 626) h += 14;  // the dial's card is higher there
  return body && !wide ? std::max(h, 560.0f) : h;  // lower it would be laid out as a phone that lies
}

}  // namespace

void draw_page(Ui& ui) {
  const Layout& l = ui.layout;
  const float header = !ui.prefs.shows("header") ? 0 : l.phone() ? 54.0f : 58.0f;
  if (l.width == Width::kWide) ui.prefs.drawer = false;
  if (!ui.prefs.big_plot.empty()) ui.keep.open.clear();

  const bool over = !ui.prefs.big_plot.empty() || ui.prefs.dialog != Prefs::Dialog::kNone;
  if (!ui.prefs.shows("experiments")) ui.prefs.experiments = false;
  const bool drawer_open = ui.prefs.drawer && l.width == Width::kMedium && !ui.prefs.experiments;
  ui.blocked = over;  // the drawer leaves the head free
  fill(ui, Place::kHeader, {0, 0}, {l.w, header});
  ui.blocked = over || drawer_open;
  float y = header;
  if (!ui.lesson) ui.strip = 0;
  if (lesson_strip_wanted(ui)) y += ui.strip = draw_lesson_strip(ui, {0, y}, {l.w, 0});
  ui.wish = wish(ui, ui.strip);  // as it was where the strip is away for a moment: the page must not jump
  if (l.phone()) {
    phone(ui, y);
  } else {
    const bool wide = l.width == Width::kWide;
    const float top = y + kGap;
    const float rate_h = wide ? (l.h < 640 ? 112.0f : 126.0f) : 144.0f;
    const float verdict_w = wide ? std::clamp(l.w * 0.245f, 320.0f, 420.0f) : std::clamp(l.w * 0.3f, 210.0f, 320.0f);
    const bool rate = ui.prefs.shows("rate"), verdict = ui.prefs.shows("verdict");
    const float rate_w = verdict ? l.w - 3 * kGap - verdict_w : l.w - 2 * kGap;
    fill(ui, Place::kRate, {kGap, top}, {rate_w, rate_h});
    fill(ui, Place::kVerdict, rate ? ImVec2{l.w - kGap - verdict_w, top} : ImVec2{kGap, top}, {rate ? verdict_w : l.w - 2 * kGap, rate_h});
    const bool train = !ui.prefs.experiments;
    const float time_h = ui.prefs.shows("timeline") && train ? 52 + kGap : 0;
    const float by = rate || verdict ? top + rate_h + kGap : top, bh = l.h - by - kGap - time_h;
    if (!train) fill(ui, Place::kExperiments, {kGap, by}, {l.w - 2 * kGap, bh});
    if (time_h > 0) fill(ui, Place::kTimeline, {kGap, l.h - time_h}, {l.w - 2 * kGap, time_h - kGap});
    const bool left = train && wide && ui.prefs.shows("setup"), right = train && ui.prefs.shows("plots") && !big_picture(ui);
    const bool middle = train && (ui.prefs.shows("picture") || ui.prefs.shows("lanes"));
    const float left_w = 304;
    float x = kGap;
    if (left) {
      column(ui, "setup", Place::kSetup, {x - 2, by - 2}, {left_w + 10, bh + 4});
      x += left_w + kGap;
    }
    const float room = l.w - x - kGap;
    const float right_w = !middle ? room : wide ? verdict_w : std::clamp(l.w * 0.36f, 230.0f, 380.0f);
    const float centre_w = right ? room - right_w - kGap : room;
    if (middle) centre(ui, {x, by}, {centre_w, bh});
    if (right) column(ui, "plots", Place::kPlots, {l.w - kGap - right_w - 2, by - 2}, {right_w + 12, bh + 4});
    ui.blocked = over;
    if (drawer_open) drawer(ui, y);
  }
  if (!ui.notices.empty()) draw_notices(ui, {}, {});
  ui.blocked = false;
  if (!ui.prefs.big_plot.empty())
    layer(ui, "big", [&] {
      ui.draw()->AddRectFilled({0, 0}, {l.w, l.h}, with_alpha(IM_COL32(8, 10, 18, 255), 0.45f));
      const float pad = l.phone() ? 8 : 40;
      draw_big_plot(ui, {pad, pad}, {l.w - 2 * pad, l.h - 2 * pad});
    });
  if (ui.prefs.dialog != Prefs::Dialog::kNone)
    layer(ui, "dialog", [&] { ui.prefs.dialog == Prefs::Dialog::kFile ? draw_file(ui) : ui.prefs.dialog == Prefs::Dialog::kLesson ? draw_lesson_dialog(ui) : draw_dialog(ui, {}, {}); });
  keys(ui);
}

}  // namespace lrlab
