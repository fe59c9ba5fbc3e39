// The dial: a large logarithmic scale with a thumb, and on it whatever rates are worth knowing.
#pragma once

#include "app/ui.h"

namespace lrlab {

// A stretch of the scale that is known to be of one kind.
struct DialZone {
  double from = 0, to = 0;
  ImU32 colour = 0;
};

struct DialSpec {
  double low = 1e-6, high = 10;
  ImU32 colour = 0;          // of the thumb
  double now = 0;            // lr_t; 0: the same as the value
  std::vector<DialMark> marks;
  std::vector<DialZone> zones;
};

// The scale inside the rectangle. True while it is being changed; `pressed_lane`: a lane's mark was pressed.
bool dial(Ui& ui, std::string_view id, std::string_view label, double& value, const DialSpec& spec, ImVec2 pos, ImVec2 size, int* pressed_lane);

}  // namespace lrlab
