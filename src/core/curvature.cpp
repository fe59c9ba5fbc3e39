#include "core/curvature.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "core/clipper.h"
#include "core/dense.h"
#include "core/mathfn.h"
#include "core/simd.h"

namespace lrlab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::size_t width(int n) { return static_cast<std::size_t>(n); }

void clear_padding(Real* rows, std::size_t count, std::size_t ld, std::size_t m) {
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t b = m; b < ld; ++b) rows[r * ld + b] = 0;
}

void add(Real* to, const Real* from, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
}

bool is_linear(const ActivationInfo& info) { return std::string_view(info.id) == "identity"; }

// Σ x·y in double, in one fixed order.
double dot(const Real* x, const Real* y, std::size_t n) {
  double partial[8] = {};
  for (std::size_t i = 0; i < n; ++i)
    partial[i % 8] += static_cast<double>(x[i]) * static_cast<double>(y[i]);
  return ((partial[0] + partial[4]) + (partial[2] + partial[6])) +
         ((partial[1] + partial[5]) + (partial[3] + partial[7]));
}

void scale_by(std::vector<Real>& x, double k) {
  for (Real& v : x) v = static_cast<Real>(static_cast<double>(v) * k);
}

}  // namespace

// ---- Hessian-vector products ----------------------------------------------------------------------

Hessian::Hessian(std::shared_ptr<const Problem> problem, std::size_t keep_bytes)
    : problem_(std::move(problem)) {
  theta_.resize(size());
  if (problem_->surface) return;
  const Mlp& mlp = problem_->mlp;
  const std::size_t count = problem_->train_count();
  std::size_t units = 0, widest = 0;
  for (std::size_t l = 0; l < mlp.layers(); ++l) {
    const std::size_t out = width(mlp.sizes()[l + 1]);
    units += out;
    widest = std::max(widest, out * kMaxChunk);
    ra_.emplace_back(out * kMaxChunk);
    rz_.emplace_back(out * kMaxChunk);
  }
  for (std::vector<Real>* v : {&da_, &rda_, &rdz_, &extra_}) v->resize(widest);
  keep_ = 4 * units * pad_batch(count) * sizeof(Real) <= keep_bytes;
  const std::size_t parts = keep_ ? (count + kMaxChunk - 1) / kMaxChunk : 1;
  for (std::size_t i = 0; i < parts; ++i) chunks_.push_back(make_chunk());
}

Hessian::Chunk Hessian::make_chunk() const {
  const std::size_t samples = std::min(kMaxChunk, pad_batch(problem_->train_count()));
  Chunk c;
  for (std::size_t l = 0; l < problem_->mlp.layers(); ++l) {
    const std::size_t n = width(problem_->mlp.sizes()[l + 1]) * samples;
    for (auto* values : {&c.a, &c.d, &c.e, &c.dz}) values->emplace_back(n);
  }
  return c;
}

void Hessian::set_point(const Real* theta, double l2) {
  std::copy(theta, theta + size(), theta_.begin());
  l2_ = l2;
  if (problem_->surface || !keep_) return;
  for (std::size_t i = 0; i < chunks_.size(); ++i) run(chunks_[i], i * kMaxChunk);
}

// Forward and backward pass over the samples from `first` on.
void Hessian::run(Chunk& c, std::size_t first) {
  const Mlp& mlp = problem_->mlp;
  const Part& train = problem_->data->train;
  const std::size_t m = std::min(kMaxChunk, train.count() - first), padded = pad_batch(m);
  const std::size_t layers = mlp.layers();
  Columns in{train.x.row(0) + first, train.x.ld};
  for (std::size_t l = 0; l < layers; ++l) {
    const DenseShape shape{width(mlp.sizes()[l]), width(mlp.sizes()[l + 1])};
    const bool linear = is_linear(mlp.activation(l));
    Real* z = linear ? c.a[l].data() : extra_.data();
    dense_forward(shape, theta_.data() + mlp.weight(l).offset, theta_.data() + mlp.bias(l).offset,
                  in.data, in.ld, z, padded, padded);
    if (!linear) {
      const ActivationInfo& f = mlp.activation(l);
      const std::size_t n = shape.out * padded;
      f.second(z, c.e[l].data(), n);
      f.apply(z, c.a[l].data(), c.d[l].data(), n, static_cast<Real>(f.slope));
    }
    in = {c.a[l].data(), padded};
  }

  const std::size_t outputs = width(mlp.outputs());
  const LossArgs args{.out = c.a.back().data(), .target = train.target.row(0) + first,
                      .outputs = outputs, .ld = padded, .target_ld = train.target.ld,
                      .m = padded, .count = train.count()};
  problem_->loss->eval(args, extra_.data(), da_.data());
  clear_padding(da_.data(), outputs, padded, m);
  for (std::size_t l = layers; l-- > 0;) {
    const DenseShape shape{width(mlp.sizes()[l]), width(mlp.sizes()[l + 1])};
    const std::size_t n = shape.out * padded;
    Real *dz = c.dz[l].data(), *e = c.e[l].data();
    if (is_linear(mlp.activation(l))) {
      std::copy(da_.begin(), da_.begin() + static_cast<std::ptrdiff_t>(n), dz);
    } else {
      const Real* d = c.d[l].data();
      for (std::size_t i = 0; i < n; ++i) {
        dz[i] = da_[i] * d[i];
        e[i] *= da_[i];
      }
    }
    if (l > 0)
      dense_backward_input(shape, theta_.data() + mlp.weight(l).offset, dz, padded, da_.data(),
                           padded, padded);
  }
}

// The same two passes with R{} applied to every line. W = θ's weights, V = v's weights:
//
//   R{z} = W·R{a₋} + V·a₋ + v_b          R{a} = f'(z)·R{z}
//   R{∂L/∂a_out} = (∂²L/∂a²)·R{a_out}    R{dz} = f'(z)·R{da} + f''(z)·da·R{z}
//   R{dW} = R{dz}·a₋ᵀ + dz·R{a₋}ᵀ        R{da₋} = Wᵀ·R{dz} + Vᵀ·dz
void Hessian::run_r(const Chunk& c, std::size_t first, const Real* v, Real* out) {
  const Mlp& mlp = problem_->mlp;
  const Part& train = problem_->data->train;
  const std::size_t m = std::min(kMaxChunk, train.count() - first), padded = pad_batch(m);
  const std::size_t layers = mlp.layers();
  const Columns x{train.x.row(0) + first, train.x.ld};
  for (std::size_t l = 0; l < layers; ++l) {
    const DenseShape shape{width(mlp.sizes()[l]), width(mlp.sizes()[l + 1])};
    const std::size_t n = shape.out * padded, w = mlp.weight(l).offset, b = mlp.bias(l).offset;
    const Columns in = l == 0 ? x : Columns{c.a[l - 1].data(), padded};
    Real *rz = rz_[l].data(), *ra = ra_[l].data();
    dense_forward(shape, v + w, v + b, in.data, in.ld, rz, padded, padded);
    if (l > 0) {
      dense_forward(shape, theta_.data() + w, nullptr, ra_[l - 1].data(), padded, extra_.data(),
                    padded, padded);
      add(rz, extra_.data(), n);
    }
    if (is_linear(mlp.activation(l))) {
      std::copy(rz, rz + n, ra);
    } else {
      for (std::size_t i = 0; i < n; ++i) ra[i] = c.d[l][i] * rz[i];
    }
  }

  const std::size_t outputs = width(mlp.outputs());
  const LossArgs args{.out = c.a.back().data(), .target = train.target.row(0) + first,
                      .outputs = outputs, .ld = padded, .target_ld = train.target.ld,
                      .m = padded, .count = train.count()};
  problem_->loss->hessian_vector(args, ra_.back().data(), rda_.data());
  clear_padding(rda_.data(), outputs, padded, m);
  for (std::size_t l = layers; l-- > 0;) {
    const DenseShape shape{width(mlp.sizes()[l]), width(mlp.sizes()[l + 1])};
    const std::size_t n = shape.out * padded, w = mlp.weight(l).offset, b = mlp.bias(l).offset;
    const Real* rz = rz_[l].data();
    if (is_linear(mlp.activation(l))) {
      std::copy(rda_.begin(), rda_.begin() + static_cast<std::ptrdiff_t>(n), rdz_.begin());
    } else {
      for (std::size_t i = 0; i < n; ++i) rdz_[i] = c.d[l][i] * rda_[i] + c.e[l][i] * rz[i];
    }
    const Columns in = l == 0 ? x : Columns{c.a[l - 1].data(), padded};
    dense_backward_weights(shape, rdz_.data(), padded, in.data, in.ld, padded, out + w, out + b);
    if (l == 0) break;
    dense_backward_weights(shape, c.dz[l].data(), padded, ra_[l - 1].data(), padded, padded, out + w,
                           nullptr);
    dense_backward_input(shape, theta_.data() + w, rdz_.data(), padded, rda_.data(), padded, padded);
    dense_backward_input(shape, v + w, c.dz[l].data(), padded, extra_.data(), padded, padded);
    add(rda_.data(), extra_.data(), shape.in * padded);
  }
}

void Hessian::multiply(const Real* v, Real* out) {
  if (problem_->surface) {
    const SurfaceEval e = problem_->surface->eval(
        {static_cast<double>(theta_[0]), static_cast<double>(theta_[1])}, problem_->surface_params);
    const double x = static_cast<double>(v[0]), y = static_cast<double>(v[1]);
    out[0] = static_cast<Real>(e.xx * x + e.xy * y + l2_ * x);
    out[1] = static_cast<Real>(e.xy * x + e.yy * y + l2_ * y);
    return;
  }
  std::fill(out, out + size(), Real(0));
  const std::size_t count = problem_->train_count();
  for (std::size_t first = 0; first < count; first += kMaxChunk) {
    Chunk& c = chunks_[keep_ ? first / kMaxChunk : 0];
    if (!keep_) run(c, first);
    run_r(c, first, v, out);
  }
  if (l2_ == 0) return;
  for (const TensorView& t : problem_->mlp.tensors())
    for (std::size_t i = t.offset; i < t.offset + t.size() && !t.is_bias; ++i)
      out[i] += static_cast<Real>(l2_) * v[i];
}

// ---- the largest eigenvalue -----------------------------------------------------------------------

// T − λI = L·D·Lᵀ. All pivots D are negative just when λ is above every eigenvalue, so halving the
// interval finds the largest one to the last bits. Pivots are taken from both ends: for the vector,
// the two recurrences meet where they fit best, and each runs the way in which it is stable.
// Parlett & Dhillon 1997, "Fernando's solution to Wilkinson's problem".
double largest_eigenvalue(std::span<const double> diagonal, std::span<const double> off, double low,
                          double high, std::vector<double>& vector) {
  const std::size_t n = diagonal.size();
  std::vector<double> down(n), up(n);
  const auto all_negative = [&](double lambda) {
    for (std::size_t i = 0; i < n; ++i) {
      down[i] = diagonal[i] - lambda - (i ? off[i - 1] * off[i - 1] / down[i - 1] : 0);
      if (!(down[i] < 0)) return false;
    }
    for (std::size_t i = n; i-- > 0;) {
      up[i] = diagonal[i] - lambda - (i + 1 < n ? off[i] * off[i] / up[i + 1] : 0);
      if (!(up[i] < 0)) return false;
    }
    return true;
  };
  // Rounding may put the eigenvalue a little above the bound.
  for (double more = 1e-15 * (fn::abs(high) + 1e-300); !all_negative(high) && more < 1e300; more *= 4)
    high += more;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    (all_negative(middle) ? high : low) = middle;
  }
  const double lambda = high;
  all_negative(lambda);  // fills the pivots
  std::size_t middle = 0;
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < n; ++i) {
    const double misfit = fn::abs(down[i] + up[i] - (diagonal[i] - lambda));
    if (misfit < best) {
      best = misfit;
      middle = i;
    }
  }
  vector.assign(n, 0);
  vector[middle] = 1;
  for (std::size_t i = middle; i > 0; --i) vector[i - 1] = -off[i - 1] * vector[i] / down[i - 1];
  for (std::size_t i = middle; i + 1 < n; ++i) vector[i + 1] = -off[i] * vector[i] / up[i + 1];
  double squares = 0;
  for (double v : vector) squares += v * v;
  for (double& v : vector) v /= fn::sqrt(squares);
  return lambda;
}

Lanczos::Lanczos(Hessian& hessian, LanczosSettings settings, std::vector<Real> scale,
                 std::span<const Real> warm)
    : hessian_(&hessian), settings_(settings), scale_(std::move(scale)) {
  const std::size_t n = hessian.size();
  scaled_.resize(n);
  Random random(settings.seed, Stream::kProbe);
  std::vector<Real> start(n);
  for (Real& v : start) v = static_cast<Real>(random.normal());
  if (warm.size() == n) {
    constexpr double kNoise = 0.05;  // its share of the start's length
    scale_by(start, kNoise / norm2(start.data(), n));
    add(start.data(), warm.data(), n);
  }
  scale_by(start, 1 / norm2(start.data(), n));
  q_.push_back(std::move(start));
}

bool Lanczos::step() {
  if (done_) return true;
  const std::size_t n = hessian_->size(), j = alpha_.size();
  const std::vector<Real>& q = q_[j];
  std::vector<Real> w(n);
  if (scale_.empty()) {
    hessian_->multiply(q.data(), w.data());
  } else {
    for (std::size_t i = 0; i < n; ++i) scaled_[i] = scale_[i] * q[i];
    hessian_->multiply(scaled_.data(), w.data());
    for (std::size_t i = 0; i < n; ++i) w[i] *= scale_[i];
  }
  const double length = norm2(w.data(), n);
  alpha_.push_back(dot(q.data(), w.data(), n));
  for (int pass = 0; pass < 2; ++pass)
    for (const std::vector<Real>& other : q_) {
      const Real share = static_cast<Real>(dot(other.data(), w.data(), n));
      for (std::size_t i = 0; i < n; ++i) w[i] -= share * other[i];
    }
  const double beta = norm2(w.data(), n);
  if (!fn::is_finite(beta) || !fn::is_finite(length)) {
    value_ = residual_ = kNan;
    return done_ = true;
  }

  // A matrix grown by one row: its largest eigenvalue is not smaller than before, and not larger
  // than the larger of the old one and the new diagonal entry, plus the entry that joins them.
  const double last = alpha_.back(), joint = j ? beta_[j - 1] : 0;
  const double low = j ? std::max(value_, last) : last;
  const double slack = 1e-12 * (fn::abs(low) + joint);
  value_ = j ? largest_eigenvalue(alpha_, beta_, low - slack, low + joint + slack, weights_) : last;
  if (j == 0) weights_ = {1};
  residual_ = beta * fn::abs(weights_.back());

  // What is left of w after the projections is rounding when the q span an invariant subspace.
  const double rounding = 4 * static_cast<double>(std::numeric_limits<Real>::epsilon()) * length;
  const int products = static_cast<int>(j + 1);
  if (residual_ <= settings_.tolerance * fn::abs(value_) || beta <= rounding || j + 1 == n ||
      products >= settings_.max_iterations)
    return done_ = true;
  beta_.push_back(beta);
  scale_by(w, 1 / beta);
  q_.push_back(std::move(w));
  return false;
}

Sharpness Lanczos::result() const {
  Sharpness s{value_, residual_, static_cast<int>(alpha_.size()), {}};
  if (!fn::is_finite(value_)) return s;
  const std::size_t n = hessian_->size();
  s.vector.resize(n);
  for (std::size_t k = 0; k < weights_.size(); ++k)
    for (std::size_t i = 0; i < n; ++i) s.vector[i] += static_cast<Real>(weights_[k]) * q_[k][i];
  Real largest = 0;
  for (Real v : s.vector)
    if (fn::abs(v) > fn::abs(largest)) largest = v;
  scale_by(s.vector, (largest < 0 ? -1 : 1) / norm2(s.vector.data(), n));
  return s;
}

Sharpness sharpness(Hessian& hessian, LanczosSettings settings, std::vector<Real> scale,
                    std::span<const Real> warm) {
  Lanczos lanczos(hessian, settings, std::move(scale), warm);
  while (!lanczos.step()) {}
  return lanczos.result();
}

// ---- the stable rate ------------------------------------------------------------------------------

StabilityLimit stability_limit(const OptimizerInfo& info, std::span<const double> params,
                               double sharpness) {
  if (!info.stability.numerator || sharpness != sharpness) return {kNan, info.stability.formula};
  if (sharpness <= 0) return {std::numeric_limits<double>::infinity(), info.stability.formula};
  return {info.stability.numerator(params) / sharpness, info.stability.formula};
}

std::vector<Real> step_scale(const Trainer& trainer) {
  const TrainState& state = trainer.state();
  const OptimizerInfo& info = *trainer.settings().optimizer.info;
  if (!info.effective_rate || state.optimizer_step == 0) return {};
  // effective_rate only reads the state; it is asked as it is after an update.
  TrainState& readable = const_cast<TrainState&>(state);
  const OptimizerStep s{.n = state.theta.size(), .theta = readable.theta.data(),
                        .grad = trainer.grad().data(),
                        .state_begin = readable.optimizer_state.data(),
                        .scalars = readable.optimizer_scalars.data(),
                        .params = trainer.settings().optimizer.params,
                        .tensors = trainer.problem().tensors(), .lr = 1,
                        .step = state.optimizer_step - 1, .loss = 0, .evaluate = {}};
  std::vector<Real> scale(state.theta.size());
  info.effective_rate(s, scale.data());
  for (Real& v : scale) v = fn::sqrt(v);
  return scale;
}

void SharpnessProbe::begin(const Trainer& trainer, bool afresh) {
  if (afresh) last_vector_.clear();
  if (!hessian_ || problem_ != &trainer.problem()) {
    hessian_ = std::make_unique<Hessian>(trainer.shared_problem());
    problem_ = &trainer.problem();
    last_vector_.clear();
  }
  hessian_->set_point(trainer.theta().data(), trainer.settings().l2);
  std::vector<Real> scale = step_scale(trainer);
  next_ = {};
  next_.step = trainer.state().step;
  next_.preconditioned = !scale.empty();
  next_.lr = trainer.lr_now();
  optimizer_ = trainer.settings().optimizer.info;
  params_ = trainer.settings().optimizer.params;
  lanczos_.emplace(*hessian_, settings_, std::move(scale), last_vector_);
}

bool SharpnessProbe::step() {
  if (!lanczos_) return true;
  if (!lanczos_->step()) return false;
  next_.sharpness = lanczos_->result();
  next_.limit = stability_limit(*optimizer_, params_, next_.sharpness.value);
  // Before its first step nobody knows how an adaptive optimizer will scale its steps.
  if (optimizer_->effective_rate && !next_.preconditioned) next_.limit.lr = kNan;
  last_vector_ = next_.sharpness.vector;
  reading_ = next_;
  lanczos_.reset();
  return true;
}

}  // namespace lrlab
