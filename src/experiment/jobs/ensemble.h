// What the rows of an ensemble say: the same run with other seeds, as a band.
#pragma once

#include "experiment/jobs/curve.h"

namespace lrlab {

struct EnsembleResult {
  CurveBand band;       // median and quartiles at each step
  int runs = 0, diverged = 0;
};
EnsembleResult ensemble_result(const Job& job, const ItemRows& rows);

}  // namespace lrlab
