// Generated data: a noisy sine wave with one input.
#include "core/dataset.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr double kTurn = 6.28318530717958647692;  // 2π

// y = sin(2π·x) on [−1, 1], plus noise.
RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 1, .classes = 0, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const double x = random.uniform(-1, 1);
    d.x.push_back(x);
    d.y.push_back(fn::sin(kTurn * x) + a.noise * random.normal());
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo sine;
const DatasetInfo sine{
    .id = "sine",
    .label = "Sine (regression)",
    .doc = "One input, a sine wave with two periods: underfitting and overfitting can be seen.",
    .features = 1,
    .classes = 0,
    .default_noise = 0.1,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
