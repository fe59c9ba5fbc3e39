// L-BFGS: a quasi-Newton method that learns the curvature from the last few steps and gradients.
//
//   d = −H·g              H from the last pairs s = Δθ, y = Δg (two-loop recursion),
//                         H₀ = ⟨y,s⟩/⟨y,y⟩
//   t = strong Wolfe line search along d, starting at lr (the very first: lr·min(1, 1/‖g‖₁))
//   θ ← θ + t·d           up to max_iter times in one step
//
// Liu & Nocedal 1989, "On the limited memory BFGS method for large scale optimization", Math.
// Programming 45. Nocedal & Wright 2006, "Numerical optimization", algorithms 7.4, 3.5 and 3.6.
// Matches torch.optim.LBFGS(lr, max_iter, max_eval, tolerance_grad, tolerance_change, history_size,
// line_search_fn), also in its counts of evaluations. Where a trial point has no finite loss,
// PyTorch goes on with NaN; here it counts as infinitely high, and the search comes back.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kHistory, kMaxIter, kMaxEval, kLineSearch, kToleranceGrad, kToleranceChange };
enum { kIterations, kEvaluations, kLength, kPairs, kOldest, kH0, kRho };  // scalars; kRho: 1/⟨y,s⟩
enum { kDirection, kPrevGrad, kFirstPair };  // slots; then y and s of every pair

constexpr int kMaxHistory = 100;
constexpr int kMaxSearch = 25;        // evaluations of one line search
constexpr double kArmijo = 1e-4;      // c₁: the loss must fall by this share of the slope
constexpr double kCurvature = 0.9;    // c₂: the slope must flatten to this share

int history(std::span<const double> params) {
  const int size = static_cast<int>(params[kHistory]);
  return size < 1 ? 1 : size > kMaxHistory ? kMaxHistory : size;
}

double largest(const Real* x, std::size_t n) {
  Real most[16] = {};  // so that the loop vectorises
  for (std::size_t i = 0; i < n; ++i) {
    Real& m = most[i % 16];
    m = fn::abs(x[i]) > m ? fn::abs(x[i]) : m;
  }
  for (int j = 1; j < 16; ++j) most[0] = most[j] > most[0] ? most[j] : most[0];
  return static_cast<double>(most[0]);
}

double length1(const Real* x, std::size_t n) {
  return sum(n, [=](std::size_t i) { return static_cast<double>(fn::abs(x[i])); });
}

void copy(const Real* from, Real* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
}

void add(Real* __restrict to, double factor, const Real* __restrict x, std::size_t n) {
  const Real f = static_cast<Real>(factor);
  for (std::size_t i = 0; i < n; ++i) to[i] += f * x[i];
}

// Pair number i, from the oldest.
int pair_slot(const OptimizerStep& s, int i) {
  return kFirstPair + 2 * ((static_cast<int>(s.scalars[kOldest]) + i) % history(s.params));
}

// Keeps y and s of the last inner step, unless the curvature along it was not positive.
void remember(const OptimizerStep& s, const Real* grad) {
  const Real* d = s.state(kDirection);
  const Real* prev = s.state(kPrevGrad);
  const Real t = static_cast<Real>(s.scalars[kLength]);
  const double ys = sum(s.n, [=](std::size_t i) {
    return static_cast<double>(grad[i] - prev[i]) * static_cast<double>(t * d[i]);
  });
  if (!(ys > 1e-10)) return;
  const int size = history(s.params), pairs = static_cast<int>(s.scalars[kPairs]);
  if (pairs == size)
    s.scalars[kOldest] = (static_cast<int>(s.scalars[kOldest]) + 1) % size;
  else
    ++s.scalars[kPairs];
  const int slot = pair_slot(s, pairs == size ? size - 1 : pairs);
  Real* y = s.state(slot);
  Real* step = s.state(slot + 1);
  for (std::size_t i = 0; i < s.n; ++i) {
    y[i] = grad[i] - prev[i];
    step[i] = t * d[i];
  }
  s.scalars[kRho + (slot - kFirstPair) / 2] = 1 / ys;
  s.scalars[kH0] = ys / dot(y, y, s.n);
}

// d ← −H·g, by the two-loop recursion.
void direction(const OptimizerStep& s, const Real* grad) {
  Real* d = s.state(kDirection);
  for (std::size_t i = 0; i < s.n; ++i) d[i] = -grad[i];
  double alpha[kMaxHistory];
  const int pairs = static_cast<int>(s.scalars[kPairs]);
  for (int i = pairs - 1; i >= 0; --i) {
    const int slot = pair_slot(s, i);
    alpha[i] = dot(s.state(slot + 1), d, s.n) * s.scalars[kRho + (slot - kFirstPair) / 2];
    add(d, -alpha[i], s.state(slot), s.n);
  }
  const Real h0 = static_cast<Real>(s.scalars[kH0]);
  for (std::size_t i = 0; i < s.n; ++i) d[i] *= h0;
  for (int i = 0; i < pairs; ++i) {
    const int slot = pair_slot(s, i);
    const double beta = dot(s.state(slot), d, s.n) * s.scalars[kRho + (slot - kFirstPair) / 2];
    add(d, alpha[i] - beta, s.state(slot + 1), s.n);
  }
}

// A point along the search direction.
struct Trial {
  double t = 0;      // length
  double f = 0;      // loss
  double slope = 0;  // ⟨g, d⟩
  Real* grad = nullptr;
};

Trial evaluate(const OptimizerStep& s, double t, Real* point, Real* grad) {
  const Real* d = s.state(kDirection);
  for (std::size_t i = 0; i < s.n; ++i) point[i] = s.theta[i] + static_cast<Real>(t) * d[i];
  Trial trial{t, s.evaluate(point, grad), 0, grad};
  if (!fn::is_finite(trial.f)) trial.f = std::numeric_limits<double>::infinity();
  trial.slope = dot(grad, d, s.n);
  return trial;
}

// Minimum of the cubic with the values and slopes of a and b, kept between low and high.
double cubic_minimum(const Trial& a, const Trial& b, double low, double high) {
  const double d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = fn::sqrt(square);
  const double t =
      a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                 : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  if (fn::is_nan(t)) return (low + high) / 2;
  return t < low ? low : t > high ? high : t;
}

// A point along d that fulfils the strong Wolfe conditions, or the best one found. First widens
// until a minimum is bracketed, then narrows the bracket. `buffers`: three gradients, of which
// start.grad is one. `evaluations` counts.
Trial strong_wolfe(const OptimizerStep& s, const Trial start, double t, Real* point,
                   Real* const buffers[3], int& evaluations) {
  const double reach = largest(s.state(kDirection), s.n);
  const auto spare = [&](const Trial& a, const Trial& b) {
    for (int i = 0; i < 2; ++i)
      if (buffers[i] != a.grad && buffers[i] != b.grad) return buffers[i];
    return buffers[2];
  };
  const auto too_high = [&](const Trial& p) { return p.f > start.f + kArmijo * p.t * start.slope; };
  const auto flat = [&](const Trial& p) { return fn::abs(p.slope) <= -kCurvature * start.slope; };

  Trial prev = start, now = evaluate(s, t, point, spare(start, start));
  evaluations = 1;
  int round = 0;
  for (; round < kMaxSearch; ++round) {
    if (too_high(now) || (round > 1 && now.f >= prev.f)) break;
    if (flat(now)) return now;
    if (now.slope >= 0) break;
    const double next = cubic_minimum(prev, now, now.t + 0.01 * (now.t - prev.t), now.t * 10);
    prev = now;
    now = evaluate(s, next, point, spare(prev, prev));
    ++evaluations;
  }
  if (round == kMaxSearch) {
    // PyTorch compares with the start, whose gradient may be overwritten by now.
    if (now.f < start.f) return now;
    return evaluate(s, 0, point, now.grad);
  }

  Trial bracket[2] = {prev, now};
  int low = prev.f <= now.f ? 0 : 1;
  bool stuck = false;  // the last point was near the bracket's end
  for (; round < kMaxSearch; ++round) {
    const double left = bracket[0].t < bracket[1].t ? bracket[0].t : bracket[1].t;
    const double right = bracket[0].t < bracket[1].t ? bracket[1].t : bracket[0].t;
    if ((right - left) * reach < s.param(kToleranceChange)) break;
    t = cubic_minimum(bracket[0], bracket[1], left, right);
    const double margin = 0.1 * (right - left);
    const bool near_end = (right - t < t - left ? right - t : t - left) < margin;
    if (near_end && (stuck || t >= right || t <= left)) {
      t = right - t < t - left ? right - margin : left + margin;
      stuck = false;
    } else {
      stuck = near_end;
    }
    const Trial trial = evaluate(s, t, point, spare(bracket[0], bracket[1]));
    ++evaluations;
    if (too_high(trial) || trial.f >= bracket[low].f) {
      bracket[1 - low] = trial;
      low = bracket[0].f <= bracket[1].f ? 0 : 1;
    } else {
      const bool done = flat(trial);
      if (!done && trial.slope * (bracket[1 - low].t - bracket[low].t) >= 0)
        bracket[1 - low] = bracket[low];
      bracket[low] = trial;
      if (done) break;
    }
  }
  return bracket[low];
}

void update(const OptimizerStep& s) {
  Real* const buffers[3] = {s.scratch, s.scratch + s.n, s.scratch + 2 * s.n};
  Real* point = s.scratch + 3 * s.n;
  Real* d = s.state(kDirection);
  double &iterations = s.scalars[kIterations], &length = s.scalars[kLength];
  const int max_iter = static_cast<int>(s.param(kMaxIter));
  const int max_eval = static_cast<int>(s.param(kMaxEval));
  const double tolerance = s.param(kToleranceChange);

  Trial at{0, s.loss, 0, buffers[0]};
  copy(s.grad, at.grad, s.n);
  int evaluations = 1;  // the one the trainer has made
  ++s.scalars[kEvaluations];
  if (largest(at.grad, s.n) <= s.param(kToleranceGrad)) return;

  for (int i = 1; i <= max_iter; ++i) {
    ++iterations;
    const bool first = iterations == 1;
    if (first)
      s.scalars[kH0] = 1;
    else
      remember(s, at.grad);
    direction(s, at.grad);
    copy(at.grad, s.state(kPrevGrad), s.n);
    length = s.lr;
    if (first) {
      const double size = length1(at.grad, s.n);
      if (size > 1) length = s.lr / size;
    }
    const double prev_loss = at.f;
    at.t = 0;
    at.slope = dot(at.grad, d, s.n);
    if (at.slope > -tolerance) return;

    int used = 0;
    if (s.param(kLineSearch) != 0) {
      at = strong_wolfe(s, at, length, point, buffers, used);
      length = at.t;
      add(s.theta, length, d, s.n);
    } else {
      add(s.theta, length, d, s.n);
      if (i != max_iter) {
        at.f = s.evaluate(s.theta, at.grad);
        used = 1;
      }
    }
    evaluations += used;
    s.scalars[kEvaluations] += used;
    if (evaluations >= max_eval || largest(at.grad, s.n) <= s.param(kToleranceGrad)) return;
    const double change = at.f - prev_loss;
    if (fn::abs(length) * largest(d, s.n) <= tolerance || fn::abs(change) < tolerance) return;
  }
}

int extra_slots(std::span<const double> params) { return 2 * history(params); }

std::size_t scratch(std::size_t n, std::span<const TensorView>, std::span<const double>) {
  return 4 * n;
}

// What multiplied the direction in the last inner step.
void effective_rate(const OptimizerStep& s, Real* out) {
  for (std::size_t i = 0; i < s.n; ++i) out[i] = static_cast<Real>(s.scalars[kLength]);
}

constexpr ParamSpec kParams[] = {
    {.key = "history_size", .label = "history", .def = 10, .min = 1, .max = 32,
     .kind = ParamKind::kInteger,
     .doc = "Pairs of steps and gradient changes that are kept; each costs two copies of the "
            "parameters. PyTorch 100, SciPy and optax 10."},
    {.key = "max_iter", .label = "inner steps", .def = 20, .min = 1, .max = 100,
     .kind = ParamKind::kInteger, .doc = "Most quasi-Newton steps in one step of the run."},
    {.key = "max_eval", .label = "evaluations", .def = 25, .min = 1, .max = 200,
     .kind = ParamKind::kInteger,
     .doc = "No further inner step once this many gradients were taken. PyTorch: 1.25 times the "
            "inner steps."},
    {.key = "line_search", .label = "line search", .def = 1, .min = 0, .max = 1,
     .kind = ParamKind::kChoice,
     .doc = "strong_wolfe tries lengths along the direction. none always goes lr times as far "
            "(PyTorch's default), which can diverge.",
     .choices = "none|strong_wolfe"},
    {.key = "tolerance_grad", .label = "tolerance (gradient)", .def = 1e-7, .min = 0, .max = 1,
     .scale = Scale::kLog, .doc = "Stop when no entry of the gradient is larger."},
    {.key = "tolerance_change", .label = "tolerance (change)", .def = 1e-9, .min = 0, .max = 1,
     .scale = Scale::kLog, .doc = "End a step when loss or parameters change by less."},
};
constexpr StateSlot kState[] = {{"d", "d"}, {"prev_flat_grad"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo lbfgs;
const OptimizerInfo lbfgs{
    .id = "lbfgs",
    .label = "L-BFGS",
    .formula = "d = −H·g,  H from the last pairs (Δθ, Δg)\n"
               "t = line search along d, starting at lr\nθ ← θ + t·d  (up to max_iter times a "
               "step)",
    .reference = "Liu & Nocedal 1989, On the limited memory BFGS method for large scale "
                 "optimization, Math. Programming 45",
    .doc = "Finds its own rate: lr is only the first length the line search tries. Needs the whole "
           "training set as one batch, where it beats every other method on small smooth problems.",
    .matches = "torch.optim.LBFGS(line_search_fn=\"strong_wolfe\", history_size=10)",
    .params = kParams,
    .default_lr = 1.0,
    .state = kState,
    .scalars = kRho + kMaxHistory,
    .own_rate = true,
    .full_batch = true,
    .update = update,
    .extra_slots = extra_slots,
    .scratch = scratch,
    .effective_rate = effective_rate,
};

extern const TorchText lbfgs_torch;
const TorchText lbfgs_torch{R"(torch.optim.LBFGS(parameters, lr=lr, max_iter=max_iter, max_eval=max_eval,
                  tolerance_grad=tolerance_grad, tolerance_change=tolerance_change,
                  history_size=history_size, line_search_fn="strong_wolfe" if line_search else None)
# Its line search asks yes-or-no questions of the last bits: on a network the two runs part after some steps.)"};
}  // namespace optimizer_rows
}  // namespace lrlab
