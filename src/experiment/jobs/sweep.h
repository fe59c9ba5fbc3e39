// What the rows of a sweep say: how each candidate did over its seeds, which is best, and how wide
// the good region of the rate is.
#pragma once

#include "experiment/jobs/common.h"

namespace lrlab {

// What a candidate is judged by.
enum class Objective { kTestLoss, kTrainLoss, kTestError };

struct Candidate {
  int id = 0;
  std::vector<double> at;        // value on each axis; of names: the index
  std::vector<std::string> text; // the same as settings
  std::uint64_t steps = 0;       // the longest training it got
  Spread objective;              // over the seeds, at that length; diverged runs have no value
  int seeds = 0, diverged = 0;
  Spread train_loss, test_loss, test_accuracy;
  Spread start;                  // the objective before the first step

  // For ranking: a candidate that diverged with any seed comes after all that did not.
  bool better(const Candidate& other) const;
};

// What is known about the rate along one line of candidates: the axis lr, the other axes at one
// combination of their values. The good region is what kGoodRate says, next to each other around the best.
inline constexpr const char* kGoodRate =
    "Good: within one standard error or a quarter of the best, and at least three quarters as far below the start as the best is. "
    "No rate is good if the best does not end a tenth below where it began.";

struct RateLine {
  std::size_t best = 0;               // index into the candidates
  double best_lr = kNoValue;
  double good_low = kNoValue, good_high = kNoValue;  // NaN: no rate is good
  double good_decades() const;        // log10(high/low)
  Spread best_lr_by_seed;             // the best rate of each seed alone
  int stopped = 0;                    // rates that were not trained to the end: nobody knows about them
};

struct SweepResult {
  std::vector<Candidate> candidates;  // by id; only those with a row
  std::vector<std::size_t> order;     // best first, of those that were trained longest
  // Best first; empty: no axis is the rate, nothing has a value, or samples of several axes: no two of
  // them have the same values but for the rate.
  std::vector<RateLine> lines;
  bool has_lr() const { return !lines.empty(); }
  bool has_good() const { return !lines.empty() && lines[0].good_low == lines[0].good_low; }
};

// All rounds of the board count.
SweepResult sweep_result(const JobBoard& board);

// Candidate `id` of a sweep as a config to open.
Config candidate_config(const Job& job, int id);
bool on_grid(const Job& job);  // else the candidates are samples
std::size_t candidate_count(const Job& job);

}  // namespace lrlab
