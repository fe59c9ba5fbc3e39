// By finger: what scrolls, what turns, and what a phone shows.
#include "app/ui.h"
#include "rig.h"

using namespace lrlab;

namespace {


// A phone and a finger on it.
struct Phone : Rig {
  explicit Phone(float w = 390, float h = 844, const std::string& query = "v=1") : Rig(w, h, query, false, true) {
    frames(3);
    ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  }
  void down(float x, float y) { mouse(x, y, true); }
  void move(float x, float y) {
    ImGui::GetIO().AddMousePosEvent(x, y);
    frames(1);
  }
  // As platform/input_web.cpp tells it: nothing is under a finger that was lifted.
  void up(float x, float y) {
    mouse(x, y, false);
    move(-FLT_MAX, -FLT_MAX);
  }
  // The browser took the finger.
  void cancel() {
    ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frames(4);
  }
  void swipe(float x, float y, float dx, float dy) {
    down(x, y);
    for (int i = 1; i <= 10; ++i) move(x + dx * static_cast<float>(i) / 10, y + dy * static_cast<float>(i) / 10);
    up(x + dx, y + dy);
    frames(60);
  }
  ControlInfo at(const std::string& id) const {
    const ControlInfo* c = find(id);
    REQUIRE_MESSAGE(c, id);
    return *c;
  }
  void open_tab(const char* name) {
    app->command(std::string("press tab.") + name);
    frames(3);
  }
};

}  // namespace

TEST_CASE("touch: a finger scrolls a column from anywhere, and changes nothing by it") {
  for (const auto& [w, h] : {std::pair{390.0f, 844.0f}, {844.0f, 390.0f}}) {
    CAPTURE(w);
    Phone rig(w, h, "v=1&lane=lr%3D0.3");
    for (const auto& [tab, mark] : {std::pair{"Plots", "plot.loss"}, {"Set up", "section.data"}}) {
      CAPTURE(tab);
      rig.open_tab(tab);
      const Json before = state(rig)["query"];
      const float bottom = h - 70, x = w - 120;
      // From a plot, a label, blank space, a slider: wherever the swipe begins.
      for (float y = bottom - 100; y < bottom; y += 20) {
        const float was = rig.at(mark).y;
        rig.swipe(x, y, 0, -90);
        CHECK_MESSAGE(rig.at(mark).y < was - 50, y);
        rig.swipe(x, h - 200, 0, 400);
      }
      CHECK(state(rig)["query"] == before);
    }
  }
}

TEST_CASE("touch: help scrolls by finger") {
  Phone rig;
  rig.app->command("put more=help");
  rig.frames(3);
  const ControlInfo close = rig.at("dialog.close");
  CHECK(close.visible);
  rig.key(ImGuiKey_R);
  rig.swipe(150, 560, 0, -200);
  CHECK(rig.find("dialog.close"));
}

TEST_CASE("touch: a slider turns sideways or by a tap; a swipe over it scrolls") {
  Phone rig;
  rig.open_tab("Set up");
  const ControlInfo noise = rig.at("noise");
  const float x = noise.x + noise.w * 0.3f, y = noise.y + noise.h / 2;
  const Json before = state(rig)["query"];
  rig.swipe(x, y, 10, -120);
  CHECK(state(rig)["query"] == before);
  CHECK(rig.at("noise").y < noise.y - 60);
  rig.swipe(150, 500, 0, 400);
  const float now = rig.at("noise").y + noise.h / 2;
  rig.swipe(x, now, 100, 6);
  const Json turned = state(rig)["query"];
  CHECK(turned != before);
  rig.down(x - 20, now);
  rig.up(x - 20, now);
  rig.frames(2);
  CHECK(state(rig)["query"] != turned);
}

TEST_CASE("touch: the dial keeps its rate while the page around it scrolls") {
  Phone rig;
  const ControlInfo dial = rig.at("lr");
  const double rate = state(rig)["lanes"][0]["lr"];
  const float x = dial.x + dial.w * 0.4f, y = dial.y + dial.h / 2;
  SUBCASE("taken before it moved") { rig.down(x, y); }
  SUBCASE("taken as it moved up") {
    rig.down(x, y);
    rig.move(x + 2, y - 12);
  }
  SUBCASE("taken when it had begun to turn") {
    rig.down(x, y);
    rig.move(x + 40, y);
    rig.frames(2);
    CHECK(state(rig)["lanes"][0]["lr"] != rate);
  }
  rig.cancel();
  CHECK(state(rig)["lanes"][0]["lr"] == rate);
  // And a finger that means it turns it.
  rig.swipe(x, y, 60, 4);
  CHECK(state(rig)["lanes"][0]["lr"] != rate);
  rig.app->command("undo");
  CHECK(state(rig)["lanes"][0]["lr"] == rate);
}

TEST_CASE("touch: what is pressed on a phone is thumb-sized") {
  Phone rig(390, 844, "v=1&lane=lr%3D0.3&schedule=cosine");
  for (const char* tab : {"Run", "Set up", "Plots", "Lanes"}) {
    rig.open_tab(tab);
    for (const ControlInfo& c : rig.app->controls()) {
      CAPTURE(c.id);
      if (c.role == "button" || c.role == "tab") CHECK(std::min(c.w, c.h) >= 36);
    }
  }
}

TEST_CASE("touch: the picture keeps its room on every phone, also with a notice") {
  for (const auto& [w, h] : {std::pair{390.0f, 844.0f}, {844.0f, 390.0f}, {667.0f, 375.0f}, {320.0f, 640.0f}, {320.0f, 568.0f}, {195.0f, 422.0f}}) {
    CAPTURE(w);
    CAPTURE(h);
    Phone rig(w, h, "v=1&lane=lr%3D0.3&lane=lr%3D1&nonsense=1");
    CHECK(rig.find("notices.close"));
    CHECK(rig.at("picture.0").h >= 60);
    CHECK(rig.at("timeline").w >= 100);
    // Nothing in the head lies on another.
    std::vector<ControlInfo> head;
    for (const ControlInfo& c : rig.app->controls())
      if (c.y < 50 && c.h < 50) head.push_back(c);
    for (std::size_t i = 0; i < head.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        CHECK_MESSAGE((head[i].x >= head[k].x + head[k].w - 1 || head[k].x >= head[i].x + head[i].w - 1), head[i].id << " " << head[k].id);
  }
}

TEST_CASE("touch: redo is within reach, and a lesson says what it is about") {
  Phone rig;
  CHECK(rig.find("redo"));
  rig.app->command("set lr=0.3");
  rig.app->command("undo");
  rig.app->command("put more=redo");
  rig.frames(3);
  CHECK(state(rig)["lanes"][0]["lr"] == 0.3);
  rig.app->load("v=1&lesson=too-high");
  rig.frames(2);
  const ControlInfo strip = rig.at("lesson.strip");
  CHECK(strip.visible);
  CHECK(!strip.value.empty());
  rig.app->command("task 1");
  rig.frames(2);
  CHECK(rig.at("lesson.strip").value != strip.value);
  rig.click("lesson.strip");
  CHECK(rig.find("lesson.hint"));
  rig.app->command("press dialog.close");
  rig.frames(2);
  CHECK_FALSE(rig.find("lesson.hint"));
}

TEST_CASE("app: keys stay with what lies on top") {
  Rig rig;
  rig.frames(2);
  rig.app->command("step 20");
  rig.click("help");
  for (ImGuiKey k : {ImGuiKey_RightArrow, ImGuiKey_Space, ImGuiKey_R, ImGuiKey_S}) rig.key(k);
  CHECK(state(rig)["step"] == 20);
  CHECK(state(rig)["playing"] == false);
  rig.key(ImGuiKey_Escape);
  rig.click("plot.loss.big");
  const ControlInfo plot = *rig.find("plot.loss");
  rig.mouse(plot.x + plot.w / 2, plot.y + plot.h / 2, true);
  rig.mouse(plot.x + plot.w / 2 + 80, plot.y + plot.h / 2, false);
  for (int i = 0; i < 3; ++i) rig.key(ImGuiKey_RightArrow);
  CHECK(state(rig)["step"] == 20);
}

TEST_CASE("app: numbers are not broken over lines") {
  Rig rig;
  rig.frames(1);
  ImFont* font = ImGui::GetIO().Fonts->Fonts[0];
  const char* text = "about 3,479 steps, 2/sharpness = 0.121.";
  for (float w = 120; w < 300; w += 7) {
    const char* end = font->CalcWordWrapPositionA(1, text, text + 39, w);
    CHECK((*end == ' ' || *end == 0));
  }
}

TEST_CASE("app: a schedule drawn by hand late in a run reaches beyond it, and names its lane by that") {
  Rig rig(1440, 2400, "v=1&lr=0.001&dataset=moons&lane=schedule%3Dcosine");
  rig.frames(2);
  rig.app->command("run 3000");
  rig.frames(2);
  rig.app->command("press schedule.draw");
  rig.frames(2);
  const std::string query = state(rig)["query"];
  CHECK_MESSAGE(query.find("4500") != std::string::npos, query);
  CHECK(state(rig)["step"] == 3000);
  CHECK(state(rig)["lanes"][0]["name"] == "Drawn by hand");
}

TEST_CASE("app: a function of two numbers has no network, no layers and no epochs") {
  Rig rig(1440, 2400, "v=1&surface=sphere");
  rig.frames(2);
  CHECK_FALSE(rig.find("first_lr"));
  rig.app->load("v=1");
  rig.frames(2);
  CHECK(rig.find("first_lr"));
}

TEST_CASE("app: what choosing a file sets has no way back that nobody needs") {
  Rig rig(1440, 2400);
  rig.frames(2);
  std::string table = "a;b;c\n";
  for (int i = 0; i < 40; ++i) table += std::to_string(i) + ",5;" + std::to_string(i * i % 7) + ";" + (i % 2 ? "x\n" : "y\n");
  rig.app->open_file("mine.csv", table);
  rig.frames(2);
  rig.app->command("press file.use");
  rig.frames(3);
  CHECK(rig.find("test_fraction"));
  CHECK_FALSE(rig.find("test_fraction.default"));
}
