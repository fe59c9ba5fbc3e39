// Generated data: nothing to understand. Inputs and values are independent normal numbers, so a
// network can only learn them by heart.
//
// The task of Sohl-Dickstein 2024, "The boundary of neural network trainability is fractal",
// arXiv:2402.06184, with as many samples as the network has parameters.
#include "core/dataset.h"

namespace lrlab {
namespace {

constexpr int kInputs = 8;

RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = kInputs, .classes = 0, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    for (int f = 0; f < kInputs; ++f) d.x.push_back(random.normal());
    d.y.push_back((1 + a.noise) * random.normal());
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo random;
const DatasetInfo random{
    .id = "random",
    .label = "Random (regression)",
    .doc = "Eight random inputs and a random value: only learning by heart helps. The task of the fractal map.",
    .features = kInputs,
    .classes = 0,
    .default_noise = 0,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
