// The training loop: one step at a time, on a network or on a 2-D surface.
//
// The order of one step is fixed, and the user interface shows it:
//
//   batch → loss and gradient (+ L1, L2, noise) → clip → lr from the schedule → optimizer → metrics
//
// A run is a pure function of (Problem, TrainSettings): same seed, same bits, on every platform.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/clipper.h"
#include "core/dataset.h"
#include "core/mlp.h"
#include "core/optimizer.h"
#include "core/schedule.h"
#include "core/surface.h"

namespace lrlab {

// What is trained. Immutable, shared by every lane of a race: the same data and the same start.
struct Problem {
  // A network ...
  Mlp mlp;
  const LossInfo* loss = nullptr;
  const InitializerInfo* initializer = nullptr;
  double init_scale = 1;
  std::shared_ptr<const Data> data;
  // ... or, where set, a surface with two parameters.
  const SurfaceInfo* surface = nullptr;
  std::vector<double> surface_params;
  Point2 start;

  std::size_t num_params() const { return surface ? 2 : mlp.num_params(); }
  std::span<const TensorView> tensors() const;
  std::size_t train_count() const { return surface ? 1 : data->train.count(); }
};

enum class WarmupKind { kLinear, kCosine, kConstant };
enum class Averaging { kNone, kEma, kSwa };

struct TrainSettings {
  double lr = 0.03;  // the dial: peak rate, multiplied by the schedule's factor
  double first_lr = 0;  // peak rate of the first layer; 0: the same as the others'
  Chosen<OptimizerInfo> optimizer;
  Chosen<ScheduleInfo> schedule;
  bool schedule_in_epochs = false;  // the schedule's t counts epochs instead of steps
  int warmup_steps = 0;             // the schedule proper begins after them
  WarmupKind warmup = WarmupKind::kLinear;
  double warmup_start = 0.01;       // factor of the first step, in [0, 1]
  Chosen<ClipperInfo> clip;

  int batch_size = 32;      // 0: the whole training set
  bool shuffle = true;      // a new order every epoch; off: consecutive slices
  double l1 = 0;            // adds l1·Σ|w| to the loss (weights, not biases)
  double l2 = 0;            // adds l2/2·Σw² to the loss (weights, not biases)
  double dropout = 0;       // share of hidden units silenced in training
  double grad_noise = 0;    // deviation of normal noise added to every gradient entry
  Averaging averaging = Averaging::kNone;
  double ema_decay = 0.999; // EMA: share of the average kept per step
  int average_start = 0;    // SWA: first step that counts
  int early_stop = 0;       // epochs without a better test loss before the run stops; 0: off
  std::uint64_t seed = 1;

  bool operator==(const TrainSettings&) const = default;
};

// Base rate times this is the rate of step t; warm-up included. Pure but for plateau's state.
double schedule_factor(const TrainSettings& s, const ScheduleState& state, std::uint64_t step,
                       std::size_t steps_per_epoch);

// Everything that changes while training. A copy is a snapshot.
struct TrainState {
  std::uint64_t step = 0;             // updates done
  std::uint64_t optimizer_step = 0;   // updates done since the optimizer was chosen
  std::vector<Real> theta;
  std::vector<Real> optimizer_state;  // slots, one after the other
  std::vector<double> optimizer_scalars;
  ScheduleState schedule{};
  ClipperState clip;
  std::vector<Real> average;          // EMA or SWA of theta; empty: off
  std::uint64_t averaged = 0;         // how many points the average has
  double epoch_loss = 0;              // sum of this epoch's batch losses, for plateau
  double best_loss = 0;               // early stopping: best test loss so far
  std::vector<Real> best_theta;
  int bad_epochs = 0;
  bool stopped_early = false;
  bool diverged = false;              // something was not finite; no further step is taken
};

struct LayerTelemetry {
  double grad_norm = 0;      // of weights and biases, before clipping
  double weight_norm = 0;    // before the update
  double update_norm = 0;
};

struct StepReport {
  std::uint64_t step = 0;    // index of the step that was taken
  double loss = 0;           // of the batch, before the update, penalties included
  double lr = 0;
  double momentum = 0;       // NaN: the optimizer has none
  ClipReport clip;
  bool finite = true;
};

// Costs a few passes over the parameters; asked for when somebody looks.
struct Telemetry {
  double grad_norm = 0, clipped_norm = 0, update_norm = 0, weight_norm = 0;
  std::vector<LayerTelemetry> layers;
  double rate_quantile[5] = {};  // effective rate per parameter: min, 25 %, median, 75 %, max
  std::vector<Real> rates;       // of up to 2048 of them, evenly taken, smallest first
};

struct Evaluation {
  double loss = 0;       // without penalties
  double accuracy = 0;   // share of right classes in [0, 1]; NaN for regression and surfaces
};

class Trainer {
 public:
  Trainer(std::shared_ptr<const Problem> problem, TrainSettings settings);

  const Problem& problem() const { return *problem_; }
  std::shared_ptr<const Problem> shared_problem() const { return problem_; }
  const TrainSettings& settings() const { return settings_; }
  const TrainState& state() const { return state_; }
  const std::vector<Real>& theta() const { return state_.theta; }
  const std::vector<Real>& grad() const { return grad_; }  // of the last step, as the optimizer saw it
  std::size_t steps_per_epoch() const { return steps_per_epoch_; }
  double epoch() const { return static_cast<double>(state_.step) / static_cast<double>(steps_per_epoch_); }
  bool finished() const { return state_.diverged || state_.stopped_early || problem_->train_count() == 0; }

  // One update. Does nothing once finished().
  StepReport step(Telemetry* telemetry = nullptr);

  // The same update in pieces, for networks whose step is longer than a frame: does at least `work`
  // multiply-adds of it, or what is left. True: the update is complete and `report` filled in. What
  // was done so far is dropped (nothing has changed yet) by step(), change(), restore() and reset().
  bool step_some(std::size_t work, StepReport& report, Telemetry* telemetry = nullptr);

  // Change settings in the middle of a run. The optimizer's state starts anew where the optimizer
  // itself (or the size of its state) changed, and is kept otherwise.
  void change(TrainSettings settings);

  void restore(const TrainState& state);
  void reset();

  double lr_now() const;  // the rate of the next step

  // The parameters to judge the run by: the average where one is kept, the optimizer's own
  // evaluation point where it has one (Schedule-Free), theta otherwise.
  std::vector<Real> eval_theta() const;
  Evaluation evaluate(const Part& part);
  Evaluation evaluate_train();  // of a surface: its value
  Evaluation evaluate_test();

  // Loss (penalties included) and gradient of the whole training set at any point.
  double full_gradient(const Real* theta, Real* grad);

 private:
  double batch_gradient(const Real* theta, Real* grad);
  void complete_gradient(const Real* theta, Real* grad, double& loss) const;
  StepReport finish_step(double loss, Telemetry* telemetry);
  void begin_update(double loss, Telemetry* telemetry);
  bool update_piece();  // true: that was the last
  StepReport end_update();
  void prepare_batch();
  void add_penalties(const Real* theta, Real* grad, double& loss) const;
  OptimizerStep optimizer_step(double lr);
  void after_update(double loss);

  std::shared_ptr<const Problem> problem_;
  TrainSettings settings_;
  TrainState state_;
  std::size_t steps_per_epoch_ = 1;

  // Scratch: derived from the above, never part of a snapshot.
  Workspace ws_;
  std::vector<Real> grad_, before_, first_layer_;
  std::vector<Real> scratch_;            // the optimizer's working memory
  std::vector<double> live_params_;      // the optimizer's parameters with momentum cycled
  std::vector<std::uint32_t> order_;     // this epoch's order of the samples
  std::uint64_t order_epoch_ = ~0ull;
  Matrix batch_x_, batch_target_;
  Columns x_, target_;
  std::size_t batch_count_ = 0;
  // Of a step taken in pieces, with a workspace that nobody else uses. It points into this trainer,
  // so a copy begins its step anew.
  struct Unfinished : std::optional<Pass> {
    Unfinished() = default;
    Unfinished(const Unfinished&) : std::optional<Pass>() {}
    Unfinished& operator=(const Unfinished&) {
      reset();
      return *this;
    }
  } pass_;
  Workspace pass_ws_;
  // Between begin_update() and end_update(). A copy, again, begins its step anew.
  struct Update {
    std::size_t pieces = 0, piece = 0;  // 0 of 0: none is under way
    StepReport report;
    Telemetry* telemetry = nullptr;
    ClipperState clip;                  // what the clipper will know, where there are several pieces
    Update() = default;
    Update(const Update&) {}
    Update& operator=(const Update&) {
      pieces = 0;
      return *this;
    }
  } update_;
};

// The loss and accuracy of one part, in pieces like Trainer::step_some(). Keeps its own copy of the
// parameters, so the run may go on meanwhile.
class Evaluator {
 public:
  Evaluator(const Trainer& trainer, const Part& part, Workspace& ws);
  bool run(std::size_t work = ~std::size_t{0}) { return pass_.run(work); }  // true: done
  Evaluation result() const;

 private:
  const Problem& problem_;
  const Part& part_;
  std::vector<Real> theta_;
  Matrix out_;
  Pass pass_;
};

// 64-bit FNV-1a over the bits of the parameters, every NaN counted as one and the same.
std::uint64_t hash_bits(std::span<const Real> values);

}  // namespace lrlab
