// The whole application without a window: an ImGui context that nobody draws, a clock that a test
// moves, and a hand that presses what the application says it has drawn.
#pragma once

#include <doctest/doctest.h>
#include <imgui.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/app.h"

namespace lrlab {

class Rig {
 public:
  explicit Rig(float w = 1440, float h = 900, const std::string& query = "v=1", bool dark = false, bool touch = false) {
    context_ = ImGui::CreateContext();
    ImGui::GetIO().DisplaySize = {w, h};
    ImGui::GetIO().IniFilename = nullptr;
    Host host;
    host.now = [this] { return clock += 1e-6; };
    host.prefers_dark = dark;
    host.touch = touch;
    host.set_url = [this](const std::string& q) { url = q; };
    host.copy = [this](const std::string& q) { copied = q; };
    host.announce = [this](const std::string& q) { announced = q; };
    host.save_file = [this](const std::string& n, const std::string&, const std::string& b) { saved_name = n, saved = b; };
    host.fetch_data = [this](const std::string& id) { wanted = id; };
    app = std::make_unique<App>(std::move(host));
    app->setup_style(1);
    unsigned char* pixels = nullptr;
    int tw = 0, th = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &tw, &th);
    app->load(query);
  }
  ~Rig() {
    app.reset();
    ImGui::DestroyContext(context_);
  }

  void frames(int n, double budget = 0) {
    for (int i = 0; i < n; ++i) {
      clock += 1.0 / 60;
      ImGui::GetIO().DeltaTime = 1.0f / 60;
      ImGui::NewFrame();
      app->frame(budget);
      ImGui::Render();
    }
  }
  // Every vertex is a number near the screen, and there are not too many of them.
  int check_vertices() const {
    const ImDrawData* data = ImGui::GetDrawData();
    int bad = 0;
    for (const ImDrawList* list : data->CmdLists)
      for (const ImDrawVert& v : list->VtxBuffer)
        if (!(std::abs(v.pos.x) < 1e5f) || !(std::abs(v.pos.y) < 1e5f)) ++bad;
    CHECK(bad == 0);
    return data->TotalVtxCount;
  }
  const ControlInfo* find(const std::string& id) const {
    for (const ControlInfo& c : app->controls())
      if (c.id == id) return &c;
    return nullptr;
  }
  void mouse(float x, float y, bool down) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent(x, y);
    frames(1);
    io.AddMouseButtonEvent(0, down);
    frames(1);
  }
  void click(const std::string& id) {
    const ControlInfo* c = find(id);
    REQUIRE_MESSAGE(c, "no control " << id);
    REQUIRE_MESSAGE(c->visible, id << " is out of sight");
    const float x = c->x + c->w / 2, y = c->y + c->h / 2;
    mouse(x, y, true);
    mouse(x, y, false);
    frames(2);
  }
  void key(ImGuiKey k) {
    ImGui::GetIO().AddKeyEvent(k, true);
    frames(1);
    ImGui::GetIO().AddKeyEvent(k, false);
    frames(1);
  }
  void type(const std::string& text) {
    ImGui::GetIO().AddInputCharactersUTF8(text.c_str());
    frames(2);
  }

  std::unique_ptr<App> app;
  double clock = 0;
  std::string url, copied, announced, saved_name, saved, wanted;

 private:
  ImGuiContext* context_ = nullptr;
};

using Json = nlohmann::json;

inline Json state(const Rig& rig) { return Json::parse(rig.app->state_json(), nullptr, false); }
inline std::string query(const Rig& rig) { return state(rig)["query"]; }

}  // namespace lrlab
