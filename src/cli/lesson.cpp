// lrlab lesson: list the lessons, check a teacher's file, run one and see what it claims.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "cli/cli.h"
#include "cli/text.h"
#include "experiment/codec.h"
#include "experiment/lesson.h"

namespace lrlab::cli {
namespace {

struct Args {
  std::string action, name;
  bool json = false;
};

int list(const Args& args, Console& console) {
  if (args.json) {
    auto all = nlohmann::ordered_json::array();
    for (const Lesson& l : lessons())
      all.push_back({{"id", l.id}, {"title", l.title}, {"goal", l.goal}, {"article", l.article}, {"steps", l.steps},
                     {"query", to_query(l.race)}, {"tasks", l.tasks.size()}});
    console.out << all.dump(2) << '\n';
    return kDone;
  }
  std::size_t width = 0;
  for (const Lesson& l : lessons()) width = std::max(width, columns(l.id));
  for (const Lesson& l : lessons()) console.out << padded(l.id, width + 2) << wrapped(l.title, width + 2, console.width) << '\n';
  return kDone;
}

// One line per check: a mark, then what was found.
bool print_results(const std::vector<CheckResult>& results, Console& console) {
  bool all = true;
  for (const CheckResult& r : results) {
    console.out << (r.holds ? "    ok  " : "    NO  ") << wrapped(r.text, 8, console.width) << '\n';
    all = all && r.holds;
  }
  return all;
}

// A task is sound if its solution passes, and the start and the wrong answer do not.
bool print_task(const Task& task, Console& console) {
  console.out << "  task: " << wrapped(task.text, 8, console.width) << '\n';
  bool sound = true;
  const auto line = [&](const char* what, const Config& config, bool should) {
    const GoalResult r = check_goal(task, config);
    const bool right = r.reached == should;
    sound = sound && right;
    console.out << (right ? "    ok  " : "    NO  ")
                << wrapped(std::string(what) + (should ? " reaches the goal: " : " does not reach it: ") + r.text, 8, console.width) << '\n';
  };
  line("the start", task.start, false);
  line("the solution", task.solution, true);
  line("the wrong answer", task.wrong, false);
  return sound;
}

bool print_lesson(const Lesson& lesson, Console& console) {
  const auto start = std::chrono::steady_clock::now();
  console.out << wrapped(lesson.title, 0, console.width) << "\n  " << wrapped(lesson.goal, 2, console.width) << '\n';
  bool good = true;
  const auto claims = check_claims(lesson);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    console.out << "  - " << wrapped(lesson.notice[i].say, 4, console.width) << '\n';
    good = print_results(claims[i], console) && good;
    if (claims[i].empty()) console.out << "        nothing here that can be checked\n";
  }
  for (const Task& task : lesson.tasks) good = print_task(task, console) && good;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  console.out << "  link: #" << to_query(lesson.race) << "\n  " << text << " s\n";
  return good;
}

int check(const std::string& path, Console& console) {
  const std::string text = read_file("FILE", path, kMaxLesson);
  std::vector<LessonIssue> issues;
  const std::optional<Lesson> lesson = read_lesson(text, issues);
  for (const LessonIssue& issue : issues) console.err << printable(path, 200) << ", " << issue_text(issue) << '\n';
  if (!lesson) return kWrongUse;
  const bool good = print_lesson(*lesson, console);
  const auto bare = std::count_if(lesson->notice.begin(), lesson->notice.end(), [](const Notice& n) { return n.checks.empty(); });
  console.out << (!good ? "Some of it is not true: see the lines with NO.\n"
                  : bare == 0 ? "Everything the lesson says is true.\n"
                  : "What can be checked is true; " + std::to_string(bare) + (bare == 1 ? " sentence has" : " sentences have") + " no check.\n");
  return good ? kDone : kFailed;
}

int run_lesson(const Args& args, Console& console) {
  const Lesson* lesson = find_lesson(args.name);
  if (!lesson) {
    std::vector<std::string> ids;
    for (const Lesson& l : lessons()) ids.push_back(l.id);
    throw Error{kWrongUse, "there is no lesson '" + printable(args.name, 40) + "'" + did_you_mean(args.name, ids) +
                               "; 'lrlab lesson list' names them"};
  }
  return print_lesson(*lesson, console) ? kDone : kFailed;
}

}  // namespace

std::function<int()> define_lesson(CLI::App& app, Console& console) {
  auto args = std::make_shared<Args>();
  app.add_option("ACTION", args->action, "list, check or run.")->required();
  app.add_option("NAME", args->name, "check: a lesson file (assets/lessons/README.md says how one is written); run: a lesson's id.");
  app.add_flag("--json", args->json, "list as JSON.");
  return [args, &console] {
    if (args->action == "list") return list(*args, console);
    const bool checks = args->action == "check";
    if (!checks && args->action != "run") {
      const std::vector<std::string> known{"list", "check", "run"};
      throw Error{kWrongUse, "'" + printable(args->action, 40) + "' is not something to do with a lesson" +
                                 did_you_mean(args->action, known) + "; there are list, check FILE and run ID"};
    }
    if (args->name.empty()) throw Error{kWrongUse, checks ? "check needs a file" : "run needs a lesson's id; 'lrlab lesson list' names them"};
    return checks ? check(args->name, console) : run_lesson(*args, console);
  };
}

}  // namespace lrlab::cli
