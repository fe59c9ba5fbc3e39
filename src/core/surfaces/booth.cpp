// A slanted ravine with condition number 9.
//
//   f(x, y) = (x + 2y − 7)² + (2x + y − 5)²        Hessian eigenvalues 2 and 18
//
// Jamil & Yang 2013, "A literature survey of benchmark functions for global optimization
// problems", arXiv:1308.4008.
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  const double u = p.x + 2 * p.y - 7, v = 2 * p.x + p.y - 5;
  return {.value = u * u + v * v,
          .gradient = {2 * u + 4 * v, 4 * u + 2 * v},
          .xx = 10,
          .xy = 8,
          .yy = 10};
}

constexpr Point2 kMinima[] = {{1, 3}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo booth;
const SurfaceInfo booth{
    .id = "booth",
    .label = "Booth",
    .formula = "(x + 2y − 7)² + (2x + y − 5)²",
    .reference = "Jamil & Yang 2013, A literature survey of benchmark functions for global optimization problems, arXiv:1308.4008",
    .doc = "A quadratic whose axes are turned by 45°: methods with a rate for each parameter "
           "cannot see the directions that matter.",
    .low = {-10, -10},
    .high = {10, 10},
    .start = {-8, -4},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText booth_torch;
const TorchText booth_torch{"return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2"};
}  // namespace surface_rows
}  // namespace lrlab
