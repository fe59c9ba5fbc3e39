// A bowl full of dents.
//
//   f(x, y) = 2A + x² − A·cos(2πx) + y² − A·cos(2πy)
//
// Rastrigin 1974, "Systems of extremal control"; in this form Rudolph 1990, "Globale Optimierung
// mit parallelen Evolutionsstrategien".
#include "core/mathfn.h"
#include "core/surface.h"

namespace lrlab {
namespace {

enum { kA };
constexpr double kTwoPi = 6.28318530717958647693;

SurfaceEval eval(Point2 p, std::span<const double> params) {
  const double a = params[kA];
  const auto [sx, cx] = fn::sin_cos(kTwoPi * p.x);
  const auto [sy, cy] = fn::sin_cos(kTwoPi * p.y);
  return {.value = (p.x * p.x + a * (1 - cx)) + (p.y * p.y + a * (1 - cy)),
          .gradient = {2 * p.x + kTwoPi * a * sx, 2 * p.y + kTwoPi * a * sy},
          .xx = 2 + kTwoPi * kTwoPi * a * cx,
          .xy = 0,
          .yy = 2 + kTwoPi * kTwoPi * a * cy};
}

constexpr ParamSpec kParams[] = {
    {.key = "rastrigin_a", .label = "A", .def = 10, .min = 0, .max = 100,
     .doc = "Depth of the dents; 0 leaves the bowl."},
};

constexpr Point2 kMinima[] = {{0, 0}};

}  // namespace

namespace surface_rows {
extern const SurfaceInfo rastrigin;
const SurfaceInfo rastrigin{
    .id = "rastrigin",
    .label = "Rastrigin",
    .formula = "2A + x² − A·cos(2πx) + y² − A·cos(2πy)",
    .reference = "Rastrigin 1974, Systems of extremal control",
    .doc = "A hundred local minima on a bowl. Gradient descent stops in the nearest dent, "
           "unless the rate is too high to stop there.",
    .params = kParams,
    .low = {-5.12, -5.12},
    .high = {5.12, 5.12},
    .start = {-3.3, 2.4},
    .minima = kMinima,
    .minimum = 0,
    .eval = eval,
};

extern const TorchText rastrigin_torch;
const TorchText rastrigin_torch{R"(wave = torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y)
return x**2 + y**2 + rastrigin_a * (2 - wave))"};
}  // namespace surface_rows
}  // namespace lrlab
