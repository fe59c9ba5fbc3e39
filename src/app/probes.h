// What is measured of the lanes beside their training: sharpness with the stability limit that
// follows from it, and the verdict. In slices of a frame; nothing here touches a run.
//
// While lanes train, both are a little old. At rest (and of a lane that has ended) they are those of
// the step itself, by the rule of experiment/judge.h.
#pragma once

#include <memory>

#include "core/curvature.h"
#include "core/verdict.h"
#include "experiment/session.h"

namespace lrlab {

struct LaneProbe {
  const Trainer* trainer = nullptr;   // what is known belongs to this run
  std::uint64_t seen = 0;             // its step when last looked at; a smaller one means it began anew
  std::unique_ptr<SharpnessProbe> probe;
  Series sharpness, limit;            // 2/λ and its like: the largest stable rate
  Series ceiling;                     // the sharpness at which the rate of the moment would be that
  std::uint64_t measured = ~0ull;     // at which step
  double last_limit = 0;              // 0: not known
  const char* formula = "";
  double next = 0;                    // when to measure again
  double cost = 1e-3;                 // seconds of one product, smoothed
  double credit = 0;                  // seconds saved up for the next product

  double step_seconds = 0;            // what one step takes here; 0: not known
  TrainSettings timed;                // with which it was measured

  // What a reading at rest is of.
  struct Of {
    const Trainer* trainer = nullptr;
    std::uint64_t step = 0;
    TrainSettings settings;
    bool operator==(const Of&) const = default;
  };
  Of measuring;                       // trainer null: not at rest
  Of settled, settled_past;           // what the two verdicts are settled of

  Verdict verdict;                    // of the present
  Verdict past;                       // of the moment that is looked at
  double past_limit = 0;              // and what is `last_limit` of the present
  const char* past_formula = "";
  std::uint64_t judged_step = ~0ull;
  double judged_time = -1;
  double judged_lr = -1;
};

// Spends at most about `budget` seconds. The selected lane is looked at more often.
void run_probes(const Session& session, std::vector<LaneProbe>& probes, double budget, const std::function<double()>& now);

// As at rest, for the present of every lane, however long it takes: for those who ask and go.
void settle_probes(const Session& session, std::vector<LaneProbe>& probes);

// Where it is not known what a step takes on this machine: takes some, of a copy. One lane a call.
void time_steps(const Session& session, std::vector<LaneProbe>& probes, const std::function<double()>& now);

// Something is still to be measured or judged of the present steps, so the picture will change yet.
bool probes_pending(const Session& session, const std::vector<LaneProbe>& probes);

}  // namespace lrlab
