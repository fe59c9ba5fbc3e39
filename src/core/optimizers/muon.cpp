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

// The two sides of the matrix as the iteration sees it: never more rows than columns.
struct Sides {
  std::size_t k, l, ld, kd;  // small, large; both padded for the kernels of dense.h
  explicit Sides(const TensorView& t)
      : k(static_cast<std::size_t>(t.rows < t.cols ? t.rows : t.cols)),
        l(static_cast<std::size_t>(t.rows < t.cols ? t.cols : t.rows)),
        ld(pad_batch(l)),
        kd(pad_batch(k)) {}
  std::size_t scratch() const { return 2 * k * ld + k * k + 2 * k * kd; }
};

// Overwrites x [k][ld] (columns from l on are 0) with the orthogonal matrix near it. `next` has the
// shape of x, `a` [k][k], `wide` and `square` [k][kd].
void newton_schulz(const OptimizerStep& s, const Sides& z, Real* x, Real* next, Real* a, Real* wide,
                   Real* square) {
  const double length = fn::sqrt(dot(x, x, z.k * z.ld)), floor = s.param(kEps);
  const Real scale = static_cast<Real>(1 / (length > floor ? length : floor));
  for (std::size_t i = 0; i < z.k * z.ld; ++i) x[i] *= scale;
  const Real ca = s.real(kA), cb = s.real(kB), cc = s.real(kC);
  for (int round = 0; round < static_cast<int>(s.param(kSteps)); ++round) {
    for (std::size_t i = 0; i < z.k * z.k; ++i) a[i] = 0;
    dense_backward_weights({z.k, z.k}, x, z.ld, x, z.ld, z.ld, a, nullptr);  // A = X·Xᵀ
    for (std::size_t r = 0; r < z.k; ++r)
      for (std::size_t c = 0; c < z.kd; ++c)
        wide[r * z.kd + c] = c < z.k ? a[r * z.k + c] : Real(0);
    dense_forward({z.k, z.k}, a, nullptr, wide, z.kd, square, z.kd, z.kd);  // A²
    for (std::size_t r = 0; r < z.k; ++r)
      for (std::size_t c = 0; c < z.k; ++c)
        a[r * z.k + c] = cb * a[r * z.k + c] + cc * square[r * z.kd + c];
    dense_forward({z.k, z.k}, a, nullptr, x, z.ld, next, z.ld, z.ld);
    for (std::size_t i = 0; i < z.k * z.ld; ++i) x[i] = ca * x[i] + next[i];
  }
}

// The rate that multiplies the orthogonal matrix.
double matrix_rate(const OptimizerStep& s, const TensorView& t) {
  const double rows = t.rows, cols = t.cols, larger = rows > cols ? rows : cols;
  return s.lr * (s.param(kAdjust) != 0 ? 0.2 * fn::sqrt(larger) : fn::sqrt(larger / cols));
}

void matrix_step(const OptimizerStep& s, const TensorView& t) {
  const Sides z(t);
  const bool tall = t.rows > t.cols;
  Real* theta = s.theta + t.offset;
  Real* buf = s.state(0) + t.offset;
  const Real* grad = s.grad + t.offset;
  Real* x = s.scratch;
  const auto rows = static_cast<std::size_t>(t.rows), cols = static_cast<std::size_t>(t.cols);
  // Where entry (r, c) of the matrix lies in x, which is transposed where the matrix is tall.
  const std::size_t row_stride = tall ? 1 : z.ld, col_stride = tall ? z.ld : 1;

  const Real mu = s.real(kMomentum), rest = static_cast<Real>(1 - s.param(kMomentum));
  const bool nesterov = s.param(kNesterov) != 0;
  for (std::size_t i = 0; i < z.k * z.ld; ++i) x[i] = 0;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < cols; ++c) {
      const std::size_t i = r * cols + c;
      buf[i] = mu * buf[i] + rest * grad[i];
      x[r * row_stride + c * col_stride] = nesterov ? rest * grad[i] + mu * buf[i] : buf[i];
    }
  Real* next = x + z.k * z.ld;
  Real* a = next + z.k * z.ld;
  Real* wide = a + z.k * z.k;
  newton_schulz(s, z, x, next, a, wide, wide + z.k * z.kd);

  const Real keep = static_cast<Real>(1 - s.lr * s.param(kWeightDecay));
  const Real rate = static_cast<Real>(matrix_rate(s, t));
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < cols; ++c)
      theta[r * cols + c] = keep * theta[r * cols + c] - rate * x[r * row_stride + c * col_stride];
}

void bias_step(const OptimizerStep& s, const TensorView& t) {
  const Real beta1 = s.real(kBeta1), beta2 = s.real(kBeta2), eps = s.real(kAdamEps);
  const Real new1 = static_cast<Real>(1 - s.param(kBeta1));
  const Real new2 = static_cast<Real>(1 - s.param(kBeta2));
  const Real step_size = static_cast<Real>(s.lr / bias_correction(s.param(kBeta1), s));
  const Real root_correction = static_cast<Real>(fn::sqrt(bias_correction(s.param(kBeta2), s)));
  const Real keep = static_cast<Real>(1 - s.lr * s.param(kWeightDecay));
  for (std::size_t i = t.offset; i < t.offset + t.size(); ++i) {
    Real &m = s.state(0)[i], &v = s.state(1)[i];
    m = beta1 * m + new1 * s.grad[i];
    v = beta2 * v + new2 * (s.grad[i] * s.grad[i]);
    s.theta[i] = keep * s.theta[i] - step_size * m / (fn::sqrt(v) / root_correction + eps);
  }
}

void update(const OptimizerStep& s) {
  for (const TensorView& t : s.tensors) t.is_bias ? bias_step(s, t) : matrix_step(s, t);
}

std::size_t scratch(std::size_t, std::span<const TensorView> tensors, std::span<const double>) {
  std::size_t most = 0;
  for (const TensorView& t : tensors) {
    const std::size_t need = t.is_bias ? 0 : Sides(t).scratch();
    most = need > most ? need : most;
  }
  return most;
}

// Of a matrix: what multiplies the orthogonal matrix. Of a bias: as in Adam.
void effective_rate(const OptimizerStep& s, Real* out) {
  const Real root_correction = static_cast<Real>(fn::sqrt(bias_correction(s.param(kBeta2), s)));
  for (const TensorView& t : s.tensors)
    for (std::size_t i = t.offset; i < t.offset + t.size(); ++i)
      out[i] = t.is_bias ? static_cast<Real>(s.lr) /
                               (fn::sqrt(s.state(1)[i]) / root_correction + s.real(kAdamEps))
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
constexpr const char* kState[] = {"momentum_buffer", "exp_avg_sq"};

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
