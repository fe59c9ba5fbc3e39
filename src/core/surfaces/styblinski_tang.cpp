// Four basins, one of them the deepest.
//
//   f(x, y) = ½·(x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)
//
// Styblinski & Tang 1990, "Experiments in nonconvex optimization: stochastic approximation with
// function smoothing and simulated annealing".
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  const double x2 = p.x * p.x, y2 = p.y * p.y;
  return {.value = 0.5 * (x2 * x2 - 16 * x2 + 5 * p.x + (y2 * y2 - 16 * y2 + 5 * p.y)),
          .gradient = {2 * x2 * p.x - 16 * p.x + 2.5, 2 * y2 * p.y - 16 * p.y + 2.5},
          .xx = 6 * x2 - 16,
          .xy = 0,
          .yy = 6 * y2 - 16};
}

constexpr Point2 kMinima[] = {{-2.9035340277711774, -2.9035340277711774}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo styblinski_tang;
const SurfaceInfo styblinski_tang{
    .id = "styblinski_tang",
    .label = "Styblinski-Tang",
    .formula = "½·(x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)",
    .reference = "Styblinski & Tang 1990, Experiments in nonconvex optimization: stochastic approximation with function smoothing and simulated annealing",
    .doc = "Four minima of different depth. From this start a small rate settles in the "
           "shallowest; a larger one, or noise, can get further.",
    .low = {-5, -5},
    .high = {5, 5},
    .start = {4.5, 3.5},
    .minima = kMinima,
    .minimum = -78.33233140754282,
    .eval = eval,
};

extern const TorchText styblinski_tang_torch;
const TorchText styblinski_tang_torch{
    "return (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2"};
}  // namespace surface_rows
}  // namespace lrlab
