// The dial's scale: what is marked on it, and where there is room for the words.
#include <doctest/doctest.h>
#include <imgui.h>

#include "app/cache.h"
#include "app/experiments.h"
#include "app/views.h"
#include "app/widgets/dial.h"

using namespace lrlab;

namespace {

// What a panel is drawn with, alone.
struct Scene {
  Session session;
  Host host;
  Prefs prefs;
  Cache cache;
  Experiments experiments{host};
  Ui ui{session, host, prefs, cache, experiments};
};

// A frame with nothing but a dial, so wide. Returns what it said of its marks.
std::vector<ControlInfo> marks_of(std::vector<DialMark> marks, float width, float height, std::string_view prefix = "lr.mark.") {
  ImGuiContext* context = ImGui::CreateContext();
  ImGui::GetIO().DisplaySize = {width + 20, height + 20};
  ImGui::GetIO().IniFilename = nullptr;
  Scene scene;
  Ui& ui = scene.ui;
  ui.theme = &theme_of(true);
  ui.fonts = make_fonts(1);
  unsigned char* pixels = nullptr;
  int tw = 0, th = 0;
  ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &tw, &th);
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("dial", nullptr, ImGuiWindowFlags_NoDecoration);
  double value = 0.1;
  dial(ui, "lr", "Learning rate", value, {.colour = IM_COL32_WHITE, .now = 0.02, .marks = std::move(marks), .zones = {}}, {10, 10}, {width, height}, nullptr);
  ImGui::End();
  ImGui::Render();
  ImGui::DestroyContext(context);
  std::vector<ControlInfo> out;
  for (const ControlInfo& c : ui.controls)
    if (c.id.rfind(prefix, 0) == 0) out.push_back(c);
  return out;
}

}  // namespace

TEST_CASE("app: words on the dial never lie over each other, and none is lost") {
  const std::vector<DialMark> marks{{.value = 0.21, .label = "stability limit 2/sharpness"}, {.value = 0.1, .label = "steepest"},
                                    {.value = 0.2, .label = "valley"}, {.value = 0.19, .label = "minimum / 10"},
                                    {.value = 9.5, .label = "blows up"}, {.value = 1e-6, .label = "lowest"}, {.value = 50, .label = "outside"}};
  for (float width : {300.0f, 362.0f, 500.0f, 900.0f, 1600.0f})
    for (float height : {77.0f, 114.0f, 140.0f}) {
      CAPTURE(width);
      CAPTURE(height);
      const std::vector<ControlInfo> said = marks_of(marks, width, height);
      CHECK(said.size() == 6);
      std::size_t shown = 0;
      for (std::size_t i = 0; i < said.size(); ++i) {
        CHECK(said[i].label.find(": ") != std::string::npos);
        if (said[i].value.empty()) continue;
        ++shown;
        CHECK(said[i].x >= 10);
        CHECK(said[i].x + said[i].w <= 10 + width);
        for (std::size_t k = 0; k < i; ++k) {
          if (said[k].value.empty()) continue;
          const bool apart = said[i].x >= said[k].x + said[k].w || said[k].x >= said[i].x + said[i].w || said[i].y >= said[k].y + said[k].h ||
                             said[k].y >= said[i].y + said[i].h;
          CHECK_MESSAGE(apart, said[i].value << " lies over " << said[k].value);
        }
      }
      CHECK(shown >= (width > 800 && height > 100 ? 5 : 1));
    }
}

TEST_CASE("app: lanes on the dial never cover its words") {
  for (const double limit : {0.004, 0.02, 0.13, 0.4, 2.0})
    for (const double other : {0.5, 0.8, 1.0, 1.3, 2.0, 4.0}) {
      CAPTURE(limit);
      CAPTURE(other);
      const std::vector<DialMark> marks{{.value = limit, .label = "stability limit 2/λ"}, {.value = limit * other, .lane = 1},
                                        {.value = limit * other, .lane = 2}, {.value = limit * other, .lane = 3}};
      for (const ControlInfo& word : marks_of(marks, 700, 126))
        for (const ControlInfo& lane : marks_of(marks, 700, 126, "lr.lane.")) {
          if (word.value.empty()) continue;
          const bool apart = word.x >= lane.x + lane.w || lane.x >= word.x + word.w || word.y >= lane.y + lane.h || lane.y >= word.y + word.h;
          CHECK(apart);
        }
    }
}

TEST_CASE("app: a range test's marks stay with the lanes that it was of") {
  Scene scene;
  Ui& ui = scene.ui;
  ui.theme = &theme_of(false);
  set_rate_marks(scene.prefs, ui.config(), {{.value = 0.3, .label = "steepest"}});
  CHECK(rate_marks(ui).size() == 1);
  const auto with = [&](auto change) {
    Race race = scene.session.race();
    change(race.lanes[0].config);
    scene.session.set_race(std::move(race));
    return rate_marks(ui).size();
  };
  CHECK(with([](Config& c) { c.train.lr = 0.02; }) == 1);
  CHECK(with([](Config& c) { c.train.warmup_steps = 30; }) == 1);
  CHECK(with([](Config& c) { c.train.batch_size = 7; }) == 0);
  set_rate_marks(scene.prefs, ui.config(), {{.value = 0.1, .label = "valley"}, {.value = 0.3, .label = "steepest"}});
  CHECK(rate_marks(ui).size() == 2);
  set_rate_marks(scene.prefs, ui.config(), {});
  CHECK(rate_marks(ui).empty());
}
