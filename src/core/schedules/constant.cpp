// Constant rate: the dial, and nothing else.
//
//   factor(t) = 1
#include "core/schedule.h"

namespace lrlab {
namespace schedule_rows {
extern const ScheduleInfo constant;
const ScheduleInfo constant{
    .id = "constant",
    .label = "Constant",
    .formula = "factor(t) = 1",
    .reference = "Robbins & Monro 1951, A stochastic approximation method (why it cannot settle under noise)",
    .doc = "The same rate all the way. With noisy gradients the loss stops at a floor in proportion "
           "to the rate.",
    .matches = "no scheduler",
    .factor = [](const ScheduleArgs&, double) { return 1.0; },
};

extern const TorchText constant_torch;
const TorchText constant_torch{"return 1"};
}  // namespace schedule_rows
}  // namespace lrlab
