// Reduce on plateau: cut the rate when the loss has stopped falling.
//
//   after each report m:  better = m < best·(1 − threshold)        (rel)
//                                  m < best − threshold            (abs)
//                         better:  best ← m, bad ← 0      worse: bad ← bad + 1
//                         in cooldown: cooldown ← cooldown − 1, bad ← 0
//                         bad > patience: lr ← max(factor·lr, min_lr), cooldown starts, bad ← 0
//
// The first report always counts as better. The metric is the loss of the batch (or the mean of the
// epoch, when the schedule counts epochs).
// Matches torch.optim.lr_scheduler.ReduceLROnPlateau(mode = 'min', eps = 1e-8); as there, a loss
// below 0 with a relative threshold counts as better even when it is slightly worse.
#include "core/schedules/plateau.h"

namespace lrlab {
namespace {

enum { kFactor, kPatience, kThreshold, kThresholdMode, kCooldown, kMinLr };  // parameters
enum { kStarted, kBest, kBad, kCooling, kNow };  // state; kNow: the factor, once started

PlateauRule rule(const ScheduleArgs& a) {
  PlateauRule r;
  r.factor = a.param(kFactor);
  r.patience = a.param(kPatience);
  r.threshold = a.param(kThreshold);
  r.relative = a.param(kThresholdMode) == 0;
  r.cooldown = a.param(kCooldown);
  r.min_lr = a.param(kMinLr);
  return r;
}

double factor(const ScheduleArgs& a, double) { return a.state ? plateau_factor(*a.state) : 1; }

void observe(ScheduleState& state, const ScheduleArgs& a, double metric) {
  plateau_observe(rule(a), state, a.base_lr, metric);
}

constexpr ParamSpec kParams[] = {
    {.key = "factor", .label = "factor", .def = 0.1, .min = 0.01, .max = 0.99,
     .doc = "What is left of the rate after a cut. Keras has 0.1 too."},
    {.key = "plateau_patience", .label = "patience", .def = 100, .min = 0, .max = 1e5,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "How many steps without a better loss are borne. PyTorch's default is 10, in epochs: the "
            "loss of single batches is noisy and needs more."},
    {.key = "threshold", .label = "threshold", .def = 1e-4, .min = 0, .max = 1, .scale = Scale::kLog,
     .doc = "How much better than the best a loss must be to count as better."},
    {.key = "threshold_mode", .label = "threshold is", .def = 0, .min = 0, .max = 1,
     .kind = ParamKind::kChoice, .doc = "A share of the best loss, or a difference.",
     .choices = "rel|abs"},
    {.key = "cooldown", .label = "cooldown", .def = 0, .min = 0, .max = 1e5,
     .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
     .doc = "Steps after a cut during which nothing counts against the rate."},
    {.key = "min_lr", .label = "lowest rate", .def = 0, .min = 0, .max = 1, .scale = Scale::kLog,
     .doc = "The rate is not cut below this (a rate, not a share)."},
};

}  // namespace

double plateau_factor(const ScheduleState& state) { return state[kStarted] != 0 ? state[kNow] : 1; }

void plateau_observe(const PlateauRule& rule, ScheduleState& s, double base_lr, double metric) {
  bool better = s[kStarted] == 0;
  if (better) {
    s[kStarted] = s[kNow] = 1;
  } else if (rule.higher_is_better) {
    better = metric > (rule.relative ? s[kBest] * (1 + rule.threshold) : s[kBest] + rule.threshold);
  } else {
    better = metric < (rule.relative ? s[kBest] * (1 - rule.threshold) : s[kBest] - rule.threshold);
  }
  if (better) s[kBest] = metric;
  s[kBad] = better ? 0 : s[kBad] + 1;
  if (s[kCooling] > 0) {
    s[kCooling] -= 1;
    s[kBad] = 0;
  }
  if (s[kBad] <= rule.patience) return;
  const double lr = base_lr * s[kNow];
  const double lower = lr * rule.factor > rule.min_lr ? lr * rule.factor : rule.min_lr;
  if (lr - lower > rule.eps) s[kNow] = lower / base_lr;
  s[kCooling] = rule.cooldown;
  s[kBad] = 0;
}

namespace schedule_rows {
extern const ScheduleInfo plateau;
const ScheduleInfo plateau{
    .id = "plateau",
    .label = "Reduce on plateau",
    .formula = "bad > patience: factor(t) ← factor·factor(t)",
    .reference = "Krizhevsky, Sutskever & Hinton 2012, ImageNet classification with deep convolutional neural networks (cut by hand when the error stops improving)",
    .doc = "The only schedule that listens: it cuts the rate when the loss has not improved for a "
           "while. Its curve cannot be drawn in advance.",
    .matches = "torch.optim.lr_scheduler.ReduceLROnPlateau(mode='min')",
    .params = kParams,
    .factor = factor,
    .observe = observe,
};

extern const TorchText plateau_torch;
const TorchText plateau_torch{
    .text = "return listener.param_groups[0][\"lr\"] / lr if lr else 1",
    .observe = R"(listener = torch.optim.SGD([torch.zeros(1)], lr=lr)  # its rate is what the scheduler makes of lr
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
    listener, factor=factor, patience=plateau_patience, threshold=threshold,
    threshold_mode=threshold_mode, cooldown=cooldown, min_lr=min_lr)
observe = plateau.step)",
};
}  // namespace schedule_rows
}  // namespace lrlab
