// Generated data: six hills of width 0.2 over [−1, 1]².
#include "core/dataset.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

RawData make(const DatasetArgs& a, Random& random) {
  constexpr double kHill[6][3] = {{-0.6, 0.5, 1}, {0, 0.5, -1}, {0.6, 0.5, 1},
                                  {-0.6, -0.5, -1}, {0, -0.5, 1}, {0.6, -0.5, -1}};
  RawData d{.features = 2, .classes = 0, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const double x = random.uniform(-1, 1), y = random.uniform(-1, 1);
    double height = 0;
    for (const auto& h : kHill) {
      const double r2 = (x - h[0]) * (x - h[0]) + (y - h[1]) * (y - h[1]);
      height += h[2] * fn::exp(-r2 / (2 * 0.2 * 0.2));
    }
    d.x.push_back(x);
    d.x.push_back(y);
    d.y.push_back(height + a.noise * random.normal());
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo gaussians;
const DatasetInfo gaussians{
    .id = "gaussians",
    .label = "Hills (regression)",
    .doc = "Six Gaussian hills and hollows on a plain.",
    .features = 2,
    .classes = 0,
    .default_noise = 0.05,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
