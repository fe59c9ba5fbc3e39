// One cycle: a long climb to a high rate, then down to almost nothing. Momentum runs against it.
//
//   phase            from       to           rate                                momentum
//   1 climb          0          p·N − 1      1/div → 1                           max → base
//   2 descent        p·N − 1    N − 1        1 → 1/(div·final_div)               base → max
//   three phases:
//   2 descent        p·N − 1    2·p·N − 2    1 → 1/div                           base → max
//   3 annihilation   2·p·N − 2  N − 1        1/div → 1/(div·final_div)           max
//
// p = pct_start, N = total_steps, rates as shares of the dial. Each phase is half a cosine or a
// straight line. Phase ends may be fractions and are used as such; a phase that would begin after
// N − 1 (three phases with p > ½ have no annihilation) is left out.
// Smith & Topin 2019, "Super-convergence: very fast training of neural networks using large learning
// rates", arXiv:1708.07120. Matches torch.optim.lr_scheduler.OneCycleLR(max_lr = lr, ...); after
// total_steps, where torch raises an error, the last rate stays.
#include <limits>

#include "core/mathfn.h"
#include "core/schedule.h"

namespace lrlab {
namespace {

enum { kTotalSteps, kPctStart, kAnneal, kDivFactor, kFinalDivFactor, kThreePhase, kCycleMomentum,
       kBaseMomentum, kMaxMomentum };
constexpr double kPi = 3.14159265358979323846;

enum Level { kStart, kPeak, kEnd };  // rates 1/div, 1 and 1/(div·final_div)
struct Place {
  Level from, to;
  double share;  // how far from one level to the other, in [0, 1]
};

Place place(const ScheduleArgs& a, double t) {
  const double last = a.param(kTotalSteps) - 1;
  const double climb = a.param(kPctStart) * a.param(kTotalSteps);
  const bool three = a.param(kThreePhase) != 0;
  const double peak = climb - 1, back = three ? 2 * climb - 2 : last;
  if (t > last) t = last;
  Place p{kStart, kPeak, 0};
  double begin = 0, end = peak;
  if (t > peak && peak < last) {
    p = {kPeak, three ? kStart : kEnd, 0};
    begin = peak;
    end = back;
    if (three && t > back && back < last) {
      p = {kStart, kEnd, 0};
      begin = back;
      end = last;
    }
  }
  p.share = end > begin ? (t - begin) / (end - begin) : 1;
  if (static_cast<int>(a.param(kAnneal)) == 0) p.share = (1 - fn::cos(kPi * p.share)) / 2;
  return p;
}

double factor(const ScheduleArgs& a, double t) {
  const double start = 1 / a.param(kDivFactor);
  const double level[] = {start, 1, start / a.param(kFinalDivFactor)};
  const Place p = place(a, t);
  return level[p.from] * (1 - p.share) + level[p.to] * p.share;
}

double momentum(const ScheduleArgs& a, double t) {
  if (a.param(kCycleMomentum) == 0) return std::numeric_limits<double>::quiet_NaN();
  const double level[] = {a.param(kMaxMomentum), a.param(kBaseMomentum), a.param(kMaxMomentum)};
  const Place p = place(a, t);
  return level[p.from] * (1 - p.share) + level[p.to] * p.share;
}

constexpr ParamSpec kParams[] = {
    {.key = "total_steps", .label = "total steps", .def = 2000, .min = 2, .max = 1e6,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "The whole cycle; the last rate stays afterwards."},
    {.key = "pct_start", .label = "climb", .def = 0.3, .min = 0, .max = 1,
     .unit = "of the steps", .doc = "Share of the cycle that climbs."},
    {.key = "anneal_strategy", .label = "anneal", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kChoice, .doc = "Half cosines, or straight lines as in the paper.",
     .choices = "cos|linear"},
    {.key = "div_factor", .label = "div factor", .def = 25, .min = 1, .max = 1e4, .scale = Scale::kLog,
     .doc = "The first rate is the dial divided by this."},
    {.key = "final_div_factor", .label = "final div factor", .def = 1e4, .min = 1, .max = 1e8,
     .scale = Scale::kLog, .doc = "The last rate is the first one divided by this. fastai has 1e5 from the dial."},
    {.key = "three_phase", .label = "three phases", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "On: climb, the same way back, then annihilation, as in the paper. Off: as fastai does."},
    {.key = "cycle_momentum", .label = "cycle momentum", .def = 1, .min = 0, .max = 1,
     .kind = ParamKind::kBool,
     .doc = "Momentum (β₁ for Adam and its kin) runs against the rate: low where the rate is high."},
    {.key = "base_momentum", .label = "lowest momentum", .def = 0.85, .min = 0, .max = 0.999,
     .doc = "Momentum where the rate is highest."},
    {.key = "max_momentum", .label = "highest momentum", .def = 0.95, .min = 0, .max = 0.999,
     .doc = "Momentum where the rate is lowest."},
};

}  // namespace

namespace schedule_rows {
extern const ScheduleInfo one_cycle;
const ScheduleInfo one_cycle{
    .id = "one_cycle",
    .label = "One cycle",
    .formula = "factor: 1/div → 1 at step p·N − 1, then → 1/(div·final_div) at N − 1",
    .reference = "Smith & Topin 2019, Super-convergence: very fast training of neural networks using large learning rates, arXiv:1708.07120",
    .doc = "A high rate in the middle regularises and covers ground; the end settles. The dial is the "
           "peak: the largest rate the range test shows to be safe.",
    .matches = "torch.optim.lr_scheduler.OneCycleLR(max_lr, total_steps, pct_start, anneal_strategy, div_factor, final_div_factor, three_phase)",
    .params = kParams,
    .factor = factor,
    .momentum = momentum,
    .length = [](const ScheduleArgs& a) { return a.param(kTotalSteps); },
};

extern const TorchText one_cycle_torch;
const TorchText one_cycle_torch{R"(low, peak = (1 / div_factor, max_momentum), (1, base_momentum)
end = (1 / div_factor / final_div_factor, max_momentum)
last, climb = total_steps - 1, pct_start * total_steps
top, back = climb - 1, 2 * climb - 2 if three_phase else last
t = min(t, last)
a, b, begin, stop = low, peak, 0, top
if t > top and top < last:
    a, b, begin, stop = peak, low if three_phase else end, top, back
    if three_phase and t > back and back < last:
        a, b, begin, stop = low, end, back, last
share = (t - begin) / (stop - begin) if stop > begin else 1
if anneal_strategy == "cos":
    share = (1 - math.cos(math.pi * share)) / 2
return tuple(u * (1 - share) + v * share for u, v in zip(a, b)))"};
}  // namespace schedule_rows
}  // namespace lrlab
