#include "experiment/jobs/grid.h"

#include <algorithm>

namespace lrlab {

constexpr int kPieceCells = 16;

int grid_size(const Job& job) { return kCoarsest << static_cast<int>(job.param("size")); }

std::vector<GridPiece> grid_pieces(int size) {
  std::vector<GridPiece> out;
  for (int stride = size / kCoarsest; stride >= 1; stride /= 2) {
    const bool first = stride == size / kCoarsest;
    for (int y = 0; y < size; y += stride) {
      const bool half = !first && y % (2 * stride) == 0;  // every other cell is there already
      const int step = half ? 2 * stride : stride;
      for (int x = half ? stride : 0; x < size; x += step * kPieceCells)
        out.push_back({y, x, step, std::min(kPieceCells, (size - x + step - 1) / step), stride});
    }
  }
  return out;
}

std::vector<double> fill_grid(const JobBoard& board, int size, std::size_t first_item, std::size_t width,
                              std::size_t x_column, std::size_t value, int& done_size) {
  const auto n = static_cast<std::size_t>(size);
  std::vector<double> picture(n * n, kNoValue);
  const std::vector<GridPiece> pieces = grid_pieces(size);
  int stride = size / kCoarsest;
  bool complete = true;
  done_size = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const GridPiece& p = pieces[i];
    if (p.stride != stride) {
      if (complete) done_size = size / stride;
      stride = p.stride;
    }
    const std::vector<double>& cells = board.rows(first_item + i);
    complete = complete && !cells.empty();
    for (std::size_t k = 0; k < cells.size(); k += width) {
      const int x = static_cast<int>(cells[k + x_column]), y = static_cast<int>(cells[k + x_column + 1]);
      for (int j = y; j < std::min(y + stride, size); ++j)
        for (int m = x; m < std::min(x + stride, size); ++m)
          picture[static_cast<std::size_t>(j) * n + static_cast<std::size_t>(m)] = cells[k + value];
    }
  }
  if (complete) done_size = size;
  return picture;
}

}  // namespace lrlab
