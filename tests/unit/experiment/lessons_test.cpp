// Lessons: what each of ours claims is true, what a teacher gets wrong is named by line and field.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "core/assets.h"
#include "core/random.h"
#include "experiment/codec.h"
#include "experiment/lesson.h"
#include "test_paths.h"

using namespace lrlab;

namespace {

constexpr const char* kGood = R"({
  "format": 1,
  "id": "test",
  "title": "A test",
  "goal": "Learn nothing.",
  "settings": {"surface": "ravine", "lr": 0.05},
  "lanes": [
    {"name": "a"},
    {"name": "b", "lr": 0.2}
  ],
  "steps": 100,
  "notice": [
    {
      "say": "b explodes",
      "check": [{"lane": "b", "diverged": true}]
    }
  ],
  "tasks": [
    {
      "text": "Go faster.",
      "change": {"lr": [0.001, 1]},
      "reach": [{"measure": "loss", "below": 1e-6}],
      "solution": {"lr": 0.095},
      "wrong": {"lr": 0.01}
    }
  ]
}
)";

std::string with(const std::string& what, const std::string& instead) {
  std::string s = kGood;
  const std::size_t at = s.find(what);
  REQUIRE(at != std::string::npos);
  return s.replace(at, what.size(), instead);
}

// The first sentence about the text; empty: it is a lesson.
std::string first_issue(const std::string& json) {
  std::vector<LessonIssue> issues;
  const auto lesson = read_lesson(json, issues);
  CHECK(lesson.has_value() == issues.empty());
  return issues.empty() ? "" : issue_text(issues.front());
}

std::string html(const std::string& text) {
  std::string out;
  for (char ch : text)
    if (ch == '&') out += "&amp;";
    else if (ch == '<') out += "&lt;";
    else if (ch == '>') out += "&gt;";
    else out += ch;
  return out;
}

Config config_of(const char* query) { return from_query(query); }

}  // namespace

TEST_CASE("lessons: every file is read, and its id is its file's name") {
  std::set<std::string> ids;
  std::size_t files = 0;
  for (const auto* file = lrlab_assets::lessons; file->name; ++file, ++files) {
    CAPTURE(file->name);
    std::vector<LessonIssue> issues;
    const auto lesson = read_lesson(file->json->text(), issues);
    for (const LessonIssue& issue : issues) MESSAGE(issue_text(issue));
    REQUIRE(lesson);
    CHECK(std::string(file->name).substr(3) == lesson->id);
    CHECK(ids.insert(lesson->id).second);
    CHECK(find_lesson(lesson->id) != nullptr);
    CHECK(!lesson->article.empty());
  }
  CHECK(files >= 16);
  CHECK(lessons().size() == files);
  CHECK(find_lesson("no-such-lesson") == nullptr);
}

TEST_CASE("lessons: every point to notice is checked, and true") {
  for (const Lesson& lesson : lessons()) {
    CAPTURE(lesson.id);
    CHECK(!lesson.notice.empty());
    const auto claims = check_claims(lesson);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      CAPTURE(lesson.notice[i].say);
      CHECK(!claims[i].empty());
      for (const CheckResult& r : claims[i]) CHECK_MESSAGE(r.holds, r.text);
    }
  }
}

TEST_CASE("lessons: the article shows each one, with the very statements that are tested") {
  for (const Lesson& lesson : lessons()) {
    CAPTURE(lesson.id);
    const std::size_t hash = lesson.article.find('#');
    REQUIRE(hash != std::string::npos);
    std::ifstream file(LRLAB_SOURCE_DIR "/web/article/" + lesson.article.substr(0, hash));
    REQUIRE(file);
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    const auto has = [&](const std::string& what) { return page.find(what) != std::string::npos; };
    CHECK(has("id=\"" + lesson.article.substr(hash + 1) + "\""));
    CHECK(has("<lr-lab lesson=\"" + lesson.id + "\""));
    for (const Notice& n : lesson.notice) CHECK_MESSAGE(has("<li>" + html(n.say) + "</li>"), n.say);
    for (const Task& t : lesson.tasks) CHECK_MESSAGE(has("<p>" + html(t.text) + "</p>"), t.text);
  }
}

TEST_CASE("lessons: a task's solution passes, its wrong answer and its start do not") {
  for (const Lesson& lesson : lessons()) {
    CAPTURE(lesson.id);
    CHECK(!lesson.tasks.empty());
    for (const Task& task : lesson.tasks) {
      CAPTURE(task.text);
      CHECK_FALSE(check_goal(task, task.start).reached);
      const GoalResult solved = check_goal(task, task.solution), wrong = check_goal(task, task.wrong);
      CHECK_MESSAGE(solved.reached, solved.text);
      CHECK_MESSAGE(!wrong.reached, wrong.text);
      CHECK(!task.why_wrong.empty());
      CHECK(!task.hints.empty());
    }
  }
}

TEST_CASE("lessons: the race of a lesson survives the way through a link") {
  for (const Lesson& lesson : lessons()) {
    CAPTURE(lesson.id);
    std::vector<Issue> issues;
    const Race back = race_from_query(to_query(lesson.race), &issues);
    CHECK(issues.empty());
    REQUIRE(back.lanes.size() == lesson.race.lanes.size());
    for (std::size_t i = 0; i < back.lanes.size(); ++i) {
      CHECK(back.lanes[i].config == lesson.race.lanes[i].config);
      CHECK(back.lanes[i].name == lesson.race.lanes[i].name);
    }
  }
}

TEST_CASE("lessons: a mistake is named by its line and its field") {
  CHECK(first_issue(kGood) == "");
  CHECK(first_issue(with("\"id\": \"test\"", "\"id\": \"Test 1\"")) == "line 3, id: An id has at most 40 small letters, digits and hyphens.");
  CHECK(first_issue(with("\"lr\": 0.2", "\"lr\": 20")).starts_with("line 9, lanes[1].lr: 'lr' was 20; allowed is"));
  CHECK(first_issue(with("\"lr\": 0.2", "\"learningrate\": 0.2")).starts_with("line 9, lanes[1].learningrate: There is no setting named 'learningrate'"));
  // Nothing is corrected here, so nothing is said about what would be used instead.
  CHECK(first_issue(with("\"lr\": 0.2", "\"lr\": \"x\"")) == "line 9, lanes[1].lr: 'lr' was 'x'; allowed is a number from 1e-6 to 10.");
  CHECK(first_issue(with("\"steps\": 100", "\"steps\": 1.5")) == "line 11, steps: This is 1.5; allowed is a whole number from 1 to 20000.");
  CHECK(first_issue(with("\"steps\": 100", "\"steps\": \"100\"")) == "line 11, steps: This must be a number, not a text.");
  CHECK(first_issue(with("\"lane\": \"b\"", "\"lane\": \"c\"")).starts_with("line 15, notice[0].check[0].lane: There is no lane 'c'"));
  CHECK(first_issue(with("\"diverged\": true", "\"divergd\": true")).find("did you mean 'diverged'?") != std::string::npos);
  CHECK(first_issue(with("\"measure\": \"loss\"", "\"measure\": \"los\"")).starts_with("line 22, tasks[0].reach[0].measure: There is no measure 'los' (did you mean 'loss'?)"));
  // A name that is not known is one mistake, not two.
  for (const char* than : {"{\"lane\": \"c\"}", "{\"measure\": \"los\"}"}) {
    std::vector<LessonIssue> issues;
    read_lesson(with("\"diverged\": true", "\"measure\": \"loss\", \"below\": " + std::string(than)), issues);
    CHECK(issues.size() == 1);
  }
  CHECK(first_issue(with("\"below\": 1e-6", "\"below\": 1e-6, \"above\": 1")).find("Give one condition only") != std::string::npos);
  CHECK(first_issue(with("{\"lr\": [0.001, 1]}", "{\"rate\": [0.001, 1]}")).starts_with("line 21, tasks[0].change.rate: There is no setting 'rate'"));
  CHECK(first_issue(with("\"solution\": {\"lr\": 0.095}", "\"solution\": {\"batch_size\": 3}")).find("this task lets you change only lr") != std::string::npos);
  CHECK(first_issue(with("\"solution\": {\"lr\": 0.095}", "\"solution\": {\"lr\": 2}")).find("this task allows 0.001 to 1") != std::string::npos);
  CHECK(first_issue(with("\"title\": \"A test\",\n", "")) == "line 1, title: This entry is missing.");
  CHECK(first_issue(with("\"title\": \"A test\"", "\"title\": \"A test\", \"title\": \"B\"")) == "line 4: 'title' is given twice.");
  CHECK(first_issue(with("\"name\": \"b\"", "\"name\": \"a\"")).find("Two lanes are called 'a'") != std::string::npos);
  CHECK(first_issue(with("\"format\": 1", "\"format\": 2")).find("this program reads format 1") != std::string::npos);
}

TEST_CASE("lessons: what is not JSON is named by its place") {
  CHECK(first_issue(with("\"steps\": 100,", "\"steps\": 100")).starts_with("line 12: This is not JSON at column"));
  CHECK(first_issue(with("\"steps\": 100,", "\"steps\": 1 00,")).starts_with("line 11: This is not JSON at column"));
  CHECK(first_issue(std::string(kGood).substr(0, 200)).find("ends too early") != std::string::npos);
  CHECK(first_issue("").find("ends too early") != std::string::npos);
  CHECK(first_issue("[1, 2]") == "line 1: This must be an object, not a list.");
  CHECK(first_issue(std::string(100, '[')).find("nested more than 8 deep") != std::string::npos);
  CHECK(first_issue(std::string(40'000, ' ')).find("at most 32768 are read") != std::string::npos);
  CHECK(first_issue(with("A test", "\xff\xfe")).find("not JSON") != std::string::npos);
  CHECK(first_issue(with("\"steps\": 100", "\"steps\": 1e999")) == "line 11: The number '1e999' is too large for this lab.");
}

TEST_CASE("lessons: no damaged file crashes the reader") {
  Random random(1, Stream::kData);
  const std::string_view base = lrlab_assets::lessons[0].json->text();
  for (int round = 0; round < 2000; ++round) {
    std::string s(base);
    for (int k = 0; k < 1 + round % 3; ++k) {
      const auto at = static_cast<std::size_t>(random.uniform() * static_cast<double>(s.size()));
      const int what = static_cast<int>(random.uniform() * 3);
      if (what == 0) s.erase(at, 1 + at % 40);
      else if (what == 1) s[at] = static_cast<char>(static_cast<int>(random.uniform() * 256));
      else s.insert(at, s.substr(at / 2, 30));
    }
    std::vector<LessonIssue> issues;
    const auto lesson = read_lesson(s, issues);
    REQUIRE(lesson.has_value() == issues.empty());
    for (const LessonIssue& issue : issues) REQUIRE(issue.line >= 1);
  }
}

TEST_CASE("checks: quantities are taken when they are said to be") {
  // x halves in every step: f = ½·x², x = −4.5·0.5^t.
  const Config c = config_of("v=1&surface=ravine&condition=1&lr=0.5");
  const Quantity at2{.measure = Measure::kDistance, .take = Take::kAt, .from = 2, .to = 2};
  const Quantity lowest{.measure = Measure::kDistance, .take = Take::kLowest, .from = 1, .to = 4};
  const Quantity highest{.measure = Measure::kDistance, .take = Take::kHighest, .from = 1, .to = 4};
  const Quantity mean{.measure = Measure::kLr, .take = Take::kMean, .from = 0, .to = 4};
  const double start = std::sqrt(4.5 * 4.5 + 1.5 * 1.5);
  const auto near = [](Quantity q, double v) {
    return std::vector<Check>{{.kind = Check::Kind::kAbove, .what = q, .bound = v - 1e-5, .than = {}},
                              {.kind = Check::Kind::kBelow, .what = q, .bound = v + 1e-5, .than = {}}};
  };
  for (const auto& [q, v] : {std::pair{at2, start / 4}, {lowest, start / 16}, {highest, start / 2}, {mean, 0.5}})
    for (std::uint64_t stride : {1u, 3u, 1000u}) {  // in one go or in pieces: the same
      Judge judge({c}, near(q, v), {});
      while (!judge.advance(stride)) {}
      for (const CheckResult& r : judge.results()) CHECK_MESSAGE(r.holds, r.text);
    }
}

TEST_CASE("checks: after divergence losses count as infinite and everything else as unknown") {
  const Config c = config_of("v=1&surface=ravine&condition=20&lr=5");
  const auto holds = [&](Measure m, Check::Kind kind, double bound) {
    Judge judge({c}, {{.kind = kind, .what = {.measure = m, .from = 200, .to = 200}, .bound = bound, .than = {}}}, {});
    judge.advance(1000);
    return judge.results()[0].holds;
  };
  CHECK(holds(Measure::kLoss, Check::Kind::kAbove, 1e300));
  CHECK_FALSE(holds(Measure::kLoss, Check::Kind::kBelow, 1e300));
  CHECK_FALSE(holds(Measure::kWeightNorm, Check::Kind::kAbove, 0));
  CHECK_FALSE(holds(Measure::kWeightNorm, Check::Kind::kBelow, 0));
}

TEST_CASE("checks: same_as compares bits") {
  const Config a = config_of("v=1&dataset=gauss&hidden=4&lr=0.1"), b = config_of("v=1&dataset=gauss&hidden=4&lr=0.1000001");
  const Check same{.kind = Check::Kind::kSameAs, .what = {.from = 20, .to = 20}, .than = {}, .other = 1};
  Judge twins({a, a}, {same}, {"a", "b"}), others({a, b}, {same}, {"a", "b"});
  twins.advance(100);
  others.advance(100);
  CHECK(twins.results()[0].holds);
  CHECK_FALSE(others.results()[0].holds);
}

TEST_CASE("goals: only what the task allows may differ") {
  std::vector<LessonIssue> issues;
  const auto lesson = read_lesson(kGood, issues);
  REQUIRE(lesson);
  const Task& task = lesson->tasks[0];
  CHECK(not_allowed(task, task.start) == "");
  Config c = task.start;
  apply_settings(c, {{"lr", "0.5"}});
  CHECK(not_allowed(task, c) == "");
  apply_settings(c, {{"condition", "10"}});
  CHECK(not_allowed(task, c) == "'condition' is 10 instead of 20; this task lets you change only lr.");
  CHECK_FALSE(check_goal(task, c).reached);
  // Another optimizer brings its own parameters; they are no fault of their own.
  Task free = task;
  free.change.push_back({.key = "optimizer", .values = {"sgd", "adam"}});
  c = task.start;
  apply_settings(c, {{"optimizer", "adam"}, {"lr", "0.5"}});
  CHECK(not_allowed(free, c) == "");
  CHECK(not_allowed(task, c).find("optimizer") != std::string::npos);
  apply_settings(c, {{"optimizer", "momentum"}, {"lr", "0.5"}});
  CHECK(not_allowed(free, c) == "'optimizer' is momentum; this task allows sgd, adam.");
}

TEST_CASE("goals: the watch says so when the lane on the screen has come so far") {
  std::vector<LessonIssue> issues;
  const auto lesson = read_lesson(kGood, issues);
  REQUIRE(lesson);
  const Task& task = lesson->tasks[0];
  GoalWatch watch(task);
  Race race;
  race.lanes[0].config = task.start;
  Session session(race);
  session.run(1000);
  CHECK_FALSE(watch.update(session.lane(0), 1000));
  CHECK_FALSE(watch.result().reached);

  race.lanes[0].config = task.solution;
  session.set_race(race);
  session.reset();
  session.run(99);
  CHECK_FALSE(watch.update(session.lane(0), 1000));
  session.run(1);
  CHECK(watch.update(session.lane(0), 1000));
  CHECK(watch.result().reached);
  CHECK_FALSE(watch.update(session.lane(0), 1000));  // only once
}
