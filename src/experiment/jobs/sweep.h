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

  // For ranking: a candidate that diverged with any seed comes after all that did not.
  bool better(const Candidate& other) const;
};

struct SweepResult {
  std::vector<Candidate> candidates;  // by id; only those with a row
  std::vector<std::size_t> order;     // best first, of those that were trained longest
  // Along the axis lr (other axes at the best candidate's values): rates whose objective is within
  // one standard error or a quarter of the best, next to each other around it.
  bool has_lr = false;
  double best_lr = kNoValue, good_low = kNoValue, good_high = kNoValue;
  double good_decades() const;  // log10(high/low)
  // The best rate of each seed alone.
  Spread best_lr_by_seed;
};

// All rounds of the board count.
SweepResult sweep_result(const JobBoard& board);

// Candidate `id` of a sweep as a config to open.
Config candidate_config(const Job& job, int id);
std::size_t candidate_count(const Job& job);

}  // namespace lrlab
