// Generated data: a disc inside a ring.
#include "core/dataset.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr double kTurn = 6.28318530717958647692;  // 2π

// Class 1 has radius 0 to 0.45, class 0 radius 0.65 to 1.
RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 2, .classes = 2, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const int c = i % 2;
    const double radius = c ? 0.45 * fn::sqrt(random.uniform()) : random.uniform(0.65, 1);
    const double angle = kTurn * random.uniform();
    d.x.push_back(radius * fn::cos(angle) + a.noise * random.normal());
    d.x.push_back(radius * fn::sin(angle) + a.noise * random.normal());
    d.y.push_back(c);
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo circle;
const DatasetInfo circle{
    .id = "circle",
    .label = "Circle",
    .doc = "A disc inside a ring: no straight line separates them.",
    .features = 2,
    .classes = 2,
    .default_noise = 0.05,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
