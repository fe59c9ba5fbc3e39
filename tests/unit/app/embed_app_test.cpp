// What the page around a lab asks of it: commands that are carried out in full or not at all, parts that
// are hidden or locked, a height that follows.
#include "unit/app/rig.h"

#include "experiment/codec.h"

using namespace lrlab;

TEST_CASE("embed: a command that is refused changes nothing, tells the reason, and leaves no notice") {
  Rig rig(1440, 900, "v=1&lr=0.1&lane=lr%3D1");
  rig.app->command("run 30");
  rig.frames(2);
  const Json before = state(rig);
  const std::pair<const char*, const char*> cases[] = {
      {"load lesson=toto", "There is no lesson 'toto'."},
      {"load lr=banana", "'lr' was 'banana'; allowed is a number from 1e-6 to 10."},
      {"load ", "There is no setting in this text; a state looks like v=1&lr=0.1 or lesson=adam."},
      {"load %%%", "The link has a broken percent code; '%' must be followed by two hexadecimal digits. There is no setting named '%%%'."},
      {"load v=99&lr=0.1", "This link says it has format '99'; this lab reads format 1."},
      {"set lr=1e9", "'lr' was 1000000000; allowed is a number from 1e-6 to 10."},
      {"set lr=0.2&quux=2", "There is no setting named 'quux'."},
      {"set lr=0.2&lr=0.3", "'lr' is given more than once."},
      {"set beta2=0.9", "'beta2' belongs to optimizer="},
      {"set ", "There is no setting in this text; one looks like lr=0.1."},
      {"task 1", "No lesson is open, so there is no task to begin."},
      {"hide lanes,toto", "The lab has no part named 'toto'."},
      {"lock toto", "The lab has no part named 'toto'."},
      {"dance", "This is no command: 'dance'."},
  };
  for (const auto& [command, reason] : cases) {
    CAPTURE(std::string(command));
    CHECK_FALSE(rig.app->command(command));
    const std::string refused = state(rig)["refused"];
    CHECK_MESSAGE(refused.starts_with(reason), refused);
    CHECK(refused.find("Using") == std::string::npos);
    CHECK(refused.find("gnored") == std::string::npos);
    for (const char* key : {"query", "step", "notices", "playing", "lanes"}) CHECK(state(rig)[key] == before[key]);
  }
  CHECK(rig.app->command("set lr=0.2&batch_size=8"));
  CHECK(state(rig)["refused"] == "");
  CHECK(rig.app->command("load lesson=too-high"));
  CHECK_FALSE(rig.app->command("task 99"));
  CHECK(state(rig)["refused"].get<std::string>().starts_with("This lesson has "));
}

TEST_CASE("embed: what is locked is shown and cannot be changed by the reader, but by the page") {
  Rig rig(1440, 1400, "v=1&dataset=moons");
  rig.app->command("lock rate,data");
  rig.frames(2);
  for (const char* id : {"lr", "lr.value", "dataset", "noise"}) {
    CAPTURE(id);
    REQUIRE(rig.find(id));
    CHECK_FALSE(rig.find(id)->enabled);
  }
  for (const char* id : {"optimizer", "section.data", "play"}) CHECK(rig.find(id)->enabled);
  const std::string before = state(rig)["query"];
  rig.app->command("put lr=0.5");
  rig.frames(2);
  const ControlInfo dial = *rig.find("lr");
  rig.mouse(dial.x + dial.w / 2, dial.y + dial.h / 2, true);
  rig.mouse(dial.x + dial.w / 2, dial.y + dial.h / 2, false);
  rig.app->command("put race=Five rates");  // another way to the same setting
  rig.frames(2);
  CHECK(state(rig)["query"] == before);
  CHECK(rig.app->command("set lr=0.5"));
  CHECK(state(rig)["lanes"][0]["lr"] == 0.5);
  rig.app->command("lock ");
  rig.frames(2);
  CHECK(rig.find("lr")->enabled);
}

TEST_CASE("embed: the height that the lab would like follows what is shown, and comes to rest") {
  const auto wish = [](float w, const char* hidden, const char* query = "v=1") {
    Rig rig(w, 320, query);  // as a frame begins
    rig.app->command(std::string("hide ") + hidden);
    double height = 0;
    for (int i = 0; i < 6; ++i) {  // the page around it gives what was asked for
      rig.frames(2);
      const double now = state(rig)["height"];
      if (now == height) {
        CHECK(rig.check_vertices() < 60000);
        return now;
      }
      ImGui::GetIO().DisplaySize.y = static_cast<float>(height = now);
    }
    FAIL("the height never rests");
    return 0.0;
  };
  for (const float w : {390.0f, 760.0f, 1280.0f}) {
    CAPTURE(w);
    const double usual = wish(w, "timeline");
    CHECK(usual >= 600);
    CHECK(usual <= 660);
    const double bare = wish(w, "timeline,setup,picture,plots,lanes");
    CHECK(bare <= 320);
    CHECK(wish(w, "timeline,setup,picture,plots,lanes,header") < bare - 40);
    CHECK(wish(w, "timeline,setup,picture,plots,lanes,rate,verdict") < bare - 70);
    CHECK((wish(w, "timeline", "lesson=too-high") > usual + 30) == (w < 1200));  // the strip of a lesson
  }
}
