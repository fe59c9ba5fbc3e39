// What the rows of a cross-validation say: how each candidate does on data it was not trained on.
#pragma once

#include "experiment/jobs/curve.h"

namespace lrlab {

struct CrossvalCandidate {
  double at = kNoValue;      // value on the axis; without one NaN
  std::string text;          // as a setting, "lr=0.1"
  Spread score;              // test loss at the end, over folds and seeds; diverged ones have no value
  Spread accuracy;
  int runs = 0, diverged = 0;
  std::vector<double> folds; // the mean over the seeds of each fold's test loss
  CurveBand curve;
};

struct CrossvalResult {
  std::vector<CrossvalCandidate> candidates;  // in the order of the axis
  int best = -1;     // lowest mean test loss of those that never diverged; −1: none
  // The most careful candidate that is not clearly worse: the lowest value whose mean is within one
  // standard error of the best (Breiman, Friedman, Olshen, Stone 1984, "Classification and
  // regression trees"; Hastie, Tibshirani, Friedman 2009, "The elements of statistical learning", 7.10).
  int one_se = -1;
};

CrossvalResult crossval_result(const Job& job, const ItemRows& rows);

}  // namespace lrlab
