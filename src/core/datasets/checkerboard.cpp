// Generated data: squares of alternating class on [−1, 1]².
#include "core/dataset.h"

namespace lrlab {
namespace {

RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 2, .classes = 2, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const double x = random.uniform(-1, 1), y = random.uniform(-1, 1);
    const int column = static_cast<int>((x + 1) * 2), row = static_cast<int>((y + 1) * 2);
    d.x.push_back(x + a.noise * random.normal());
    d.x.push_back(y + a.noise * random.normal());
    d.y.push_back((column + row) % 2);
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo checkerboard;
const DatasetInfo checkerboard{
    .id = "checkerboard",
    .label = "Checkerboard",
    .doc = "A 4 by 4 board: many small regions, so it needs width and patience.",
    .features = 2,
    .classes = 2,
    .default_noise = 0.02,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
