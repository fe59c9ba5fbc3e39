// A saddle: down along y, up along x, and no gradient in the middle.
//
//   f(x, y) = x² − y²
//
// Dauphin et al. 2014, "Identifying and attacking the saddle point problem in high-dimensional
// non-convex optimization", arXiv:1406.2572.
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  return {.value = p.x * p.x - p.y * p.y,
          .gradient = {2 * p.x, -2 * p.y},
          .xx = 2,
          .xy = 0,
          .yy = -2};
}


}  // namespace

namespace surface_rows {
extern const SurfaceInfo saddle;
const SurfaceInfo saddle{
    .id = "saddle",
    .label = "Saddle",
    .formula = "x² − y²",
    .reference = "Dauphin et al. 2014, Identifying and attacking the saddle point problem in high-dimensional non-convex optimization, arXiv:1406.2572",
    .doc = "It has no minimum. The question is how many steps pass before a method notices the "
           "way down that begins with almost no slope.",
    .low = {-2, -2},
    .high = {2, 2},
    .start = {1.5, 0.001},
    .eval = eval,
};

extern const TorchText saddle_torch;
const TorchText saddle_torch{"return x**2 - y**2"};
}  // namespace surface_rows
}  // namespace lrlab
