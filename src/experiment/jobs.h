// Heavy work as a plain value: find the rate, sweep, cross-validate, map, draw a landscape.
//
// A job is a row of a table (what kind), the row's parameters, axes and a base config. It stands for
// a list of independent items; item i is a pure function of the job, so its rows are the same bytes
// in a thread, in a Web Worker, in a shard on another machine, in any order. A row is a few doubles.
//
//   Job job = make_job("sweep", config);
//   job.axes = {*axis_from_text("lr=1e-4:1:log:12")};
//   validate(job);
//   runner.start(job);               // Host gives one: threads, Web Workers, or SerialRunner
//   runner.poll(budget);             // every frame; then look at runner.board()
//
// What the rows of a kind mean, and what they sum up to, is in jobs/<kind>.h.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/codec.h"
#include "experiment/config.h"

namespace lrlab {

// ---- axes ----------------------------------------------------------------------------------------

// Values of one setting: a list, or equal steps (of the value or of its logarithm) from min to max.
struct Axis {
  std::string key;                  // of a setting: "lr", "optimizer", "hidden"
  std::vector<std::string> values;  // the list; empty: a range
  double min = 0, max = 0;
  Scale scale = Scale::kLinear;
  int count = 0;                    // points of the range, both ends among them

  std::size_t size() const { return values.empty() ? static_cast<std::size_t>(count) : values.size(); }
  double at(double share) const;            // of a range: share 0 is min, 1 is max
  double number(std::size_t i) const;       // value i; of a list of names: i
  std::string text(std::size_t i) const;    // value i as a setting
  bool operator==(const Axis&) const = default;
};

// "lr=1e-4:1:log:12" (range: from, to, log or lin, points), "optimizer=sgd,adam", "hidden=8|8,8"
// (a list; '|' instead of ',' where values contain commas).
std::string to_text(const Axis& axis);
std::optional<Axis> axis_from_text(std::string_view text, std::vector<Issue>* issues = nullptr);

// Gives the config value i of the axis. The config must be validated afterwards if the axis is not
// a number (is_number).
void apply(const Axis& axis, std::size_t i, Config& config);
void apply_number(const Axis& axis, double value, Config& config);
bool is_number(const Axis& axis);  // of a field or parameter whose values are numbers

// What can be varied about `base`, for a menu, and an axis to begin with.
struct AxisKey {
  const char* key;
  const char* label;
};
std::vector<AxisKey> axis_keys(const Config& base, bool ranges_only);
Axis default_axis(std::string_view key, const Config& base);
// The description of a number that a run can contain, wherever it belongs; null: there is none.
const ParamSpec* axis_spec(std::string_view key);

// ---- jobs ----------------------------------------------------------------------------------------

struct JobInfo;

struct Job {
  Chosen<JobInfo> kind;
  Config base;
  std::vector<Axis> axes;

  // Rounds of successive halving: which round this is, and which candidates are still in.
  int round = 0;
  std::vector<int> survivors;
  // A landscape's plane: centre and two directions in parameter space. Empty: found by training.
  std::vector<std::vector<float>> plane;

  double param(std::string_view key) const;  // by key; must exist
  std::int64_t whole(std::string_view key) const { return static_cast<std::int64_t>(param(key)); }
  bool flag(std::string_view key) const { return param(key) != 0; }
  void set(std::string_view key, double value);
  bool operator==(const Job&) const = default;
};

// What a column of the rows holds.
struct Column {
  std::string key;                 // in CSV and JSON Lines
  std::vector<std::string> names;  // not empty: the cell is an index into these
};

// Looked at between steps: true ends the item as soon as it can.
struct Stop {
  const std::atomic<bool>* flag = nullptr;
  // The other way round. beat: called at each look, so whoever waits sees that the item is at work.
  // seen: a long item shows its rows so far; they are for looking at only.
  void (*beat)() = nullptr;
  const std::function<void(const std::vector<double>&)>* seen = nullptr;

  bool operator()() const {
    if (beat) beat();
    return flag && flag->load(std::memory_order_relaxed);
  }
  void show(const std::vector<double>& rows) const {
    if (seen) (*seen)(rows);
  }
};

// A job made ready. Immutable: many threads run items of one Work.
class Work {
 public:
  virtual ~Work() = default;
  const std::vector<Column>& columns() const { return columns_; }
  std::size_t items() const { return items_; }
  virtual std::size_t rows(std::size_t item) const = 0;  // rows of this item: known beforehand
  // The rows of one item, one after the other, rows(item)·columns().size() cells. A cell is finite,
  // or NaN where there is no value. Empty: `stop` ended it.
  virtual std::vector<double> run(std::size_t item, Stop stop) const = 0;
  std::size_t later_items() const { return later_items_; }  // of rounds to come

 protected:
  std::vector<Column> columns_;
  std::size_t items_ = 0, later_items_ = 0;
};

using ItemRows = std::vector<std::vector<double>>;  // [item]: its rows

// How large a job is, rounds to come included.
struct JobSize {
  double trainings = 0, rows = 0;
};

// A kind of job: one row of the table, one file in jobs/.
struct JobInfo {
  const char* id = "";
  const char* command = "";  // its name on the command line, where that is another
  const char* label = "";
  const char* doc = "";
  const char* reference = "";
  std::span<const ParamSpec> params = {};
  std::size_t min_axes = 0, max_axes = 0;
  const char* default_axes = "";  // used where axes are missing; joined by blanks
  bool of_lane = false;           // looks at a live lane, which starts it: not set up by hand
  bool ranges_only = false;       // axes are ranges of numbers; how many points is the kind's own affair
  std::unique_ptr<Work> (*make)(const Job&) = nullptr;
  // Optional. More that validate() brings in order.
  void (*check)(Job&, std::vector<Issue>&) = nullptr;
  // Optional. The round that follows from the rows of this one; nothing: that was the last.
  std::optional<Job> (*next)(const Job&, const ItemRows&) = nullptr;
  // Optional. Without it the job's parameters keep it small enough.
  JobSize (*size)(const Job&) = nullptr;
  // Optional. Another job that checks what the finished one says (the finder's suggestions).
  std::optional<Job> (*then)(const Job&, const ItemRows&) = nullptr;
  // Optional. Whether a parameter has a meaning beside the others as they are.
  bool (*relevant)(const Job&, std::string_view key) = nullptr;

  const char* name() const { return *command ? command : id; }  // on the command line
};
Family<JobInfo> job_kinds();
const JobInfo* job_kind(std::string_view name);  // by its id or name(); null: there is none

// A job of this kind (must exist) with the row's defaults.
Job make_job(std::string_view kind, const Config& base = {});

// Brings parameters and axes into their ranges; what had to be changed is reported in sentences.
// A validated job can be run, unless it is too large.
std::vector<Issue> validate(Job& job);

// What fits into a page's memory, and what nobody waits for longer than a night.
inline constexpr double kMostTrainings = 100000, kMostRows = 2000000;
// Why a job is not begun, in a sentence; empty: it is not too large.
std::string too_large(const Job& job);

// {"v": 1, "job": "sweep", "config": {...}, "axes": ["lr=1e-4:1:log:12"], "steps": 200, ...}: what
// differs from the defaults, on one line. The reader corrects and reports; nothing: no such kind.
// `base`: where it says no config.
std::string to_json(const Job& job);
std::optional<Job> job_from_json(std::string_view json, std::vector<Issue>* issues = nullptr, const Config& base = {});

// One click away: a job with its axes chosen. `base` lends what the preset does not decide.
struct JobPreset {
  const char* id;
  const char* label;
  const char* doc;
  Job (*make)(const Config& base);
};
std::span<const JobPreset> job_presets();

// "job=" of a link: a ready-made job or a kind by its name, or a job as JSON. `base`: the link's config;
// of a job
// that brings none, which `own_base` tells. Nothing: `issues` says why.
std::optional<Job> job_from_link(const std::string& text, const Config& base, std::vector<Issue>& issues, bool* own_base = nullptr);

// ---- running -------------------------------------------------------------------------------------

// Who does which item, and what is known so far. Rounds follow each other by themselves; items are
// numbered through. Not for several threads: a pool's owner calls it.
class JobBoard {
 public:
  // Of every `shards` items, this board does the one with number `shard`.
  explicit JobBoard(Job job, std::size_t shard = 0, std::size_t shards = 1);

  const Job& job() const { return rounds_.back().job; }          // of the present round
  std::shared_ptr<const Work> work() const { return rounds_.back().work; }
  std::size_t round_first() const { return rounds_.back().first; }  // number of its item 0

  std::optional<std::size_t> take();         // the next item nobody does; nothing: wait, or finished
  void put(std::size_t item, std::vector<double> rows);  // its rows; false ones (wrong size) are refused
  void give_back(std::size_t item);          // whoever did it died
  void preview(std::size_t item, std::vector<double> rows);  // its rows so far: for round_rows() alone

  bool finished() const { return finished_; }
  std::size_t done() const { return done_; }
  std::size_t total() const;                 // rounds to come included
  std::size_t items_known() const { return rows_.size(); }
  // Rows of an item, in the columns of its round; empty: not done (or another shard's).
  const std::vector<double>& rows(std::size_t item) const { return rows_[item]; }
  const Job& job_of(std::size_t item) const { return round_of(item).job; }
  const Work& work_of(std::size_t item) const { return *round_of(item).work; }
  // Items of the present round from its item 0, as jobs/<kind>.h reads them; of unfinished ones what
  // they have shown.
  ItemRows round_rows() const;
  std::uint64_t version() const { return version_; }  // grows with every put

 private:
  struct Round {
    Job job;
    std::shared_ptr<const Work> work;
    std::size_t first;
  };
  const Round& round_of(std::size_t item) const;
  void begin_round(Job job);
  void forget_preview(std::size_t item);
  void advance();
  bool mine(std::size_t item) const { return item % shards_ == shard_; }

  std::vector<Round> rounds_;
  std::size_t shard_, shards_;
  ItemRows rows_;
  std::vector<std::pair<std::size_t, std::vector<double>>> previews_;  // item, its rows so far
  std::vector<std::size_t> again_;
  std::size_t next_ = 0, done_ = 0, round_left_ = 0;
  std::uint64_t version_ = 0;
  bool finished_ = false;
};

// Runs jobs, one at a time. The platform gives one; it starts nothing before start() and leaves
// nothing running once it is cancelled or destroyed.
class JobRunner {
 public:
  virtual ~JobRunner() = default;
  // A validated job. What ran before is cancelled; rows of `known` are taken over.
  void start(Job job) { start(std::make_unique<JobBoard>(std::move(job))); }
  virtual void start(std::unique_ptr<JobBoard> board) = 0;
  virtual void cancel() = 0;  // at once; the rows so far stay
  // Cancels and hands over what is known so far.
  std::unique_ptr<JobBoard> release() {
    cancel();
    return std::move(board_);
  }
  // Takes in what the workers have finished. Call it every frame; `budget` (seconds) is only used
  // by runners without workers, which do the work here.
  virtual void poll(double budget) = 0;
  // Sleeps until something has come in, at most `seconds`. For loops without frames.
  virtual void wait(double seconds) { (void)seconds; }
  virtual int workers() const = 0;
  virtual int replaced() const { return 0; }  // workers that died and were replaced

  const JobBoard* board() const { return board_.get(); }  // null: nothing was started
  bool running() const { return running_ && board_ && !board_->finished(); }
  // Seconds since start() and those left at the pace so far (NaN: not known yet), by `clock`.
  double seconds() const { return seconds_; }
  double seconds_left() const;

 protected:
  std::unique_ptr<JobBoard> board_;
  bool running_ = false;
  double seconds_ = 0;
  std::size_t done_before_ = 0;  // items that were known when it started
};

// No workers: poll() runs items until the budget is spent.
class SerialRunner : public JobRunner {
 public:
  explicit SerialRunner(std::function<double()> clock) : clock_(std::move(clock)) {}
  using JobRunner::start;
  void start(std::unique_ptr<JobBoard> board) override;
  void cancel() override { running_ = false; }
  void poll(double budget) override;
  int workers() const override { return 0; }

 private:
  std::function<double()> clock_;
};

// The platform's workers: threads natively, Web Workers in a page, none under Node. 0: as many as the
// machine has processors (in a page one less, for the page itself). They are started by the first job.
// Defined in platform/pool_native.cpp, pool_web.cpp and pool_node.cpp.
std::unique_ptr<JobRunner> make_pool(int workers = 0);

// ---- rows as text --------------------------------------------------------------------------------

// Both forms begin with the job itself, so a file says what it is and can be continued: JSON Lines
// with the job as the first line, CSV with it as a comment ("# {...}") before the column names.
enum class RowFormat { kJsonLines, kCsv };

std::string head_text(RowFormat format, const Job& job, const Work& work);
std::string row_text(RowFormat format, const Work& work, std::size_t item, const double* cells);
std::string rows_text(RowFormat format, const Work& work, std::size_t item, const std::vector<double>& rows);

// All rows that are known, in the order of their items: of a finished board what the command line's --out writes.
std::string results_text(RowFormat format, const JobBoard& board);

// A results file, whole or torn.
struct RowFile {
  RowFormat format = RowFormat::kJsonLines;
  std::optional<Job> job;           // nothing: not such a file
  std::vector<Issue> issues;
  std::unique_ptr<JobBoard> board;  // with all complete items of the file
  std::size_t good_bytes = 0;       // length of the part that has complete items in order
  std::optional<std::size_t> stranger;  // a whole item after that which this shard does not have there
};
// Reads the items of one shard (all of them: 0 of 1) in their order; what comes after the first line
// that is torn or out of place does not count.
RowFile read_rows(std::string_view text, std::size_t shard = 0, std::size_t shards = 1);
// The rows of several files of one job, in the order of the items; the format is the first file's
// unless said. Says what is missing, and refuses files that disagree.
std::string merge_rows(const std::vector<std::string>& texts, std::vector<Issue>& issues, std::optional<RowFormat> as = {});

}  // namespace lrlab
