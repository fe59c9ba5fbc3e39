// Cosine with warm restarts (SGDR): the rate falls along half a cosine, then jumps back up.
//
//   cycle i has length t_0·t_mult^i and top p = m_mul^i; u is the share of it that is over
//   factor(t) = min_factor + (p − min_factor)·(1 + cos(π·u)) / 2
//
// Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983.
// Matches torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(T_0, T_mult, eta_min) with m_mul = 1;
// m_mul is Keras' (CosineDecayRestarts), and t_mult may be a fraction as there.
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kT0, kTMult, kMMul, kMinFactor };
constexpr double kPi = 3.14159265358979323846;

struct Cycle {
  double index, start, length;
};

// The start of cycle n is a geometric sum; a logarithm finds n, give or take one.
Cycle cycle_at(double t, double t_0, double t_mult) {
  if (t_mult <= 1) {
    const double n = fn::floor(t / t_0);
    return {n, n * t_0, t_0};
  }
  const auto start = [&](double n) {
    return t_0 * (fn::pow(t_mult, n) - 1) / (t_mult - 1);
  };
  double n = fn::floor(fn::log(1 + t * (t_mult - 1) / t_0) / fn::log(t_mult));
  if (start(n + 1) <= t) n += 1;
  if (n > 0 && start(n) > t) n -= 1;
  return {n, start(n), t_0 * fn::pow(t_mult, n)};
}

double factor(const ScheduleArgs& a, double t) {
  const Cycle c = cycle_at(t, a.param(kT0), a.param(kTMult));
  const double top = fn::pow(a.param(kMMul), c.index), lowest = a.param(kMinFactor);
  return lowest + (top - lowest) * (1 + fn::cos(kPi * (t - c.start) / c.length)) / 2;
}

// Three cycles.
double length(const ScheduleArgs& a) {
  const double m = a.param(kTMult);
  return a.param(kT0) * (1 + m + m * m);
}

constexpr ParamSpec kParams[] = {
    {.key = "t_0", .label = "T₀", .def = 250, .min = 1, .max = 1e6, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .unit = "steps", .doc = "Length of the first cycle."},
    {.key = "t_mult", .label = "T_mult", .def = 2, .min = 1, .max = 10,
     .doc = "Every cycle is this many times as long as the one before. PyTorch's default is 1, the "
            "paper's favourite 2."},
    {.key = "m_mul", .label = "peak multiplier", .def = 1, .min = 0.1, .max = 1,
     .doc = "Every peak is this share of the one before. PyTorch has 1 only; the name is Keras'."},
    {.key = "min_factor", .label = "min factor", .def = 0, .min = 0, .max = 1,
     .doc = "The lowest rate, as a share of the base rate (PyTorch's eta_min / lr)."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo cosine_restarts;
const ScheduleInfo cosine_restarts{
    .id = "cosine_restarts",
    .label = "Cosine restarts (SGDR)",
    .formula = "factor(t) = m + (p−m)·(1 + cos(π·u)) / 2,  u: share of the cycle,  p: its peak",
    .reference = "Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts, arXiv:1608.03983",
    .doc = "Each restart kicks the run out of where it has settled; the end of each cycle is a good "
           "point to stop at. Needs no end, and cycles that grow give every run length a fair one.",
    .matches = "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(T_0, T_mult, eta_min); Keras CosineDecayRestarts",
    .params = kParams,
    .factor = factor,
    .length = length,
};

extern const TorchText cosine_restarts_torch;
const TorchText cosine_restarts_torch{R"(length, peak = t_0, 1
while t >= length:
    t, length, peak = t - length, length * t_mult, peak * m_mul
return min_factor + (peak - min_factor) * (1 + math.cos(math.pi * t / length)) / 2)"};
}  // namespace schedule_rows
}  // namespace lrlab
