// What the rows of a range test say: the band over the seeds, the suggestions, the largest rate that
// is stable, and the trainings that check which suggestion was right.
#pragma once

#include "experiment/jobs/common.h"

namespace lrlab {

// One curve: the loss at each rate of the sweep, as far as it went.
struct RangeCurve {
  std::vector<double> lr;      // grows or falls, one per iteration
  std::vector<double> loss;    // smoothed
};

// How much of each end of the curve a rule does not look at, and the rule: an index into the curve,
// or −1 with the reason.
struct RangeRule {
  const char* id;       // "steepest"
  const char* label;
  const char* doc;      // its definition
  const char* source;
  double skip_begin;    // iterations; below 1: share of num_iter
  int skip_end;
  // i: where in the (trimmed) curve; the suggested rate is lr[i]·factor.
  int (*index)(std::span<const double> lr, std::span<const double> loss, const char** why_not);
  double factor;
};
std::span<const RangeRule> range_rules();

struct Suggestion {
  const RangeRule* rule = nullptr;
  double lr = kNoValue;        // from the median curve; always a number
  double low = kNoValue, high = kNoValue;  // over the seeds' own curves
  std::size_t index = 0;       // of the sweep: where its dot is
  std::string doubt;           // why not to rely on it; empty: no reason
};

struct RangeTestResult {
  std::vector<double> lr;                    // all rates of the sweep
  std::vector<Spread> band;                  // of the smoothed loss at each; count 0: no seed came so far
  std::vector<RangeCurve> curves;            // by seed
  std::vector<Suggestion> suggestions;       // one per rule
  // The smallest rate of the sweep at which a training from the start ends higher than it began;
  // the median over the seeds. NaN: none diverged. Plain gradient descent on a quadratic: 2/λ_max.
  double divergence_lr = kNoValue;
  double stable_lr = kNoValue;               // the rate of the sweep before it
  std::vector<std::string> doubts;           // about all suggestions, in sentences
};

// `rows`: of as many seeds as are done.
RangeTestResult range_test_result(const Job& job, const ItemRows& rows);

// Short trainings at each suggested rate: a sweep over them.
Job verification(const Job& job, const RangeTestResult& result);

}  // namespace lrlab
