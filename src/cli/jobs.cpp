#include "cli/jobs.h"

#if __has_include(<sys/file.h>) && !defined(__EMSCRIPTEN__)
#define LRLAB_HAS_FLOCK
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/progress.h"
#include "cli/text.h"
#include "core/parse.h"

namespace lrlab::cli {

extern const JobReport crossval_report, ensemble_report, landscape_report, map_report, range_test_report, stability_report, sweep_report;

namespace {

const JobReport& report_of(std::string_view kind) {
  static constexpr struct {
    std::string_view kind;
    const JobReport* report;
  } kReports[] = {{"crossval", &crossval_report}, {"ensemble", &ensemble_report}, {"landscape", &landscape_report}, {"map", &map_report},
                  {"range_test", &range_test_report}, {"stability", &stability_report}, {"sweep", &sweep_report}};
  static const JobReport kNothing;
  for (const auto& r : kReports)
    if (r.kind == kind) return *r.report;
  return kNothing;
}

constexpr std::size_t kMaxResults = std::size_t{1} << 30;  // bytes of a results file that are read

struct JobArgs {
  const char* kind;
  JobReport report;
  ConfigArgs config;
  std::vector<std::string> axes;
  std::string preset, out, plot, shard;
  std::vector<std::pair<std::string, std::string>> params;  // as given: key, text
  std::uint64_t workers = 0;
  bool resume = false, no_then = false;
};

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// "--num-iter" of "num_iter".
std::string option_of(const char* key) {
  std::string s = std::string("--") + key;
  std::replace(s.begin(), s.end(), '_', '-');
  return s;
}

std::string type_of(const ParamSpec& spec) {
  if (spec.kind != ParamKind::kChoice) return spec.kind == ParamKind::kInteger ? "N" : "X";
  return spec.choices;
}

void write_file(const std::string& option, const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  file.flush();
  if (!file) throw Error{kFailed, option + " '" + printable(path, 200) + "' cannot be written"};
}

// ---- the job -------------------------------------------------------------------------------------

void note(Console& console, const std::vector<Issue>& issues, bool strict) {
  if (strict && !issues.empty()) throw Error{kWrongUse, "--strict: " + issues.front().message};
  for (const Issue& issue : issues) console.err << issue.message << '\n';
}

// What --grid says takes the place of the axes of a preset or a link that have the same key, or of all of
// them where there is no room for both.
void replace_axes(Job& job, std::vector<Axis> axes, Console& console) {
  if (axes.empty()) return;
  std::vector<Axis> kept;
  for (const Axis& old : job.axes)
    if (std::none_of(axes.begin(), axes.end(), [&](const Axis& a) { return a.key == old.key; })) kept.push_back(old);
  if (kept.empty() || kept.size() + axes.size() > job.kind.info->max_axes) {
    for (const Axis& old : kept) console.err << "The axis " << to_text(old) << " is left out: --grid names others.\n";
    job.axes = std::move(axes);
    return;
  }
  for (Axis& old : job.axes) {
    const auto found = std::find_if(axes.begin(), axes.end(), [&](const Axis& a) { return a.key == old.key; });
    if (found == axes.end()) continue;
    old = std::move(*found);
    axes.erase(found);
  }
  job.axes.insert(job.axes.end(), axes.begin(), axes.end());
}

// What varies is what the job is about: nothing of it is corrected in silence, or beside hours of work.
[[noreturn]] void refuse_axis(const std::vector<Issue>& found) {
  throw Error{kWrongUse, "--grid: " + (found.empty() ? std::string("no axis") : fault_of(found.front().message))};
}

Job make_job_of(const JobArgs& args, Console& console) {
  std::vector<Issue> issues;
  std::vector<Setting> said;
  const Config config = args.config.read(console, issues, &said);
  issues.clear();
  Job job = make_job(args.kind, config);
  if (const std::string link = args.config.job(); !link.empty()) {
    std::vector<Issue> found;
    std::optional<Job> linked = job_from_link(link, config, found);
    if (!linked || linked->kind.info != job.kind.info || !args.preset.empty()) {
      const std::string why = !linked                 ? found.back().message
                              : !args.preset.empty() ? "--preset names another."
                                                     : "'lrlab " + std::string(linked->kind.info->name()) + "' runs it.";
      issues.push_back({"job", "The experiment of the link is left out. " + why});
    } else {
      issues = std::move(found);
      job = std::move(*linked);
      job.base.own = config.own;
      // Of what is said, --set alone wins over what the link's experiment brings.
      if (!args.config.data.empty()) apply_settings(job.base, {said.begin(), said.begin() + 2});
      apply_settings(job.base, {said.end() - static_cast<std::ptrdiff_t>(args.config.sets.size()), said.end()});
    }
    note(console, issues, args.config.strict);
  }
  if (!args.preset.empty()) {
    const JobPreset* found = nullptr;
    std::string known;
    for (const JobPreset& p : job_presets()) {
      if (std::string_view(p.make(config).kind.info->id) != args.kind) continue;
      if (args.preset == p.id) found = &p;
      known += (known.empty() ? "" : ", ") + std::string(p.id);
    }
    if (!found) throw Error{kWrongUse, "--preset was '" + printable(args.preset, 40) + "'; there are " + (known.empty() ? "none here" : known)};
    job = found->make(config);
    job.base.own = config.own;
    apply_settings(job.base, said);  // what is said wins over what the preset would choose
  }
  std::vector<Axis> axes;
  for (const std::string& text : args.axes) {
    std::vector<Issue> found;
    auto axis = axis_from_text(text, &found);
    if (!axis || !found.empty()) refuse_axis(found);
    axes.push_back(std::move(*axis));
  }
  std::vector<std::string> varies;
  for (const Axis& axis : axes) varies.push_back(axis.key);
  replace_axes(job, std::move(axes), console);
  for (const auto& [key, text] : args.params) {
    for (const ParamSpec& spec : job.kind.info->params) {
      if (key != spec.key) continue;
      double v = 0;
      if (!parse_value(spec, text, v) || !(v >= spec.min && v <= spec.max) ||
          (spec.kind == ParamKind::kInteger && v != std::floor(v)))
        throw Error{kWrongUse, option_of(spec.key) + " was '" + printable(text, 40) + "'; allowed is " + range_text(spec)};
      job.set(key, v);
    }
  }
  std::vector<Issue> corrected = validate(job);
  std::vector<Issue> of_axes;
  for (const Issue& issue : corrected)
    if (std::find(varies.begin(), varies.end(), issue.key) != varies.end()) of_axes.push_back(issue);
  if (!of_axes.empty()) refuse_axis(of_axes);
  note(console, corrected, args.config.strict);
  if (const std::string why = too_large(job); !why.empty()) throw Error{kWrongUse, why};
  return job;
}

void check_place(const std::string& option, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const std::string name = option + " '" + printable(path, 200) + "'";
  if (fs::is_directory(path, error)) throw Error{kWrongUse, name + " is a folder, not a file"};
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error)) throw Error{kWrongUse, name + ": there is no folder '" + printable(folder.string(), 200) + "'"};
}

void check_plot(const JobReport& report, const std::string& plot, const std::string& out) {
  if (plot.empty()) return;
  namespace fs = std::filesystem;
  std::error_code error;
  const std::string name = "--plot '" + printable(plot, 200) + "'";
  if (!ends_with(plot, ".svg") && !(report.pixels && ends_with(plot, ".png")))
    throw Error{kWrongUse, name + ": the name must end in .svg" + (report.pixels ? " or .png" : "; this job is drawn with lines and words")};
  check_place("--plot", plot);
  if (!out.empty() && out != "-" && (fs::absolute(out, error).lexically_normal() == fs::absolute(plot, error).lexically_normal() || fs::equivalent(out, plot, error)))
    throw Error{kWrongUse, name + " is the file of --out, too; give it another name"};
}

// Everything about the files that can be wrong is said before anything is computed.
void check_files(const JobArgs& args) {
  const bool file = !args.out.empty() && args.out != "-";
  if (!args.shard.empty() && args.out.empty()) throw Error{kWrongUse, "--shard does a part, whose rows go into --out, which is missing"};
  if (!args.shard.empty() && !args.plot.empty()) throw Error{kWrongUse, "--plot: a shard is a part of the result; 'lrlab merge' draws the whole"};
  if (args.resume && !file) throw Error{kWrongUse, "--resume continues the file in --out, which is missing"};
  if (file) check_place("--out", args.out);
  check_plot(args.report, args.plot, args.out);
}

// "2/5": the third of five.
void read_shard(const std::string& text, std::size_t& shard, std::size_t& shards) {
  if (text.empty()) return;
  double i = 0, n = 0;
  const std::size_t slash = text.find('/');
  const bool good = slash != std::string::npos && parse_number(text.substr(0, slash), i) == slash && slash > 0 &&
                    parse_number(text.substr(slash + 1), n) == text.size() - slash - 1 && n >= 1 && n <= 1e6 && i >= 0 && i < n &&
                    i == std::floor(i) && n == std::floor(n);
  if (!good)
    throw Error{kWrongUse, "--shard was '" + printable(text, 40) + "'; it is I/N, part I of N counted from 0, for example 0/4"};
  shard = static_cast<std::size_t>(i);
  shards = static_cast<std::size_t>(n);
}

// ---- the results file ----------------------------------------------------------------------------

// The file that a process writes its rows to is its own as long as it lives; the system gives it free
// whatever becomes of the process. Some network file systems know no locks: there it is up to the user.
class FileLock {
 public:
#ifdef LRLAB_HAS_FLOCK
  explicit FileLock(const std::string& path) : descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) throw Error{kFailed, "--out '" + printable(path, 200) + "' cannot be written"};
    if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    close(descriptor_);
    throw Error{kWrongUse, "--out '" + printable(path, 200) + "' is being written by another lrlab; wait for it, or choose another name"};
  }
  ~FileLock() { close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  const int descriptor_;
#else
  explicit FileLock(const std::string&) {}
#endif
};

// Rows go out in the order of their items, each item whole, as soon as all before it are there: the
// file is at any moment the beginning of the finished one.
class RowWriter {
 public:
  RowWriter(const std::string& path, RowFormat format, Console& console, std::size_t shard, std::size_t shards)
      : path_(path), format_(format), shards_(shards), next_(shard) {
    if (path == "-") out_ = &console.out;
  }

  void begin(const JobBoard& board, std::size_t good_bytes) {
    if (path_.empty()) return;
    if (path_ != "-") {
      std::error_code error;
      if (good_bytes > 0) std::filesystem::resize_file(path_, good_bytes, error);  // the torn rest goes
      file_.open(path_, std::ios::binary | (good_bytes > 0 ? std::ios::app : std::ios::trunc));
      if (!file_ || error) throw Error{kFailed, "--out '" + printable(path_, 200) + "' cannot be written"};
      out_ = &file_;
    }
    if (good_bytes == 0) *out_ << head_text(format_, board.job_of(0), board.work_of(0));
    if (good_bytes > 0)
      while (next_ < board.items_known() && !board.rows(next_).empty()) next_ += shards_;
    out_->flush();
  }

  void write(const JobBoard& board) {
    if (!out_) return;
    const std::size_t before = next_;
    for (; next_ < board.items_known() && !board.rows(next_).empty(); next_ += shards_)
      *out_ << rows_text(format_, board.work_of(next_), next_, board.rows(next_));
    if (next_ != before) out_->flush();
    if (!*out_) throw Error{kFailed, "--out '" + printable(path_, 200) + "' could not be written to the end"};
  }

 private:
  std::string path_;
  RowFormat format_;
  std::size_t shards_, next_;
  std::ofstream file_;
  std::ostream* out_ = nullptr;
};

// A process that ends writes at most part of an item, which is done again without a word. Whatever else
// does not go on with the next item is damage.
void say_damage(const std::string& path, const std::string& text, const RowFile& file, Console& console) {
  JobBoard& board = *file.board;
  const auto item = board.finished() ? std::nullopt : board.take();
  if (item) board.give_back(*item);
  const auto lines = [&](std::size_t from, std::size_t to) { return static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to), '\n')); };
  const std::size_t rest = lines(file.good_bytes, text.size());
  if (rest < (item ? board.work_of(*item).rows(*item - board.round_first()) : 1)) return;
  console.err << printable(path, 200) << " is damaged from line " << lines(0, file.good_bytes) + 1 << " on: " << rest << (rest == 1 ? " line is" : " lines are")
              << (item ? " computed again.\n" : " left out.\n");
}

// Cells of whole pixels, so that the picture is at least 512 wide.
void enlarge(int& width, int& height, std::vector<std::uint8_t>& rgb) {
  const int by = std::max(1, 512 / std::max(1, width));
  std::vector<std::uint8_t> out;
  out.reserve(rgb.size() * static_cast<std::size_t>(by * by));
  for (int y = 0; y < height * by; ++y)
    for (int x = 0; x < width * by; ++x)
      for (int k = 0; k < 3; ++k) out.push_back(rgb[static_cast<std::size_t>((y / by * width + x / by) * 3 + k)]);
  rgb = std::move(out);
  width *= by;
  height *= by;
}

void draw(const JobReport& report, const JobBoard& board, const std::string& plot, Console& console) {
  if (!report.chart || plot.empty()) return;
  if (!ends_with(plot, ".png")) return write_file("--plot", plot, report.chart(board).svg());
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;
  report.pixels(board, width, height, rgb);
  enlarge(width, height, rgb);
  write_file("--plot", plot, png(width, height, rgb));
  console.err << printable(plot, 200) << " holds the cells alone; a name that ends in .svg gives them axes and a legend.\n";
}

// Runs to the end; false: interrupted.
bool run_to_end(JobRunner& runner, std::unique_ptr<JobBoard> board, RowWriter& writer, Console& console) {
  const std::size_t known = board->done();
  runner.start(std::move(board));
  Progress progress(console, runner.board()->total() - known);
  while (runner.running() && !interrupted) {
    runner.wait(0.05);
    runner.poll(0.05);
    progress.at(runner.board()->done() - known);
    writer.write(*runner.board());
  }
  progress.clear();
  writer.write(*runner.board());
  runner.cancel();
  return runner.board()->finished();
}

int run_job(const JobArgs& args, Console& console) {
  check_files(args);
  Job job = make_job_of(args, console);
  std::size_t shard = 0, shards = 1;
  read_shard(args.shard, shard, shards);
  if (shards > 1 && job.kind.info->next && job.kind.info->next(job, {}))
    throw Error{kWrongUse, "--shard: halving and Hyperband choose who goes on from all results, so they cannot be cut into shards"};
  const bool csv = ends_with(args.out, ".csv");
  const RowFormat format = csv ? RowFormat::kCsv : RowFormat::kJsonLines;

  auto board = std::make_unique<JobBoard>(job, shard, shards);
  std::size_t good_bytes = 0;
  std::error_code error;
  std::optional<FileLock> lock;
  // What is there and no file (/dev/null, a pipe) is written to as it is.
  if (!args.out.empty() && args.out != "-" && (std::filesystem::is_regular_file(args.out, error) || !std::filesystem::exists(args.out, error))) lock.emplace(args.out);
  if (lock && std::filesystem::exists(args.out, error) && std::filesystem::file_size(args.out, error) > 0) {
    if (!args.resume)
      throw Error{kWrongUse, "--out '" + printable(args.out, 200) + "' exists; --resume continues it, or choose another name"};
    const std::string text = read_file("--out", args.out, kMaxResults);
    RowFile file = read_rows(text, shard, shards);
    const std::string head = head_text(format, job, *board->work());
    // A head that is torn itself is a beginning of ours: nothing is lost by writing it again.
    const bool torn_head = text.size() < head.size() && head.compare(0, text.size(), text) == 0;
    if (!torn_head && (!file.job || !(*file.job == job) || file.format != format))
      throw Error{kWrongUse, "--resume: '" + printable(args.out, 200) + "' holds the rows of another job"};
    if (file.stranger)
      throw Error{kWrongUse, "--resume: '" + printable(args.out, 200) + "' holds item " + std::to_string(*file.stranger) + " where " +
                                 (args.shard.empty() ? "a run without --shard" : "--shard " + args.shard) +
                                 " has another: it is the file of another shard. Choose its own --shard, or another --out"};
    if (file.board && file.good_bytes > 0) {
      say_damage(args.out, text, file, console);
      good_bytes = file.good_bytes;
      board = std::move(file.board);
      console.err << "Continuing " << printable(args.out, 200) << ": " << board->done() << " of " << board->total() << " items are there.\n";
    }
  }

  RowWriter writer(args.out, format, console, shard, shards);
  writer.begin(*board, good_bytes);
  const auto runner = make_pool(static_cast<int>(args.workers));
  if (!run_to_end(*runner, std::move(board), writer, console)) {
    console.err << "Interrupted after " << runner->board()->done() << " of " << runner->board()->total() << " items."
                << (args.out.empty() || args.out == "-" ? "" : " The same command with --resume goes on.") << '\n';
    return kInterrupted;
  }
  if (shards > 1) return kDone;  // a part says nothing about the whole

  const JobBoard& done = *runner->board();
  if (args.report.text && args.out != "-") args.report.text(done, console);
  draw(args.report, done, args.plot, console);
  if (args.report.then_text && !args.no_then && args.out != "-") {
    if (auto second = done.job().kind.info->then(done.job(), done.round_rows())) {
      validate(*second);
      const auto again = make_pool(static_cast<int>(args.workers));
      RowWriter nowhere("", format, console, 0, 1);
      if (!run_to_end(*again, std::make_unique<JobBoard>(std::move(*second)), nowhere, console)) return kInterrupted;
      args.report.then_text(done, *again->board(), console);
    }
  }
  return kDone;
}

}  // namespace

std::string brief(double v) {
  if (!(v * 0 == 0)) return "-";
  char text[40];
  std::snprintf(text, sizeof text, "%.4g", v);
  const double short_v = std::strtod(text, nullptr);
  if (std::fabs(short_v) < 1e7) return number_text(short_v);
  std::string s = text;  // 4.847e+13
  std::erase(s, '+');
  return s;
}

std::function<int()> define_job(CLI::App& app, Console& console, const char* kind) {
  const JobReport& report = report_of(kind);
  auto args = std::make_shared<JobArgs>();
  args->kind = kind;
  args->report = report;
  args->config.add_to(app);
  const JobInfo& info = *find(job_kinds(), kind);
  if (info.max_axes > 0)
    app.add_option("--grid", args->axes,
                   "What varies: lr=1e-4:1:log:12 (from, to, log or lin, points) or optimizer=sgd,adam; up to " +
                       std::to_string(info.max_axes) + (info.min_axes > 0 ? std::string(". Default: ") + info.default_axes + "." : ". Without it: the one config."))
        ->type_name("AXIS")
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  for (const ParamSpec& spec : info.params)
    app.add_option_function<std::string>(
           option_of(spec.key), [args, key = std::string(spec.key)](const std::string& text) { args->params.emplace_back(key, text); },
           std::string(spec.doc) + " Default: " + value_text(spec, spec.def) + ".")
        ->type_name(type_of(spec));
  std::string presets;
  for (const JobPreset& p : job_presets())
    if (std::string_view(p.make({}).kind.info->id) == kind) presets += (presets.empty() ? "" : ", ") + std::string(p.id);
  if (!presets.empty()) app.add_option("--preset", args->preset, "A ready-made job: " + presets + ". What else is said wins over it.")->type_name("ID");
  app.add_option("--out", args->out, "Write the rows: CSV if the name ends in .csv, else JSON Lines; - is the standard output.")->type_name("FILE");
  app.add_option("--plot", args->plot, std::string("Draw the result as an SVG file") + (report.pixels ? ", or the cells alone, without axes, as .png." : "."))->type_name("FILE");
  add_whole_number(app, "--jobs", args->workers, 0, 1024, "How many threads; 0: as many as there are processors.");
  app.add_flag("--resume", args->resume, "Continue an interrupted run from what is in --out.");
  app.add_option("--shard", args->shard, "Do only part I of N (from 0); 'lrlab merge' puts the parts together.")->type_name("I/N");
  if (report.then_text) app.add_flag("--no-verify", args->no_then, "Leave out the trainings at each suggestion.");
  if (*report.note) app.footer(wrapped(report.note, 0, console.width) + "\n\n" + app.get_footer());
  return [args, &console] { return run_job(*args, console); };
}

// ---- merge ---------------------------------------------------------------------------------------

std::function<int()> define_merge(CLI::App& app, Console& console) {
  struct Args {
    std::vector<std::string> files;
    std::string out, plot;
  };
  auto args = std::make_shared<Args>();
  app.add_option("files", args->files, "The results of all shards, in any order.")
      ->type_name("FILE...")
      ->required()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--out", args->out, "Where the rows go: CSV if the name ends in .csv, else JSON Lines; the standard output unless said.")->type_name("FILE");
  app.add_option("--plot", args->plot, "Draw the result as an SVG file, or the cells of a map or landscape alone as .png.")->type_name("FILE");
  return [args, &console] {
    std::vector<std::string> texts;
    for (const std::string& path : args->files) texts.push_back(read_file("file", path, kMaxResults));
    std::vector<Issue> issues;
    const bool file = !args->out.empty() && args->out != "-";
    std::error_code error;
    if (file && std::filesystem::exists(args->out, error)) throw Error{kWrongUse, "--out '" + printable(args->out, 200) + "' exists; choose another name"};
    const std::string rows = merge_rows(texts, issues, file ? std::optional(ends_with(args->out, ".csv") ? RowFormat::kCsv : RowFormat::kJsonLines) : std::nullopt);
    if (!issues.empty()) throw Error{kFailed, issues.front().message};
    const RowFile whole = read_rows(rows);
    const JobReport& report = report_of(whole.job ? whole.job->kind.info->id : "");
    check_plot(report, args->plot, args->out);
    if (file) {
      write_file("--out", args->out, rows);
      if (report.text && whole.board) report.text(*whole.board, console);
    } else {
      console.out << rows;
    }
    if (whole.board) draw(report, *whole.board, args->plot, console);
    return static_cast<int>(kDone);
  };
}

}  // namespace lrlab::cli
