// The list of data sets, in the order of the menu.
#include "core/dataset.h"

#define LRLAB_DATASETS(ROW) \
  ROW(spiral)               \
  ROW(circle)               \
  ROW(xor_)                 \
  ROW(gauss)                \
  ROW(moons)                \
  ROW(checkerboard)         \
  ROW(plane)                \
  ROW(gaussians)            \
  ROW(sine)                 \
  ROW(chebyshev)            \
  ROW(random)               \
  ROW(iris)                 \
  ROW(digits)               \
  ROW(custom)

namespace lrlab {
namespace dataset_rows {
#define ROW(id) extern const DatasetInfo id;
LRLAB_DATASETS(ROW)
#undef ROW
}  // namespace dataset_rows

Family<DatasetInfo> datasets() {
#define ROW(id) &dataset_rows::id,
  static constexpr const DatasetInfo* kRows[] = {LRLAB_DATASETS(ROW)};
#undef ROW
  return kRows;
}

}  // namespace lrlab
