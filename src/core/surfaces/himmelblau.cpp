// Four valleys of the same depth: the start and the rate decide which one is found.
//
//   f(x, y) = (x² + y − 11)² + (x + y² − 7)²
//
// Himmelblau 1972, "Applied nonlinear programming".
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  const double u = p.x * p.x + p.y - 11, v = p.x + p.y * p.y - 7;
  return {.value = u * u + v * v,
          .gradient = {4 * p.x * u + 2 * v, 2 * u + 4 * p.y * v},
          .xx = 4 * u + 8 * p.x * p.x + 2,
          .xy = 4 * p.x + 4 * p.y,
          .yy = 4 * v + 8 * p.y * p.y + 2};
}

constexpr Point2 kMinima[] = {
    {3, 2},
    {-2.805118086952745, 3.131312518250573},
    {-3.779310253377747, -3.2831859912861696},
    {3.5844283403304917, -1.8481265269644034},
};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo himmelblau;
const SurfaceInfo himmelblau{
    .id = "himmelblau",
    .label = "Himmelblau",
    .formula = "(x² + y − 11)² + (x + y² − 7)²",
    .reference = "Himmelblau 1972, Applied nonlinear programming",
    .doc = "Four minima, all 0. A high rate jumps from one valley to another before it "
           "settles.",
    .low = {-5, -5},
    .high = {5, 5},
    .start = {0, -4},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText himmelblau_torch;
const TorchText himmelblau_torch{"return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2"};
}  // namespace surface_rows
}  // namespace lrlab
