// lrlab run: train once, from the command line, with the same bits as in the browser.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <ostream>

#include <nlohmann/json.hpp>

#include "cli/config_args.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "core/parse.h"
#include "experiment/codec.h"
#include "experiment/export.h"
#include "experiment/judge.h"

namespace lrlab::cli {
namespace {

struct Args {
  ConfigArgs config;
  std::uint64_t steps = 1000;
  std::string csv;
  std::uint64_t every = 1;
  bool json = false;
};

// What came out.
struct Result {
  std::uint64_t steps = 0;
  double epochs = 0;
  Evaluation train, test;
  bool no_test = false;  // no sample is kept for testing
  std::optional<std::uint64_t> diverged_at;  // the step that was not finite, the first one being 1
  bool stopped_early = false;
  bool interrupted = false;
  double lr = 0;  // of the step that would come next
  double clip_share = 0;  // of all steps, in which clipping changed the gradient
  std::string theta_hash;
  std::size_t parameters = 0;
  double seconds = 0;
  Reading curvature;  // at the end
  Verdict verdict;
};

// ---- CSV -----------------------------------------------------------------------------------------

// Row s is the state before update s, and what that update did; the last row is the state after all.
class Csv {
 public:
  // `layers`: of the network; each has the norm of its gradient and ‖Δw‖/‖w‖.
  Csv(const std::string& path, std::size_t layers, Console& console) : name_(path), layers_(layers) {
    if (path.empty()) return;
    if (path == "-") {
      out_ = &console.out;
    } else {
      file_.open(path, std::ios::binary | std::ios::trunc);
      if (!file_) throw Error{kFailed, "--csv '" + printable(path, 200) + "' cannot be written"};
      out_ = &file_;
    }
    *out_ << "step,epoch,loss,lr,train_loss,test_loss,test_accuracy,grad_norm,clipped_norm,update_norm,"
             "weight_norm,momentum,clip_factor,rate_min,rate_median,rate_max";
    for (std::size_t l = 1; l <= layers_; ++l) *out_ << ",grad_norm_" << l << ",update_ratio_" << l;
    *out_ << '\n';
  }
  bool wanted() const { return out_ != nullptr; }

  void row(std::uint64_t step, double epoch, const Evaluation& train, const Evaluation& test,
           const StepReport* report, const Telemetry* telemetry) {
    *out_ << step << ',' << cell(epoch) << ',' << (report ? cell(report->loss) : "") << ','
          << (report ? cell(report->lr) : "") << ',' << cell(train.loss) << ',' << cell(test.loss) << ','
          << cell(test.accuracy) << ',' << (telemetry ? cell(telemetry->grad_norm) : "") << ','
          << (telemetry ? cell(telemetry->clipped_norm) : "") << ','
          << (telemetry ? cell(telemetry->update_norm) : "") << ',' << (telemetry ? cell(telemetry->weight_norm) : "")
          << ',' << (report && report->momentum == report->momentum ? cell(report->momentum) : "") << ','
          << (report ? cell(report->clip.factor) : "");
    for (int q : {0, 2, 4}) *out_ << ',' << (telemetry ? cell(telemetry->rate_quantile[q]) : "");
    for (std::size_t l = 0; l < layers_; ++l)
      if (telemetry && l < telemetry->layers.size())
        *out_ << ',' << cell(telemetry->layers[l].grad_norm) << ','
              << cell(telemetry->layers[l].update_norm / telemetry->layers[l].weight_norm);
      else
        *out_ << ",,";
    *out_ << '\n';
  }

  void close() {
    if (!out_) return;
    out_->flush();
    if (!*out_) throw Error{kFailed, "--csv '" + printable(name_, 200) + "' could not be written to the end"};
  }

 private:
  // Shortest text that reads back as the same number; nan and inf as Python, R and C read them.
  static std::string cell(double v) {
    if (v != v) return "nan";
    if (v * 0 != 0) return v > 0 ? "inf" : "-inf";
    return number_text(v);
  }

  std::string name_;
  std::size_t layers_ = 0;
  std::ofstream file_;
  std::ostream* out_ = nullptr;
};

// ---- training ------------------------------------------------------------------------------------

Result train(const Config& config, const Args& args, Console& console) {
  Csv csv(args.csv, config.surface.info ? 0 : config.hidden.size() + 1, console);
  const auto start = std::chrono::steady_clock::now();
  // A race of one lane, as on the page: what the verdict looks at is recorded by the lane.
  Race race;
  race.lanes[0].config = config;
  Session session(race);
  Lane& lane = session.lane(0);
  Trainer& trainer = lane.trainer();
  Progress progress(console, args.steps);
  constexpr std::uint64_t kPiece = 200;  // steps
  while (trainer.state().step < args.steps && !trainer.finished() && !interrupted) {
    const std::uint64_t step = trainer.state().step;
    lane.watch = csv.wanted() && step % args.every == 0;
    if (lane.watch) {
      const double epoch = trainer.epoch();
      const Evaluation before = trainer.evaluate_train(), test = trainer.evaluate_test();
      session.run(1);
      csv.row(step, epoch, before, test, &lane.last_report(), &lane.last_telemetry());
    } else {
      // To the next row, but stopping often enough to be interrupted.
      session.run(std::min({args.steps - step, csv.wanted() ? args.every - step % args.every : kPiece, kPiece}));
    }
    progress.at(trainer.state().step);
  }
  progress.clear();

  const TrainState& state = trainer.state();
  Result result;
  result.steps = state.step;
  result.epochs = trainer.epoch();
  result.train = trainer.evaluate_train();
  result.test = trainer.evaluate_test();
  result.no_test = !config.surface.info && trainer.problem().data->test.count() == 0;
  if (state.diverged) result.diverged_at = state.step;
  result.stopped_early = state.stopped_early;
  result.interrupted = interrupted && state.step < args.steps && !trainer.finished();
  result.lr = trainer.lr_now();
  result.clip_share = lane.clip_share();
  result.parameters = state.theta.size();
  char hash[20];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(hash_bits(state.theta)));
  result.theta_hash = hash;
  if (csv.wanted()) csv.row(state.step, result.epochs, result.train, result.test, nullptr, nullptr);
  csv.close();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  result.curvature = curvature_of(lane);
  result.verdict = judge_lane(lane, &result.curvature);
  return result;
}

// What a link with a receipt (&expect=...) promises, and whether it came true here.
struct Receipt {
  std::string expected;
  std::uint64_t steps = 0;
  bool same = false;
};

std::optional<Receipt> check_receipt(const Args& args) {
  Receipt r;
  for (const Setting& s : parse_query(query_of(args.config.query)))
    if (s.key == "expect") r.expected = s.value;
  if (r.expected.empty()) return std::nullopt;
  const std::size_t at = r.expected.find('@');
  double steps = 0;
  if (at == std::string::npos || r.expected.find_first_not_of("0123456789abcdef,") != at || parse_number(r.expected.substr(at + 1), steps) != r.expected.size() - at - 1 ||
      !(steps >= 1 && steps <= 100'000))
    throw Error{kWrongUse, "the receipt 'expect' was '" + printable(r.expected, 40) + "'; it must be the hash of each lane and a step from 1 to 100000, as in 0f3a...@400"};
  r.steps = static_cast<std::uint64_t>(steps);
  r.same = receipt(race_from_query(query_of(args.config.query)), r.steps) == r.expected;
  return r;
}

// ---- printing ------------------------------------------------------------------------------------

void print_json(const Config& config, const Result& r, const std::optional<Receipt>& promise, const std::vector<Issue>& issues, std::ostream& out) {
  nlohmann::ordered_json j;
  auto null_because = nlohmann::ordered_json::object();  // JSON has no word for NaN and infinity
  const auto put = [&](const char* key, double v) {
    if (v * 0 == 0)
      j[key] = v;
    else
      j[key] = nullptr, null_because[key] = number_text(v);
  };
  const auto put_test = [&](const char* key, double v) {
    put(key, v);
    if (r.no_test) null_because[key] = "no test samples";
  };
  j["steps"] = r.steps;
  put("epochs", r.epochs);
  put("train_loss", r.train.loss);
  put_test("test_loss", r.test.loss);
  if (!config.surface.info && config.classes() > 0) {
    put("train_accuracy", r.train.accuracy);
    put_test("test_accuracy", r.test.accuracy);
  }
  put("lr", r.lr);
  if (std::string_view(config.train.clip.info->id) != "none") put("clip_share", r.clip_share);
  j["verdict"] = verdict_info(r.verdict.kind).id;
  j["explanation"] = r.verdict.explanation;
  j["advice"] = r.verdict.advice;
  if (!r.diverged_at) {
    put("sharpness", r.curvature.sharpness.value);
    if (*r.curvature.limit.formula) put("stable_lr", r.curvature.limit.lr);  // else: not known for this optimizer
  }
  if (r.diverged_at) j["diverged_at"] = *r.diverged_at;
  if (r.stopped_early) j["stopped_early"] = true;
  if (r.interrupted) j["interrupted"] = true;
  j["theta_hash"] = r.theta_hash;
  if (promise) j["receipt"] = promise->same ? "same" : "different";
  j["parameters"] = r.parameters;
  put("seconds", r.seconds);
  j["config"] = to_query(config);
  if (!null_because.empty()) j["null_because"] = null_because;
  for (const Issue& issue : issues) j["issues"].push_back(issue.message);
  out << j.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

std::string rounded(double v, const char* format) {
  if (!(v * 0 == 0)) return number_text(v);
  char text[64];
  std::snprintf(text, sizeof text, format, v);
  return text;
}

std::string what(const Config& c) {
  std::string s;
  if (c.surface.info) {
    s = std::string(c.surface.info->label);
  } else {
    s = std::string(c.dataset.info->label) + ", network " + std::to_string(c.inputs());
    for (int w : c.hidden) s += "-" + std::to_string(w);
    s += "-" + std::to_string(outputs_for(c.classes(), c.loss_info()));
    if (!c.hidden.empty()) s += " " + std::string(c.activation.info->id);
    s += ", " + std::string(c.loss_info().id);
  }
  s += "; " + std::string(c.train.optimizer.info->label) + ", lr " + number_text(c.train.lr);
  if (std::string_view(c.train.schedule.info->id) != "constant") s += ", schedule " + std::string(c.train.schedule.info->label);
  return s;
}

void print_text(const Config& config, const Result& r, const std::optional<Receipt>& promise, Console& console) {
  std::ostream& out = console.out;
  out << wrapped(what(config), 0, console.width) << '\n';
  out << r.steps << (r.steps == 1 ? " step" : " steps");
  if (!config.surface.info) out << ", " << rounded(r.epochs, "%.4g") << " epochs";
  out << ", " << r.parameters << " parameters, " << rounded(r.seconds, "%.2f") << " s\n";
  if (config.surface.info) {
    out << "  value     " << rounded(r.train.loss, "%.6g") << '\n';
  } else {
    const bool classes = config.classes() > 0;
    const bool test = !r.no_test;
    out << "            " << padded("training", 12) << (test ? "test" : "") << '\n';
    out << "  loss      " << padded(rounded(r.train.loss, "%.6g"), 12) << (test ? rounded(r.test.loss, "%.6g") : "") << '\n';
    if (classes)
      out << "  accuracy  " << padded(rounded(100 * r.train.accuracy, "%.2f %%"), 12)
          << (test ? rounded(100 * r.test.accuracy, "%.2f %%") : "") << '\n';
  }
  if (!r.diverged_at) {
    const std::string_view formula = r.curvature.limit.formula;
    out << "  sharpness " << rounded(r.curvature.sharpness.value, "%.4g");
    if (!formula.empty()) out << "; stable up to lr " << rounded(r.curvature.limit.lr, "%.4g") << " (" << formula << ")";
    out << '\n';
  }
  const VerdictInfo& verdict = verdict_info(r.verdict.kind);
  out << "  verdict   " << wrapped(std::string(verdict.label) + ": " + r.verdict.explanation + " " + r.verdict.advice, 12, console.width)
      << '\n';
  if (r.stopped_early) out << "  stopped early, with the best weights\n";
  if (r.interrupted) out << "  interrupted: this is what was done so far\n";
  out << "  theta     " << r.theta_hash << '\n';
  if (promise)
    out << "  receipt   " << wrapped((promise->same ? "reproduced bit for bit: every weight of every lane of the link after "
                                                    : "not reproduced: the weights differ from the link's after ") +
                                         std::to_string(promise->steps) + " steps from the start", 12, console.width) << '\n';
  out << "  config    " << to_query(config) << '\n';
}

int run_command(const Args& args, Console& console) {
  if (args.csv == "-" && args.json)
    throw Error{kWrongUse, "--csv - and --json both want the standard output; give --csv a file name"};
  std::vector<Issue> issues;
  const Config config = args.config.read(console, issues);
  const std::optional<Receipt> promise = check_receipt(args);
  const Result result = train(config, args, console);
  if (config.train.early_stop > 0 && (config.surface.info || result.no_test)) {
    issues.push_back({"early_stop", "'early_stop' watches the test loss, and this run has no test samples: it never stopped."});
    console.err << issues.back().message << '\n';
  }
  if (args.json)
    print_json(config, result, promise, issues, console.out);
  else if (args.csv != "-")
    print_text(config, result, promise, console);
  return result.interrupted ? kInterrupted : promise && !promise->same ? kFailed : kDone;
}

}  // namespace

std::function<int()> define_run(CLI::App& app, Console& console) {
  auto args = std::make_shared<Args>();
  args->config.add_to(app);
  add_whole_number(app, "--steps", args->steps, 0, 1'000'000'000, "How many updates; 1000 unless said.");
  app.add_option("--csv", args->csv, "Write a row per step; - is the standard output.")->type_name("FILE");
  add_whole_number(app, "--every", args->every, 1, 1'000'000'000, "Only every N-th step in the CSV.");
  app.add_flag("--json", args->json, "Print the result as JSON.");
  return [args, &console] { return run_command(*args, console); };
}

}  // namespace lrlab::cli
