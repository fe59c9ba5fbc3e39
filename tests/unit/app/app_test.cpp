// The application as a person meets it, without a window.
#include "unit/app/rig.h"

#include "core/activation.h"
#include "core/assets.h"
#include "experiment/codec.h"
#include "experiment/judge.h"
#include "experiment/session.h"

using namespace lrlab;

namespace {


// Draws and looks at what was drawn.
void look(Rig& rig, const char* what) {
  CAPTURE(what);
  rig.frames(3, 0.002);
  CHECK(rig.check_vertices() < 60000);
  for (const char* id : {"play", "lr", "reset", "step"}) CHECK_MESSAGE(rig.find(id), id);
  CHECK((rig.find("help") || rig.find("more")));
}

}  // namespace

TEST_CASE("app: every page draws, in both themes and at every size") {
  for (const bool dark : {false, true})
    for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {1024.0f, 768.0f}, {844.0f, 390.0f}, {720.0f, 500.0f}, {390.0f, 844.0f}, {320.0f, 480.0f}, {195.0f, 422.0f}}) {
      CAPTURE(w);
      CAPTURE(dark);
      Rig rig(w, h, "", dark, w < 700);
      look(rig, "first visit");
      CHECK(state(rig)["lanes"].size() == 3);
      CHECK(state(rig)["playing"] == true);
      for (const ControlInfo& c : rig.app->controls()) {
        CAPTURE(c.id);
        CHECK(c.x >= -1);
        CHECK(c.x + c.w <= w + 1);
        CHECK(!c.label.empty());
        if (c.role != "image") CHECK(std::min(c.w, c.h) >= 22);
      }
      for (const char* id : {"tab.Set up", "tab.Plots", "tab.Lanes"})
        if (rig.find(id)) {
          rig.app->command(std::string("press ") + id);
          look(rig, id);
        }
    }
}

TEST_CASE("app: ids of controls are unique in a frame") {
  for (const char* q : {"", "v=1&surface=sphere", "v=1&dataset=digits&optimizer=adam&clip=norm&schedule=cosine&warmup_steps=10"}) {
    Rig rig(1440, 900, q);
    for (const char* section : {"model", "clipping", "regularisation"}) rig.app->command(std::string("press section.") + section), rig.frames(2);
    rig.frames(2);
    std::vector<std::string> ids;
    for (const ControlInfo& c : rig.app->controls()) ids.push_back(c.id);
    std::sort(ids.begin(), ids.end());
    const auto twice = std::adjacent_find(ids.begin(), ids.end());
    if (twice != ids.end()) FAIL_CHECK("twice: " << *twice);
  }
}

TEST_CASE("app: every row of every family draws and shows its parameters") {
  Rig rig(1440, 2400, "v=1");
  rig.frames(2);
  for (const char* section : {"model", "clipping", "regularisation"}) {
    rig.app->command(std::string("press section.") + section);
    rig.frames(2);
  }
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i) {
      const RowText row = p.row(i);
      CAPTURE(row.id);
      rig.app->command("load v=1&" + std::string(p.key) + "=" + row.id);
      rig.app->command("step 3");
      rig.frames(3, 0.002);
      rig.check_vertices();
      if (std::string_view(p.key) != "surface") CHECK_MESSAGE(rig.find(p.key), p.key);
      for (const ParamSpec& spec : row.params) CHECK_MESSAGE(rig.find(spec.key), spec.key);
    }
}

TEST_CASE("app: set, undo and redo by command") {
  Rig rig;
  rig.frames(2);
  CHECK(rig.app->command("set lr=0.25"));
  CHECK(query(rig).find("lr=0.25") != std::string::npos);
  CHECK(rig.app->command("undo"));
  CHECK(query(rig) == "v=1");
  CHECK(rig.app->command("redo"));
  CHECK(query(rig).find("lr=0.25") != std::string::npos);
  CHECK_FALSE(rig.app->command("fly"));
  CHECK_FALSE(rig.app->command("step ten"));
  CHECK_FALSE(rig.app->command("press nothing"));
}

TEST_CASE("app: buttons are pressed with the pointer") {
  Rig rig;
  rig.frames(2);
  rig.click("play");
  CHECK(state(rig)["playing"] == true);
  rig.frames(10, 0.002);
  rig.click("play");
  CHECK(state(rig)["playing"] == false);
  CHECK(state(rig)["step"].get<int>() > 0);
  rig.click("reset");
  CHECK(state(rig)["step"] == 0);
  rig.click("step");
  CHECK(state(rig)["step"] == 1);
}

TEST_CASE("app: the dial is dragged, in one undo step, and tells the address once it rests") {
  Rig rig;
  rig.frames(2);
  const ControlInfo dial = *rig.find("lr");
  const float y = dial.y + dial.h / 2;
  rig.mouse(dial.x + dial.w * 0.3f, y, true);
  for (float f = 0.3f; f < 0.7f; f += 0.05f) {
    ImGui::GetIO().AddMousePosEvent(dial.x + dial.w * f, y);
    rig.frames(2);
  }
  const double lr = state(rig)["lanes"][0]["lr"];
  CHECK(lr > 1e-3);
  CHECK(lr < 1);
  CHECK(rig.url.empty());
  rig.mouse(dial.x + dial.w * 0.68f, y, false);
  rig.frames(40);
  CHECK(rig.url == query(rig));
  rig.app->command("undo");
  CHECK(query(rig) == "v=1");
}

TEST_CASE("app: the exact rate is typed") {
  Rig rig;
  rig.frames(2);
  rig.click("lr.value");
  rig.frames(3);
  rig.type("0.0123");
  rig.key(ImGuiKey_Enter);
  rig.frames(2);
  CHECK(state(rig)["lanes"][0]["lr"] == doctest::Approx(0.0123));
  CHECK(rig.app->command("put lr.value=nonsense"));
  rig.frames(2);
  CHECK(state(rig)["lanes"][0]["lr"] == doctest::Approx(0.0123));
  CHECK(state(rig)["notices"].size() == 1);
  CHECK(rig.app->command("put lr.value=0,05"));
  rig.frames(2);
  CHECK(state(rig)["lanes"][0]["lr"] == doctest::Approx(0.05));
  CHECK(rig.app->command("put lr.value=1e9"));
  rig.frames(2);
  CHECK(state(rig)["lanes"][0]["lr"] == 10);
  CHECK(state(rig)["notices"].size() == 2);
}

TEST_CASE("app: keys of the page") {
  Rig rig(1440, 900, "v=1&lane=lr%3D0.5");
  rig.frames(2);
  rig.key(ImGuiKey_Space);
  CHECK(state(rig)["playing"] == true);
  rig.key(ImGuiKey_Space);
  CHECK(state(rig)["playing"] == false);
  rig.key(ImGuiKey_R);
  CHECK(state(rig)["step"] == 0);
  rig.key(ImGuiKey_S);
  CHECK(state(rig)["step"] == 1);
  rig.key(ImGuiKey_2);
  CHECK(state(rig)["selected"] == 1);
  CHECK(rig.app->command("focus lr"));
  rig.frames(1);
  rig.key(ImGuiKey_RightArrow);
  CHECK(state(rig)["lanes"][1]["lr"].get<double>() == doctest::Approx(0.561));
  CHECK(state(rig)["step"] == 1);
}

TEST_CASE("app: Tab walks through every control and leaves at the end") {
  Rig rig;
  rig.frames(2);
  std::size_t visited = 0;
  while (rig.app->move_focus(false) && visited < 500) {
    ++visited;
    rig.frames(1);
  }
  CHECK(visited > 20);
  CHECK(visited < 500);
  CHECK(rig.app->move_focus(true));
}

TEST_CASE("app: lanes are added, changed, hidden and removed") {
  Rig rig;
  rig.frames(2);
  rig.click("lane.add");
  CHECK(state(rig)["lanes"].size() == 2);
  CHECK(state(rig)["selected"] == 1);
  rig.app->command("put optimizer=adam");
  rig.frames(3);
  CHECK(query(rig).find("optimizer%3Dadam") != std::string::npos);
  rig.click("lane.1.visible");
  look(rig, "hidden lane");
  rig.click("lane.0.remove");
  CHECK(state(rig)["lanes"].size() == 1);
  CHECK(query(rig).find("optimizer=adam") != std::string::npos);
  for (int i = 0; i < 3; ++i) rig.app->command("undo");
  CHECK(state(rig)["lanes"].size() == 2);
  for (int i = 0; i < 12; ++i) rig.app->command("press lane.add"), rig.frames(2);
  CHECK(state(rig)["lanes"].size() == kMaxLanes);
  look(rig, "eight lanes");
}

TEST_CASE("app: lanes are moved by dragging and by arrows, keep their runs, and go back in one step") {
  Rig rig(1440, 900, "v=1&dataset=moons&lane=lr%3D0.5&lane=lr%3D1");
  rig.app->command("run 60");
  rig.frames(3, 0.002);
  const std::string before = query(rig), third = state(rig)["lanes"][2]["theta_hash"];
  const ControlInfo from = *rig.find("lane.2.move"), to = *rig.find("lane.0.move");
  const float x = from.x + from.w / 2;
  rig.mouse(x, from.y + from.h / 2, true);
  for (float f = 0; f <= 1; f += 0.1f) {
    ImGui::GetIO().AddMousePosEvent(x, from.y + from.h / 2 + (to.y - from.y) * f);
    rig.frames(1);
  }
  rig.mouse(x, to.y + to.h / 2, false);
  CHECK(state(rig)["lanes"][0]["lr"] == 1);
  CHECK(state(rig)["lanes"][0]["theta_hash"] == third);
  CHECK(state(rig)["step"] == 60);
  CHECK(state(rig)["selected"] == 1);  // the one that was
  CHECK(query(rig).find("colour") != std::string::npos);
  rig.app->command("undo");
  CHECK(query(rig) == before);
  CHECK(state(rig)["lanes"][2]["theta_hash"] == third);

  rig.app->command("focus lane.0.move");
  rig.frames(1);
  rig.key(ImGuiKey_DownArrow);
  rig.key(ImGuiKey_DownArrow);
  rig.key(ImGuiKey_DownArrow);  // it is the last
  CHECK(state(rig)["lanes"][1]["lr"] == 1);
  CHECK(state(rig)["step"] == 60);
  CHECK(rig.find("lane.2.move")->focused);
  rig.app->command("undo");
  rig.app->command("undo");
  CHECK(query(rig) == before);
}

TEST_CASE("app: all that can be done with a lane can be done at every width, and undone") {
  for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {1024.0f, 768.0f}, {720.0f, 450.0f}, {390.0f, 844.0f}}) {
    CAPTURE(w);
    Rig rig(w, h, "v=1&dataset=moons&lane=lr%3D0.5&lane=lr%3D1", false, w < 700);
    rig.frames(2);
    if (rig.find("tab.Lanes")) rig.click("tab.Lanes");
    rig.app->command("run 40");
    rig.frames(3, 0.002);
    const std::string before = query(rig);
    const auto act = [&](const char* what) {
      if (rig.find("lane.1.more"))
        CHECK(rig.app->command(std::string("put lane.1.more=") + what));
      else
        CHECK(rig.app->command(std::string("press lane.1.") + what));
      rig.frames(3, 0.002);
    };
    act("pin");
    CHECK(state(rig)["lanes"][0]["lr"] == 0.5);
    rig.app->command("undo");
    CHECK(query(rig) == before);
    for (const char* what : {"visible", "duplicate", "remove"}) {
      CAPTURE(what);
      act(what);
      CHECK(query(rig) != before);
      rig.app->command("undo");
      CHECK(query(rig) == before);
    }
    act("rename");
    rig.frames(2);
    rig.type("mine");
    rig.key(ImGuiKey_Enter);
    rig.frames(2);
    CHECK(state(rig)["lanes"][1]["name"] == "mine");
    rig.app->command("undo");
    CHECK(query(rig) == before);
    if (!rig.find("lane.1.more")) continue;
    rig.click("lane.1.more");
    rig.frames(2);
    REQUIRE(rig.find("lane.1.more.3"));
    look(rig, "menu");
    rig.click("lane.1.more.3");
    CHECK(state(rig)["lanes"][0]["lr"] == 0.5);
    rig.app->command("undo");
    CHECK(query(rig) == before);
    rig.frames(3);
    rig.click("lane.0.more");
    rig.frames(2);
    rig.key(ImGuiKey_DownArrow);
    rig.key(ImGuiKey_Enter);
    rig.frames(2);
    CHECK(query(rig).find("shown=0") != std::string::npos);
  }
}

TEST_CASE("app: a pinned lane outlives a ready-made race") {
  Rig rig(1440, 900, "v=1&dataset=moons&lr=0.07&name=mine");
  rig.frames(2);
  rig.app->command("press lane.0.pin");
  rig.frames(2);
  rig.app->command("put race=Five rates");
  rig.frames(2);
  CHECK(state(rig)["lanes"].size() == 6);
  CHECK(state(rig)["lanes"][0]["name"] == "mine");
  rig.app->command("undo");
  CHECK(state(rig)["lanes"].size() == 1);
}

TEST_CASE("app: looking at a run does not change it") {
  const std::string q = "v=1&dataset=moons&optimizer=adam&lr=0.01&lane=lr%3D0.1%26optimizer%3Dsgd";
  Session alone(race_from_query(q));
  alone.run(300);
  Rig rig(1440, 900, q);
  rig.app->command("put speed=Full speed");
  for (int i = 0; i < 30; ++i) {
    rig.app->command("step 10");
    rig.frames(2, 0.004);  // pictures, sharpness and verdicts are made
  }
  CHECK(state(rig)["step"] == 300);
  for (std::size_t i = 0; i < 2; ++i) {
    char text[32];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_bits(alone.lane(i).trainer().theta())));
    CHECK(state(rig)["lanes"][i]["theta_hash"] == text);
  }
}

TEST_CASE("app: a lane that diverges says so, and the page lives on") {
  Rig rig(1440, 900, "v=1&lr=10");
  rig.frames(2);
  rig.app->command("run 200");
  look(rig, "diverged");
  CHECK(state(rig)["lanes"][0]["verdict"] == "diverged");
  CHECK(rig.announced.find("diverged") != std::string::npos);
  rig.frames(20, 0.002);
  REQUIRE(rig.find("verdict.act"));
  rig.click("verdict.act");
  CHECK(state(rig)["lanes"][0]["lr"].get<double>() < 10);
  CHECK(state(rig)["playing"] == true);
}

TEST_CASE("app: where all lanes diverged the run has ended; turning the dial begins it anew") {
  Rig rig(1440, 900, "v=1&lr=10");
  rig.frames(2);
  rig.click("play");
  rig.frames(60, 0.004);
  CHECK(state(rig)["lanes"][0]["verdict"] == "diverged");
  CHECK(state(rig)["playing"] == false);
  CHECK(rig.find("play")->label == "Play");
  // Played once more it would end the same way: that is said, and nothing is begun.
  rig.click("play");
  rig.frames(3, 0.004);
  CHECK(state(rig)["playing"] == false);
  CHECK(state(rig)["step"].get<int>() > 0);
  CHECK(state(rig)["notices"].dump().find("would again") != std::string::npos);
  CHECK(!rig.find("undo")->enabled);
  rig.app->command("put lr=0.01");
  rig.frames(30, 0.004);
  CHECK(state(rig)["playing"] == true);
  CHECK(state(rig)["lanes"][0]["verdict"] != "diverged");
  CHECK(state(rig)["step"].get<int>() > 0);
  rig.app->command("undo");
  CHECK(query(rig) == "v=1&lr=10");
  rig.frames(60, 0.004);
  CHECK(state(rig)["playing"] == false);
  rig.click("reset");  // put back by hand it waits
  rig.frames(5, 0.004);
  rig.app->command("put lr=0.02");
  rig.frames(5, 0.004);
  CHECK(state(rig)["step"] == 0);
}

TEST_CASE("app: a data set that a page has yet to fetch is asked for, waited for, and then trains") {
  const lrlab_assets::Blob there = lrlab_assets::digits;
  lrlab_assets::digits = {nullptr, 0};
  std::string late;
  {
    Rig rig(1440, 900, "v=1&dataset=digits&lr=0.01");
    CHECK(rig.wanted == "digits");
    CHECK(rig.app->command("play"));
    rig.frames(5, 0.005);
    CHECK(state(rig)["step"] == 0);
    rig.app->data_arrived(false);
    rig.frames(2);
    CHECK(rig.app->state_json().find("could not be fetched") != std::string::npos);
    rig.wanted.clear();
    CHECK(rig.app->command("set lr=0.02"));  // any change asks again
    CHECK(rig.wanted == "digits");
    CHECK(rig.app->command("play"));
    rig.frames(2, 0.005);
    lrlab_assets::digits = there;
    rig.app->data_arrived(true);
    rig.frames(5, 0.005);
    CHECK(state(rig)["step"] > 0);  // it plays on
    rig.app->command("reset");
    rig.app->command("run 20");
    late = state(rig)["lanes"][0]["theta_hash"];
  }
  Rig whole(1440, 900, "v=1&dataset=digits&lr=0.02");
  whole.app->command("run 20");
  CHECK(state(whole)["lanes"][0]["theta_hash"] == late);
}

TEST_CASE("app: problems of a link become a notice that can be dismissed") {
  Rig rig(1440, 900, "v=1&lr=banana&nonsense=1&hidden=9999");
  look(rig, "notices");
  CHECK(state(rig)["notices"].size() == 3);
  rig.click("notices.close");
  CHECK(state(rig)["notices"].empty());
}

TEST_CASE("app: lists open, are walked with keys and close") {
  Rig rig;
  rig.frames(2);
  rig.click("optimizer");
  rig.frames(2);
  CHECK(rig.find("optimizer.1"));
  rig.key(ImGuiKey_DownArrow);
  rig.key(ImGuiKey_Enter);
  rig.frames(2);
  CHECK_FALSE(rig.find("optimizer.1"));
  CHECK(query(rig).find("optimizer=momentum") != std::string::npos);
  rig.click("optimizer");
  rig.frames(2);
  rig.key(ImGuiKey_Escape);
  rig.frames(2);
  CHECK_FALSE(rig.find("optimizer.1"));
}

TEST_CASE("app: dialogs cover the page and close with Escape") {
  Rig rig;
  rig.frames(2);
  rig.click("help");
  look(rig, "help");
  REQUIRE(rig.find("dialog.close"));
  CHECK_FALSE(rig.find("play")->enabled);
  rig.click("dialog.tab.About");
  look(rig, "about");
  rig.key(ImGuiKey_Escape);
  CHECK_FALSE(rig.find("dialog.close"));
  rig.click("plot.loss.big");
  look(rig, "big plot");
  rig.key(ImGuiKey_Escape);
  rig.frames(1);
  CHECK(rig.find("play")->enabled);
}

TEST_CASE("app: the timeline goes back, forks and goes on") {
  Rig rig(1440, 900, "v=1&dataset=moons");
  rig.app->command("run 500");
  rig.frames(3, 0.002);
  const std::string now = state(rig)["lanes"][0]["theta_hash"];
  const ControlInfo track = *rig.find("timeline");
  rig.mouse(track.x + track.w * 0.9f, track.y + 10, true);
  ImGui::GetIO().AddMousePosEvent(track.x + track.w * 0.4f, track.y + 10);
  rig.frames(2);
  rig.mouse(track.x + track.w * 0.4f, track.y + 10, false);
  look(rig, "looking back");
  CHECK(state(rig)["shown_step"].get<int>() == doctest::Approx(200).epsilon(0.02));
  CHECK(state(rig)["lanes"][0]["theta_hash"] == now);
  rig.click("timeline.fork");
  CHECK(state(rig)["lanes"].size() == 2);
  CHECK(state(rig)["selected"] == 1);
  CHECK(state(rig)["lanes"][1]["name"].get<std::string>().find(", fork at ") != std::string::npos);
  while (state(rig)["lanes"][1]["step"] != 500) rig.frames(1, 0.002);  // it catches up
  CHECK(state(rig)["lanes"][1]["theta_hash"] == now);
  rig.click("timeline.present");
  CHECK(state(rig)["shown_step"] == 500);
  rig.app->command("look 100");
  rig.frames(2);
  rig.click("timeline.resume");
  CHECK(state(rig)["step"] == 100);
  rig.app->command("undo");
  CHECK(state(rig)["step"] == 500);
  CHECK(state(rig)["lanes"][0]["theta_hash"] == now);
  rig.app->command("undo");
  CHECK(state(rig)["lanes"].size() == 1);
  CHECK(state(rig)["step"] == 500);
  rig.app->command("redo");
  CHECK(state(rig)["lanes"].size() == 2);
  CHECK(state(rig)["lanes"][1]["theta_hash"] == now);
}

TEST_CASE("app: a change while looking back keeps every number at that moment and is judged there") {
  Rig rig(1440, 900, "v=1&dataset=moons&lr=0.05&lane=lr%3D0.01");
  rig.app->command("run 384");
  rig.app->command("look 107");
  rig.frames(3, 0.002);
  rig.app->command("put lr=0.32");
  rig.frames(2, 0.002);
  CHECK(state(rig)["shown_step"] == 107);
  CHECK(state(rig)["notices"].dump().find("acts from step 107 on") != std::string::npos);
  for (int i = 0; i < 3000 && (i < 3 || rig.app->wants_frames()); ++i) rig.frames(1, 0.002);
  CHECK_FALSE(rig.app->wants_frames());
  CHECK(state(rig)["shown_step"] == 107);
  CHECK(state(rig)["lanes"][0]["step"] == 384);
  const ControlInfo* card = rig.find("verdict.text");
  REQUIRE(card);
  CHECK_MESSAGE(card->value.find("At step 107: ") == 0, card->value);
  rig.app->command("undo");
  CHECK(state(rig)["notices"].empty());
  rig.app->command("present");
  Rig alone(1440, 900, "v=1&dataset=moons&lr=0.05");
  alone.app->command("run 384");
  CHECK(state(rig)["lanes"][0]["theta_hash"] == state(alone)["lanes"][0]["theta_hash"]);
}

TEST_CASE("app: a drag that a run dies of leaves it dead, the others go on, and undo brings the run back") {
  Rig rig(1440, 900, "v=1&dataset=moons&lr=0.1&lane=lr%3D0.01");
  rig.app->command("run 500");
  rig.frames(2);
  const std::string before = state(rig)["lanes"][0]["theta_hash"];
  rig.app->command("play");
  const ControlInfo dial = *rig.find("lr");
  const float y = dial.y + dial.h / 2;
  rig.mouse(dial.x + dial.w * 0.7f, y, true);
  for (float f = 0.7f; f < 0.98f; f += 0.01f) {
    ImGui::GetIO().AddMousePosEvent(dial.x + dial.w * f, y);
    rig.frames(2, 0.002);
  }
  rig.frames(20, 0.002);
  rig.mouse(dial.x + dial.w * 0.97f, y, false);
  rig.frames(2, 0.002);
  rig.app->command("pause");
  const Json dead = state(rig);
  CHECK(dead["lanes"][0]["verdict"] == "diverged");
  CHECK(dead["lanes"][0]["step"] > 500);
  CHECK(dead["lanes"][1]["step"] > dead["lanes"][0]["step"]);
  CHECK(dead["notices"].empty());
  // A rate that is typed right afterwards is a change of its own.
  rig.app->command("put lr.value=0.07");
  rig.frames(2);
  CHECK(state(rig)["lanes"][0]["lr"] == 0.07);
  CHECK(state(rig)["step"] == 0);
  rig.app->command("undo");
  CHECK(state(rig)["lanes"][0]["lr"] == dead["lanes"][0]["lr"]);
  rig.app->command("undo");
  CHECK(state(rig)["lanes"][0]["lr"] == 0.1);
  CHECK(state(rig)["lanes"][0]["step"] == 500);
  CHECK(state(rig)["lanes"][0]["theta_hash"] == before);
  CHECK(state(rig)["lanes"][1]["step"] == dead["lanes"][1]["step"]);
  for (int i = 0; i < 5000 && rig.app->wants_frames(); ++i) rig.frames(1, 0.002);
  CHECK(state(rig)["lanes"][0]["step"] == dead["lanes"][1]["step"]);

  // A new drag of a dead lane starts all again, and says so.
  rig.app->command("redo");
  rig.app->command("put lr=0.05");
  rig.frames(2);
  CHECK(state(rig)["step"] == 0);
  CHECK(state(rig)["notices"].dump().find("All lanes started again") != std::string::npos);
  rig.app->command("undo");
  CHECK(state(rig)["lanes"][1]["step"] == dead["lanes"][1]["step"]);
  CHECK(state(rig)["notices"].empty());
}

TEST_CASE("app: a duplicate starts all lanes again, says so, and undo brings the runs back") {
  Rig rig(1440, 900, "v=1&dataset=moons");
  rig.app->command("run 300");
  rig.frames(2);
  const std::string before = state(rig)["lanes"][0]["theta_hash"];
  rig.click("lane.0.duplicate");
  CHECK(state(rig)["step"] == 0);
  CHECK(state(rig)["notices"].dump().find("Undo brings their runs back") != std::string::npos);
  rig.app->command("undo");
  CHECK(state(rig)["step"] == 300);
  CHECK(state(rig)["lanes"][0]["theta_hash"] == before);
}

TEST_CASE("app: undo brings back a lane and a run that was reset, where they were; the lane catches up in sight") {
  Rig rig(1440, 900, "v=1&dataset=moons&lane=lr%3D0.01");
  rig.app->command("run 300");
  rig.frames(2);
  const std::string before = state(rig)["lanes"][1]["theta_hash"];
  rig.click("lane.1.remove");
  CHECK(state(rig)["lanes"].size() == 1);
  CHECK(state(rig)["step"] == 300);
  rig.app->command("undo");
  CHECK(state(rig)["lanes"][1]["theta_hash"] == before);
  CHECK(state(rig)["step"] == 300);

  rig.app->command("redo");
  rig.app->command("run 2000");
  rig.app->command("undo");
  rig.app->command("press lane.1");
  rig.frames(2);  // without time to train
  CHECK(state(rig)["lanes"][0]["step"] == 2300);
  CHECK(state(rig)["lanes"][1]["step"] == 300);
  CHECK(rig.app->wants_frames());
  for (int i = 0; i < 5000 && state(rig)["lanes"][1]["step"] != 2300; ++i) rig.frames(1, 1e-4);
  const Json caught = state(rig);
  CHECK(caught["lanes"][1]["step"] == 2300);
  CHECK(caught["playing"] == false);

  rig.app->command("reset");
  CHECK(state(rig)["step"] == 0);
  rig.app->command("undo");
  CHECK(state(rig)["step"] == 2300);
  CHECK(state(rig)["lanes"][1]["theta_hash"] == caught["lanes"][1]["theta_hash"]);

  // One press is one step back, whatever it does.
  rig.app->command("reset");
  rig.app->command("run 20");
  rig.frames(2);
  rig.app->command("put race=1");
  rig.frames(3);
  rig.app->command("pause");
  rig.app->command("undo");
  CHECK(state(rig)["step"] == 20);
  CHECK(state(rig)["lanes"].size() == 2);
}

TEST_CASE("app: at rest the verdict is that of the command line and the report, at once when asked and soon when looked at") {
  for (const char* query : {"v=1&dataset=moons&lr=0.3", "v=1", "v=1&dataset=moons&optimizer=adam&lr=0.03", "v=1&lr=1", "v=1&surface=cliff&lr=0.3"}) {
    CAPTURE(query);
    Session alone(race_from_query(query));
    alone.run(200);
    const Verdict expected = judge_at_rest(alone.lane(0));
    Rig rig(1440, 900, query);
    rig.frames(2, 0.002);
    rig.app->command("play");
    rig.frames(20, 0.002);  // while it plays it is older
    rig.app->command("reset");
    rig.app->command("run 200");
    CHECK(state(rig)["lanes"][0]["verdict"] == verdict_info(expected.kind).id);
    CHECK(rig.app->table().find(expected.explanation.substr(0, 30)) != std::string::npos);

    Rig seen(1440, 900, query);
    seen.app->command("run 200");
    for (int i = 0; i < 3000 && seen.app->wants_frames(); ++i) seen.frames(1, 0.002);
    CHECK_FALSE(seen.app->wants_frames());
    seen.frames(1);
    const ControlInfo* card = seen.find("verdict.text");
    REQUIRE(card);
    CHECK_MESSAGE(card->value.find(expected.explanation) != std::string::npos, card->value);
  }
}

TEST_CASE("app: the verdict follows the timeline, and a lane that is dead there is shown dead") {
  Rig rig(1440, 900, "v=1&lane=lr%3D1");
  rig.app->command("run 600");
  rig.app->command("look 300");
  for (int i = 0; i < 3000 && (i < 3 || rig.app->wants_frames()); ++i) rig.frames(1, 0.002);
  CHECK(rig.find("verdict.text")->value.find("At step 300: ") == 0);
  rig.app->command("press lane.1");
  rig.frames(3);
  CHECK(rig.find("verdict.text")->label == "Diverged");
  CHECK(rig.find("verdict.text")->value.find("At step 17 a value grew") == 0);
  rig.app->command("look 5");
  for (int i = 0; i < 3000 && (i < 3 || rig.app->wants_frames()); ++i) rig.frames(1, 0.002);
  CHECK(rig.find("verdict.text")->label != "Diverged");
  CHECK(state(rig)["lanes"][1]["verdict"] == "diverged");  // the present is as it was
}

TEST_CASE("app: every look at the selected lane draws, for networks, images and surfaces") {
  for (const char* q : {"v=1&hidden=16,16", "v=1&hidden=", "v=1&hidden=256,3&dataset=sine", "v=1&dataset=digits&optimizer=adam&hidden=40", "v=1&dataset=iris",
                        "v=1&surface=rosenbrock&optimizer=adam", "v=1&lr=10&optimizer=lion"}) {
    CAPTURE(q);
    for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {390.0f, 844.0f}}) {
      Rig rig(w, h, q, true);
      rig.app->command("run 40");
      rig.frames(2, 0.002);
      for (const char* tab : {"picture.tab.Network", "picture.tab.One step", "picture.tab.Answers", "picture.tab.Surface"})
        if (rig.find(tab)) {
          rig.app->command(std::string("press ") + tab);
          rig.frames(2, 0.002);
          ImGui::GetIO().AddMousePosEvent(w * 0.5f, h * 0.55f);
          look(rig, tab);
        }
    }
  }
}

TEST_CASE("app: one step goes by in slow motion, part by part, and then the next one") {
  for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {390.0f, 844.0f}}) {
    Rig rig(w, h, "v=1&optimizer=adam&clip=norm");
    rig.frames(2);
    rig.app->command("run 3");
    rig.app->command("press picture.tab.One step");
    rig.frames(2);
    for (const char* part : {"batch", "loss", "gradient", "clip", "memory", "rate", "update"}) {
      rig.app->command("press inside.next");
      rig.frames(2);
      CAPTURE(part);
      CHECK(rig.find("inside." + std::string(part))->value == "on");
      CHECK(state(rig)["step"] == 3);
    }
    CHECK(rig.find("inside.next")->label == "Next step");
    rig.app->command("press inside.next");
    rig.frames(2);
    CHECK(state(rig)["step"] == 4);
    CHECK(rig.find("inside.batch")->value == "on");
    rig.app->command("press inside.rate");
    rig.frames(2);
    CHECK(rig.find("inside.rate")->value == "on");
    rig.app->command("press inside.rate");
    rig.frames(2);
    CHECK(rig.find("inside.rate")->value != "on");
  }
}

TEST_CASE("app: the picture is made big and small again") {
  for (const float w : {1440.0f, 1024.0f}) {
    Rig rig(w, 900, "v=1&lane=lr%3D0.5");
    rig.frames(2);
    const float before = rig.find("picture.0")->w;
    rig.app->command("press picture.big");
    rig.frames(2);
    CHECK(rig.find("picture.0")->w > 1.2f * before);
    CHECK(!rig.find("plot.loss.big"));
    ImGui::GetIO().AddKeyEvent(ImGuiKey_Escape, true);
    rig.frames(1);
    ImGui::GetIO().AddKeyEvent(ImGuiKey_Escape, false);
    rig.frames(2);
    CHECK(rig.find("picture.0")->w == before);
    CHECK(rig.find("plot.loss.big"));
  }
}

TEST_CASE("app: a lesson opens, its task is tried and its goal noticed") {
  for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {1024.0f, 768.0f}, {390.0f, 844.0f}}) {
    Rig rig(w, h, "v=1");
    rig.frames(2);
    CHECK_FALSE(rig.app->command("lesson no-such-thing"));
    REQUIRE(rig.app->command("lesson too-high"));
    rig.frames(3, 0.002);
    CHECK(state(rig)["lanes"].size() == 4);
    look(rig, "lesson");
    for (const char* way : {"drawer", "tab.Set up"})
      if (rig.find(way)) rig.app->command(std::string("press ") + way);
    rig.frames(2, 0.002);
    REQUIRE(rig.app->command("press lesson.task.0"));
    rig.frames(3, 0.002);
    CHECK(state(rig)["lanes"].size() == 1);
    rig.app->command("set lr=5");
    rig.app->command("press lesson.start");
    rig.frames(120, 0.002);
    CHECK(state(rig)["step"].get<int>() <= 40);
    look(rig, "task");
    CHECK(rig.app->command("press lesson.close"));
    rig.frames(2);
    CHECK_FALSE(rig.find("lesson.close"));
  }
}

TEST_CASE("app: a schedule is drawn by hand, and undone in one step") {
  Rig rig(1440, 1400, "v=1&schedule=cosine");
  rig.frames(2);
  rig.click("schedule.draw");
  CHECK(query(rig).find("schedule=piecewise") != std::string::npos);
  const std::string before = query(rig);
  const ControlInfo c = *rig.find("schedule.preview");
  rig.mouse(c.x + c.w * 0.2f, c.y + c.h * 0.8f, true);
  for (float u = 0.2f; u < 0.8f; u += 0.1f) {
    ImGui::GetIO().AddMousePosEvent(c.x + c.w * u, c.y + c.h * 0.8f);
    rig.frames(1);
  }
  rig.mouse(c.x + c.w * 0.8f, c.y + c.h * 0.8f, false);
  look(rig, "drawn");
  CHECK(query(rig) != before);
  rig.app->command("undo");
  CHECK(query(rig) == before);
}

TEST_CASE("app: a lane is named, and the name survives the link") {
  Rig rig(1440, 900, "v=1&lane=lr%3D0.5");
  rig.frames(2);
  rig.click("lane.1.rename");
  rig.frames(2);
  rig.type("twice & more");
  rig.key(ImGuiKey_Enter);
  rig.frames(2);
  CHECK(state(rig)["lanes"][1]["name"] == "twice & more");
  CHECK(race_from_query(query(rig)).lanes[1].name == "twice & more");
}
