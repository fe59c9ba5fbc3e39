// A slanted ravine with condition number 25.
//
//   f(x, y) = 0.26·(x² + y²) − 0.48·x·y        Hessian eigenvalues 0.04 and 1
//
// Jamil & Yang 2013, "A literature survey of benchmark functions for global optimization
// problems", arXiv:1308.4008.
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  return {.value = 0.26 * (p.x * p.x + p.y * p.y) - 0.48 * p.x * p.y,
          .gradient = {0.52 * p.x - 0.48 * p.y, 0.52 * p.y - 0.48 * p.x},
          .xx = 0.52,
          .xy = -0.48,
          .yy = 0.52};
}

constexpr Point2 kMinima[] = {{0, 0}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo matyas;
const SurfaceInfo matyas{
    .id = "matyas",
    .label = "Matyas",
    .formula = "0.26·(x² + y²) − 0.48·x·y",
    .reference = "Jamil & Yang 2013, A literature survey of benchmark functions for global optimization problems, arXiv:1308.4008",
    .doc = "Almost flat along the diagonal: after the walls are done with, most of the way is "
           "left.",
    .low = {-10, -10},
    .high = {10, 10},
    .start = {-9, -3},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText matyas_torch;
const TorchText matyas_torch{"return 0.26 * (x**2 + y**2) - 0.48 * x * y"};
}  // namespace surface_rows
}  // namespace lrlab
