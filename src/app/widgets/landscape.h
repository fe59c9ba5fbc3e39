// The loss around the point where the selected lane is: a slice through parameter space, computed by
// a job while somebody looks, and where the lanes have been on it.
#pragma once

#include "app/cache.h"

namespace lrlab {

// Draws its controls and the picture.
void draw_landscape(Ui& ui, ImVec2 pos, ImVec2 size);

// Ends the job unless the landscape was drawn since the last call. Once a frame.
void end_unseen(LandscapeView& view);

}  // namespace lrlab
