// A wide funnel full of dents, with a sharp hole in the middle.
//
//   f(x, y) = −a·e^(−b·r) − e^(½·(cos cx + cos cy)) + a + e,   r = √((x² + y²)/2)
//
// Ackley 1987, "A connectionist machine for genetic hillclimbing". The minimum is a kink: the
// gradient there is taken as 0 and so is the Hessian of the funnel.
#include "core/mathfn.h"
#include "core/surface.h"

namespace lrlab {
namespace {

enum { kA, kB, kC };
constexpr double kE = 2.71828182845904523536;

SurfaceEval eval(Point2 p, std::span<const double> params) {
  const double a = params[kA], b = params[kB], c = params[kC];
  const double r = fn::sqrt((p.x * p.x + p.y * p.y) / 2);
  const double funnel = a * fn::exp(-b * r);
  const auto [sx, cx] = fn::sin_cos(c * p.x);
  const auto [sy, cy] = fn::sin_cos(c * p.y);
  const double dents = fn::exp((cx + cy) / 2), slope = dents * c / 2;
  SurfaceEval e;
  e.value = (a - funnel) + (kE - dents);
  e.gradient = {slope * sx, slope * sy};
  e.xx = slope * c * (cx - sx * sx / 2);
  e.xy = -slope * c * sx * sy / 2;
  e.yy = slope * c * (cy - sy * sy / 2);
  if (r == 0) return e;
  // r has gradient (x, y)/(2r) and Hessian (I − (x, y)(x, y)ᵀ/(2r²))/(2r).
  const double d = b * funnel, gx = p.x / (2 * r), gy = p.y / (2 * r);
  e.gradient.x += d * gx;
  e.gradient.y += d * gy;
  e.xx += d * ((1 - 2 * gx * gx) / (2 * r) - b * gx * gx);
  e.xy += d * (-2 * gx * gy / (2 * r) - b * gx * gy);
  e.yy += d * ((1 - 2 * gy * gy) / (2 * r) - b * gy * gy);
  return e;
}

constexpr ParamSpec kParams[] = {
    {.key = "ackley_a", .label = "a", .def = 20, .min = 0, .max = 100, .doc = "Depth of the funnel."},
    {.key = "ackley_b", .label = "b", .def = 0.2, .min = 0, .max = 5, .doc = "How narrow the funnel is."},
    {.key = "ackley_c", .label = "c", .def = 6.283185307179586, .min = 0, .max = 20,
     .doc = "How close together the dents are; 2π puts them on the whole numbers."},
};

constexpr Point2 kMinima[] = {{0, 0}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo ackley;
const SurfaceInfo ackley{
    .id = "ackley",
    .label = "Ackley",
    .formula = "−a·e^(−b·√((x²+y²)/2)) − e^((cos cx + cos cy)/2) + a + e",
    .reference = "Ackley 1987, A connectionist machine for genetic hillclimbing",
    .doc = "The floor is nearly flat far out and the hole has a kink: no fixed rate both gets "
           "there and stays there, so the rate must fall.",
    .params = kParams,
    .low = {-5, -5},
    .high = {5, 5},
    .start = {-2.6, 1.4},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText ackley_torch;
const TorchText ackley_torch{R"(r = torch.sqrt((x**2 + y**2) / 2)
dents = torch.exp((torch.cos(ackley_c * x) + torch.cos(ackley_c * y)) / 2)
return ackley_a * (1 - torch.exp(-ackley_b * r)) + math.e - dents)"};
}  // namespace surface_rows
}  // namespace lrlab
