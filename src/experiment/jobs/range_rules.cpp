// The rules by which people read a rate off a range test. They disagree: that is worth seeing.
#include <algorithm>
#include <cmath>

#include "core/mathfn.h"
#include "experiment/jobs/range_test.h"

namespace lrlab {
namespace {

using Curve = std::span<const double>;

int argmin(const std::vector<double>& v) {
  return static_cast<int>(std::min_element(v.begin(), v.end()) - v.begin());
}

// numpy.gradient: one-sided at the ends, second order for unequal steps inside.
std::vector<double> gradient(Curve y, Curve x) {
  const std::size_t n = y.size();
  std::vector<double> g(n);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double a = x[i] - x[i - 1], b = x[i + 1] - x[i];
    g[i] = (a * a * y[i + 1] + (b * b - a * a) * y[i] - b * b * y[i - 1]) / (a * b * (a + b));
  }
  g[0] = (y[1] - y[0]) / (x[1] - x[0]);
  g[n - 1] = (y[n - 1] - y[n - 2]) / (x[n - 1] - x[n - 2]);
  return g;
}

int steepest_of(const std::vector<double>& slope, const char** why) {
  const int i = argmin(slope);
  if (slope[static_cast<std::size_t>(i)] >= 0) *why = "The loss falls nowhere.";
  else if (i == 0) *why = "The loss falls fastest at the very beginning: lower the first rate.";
  return i;
}

int steepest(Curve lr, Curve loss, const char** why) {
  std::vector<double> log_lr;
  for (double v : lr) log_lr.push_back(fn::log(v));
  return steepest_of(gradient(loss, log_lr), why);
}

int lightning(Curve lr, Curve loss, const char** why) { return steepest_of(gradient(loss, lr), why); }

int minimum(Curve, Curve loss, const char** why) {
  const auto i = std::min_element(loss.begin(), loss.end()) - loss.begin();
  if (i == 0) *why = "The loss is lowest at the very beginning: lower the first rate.";
  return static_cast<int>(i);
}

// fastai's valley(): the longest falling subsequence, and the middle of its middle third.
int valley(Curve, Curve loss, const char** why) {
  const std::size_t n = loss.size();
  std::vector<std::size_t> length(n, 1);
  std::size_t end = 0;
  std::ptrdiff_t start = 0;
  for (std::size_t i = 1; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (loss[i] < loss[j] && length[i] < length[j] + 1) length[i] = length[j] + 1;
      if (length[end] < length[i]) {
        end = i;
        start = static_cast<std::ptrdiff_t>(end) - static_cast<std::ptrdiff_t>(length[end]);
      }
    }
  if (length[end] < 3) {
    *why = "The loss has no longer fall in it.";
    return -1;
  }
  const double third = (static_cast<double>(end) - static_cast<double>(start)) / 3;
  const auto i = start + static_cast<std::ptrdiff_t>(third) + static_cast<std::ptrdiff_t>(third / 2);
  return static_cast<int>(std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(n) - 1));
}

// fastai's slide(): an interval of 15 rates slides down from the end until the slopes at its two
// ends agree within 0.005; its lower end is the answer.
int slide(Curve, Curve loss, const char** why) {
  constexpr std::ptrdiff_t kInterval = 15;
  constexpr double kThreshold = 0.005;
  const auto n = static_cast<std::ptrdiff_t>(loss.size());
  if (n < kInterval + 1) {
    *why = "The curve is shorter than the interval of 15 rates that should slide along it.";
    return -1;
  }
  std::vector<double> index;
  for (std::ptrdiff_t i = 0; i < n; ++i) index.push_back(static_cast<double>(i));
  const std::vector<double> g = gradient(loss, index);
  std::ptrdiff_t right = n - 1, left = right - kInterval, answer = left;
  while (left >= 0 && fn::abs(g[static_cast<std::size_t>(right)] - g[static_cast<std::size_t>(left)]) > kThreshold) {
    answer = left;
    --right;
    --left;
  }
  if (left < 0) *why = "The interval slid down to the lowest rate.";
  return static_cast<int>(answer);
}

}  // namespace

std::span<const RangeRule> range_rules() {
  static constexpr RangeRule kRules[] = {
      {"steepest", "Steepest", "Where the smoothed loss falls fastest per decade: the minimum of d loss / d log lr.",
       "pytorch-lr-finder's suggestion; fastai's steep", 10, 5, steepest, 1},
      {"minimum", "Minimum / 10", "A tenth of the rate at which the smoothed loss is lowest.",
       "fastai's minimum; Smith's advice of a little below the minimum", 0.1, 5, minimum, 0.1},
      {"valley", "Valley", "The longest falling run of the smoothed loss, in the middle of its middle third.",
       "fastai's default since 2021", 0.1, 5, valley, 1},
      {"slide", "Slide", "An interval of 15 rates slides down from the end until the slopes at its ends differ by at most 0.005.",
       "fastai's slide, from novetta", 0.1, 5, slide, 1},
      {"lightning", "Lightning", "The minimum of d loss / d lr, not per decade: drawn towards small rates.",
       "PyTorch Lightning's Tuner.lr_find", 10, 1, lightning, 1},
  };
  return kRules;
}

}  // namespace lrlab
