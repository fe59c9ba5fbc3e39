// What the kinds of jobs share: a training from start to end, and the columns that tell how it went.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "experiment/jobs.h"

namespace lrlab {

inline constexpr int kDefaultPoints = 12;  // of an axis that does not say
inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

// The beginning of a text from outside, for a message.
std::string in_quotes(std::string_view text);

bool validate_axis(Axis& axis, int default_points, std::vector<Issue>& issues);

enum class RunEnd { kDone, kDiverged, kStopped };  // kStopped: by early stopping
inline const std::vector<std::string> kRunEndNames{"done", "diverged", "stopped"};

// How a training ended. Losses are NaN where the run diverged or the part is empty.
struct RunResult {
  RunEnd end = RunEnd::kDone;
  std::uint64_t steps = 0;  // updates done; of a diverged run: until it did
  double train_loss = kNoValue, test_loss = kNoValue;
  double train_accuracy = kNoValue, test_accuracy = kNoValue;
  double to_target = kNoValue;  // first step whose batch loss was at most `target`
};

// Trains on to `steps` updates in all. `look`, if given, is called after each step. False: stopped.
bool train_to(Trainer& trainer, std::uint64_t steps, Stop stop, RunResult& result, double target = -1,
              const std::function<void(const StepReport&)>& look = {});

// By how much the sum of something over seeds varies.
struct Spread {
  std::size_t count = 0;  // finite values
  double mean = kNoValue, deviation = kNoValue;  // deviation of the sample (n − 1); NaN for n < 2
  double min = kNoValue, q1 = kNoValue, median = kNoValue, q3 = kNoValue, max = kNoValue;

  double standard_error() const;
};
Spread spread_of(std::vector<double> values);  // non-finite ones are left out

// 0 ... n − 1 in the order that `before` says; those it has no order for, in theirs.
std::vector<std::size_t> sorted_indices(std::size_t n, const std::function<bool(std::size_t, std::size_t)>& before);

// Shared by jobs that repeat a run: steps and seeds.
#define LRLAB_STEPS_PARAM(n)                                                                      \
  ParamSpec{.key = "steps", .label = "steps", .def = n, .min = 1, .max = 1e6,                     \
            .kind = ParamKind::kInteger, .scale = Scale::kLog,                                    \
            .doc = "How long each training is."}
#define LRLAB_SEEDS_PARAM(n)                                                                      \
  ParamSpec{.key = "seeds", .label = "seeds", .def = n, .min = 1, .max = 1000,                    \
            .kind = ParamKind::kInteger, .scale = Scale::kLog,                                    \
            .doc = "How often everything is repeated, with the seeds that follow the run's own."}

}  // namespace lrlab
