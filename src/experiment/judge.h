// The verdict of core/verdict.h on a lane, from what was recorded of it.
//
// One history has one verdict. It follows from the settings and the step alone, wherever the run is
// judged (page, command line, report, receipt): the curves are the same however the run was paused or
// stepped, their last point is the evaluation at the step itself, and the curvature is curvature_of()
// that step. Only while a page plays is its verdict a little older: with the curvature that was last
// measured. At rest it measures and judges anew. (A run that went back in time keeps the resolution of
// the curves that it had, so there evidence may be coarser.)
#pragma once

#include "core/curvature.h"
#include "core/verdict.h"
#include "experiment/session.h"

namespace lrlab {

using Reading = SharpnessProbe::Reading;

// Begins the reading that belongs to the verdict on the lane at the step of `now`: of a run that
// diverged, as it was at the start (near its end there is no curvature to speak of).
void begin_reading(SharpnessProbe& probe, const Lane& lane, const Trainer& now);
Reading curvature_of(const Lane& lane);

// Of the present; `curvature`: nothing where it was not measured.
Verdict judge_lane(const Lane& lane, const Reading* curvature = nullptr);
// Of the moment that is shown while somebody looks back.
Verdict judge_shown(const Lane& lane, const Reading* curvature = nullptr);

// At rest: measured and judged.
inline Verdict judge_at_rest(const Lane& lane) {
  const Reading curvature = curvature_of(lane);
  return judge_lane(lane, &curvature);
}

}  // namespace lrlab
