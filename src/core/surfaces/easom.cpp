// A plain with one hole in it.
//
//   f(x, y) = −cos(x)·cos(y)·e^(−(x−π)² − (y−π)²)
//
// Easom 1990, "A survey of global optimization techniques". The usual domain is ±100; what is
// worth seeing lies around (π, π).
#include "core/mathfn.h"
#include "core/surface.h"

namespace lrlab {
namespace {

constexpr double kPi = 3.14159265358979323846;

SurfaceEval eval(Point2 p, std::span<const double>) {
  const double u = p.x - kPi, v = p.y - kPi;
  const double hole = fn::exp(-u * u - v * v);
  const auto [sx, cx] = fn::sin_cos(p.x);
  const auto [sy, cy] = fn::sin_cos(p.y);
  const double dx = sx + 2 * u * cx, dy = sy + 2 * v * cy;  // −(cos x)' + 2u·cos x
  return {.value = -cx * cy * hole,
          .gradient = {dx * cy * hole, cx * dy * hole},
          .xx = (3 * cx - 2 * u * (sx + dx)) * cy * hole,
          .xy = -dx * dy * hole,
          .yy = (3 * cy - 2 * v * (sy + dy)) * cx * hole};
}

constexpr Point2 kMinima[] = {{3.141592653589793, 3.141592653589793}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo easom;
const SurfaceInfo easom{
    .id = "easom",
    .label = "Easom",
    .formula = "−cos x · cos y · e^(−(x−π)² − (y−π)²)",
    .reference = "Easom 1990, A survey of global optimization techniques",
    .doc = "Nearly no gradient until the hole is found: methods that divide by the size of the "
           "gradient walk where plain descent stands still.",
    .low = {-1, -1},
    .high = {7, 7},
    .start = {1.7, 1.8},
    .minima = kMinima,
    .minimum = -1,
    .eval = eval,
};

extern const TorchText easom_torch;
const TorchText easom_torch{
    "return -torch.cos(x) * torch.cos(y) * torch.exp(-((x - math.pi) ** 2) - (y - math.pi) ** 2)"};
}  // namespace surface_rows
}  // namespace lrlab
