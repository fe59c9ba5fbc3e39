// A square grid that is refined from coarse to fine, in pieces of lines: for maps and landscapes.
#pragma once

#include "experiment/jobs/common.h"

namespace lrlab {

inline constexpr int kCoarsest = 16;  // cells per side of level 0; each level has twice as many

struct GridPiece {
  int y, x, step, count;  // cells x, x + step, ... of line y
  int stride;             // distance of the lines of its level
};

// All pieces of a grid of size × size (16·2^k), in the order in which they are to be done. A level
// has what the coarser ones do not.
std::vector<GridPiece> grid_pieces(int size);

// The job's parameter "size" as a number of cells.
int grid_size(const Job& job);

// Column `value` of the rows as a picture [y·size + x]: each cell shows the nearest known one to its
// lower left. Items of the grid begin at `first_item`, the columns x and y at `x_column`. `done_size`:
// of the finest complete level, 0: none.
std::vector<double> fill_grid(const JobBoard& board, int size, std::size_t first_item, std::size_t width,
                              std::size_t x_column, std::size_t value, int& done_size);

}  // namespace lrlab
