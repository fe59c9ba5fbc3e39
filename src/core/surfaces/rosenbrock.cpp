// Rosenbrock's banana: a curved valley, easy to find and hard to follow.
//
//   f(x, y) = (a − x)² + b·(y − x²)²,  a = 1, b = 100
//
// Rosenbrock 1960, "An automatic method for finding the greatest or least value of a function".
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  constexpr double a = 1, b = 100;
  const double u = a - p.x, v = p.y - p.x * p.x;
  return {.value = u * u + b * (v * v),
          .gradient = {-2 * u - 4 * b * p.x * v, 2 * b * v},
          .xx = 2 - 4 * b * v + 8 * b * p.x * p.x,
          .xy = -4 * b * p.x,
          .yy = 2 * b};
}

constexpr Point2 kMinima[] = {{1, 1}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo rosenbrock;
const SurfaceInfo rosenbrock{
    .id = "rosenbrock",
    .label = "Rosenbrock",
    .formula = "(1 − x)² + 100·(y − x²)²",
    .reference = "Rosenbrock 1960, An automatic method for finding the greatest or least value of a function",
    .doc = "The curvature along the valley is about 2500 times smaller than across it.",
    .low = {-2, -1},
    .high = {2, 3},
    .start = {-1.2, 1},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};
}  // namespace surface_rows
}  // namespace lrlab
