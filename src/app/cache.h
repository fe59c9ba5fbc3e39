// What is costly to draw anew in every frame, and the parts of the state that tell when to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/ui.h"

namespace lrlab {

// The output of one lane's network (or a surface) over a grid of points.
struct FieldImage {
  const Problem* problem = nullptr;
  std::uint64_t step = ~0ull;
  const void* config_mark = nullptr;
  int nx = 0, ny = 0;
  std::vector<float> value;    // [ny + 1][nx + 1][outputs]
  std::vector<ImU32> colour;   // [ny + 1][nx + 1]
  bool dark = false;
  double made = -1;            // time
};

struct Cache {
  Race difference_race;                  // what `difference` was made for
  std::vector<std::string> difference;   // per lane
  std::vector<FieldImage> field;         // per lane
  Workspace work;
  std::vector<int> work_sizes;           // the network `work` fits
  std::vector<Real> grid;
};

}  // namespace lrlab
