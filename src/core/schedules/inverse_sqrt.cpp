// Inverse square root: the rate falls as 1/√t.
//
//   factor(t) = √(τ / (t + τ))
//
// t counts from the end of the warm-up. With a linear warm-up of τ steps it is the schedule of
// fairseq and of Hugging Face's get_inverse_sqrt_schedule: lr·√τ/√(steps since the start).
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kTimescale };

double factor(const ScheduleArgs& a, double t) {
  return fn::sqrt(a.param(kTimescale)) / fn::sqrt(t + a.param(kTimescale));
}

constexpr ParamSpec kParams[] = {
    {.key = "timescale", .label = "τ", .def = 100, .min = 1, .max = 1e6, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .unit = "steps",
     .doc = "After 3τ steps half of the rate is left. fairseq sets it to the length of the warm-up."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo inverse_sqrt;
const ScheduleInfo inverse_sqrt{
    .id = "inverse_sqrt",
    .label = "Inverse square root",
    .formula = "factor(t) = √(τ / (t+τ))",
    .reference = "Raffel et al. 2020, Exploring the limits of transfer learning (T5), arXiv:1910.10683",
    .doc = "Needs no end: it can run for as long as the loss falls. The rate that theory gives for "
           "convex problems without strong curvature.",
    .matches = "fairseq inverse_sqrt, with a linear warm-up of τ steps; torch has none",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return 20 * a.param(kTimescale); },
};

extern const TorchText inverse_sqrt_torch;
const TorchText inverse_sqrt_torch{"return math.sqrt(timescale / (t + timescale))"};
}  // namespace schedule_rows
}  // namespace lrlab
