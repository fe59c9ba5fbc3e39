// The pictures of where a run is: surfaces from above and from the side, the loss landscape, what is
// misread.
#include "unit/app/rig.h"

#include "experiment/session.h"

using namespace lrlab;

namespace {

void press(Rig& rig, const std::string& id) {
  REQUIRE_MESSAGE(rig.app->command("press " + id), id);
  rig.frames(3, 0.002);
}
constexpr std::pair<float, float> kSizes[] = {{1440, 900}, {1024, 768}, {390, 844}};

}  // namespace

TEST_CASE("path: every step of a run on a surface is kept, then every second one; truncated and forked with the run") {
  Race race;
  race.lanes[0].config = from_query("surface=rosenbrock&optimizer=adam&lr=0.02");
  Session session(race);
  session.run(700);
  const Path& path = session.lane(0).path();
  REQUIRE(path.points().size() == 701);
  CHECK(path.stride() == 1);
  Trainer again(make_problem(race.lanes[0].config), race.lanes[0].config.train);
  for (int i = 0; i < 300; ++i) again.step();
  CHECK(path.points()[300].x == static_cast<double>(again.theta()[0]));
  CHECK(path.points()[300].y == static_cast<double>(again.theta()[1]));
  session.look_at(300);
  REQUIRE(session.fork(0, race.lanes[0].config));
  session.run(0);  // catches up
  session.look_at(300);
  CHECK(session.lane(1).path().points().size() == 701);
  CHECK(session.lane(1).path().points()[650].x == path.points()[650].x);
  session.resume_from_past();
  CHECK(session.lane(0).path().points().size() == 301);
  session.run(20000);
  CHECK(session.lane(0).path().stride() == 2);
  CHECK(session.lane(0).path().points().size() <= Path::kMost);
  CHECK(session.lane(0).path().points().size() == (300 + 20000) / 2 + 1);
  CHECK(session.lane(0).path().points()[150].x == static_cast<double>(again.theta()[0]));
  session.reset();
  CHECK(session.lane(0).path().points().size() == 1);
}

TEST_CASE("relief: every test function draws from the side, with paths, and is turned by keyboard and pointer") {
  for (const auto& [w, h] : kSizes)
    for (const bool dark : {false, true}) {
      CAPTURE(w);
      Rig rig(w, h, "v=1&surface=ravine&lr=0.05&lane=optimizer%3Dadam%26lr%3D0.1", dark, w < 700);
      rig.app->command("run 100");
      rig.frames(2);
      press(rig, "picture.view.3-D");
      REQUIRE(rig.find("picture"));
      const std::string before = rig.find("picture")->value;
      REQUIRE(rig.app->command("focus picture"));
      rig.frames(1);
      rig.key(ImGuiKey_LeftArrow);
      const std::string turned = rig.find("picture")->value;
      CHECK(turned != before);
      CHECK(state(rig)["step"] == 100);
      rig.key(ImGuiKey_UpArrow);
      CHECK(rig.find("picture")->value != turned);
      rig.key(ImGuiKey_Home);
      CHECK(rig.find("picture")->value == before);
      const ControlInfo c = *rig.find("picture");
      rig.mouse(c.x + c.w / 2, c.y + c.h / 2, true);
      ImGui::GetIO().AddMousePosEvent(c.x + c.w / 2 + 80, c.y + c.h / 2);
      rig.frames(2);
      rig.mouse(c.x + c.w / 2 + 80, c.y + c.h / 2, false);
      CHECK(rig.find("picture")->value != before);
      CHECK(rig.check_vertices() < 60000);
    }
  Rig rig(1440, 900, "v=1");
  for (std::size_t i = 0; i < surfaces().size(); ++i) {
    CAPTURE(surfaces()[i]->id);
    rig.app->command("load v=1&lr=0.01&surface=" + std::string(surfaces()[i]->id));
    rig.app->command("run 50");
    rig.frames(2);
    if (i == 0) press(rig, "picture.view.3-D");
    for (int k = 0; k < 4; ++k) {
      rig.app->command("focus picture");
      for (int j = 0; j < 18; ++j) rig.key(ImGuiKey_RightArrow);
      rig.check_vertices();
    }
  }
}

TEST_CASE("landscape: drawn while it is looked at; told when it is old; other planes on demand") {
  for (const auto& [w, h] : kSizes) {
    CAPTURE(w);
    Rig rig(w, h, "v=1&dataset=moons&hidden=6&count=60&lane=lr%3D0.5", w < 1200, w < 700);
    rig.app->command("run 40");
    rig.frames(2);
    const std::string before = state(rig)["lanes"][0]["theta_hash"];
    press(rig, "picture.tab.Landscape");
    REQUIRE(rig.find("picture"));
    // No workers here: the job is done in the frames.
    for (int i = 0; i < 3000 && rig.find("picture")->value != "64 by 64 points"; ++i) rig.frames(1);
    CHECK(rig.find("picture")->value == "64 by 64 points");
    CHECK(rig.check_vertices() < 60000);
    CHECK_FALSE(rig.find("landscape.refresh"));
    rig.app->command("run 10");
    rig.frames(2);
    REQUIRE(rig.find("landscape.refresh"));
    press(rig, "landscape.refresh");
    CHECK_FALSE(rig.find("landscape.refresh"));
    press(rig, "landscape.plane.Random plane");
    rig.frames(20);
    press(rig, "picture.view.3-D");
    rig.frames(200);
    CHECK(rig.find("picture")->role == "slider");
    CHECK(rig.check_vertices() < 60000);
    press(rig, "picture.tab.Answers");
    rig.frames(3);
    CHECK(state(rig)["lanes"][0]["step"] == 50);  // looking at it trained nothing
    rig.app->command("reset");
    rig.app->command("run 40");
    CHECK(state(rig)["lanes"][0]["theta_hash"] == before);
    press(rig, "picture.tab.Landscape");
    rig.frames(5);
    rig.app->command("load v=1&dataset=custom");  // without samples there is no loss
    rig.frames(3);
    rig.app->command("load v=1&lr=10&dataset=spiral");
    rig.app->command("run 300");
    rig.frames(3);
    rig.check_vertices();
  }
}

TEST_CASE("misread: digits as pictures, Iris as a list, numbers as a scatter; at every size") {
  for (const char* q : {"v=1&dataset=digits&count=200", "v=1&dataset=iris&optimizer=adam", "v=1&dataset=random", "v=1&dataset=iris&lane=lr%3D1&lane=lr%3D0.01"})
    for (const auto& [w, h] : kSizes) {
      CAPTURE(q);
      CAPTURE(w);
      Rig rig(w, h, q, w < 1200, w < 700);
      rig.app->command("run 20");
      rig.frames(4, 0.002);
      rig.check_vertices();
      if (std::string_view(q).find("random") != std::string_view::npos) {
        CHECK(rig.find("picture.0")->label.find("said against") != std::string::npos);
        continue;
      }
      const ControlInfo* list = rig.find("picture.misread.list");
      if (w < 700 && state(rig)["lanes"].size() > 1) {  // a phone has no room for it beside several lanes
        CHECK_FALSE(list);
        continue;
      }
      REQUIRE(list);
      CHECK(list->label.find("misread") != std::string::npos);
      CHECK(list->x + list->w <= w);
      // As many as the accuracy says.
      const std::size_t tests = std::string_view(q).find("digits") != std::string_view::npos ? 535 : 45;
      const double wrong = (1 - state(rig)["lanes"][0]["test_accuracy"].get<double>()) * static_cast<double>(tests);
      CHECK_MESSAGE(list->label == std::to_string(std::lround(wrong)) + " of " + std::to_string(tests) + " misread", wrong);
      CHECK(rig.find("picture.0")->w > 60);
    }
}
