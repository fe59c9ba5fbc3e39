// A cliff: gentle slopes with one steep wall between them, for gradient clipping.
//
//   f(x, y) = √(1 + (x−1)²) − 1 + ½·y² + h·(1 − S(½ + x/w))
//
// S(u) = 6u⁵ − 15u⁴ + 10u³ from 0 to 1, level outside: a smooth step, so f, its gradient and its
// Hessian are continuous. The wall stands at |x| < w/2 and is up to 15/8·h/w steep, while the slopes
// on both sides are at most 1. The minimum lies at its foot, at (1, 0).
// After Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks",
// arXiv:1211.5063, figure 6: a step taken on the wall throws the run far away, and the gentle slope
// takes long to bring it back; clipped to the length of an ordinary step, it just walks down.
#include "core/mathfn.h"
#include "core/surface.h"

namespace lrlab {
namespace {

enum { kHeight, kWidth };

SurfaceEval eval(Point2 p, std::span<const double> params) {
  const double h = params[kHeight], w = params[kWidth];
  const double d = p.x - 1, root = fn::sqrt(1 + d * d);
  SurfaceEval e{.value = d * d / (root + 1) + 0.5 * (p.y * p.y),  // √(1 + d²) − 1, without cancellation
                .gradient = {d / root, p.y},
                .xx = 1 / (root * root * root),
                .xy = 0,
                .yy = 1};
  double u = 0.5 + p.x / w;
  if (u >= 1) return e;
  if (u < 0) u = 0;
  e.value += h * (1 - u * u * u * (10 + u * (6 * u - 15)));
  e.gradient.x -= h / w * (30 * u * u * (1 - u) * (1 - u));
  e.xx -= h / (w * w) * (60 * u * (1 - u) * (1 - 2 * u));
  return e;
}

constexpr ParamSpec kParams[] = {
    {.key = "cliff_height", .label = "height", .def = 10, .min = 0, .max = 1000, .scale = Scale::kLog,
     .doc = "How far the wall drops."},
    {.key = "cliff_width", .label = "width", .def = 0.25, .min = 0.01, .max = 2, .scale = Scale::kLog,
     .doc = "How thick the wall is: its slope is up to 1.9 times height over width."},
};
constexpr Point2 kMinima[] = {{1, 0}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo cliff;
const SurfaceInfo cliff{
    .id = "cliff",
    .label = "Cliff",
    .formula = "√(1 + (x−1)²) − 1 + ½·y² + h·(1 − smoothstep(½ + x/w))",
    .reference = "after Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks, arXiv:1211.5063, figure 6",
    .doc = "Gentle slopes with a wall between them. One step on the wall throws an unclipped run far "
           "away; a clipped one walks down to the minimum at its foot.",
    .params = kParams,
    .low = {-4, -3},
    .high = {6, 3},
    .start = {-3, 2},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText cliff_torch;
const TorchText cliff_torch{R"(u = torch.clamp(0.5 + x / cliff_width, 0, 1)
wall = 1 - u**3 * (10 + u * (6 * u - 15))
return torch.sqrt(1 + (x - 1) ** 2) - 1 + y**2 / 2 + cliff_height * wall)"};
}  // namespace surface_rows
}  // namespace lrlab
