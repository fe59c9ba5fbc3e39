// Noam: the Transformer's schedule, a linear climb and then 1/√t.
//
//   factor(t) = min(s/w, √(w/s)),  s = t + 1
//
// Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762. There the rate is
// scale·d_model^−½·min(s^−½, s·w^−3/2), whose peak, at s = w, is scale/√(d_model·w). Here the dial is
// that peak and the factor is 1 there; the shape is the same.
#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kWarmup };

double factor(const ScheduleArgs& a, double t) {
  const double s = t + 1, w = a.param(kWarmup);
  return s < w ? s / w : fn::sqrt(w / s);
}

constexpr ParamSpec kParams[] = {
    {.key = "noam_warmup", .label = "climb", .def = 200, .min = 1, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "Steps to the peak (4000 in the paper). The peak is the dial; the paper's formula makes it "
            "1/√(d_model·climb)."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo noam;
const ScheduleInfo noam{
    .id = "noam",
    .label = "Noam (Transformer)",
    .formula = "factor(t) = min(s/w, √(w/s)),  s = t+1",
    .reference = "Vaswani et al. 2017, Attention is all you need, arXiv:1706.03762",
    .doc = "Climbs for w steps while Adam's averages fill, then falls as 1/√t for as long as you like.",
    .matches = "the paper's rate divided by its peak 1/√(d_model·w); torch has none",
    .params = kParams,
    .factor = factor,
    .length = [](const ScheduleArgs& a) { return 10 * a.param(kWarmup); },
};

extern const TorchText noam_torch;
const TorchText noam_torch{"return min((t + 1) / noam_warmup, math.sqrt(noam_warmup / (t + 1)))"};
}  // namespace schedule_rows
}  // namespace lrlab
