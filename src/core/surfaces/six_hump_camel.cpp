// Six basins, two of them the deepest.
//
//   f(x, y) = (4 − 2.1x² + x⁴/3)·x² + x·y + (−4 + 4y²)·y²
//
// Dixon & Szegö 1978, "The global optimization problem: an introduction".
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  const double x2 = p.x * p.x, x4 = x2 * x2, y2 = p.y * p.y;
  return {.value = (4 - 2.1 * x2 + x4 / 3) * x2 + p.x * p.y + (-4 + 4 * y2) * y2,
          .gradient = {8 * p.x - 8.4 * x2 * p.x + 2 * x4 * p.x + p.y, p.x - 8 * p.y + 16 * y2 * p.y},
          .xx = 8 - 25.2 * x2 + 10 * x4,
          .xy = 1,
          .yy = -8 + 48 * y2};
}

constexpr Point2 kMinima[] = {
    {0.08984201310031806, -0.7126564030207396},
    {-0.08984201310031806, 0.7126564030207396},
};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo six_hump_camel;
const SurfaceInfo six_hump_camel{
    .id = "six_hump_camel",
    .label = "Six-hump camel",
    .formula = "(4 − 2.1x² + x⁴/3)·x² + xy + (−4 + 4y²)·y²",
    .reference = "Dixon & Szegö 1978, The global optimization problem: an introduction",
    .doc = "Six local minima around a saddle in the middle: small differences at the start end "
           "far apart.",
    .low = {-3, -2},
    .high = {3, 2},
    .start = {-1.8, 0.3},
    .minima = kMinima,
    .minimum = -1.0316284534898774,
    .eval = eval,
};

extern const TorchText six_hump_camel_torch;
const TorchText six_hump_camel_torch{
    "return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2"};
}  // namespace surface_rows
}  // namespace lrlab
