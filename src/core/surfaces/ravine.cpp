// A quadratic ravine: curvature 1 along x and κ along y. The whole theory of the stable rate is here.
//
//   f(x, y) = ½·(x² + κ·y²)        stable for plain gradient descent iff lr < 2/κ
//
// Gradient descent at rate lr multiplies x by 1 − lr and y by 1 − lr·κ in every step; the fastest
// rate is 2/(1 + κ).
#include "core/surface.h"

namespace lrlab {
namespace {

enum { kCondition };

SurfaceEval eval(Point2 p, std::span<const double> params) {
  const double kappa = params[kCondition];
  return {.value = 0.5 * (p.x * p.x + kappa * (p.y * p.y)),
          .gradient = {p.x, kappa * p.y},
          .xx = 1,
          .xy = 0,
          .yy = kappa};
}

constexpr ParamSpec kParams[] = {
    {.key = "condition", .label = "κ", .def = 20, .min = 1, .max = 10000, .scale = Scale::kLog,
     .doc = "Condition number: how much steeper the walls are than the floor."},
};
constexpr Point2 kMinima[] = {{0, 0}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo ravine;
const SurfaceInfo ravine{
    .id = "ravine",
    .label = "Ravine",
    .formula = "½·(x² + κ·y²)",
    .reference = "Goh 2017, Why momentum really works, distill.pub (the usual picture)",
    .doc = "Steep walls, gentle floor: a rate small enough for the walls is slow along the floor.",
    .params = kParams,
    .low = {-5, -5},
    .high = {5, 5},
    .start = {-4.5, 1.5},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText ravine_torch;
const TorchText ravine_torch{"return (x**2 + condition * y**2) / 2"};
}  // namespace surface_rows
}  // namespace lrlab
