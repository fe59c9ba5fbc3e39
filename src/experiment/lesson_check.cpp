// Judging: train the lanes that checks ask about, take the numbers they ask for, compare.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/assets.h"
#include "core/curvature.h"
#include "experiment/codec.h"
#include "experiment/lesson.h"

namespace lrlab {

std::span<const MeasureInfo> measures() {
  static constexpr MeasureInfo kMeasures[] = {
      {Measure::kLoss, "loss", "loss of the whole training set, without penalties; on a surface its value"},
      {Measure::kTestLoss, "test_loss", "loss of the test set"},
      {Measure::kTestGap, "gap", "test loss minus training loss"},
      {Measure::kTrainAccuracy, "train_accuracy", "share of the training samples whose class is right, 0 to 1"},
      {Measure::kTestAccuracy, "test_accuracy", "the same of the test samples"},
      {Measure::kBatchLoss, "batch_loss", "loss of the step's mini-batch before its update, penalties included"},
      {Measure::kLr, "lr", "rate of the next step"},
      {Measure::kGradNorm, "grad_norm", "length of the step's gradient before clipping"},
      {Measure::kUpdateNorm, "update_norm", "how far the step moved the weights"},
      {Measure::kWeightNorm, "weight_norm", "length of the vector of all weights"},
      {Measure::kClipShare, "clip_share", "share of the steps so far whose gradient was clipped, 0 to 1"},
      {Measure::kSharpness, "sharpness", "largest curvature (Hessian eigenvalue) of the training loss"},
      {Measure::kLrOverLimit, "lr_over_limit", "rate over the optimizer's stability limit; above 1 a quadratic diverges"},
      {Measure::kDistance, "distance", "on a surface: distance to the nearest global minimum"},
  };
  return kMeasures;
}

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string shown(double v) {
  if (!(v * 0 == 0)) return number_text(v);
  char text[40];
  std::snprintf(text, sizeof text, "%.4g", v);
  return text;
}

// Grows without bound when a run diverges.
bool is_loss(Measure m) {
  return m == Measure::kLoss || m == Measure::kTestLoss || m == Measure::kTestGap || m == Measure::kBatchLoss || m == Measure::kDistance;
}
bool of_a_step(Measure m) { return m == Measure::kBatchLoss || m == Measure::kGradNorm || m == Measure::kUpdateNorm; }

double distance_to_minimum(const Trainer& t) {
  const Problem& p = t.problem();
  double best = kInfinity;
  if (!p.surface) return kNaN;
  for (const Point2 m : minima_of(*p.surface, p.surface_params)) {
    const double dx = static_cast<double>(t.theta()[0]) - m.x, dy = static_cast<double>(t.theta()[1]) - m.y;
    best = std::min(best, std::sqrt(dx * dx + dy * dy));
  }
  return best;
}

}  // namespace

// One lane's run and the quantities that are taken from it.
struct Judge::Watch {
  struct Taken {
    Quantity quantity;
    double value = kNaN;
    double sum = 0;
    std::uint64_t count = 0;
  };

  Trainer trainer;
  std::vector<Taken> taken = {};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> hashes = {};  // of the weights, after so many steps
  std::uint64_t last = 0, clipped = 0;

  bool done() const { return trainer.state().step >= last || trainer.finished(); }

  void want(const Quantity& q) {
    last = std::max(last, q.to);
    for (const Taken& t : taken)
      if (t.quantity == q) return;
    taken.push_back({.quantity = q});
  }
  double value(const Quantity& q) const {
    for (const Taken& t : taken)
      if (t.quantity == q) return t.value;
    return kNaN;
  }
  std::uint64_t hash(std::uint64_t step) const {
    for (const auto& [at, hash] : hashes)
      if (at == step) return hash;
    return 0;
  }

  static void put(Taken& t, double v) {
    switch (t.quantity.take) {
      case Take::kAt: t.value = v; break;
      case Take::kLowest: t.value = t.count && !(v < t.value) ? t.value : v; break;
      case Take::kHighest: t.value = t.count && !(v > t.value) ? t.value : v; break;
      case Take::kMean: t.sum += v, t.value = t.sum / static_cast<double>(t.count + 1); break;
    }
    ++t.count;
  }

  double measure(Measure m) {
    switch (m) {
      case Measure::kLoss: return trainer.evaluate_train().loss;
      case Measure::kTestLoss: return trainer.evaluate_test().loss;
      case Measure::kTestGap: return trainer.evaluate_test().loss - trainer.evaluate_train().loss;
      case Measure::kTrainAccuracy: return trainer.evaluate_train().accuracy;
      case Measure::kTestAccuracy: return trainer.evaluate_test().accuracy;
      case Measure::kLr: return trainer.lr_now();
      case Measure::kWeightNorm: return norm2(trainer.theta().data(), trainer.theta().size());
      case Measure::kClipShare: return trainer.state().step ? static_cast<double>(clipped) / static_cast<double>(trainer.state().step) : 0;
      case Measure::kDistance: return distance_to_minimum(trainer);
      case Measure::kSharpness:
      case Measure::kLrOverLimit: {
        Hessian hessian(trainer.shared_problem());
        hessian.set_point(trainer.theta().data(), trainer.settings().l2);
        if (m == Measure::kSharpness) return sharpness(hessian).value;
        const double s = sharpness(hessian, {}, step_scale(trainer)).value;
        const auto& optimizer = trainer.settings().optimizer;
        return trainer.lr_now() / stability_limit(*optimizer.info, optimizer.params, s).lr;
      }
      case Measure::kBatchLoss:
      case Measure::kGradNorm:
      case Measure::kUpdateNorm: break;
    }
    return kNaN;
  }

  // What belongs to the state after `step` updates.
  void look() {
    const std::uint64_t step = trainer.state().step;
    for (Taken& t : taken)
      if (!of_a_step(t.quantity.measure) && step >= t.quantity.from && step <= t.quantity.to) put(t, measure(t.quantity.measure));
    for (auto& [at, hash] : hashes)
      if (at == step) hash = hash_bits(trainer.theta());
  }

  void advance(std::uint64_t steps) {
    if (trainer.state().step == 0 && steps > 0) look();
    for (; steps > 0 && !done(); --steps) {
      const std::uint64_t step = trainer.state().step;
      // A quantity of a step is that of the next one; at the end, of the last one.
      const auto wanted = [&](const Taken& t) {
        return of_a_step(t.quantity.measure) && step <= t.quantity.to && (step >= t.quantity.from || step + 1 == last);
      };
      const bool any = std::any_of(taken.begin(), taken.end(), wanted);
      Telemetry telemetry;
      const StepReport report = trainer.step(any ? &telemetry : nullptr);
      clipped += report.clip.share > 0;
      for (Taken& t : taken)
        if (wanted(t))
          put(t, t.quantity.measure == Measure::kBatchLoss  ? report.loss
                 : t.quantity.measure == Measure::kGradNorm ? telemetry.grad_norm
                                                            : telemetry.update_norm);
      if (!trainer.state().diverged) look();
    }
    if (!done()) return;
    const TrainState& state = trainer.state();
    for (Taken& t : taken) {
      const Quantity& q = t.quantity;
      if (state.diverged && state.step <= q.to && q.take != Take::kLowest) t.value = is_loss(q.measure) ? kInfinity : kNaN;
      // A run that stopped early stays where it is.
      if (state.stopped_early && q.take == Take::kAt && t.count == 0) put(t, measure(q.measure));
    }
  }
};

namespace {

std::string moment(const Quantity& q) {
  const std::string to = std::to_string(q.to);
  switch (q.take) {
    case Take::kAt: return " after " + to + (q.to == 1 ? " step" : " steps");
    case Take::kLowest: return ", lowest in steps " + std::to_string(q.from) + " to " + to;
    case Take::kHighest: return ", highest in steps " + std::to_string(q.from) + " to " + to;
    case Take::kMean: return ", mean of steps " + std::to_string(q.from) + " to " + to;
  }
  return "";
}

std::string quantity_text(const Quantity& q, const std::vector<std::string>& names) {
  std::string s = measures()[static_cast<std::size_t>(q.measure)].name;
  if (const std::string& name = names[q.lane]; !name.empty()) s += " of '" + name + "'";
  return s + moment(q);
}

}  // namespace

Judge::Judge(std::vector<Config> lanes, std::vector<Check> checks, std::vector<std::string> names)
    : checks_(std::move(checks)), names_(std::move(names)) {
  names_.resize(lanes.size());
  std::vector<std::string> keys;
  for (const Config& config : lanes) {
    // Lanes with the same problem share it.
    keys.push_back(problem_key(config));
    const auto same = static_cast<std::size_t>(std::find(keys.begin(), keys.end(), keys.back()) - keys.begin());
    watches_.push_back({.trainer = Trainer(same < watches_.size() ? watches_[same].trainer.shared_problem() : make_problem(config), config.train)});
  }
  for (const Check& c : checks_) {
    Watch& watch = watches_[c.what.lane];
    switch (c.kind) {
      case Check::Kind::kBelow:
      case Check::Kind::kAbove:
        watch.want(c.what);
        if (c.than) watches_[c.than->lane].want(*c.than);
        break;
      case Check::Kind::kDiverged: watch.last = std::max(watch.last, c.what.to); break;
      case Check::Kind::kSameAs:
        for (Watch* w : {&watch, &watches_[c.other]}) {
          w->last = std::max(w->last, c.what.to);
          w->hashes.push_back({c.what.to, 0});
        }
        break;
    }
  }
}

Judge::Judge(Judge&&) noexcept = default;
Judge& Judge::operator=(Judge&&) noexcept = default;
Judge::~Judge() = default;

bool Judge::done() const {
  return std::all_of(watches_.begin(), watches_.end(), [](const Watch& w) { return w.done(); });
}

bool Judge::advance(std::uint64_t steps) {
  for (Watch& w : watches_) w.advance(steps);
  return done();
}

std::vector<CheckResult> Judge::results() const {
  std::vector<CheckResult> out;
  for (const Check& c : checks_) {
    const Watch& watch = watches_[c.what.lane];
    const TrainState& state = watch.trainer.state();
    CheckResult r;
    switch (c.kind) {
      case Check::Kind::kBelow:
      case Check::Kind::kAbove: {
        const bool below = c.kind == Check::Kind::kBelow;
        const double value = watch.value(c.what);
        const double bound = c.than ? c.factor * watches_[c.than->lane].value(*c.than) : c.bound;
        r.holds = below ? value < bound : value > bound;
        r.text = quantity_text(c.what, names_) + ": " + shown(value) + (below ? ", below " : ", above ") + shown(bound);
        if (c.than) {
          r.text += " (";
          if (c.factor != 1) r.text += shown(c.factor) + " × ";
          r.text += quantity_text(*c.than, names_) + ")";
        }
        break;
      }
      case Check::Kind::kDiverged: {
        const bool diverged = state.diverged && state.step <= c.what.to;
        const std::string& name = names_[c.what.lane];
        r.holds = diverged == c.expected;
        r.text = (name.empty() ? "the run" : "'" + name + "'") +
                 (state.diverged ? " diverged in step " + std::to_string(state.step) : " did not diverge in " + std::to_string(c.what.to) + " steps") +
                 (c.expected ? ", should diverge by " + std::to_string(c.what.to) : ", should not");
        break;
      }
      case Check::Kind::kSameAs:
        r.holds = watch.hash(c.what.to) != 0 && watch.hash(c.what.to) == watches_[c.other].hash(c.what.to);
        r.text = "'" + names_[c.what.lane] + "' has the same weights as '" + names_[c.other] + "'" + moment(c.what);
        break;
    }
    r.text += r.holds ? ": yes" : ": no";
    out.push_back(std::move(r));
  }
  return out;
}

std::vector<std::vector<CheckResult>> check_claims(const Lesson& lesson) {
  std::vector<Config> lanes;
  std::vector<std::string> names;
  std::vector<Check> checks;
  for (const LaneSpec& lane : lesson.race.lanes) {
    lanes.push_back(lane.config);
    names.push_back(lane.name);
  }
  for (const Notice& n : lesson.notice) checks.insert(checks.end(), n.checks.begin(), n.checks.end());
  Judge judge(std::move(lanes), std::move(checks), std::move(names));
  judge.advance(kMaxLessonSteps);
  std::vector<CheckResult> all = judge.results();
  std::vector<std::vector<CheckResult>> out;
  auto next = all.begin();
  for (const Notice& n : lesson.notice) {
    const auto end = next + static_cast<std::ptrdiff_t>(n.checks.size());
    out.emplace_back(next, end);
    next = end;
  }
  return out;
}

// ---- tasks ---------------------------------------------------------------------------------------

std::string not_allowed(const Task& task, const Config& config) {
  const std::vector<Setting> have = to_settings(config, true), start = to_settings(task.start, true);
  const auto value = [](const std::vector<Setting>& list, const std::string& key) -> const std::string* {
    for (const Setting& s : list)
      if (s.key == key) return &s.value;
    return nullptr;
  };
  std::vector<Setting> chosen;
  for (const Freedom& f : task.change) {
    const std::string* v = value(have, f.key);
    if (!v) continue;
    if (const std::string* before = value(start, f.key); !before || *before != *v) {
      if (!f.values.empty() && std::find(f.values.begin(), f.values.end(), *v) == f.values.end()) {
        std::string list;
        for (const std::string& name : f.values) list += (list.empty() ? "" : ", ") + name;
        return "'" + f.key + "' is " + *v + "; this task allows " + list + ".";
      }
      if (f.values.empty()) {
        const std::vector<double> numbers = parse_list(*v);
        for (double x : numbers)
          if (!(x >= f.min && x <= f.max))
            return "'" + f.key + "' is " + *v + "; this task allows " + number_text(f.min) + " to " + number_text(f.max) + ".";
      }
    }
    chosen.push_back({f.key, *v});
  }
  // The start with the learner's choices must be all there is.
  Config expected = task.start;
  apply_settings(expected, chosen);
  for (const Setting& s : to_settings(expected, true)) {
    const std::string* v = value(have, s.key);
    if (v && *v == s.value) continue;
    std::string may;
    for (const Freedom& f : task.change) may += (may.empty() ? "" : ", ") + f.key;
    return "'" + s.key + "' is " + (v ? *v : "missing") + " instead of " + s.value + "; this task lets you change only " + may + ".";
  }
  return "";
}

namespace {

GoalResult verdict_of(const Judge& judge) {
  GoalResult r{.reached = true, .text = {}};
  for (const CheckResult& c : judge.results()) {
    r.reached = r.reached && c.holds;
    r.text += (r.text.empty() ? "" : "; ") + c.text;
  }
  return r;
}

}  // namespace

GoalResult check_goal(const Task& task, const Config& config) {
  if (std::string no = not_allowed(task, config); !no.empty()) return {.reached = false, .text = std::move(no)};
  Judge judge({config}, task.reach, {});
  judge.advance(kMaxLessonSteps);
  return verdict_of(judge);
}

bool GoalWatch::update(const Lane& lane, std::uint64_t steps) {
  const Config& config = lane.spec().config;
  const std::uint64_t trained = lane.trainer().state().step;
  if (!config_ || !(*config_ == config) || trained < judged_) {
    config_ = config;
    judged_ = 0;
    judge_.reset();
    result_ = {.reached = false, .text = not_allowed(*task_, config)};
    if (result_.text.empty()) judge_.emplace(Judge({config}, task_->reach, {}));
  }
  if (!judge_ || judge_->done()) return false;
  const std::uint64_t todo = lane.trainer().finished() ? steps : std::min(steps, trained - judged_);
  judged_ += todo;
  if (todo == 0 || !judge_->advance(todo)) return false;
  result_ = verdict_of(*judge_);
  return result_.reached;
}

// ---- the lessons of the program ------------------------------------------------------------------

std::span<const Lesson> lessons() {
  static const std::vector<Lesson> kLessons = [] {
    std::vector<Lesson> all;
    for (const auto* file = lrlab_assets::lessons; file->name; ++file) {
      std::vector<LessonIssue> issues;  // the tests see to it that there are none
      if (auto lesson = read_lesson(file->json->text(), issues)) all.push_back(std::move(*lesson));
    }
    return all;
  }();
  return kLessons;
}

const Lesson* find_lesson(std::string_view id) {
  for (const Lesson& l : lessons())
    if (l.id == id) return &l;
  return nullptr;
}

}  // namespace lrlab
