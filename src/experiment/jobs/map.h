// What the rows of a map say: a picture that gets finer while one looks, and how rough its edge is.
#pragma once

#include "experiment/jobs/common.h"

namespace lrlab {

// What a map can show; the row's column of that name.
enum class MapValue { kVerdict, kTrainLoss, kTestLoss, kToTarget, kScore, kSharpness };
inline constexpr const char* kMapValueKeys[] = {"verdict", "train_loss", "test_loss", "to_target", "score", "sharpness"};
inline constexpr const char* kMapValueLabels[] = {"trains or diverges", "training loss", "test loss", "steps to target", "score", "sharpness"};

struct MapPicture {
  int size = 0;               // cells per side
  int done_size = 0;          // the finest grid that is complete: size/2^k, or 0
  std::vector<double> value;  // [y·size + x], y upwards: the nearest cell known; NaN: none, or no value
  double min = 0, max = 0;    // of the finite values
  // Box dimension of the border between what trains and what diverges, on the finest complete grid.
  // NaN: no border, or too coarse. 1: a smooth curve, 2: it fills the plane.
  double dimension = kNoValue;
};

int map_size(const Job& job);
MapPicture map_picture(const JobBoard& board, MapValue what);

// Value of an axis at the centre of a cell.
double map_coordinate(const Job& job, std::size_t axis, int cell);

// Of the border between the cells of one side and the others; `side`[y·size + x], size a power of 2.
double box_dimension(const std::vector<bool>& side, int size);

// The job zoomed to part of it: 0 to 1 from the left and the bottom.
Job zoomed(const Job& job, double x0, double x1, double y0, double y1);

}  // namespace lrlab
