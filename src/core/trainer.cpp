#include "core/trainer.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "core/mathfn.h"
#include "core/simd.h"

namespace lrlab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// x·0 is 0 for every finite x and NaN otherwise, so one sum tells.
bool all_finite(const Real* x, std::size_t n) {
  Real rest = 0;
  std::size_t i = 0;
  if (n >= kPartials) {
    Real acc[kPartials] = {};
    for (; i + kPartials <= n; i += kPartials)
      for (std::size_t j = 0; j < kPartials; ++j) acc[j] += x[i + j] * 0;
    rest = fold(acc);
  }
  for (; i < n; ++i) rest += x[i] * 0;
  return rest == 0;
}

// Moving averages of a silent unit shrink by a fixed share per step until they are subnormal, and
// there they stay: 0.999 times the smallest number rounds to itself. A processor takes about a
// hundred cycles for each operation on one, so every kFlushSteps steps they become 0. No normal
// number is touched. (PyTorch keeps them unless torch.set_flush_denormal is called.)
constexpr std::uint64_t kFlushSteps = 64;
void flush_subnormals(std::vector<Real>& x) {
  for (Real& v : x) v = fn::detail::select(fn::abs(v) < std::numeric_limits<Real>::min(), Real(0), v);
}

double warmup_factor(const TrainSettings& s, double t) {
  const double start = s.warmup_start, share = t / s.warmup_steps;
  switch (s.warmup) {
    case WarmupKind::kConstant: return start;
    case WarmupKind::kCosine:
      return start + (1 - start) * (1 - fn::cos(3.14159265358979323846 * share)) / 2;
    case WarmupKind::kLinear: break;
  }
  return start + (1 - start) * share;
}

// Where the schedule proper stands at this step: 0 when the warm-up ends.
double schedule_time(const TrainSettings& s, std::uint64_t step, std::size_t steps_per_epoch) {
  const auto warm = static_cast<std::uint64_t>(s.warmup_steps);
  const std::uint64_t t = step > warm ? step - warm : 0;
  return static_cast<double>(s.schedule_in_epochs ? t / steps_per_epoch : t);
}

ScheduleArgs schedule_args(const TrainSettings& s, const ScheduleState& state) {
  return {s.schedule.params, s.schedule.list, s.lr, &state};
}

}  // namespace

double schedule_factor(const TrainSettings& s, const ScheduleState& state, std::uint64_t step,
                       std::size_t steps_per_epoch) {
  const double factor = s.schedule.info->factor(schedule_args(s, state),
                                                schedule_time(s, step, steps_per_epoch));
  if (step >= static_cast<std::uint64_t>(s.warmup_steps)) return factor;
  return factor * warmup_factor(s, static_cast<double>(step));
}

std::span<const TensorView> Problem::tensors() const {
  static constexpr TensorView kPoint{.offset = 0, .rows = 2, .cols = 1, .layer = 0, .is_bias = false};
  if (surface) return {&kPoint, 1};
  return mlp.tensors();
}

Trainer::Trainer(std::shared_ptr<const Problem> problem, TrainSettings settings)
    : problem_(std::move(problem)), settings_(std::move(settings)) {
  if (!problem_->surface) ws_ = problem_->mlp.workspace();
  grad_.resize(problem_->num_params());
  before_.resize(problem_->num_params());
  reset();
}

void Trainer::reset() {
  state_ = {};
  state_.theta.resize(problem_->num_params());
  if (problem_->surface) {
    state_.theta[0] = static_cast<Real>(problem_->start.x);
    state_.theta[1] = static_cast<Real>(problem_->start.y);
  } else {
    Random random(settings_.seed, Stream::kInit);
    problem_->mlp.init(*problem_->initializer, problem_->init_scale, random, state_.theta.data());
  }
  change(settings_);
}

void Trainer::change(TrainSettings settings) {
  pass_.reset();
  update_.pieces = 0;
  const std::size_t n = problem_->num_params();
  const OptimizerInfo& info = *settings.optimizer.info;
  const std::size_t slots = n * static_cast<std::size_t>(info.slots(settings.optimizer.params));
  if (settings_.optimizer.info != &info || state_.optimizer_state.size() != slots ||
      state_.optimizer_scalars.size() != static_cast<std::size_t>(info.scalars)) {
    state_.optimizer_state.assign(slots, Real(0));
    state_.optimizer_scalars.assign(static_cast<std::size_t>(info.scalars), 0.0);
    state_.optimizer_step = 0;
  }
  if (settings_.schedule.info != settings.schedule.info) state_.schedule = {};
  if (settings_.clip.info != settings.clip.info) state_.clip.clear();
  if (settings.averaging == Averaging::kNone || settings.averaging != settings_.averaging) {
    state_.average.clear();
    state_.averaged = 0;
  }
  settings_ = std::move(settings);
  live_params_ = settings_.optimizer.params;
  scratch_.resize(info.scratch ? info.scratch(n, problem_->tensors(), live_params_) : 0);

  const std::size_t count = std::max<std::size_t>(1, problem_->train_count());
  const std::size_t batch =
      settings_.batch_size <= 0 ? count : std::min(count, static_cast<std::size_t>(settings_.batch_size));
  steps_per_epoch_ = (count + batch - 1) / batch;
  order_epoch_ = ~0ull;
  if (!problem_->surface && batch < count) {
    const Data& data = *problem_->data;
    if (batch_x_.count != batch || batch_x_.rows != data.train.x.rows) {
      batch_x_ = Matrix(data.train.x.rows, batch);
      batch_target_ = Matrix(data.train.target.rows, batch);
    }
  }
  batch_count_ = batch;
}

void Trainer::restore(const TrainState& state) {
  pass_.reset();
  update_.pieces = 0;
  state_ = state;
  order_epoch_ = ~0ull;
}

double Trainer::lr_now() const {
  return settings_.lr * schedule_factor(settings_, state_.schedule, state_.step, steps_per_epoch_);
}

// Points x_ and target_ at this step's samples: in place where the batch is everything, else at a
// copy, gathered where the order is shuffled. A slice of few rows is read in place, too; the rows of
// many (784 pixels of 4,096 samples lie 16 KB apart) would each cost a miss in the table of pages.
void Trainer::prepare_batch() {
  if (problem_->surface) return;
  constexpr std::size_t kFewRows = 16;
  const Part& train = problem_->data->train;
  const std::size_t count = train.count();
  const std::size_t batch =
      settings_.batch_size <= 0 ? count : std::min(count, static_cast<std::size_t>(settings_.batch_size));
  const std::uint64_t epoch = state_.step / steps_per_epoch_;
  const std::size_t first = static_cast<std::size_t>(state_.step % steps_per_epoch_) * batch;
  batch_count_ = std::min(batch, count - first);
  if (batch == count || (!settings_.shuffle && train.x.rows <= kFewRows)) {
    x_ = {train.x.row(0) + first, train.x.ld};
    target_ = {train.target.row(0) + first, train.target.ld};
    return;
  }
  if (settings_.shuffle && order_epoch_ != epoch) {
    order_.resize(count);
    for (std::size_t i = 0; i < count; ++i) order_[i] = static_cast<std::uint32_t>(i);
    Random random(settings_.seed, Stream::kBatches, epoch);
    random.shuffle(std::span(order_));
    order_epoch_ = epoch;
  }
  const auto gather = [&](const Matrix& all, Matrix& to) {
    for (std::size_t r = 0; r < all.rows; ++r) {
      if (settings_.shuffle) {
        const std::uint32_t* pick = order_.data() + first;
        for (std::size_t b = 0; b < batch_count_; ++b) to.row(r)[b] = all.row(r)[pick[b]];
      } else {
        std::copy_n(all.row(r) + first, batch_count_, to.row(r));
      }
    }
  };
  gather(train.x, batch_x_);
  gather(train.target, batch_target_);
  x_ = {batch_x_.row(0), batch_x_.ld};
  target_ = {batch_target_.row(0), batch_target_.ld};
}

void Trainer::add_penalties(const Real* theta, Real* grad, double& loss) const {
  if (settings_.l1 == 0 && settings_.l2 == 0) return;
  const Real l1 = static_cast<Real>(settings_.l1), l2 = static_cast<Real>(settings_.l2);
  for (const TensorView& t : problem_->tensors()) {
    if (t.is_bias) continue;
    const Real* w = theta + t.offset;
    Real* g = grad + t.offset;
    double absolute = 0, squares = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      const Real sign = w[i] > 0 ? Real(1) : w[i] < 0 ? Real(-1) : Real(0);
      g[i] += l1 * sign + l2 * w[i];
      absolute += static_cast<double>(w[i] * sign);
      squares += static_cast<double>(w[i]) * static_cast<double>(w[i]);
    }
    loss += settings_.l1 * absolute + 0.5 * settings_.l2 * squares;
  }
}

// What is added to the loss and gradient of the data: penalties and noise.
void Trainer::complete_gradient(const Real* theta, Real* grad, double& loss) const {
  add_penalties(theta, grad, loss);
  if (settings_.grad_noise == 0) return;
  Random random(settings_.seed, Stream::kNoise, state_.step);
  for (std::size_t i = 0; i < problem_->num_params(); ++i)
    grad[i] += static_cast<Real>(settings_.grad_noise * random.normal());
}

double Trainer::batch_gradient(const Real* theta, Real* grad) {
  double loss = 0;
  if (problem_->surface) {
    const SurfaceEval e = problem_->surface->eval(
        {static_cast<double>(theta[0]), static_cast<double>(theta[1])}, problem_->surface_params);
    grad[0] = static_cast<Real>(e.gradient.x);
    grad[1] = static_cast<Real>(e.gradient.y);
    loss = e.value;
  } else {
    loss = problem_->mlp.loss_and_gradient(*problem_->loss, theta, x_, target_, batch_count_, ws_,
                                           grad, {settings_.dropout, settings_.seed, state_.step});
  }
  complete_gradient(theta, grad, loss);
  return loss;
}

double Trainer::full_gradient(const Real* theta, Real* grad) {
  double loss = 0;
  if (problem_->surface) {
    const SurfaceEval e = problem_->surface->eval(
        {static_cast<double>(theta[0]), static_cast<double>(theta[1])}, problem_->surface_params);
    grad[0] = static_cast<Real>(e.gradient.x);
    grad[1] = static_cast<Real>(e.gradient.y);
    loss = e.value;
  } else {
    const Part& train = problem_->data->train;
    loss = problem_->mlp.loss_and_gradient(*problem_->loss, theta, {train.x.row(0), train.x.ld},
                                           {train.target.row(0), train.target.ld}, train.count(),
                                           ws_, grad);
  }
  add_penalties(theta, grad, loss);
  return loss;
}

OptimizerStep Trainer::optimizer_step(double lr) {
  return {.n = problem_->num_params(),
          .theta = state_.theta.data(),
          .grad = grad_.data(),
          .state_begin = state_.optimizer_state.data(),
          .scalars = state_.optimizer_scalars.data(),
          .scratch = scratch_.data(),
          .params = live_params_,
          .tensors = problem_->tensors(),
          .lr = lr,
          .step = state_.optimizer_step,
          .loss = 0,
          .evaluate = {[](void* self, const Real* theta, Real* grad) {
                         return static_cast<Trainer*>(self)->batch_gradient(theta, grad);
                       },
                       this}};
}

// A piece of the optimizer's step; the first layer's part of it is stretched where that layer has its
// own rate. (Every method's step is proportional to its rate, but for what it remembers of it.)
bool Trainer::update_piece() {
  OptimizerStep s = optimizer_step(update_.report.lr);
  s.loss = update_.report.loss;
  s.piece = update_.piece;
  const bool last = ++update_.piece == update_.pieces;
  if (!last || settings_.first_lr <= 0 || settings_.lr <= 0 || problem_->surface) {
    settings_.optimizer.info->update(s);
    return last;
  }
  const auto tensors = problem_->tensors();
  const std::size_t n = tensors[0].size() + tensors[1].size();  // weights and biases, at the front
  first_layer_.assign(s.theta, s.theta + n);
  settings_.optimizer.info->update(s);
  const Real ratio = static_cast<Real>(settings_.first_lr / settings_.lr);
  for (std::size_t i = 0; i < n; ++i)
    s.theta[i] = first_layer_[i] + ratio * (s.theta[i] - first_layer_[i]);
  return true;
}

StepReport Trainer::step(Telemetry* telemetry) {
  pass_.reset();
  update_.pieces = 0;
  if (finished()) return finish_step(kNan, nullptr);
  prepare_batch();
  return finish_step(batch_gradient(state_.theta.data(), grad_.data()), telemetry);
}

bool Trainer::step_some(std::size_t work, StepReport& report, Telemetry* telemetry) {
  const Problem& p = *problem_;
  if (finished() || p.surface) {
    report = step(telemetry);
    return true;
  }
  if (update_.pieces == 0 && !pass_) {
    prepare_batch();
    // A pass that fits into one piece needs no workspace of its own.
    const bool small = !settings_.optimizer.info->pieces || p.num_params() * 4096 <= work;
    if (small && p.num_params() * pad_batch(batch_count_) * 3 <= work) {
      report = finish_step(batch_gradient(state_.theta.data(), grad_.data()), telemetry);
      return true;
    }
    if (pass_ws_.a.empty()) pass_ws_ = p.mlp.workspace();
    pass_.emplace(PassTask{.mlp = &p.mlp, .loss = p.loss, .theta = state_.theta.data(), .x = x_,
                           .target = target_, .count = batch_count_, .ws = &pass_ws_,
                           .grad = grad_.data(),
                           .dropout = {settings_.dropout, settings_.seed, state_.step}, .value = {}});
  }
  if (update_.pieces == 0) {
    if (!pass_->run(work)) return false;
    double loss = pass_->loss();
    pass_.reset();
    complete_gradient(state_.theta.data(), grad_.data(), loss);
    begin_update(loss, telemetry);
    if (update_.pieces > 1) return false;
  }
  if (!update_piece()) return false;
  report = end_update();
  return true;
}

// Everything after the gradient: clip, rate, update, metrics.
StepReport Trainer::finish_step(double loss, Telemetry* telemetry) {
  if (finished())
    return {.step = state_.step, .loss = loss, .lr = lr_now(), .momentum = kNan, .clip = {}, .finite = !state_.diverged};
  begin_update(loss, telemetry);
  while (!update_piece()) {}
  return end_update();
}

void Trainer::begin_update(double loss, Telemetry* telemetry) {
  StepReport& report = update_.report;
  report = {.step = state_.step, .loss = loss, .lr = lr_now(), .momentum = kNan, .clip = {}, .finite = true};
  update_.telemetry = telemetry;
  const std::size_t n = problem_->num_params();
  Real* theta = state_.theta.data();
  if (telemetry) {
    telemetry->grad_norm = norm2(grad_.data(), n);
    telemetry->layers.clear();
    for (const TensorView& t : problem_->tensors()) {
      if (telemetry->layers.size() <= static_cast<std::size_t>(t.layer)) telemetry->layers.emplace_back();
      LayerTelemetry& layer = telemetry->layers.back();
      const double g = norm2(grad_.data() + t.offset, t.size());
      const double w = norm2(theta + t.offset, t.size());
      layer.grad_norm = fn::sqrt(layer.grad_norm * layer.grad_norm + g * g);
      layer.weight_norm = fn::sqrt(layer.weight_norm * layer.weight_norm + w * w);
    }
    telemetry->weight_norm = norm2(theta, n);
    before_ = state_.theta;
  }

  update_.piece = 0;
  const auto pieces = settings_.optimizer.info->pieces;
  update_.pieces = pieces ? pieces(optimizer_step(report.lr)) : 1;
  if (update_.pieces > 1) update_.clip = state_.clip;
  report.clip = settings_.clip.info->clip({.n = n,
                                           .grad = grad_.data(),
                                           .theta = theta,
                                           .tensors = problem_->tensors(),
                                           .params = settings_.clip.params,
                                           .state = update_.pieces > 1 ? &update_.clip : &state_.clip});

  const int momentum = settings_.optimizer.info->momentum_param;
  if (momentum >= 0) {
    double& live = live_params_[static_cast<std::size_t>(momentum)];
    live = settings_.optimizer.params[static_cast<std::size_t>(momentum)];
    if (settings_.schedule.info->momentum) {
      const double cycled = settings_.schedule.info->momentum(
          schedule_args(settings_, state_.schedule),
          schedule_time(settings_, state_.step, steps_per_epoch_));
      if (cycled == cycled) live = cycled;
    }
    report.momentum = live;
  }
}

StepReport Trainer::end_update() {
  StepReport report = update_.report;
  if (update_.pieces > 1) state_.clip = update_.clip;
  update_.pieces = 0;
  const std::size_t n = problem_->num_params();
  Real* theta = state_.theta.data();
  if (Telemetry* telemetry = update_.telemetry) {
    telemetry->clipped_norm = norm2(grad_.data(), n);
    for (std::size_t i = 0; i < n; ++i) before_[i] = theta[i] - before_[i];
    telemetry->update_norm = norm2(before_.data(), n);
    for (const TensorView& t : problem_->tensors()) {
      LayerTelemetry& layer = telemetry->layers[static_cast<std::size_t>(t.layer)];
      const double u = norm2(before_.data() + t.offset, t.size());
      layer.update_norm = fn::sqrt(layer.update_norm * layer.update_norm + u * u);
    }
    std::fill(before_.begin(), before_.end(), static_cast<Real>(report.lr));
    OptimizerStep s = optimizer_step(report.lr);
    s.loss = report.loss;
    if (settings_.optimizer.info->effective_rate) settings_.optimizer.info->effective_rate(s, before_.data());
    const auto [least, most] = std::minmax_element(before_.begin(), before_.end());
    telemetry->rate_quantile[0] = static_cast<double>(*least);
    telemetry->rate_quantile[4] = static_cast<double>(*most);
    // Sorting every rate of a large network would take longer than its step: every k-th is enough.
    const std::size_t k = 1 + n / 2048, count = (n - 1) / k + 1;
    for (std::size_t i = 0; i < count; ++i) before_[i] = before_[i * k];
    std::sort(before_.begin(), before_.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t q = 1; q < 4; ++q) telemetry->rate_quantile[q] = static_cast<double>(before_[q * (count - 1) / 4]);
    telemetry->rates.assign(before_.begin(), before_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  report.finite = report.loss * 0 == 0 && all_finite(grad_.data(), n) && all_finite(theta, n);
  state_.diverged = !report.finite;
  ++state_.step;
  ++state_.optimizer_step;
  if (state_.step % kFlushSteps == 0) {
    flush_subnormals(state_.theta);
    flush_subnormals(state_.optimizer_state);
  }
  after_update(report.loss);
  return report;
}

// Weight averages, plateau's memory and early stopping.
void Trainer::after_update(double loss) {
  const std::size_t n = problem_->num_params();
  if (settings_.averaging != Averaging::kNone && !state_.diverged &&
      (settings_.averaging == Averaging::kEma ||
       state_.step > static_cast<std::uint64_t>(settings_.average_start))) {
    if (state_.average.empty()) state_.average = state_.theta;
    ++state_.averaged;
    const double weight = settings_.averaging == Averaging::kEma
                              ? 1 - settings_.ema_decay
                              : 1 / static_cast<double>(state_.averaged);
    for (std::size_t i = 0; i < n; ++i)
      state_.average[i] += static_cast<Real>(weight) * (state_.theta[i] - state_.average[i]);
  }

  if (!settings_.schedule.info->observe && settings_.early_stop == 0) return;
  state_.epoch_loss += loss;
  const bool epoch_ends = state_.step % steps_per_epoch_ == 0;
  if (settings_.schedule.info->observe && state_.step > static_cast<std::uint64_t>(settings_.warmup_steps)) {
    const ScheduleArgs args = schedule_args(settings_, state_.schedule);
    if (!settings_.schedule_in_epochs)
      settings_.schedule.info->observe(state_.schedule, args, loss);
    else if (epoch_ends)
      settings_.schedule.info->observe(state_.schedule, args,
                                       state_.epoch_loss / static_cast<double>(steps_per_epoch_));
  }
  if (!epoch_ends) return;
  state_.epoch_loss = 0;
  if (settings_.early_stop > 0 && !problem_->surface && problem_->data->test.count() > 0) {
    const double test = evaluate_test().loss;
    if (state_.best_theta.empty() || test < state_.best_loss) {
      state_.best_loss = test;
      state_.best_theta = eval_theta();
      state_.bad_epochs = 0;
    } else if (++state_.bad_epochs >= settings_.early_stop) {
      state_.theta = state_.best_theta;
      state_.average.clear();
      state_.stopped_early = true;
    }
  }
}

std::vector<Real> Trainer::eval_theta() const {
  if (!state_.average.empty()) return state_.average;
  if (settings_.optimizer.info->eval_point && state_.optimizer_step > 0 && !state_.stopped_early) {
    std::vector<Real> out(state_.theta.size());
    OptimizerStep s = const_cast<Trainer*>(this)->optimizer_step(lr_now());
    settings_.optimizer.info->eval_point(s, out.data());
    return out;
  }
  return state_.theta;
}

Evaluation Trainer::evaluate(const Part& part) {
  Evaluator evaluator(*this, part, ws_);
  evaluator.run();
  return evaluator.result();
}

Evaluator::Evaluator(const Trainer& trainer, const Part& part, Workspace& ws)
    : problem_(trainer.problem()),
      part_(part),
      theta_(trainer.eval_theta()),
      out_(part.target.rows, part.count()),
      pass_({.mlp = &problem_.mlp, .loss = problem_.loss, .theta = theta_.data(),
             .x = {part.x.row(0), part.x.ld}, .target = {part.target.row(0), part.target.ld},
             .count = part.count(), .ws = &ws, .grad = nullptr, .dropout = {}, .value = {},
             .out = out_.row(0), .out_ld = out_.ld}) {}

Evaluation Evaluator::result() const {
  const std::size_t count = part_.count(), outputs = part_.target.rows;
  if (count == 0) return {kNan, kNan};
  Evaluation e{.loss = pass_.loss(), .accuracy = kNan};
  if (problem_.data->classes == 0) return e;
  // Logits change sides at 0, values at the middle between the two targets.
  const Real border = problem_.loss->for_regression ? static_cast<Real>((problem_.loss->negative + 1) / 2) : Real(0);
  std::size_t right = 0;
  for (std::size_t b = 0; b < count; ++b) {
    std::size_t best = 0;
    if (outputs == 1) {
      best = out_.row(0)[b] > border ? 1 : 0;
    } else {
      for (std::size_t o = 1; o < outputs; ++o)
        if (out_.row(o)[b] > out_.row(best)[b]) best = o;
    }
    right += best == static_cast<std::size_t>(part_.y[b]);
  }
  e.accuracy = static_cast<double>(right) / static_cast<double>(count);
  return e;
}

Evaluation Trainer::evaluate_train() {
  if (!problem_->surface) return evaluate(problem_->data->train);
  const std::vector<Real> theta = eval_theta();
  return {problem_->surface
              ->eval({static_cast<double>(theta[0]), static_cast<double>(theta[1])},
                     problem_->surface_params)
              .value,
          kNan};
}

Evaluation Trainer::evaluate_test() {
  return problem_->surface ? evaluate_train() : evaluate(problem_->data->test);
}

std::uint64_t hash_bits(std::span<const Real> values) {
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  std::uint64_t hash = 14695981039346656037ull;
  for (Real v : values) {
    Bits bits = v == v ? std::bit_cast<Bits>(v) : ~Bits(0);
    for (std::size_t byte = 0; byte < sizeof bits; ++byte, bits >>= 8)
      hash = (hash ^ (static_cast<std::uint64_t>(bits) & 0xff)) * 1099511628211ull;
  }
  return hash;
}

}  // namespace lrlab
