// Generated data: a tilted plane over [−1, 1]².
#include "core/dataset.h"

namespace lrlab {
namespace {

// y = 0.6·x₁ + 0.4·x₂ + noise.
RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 2, .classes = 0, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const double x = random.uniform(-1, 1), y = random.uniform(-1, 1);
    d.x.push_back(x);
    d.x.push_back(y);
    d.y.push_back(0.6 * x + 0.4 * y + a.noise * random.normal());
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo plane;
const DatasetInfo plane{
    .id = "plane",
    .label = "Plane (regression)",
    .doc = "A tilted plane: a linear model fits it exactly, so the loss is a quadratic.",
    .features = 2,
    .classes = 0,
    .default_noise = 0.05,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
