// One lane of a race: a trainer, what was recorded of it, and the way back through time.
#include <algorithm>
#include <limits>

#include "core/simd.h"
#include "experiment/session.h"

namespace lrlab {
namespace {

constexpr std::size_t kSnapshotBytes = 3u << 20;  // memory for snapshots, per lane
constexpr std::uint64_t kFallSteps = 32;          // at most, before a run's end in divergence, that are evaluated after all
constexpr double kFallWork = 3e8;                 // and multiply-adds that this may take

std::size_t state_bytes(const TrainState& s) {
  return sizeof(Real) * (s.theta.size() + s.optimizer_state.size() + s.average.size() + s.best_theta.size()) +
         sizeof(double) * (s.optimizer_scalars.size() + s.clip.size());
}

// Evaluating both parts costs about a third of a step per batch of samples: seldom enough that it
// takes no more than a fifth of the time, and a pure function of the config.
std::uint64_t evaluation_stride(const Problem& problem, const TrainSettings& s) {
  if (problem.surface) return 1;
  const std::size_t samples = problem.data->train.count() + problem.data->test.count();
  const std::size_t batch = s.batch_size > 0 ? std::min<std::size_t>(problem.data->train.count(), static_cast<std::size_t>(s.batch_size))
                                             : problem.data->train.count();
  // A batch is padded for the kernels: a step with one sample costs as much as one with sixteen.
  std::uint64_t stride = 1;
  while (stride * pad_batch(batch) < samples + samples / 2) stride *= 2;
  return stride;
}

// The mean loss on the training set of a network whose outputs are all 0.
double loss_of_zeros(const Problem& problem) {
  if (problem.surface) return std::numeric_limits<double>::quiet_NaN();
  const Matrix& target = problem.data->train.target;
  const std::vector<Real> zeros(target.rows * kMaxChunk);
  std::vector<Real> value(kMaxChunk);
  double sum = 0;
  for (std::size_t first = 0; first < target.count; first += kMaxChunk) {
    const std::size_t n = std::min(kMaxChunk, target.count - first);
    problem.loss->eval({.out = zeros.data(), .target = target.row(0) + first, .outputs = target.rows, .ld = kMaxChunk,
                        .target_ld = target.ld, .m = (n + 15) / 16 * 16, .count = target.count}, value.data(), nullptr);
    for (std::size_t i = 0; i < n; ++i) sum += static_cast<double>(value[i]);
  }
  return sum / static_cast<double>(target.count);
}

}  // namespace

Lane::Lane(LaneSpec spec, std::shared_ptr<const Problem> problem)
    : spec_(std::move(spec)), problem_(std::move(problem)) {
  restart();
}

void Lane::restart() {
  evaluating_.reset();
  trainer_ = std::make_unique<Trainer>(problem_, spec_.config.train);
  past_.reset();
  for (Series& s : curves_) s.clear();
  layer_ratio_.clear();
  layer_grad_.clear();
  path_.clear();
  record_place();
  last_report_ = {};
  last_telemetry_ = {};
  clipped_steps_ = 0;
  forked_at_ = kNoFork;
  edits_ = {{0, spec_.config.train}};
  snapshots_.clear();
  snapshots_.push_back({trainer_->state(), 0});
  snapshot_stride_ = 1;
  snapshot_limit_ = std::clamp<std::size_t>(kSnapshotBytes / std::max<std::size_t>(1, state_bytes(trainer_->state())), 2, 64);
  eval_stride_ = evaluation_stride(*problem_, spec_.config.train);
  evaluate();
  start_loss_ = train_eval_.loss;
  blind_loss_ = loss_of_zeros(*problem_);
}

void Lane::record_place() {
  const std::vector<Real>& at = trainer_->theta();
  if (problem_->surface && !trainer_->state().diverged) path_.push(trainer_->state().step, {static_cast<double>(at[0]), static_cast<double>(at[1])});
}

// Both powers of two, and the second follows from the step, so which steps are evaluated does, too.
std::uint64_t Lane::evaluation_stride_now() const { return std::max(eval_stride_, curve(Curve::kTrainLoss).stride()); }

void Lane::evaluate() {
  evaluating_.reset();
  train_eval_ = trainer_->evaluate_train();
  test_eval_ = trainer_->evaluate_test();
  record_evaluation();
}

void Lane::record_evaluation() {
  const std::uint64_t step = trainer_->state().step;
  evaluated_step_ = step;
  // What is evaluated only because somebody stopped here does not stay in the curves.
  const bool stays = step % evaluation_stride_now() == 0 || trainer_->finished();
  const auto push = [&](Curve c, double v) {
    Series& s = curves_[static_cast<std::size_t>(c)];
    stays ? s.push(step, v) : s.push_for_now(step, v);
  };
  push(Curve::kTrainLoss, train_eval_.loss);
  push(Curve::kTrainAccuracy, train_eval_.accuracy);
  if (problem_->surface) return;
  push(Curve::kTestLoss, test_eval_.loss);
  push(Curve::kTestAccuracy, test_eval_.accuracy);
}

bool Lane::train_some(std::size_t work) {
  if (evaluating_) {
    if (!evaluating_->run(work)) return false;
    (evaluating_test_ ? test_eval_ : train_eval_) = evaluating_->result();
    evaluating_.reset();
    if (!evaluating_test_) {
      evaluating_test_ = true;
      evaluating_ = std::make_unique<Evaluator>(*trainer_, problem_->data->test, eval_ws_);
      return false;
    }
    record_evaluation();
    end_step();
    return true;
  }

  if (trainer_->finished()) return true;
  const Series& loss = curves_[static_cast<std::size_t>(Curve::kLoss)];
  // A few samples per bucket of the plots are enough, and the choice depends on the step alone.
  const bool look = trainer_->state().step % std::max<std::uint64_t>(1, loss.stride() / 4) == 0;
  if (!trainer_->step_some(work, last_report_, look || watch ? &last_telemetry_ : nullptr)) return false;
  record(last_report_, look);

  const std::uint64_t done = trainer_->state().step;
  if (done % evaluation_stride_now() != 0 && !trainer_->finished()) {
    end_step();
    return true;
  }
  const bool small = problem_->surface || problem_->num_params() * (problem_->data->train.count() + problem_->data->test.count()) <= work;
  if (small) {
    evaluate();
    end_step();
    return true;
  }
  if (eval_ws_.a.empty()) eval_ws_ = problem_->mlp.workspace();
  evaluating_test_ = false;
  evaluating_ = std::make_unique<Evaluator>(*trainer_, problem_->data->train, eval_ws_);
  return false;
}

void Lane::record(const StepReport& report, bool looked) {
  const std::uint64_t step = report.step;
  clipped_steps_ += report.clip.share > 0;
  record_place();
  const auto push = [&](Curve c, double v) { curves_[static_cast<std::size_t>(c)].push(step, v); };
  push(Curve::kLoss, report.loss);
  push(Curve::kLr, report.lr);
  push(Curve::kMomentum, report.momentum);
  if (!looked) return;
  const Telemetry& t = last_telemetry_;
  push(Curve::kGradNorm, t.grad_norm);
  push(Curve::kClippedNorm, t.clipped_norm);
  if (t.weight_norm > 0) push(Curve::kUpdateRatio, t.update_norm / t.weight_norm);
  push(Curve::kClipFactor, report.clip.factor);
  push(Curve::kRateMin, t.rate_quantile[0]);
  push(Curve::kRateMedian, t.rate_quantile[2]);
  push(Curve::kRateMax, t.rate_quantile[4]);
  layer_ratio_.resize(t.layers.size());
  layer_grad_.resize(t.layers.size());
  for (std::size_t l = 0; l < t.layers.size(); ++l) {
    if (t.layers[l].weight_norm > 0) layer_ratio_[l].push(step, t.layers[l].update_norm / t.layers[l].weight_norm);
    layer_grad_[l].push(step, t.layers[l].grad_norm);
  }
}

// A run that diverged may have done so between two evaluations, and at its end nothing finite is left
// to draw. So its last steps are taken once more and evaluated, as far as that costs little.
void Lane::record_fall() {
  if (problem_->surface) return;
  const std::uint64_t end = trainer_->state().step;
  const double params = static_cast<double>(problem_->num_params()), train = static_cast<double>(problem_->data->train.count());
  const double batch = spec_.config.train.batch_size > 0 ? std::min(train, static_cast<double>(spec_.config.train.batch_size)) : train;
  const double step_work = 3 * params * batch, look_work = params * (train + static_cast<double>(problem_->data->test.count()));
  const auto most = static_cast<std::uint64_t>(std::clamp(kFallWork / (step_work + look_work), 1.0, static_cast<double>(kFallSteps)));
  const std::uint64_t first = end > most ? end - most : 1;
  std::uint64_t from = 0;
  for (const Snapshot& s : snapshots_)
    if (s.state.step < first) from = s.state.step;
  if (first >= end || static_cast<double>(first - from) * step_work > kFallWork) return;

  Trainer again(problem_, spec_.config.train);
  go_to(again, first);
  std::size_t edit = 0;
  while (edit + 1 < edits_.size() && edits_[edit + 1].step <= first) ++edit;
  while (!again.finished()) {
    const std::uint64_t step = again.state().step;
    if (step % evaluation_stride_now() != 0) {  // else it is there already
      const Evaluation on_train = again.evaluate_train(), on_test = again.evaluate_test();
      const auto push = [&](Curve c, double v) { curves_[static_cast<std::size_t>(c)].push(step, v); };
      push(Curve::kTrainLoss, on_train.loss);
      push(Curve::kTrainAccuracy, on_train.accuracy);
      push(Curve::kTestLoss, on_test.loss);
      push(Curve::kTestAccuracy, on_test.accuracy);
    }
    while (edit + 1 < edits_.size() && edits_[edit + 1].step <= step) again.change(edits_[++edit].settings);
    again.step();
  }
}

// The snapshots that time travel starts from.
void Lane::end_step() {
  if (trainer_->state().diverged) record_fall();
  if (trainer_->state().step % snapshot_stride_ != 0 || trainer_->finished()) return;
  snapshots_.push_back({trainer_->state(), clipped_steps_});
  if (snapshots_.size() <= snapshot_limit_) return;
  // Keep every other one. (From 1: a vector moved to itself is empty.)
  for (std::size_t i = 1; 2 * i < snapshots_.size(); ++i) snapshots_[i] = std::move(snapshots_[2 * i]);
  snapshots_.resize((snapshots_.size() + 1) / 2);
  snapshot_stride_ *= 2;
}

double Lane::clip_share() const {
  const std::uint64_t steps = trainer_->state().step;
  return steps ? static_cast<double>(clipped_steps_) / static_cast<double>(steps) : 0;
}

std::vector<std::vector<Real>> Lane::waypoints() const {
  std::vector<std::vector<Real>> out;
  const TrainState& now = shown().state();
  for (const Snapshot& s : snapshots_)
    if (s.state.step < now.step) out.push_back(s.state.theta);
  out.push_back(now.theta);
  return out;
}

// Put `trainer` where this lane was after `step` updates: the last snapshot before it, then the very
// same steps again, with every change of the settings at its own step. At least one step is taken, as
// the gradient it leaves behind belongs to the moment.
Lane::Replayed Lane::go_to(Trainer& trainer, std::uint64_t step) const {
  step = std::min(step, trainer_->state().step);
  const Snapshot* from = &snapshots_.front();
  for (const Snapshot& s : snapshots_)
    if (s.state.step < step) from = &s;
  // A snapshot is taken before a change at its own step, so the settings are those before it. They
  // come first: they size the state that the snapshot then fills.
  std::size_t edit = 0;
  while (edit + 1 < edits_.size() && edits_[edit + 1].step < from->state.step) ++edit;
  trainer.change(edits_[edit].settings);
  trainer.restore(from->state);
  Replayed r{.last = {}, .clipped = from->clipped};
  for (;;) {
    while (edit + 1 < edits_.size() && edits_[edit + 1].step <= trainer.state().step)
      trainer.change(edits_[++edit].settings);
    if (trainer.state().step >= step || trainer.finished()) break;
    r.last = trainer.step();
    r.clipped += r.last.clip.share > 0;
  }
  return r;
}

std::unique_ptr<Trainer> Lane::at(std::uint64_t step) const {
  auto trainer = std::make_unique<Trainer>(problem_, spec_.config.train);
  go_to(*trainer, step);
  return trainer;
}

void Lane::look_at(std::uint64_t step) {
  if (!past_) past_ = std::make_unique<Past>(problem_, spec_.config.train);
  past_->report = go_to(past_->trainer, step).last;
  past_->train = past_->trainer.evaluate_train();
  past_->test = past_->trainer.evaluate_test();
}

// Go on with other settings.
void Lane::adopt(const LaneSpec& spec) {
  const bool same = spec_.config.train == spec.config.train;
  spec_ = spec;
  if (same) return;
  past_.reset();
  const std::uint64_t step = trainer_->state().step;
  if (step == 0) return restart();  // nothing has happened yet: this is the beginning
  trainer_->change(spec_.config.train);
  std::erase_if(edits_, [&](const Edit& e) { return e.step >= step; });
  edits_.push_back({step, spec_.config.train});
}

std::shared_ptr<Lane> Lane::until(std::uint64_t step, bool changed) const {
  auto lane = std::make_shared<Lane>(spec_, problem_);
  step = std::min(step, trainer_->state().step);
  lane->curves_ = curves_;
  lane->layer_ratio_ = layer_ratio_;
  lane->layer_grad_ = layer_grad_;
  lane->path_ = path_;
  if (forked_at_ <= step) lane->forked_at_ = forked_at_;
  lane->edits_ = edits_;
  lane->snapshots_ = snapshots_;
  lane->snapshot_stride_ = snapshot_stride_;
  lane->eval_stride_ = eval_stride_;
  // The stretch of a curve that the moment lies in also holds what came later: it is taken once more.
  std::uint64_t stride = eval_stride_;
  for (const Series& s : curves_) stride = std::max(stride, s.stride());
  const std::uint64_t start = step - step % stride;
  for (Series& s : lane->curves_) s.truncate(start);
  for (Series& s : lane->layer_ratio_) s.truncate(start);
  for (Series& s : lane->layer_grad_) s.truncate(start);
  lane->path_.truncate(start);
  std::erase_if(lane->snapshots_, [&](const Snapshot& s) { return s.state.step > start; });
  std::erase_if(lane->edits_, [&](const Edit& e) { return e.step > step || (!changed && e.step == step && step > 0); });
  const Replayed r = go_to(*lane->trainer_, start);
  lane->last_report_ = r.last;
  lane->clipped_steps_ = r.clipped;
  lane->evaluate();
  for (const Edit& e : lane->edits_) {
    while (lane->trainer_->state().step < e.step) lane->train_step();
    if (e.step > start) lane->trainer_->change(e.settings);
  }
  while (lane->trainer_->state().step < step) lane->train_step();
  lane->spec_.config.train = lane->edits_.back().settings;
  if (lane->evaluated_step_ != step) lane->evaluate();
  return lane;
}

}  // namespace lrlab
