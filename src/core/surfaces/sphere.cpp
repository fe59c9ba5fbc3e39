// A round bowl: the same curvature in every direction.
//
//   f(x, y) = x² + y²        stable for plain gradient descent iff lr < 1; lr = ½ arrives in one step
//
// De Jong 1975, "An analysis of the behavior of a class of genetic adaptive systems", its function
// F1.
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  return {.value = p.x * p.x + p.y * p.y,
          .gradient = {2 * p.x, 2 * p.y},
          .xx = 2,
          .xy = 0,
          .yy = 2};
}

constexpr Point2 kMinima[] = {{0, 0}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo sphere;
const SurfaceInfo sphere{
    .id = "sphere",
    .label = "Sphere",
    .formula = "x² + y²",
    .reference = "De Jong 1975, An analysis of the behavior of a class of genetic adaptive systems (F1)",
    .doc = "The simplest landscape: every method that works anywhere works here.",
    .low = {-5, -5},
    .high = {5, 5},
    .start = {-4, 3},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText sphere_torch;
const TorchText sphere_torch{"return x**2 + y**2"};
}  // namespace surface_rows
}  // namespace lrlab
