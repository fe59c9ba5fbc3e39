// Generated data: two interleaved spirals, each a class.
#include "core/dataset.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr double kTurn = 6.28318530717958647692;  // 2π

// Arm c at angle φ from 0.25 to 1.75 turns has radius φ/(1.75 turns); noise moves points in both axes.
RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 2, .classes = 2, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const int c = i % 2;
    const double u = (i / 2 + 0.5) / ((a.count + 1) / 2);
    const double angle = kTurn * (0.25 + 1.5 * u), radius = (0.25 + 1.5 * u) / 1.75;
    const double phase = angle + (c ? kTurn / 2 : 0);
    d.x.push_back(radius * fn::cos(phase) + a.noise * random.normal());
    d.x.push_back(radius * fn::sin(phase) + a.noise * random.normal());
    d.y.push_back(c);
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo spiral;
const DatasetInfo spiral{
    .id = "spiral",
    .label = "Two spirals",
    .doc = "Two arms wound around each other, one class each: the hardest of the classic toys.",
    .features = 2,
    .classes = 2,
    .default_noise = 0.03,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
