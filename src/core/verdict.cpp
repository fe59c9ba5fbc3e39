#include "core/verdict.h"

#include <algorithm>

#include "core/mathfn.h"
#include "core/short_number.h"

namespace lrlab {
namespace {

using namespace verdict_rules;
using Curve = std::span<const CurvePoint>;

constexpr VerdictInfo kInfos[] = {
    {"started", "just started", "Too early to say."},
    {"too_low", "too low", "The loss falls, but so slowly that a higher rate would do the same in a fraction of the steps."},
    {"good", "good", "The loss falls well, or has arrived."},
    {"edge", "edge of stability", "The rate is about the largest that is stable; the loss falls, not smoothly."},
    {"oscillating", "oscillating", "Steps overshoot the valley: the loss goes up and down."},
    {"diverged", "diverged", "Steps grow instead of shrinking: the loss has blown up."},
    {"plateau", "plateau", "The loss has stopped falling, and the steps are not too small."},
    {"overfitting", "overfitting", "The training loss falls, the test loss rises."},
};
static_assert(std::size(kInfos) == static_cast<std::size_t>(VerdictKind::kCount));

bool known(double x) { return x == x; }

std::string count(double x) { return x < 1e9 ? grouped(static_cast<std::uint64_t>(x + 0.5)) : short_number(x); }

std::string percent(double share) { return round_text(100 * share) + " %"; }

double median(std::vector<double> v) {
  if (v.empty()) return RunSummary::kUnknown;
  std::sort(v.begin(), v.end());
  const std::size_t half = v.size() / 2;
  return v.size() % 2 ? v[half] : (v[half - 1] + v[half]) / 2;
}

double median_of(Curve c, std::size_t from, std::size_t to) {
  std::vector<double> v;
  for (std::size_t i = from; i < to; ++i) v.push_back(c[i].mean);
  return median(std::move(v));
}

// The course of one curve in a few numbers. "Of late" is its last third.
struct Course {
  double start = 0, now = 0;  // first value; median of the last sixth
  double before = 0;          // median of the sixth before that
  double halving = 0;         // steps to halve at the pace of late; infinite: it does not fall
  double ups = 0;             // share of the changes of late that go up
  double change = 0;          // mean size of a change of late
};

// A stand-in for the lowest loss where there is none: as far below the lowest seen as that is below
// the start. A run that falls on and on then never arrives, and its pace counts.
double never_reached(Curve c, double start) {
  double lowest = start;
  for (const CurvePoint& p : c) lowest = std::min(lowest, p.mean);
  return lowest - (start - lowest);
}

Course course(Curve c, double start, double lowest) {
  Course r;
  const std::size_t n = c.size(), late = n - std::max<std::size_t>(kFewPoints - 1, n / 3) ;
  const std::size_t middle = late + (n - late) / 2;
  r.start = start - lowest;
  r.now = median_of(c, middle, n) - lowest;

  r.before = median_of(c, late, middle) - lowest;
  const double steps = ((c[n - 1].step + c[middle].step) - (c[middle - 1].step + c[late].step)) / 2;
  constexpr double kInf = std::numeric_limits<double>::infinity();
  r.halving = r.before > r.now && r.now > 0 && steps > 0
                  ? 0.6931471805599453 * steps / fn::log(r.before / r.now) : kInf;

  double changes = 0;
  for (std::size_t i = late + 1; i < n; ++i) {
    const double change = c[i].mean - c[i - 1].mean;
    r.ups += change > 0;
    changes += fn::abs(change);
  }
  const double pairs = static_cast<double>(n - late - 1);
  r.ups /= pairs;
  r.change = changes / pairs;
  return r;
}

// A suggestion in steps people use: 1, 2, 3, 5 times a power of ten.
double round_number(double x) {
  x = std::clamp(x, 1e-12, 1e12);
  double power = 1;
  while (power * 10 <= x) power *= 10;
  while (power > x) power /= 10;
  for (double step : {5.0, 3.0, 2.0})
    if (x >= step * power * 0.999) return step * power;
  return power;
}

std::string rate_after(const RunSummary& run, double factor) {
  return "to about " + round_text(run.base_lr * factor);
}

// What is wrong with the batches of this run, if that is what to mend first.
const char* batch_advice(const RunSummary& run) {
  return run.wants_full_batch && !run.full_batch
             ? "Take the whole training set as one batch (batch size 0): this optimizer is made for that, "
               "and mini-batches mislead it."
             : nullptr;
}

// Down to kSafeShare of the stable rate where that is known and was exceeded.
double way_down(const RunSummary& run, double otherwise) {
  if (!(run.lr > run.stable_lr)) return otherwise;
  return std::min(0.5, round_number(kSafeShare * run.stable_lr / run.lr));
}

Verdict diverged(const RunSummary& run, double start, double now) {
  Verdict v{.kind = VerdictKind::kDiverged, .evidence = {}, .explanation = {}, .advice = {},
            .lr_multiplier = way_down(run, 0.1)};
  if (run.diverged) {
    v.evidence.push_back({"step", static_cast<double>(run.diverged_at)});
    v.explanation = "At step " + count(static_cast<double>(run.diverged_at)) +
                    " a value grew beyond what a number can hold";
  } else {
    v.evidence = {{"loss at the start", start}, {"loss now", now}};
    v.explanation = "The loss has grown from " + short_number(start) + " to " + short_number(now) +
                    " and stays there";
  }
  if (run.lr > run.stable_lr) {
    v.evidence.push_back({"rate", run.lr});
    v.evidence.push_back({"largest stable rate", run.stable_lr});
    v.explanation += ": the rate " + round_text(run.lr) + " was " + round_text(run.lr / run.stable_lr) +
                     " times the largest stable one at the start, " + run.stable_formula + " = " +
                     short_number(run.stable_lr);
  }
  const int layer = first_layer_to_blow_up(run.layer_grad);
  if (layer >= 0 && run.layer_grad.size() > 1) {
    v.evidence.push_back({"layer", static_cast<double>(layer + 1)});
    v.explanation += "; the gradient of layer " + std::to_string(layer + 1) + " blew up first";
  }
  v.explanation += ".";
  v.advice = "Start again with the rate lowered " + rate_after(run, v.lr_multiplier) +
             "; clipping the gradient or a warm-up helps too.";
  if (const char* batches = batch_advice(run)) v.advice = batches, v.lr_multiplier = 1;
  return v;
}

}  // namespace

const VerdictInfo& verdict_info(VerdictKind kind) { return kInfos[static_cast<std::size_t>(kind)]; }

int first_layer_to_blow_up(std::span<const Curve> layers) {
  constexpr double kUsual = 10;
  int first = -1;
  double first_step = 0, first_growth = 0;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const Curve c = layers[l];
    if (c.size() < 3) continue;
    const double usual = median_of(c, 0, (c.size() + 1) / 2);
    std::size_t i = c.size();
    while (i > 0 && c[i - 1].max > kUsual * usual) --i;  // the stretch at the end that is too large
    if (i == c.size() || usual <= 0) continue;
    const double step = c[i].step, growth = c[i].max / usual;
    if (first >= 0 && (step > first_step || (step == first_step && growth <= first_growth))) continue;
    first = static_cast<int>(l);
    first_step = step;
    first_growth = growth;
  }
  return first;
}

Verdict judge(const RunSummary& given) {
  using K = VerdictKind;
  RunSummary run = given;
  const Curve main = run.train_loss.size() >= kFewPoints ? run.train_loss : run.loss;
  if (run.diverged) return diverged(run, RunSummary::kUnknown, RunSummary::kUnknown);
  const auto started = [&] {
    return Verdict{.kind = K::kStarted,
                   .evidence = {{"steps", static_cast<double>(run.step)}},
                   .explanation = run.warming_up ? "The rate is still being warmed up."
                                                 : "It is too early to say.",
                   .advice = "Let it run."};
  };
  // So far gone that no step more is needed to know.
  if (known(run.start) && known(run.train_now) && run.start > 0 && run.train_now > kGone * run.start)
    return diverged(run, run.start, run.train_now);
  if (static_cast<double>(run.step) < kFirstSteps || main.size() < kFewPoints || run.warming_up) return started();

  const double start = known(run.start) ? run.start : main[0].mean;
  double lowest_possible = known(run.lowest) ? run.lowest : never_reached(main, start);
  Course c = course(main, start, lowest_possible);
  if (c.now < -kStands * c.start) {  // it has left the domain where that was the lowest
    lowest_possible = never_reached(main, start);
    c = course(main, start, lowest_possible);
  }
  const Evidence from{"loss at the start", start}, to{"loss now", fn::is_finite(run.train_now) ? run.train_now : c.now + lowest_possible};
  const std::string way = "from " + short_number(from.value) + " to " + short_number(to.value);
  if (c.now > kBlowUp * c.start && c.start > 0) return diverged(run, from.value, to.value);

  // The losses of single mini-batches jump about whatever the rate is.
  if (run.train_loss.size() < kFewPoints && !run.full_batch) return started();

  if (run.lr > kBeyond * run.stable_lr) run.stable_lr = RunSummary::kUnknown;
  const bool limit_known = run.stable_lr > 0 && run.stable_lr < std::numeric_limits<double>::infinity();
  const double share = limit_known ? run.lr / run.stable_lr : RunSummary::kUnknown;
  const double blind = known(run.blind) && run.blind > lowest_possible ? run.blind - lowest_possible : c.start;
  const double before_learning = std::min(c.start, blind);
  const bool arrived = c.now <= kArrived * before_learning;
  const bool fell = c.now < kHardly * before_learning;

  const bool looked_enough = main.size() >= kEnoughLooks;
  const bool large = c.change >= kSwing * c.now && c.change >= kSwingOfStart * c.start && c.change > c.before - c.now;

  // Lower the rate, unless the batches are what to mend.
  const auto oscillating = [&](std::vector<Evidence> evidence, std::string explanation, const char* otherwise = "") {
    const double down = way_down(run, 0.3);
    const char* batches = batch_advice(run);
    return Verdict{.kind = K::kOscillating,
                   .evidence = std::move(evidence),
                   .explanation = std::move(explanation),
                   .advice = batches ? batches : "Lower the rate " + rate_after(run, down) + otherwise + ".",
                   .lr_multiplier = batches ? 1 : down};
  };
  if (looked_enough && c.ups >= kUpShare && large && c.now > 0)
    return oscillating({{"share of changes that go up", c.ups}, {"size of a change", c.change / c.now}, to},
                       "The loss jumps by " + percent(c.change / c.now) + " from one look to the next and goes up in " +
                           percent(c.ups) + " of them: steps overshoot.",
                       run.full_batch ? "" : ", or take larger batches");

  if (run.test_loss.size() >= kFewPoints && !run.train_loss.empty()) {
    const Curve test = run.test_loss, train = run.train_loss;
    std::size_t best = 0;
    for (std::size_t i = 0; i < test.size(); ++i)
      if (test[i].mean < test[best].mean) best = i;
    const double lowest = test[best].mean;
    const double now = median_of(test, test.size() - std::max<std::size_t>(3, test.size() / 6), test.size());
    std::size_t then = 0;  // the training loss when the test loss was best
    while (then + 1 < train.size() && train[then + 1].step <= test[best].step) ++then;
    const double train_then = train[then].mean;
    const double train_now = fn::is_finite(run.train_now) ? run.train_now : train[train.size() - 1].mean;
    const double said = run.test_now > lowest ? run.test_now : now;
    // Both what it has been of late and what it is now: a test loss that falls on, with a jump behind
    // it, has not risen.
    const double risen = known(run.test_now) ? std::min(now, run.test_now) : now;
    if (risen > (1 + kTestRise) * lowest && risen > lowest + kTestRiseOfStart * before_learning &&
        train_now < train_then && risen > (1 + kTestRise) * train_now)
      return {.kind = K::kOverfitting,
              .evidence = {{"best test loss", lowest}, {"at step", test[best].step},
                           {"test loss now", said}, {"training loss now", train_now}},
              .explanation = "The test loss was " + short_number(lowest) + " at step " + count(test[best].step) +
                             " and has risen to " + short_number(said) + " while the training loss fell to " +
                             short_number(train_now) + ".",
              .advice = "Stop early, add weight decay or dropout, or get more data; the rate is not the trouble."};
  }

  const bool stands = fn::abs(c.before - c.now) <= kStands * c.now;
  const bool elsewhere = run.surface && known(run.lowest) && c.now > kStands * c.start;  // than at the lowest
  if (run.full_batch && stands && run.slope <= kSlopeGone * run.steepest && (!arrived || elsewhere)) {
    const std::string gone = "; the slope is " + percent(run.slope / run.steepest) + " of the steepest: ";
    const std::vector<Evidence> evidence{from, to, {"gradient now", run.slope}, {"largest gradient", run.steepest}};
    if (!fell)
      return {.kind = K::kPlateau,
              .evidence = evidence,
              .explanation = "The loss went " + way + gone + "it stands on a flat.",
              .advice = "No rate helps where there is no slope: start elsewhere."};
    return {.kind = K::kGood,
            .evidence = evidence,
            .explanation = "The loss fell " + way + gone + "it has settled in a minimum" +
                           (elsewhere ? ", not the lowest, which is " + round_text(run.lowest) + "." : "."),
            .advice = "Nothing moves any more; a larger rate, noise or momentum may find a lower one."};
  }

  std::size_t low = 0, peak = 0;  // the lowest look, and the highest after it
  for (std::size_t i = 0; i < main.size(); ++i) {
    if (main[i].mean < main[low].mean) low = peak = i;
    if (main[i].mean > main[peak].mean) peak = i;
  }
  const double least = main[low].mean - lowest_possible, high = main[peak].mean;
  const double now = std::max(c.now, to.value - lowest_possible);
  const bool flat = c.change <= kFlat * c.now;
  if (high > start && least < kHardly * c.start && now > (1 + kTestRise) * least) {
    if (flat)
      return {.kind = K::kPlateau,
              .evidence = {{"lowest loss", main[low].mean}, {"at step", main[low].step}, to},
              .explanation = "At step " + count(main[low].step) + " the loss was down to " + short_number(main[low].mean) +
                             "; then steps threw it up, and now it stands at " + short_number(to.value) + ".",
              .advice = "What was broken there no rate mends (units may be dead): start again, with a rate that does not do this."};
    return oscillating({{"lowest loss", main[low].mean}, {"at step", main[low].step}, {"highest after it", high}, to},
                       "At step " + count(main[low].step) + " the loss was down to " + short_number(main[low].mean) +
                           "; then steps threw it up to " + short_number(high) + ", above the " + short_number(start) +
                           " of the start, and it has not been as low since.",
                       ", or clip the gradient");
  }

  if (limit_known && share >= kEdgeShare && !arrived && (fell ? run.full_batch && stands : !(c.halving < 1e12)))
    return oscillating({{"rate", run.lr}, {"largest stable rate", run.stable_lr}, from, to},
                       "The rate " + round_text(run.lr) + " is " + percent(share) + " of the largest stable one, " +
                           run.stable_formula + " = " + short_number(run.stable_lr) + ", and the loss does not fall: steps "
                           "bounce from wall to wall.");

  if (limit_known && share >= kEdgeShare)
    return {.kind = K::kEdge,
            .evidence = {{"rate", run.lr}, {"largest stable rate", run.stable_lr}, from, to},
            .explanation = "The rate " + round_text(run.lr) + " is " + percent(share) +
                           " of the largest stable one, " + run.stable_formula + " = " +
                           short_number(run.stable_lr) + "; the loss went " + way + ".",
            .advice = run.keeps_rate ? "As fast as it gets: keep it."
                                     : "As fast as it gets: keep it while the loss falls, and lower the rate towards the end."};

  // Above where it began nothing is good, however fast it comes back from there.
  if (now > kWorse * c.start && c.start > 0) {
    if (!looked_enough) return started();
    if (flat)
      return {.kind = K::kPlateau,
              .evidence = {from, to},
              .explanation = "The loss went " + way + " and stands there: worse than before the first step.",
              .advice = "No rate mends that (units may be dead): start again, with a lower one."};
    return oscillating({from, to}, "The loss went " + way + ", above where it began: the steps jump about.");
  }

  const bool cooled = run.lr < 0.5 * run.base_lr;  // the schedule has lowered it on purpose
  const bool far_below = limit_known && share < kFarBelow && !cooled && !run.own_rate;
  const double patience = limit_known && share < kLowShare && !cooled && !run.own_rate ? kHaste : kPatience;
  if (arrived || (!far_below && c.halving <= patience * static_cast<double>(run.step))) {
    return {.kind = K::kGood,
            .evidence = {from, to, {"steps to halve", c.halving}},
            .explanation = arrived ? "The loss has fallen " + way + ": it has arrived."
                                   : "The loss went " + way + " and halves in about " +
                                         count(c.halving) + " steps.",
            .advice = arrived ? cooled ? "Nothing to do: the schedule has brought the rate down, too." : "Nothing to do; a smaller rate would only refine it."
                      : cooled ? "Let the schedule go on."
                      : run.keeps_rate || run.own_rate ? "Keep the rate."
                              : "Keep the rate; lower it towards the end to settle."};
  }

  // Large steps that lead nowhere jump over what they should go down.
  if (looked_enough && !fell && run.update_ratio >= kHighUpdate)
    return oscillating({from, to, {"size of a step beside the weights", run.update_ratio}},
                       "Each step changes the weights by " + percent(run.update_ratio) +
                           ", and yet the loss only went " + way + ": the steps jump about.");

  const std::string pace = c.halving < 1e12 ? "to halve it would take another " + count(c.halving) + " steps"
                                            : std::string("it does not fall any more");
  const bool small = !(run.base_lr > 0) || (limit_known ? share < kLowShare
                                            : known(run.update_ratio) ? run.update_ratio < kLowUpdate
                                                                      : c.now > 0.95 * c.start);
  if (small && !cooled && !run.own_rate) {
    const double up = !(run.base_lr > 0) ? 1 : limit_known ? std::clamp(round_number(kSafeShare / share), 2.0, kBoldest) : 10;
    Verdict v{.kind = K::kTooLow,
              .evidence = {from, to, {"steps to halve", c.halving}},
              .explanation = "In " + count(static_cast<double>(run.step)) + " steps the loss went " +
                             way + "; " + pace + ".",
              .advice = run.base_lr > 0 ? "Raise the rate " + rate_after(run, up) : "At rate 0 nothing moves: raise it",
              .lr_multiplier = up};
    if (limit_known) {
      v.evidence.push_back({"rate", run.lr});
      v.evidence.push_back({"largest stable rate", run.stable_lr});
      v.advice += "; the largest stable one is " + short_number(run.stable_lr) + ".";
    } else {
      if (known(run.update_ratio)) v.evidence.push_back({"size of a step beside the weights", run.update_ratio});
      v.advice += " and see whether it stays smooth.";
    }
    return v;
  }
  if (static_cast<double>(run.step) < kPlateauSteps) return started();
  // What the noise of the batches or large steps hold up goes down with the rate; what is still high
  // is held up by something else.
  const bool noisy = (c.ups >= kUpShare && !run.full_batch && c.now < kNoiseFloor * before_learning) ||
                     run.update_ratio >= kHighUpdate;
  const char* batches = batch_advice(run);
  const bool room = !limit_known || 3 * share <= 1;
  const double factor = batches || cooled || run.own_rate ? 1 : noisy ? 0.3 : room ? 3 : 1;
  return {.kind = K::kPlateau,
          .evidence = {from, to, {"steps to halve", c.halving}},
          .explanation = "The loss went " + way + " and stands; " + pace + ".",
          .advice = batches ? batches
                    : cooled ? "The schedule has brought the rate down: the run is over, or the rate fell too early."
                    : run.own_rate ? "Wait; this optimizer finds its own rate, so another lr changes little."
                    : noisy ? "Lower the rate, at once or by a schedule: steps of this size keep the loss at this floor."
                    : std::string(room ? "Wait, or try three times the rate or momentum to cross the flat"
                                       : "Wait, or try momentum or Adam to cross the flat: the rate is near its limit") +
                          (run.surface ? "." : "; or the network is too small."),
          .lr_multiplier = factor};
}

}  // namespace lrlab
