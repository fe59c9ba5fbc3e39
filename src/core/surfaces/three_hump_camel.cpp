// Three basins in a row, the middle one the deepest.
//
//   f(x, y) = 2x² − 1.05x⁴ + x⁶/6 + x·y + y²
//
// Branin 1972, "Widely convergent method for finding multiple solutions of simultaneous nonlinear
// equations" (the family of camels).
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  const double x2 = p.x * p.x, x4 = x2 * x2;
  return {.value = 2 * x2 - 1.05 * x4 + x4 * x2 / 6 + p.x * p.y + p.y * p.y,
          .gradient = {4 * p.x - 4.2 * x2 * p.x + x4 * p.x + p.y, p.x + 2 * p.y},
          .xx = 4 - 12.6 * x2 + 5 * x4,
          .xy = 1,
          .yy = 2};
}

constexpr Point2 kMinima[] = {{0, 0}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo three_hump_camel;
const SurfaceInfo three_hump_camel{
    .id = "three_hump_camel",
    .label = "Three-hump camel",
    .formula = "2x² − 1.05x⁴ + x⁶/6 + xy + y²",
    .reference = "Branin 1972, Widely convergent method for finding multiple solutions of simultaneous nonlinear equations",
    .doc = "Momentum can carry a run over the hump that a plain step stops at.",
    .low = {-5, -5},
    .high = {5, 5},
    .start = {-2.4, 2.4},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText three_hump_camel_torch;
const TorchText three_hump_camel_torch{"return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2"};
}  // namespace surface_rows
}  // namespace lrlab
