// Prodigy: Adam that finds its own rate by estimating how far away the solution is.
//
//   q = lr·d                                        (bias correction: · √(1−β₂ᵗ)/(1−β₁ᵗ))
//   r ← √β₂·r + (d/d₀)·q·⟨g, θ₀ − θ⟩
//   s ← √β₂·s + (d/d₀)·q·g                          (safeguard: d in place of q)
//   m ← β₁·m + (1−β₁)·d·g,   v ← β₂·v + (1−β₂)·d²·g²
//   d ← max(d, d_coef·r/‖s‖₁)                       the distance ‖θ₀ − θ*‖∞, from below
//   θ ← θ·(1 − wd·q) − q · m / (√v + d·ε)
//
// Mishchenko & Defazio 2023, "Prodigy: an expeditiously adaptive parameter-free learner",
// arXiv:2306.06101. Matches the authors' Prodigy (q keeps the old d); not in torch.optim.
#include "core/optimizers/common.h"

namespace lrlab {
namespace {

enum { kBeta1, kBeta2, kEps, kWeightDecay, kD0, kDCoef, kGrowthRate, kBiasCorrection, kSafeguard };
enum { kD, kDMax, kR, kCount };  // scalars; kCount: steps that moved

void average(const Real* __restrict grad, Real* __restrict exp_avg, Real* __restrict exp_avg_sq,
             Real* __restrict total, std::size_t n, Real beta1, Real new1, Real beta2, Real new2,
             Real beta3, Real new3) {
  for (std::size_t i = 0; i < n; ++i) {
    const Real g = grad[i];
    exp_avg[i] = beta1 * exp_avg[i] + new1 * g;
    exp_avg_sq[i] = beta2 * exp_avg_sq[i] + new2 * (g * g);
    total[i] = beta3 * total[i] + new3 * g;
  }
}

void move(Real* __restrict theta, const Real* __restrict exp_avg, const Real* __restrict exp_avg_sq,
          std::size_t n, Real keep, Real rate, Real floor) {
  for (std::size_t i = 0; i < n; ++i)
    theta[i] = keep * theta[i] - rate * exp_avg[i] / (fn::sqrt(exp_avg_sq[i]) + floor);
}

void update(const OptimizerStep& s) {
  Real* exp_avg = s.state(0);
  Real* exp_avg_sq = s.state(1);
  Real* total = s.state(2);
  Real* start = s.state(3);
  if (s.step == 0) {
    for (std::size_t i = 0; i < s.n; ++i) start[i] = s.theta[i];
    s.scalars[kD] = s.scalars[kDMax] = s.param(kD0);
  }
  const double beta1 = s.param(kBeta1), beta2 = s.param(kBeta2), beta3 = fn::sqrt(beta2);
  const double d = s.scalars[kD], grown = d / s.param(kD0);
  double q = d * s.lr;
  if (s.param(kBiasCorrection) != 0) {
    const auto t = static_cast<std::uint64_t>(s.scalars[kCount]) + 1;
    q *= fn::sqrt(1 - fn::pow_int(beta2, t)) / (1 - fn::pow_int(beta1, t));
  }

  const double progress = sum(s.n, [&](std::size_t i) {
    return static_cast<double>(s.grad[i]) *
           (static_cast<double>(start[i]) - static_cast<double>(s.theta[i]));
  });
  const double r = beta3 * s.scalars[kR] + grown * q * progress;
  average(s.grad, exp_avg, exp_avg_sq, total, s.n, s.real(kBeta1),
          static_cast<Real>((1 - beta1) * d), s.real(kBeta2), static_cast<Real>((1 - beta2) * d * d), static_cast<Real>(beta3),
          static_cast<Real>(grown * (s.param(kSafeguard) != 0 ? d : q)));
  const double length =
      sum(s.n, [&](std::size_t i) { return static_cast<double>(fn::abs(total[i])); });
  if (length == 0) return;  // no gradient so far

  const double estimate = s.param(kDCoef) * r / length, growth = s.param(kGrowthRate);
  double next = d == s.param(kD0) && estimate > d ? estimate : d;
  if (estimate > s.scalars[kDMax]) s.scalars[kDMax] = estimate;
  next = growth < 1 || s.scalars[kDMax] < next * growth ? s.scalars[kDMax] : next * growth;
  s.scalars[kD] = next;
  s.scalars[kR] = r;
  ++s.scalars[kCount];
  move(s.theta, exp_avg, exp_avg_sq, s.n, static_cast<Real>(1 - s.param(kWeightDecay) * q),
       static_cast<Real>(q), static_cast<Real>(next * s.param(kEps)));
}

// m and v carry a factor d each, so the gradient is multiplied by lr·d²/(√v + d·ε).
void effective_rate(const OptimizerStep& s, Real* out) {
  const double d = s.scalars[kD];
  const Real rate = static_cast<Real>(s.lr * d * d), floor = static_cast<Real>(d * s.param(kEps));
  for (std::size_t i = 0; i < s.n; ++i) out[i] = rate / (fn::sqrt(s.state(1)[i]) + floor);
}

constexpr ParamSpec kParams[] = {
    beta1_spec(),
    beta2_spec(),
    eps_spec(1e-8, "Times d, added to the root."),
    weight_decay_spec(0, "Decoupled: every step shrinks the parameters by wd·lr·d."),
    {.key = "d0", .label = "d₀", .def = 1e-6, .min = 1e-12, .max = 1, .scale = Scale::kLog,
     .doc = "First guess of the distance, well below the truth; the steps start at lr·d₀."},
    {.key = "d_coef", .label = "d coefficient", .def = 1, .min = 0.1, .max = 10, .scale = Scale::kLog,
     .doc = "Multiplies the estimate. The one thing to tune, if anything."},
    {.key = "growth_rate", .label = "growth rate", .def = 0, .min = 0, .max = 10,
     .doc = "The most that d may grow by in one step; below 1: no limit (the authors' inf). 1.02 "
            "is a slow warm-up."},
    {.key = "use_bias_correction", .label = "bias correction", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kBool, .doc = "Adam's bias correction; the authors' default is off."},
    {.key = "safeguard_warmup", .label = "safeguard warm-up", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "Leave lr out of the estimate's denominator, so that a warm-up does not mislead it."},
};
constexpr StateSlot kState[] = {{"exp_avg", "m"}, {"exp_avg_sq", "v"}, {"s", "s"}, {"p0", "θ₀"}};

}  // namespace

namespace optimizer_rows {
extern const OptimizerInfo prodigy;
const OptimizerInfo prodigy{
    .id = "prodigy",
    .label = "Prodigy",
    .formula = "q = lr·d\nr ← √β₂·r + (d/d₀)·q·⟨g, θ₀ − θ⟩\ns ← √β₂·s + (d/d₀)·q·g\n"
               "m ← β₁·m + (1−β₁)·d·g,  v ← β₂·v + (1−β₂)·d²·g²\nd ← max(d, d_coef·r/‖s‖₁)\n"
               "θ ← θ·(1 − wd·q) − q · m / (√v + d·ε)",
    .reference = "Mishchenko & Defazio 2023, Prodigy: an expeditiously adaptive parameter-free "
                 "learner, arXiv:2306.06101",
    .doc = "Leave lr at 1: the method measures how far it has come and sets Adam's rate from "
           "that. The first steps are tiny until the estimate has grown.",
    .matches = "The authors' Prodigy; not in torch.optim",
    .params = kParams,
    .default_lr = 1.0,
    .state = kState,
    .scalars = 4,
    .own_rate = true,
    .momentum_param = kBeta1,
    .update = update,
    .effective_rate = effective_rate,
    .stability = {[](std::span<const double> p) { return averaged_limit(p[kBeta1]); }, kAveragedLimit},
};

extern const TorchText prodigy_torch;
const TorchText prodigy_torch{R"(if t == 1:
    self.d = self.d_max = d0
    self.r, self.moves = 0.0, 0
    for p, g, start in self.each("start"):
        start.copy_(p)
d, k, beta3 = self.d, self.moves + 1, beta2**0.5
q = d * lr * ((1 - beta2**k) ** 0.5 / (1 - beta1**k) if use_bias_correction else 1)
progress = sum(float((g.double() * (start.double() - p)).sum()) for p, g, start in self.each("start"))
length = 0.0
for p, g, m, v, total in self.each("m", "v", "total"):
    m.mul_(beta1).add_(g, alpha=(1 - beta1) * d)
    v.mul_(beta2).add_(g * g, alpha=(1 - beta2) * d * d)
    total.mul_(beta3).add_(g, alpha=d / d0 * (d if safeguard_warmup else q))
    length += float(total.double().abs().sum())
if length == 0:
    return loss
self.r, self.moves = beta3 * self.r + d / d0 * q * progress, k
estimate = d_coef * self.r / length
d = max(d, estimate) if d == d0 else d
self.d_max = max(self.d_max, estimate)
self.d = self.d_max if growth_rate < 1 else min(self.d_max, d * growth_rate)
for p, g, m, v in self.each("m", "v"):
    p.mul_(1 - weight_decay * q)
    p -= q * m / (v.sqrt() + self.d * eps))"};
}  // namespace optimizer_rows
}  // namespace lrlab
