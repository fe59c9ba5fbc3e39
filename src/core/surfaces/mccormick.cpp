// A plane, bent along one diagonal and rippled along the other.
//
//   f(x, y) = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1
//
// McCormick 1976, "Computability of global solutions to factorable nonconvex programs".
#include "core/mathfn.h"
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  const auto [wave, slope] = fn::sin_cos(p.x + p.y);
  const double d = p.x - p.y;
  return {.value = wave + d * d - 1.5 * p.x + 2.5 * p.y + 1,
          .gradient = {slope + 2 * d - 1.5, slope - 2 * d + 2.5},
          .xx = 2 - wave,
          .xy = -2 - wave,
          .yy = 2 - wave};
}

constexpr Point2 kMinima[] = {{-0.5471975511965977, -1.5471975511965979}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo mccormick;
const SurfaceInfo mccormick{
    .id = "mccormick",
    .label = "McCormick",
    .formula = "sin(x+y) + (x−y)² − 1.5x + 2.5y + 1",
    .reference = "McCormick 1976, Computability of global solutions to factorable nonconvex programs",
    .doc = "Beyond the plotted box it goes down for ever, ripple by ripple: a rate that jumps "
           "a ripple never comes back.",
    .low = {-1.5, -3},
    .high = {4, 4},
    .start = {3, 3.5},
    .minima = kMinima,
    .minimum = -1.9132229549810367,
    .eval = eval,
};

extern const TorchText mccormick_torch;
const TorchText mccormick_torch{"return torch.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1"};
}  // namespace surface_rows
}  // namespace lrlab
