// Warm-up, stable, decay (WSD): level for most of the run, then a short cool-down.
//
//   factor(t) = 1                       for t ≤ S = stable_steps
//             = 1 − (1−m)·q             linear        q = min(1, (t − S)/decay_steps)
//             = m + (1−m)·(1+cos πq)/2  cosine        m = min_factor
//             = 1 − (1−m)·√q            1-sqrt
//             = m^q                     exponential
//
// Hu et al. 2024, "MiniCPM: unveiling the potential of small language models", arXiv:2404.06395.
// Hägele et al. 2024, "Scaling laws and compute-optimal training beyond fixed training durations",
// arXiv:2405.18392 (the 1 − √q cool-down). The warm-up is the trainer's. torch has none; the shapes
// are those of Hugging Face's get_wsd_schedule and of the papers.
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kStableSteps, kDecaySteps, kDecayType, kMinFactor };
enum { kLinear, kCosine, kOneMinusSqrt, kExponential };
constexpr double kPi = 3.14159265358979323846;

double factor(const ScheduleArgs& a, double t) {
  const double over = t - a.param(kStableSteps), m = a.param(kMinFactor);
  if (over <= 0) return 1;
  const double q = over < a.param(kDecaySteps) ? over / a.param(kDecaySteps) : 1;
  switch (static_cast<int>(a.param(kDecayType))) {
    case kCosine: return m + (1 - m) * (1 + fn::cos(kPi * q)) / 2;
    case kOneMinusSqrt: return 1 - (1 - m) * fn::sqrt(q);
    case kExponential: return fn::pow(m, q);
    default: return 1 - (1 - m) * q;
  }
}

constexpr ParamSpec kParams[] = {
    {.key = "stable_steps", .label = "stable steps", .def = 1600, .min = 0, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "How long the rate stays at the dial."},
    {.key = "decay_steps", .label = "cool-down", .def = 400, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "Length of the cool-down; the papers take 10 to 20 % of the run."},
    {.key = "decay_type", .label = "shape", .def = 2, .min = 0, .max = 3, .kind = ParamKind::kChoice,
     .doc = "The shape of the cool-down. 1 − √q falls fast at once and was found best. The exponential "
            "one needs a min factor above 0.",
     .choices = "linear|cosine|1-sqrt|exponential"},
    {.key = "min_factor", .label = "min factor", .def = 0, .min = 0, .max = 1,
     .doc = "The last rate as a share of the base rate."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo wsd;
const ScheduleInfo wsd{
    .id = "wsd",
    .label = "Warm-up, stable, decay",
    .formula = "factor(t) = 1 for t ≤ S, then down to m in D steps",
    .reference = "Hu et al. 2024, MiniCPM, arXiv:2404.06395; Hägele et al. 2024, Scaling laws and compute-optimal training beyond fixed training durations, arXiv:2405.18392",
    .doc = "You need not know the length of the run: keep the rate level, and cool down whenever you "
           "want a result. Most of the loss falls in the cool-down.",
    .matches = "the papers' shapes; torch has none",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return a.param(kStableSteps) + a.param(kDecaySteps); },
};

extern const TorchText wsd_torch;
const TorchText wsd_torch{R"(q = min(1, max(0, t - stable_steps) / decay_steps)
fall = {"linear": 1 - q, "cosine": (1 + math.cos(math.pi * q)) / 2, "1-sqrt": 1 - math.sqrt(q)}
return min_factor**q if decay_type == "exponential" else min_factor + (1 - min_factor) * fall[decay_type])"};
}  // namespace schedule_rows
}  // namespace lrlab
