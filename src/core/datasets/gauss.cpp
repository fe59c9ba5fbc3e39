// Generated data: two clouds of points.
#include "core/dataset.h"

namespace lrlab {
namespace {

// Clouds around (±0.5, ±0.5); the noise is their deviation.
RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 2, .classes = 2, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const int c = i % 2;
    for (int f = 0; f < 2; ++f) d.x.push_back((c ? 0.5 : -0.5) + a.noise * random.normal());
    d.y.push_back(c);
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo gauss;
const DatasetInfo gauss{
    .id = "gauss",
    .label = "Two Gaussians",
    .doc = "Two clouds that a straight line can separate: almost any rate works.",
    .features = 2,
    .classes = 2,
    .default_noise = 0.2,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
