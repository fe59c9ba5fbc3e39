// What the rows of a stability job say: how sharpness rises to the limit that the rate sets.
#pragma once

#include "experiment/jobs/common.h"

namespace lrlab {

struct StabilityCurve {
  std::string text;            // the value on the axis
  double lr = kNoValue;        // the rate it trains with; NaN: not begun
  std::vector<double> step, train_loss, sharpness;
  std::vector<double> share;   // lr / largest stable rate; plain gradient descent: lr·sharpness/2
  bool diverged = false;
  double late_low = kNoValue, late_high = kNoValue;  // range of the share in the second half
};
// 2/lr is the limit of plain gradient descent. What to say of others, or null.
const char* other_limit(const Job& job);
std::vector<StabilityCurve> stability_curves(const Job& job, const ItemRows& rows);

}  // namespace lrlab
