// The preview of a schedule: what can be dragged on it.
#include "rig.h"

#include <algorithm>

#include "core/schedule.h"
#include "experiment/codec.h"

using namespace lrlab;

namespace {

std::vector<ControlInfo> handles(const Rig& rig) {
  std::vector<ControlInfo> out;
  for (const ControlInfo& c : rig.app->controls())
    if (c.id.starts_with("schedule.at.")) out.push_back(c);
  return out;
}

Chosen<ScheduleInfo> schedule(const Rig& rig) { return from_query(query(rig)).train.schedule; }

void drag(Rig& rig, const std::string& id, float dx) {
  const ControlInfo* c = rig.find(id);
  REQUIRE_MESSAGE(c, id);
  REQUIRE_MESSAGE(c->visible, id);
  const float x = c->x + c->w / 2, y = c->y + c->h - 8;
  rig.mouse(x, y, true);
  for (int i = 1; i <= 8; ++i) {
    ImGui::GetIO().AddMousePosEvent(x + dx * static_cast<float>(i) / 8, y);
    rig.frames(1);
  }
  rig.mouse(x + dx, y, false);
  rig.frames(2);
}

}  // namespace

TEST_CASE("app: every schedule with a length or milestones has handles on its preview, and they move it") {
  for (const ScheduleInfo* info : schedules()) {
    if (!info->length || info->drawn) continue;
    CAPTURE(info->id);
    Rig rig(1440, 1600, std::string("v=1&dataset=moons&schedule=") + info->id);
    rig.frames(4);
    const std::vector<ControlInfo> before = handles(rig);
    CHECK_FALSE(before.empty());
    for (const ControlInfo& c : before) {
      CAPTURE(c.id);
      const Chosen<ScheduleInfo> old = schedule(rig);
      const float x = rig.find(c.id)->x;
      drag(rig, c.id, -14);
      CHECK_FALSE(schedule(rig) == old);
      CHECK(std::stod(rig.find(c.id)->value) < std::stod(c.value));
      CHECK(rig.find(c.id)->x <= x + 30);
      rig.app->command("undo");  // one drag is one change
      rig.frames(2);
      CHECK(schedule(rig) == old);
    }
  }
}

TEST_CASE("app: the end of a one cycle schedule can be drawn out, its peak moved, by hand and by keyboard") {
  Rig rig(1440, 1600, "v=1&dataset=moons&schedule=one_cycle&warmup_steps=100");
  rig.frames(4);
  REQUIRE(rig.find("schedule.at.warmup_steps"));
  drag(rig, "schedule.at.total_steps", 30);
  CHECK(schedule(rig).params[0] > 2150);
  CHECK(schedule(rig).params[0] < 2400);
  drag(rig, "schedule.at.pct_start", 40);
  CHECK(schedule(rig).params[1] > 0.35);
  CHECK(schedule(rig).params[1] < 0.6);
  rig.click("schedule.at.pct_start");
  const double peak = schedule(rig).params[1];
  rig.key(ImGuiKey_RightArrow);
  rig.frames(2);
  CHECK(schedule(rig).params[1] > peak);
  drag(rig, "schedule.at.warmup_steps", 20);
  CHECK(from_query(query(rig)).train.warmup_steps > 100);
  rig.check_vertices();
}

TEST_CASE("app: a milestone stays between its neighbours") {
  Rig rig(1440, 1600, "v=1&dataset=moons&schedule=multi_step");
  rig.frames(4);
  drag(rig, "schedule.at.milestones.1", 400);
  const std::vector<double> list = schedule(rig).list;
  REQUIRE(list.size() == 3);
  CHECK(std::is_sorted(list.begin(), list.end()));
  CHECK(list[1] > 1500);
}

TEST_CASE("app: the pencil does not move what it draws on") {
  for (const char* id : {"constant", "one_cycle", "wsd"}) {
    CAPTURE(id);
    Rig rig(1440, 1600, std::string("v=1&dataset=moons&schedule=") + id);
    rig.frames(4);
    const ControlInfo before = *rig.find("schedule.preview");
    rig.click("schedule.draw");
    rig.frames(4);
    const ControlInfo after = *rig.find("schedule.preview");
    CHECK(schedule(rig).info->drawn);
    CHECK(after.x == before.x);
    CHECK(after.y == before.y);
    CHECK(after.h == before.h);
    for (const ControlInfo& c : rig.app->controls())
      if (c.id == "points") CHECK(c.y >= after.y + after.h);
  }
}

TEST_CASE("app: the timeline says at the pointer which step it would show, and shows that one") {
  Rig rig(1440, 900, "v=1&dataset=moons");
  rig.app->command("run 601");
  rig.frames(3);
  const ControlInfo track = *rig.find("timeline");
  for (const float u : {0.1f, 0.337f, 0.5f, 0.8f}) {
    const float x = track.x + track.w * u, y = track.y + track.h / 2;
    ImGui::GetIO().AddMousePosEvent(x, y);
    rig.frames(3);
    const ControlInfo* says = rig.find("timeline.says");
    REQUIRE(says);
    CHECK(says->x <= x);
    CHECK(says->x + says->w >= x);
    CHECK(says->y + says->h <= track.y);  // the lanes below stay in sight
    const std::string text = says->label;
    rig.mouse(x, y, true);
    rig.mouse(x, y, false);
    rig.frames(2);
    CHECK(text == "go back to step " + rig.find("timeline")->value);
  }
}

TEST_CASE("app: rows of a list are as high as their descriptions") {
  for (const float w : {1440.0f, 390.0f}) {
    CAPTURE(w);
    Rig rig(w, 900, "v=1");
    rig.frames(3);
    if (w < 500) {
      rig.app->command("press tab.Set up");
      rig.frames(3);
    }
    rig.click("dataset");
    rig.frames(3);
    float low = 1e9f, high = 0;
    for (int i = 0; rig.find("dataset." + std::to_string(i + 1)); ++i) {
      const ControlInfo a = *rig.find("dataset." + std::to_string(i)), b = *rig.find("dataset." + std::to_string(i + 1));
      CHECK(b.y == doctest::Approx(a.y + a.h));
      low = std::min(low, a.h);
      high = std::max(high, a.h);
    }
    CHECK(low >= 30);
    CHECK(high > low + 10);  // two lines where one does not hold it
    rig.check_vertices();
  }
}
