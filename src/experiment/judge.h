// The verdict of core/verdict.h on a lane, from what was recorded of it.
#pragma once

#include "core/curvature.h"
#include "core/verdict.h"
#include "experiment/session.h"

namespace lrlab {

// `limit`: the largest stable rate, where somebody measured it.
Verdict judge_lane(const Lane& lane, StabilityLimit limit = {RunSummary::kUnknown, ""});

}  // namespace lrlab
