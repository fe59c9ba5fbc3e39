// Surfaces: gradients and Hessians by differences, minima that are minima, starts worth watching.
#include "core/surface.h"

#include <array>
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "core/real.h"
#include "unit/core/rows.h"

using namespace lrlab;

namespace {

std::vector<double> defaults(const SurfaceInfo& info) {
  std::vector<double> p;
  for (const ParamSpec& spec : info.params) p.push_back(spec.def);
  return p;
}

bool inside(const SurfaceInfo& s, Point2 p) {
  return p.x >= s.low.x && p.x <= s.high.x && p.y >= s.low.y && p.y <= s.high.y;
}

// |a − b| measured against the larger of them and `scale`.
double off(double a, double b, double scale) {
  return std::abs(a - b) / std::max({std::abs(a), std::abs(b), scale});
}

}  // namespace

TEST_CASE("surfaces: rows are complete and sound" IN_REAL) {
  testing::check_rows(surfaces(), 17);
  for (const SurfaceInfo* s : surfaces()) {
    INFO(s->id);
    CHECK(s->low.x < s->high.x);
    CHECK(s->low.y < s->high.y);
    CHECK(inside(*s, s->start));
    const std::vector<double> params = defaults(*s);
    const SurfaceEval e = s->eval(s->start, params);
    CHECK(std::hypot(e.gradient.x, e.gradient.y) > 1e-3);  // a run can begin there
    for (const Point2& m : minima_of(*s, params)) {
      CHECK(inside(*s, m));
      CHECK(std::hypot(m.x - s->start.x, m.y - s->start.y) > 0.3);
      CHECK(e.value > s->minimum);
    }
  }
}

TEST_CASE("surfaces: gradient and Hessian match differences everywhere" IN_REAL) {
  constexpr std::uint64_t kSeed = 11;
  Random random(kSeed, Stream::kJobs);
  for (const SurfaceInfo* s : surfaces())
    for (int trial = 0; trial < 300; ++trial) {
      std::vector<double> params = defaults(*s);
      if (trial % 2)
        for (std::size_t i = 0; i < params.size(); ++i)
          params[i] = random.uniform(s->params[i].def / 2, std::min(s->params[i].max, 1.5 * s->params[i].def));
      const Point2 p{random.uniform(s->low.x, s->high.x), random.uniform(s->low.y, s->high.y)};
      const auto at = [&](double dx, double dy) { return s->eval({p.x + dx, p.y + dy}, params); };
      const SurfaceEval e = at(0, 0);
      constexpr double h = 1e-4;
      // Fourth order, so that 1e-4 is small enough for the steepest of them.
      const auto difference = [&](auto value, double x, double y) {
        return (8 * (value(at(h * x, h * y)) - value(at(-h * x, -h * y))) -
                (value(at(2 * h * x, 2 * h * y)) - value(at(-2 * h * x, -2 * h * y)))) / (12 * h);
      };
      const auto value = [](const SurfaceEval& v) { return v.value; };
      const auto gx = [](const SurfaceEval& v) { return v.gradient.x; };
      const auto gy = [](const SurfaceEval& v) { return v.gradient.y; };
      // Rounding of the value, divided by h, is the floor of what differences can see.
      const double floor = 1e-3 * (1 + std::abs(e.value));
      const double floor2 = 1e-3 * (1 + std::hypot(e.gradient.x, e.gradient.y));
      INFO(s->id << " seed " << kSeed << " trial " << trial << " at " << p.x << ", " << p.y);
      CHECK(off(e.gradient.x, difference(value, 1, 0), floor) < 1e-7);
      CHECK(off(e.gradient.y, difference(value, 0, 1), floor) < 1e-7);
      CHECK(off(e.xx, difference(gx, 1, 0), floor2) < 1e-6);
      CHECK(off(e.xy, difference(gx, 0, 1), floor2) < 1e-6);
      CHECK(off(e.xy, difference(gy, 1, 0), floor2) < 1e-6);
      CHECK(off(e.yy, difference(gy, 0, 1), floor2) < 1e-6);
    }
}

TEST_CASE("surfaces: minima have no gradient, no downward curvature and no lower neighbour" IN_REAL) {
  for (const SurfaceInfo* s : surfaces()) {
    const std::vector<double> params = defaults(*s);
    for (const Point2& m : minima_of(*s, params)) {
      INFO(s->id << " at " << m.x << ", " << m.y);
      const SurfaceEval e = s->eval(m, params);
      CHECK(e.value == doctest::Approx(s->minimum).epsilon(1e-12).scale(1));
      CHECK(std::hypot(e.gradient.x, e.gradient.y) < 1e-11);
      CHECK(e.xx > 0);
      CHECK(e.xx * e.yy - e.xy * e.xy > 0);
      for (double angle = 0; angle < 6.3; angle += 0.1)
        CHECK(s->eval({m.x + 1e-3 * std::cos(angle), m.y + 1e-3 * std::sin(angle)}, params).value > e.value);
    }
    // Nor is there anything lower in the picture.
    if (s->minima.empty()) continue;
    double lowest = 1e300;
    for (int i = 0; i <= 200; ++i)
      for (int j = 0; j <= 200; ++j)
        lowest = std::min(lowest, s->eval({s->low.x + (s->high.x - s->low.x) * i / 200,
                                           s->low.y + (s->high.y - s->low.y) * j / 200}, params).value);
    CHECK(lowest >= s->minimum - 1e-12);
  }
}

TEST_CASE("surfaces: Rosenbrock's minimum moves with a" IN_REAL) {
  const SurfaceInfo& s = *find(surfaces(), "rosenbrock");
  for (double a : {-1.0, 0.0, 1.5}) {
    const std::array<double, 2> params = {a, 100};
    const std::vector<Point2> minima = minima_of(s, params);
    REQUIRE(minima.size() == 1);
    const SurfaceEval e = s.eval(minima[0], params);
    CHECK(e.value == 0);
    CHECK((e.gradient.x == 0 && e.gradient.y == 0));
  }
}

TEST_CASE("surfaces: the cliff has one steep wall and slopes of at most 1" IN_REAL) {
  const SurfaceInfo& s = *find(surfaces(), "cliff");
  const std::array<double, 2> params = {10, 0.25};
  double steepest = 0, elsewhere = 0;
  for (double x = -4; x < 6; x += 1e-4) {
    const SurfaceEval e = s.eval({x, 0}, params);
    (std::abs(x) < 0.125 ? steepest : elsewhere) =
        std::max(std::abs(x) < 0.125 ? steepest : elsewhere, std::abs(e.gradient.x));
  }
  CHECK(elsewhere <= 1);
  CHECK(steepest == doctest::Approx(15.0 / 8 * 10 / 0.25).epsilon(0.02));
}
