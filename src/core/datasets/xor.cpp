// Generated data: the sign of x times y.
#include "core/dataset.h"

namespace lrlab {
namespace {

// Points stay 0.05 away from the axes before noise.
RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 2, .classes = 2, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const double x = random.uniform(0.05, 1) * (i & 1 ? 1 : -1);
    const double y = random.uniform(0.05, 1) * (i & 2 ? 1 : -1);
    d.x.push_back(x + a.noise * random.normal());
    d.x.push_back(y + a.noise * random.normal());
    d.y.push_back(x * y > 0 ? 1 : 0);
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo xor_;
const DatasetInfo xor_{
    .id = "xor",
    .label = "XOR",
    .doc = "Opposite quadrants share a class: the problem that a single layer cannot solve.",
    .features = 2,
    .classes = 2,
    .default_noise = 0.05,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
