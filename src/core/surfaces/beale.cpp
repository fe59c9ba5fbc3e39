// A flat valley between steep corners.
//
//   f(x, y) = (1.5 − x + x·y)² + (2.25 − x + x·y²)² + (2.625 − x + x·y³)²
//
// Beale 1958, "On an iterative method for finding a local minimum of a function of more than one
// variable".
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  constexpr double kTarget[] = {1.5, 2.25, 2.625};
  SurfaceEval e;
  double power = 1;  // y^(k-1)
  for (int k = 1; k <= 3; ++k) {
    const double slope = k * power;  // of y^k
    const double curve = k == 1 ? 0 : k == 2 ? 2 : 6 * p.y;
    power *= p.y;
    const double r = kTarget[k - 1] - p.x + p.x * power;
    const double rx = power - 1, ry = p.x * slope;
    e.value += r * r;
    e.gradient.x += 2 * r * rx;
    e.gradient.y += 2 * r * ry;
    e.xx += 2 * rx * rx;
    e.xy += 2 * (rx * ry + r * slope);
    e.yy += 2 * (ry * ry + r * p.x * curve);
  }
  return e;
}

constexpr Point2 kMinima[] = {{3, 0.5}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo beale;
const SurfaceInfo beale{
    .id = "beale",
    .label = "Beale",
    .formula = "(1.5−x+xy)² + (2.25−x+xy²)² + (2.625−x+xy³)²",
    .reference = "Beale 1958, On an iterative method for finding a local minimum of a function of more than one variable",
    .doc = "The gradient is below 1 in the valley and above 100,000 in the corners: one rate "
           "cannot suit both.",
    .low = {-4.5, -4.5},
    .high = {4.5, 4.5},
    .start = {-1, 1.5},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText beale_torch;
const TorchText beale_torch{
    "return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2"};
}  // namespace surface_rows
}  // namespace lrlab
