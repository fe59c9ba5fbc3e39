// A lesson: a race to run, what to notice in it, and tasks; data that a teacher writes as JSON
// (assets/lessons/README.md has the format). Whatever a lesson says can be checked by the machine:
// every point to notice carries checks, every task a goal, a solution and a wrong answer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/session.h"

namespace lrlab {

inline constexpr int kLessonFormat = 1;
inline constexpr std::size_t kMaxLesson = 32 << 10;        // bytes of a lesson file
inline constexpr std::uint64_t kMaxLessonSteps = 20'000;

// ---- checks --------------------------------------------------------------------------------------

// What can be asked of a run.
enum class Measure {
  kLoss,           // of the whole training set, without penalties; of a surface: its value
  kTestLoss,
  kTestGap,        // test loss − training loss
  kTrainAccuracy,  // share in [0, 1]
  kTestAccuracy,
  kBatchLoss,      // of the mini-batch of the step, before its update, penalties included
  kLr,             // lr_t of the next step
  kGradNorm,       // of the step's gradient before clipping
  kUpdateNorm,     // how far the step went
  kWeightNorm,     // ‖θ‖
  kClipShare,      // share of all steps so far whose gradient was clipped
  kSharpness,      // largest Hessian eigenvalue of the training loss
  kLrOverLimit,    // lr over the optimizer's stability limit: unstable above 1
  kDistance,       // on a surface, to the nearest global minimum
};
struct MeasureInfo {
  Measure measure;
  const char* name;
  const char* doc;
};
std::span<const MeasureInfo> measures();

enum class Take { kAt, kLowest, kHighest, kMean };

// One number of one lane's run. `from` and `to` count updates: 0 is the start.
struct Quantity {
  std::size_t lane = 0;
  Measure measure = Measure::kLoss;
  Take take = Take::kAt;
  std::uint64_t from = 0, to = 0;  // equal for kAt

  bool operator==(const Quantity&) const = default;
};

struct Check {
  enum class Kind { kBelow, kAbove, kDiverged, kSameAs };
  Kind kind = Kind::kBelow;
  Quantity what;                 // kDiverged: the lane, and `to` the latest step; kSameAs: the lane and step
  double bound = 0;              // kBelow, kAbove: a number ...
  std::optional<Quantity> than;  // ... or another quantity ...
  double factor = 1;             // ... times this
  bool expected = true;          // kDiverged
  std::size_t other = 0;         // kSameAs: the lane whose weights have the same bits
};

struct CheckResult {
  bool holds = false;
  std::string text;  // "loss of 'good' after 300 steps: 0.012, below 0.05: yes"
};

// ---- lessons -------------------------------------------------------------------------------------

struct Notice {
  std::string say;
  std::vector<Check> checks;  // all hold in the lesson's race
};

// What a learner may choose in a task: a number in a range, or one of a list.
struct Freedom {
  std::string key;
  double min = 0, max = 0;
  std::vector<std::string> values = {};  // empty: the range counts
};

struct Task {
  std::string text;
  Config start;                // what the learner begins with
  std::vector<Freedom> change; // nothing else may differ from `start`
  std::uint64_t steps = 0;
  std::vector<Check> reach;    // of lane 0, the learner's
  std::vector<std::string> hints;
  Config solution, wrong;      // one that reaches the goal and one that does not
  std::string why_wrong;       // what the wrong answer teaches
};

struct Lesson {
  std::string id, title, goal;
  std::string article;              // the page and place that explains it: "effects.html#too-high"
  std::vector<std::string> text;    // paragraphs
  Race race;
  std::uint64_t steps = 0;
  double speed = 0;                 // steps per second that are pleasant to watch; 0: as fast as possible
  std::vector<Notice> notice;
  std::vector<Task> tasks;
};

// What is wrong with a lesson file, in a sentence.
struct LessonIssue {
  int line = 0;       // from 1
  std::string field;  // "tasks[0].change.lr"; empty: the file
  std::string message;
};
std::string issue_text(const LessonIssue& issue);  // "line 12, tasks[0].steps: ..."

// Reads a lesson. Nothing, and at least one issue, where there is anything to correct: a lesson is
// written once and read often, so nothing is guessed.
std::optional<Lesson> read_lesson(std::string_view json, std::vector<LessonIssue>& issues);

// The lessons of assets/lessons, in the order of their files.
std::span<const Lesson> lessons();
const Lesson* find_lesson(std::string_view id);

// ---- judging -------------------------------------------------------------------------------------

// Trains what the checks ask about, from the start, a few steps at a time; so the judgement is a
// function of the settings, whatever somebody did to the lanes on the screen.
class Judge {
 public:
  Judge(std::vector<Config> lanes, std::vector<Check> checks, std::vector<std::string> names);
  Judge(Judge&&) noexcept;
  Judge& operator=(Judge&&) noexcept;
  ~Judge();

  bool advance(std::uint64_t steps);     // of every lane; true once done
  bool done() const;
  std::vector<CheckResult> results() const;  // one per check; final once done

 private:
  struct Watch;
  std::vector<Watch> watches_;
  std::vector<Check> checks_;
  std::vector<std::string> names_;
};

// The results of every check of lesson.notice[i], by i.
std::vector<std::vector<CheckResult>> check_claims(const Lesson& lesson);

// Empty: `config` keeps to what the task allows. Otherwise what it may not, in a sentence.
std::string not_allowed(const Task& task, const Config& config);

struct GoalResult {
  bool reached = false;
  std::string text;  // what was reached, or what is missing or not allowed
};
GoalResult check_goal(const Task& task, const Config& config);

// Watches the learner's lane and judges its settings as far as it has trained itself, so that the
// goal is reached on the screen and here at the same moment. Call update() after each frame.
class GoalWatch {
 public:
  explicit GoalWatch(const Task& task) : task_(&task) {}
  // Trains at most `steps` steps for the judgement. True in the call in which the goal is reached.
  bool update(const Lane& lane, std::uint64_t steps);
  const GoalResult& result() const { return result_; }

 private:
  const Task* task_;
  std::optional<Config> config_;
  std::optional<Judge> judge_;
  std::uint64_t judged_ = 0;
  GoalResult result_;
};

}  // namespace lrlab
