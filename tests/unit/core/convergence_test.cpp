// Every optimizer on every surface: it reaches the minimum, or stands in the list of those that
// cannot, with the reason.
//
// Each optimizer has one row of settings for all surfaces; the surface's own scale does the rest:
// its sharpness for methods whose steps scale with the gradient, its size for those whose steps do
// not. A run starts where the surface says, or, where that lies in the basin of a local minimum, on
// the way from there to the global one, as near to it as it takes for the slope to lead there.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "core/mathfn.h"
#include "golden/golden.h"
#include "unit/core/problems.h"

namespace lrlab {
namespace {

using namespace testing;

enum class Unit {
  kLimit,     // lr is a share of the largest stable rate at the sharpest point near the way
  kDistance,  // lr is a share of the distance to the minimum
  kPlain,     // lr is what it says
};

struct Row {
  const char* id;
  Unit unit;
  double lr;
  int steps;
  const char* schedule = "cosine";
  int warmup = 0;
};

constexpr Row kRows[] = {
    {"sgd", Unit::kLimit, 0.5, 40000},
    {"momentum", Unit::kLimit, 0.05, 20000},
    {"nesterov", Unit::kLimit, 0.2, 20000},
    {"adagrad", Unit::kDistance, 0.3, 20000},
    {"rmsprop", Unit::kDistance, 0.02, 10000},
    {"adadelta", Unit::kPlain, 1, 10000},
    {"adam", Unit::kDistance, 0.02, 10000},
    {"amsgrad", Unit::kDistance, 0.05, 10000},
    {"adamw", Unit::kDistance, 0.02, 10000},
    {"adamax", Unit::kDistance, 0.02, 10000},
    {"nadam", Unit::kDistance, 0.02, 10000},
    // Its first five steps are not divided by √v: as long as the gradient.
    {"radam", Unit::kDistance, 0.02, 10000, "cosine", 1000},
    {"lion", Unit::kDistance, 0.005, 10000},
    {"yogi", Unit::kDistance, 0.02, 10000},
    {"adabelief", Unit::kDistance, 0.02, 10000},
    {"adan", Unit::kDistance, 0.02, 10000},
    {"lamb", Unit::kPlain, 0.01, 10000},
    {"rprop", Unit::kDistance, 0.01, 5000},
    {"asgd", Unit::kLimit, 0.5, 40000},
    {"signum", Unit::kDistance, 0.005, 10000},
    {"muon", Unit::kDistance, 0.01, 10000},
    {"schedule_free_sgd", Unit::kLimit, 0.2, 40000, "constant"},
    {"schedule_free_adamw", Unit::kDistance, 0.02, 10000, "constant"},
    {"prodigy", Unit::kPlain, 0.1, 10000},
    {"polyak", Unit::kPlain, 100, 2000, "constant"},
    {"lbfgs", Unit::kPlain, 1, 50, "constant"},
};

double sharpness(const SurfaceEval& e) {
  const double middle = (e.xx + e.yy) / 2;
  return std::abs(middle) + std::sqrt((e.xx - e.yy) * (e.xx - e.yy) / 4 + e.xy * e.xy);
}

double distance(Point2 a, Point2 b) { return std::hypot(a.x - b.x, a.y - b.y); }

Point2 nearest_minimum(const SurfaceInfo& info, Point2 p) {
  Point2 best = info.minima[0];
  for (Point2 m : info.minima)
    if (distance(m, p) < distance(best, p)) best = m;
  return best;
}

// Where and at what scale a surface is run.
struct Course {
  std::shared_ptr<Problem> problem;
  double sharpest = 0;  // largest sharpness on and around the way down
  double length = 1;    // distance from the start to the nearest minimum
};

Course course(const SurfaceInfo& info) {
  Course c;
  c.problem = std::make_shared<Problem>(*make_surface(info.id));
  const std::vector<double>& params = c.problem->surface_params;
  if (info.minima.empty()) {
    c.sharpest = sharpness(info.eval(info.start, params));
    return c;
  }
  bool inside = false;
  for (Point2 start = info.start;;) {
    c.problem->start = start;
    c.sharpest = 0;
    c.length = distance(start, nearest_minimum(info, start));
    Point2 p = start;
    for (int i = 0; i < 100000; ++i) {  // gradient flow
      const SurfaceEval e = info.eval(p, params);
      if (distance(p, nearest_minimum(info, p)) > 0.01 * c.length)
        c.sharpest = std::max(c.sharpest, sharpness(e));
      const double h = 0.2 / std::max(sharpness(e), 1e-3);
      p = {p.x - h * e.gradient.x, p.y - h * e.gradient.y};
    }
    const Point2 m = nearest_minimum(info, p);
    c.length = distance(start, m);
    if (distance(p, m) < 1e-2 * c.length) {
      for (int i = 0; i < 20; ++i)
        for (int j = 0; j < 20; ++j)
          c.sharpest =
              std::max(c.sharpest, sharpness(info.eval({start.x + (m.x - start.x) * i / 20,
                                                        start.y + (m.y - start.y) * j / 20},
                                                       params)));
      if (inside || distance(start, info.start) == 0) return c;
      inside = true;
    }
    const Point2 goal = nearest_minimum(info, start);
    start = {goal.x + 0.7 * (start.x - goal.x), goal.y + 0.7 * (start.y - goal.y)};
  }
}

// Pairs that cannot, and why. A pair that comes to reach the minimum after all must leave the list.
struct Cannot {
  const char* optimizer;
  const char* surface;
  const char* reason;
};
constexpr Cannot kCannot[] = {
    {"polyak", "saddle", "the step is measured by the lowest value there is, and there is none"},
};

const char* reason_against(const std::string& optimizer, const std::string& surface) {
  for (const Cannot& c : kCannot)
    if (optimizer == c.optimizer && surface == c.surface) return c.reason;
  return nullptr;
}

// Share of the way that is left at the end; on a surface without a minimum 0 or 1: did it leave?
double share_left(const Row& row, const Course& c) {
  const SurfaceInfo& surface = *c.problem->surface;
  TrainSettings s = make_settings(row.id, row.lr, row.schedule);
  if (std::string_view(row.schedule) == "cosine") value_of(s.schedule, "t_max") = row.steps;
  s.warmup_steps = row.warmup;
  const OptimizerInfo& optimizer = *s.optimizer.info;
  for (std::size_t i = 0; i < optimizer.params.size(); ++i) {
    const std::string_view key = optimizer.params[i].key;
    if (key == "weight_decay") s.optimizer.params[i] = 0;  // it moves the minimum
    if (key == "f_star") s.optimizer.params[i] = surface.minimum;
  }
  if (row.unit == Unit::kLimit)
    s.lr *= optimizer.stability.numerator(s.optimizer.params) / c.sharpest;
  if (row.unit == Unit::kDistance) s.lr *= c.length;

  Trainer trainer(c.problem, s);
  double lowest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < row.steps && !trainer.finished(); ++i)
    lowest = std::min(lowest, trainer.step().loss);
  if (surface.minima.empty()) return lowest < -1 ? 0 : 1;
  const std::vector<Real> end = trainer.eval_theta();
  const Point2 p{static_cast<double>(end[0]), static_cast<double>(end[1])};
  return distance(p, nearest_minimum(surface, p)) / c.length;
}

TEST_CASE("training: what a silent unit remembers becomes 0, never a subnormal number that slows every step" IN_REAL) {
  // 0.6 of the smallest number there is rounds to that number: left alone it would stay for ever.
  const auto problem = testing::make_network({.hidden = {4, 4}, .activation = "relu"});
  TrainSettings s = testing::make_settings("adam", 0.01);
  testing::value_of(s.optimizer, "beta1") = 0.6;
  testing::value_of(s.optimizer, "beta2") = 0.6;
  Trainer trainer(problem, s);
  for (int k = 0; k < 3; ++k) trainer.step();
  TrainState dead = trainer.state();
  for (const TensorView& t : problem->tensors())  // every hidden unit below its threshold for good
    if (t.layer < 2)
      std::fill_n(dead.theta.begin() + static_cast<std::ptrdiff_t>(t.offset), t.size(), t.is_bias ? Real(-1) : Real(0));
  trainer.restore(dead);
  const std::size_t n = problem->tensors()[2].offset;  // the first layer's weights and biases
  bool shrank = false;
  for (int k = 0; k < 1600; ++k) {
    trainer.step();
    const std::vector<Real>& m = trainer.state().optimizer_state;
    std::size_t silent = 0;
    for (std::size_t i = 0; i < n; ++i) {
      shrank = shrank || (m[i] != 0 && fn::abs(m[i]) < Real(1e-9));
      silent += m[i] == 0;
      if (trainer.state().step % 64 == 0) CHECK_FALSE((m[i] != 0 && fn::abs(m[i]) < std::numeric_limits<Real>::min()));
    }
    if (k == 1599) CHECK(silent == n);
  }
  CHECK(shrank);
}

TEST_CASE("optimizers: every one reaches the minimum of every surface, or is listed" IN_REAL) {
  std::vector<Course> courses;
  for (const SurfaceInfo* info : surfaces()) courses.push_back(course(*info));
  for (const OptimizerInfo* info : optimizers()) {
    const std::string id = info->id;
    const Row* row = nullptr;
    for (const Row& r : kRows)
      if (id == r.id) row = &r;
    if (!row) {
      std::printf("convergence: %s has no settings in the table, so it was not run\n", info->id);
      continue;
    }
    for (const Course& c : courses) {
      const std::string surface = c.problem->surface->id;
      const std::string claim = c.problem->surface->minima.empty()
                                    ? id + ": leaves the " + surface
                                    : id + ": reaches the minimum of " + surface;
      const char* reason = reason_against(id, surface);
      const double left = share_left(*row, c);
      if (golden::verbose()) std::printf("%s: %.0e of the way left\n", claim.c_str(), left);
      if (reason)
        CHECK_MESSAGE(left > 1e-2, claim, ", although: ", reason);
      else
        CHECK_MESSAGE(left < 1e-2, claim, "; share of the way left: ", left);
    }
  }
}

}  // namespace
}  // namespace lrlab
