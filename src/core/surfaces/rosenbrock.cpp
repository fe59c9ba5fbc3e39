// Rosenbrock's banana: a curved valley, easy to find and hard to follow.
//
//   f(x, y) = (a − x)² + b·(y − x²)²        minimum 0 at (a, a²)
//
// Rosenbrock 1960, "An automatic method for finding the greatest or least value of a function".
#include "core/surface.h"

namespace lrlab {
namespace {

enum { kA, kB };

SurfaceEval eval(Point2 p, std::span<const double> params) {
  const double a = params[kA], b = params[kB];
  const double u = a - p.x, v = p.y - p.x * p.x;
  return {.value = u * u + b * (v * v),
          .gradient = {-2 * u - 4 * b * p.x * v, 2 * b * v},
          .xx = 2 - 4 * b * v + 8 * b * p.x * p.x,
          .xy = -4 * b * p.x,
          .yy = 2 * b};
}

constexpr ParamSpec kParams[] = {
    {.key = "rosenbrock_a", .label = "a", .def = 1, .min = -2, .max = 2,
     .doc = "Where along the valley the minimum lies: at (a, a²)."},
    {.key = "rosenbrock_b", .label = "b", .def = 100, .min = 0.1, .max = 1000, .scale = Scale::kLog,
     .doc = "How steep the walls of the valley are."},
};
constexpr Point2 kMinima[] = {{1, 1}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo rosenbrock;
const SurfaceInfo rosenbrock{
    .id = "rosenbrock",
    .label = "Rosenbrock",
    .formula = "(a − x)² + b·(y − x²)²",
    .reference = "Rosenbrock 1960, An automatic method for finding the greatest or least value of a function",
    .doc = "The curvature along the valley is about 2500 times smaller than across it.",
    .params = kParams,
    .low = {-2, -1},
    .high = {2, 3},
    .start = {-1.2, 1},
    .minima = kMinima,
    .minimum = 0,
    .moved_minimum = [](std::span<const double> p) { return Point2{p[kA], p[kA] * p[kA]}; },
    .eval = eval,
};

extern const TorchText rosenbrock_torch;
const TorchText rosenbrock_torch{
    "return (rosenbrock_a - x) ** 2 + rosenbrock_b * (y - x**2) ** 2"};
}  // namespace surface_rows
}  // namespace lrlab
