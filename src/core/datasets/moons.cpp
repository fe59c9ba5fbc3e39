// Generated data: two interlocking half circles.
#include "core/dataset.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr double kTurn = 6.28318530717958647692;  // 2π

// Half circles of radius 0.6 around (−0.3, −0.15) and (0.3, 0.15), one opening down, one up.
RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 2, .classes = 2, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const int c = i % 2;
    const double angle = kTurn / 2 * random.uniform(), side = c ? -1 : 1;
    d.x.push_back(side * (0.6 * fn::cos(angle) - 0.3) + a.noise * random.normal());
    d.x.push_back(side * (0.6 * fn::sin(angle) - 0.15) + a.noise * random.normal());
    d.y.push_back(c);
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo moons;
const DatasetInfo moons{
    .id = "moons",
    .label = "Two moons",
    .doc = "Two interlocking half circles.",
    .features = 2,
    .classes = 2,
    .default_noise = 0.08,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
