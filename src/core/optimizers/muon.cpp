// Muon: the momentum of every weight matrix is made orthogonal before the step; the rest is AdamW.
//
//   B ← μ·B + (1−μ)·G
//   Z ← (1−μ)·G + μ·B  (Nesterov), or B
//   X ← Z / max(‖Z‖, ε);   ns_steps times:  A ← X·Xᵀ,  X ← a·X + (b·A + c·A²)·X
//   W ← W·(1 − lr·wd) − lr·√max(1, rows/cols)·X
//
// The iteration (Newton-Schulz, quintic) pushes every singular value of X towards 1 and keeps the
// singular vectors: all directions of the matrix learn equally fast, not only the steepest ones.
// Its coefficients are tuned for speed, so the values end between about 0.7 and 1.2. Jordan et al.
// 2024, "Muon: an optimizer for hidden layers in neural networks", kellerjordan.github.io. Matches
// torch.optim.Muon, except that the product runs in our own precision instead of bfloat16. Jordan's
// code adds ε to the norm. Biases: torch.optim.AdamW at the same lr and decay.
#include "core/dense.h"
#include "core/optimizers/common.h"
#include "core/simd.h"

namespace lrlab {
namespace {

enum {
  kMomentum, kNesterov, kWeightDecay, kAdjust, kSteps, kA, kB, kC, kEps, kBeta1, kBeta2, kAdamEps
};

constexpr std::size_t kBlock = 64;  // rows of a product that are one piece

// The two sides of the matrix as the iteration sees it: never more rows than columns.
struct Sides {
  std::size_t k, l, ld, kd;  // small, large; both padded for the kernels of dense.h
  bool tall;                 // the iteration sees the transposed matrix
  explicit Sides(const TensorView& t)
      : k(static_cast<std::size_t>(t.rows < t.cols ? t.rows : t.cols)),
        l(static_cast<std::size_t>(t.rows < t.cols ? t.cols : t.rows)),
        ld(pad_batch(l)),
        kd(pad_batch(k)),
        tall(t.rows > t.cols) {}
  // Where entry (r, c) of the matrix lies in X.
  std::size_t at(std::size_t r, std::size_t c) const { return tall ? c * ld + r : r * ld + c; }
  std::size_t blocks() const { return (k + kBlock - 1) / kBlock; }
  std::size_t pieces(std::size_t rounds) const { return 1 + 3 * blocks() * rounds; }
  std::size_t x() const { return k * ld; }                          // numbers of X, which is kept,
  std::size_t working() const { return k * ld + k * k + 2 * k * kd; }  // and of what is not
};

std::size_t rounds(const OptimizerStep& s) { return static_cast<std::size_t>(s.param(kSteps)); }

// The new momentum of entry i, and what is made orthogonal.
Real momentum(const OptimizerStep& s, std::size_t i) {
  return s.real(kMomentum) * s.state(0)[i] + static_cast<Real>(1 - s.param(kMomentum)) * s.grad[i];
}
Real direction(const OptimizerStep& s, std::size_t i) {
  const Real buf = momentum(s, i);
  if (s.param(kNesterov) == 0) return buf;
  return static_cast<Real>(1 - s.param(kMomentum)) * s.grad[i] + s.real(kMomentum) * buf;
}

// X = Z / max(‖Z‖, ε), its columns from l on 0.
void load_matrix(const OptimizerStep& s, const TensorView& t, const Sides& z, Real* x) {
  const auto rows = static_cast<std::size_t>(t.rows), cols = static_cast<std::size_t>(t.cols);
  for (std::size_t i = 0; i < z.x(); ++i) x[i] = 0;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < cols; ++c) x[z.at(r, c)] = direction(s, t.offset + r * cols + c);
  const double length = fn::sqrt(dot(x, x, z.x())), floor = s.param(kEps);
  const Real scale = static_cast<Real>(1 / (length > floor ? length : floor));
  for (std::size_t i = 0; i < z.x(); ++i) x[i] *= scale;
}

// One of the three products of a round of Newton-Schulz, for one block of its rows. `next` has the
// shape of x, `a` [k][k], `wide` and `square` [k][kd].
void newton_schulz(const OptimizerStep& s, const Sides& z, std::size_t product, std::size_t block, Real* x, Real* working) {
  Real* next = working;
  Real* a = next + z.x();
  Real* wide = a + z.k * z.k;
  Real* square = wide + z.k * z.kd;
  const std::size_t first = block * kBlock, rows = z.k - first < kBlock ? z.k - first : kBlock, end = first + rows;
  const bool last = end == z.k;
  const Real ca = s.real(kA), cb = s.real(kB), cc = s.real(kC);
  if (product == 0) {  // A = X·Xᵀ, also with padded rows
    for (std::size_t i = first * z.k; i < end * z.k; ++i) a[i] = 0;
    dense_backward_weights({z.k, rows}, x + first * z.ld, z.ld, x, z.ld, z.ld, a + first * z.k, nullptr);
    for (std::size_t r = first; r < end; ++r)
      for (std::size_t c = 0; c < z.kd; ++c) wide[r * z.kd + c] = c < z.k ? a[r * z.k + c] : Real(0);
  } else if (product == 1) {  // b·A + c·A², in the place of A
    dense_forward({z.k, rows}, a + first * z.k, nullptr, wide, z.kd, square + first * z.kd, z.kd, z.kd);
    for (std::size_t r = first; r < end; ++r)
      for (std::size_t c = 0; c < z.k; ++c) a[r * z.k + c] = cb * a[r * z.k + c] + cc * square[r * z.kd + c];
  } else {  // X ← a·X + (b·A + c·A²)·X, once all of it is there
    dense_forward({z.k, rows}, a + first * z.k, nullptr, x, z.ld, next + first * z.ld, z.ld, z.ld);
    for (std::size_t i = 0; last && i < z.x(); ++i) x[i] = ca * x[i] + next[i];
  }
}

// The rate that multiplies the orthogonal matrix.
double matrix_rate(const OptimizerStep& s, const TensorView& t) {
  const double rows = t.rows, cols = t.cols, larger = rows > cols ? rows : cols;
  return s.lr * (s.param(kAdjust) != 0 ? 0.2 * fn::sqrt(larger) : fn::sqrt(larger / cols));
}

void matrix_step(const OptimizerStep& s, const TensorView& t, const Sides& z, const Real* x) {
  const Real keep = static_cast<Real>(1 - s.lr * s.param(kWeightDecay));
  const Real rate = static_cast<Real>(matrix_rate(s, t));
  const auto rows = static_cast<std::size_t>(t.rows), cols = static_cast<std::size_t>(t.cols);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < cols; ++c) {
      const std::size_t i = t.offset + r * cols + c;
      s.state(0)[i] = momentum(s, i);
      s.theta[i] = keep * s.theta[i] - rate * x[z.at(r, c)];
    }
}

void bias_step(const OptimizerStep& s, const TensorView& t) {
  const Real beta1 = s.real(kBeta1), beta2 = s.real(kBeta2), eps = s.real(kAdamEps);
  const Real new1 = static_cast<Real>(1 - s.param(kBeta1));
  const Real new2 = static_cast<Real>(1 - s.param(kBeta2));
  const Real step_size = static_cast<Real>(s.lr / bias_correction(s.param(kBeta1), s));
  const Real root_scale = static_cast<Real>(1 / fn::sqrt(bias_correction(s.param(kBeta2), s)));
  const Real keep = static_cast<Real>(1 - s.lr * s.param(kWeightDecay));
  for (std::size_t i = t.offset; i < t.offset + t.size(); ++i) {
    Real &m = s.state(0)[i], &v = s.state(1)[i];
    m = beta1 * m + new1 * s.grad[i];
    v = beta2 * v + new2 * (s.grad[i] * s.grad[i]);
    s.theta[i] = keep * s.theta[i] - step_size * m / (fn::sqrt(v) * root_scale + eps);
  }
}

// Matrix after matrix is made orthogonal, in pieces; the last piece takes the step. Scratch holds every
// X, and behind them what the present one works with.
void update(const OptimizerStep& s) {
  std::size_t before = 0, all = 0;
  for (const TensorView& t : s.tensors)
    if (!t.is_bias) all += Sides(t).x();
  Real* x = s.scratch;
  for (const TensorView& t : s.tensors) {
    if (t.is_bias) continue;
    const Sides z(t);
    if (s.piece == before) return load_matrix(s, t, z, x);
    if (s.piece < before + z.pieces(rounds(s))) {
      const std::size_t i = s.piece - before - 1, blocks = z.blocks();
      return newton_schulz(s, z, i / blocks % 3, i % blocks, x, s.scratch + all);
    }
    before += z.pieces(rounds(s));
    x += z.x();
  }
  x = s.scratch;
  for (const TensorView& t : s.tensors) {
    if (t.is_bias) {
      bias_step(s, t);
    } else {
      matrix_step(s, t, Sides(t), x);
      x += Sides(t).x();
    }
  }
}

std::size_t pieces(const OptimizerStep& s) {
  std::size_t sum = 1;
  for (const TensorView& t : s.tensors) sum += t.is_bias ? 0 : Sides(t).pieces(rounds(s));
  return sum;
}

std::size_t scratch(std::size_t, std::span<const TensorView> tensors, std::span<const double>) {
  std::size_t all = 0, most = 0;
  for (const TensorView& t : tensors) {
    if (t.is_bias) continue;
    const Sides z(t);
    all += z.x();
    most = z.working() > most ? z.working() : most;
  }
  return all + most;
}

// Of a matrix: what multiplies the orthogonal matrix. Of a bias: as in Adam.
void effective_rate(const OptimizerStep& s, Real* out) {
  const Real root_scale = static_cast<Real>(1 / fn::sqrt(bias_correction(s.param(kBeta2), s)));
  for (const TensorView& t : s.tensors)
    for (std::size_t i = t.offset; i < t.offset + t.size(); ++i)
      out[i] = t.is_bias ? static_cast<Real>(s.lr) /
                               (fn::sqrt(s.state(1)[i]) * root_scale + s.real(kAdamEps))
                         : static_cast<Real>(matrix_rate(s, t));
}

constexpr ParamSpec kParams[] = {
    {.key = "momentum", .label = "momentum", .def = 0.95, .min = 0, .max = 0.999,
     .doc = "Memory of the matrices' gradient average: about 1/(1−μ) steps."},
    {.key = "nesterov", .label = "Nesterov", .def = 1, .min = 0, .max = 1, .kind = ParamKind::kBool,
     .doc = "Count the newest gradient once more before the matrix is made orthogonal."},
    weight_decay_spec(0.1, "Decoupled: every step shrinks the parameters by lr·wd. PyTorch 0.1, "
                           "Keras 0.004, Jordan and optax 0."),
    {.key = "adjust_lr", .label = "rate by shape", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kChoice,
     .doc = "original: lr·√max(1, rows/cols). match_rms_adamw: lr·0.2·√max(rows, cols), steps as "
            "long as AdamW's, so its lr can be kept.",
     .choices = "original|match_rms_adamw"},
    {.key = "ns_steps", .label = "iterations", .def = 5, .min = 1, .max = 12,
     .kind = ParamKind::kInteger, .doc = "Newton-Schulz iterations per matrix and step."},
    {.key = "ns_a", .label = "a", .def = 3.4445, .min = 0, .max = 5,
     .doc = "Coefficient of X. Classical cubic convergence to exactly orthogonal: 1.875, −1.25, "
            "0.375."},
    {.key = "ns_b", .label = "b", .def = -4.775, .min = -10, .max = 0, .doc = "Coefficient of "
                                                                              "X·Xᵀ·X."},
    {.key = "ns_c", .label = "c", .def = 2.0315, .min = 0, .max = 5,
     .doc = "Coefficient of (X·Xᵀ)²·X."},
    {.key = "eps", .label = "ε", .def = 1e-7, .min = 1e-20, .max = 1, .scale = Scale::kLog,
     .doc = "The smallest norm a matrix is divided by."},
    {.key = "beta1", .label = "β₁ of the biases", .def = 0.9, .min = 0, .max = 0.9999,
     .doc = "AdamW's memory of the gradient, for what is not a matrix."},
    {.key = "beta2", .label = "β₂ of the biases", .def = 0.999, .min = 0, .max = 0.99999,
     .doc = "AdamW's memory of the squared gradient. PyTorch's AdamW 0.999, Jordan 0.95."},
    {.key = "adam_eps", .label = "ε of the biases", .def = 1e-8, .min = 1e-20, .max = 1,
     .scale = Scale::kLog, .doc = "AdamW's ε. PyTorch 1e-8, Jordan 1e-10."},
};
constexpr StateSlot kState[] = {{"momentum_buffer", "B"}, {"exp_avg_sq"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo muon;
const OptimizerInfo muon{
    .id = "muon",
    .label = "Muon",
    .formula = "B ← μ·B + (1−μ)·G\nZ ← (1−μ)·G + μ·B\nX ← Z / max(‖Z‖, ε)\n"
               "repeat: A ← X·Xᵀ,  X ← a·X + (b·A + c·A²)·X\n"
               "W ← W·(1 − lr·wd) − lr·√max(1, rows/cols)·X\nbiases: AdamW",
    .reference = "Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks, "
                 "kellerjordan.github.io/posts/muon",
    .doc = "Treats a weight matrix as a matrix: its step moves all directions by the same amount. "
           "Jordan starts from lr 0.02, PyTorch from 0.001.",
    .matches = "torch.optim.Muon (2.9) for matrices, torch.optim.AdamW for biases",
    .params = kParams,
    .default_lr = 1e-3,
    .state = kState,
    .momentum_param = kMomentum,
    .update = update,
    .pieces = pieces,
    .scratch = scratch,
    .effective_rate = effective_rate,
};

extern const TorchText muon_torch;
const TorchText muon_torch{R"(for p, g, m, v in self.each("m", "v"):
    p.mul_(1 - lr * weight_decay)
    if p.dim() < 2:  # biases: AdamW
        m.mul_(beta1).add_(g, alpha=1 - beta1)
        v.mul_(beta2).add_(g * g, alpha=1 - beta2)
        p -= lr / (1 - beta1**t) * m / ((v / (1 - beta2**t)).sqrt() + adam_eps)
        continue
    m.mul_(momentum).add_(g, alpha=1 - momentum)
    x = (1 - momentum) * g + momentum * m if nesterov else m
    rows, cols = p.shape
    x = x.T if rows > cols else x
    x = x / max(float(x.norm()), eps)
    for _ in range(ns_steps):  # Newton-Schulz: all singular values towards 1
        a = x @ x.T
        x = ns_a * x + (ns_b * a + ns_c * a @ a) @ x
    size = max(1, rows / cols) ** 0.5 if adjust_lr == "original" else 0.2 * max(rows, cols) ** 0.5
    p -= lr * size * (x.T if rows > cols else x))"};
}  // namespace optimizer_rows
}  // namespace lrlab
