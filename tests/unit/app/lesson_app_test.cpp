// Lessons in the application: opened by link and by command, tasks watched.
#include "unit/app/rig.h"

#include "experiment/lesson.h"

using namespace lrlab;

TEST_CASE("app: every lesson opens by its link, draws and runs") {
  for (const Lesson& lesson : lessons()) {
    CAPTURE(lesson.id);
    Rig rig(1024, 560, "v=1&lesson=" + lesson.id);
    rig.frames(2, 0.002);
    Json s = state(rig);
    CHECK(s["notices"].empty());
    CHECK(s["playing"] == false);
    CHECK(s["lesson"]["id"] == lesson.id);
    CHECK(s["lanes"].size() == lesson.race.lanes.size());
    CHECK(rig.app->command("run " + std::to_string(lesson.steps)));
    rig.frames(2, 0.002);
    CHECK(state(rig)["step"] == lesson.steps);
  }
}

TEST_CASE("app: a lesson by command; a lesson that does not exist changes nothing") {
  Rig rig(1024, 560, "v=1");
  const std::string before = state(rig)["query"];
  CHECK_FALSE(rig.app->command("lesson no-such"));
  CHECK_FALSE(rig.app->command("task 1"));
  CHECK(state(rig)["query"] == before);
  CHECK(rig.app->command("lesson too-high"));
  CHECK(state(rig)["lesson"]["title"] == find_lesson("too-high")->title);
  CHECK_FALSE(rig.app->command("task 0"));
  CHECK_FALSE(rig.app->command("task 99"));
  CHECK(rig.app->command("load v=1&lr=0.5"));
  CHECK(!state(rig).contains("lesson"));
}

TEST_CASE("app: a lesson of one's own is opened like ours, by command and as a file; of a wrong one the line is named") {
  const std::string good = R"({"format": 1, "id": "mine", "title": "My lesson", "goal": "See.",
    "lanes": [{"name": "slow", "lr": 0.01}, {"name": "fast", "lr": 0.1}], "steps": 100,
    "notice": [{"say": "Look."}],
    "tasks": [{"text": "Faster.", "change": {"lr": [0.001, 1]}, "reach": [{"measure": "loss", "below": 0.9, "by": 100}],
               "solution": {"lr": 0.3}, "wrong": {"lr": 0.001}}]})";
  Rig rig(1024, 560, "v=1");
  REQUIRE(rig.app->command("teach " + good));
  CHECK(state(rig)["lesson"]["id"] == "mine");
  CHECK(state(rig)["lanes"].size() == 2);
  CHECK(rig.app->command("task 1"));
  rig.frames(2);

  std::string bad = good;
  bad.replace(bad.find("\"reach\""), 7, "\"raech\"");
  CHECK_FALSE(rig.app->command("teach " + bad));
  CHECK(state(rig)["refused"].get<std::string>().find("line 4") != std::string::npos);
  CHECK(state(rig)["lesson"]["id"] == "mine");

  REQUIRE(rig.app->command("load v=1"));
  rig.app->open_file("mine.json", "\xef\xbb\xbf " + good, good.size() + 4);
  rig.frames(2);
  CHECK(state(rig)["lesson"]["title"] == "My lesson");
  rig.app->open_file("mine.json", bad, bad.size());
  rig.frames(2);
  CHECK(state(rig)["notices"][0].get<std::string>().find("mine.json, line 4") == 0);
}

TEST_CASE("app: a link to an unknown lesson says so") {
  Rig rig(1024, 560, "v=1&lesson=to-high");
  rig.frames(2, 0.002);
  CHECK(state(rig)["notices"][0].get<std::string>().find("There is no lesson 'to-high'") == 0);
}

TEST_CASE("app: a task begins with its start, and its goal is seen when it is reached") {
  Rig rig(1024, 560, "v=1&lesson=what-it-is");
  const auto reached = [&] { return state(rig)["lesson"]["tasks"][0]["reached"].get<bool>(); };
  CHECK(rig.app->command("task 1"));
  CHECK(state(rig)["lanes"].size() == 1);
  rig.app->command("run 200");
  rig.frames(3, 0);
  CHECK_FALSE(reached());
  CHECK(rig.app->command("set lr=0.3"));
  CHECK(rig.app->command("reset"));
  rig.app->command("run 150");
  rig.frames(3, 0);
  CHECK_FALSE(reached());
  rig.app->command("run 50");
  rig.frames(3, 0);
  CHECK(reached());
}

TEST_CASE("app: every task is reached by its author's own solution, also where a lane of the lesson has it") {
  for (const Lesson& lesson : lessons())
    for (std::size_t k = 0; k < lesson.tasks.size(); ++k) {
      CAPTURE(lesson.id);
      CAPTURE(k);
      const Task& task = lesson.tasks[k];
      Rig rig(1024, 560, "v=1&lesson=" + lesson.id);
      REQUIRE(rig.app->command("task " + std::to_string(k + 1)));
      std::string answer;
      for (const Freedom& f : task.change)
        for (const Setting& s : to_settings(task.solution, true))
          if (s.key == f.key) answer += (answer.empty() ? "" : "&") + s.key + "=" + s.value;
      REQUIRE(rig.app->command("set " + answer));
      CHECK(rig.app->command("reset"));
      rig.app->command("run " + std::to_string(task.steps));
      rig.frames(3, 0);
      for (int i = 0; i < 200 && !state(rig)["lesson"]["tasks"][k]["reached"]; ++i) rig.frames(1, 0);
      CHECK(state(rig)["lesson"]["tasks"][k]["reached"] == true);
    }
}

TEST_CASE("app: parts can be hidden, alone and together, at every size") {
  for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {1024.0f, 640.0f}, {390.0f, 640.0f}}) {
    CAPTURE(w);
    Rig rig(w, h, "v=1&lesson=too-high");
    for (const char* parts : {"", "lanes", "picture", "plots", "timeline", "verdict", "rate", "rate,verdict", "header", "setup", "data,model",
                              "lanes,picture", "lanes,plots,timeline", "header,setup,timeline,lanes,verdict", "picture,lanes,plots"}) {
      CAPTURE(parts);
      REQUIRE(rig.app->command(std::string("hide ") + parts));
      rig.frames(3, 0.001);
      rig.check_vertices();
      for (const ControlInfo& c : rig.app->controls()) {
        CAPTURE(c.id);
        CHECK(c.x >= -1);
        CHECK(c.x + c.w <= w + 1);
      }
      const std::string list = std::string(",") + parts + ",";
      CHECK((rig.find("lr") != nullptr) == (list.find(",rate,") == std::string::npos));
      CHECK((rig.find("play") != nullptr) == (list.find(",header,") == std::string::npos));
    }
    CHECK_FALSE(rig.app->command("hide lanes,nonsense"));
    CHECK_FALSE(rig.app->command("hide ,"));
  }
}

TEST_CASE("app: the verdict agrees with what the lesson says") {
  const struct {
    const char* lesson;
    std::size_t lane;
    const char* verdict;
  } kCases[] = {{"too-low", 1, "too_low"}, {"too-low", 2, "too_low"}, {"too-high", 0, "good"}, {"too-high", 2, "oscillating"},
                {"too-high", 3, "diverged"}, {"edge-of-stability", 1, "edge"}, {"stability-limit", 3, "diverged"},
                {"overfitting", 0, "overfitting"}};
  for (const auto& c : kCases) {
    CAPTURE(c.lesson);
    CAPTURE(c.lane);
    Rig rig(1024, 560, std::string("v=1&lesson=") + c.lesson);
    rig.frames(2, 0.002);
    const std::uint64_t steps = find_lesson(c.lesson)->steps;
    for (std::uint64_t done = 0; done < steps; done += 50) {
      rig.app->command("run " + std::to_string(std::min<std::uint64_t>(50, steps - done)));
      rig.frames(2, 0.01);
    }
    rig.frames(30, 0.01);
    CHECK(state(rig)["lanes"][c.lane]["verdict"] == c.verdict);
  }
}
