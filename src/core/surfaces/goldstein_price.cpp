// A function that spans six orders of magnitude.
//
//   f(x, y) = (1 + (s+1)²·(19 − 14s + 3s²)) · (30 + d²·(18 − 16d + 3d²))
//   s = x + y,  d = 2x − 3y
//
// Goldstein & Price 1971, "On descent from local minima".
#include "core/surface.h"

namespace lrlab {
namespace {

SurfaceEval eval(Point2 p, std::span<const double>) {
  const double s = p.x + p.y, d = 2 * p.x - 3 * p.y;
  // A(s) = 1 + (s+1)²·(19 − 14s + 3s²) and B(d) = 30 + d²·(18 − 16d + 3d²) with their derivatives.
  const double q = 19 - 14 * s + 3 * s * s, dq = 6 * s - 14, u = s + 1;
  const double a = 1 + u * u * q, da = u * (2 * q + u * dq), dda = 2 * q + 4 * u * dq + 6 * u * u;
  const double b = 30 + d * d * (18 - 16 * d + 3 * d * d);
  const double db = d * (36 - 48 * d + 12 * d * d), ddb = 36 - 96 * d + 36 * d * d;
  return {.value = a * b,
          .gradient = {da * b + 2 * a * db, da * b - 3 * a * db},
          .xx = dda * b + 4 * da * db + 4 * a * ddb,
          .xy = dda * b - da * db - 6 * a * ddb,
          .yy = dda * b - 6 * da * db + 9 * a * ddb};
}

constexpr Point2 kMinima[] = {{0, -1}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo goldstein_price;
const SurfaceInfo goldstein_price{
    .id = "goldstein_price",
    .label = "Goldstein-Price",
    .formula = "(1 + (s+1)²·(19−14s+3s²)) · (30 + d²·(18−16d+3d²)),  s = x+y,  d = 2x−3y",
    .reference = "Goldstein & Price 1971, On descent from local minima",
    .doc = "From 3 at the minimum to a million at the edge: a rate that is safe far out takes "
           "for ever near the bottom.",
    .low = {-2, -2},
    .high = {2, 2},
    .start = {-1, 0.5},
    .minima = kMinima,
    .minimum = 3,
    .eval = eval,
};

extern const TorchText goldstein_price_torch;
const TorchText goldstein_price_torch{R"(s, d = x + y, 2 * x - 3 * y
return (1 + (s + 1) ** 2 * (19 - 14 * s + 3 * s**2)) * (30 + d**2 * (18 - 16 * d + 3 * d**2)))"};
}  // namespace surface_rows
}  // namespace lrlab
