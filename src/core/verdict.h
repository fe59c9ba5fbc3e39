// The verdict on a run: what its learning rate does to it, by rules a reader can check.
//
// The rules look at a summary of the run so far, in this order; the first that applies decides:
//
//   diverged      a value was not finite; or the loss stays above kBlowUp times that of the start
//   started       fewer than kFirstSteps steps or kFewPoints evaluations, or the warm-up still runs
//                 (before enough evaluations a blow-up can be told from the mini-batches)
//   oscillating   of the last of kEnoughLooks or more evaluations kUpShare or more went up; a change
//                 is kSwing or more of the loss and kSwingOfStart or more of that of the start, and
//                 more than the loss falls meanwhile: the swing hides the trend
//   overfitting   the test loss is kTestRise above its best (and kTestRiseOfStart of the start's) while
//                 the training loss went on falling
//   settled       (good, or plateau where the loss has hardly fallen) on full batches: the loss stands
//                 within kStands and the gradient has shrunk to kSlopeGone of its largest
//   oscillating   also: after its lowest the loss rose above that of the start, and has not come back to
//                 within kTestRise of it (plateau, where it stands within kFlat there)
//   edge          lr is kEdgeShare or more of the largest stable rate, and the loss falls
//                 (oscillating, where it does not)
//   oscillating   also: the loss is kWorse times that of the start after kEnoughLooks (plateau, where it
//                 stands within kFlat there; started, before so many looks)
//   too_low       lr is below kFarBelow of the largest stable rate, and the loss has not arrived
//   good          the loss has fallen below kArrived of that of the start (or of an answer of 0 to
//                 everything, if that is less), or falls fast enough: at its present pace it takes at
//                 most kPatience times the steps so far to halve (kHaste times, where lr is below
//                 kLowShare of the largest stable rate)
//   oscillating   also: it falls more slowly than that, is still above kHardly of that of the start
//                 after kEnoughLooks, and steps change the weights by kHighUpdate or more
//   too_low       it falls more slowly than that, and lr is below kLowShare of the largest stable
//                 rate (where that is not known: a step changes the weights by less than kLowUpdate)
//   plateau       it falls more slowly than that, and the rate is not to blame for being low
//                 (started, before kPlateauSteps)
//
// Losses are counted from the lowest possible value, where that is known. A stable rate that a run
// exceeds kBeyond times while its loss falls does not describe that run: it counts as not known.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace lrlab {

// The thresholds, each with its reason.
namespace verdict_rules {
inline constexpr double kBlowUp = 3;         // a catapult passes it too, but comes back within a few steps
inline constexpr double kGone = 1e6;        // ... or this many times even in the first steps
inline constexpr double kFirstSteps = 20;    // before this any curve falls
inline constexpr std::size_t kFewPoints = 6; // fewer evaluations show no pattern
inline constexpr double kUpShare = 0.3;      // a smooth descent has none, pure noise one half
inline constexpr double kSwing = 0.1;        // below this the eye takes a curve for smooth
inline constexpr double kSwingOfStart = 0.04; // mini-batches jitter by less on the way down, and more at the start
inline constexpr std::size_t kEnoughLooks = 16; // with fewer, noise at the start looks like a swing
inline constexpr double kPlateauSteps = 500; // a shorter flat is met on the way to anywhere
inline constexpr double kFlat = 0.01;        // from one look to the next: no noise of batches is as small
inline constexpr double kWorse = 1.05;       // of the start: the first steps' jitter is less
inline constexpr double kTestRise = 0.1;     // test losses of a few hundred samples jitter by less
inline constexpr double kTestRiseOfStart = 0.02;  // ... and by no more than this once they have arrived
inline constexpr double kEdgeShare = 0.8;    // sharpness hovers at 2/lr within about a fifth (Cohen 2021)
inline constexpr double kArrived = 0.02;     // what is left is within the jitter of a plot's line
inline constexpr double kPatience = 4;       // a run that needs longer is one that people give up
inline constexpr double kHaste = 1;          // of those steps, where ten times the rate would still be stable
inline constexpr double kLowShare = 0.1;     // ten times the rate would still be stable
inline constexpr double kLowUpdate = 1e-3;   // Karpathy's rule of thumb for ‖Δw‖/‖w‖ (CS231n notes)
inline constexpr double kFarBelow = 1e-3;    // a thousand times the rate would still be stable
inline constexpr double kBeyond = 3;         // for more than a few steps nothing survives that
inline constexpr double kStands = 1e-5;      // of the loss: about the rounding of single precision
inline constexpr double kSlopeGone = 1e-3;   // together with a loss that stands: a minimum, or a flat
inline constexpr double kHighUpdate = 0.03;  // thirty times that: the weights are thrown about
inline constexpr double kHardly = 0.9;       // a tenth is the least that can be called progress
inline constexpr double kNoiseFloor = 0.5;   // a run that still has more to go is not at the floor of its noise
inline constexpr double kSafeShare = 0.3;    // of the stable rate: leaves room for sharpness to rise
inline constexpr double kBoldest = 100;      // no suggestion is a larger jump than this
}  // namespace verdict_rules

enum class VerdictKind {
  kStarted, kTooLow, kGood, kEdge, kOscillating, kDiverged, kPlateau, kOverfitting, kCount
};

struct VerdictInfo {
  const char* id;
  const char* label;
  const char* doc;
};
const VerdictInfo& verdict_info(VerdictKind kind);

// A stretch of a curve: the values of some consecutive steps. A single value has mean = min = max.
struct CurvePoint {
  double step = 0;  // the first of them
  double mean = 0, min = 0, max = 0;
};

// What the rules look at. NaN: not known. Curves begin with the run; they may be thinned out.
struct RunSummary {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  std::uint64_t step = 0;   // updates done
  double base_lr = 0;       // the dial
  double lr = 0;            // of the last step
  double stable_lr = kUnknown;           // StabilityLimit::lr
  const char* stable_formula = "";       // StabilityLimit::formula
  double update_ratio = kUnknown;        // ‖Δθ‖/‖θ‖ of late
  double start = kUnknown;               // the loss before the first step
  double blind = kUnknown;               // the loss of answering 0 to everything
  double lowest = 0;  // the lowest loss there can be (a surface's minimum); NaN: there is none
  double steepest = kUnknown, slope = kUnknown;  // norm of the gradient: its largest, and of late
  bool warming_up = false;
  bool full_batch = false;
  bool surface = false;            // a 2-D test function, no network
  bool own_rate = false;           // OptimizerInfo's: of the optimizer
  bool keeps_rate = false;
  bool wants_full_batch = false;

  std::span<const CurvePoint> loss;        // of the mini-batches
  std::span<const CurvePoint> train_loss;  // of the whole training set, where it was evaluated
  std::span<const CurvePoint> test_loss;
  double train_now = kUnknown, test_now = kUnknown;  // at this very step: what sentences name


  bool diverged = false;          // Trainer's: something was not finite
  std::uint64_t diverged_at = 0;  // the step it was, the first one being 1
  std::span<const std::span<const CurvePoint>> layer_grad;  // gradient norms by layer
};

struct Evidence {
  const char* name;  // "loss at the start"
  double value;
};

struct Verdict {
  VerdictKind kind = VerdictKind::kStarted;
  std::vector<Evidence> evidence;  // the numbers that decided, in the order of the explanation
  std::string explanation;         // one sentence: what was seen
  std::string advice;              // one sentence: what to do
  double lr_multiplier = 1;        // what a button would do to the dial; 1: leave it
};

Verdict judge(const RunSummary& run);

// The layer whose gradient was the first to rise to ten times its usual size and stay there; -1: none.
int first_layer_to_blow_up(std::span<const std::span<const CurvePoint>> layer_grad);

}  // namespace lrlab
