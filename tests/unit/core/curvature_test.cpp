// Curvature: products, sharpness against dense eigenvalues, and the rates at which training breaks.
#include "core/curvature.h"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "core/random.h"
#include "unit/core/problems.h"
#include "unit/core/rows.h"

using namespace lrlab;

namespace {

constexpr bool kDouble = sizeof(Real) == 8;
using Matrix64 = Eigen::MatrixXd;

Matrix64 dense(Hessian& hessian) {
  const auto n = static_cast<Eigen::Index>(hessian.size());
  Matrix64 h(n, n);
  std::vector<Real> unit(hessian.size()), column(hessian.size());
  for (Eigen::Index j = 0; j < n; ++j) {
    unit[static_cast<std::size_t>(j)] = 1;
    hessian.multiply(unit.data(), column.data());
    unit[static_cast<std::size_t>(j)] = 0;
    for (Eigen::Index i = 0; i < n; ++i) h(i, j) = static_cast<double>(column[static_cast<std::size_t>(i)]);
  }
  return h;
}

double top_eigenvalue(const Matrix64& m) {
  return Eigen::SelfAdjointEigenSolver<Matrix64>((m + m.transpose()) / 2, Eigen::EigenvaluesOnly)
      .eigenvalues().maxCoeff();
}

// A network that has trained for a while.
struct Trained {
  std::shared_ptr<const Problem> problem;
  std::unique_ptr<Trainer> trainer;
  Trained(testing::NetworkProblem p, const char* optimizer, double lr, int steps, double l2 = 0)
      : problem(testing::make_network(p)) {
    TrainSettings s = testing::make_settings(optimizer, lr);
    s.l2 = l2;
    trainer = std::make_unique<Trainer>(problem, s);
    for (int i = 0; i < steps; ++i) trainer->step();
  }
};

}  // namespace

TEST_CASE("Hessian: symmetric, and the same bits whether values are kept or made again" IN_REAL) {
  // More samples than one chunk, and not a multiple of 16.
  const auto problem = testing::make_network({.dataset = "spiral", .hidden = {20, 12}, .count = 900});
  Trainer trainer(problem, testing::make_settings("sgd", 0.1));
  Hessian hessian(problem), frugal(problem, 0);
  hessian.set_point(trainer.theta().data(), 0.01);
  frugal.set_point(trainer.theta().data(), 0.01);
  const std::size_t n = hessian.size();
  std::vector<Real> u(n), v(n), hu(n), hv(n), again(n);
  Random random(1, Stream::kProbe);
  for (Real& x : u) x = static_cast<Real>(random.normal());
  for (Real& x : v) x = static_cast<Real>(random.normal());
  hessian.multiply(u.data(), hu.data());
  hessian.multiply(v.data(), hv.data());
  frugal.multiply(u.data(), again.data());
  CHECK(again == hu);
  double uhv = 0, vhu = 0;
  for (std::size_t i = 0; i < n; ++i) {
    uhv += static_cast<double>(u[i]) * static_cast<double>(hv[i]);
    vhu += static_cast<double>(v[i]) * static_cast<double>(hu[i]);
  }
  const double size = norm2(u.data(), n) * norm2(hv.data(), n);
  CHECK(std::abs(uhv - vhu) <= (kDouble ? 1e-13 : 1e-5) * size);
}

TEST_CASE("sharpness: equals the dense Hessian's largest eigenvalue to 1e-6" IN_REAL) {
  struct Case {
    testing::NetworkProblem problem;
    const char* optimizer;
    double lr;
    int steps;
    double l2;
  };
  const Case cases[] = {
      {{.dataset = "spiral", .hidden = {6, 6}}, "sgd", 0.3, 200, 0},
      {{.dataset = "moons", .hidden = {12}, .activation = "gelu"}, "momentum", 0.05, 100, 0.01},
      {{.dataset = "iris", .hidden = {8}, .activation = "relu"}, "adam", 0.01, 100, 0},
      {{.dataset = "sine", .hidden = {10, 8}, .activation = "sigmoid"}, "sgd", 0.1, 300, 0.001},
      {{.dataset = "circle", .hidden = {}, .loss = "half_mse"}, "sgd", 0.1, 50, 0},
      {{.dataset = "spiral", .hidden = {14, 14}, .output = "tanh", .loss = "mse"}, "adam", 0.01, 200, 0},
  };
  for (const Case& c : cases) {
    INFO(c.problem.dataset);
    const Trained run(c.problem, c.optimizer, c.lr, c.steps, c.l2);
    Hessian hessian(run.problem);
    CHECK(hessian.size() <= 300);
    hessian.set_point(run.trainer->theta().data(), c.l2);
    const double want = top_eigenvalue(dense(hessian));
    const Sharpness got = sharpness(hessian, {.max_iterations = 300, .tolerance = kDouble ? 1e-10 : 1e-5, .seed = 3});
    CHECK(got.value == doctest::Approx(want).epsilon(kDouble ? 1e-9 : 1e-5));
    // The residual is that of the vector, and bounds the error.
    std::vector<Real> out(hessian.size());
    hessian.multiply(got.vector.data(), out.data());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= static_cast<Real>(got.value) * got.vector[i];
    CHECK(norm2(out.data(), out.size()) <= got.residual + (kDouble ? 1e-9 : 1e-4) * want);
    CHECK(norm2(got.vector.data(), out.size()) == doctest::Approx(1).epsilon(1e-5));

    // The loose setting that the screen uses is within its own tolerance, and cheap.
    const Sharpness quick = sharpness(hessian);
    CHECK(quick.value == doctest::Approx(want).epsilon(1e-3));
    CHECK(quick.value <= want * (1 + 1e-5));
    CHECK(quick.iterations <= 64);
    // A warm start is cheaper still.
    const Sharpness warm = sharpness(hessian, {}, {}, quick.vector);
    CHECK(warm.value == doctest::Approx(want).epsilon(1e-3));
    CHECK(warm.iterations <= quick.iterations);
    // The same call gives the same bits.
    const Sharpness same = sharpness(hessian);
    CHECK(same.value == quick.value);
    CHECK(same.vector == quick.vector);
  }
}

TEST_CASE("sharpness: the preconditioned one equals that of the dense S·H·S" IN_REAL) {
  for (const char* optimizer : {"adam", "rmsprop", "adagrad"}) {
    const Trained run({.dataset = "moons", .hidden = {10, 6}}, optimizer, 0.01, 150);
    Hessian hessian(run.problem);
    hessian.set_point(run.trainer->theta().data(), 0);
    const std::vector<Real> s = step_scale(*run.trainer);
    REQUIRE(s.size() == hessian.size());
    Matrix64 m = dense(hessian);
    for (Eigen::Index i = 0; i < m.rows(); ++i)
      for (Eigen::Index j = 0; j < m.cols(); ++j)
        m(i, j) *= static_cast<double>(s[static_cast<std::size_t>(i)]) * static_cast<double>(s[static_cast<std::size_t>(j)]);
    const Sharpness got = sharpness(hessian, {.max_iterations = 300, .tolerance = kDouble ? 1e-10 : 1e-5, .seed = 3}, s);
    CHECK(got.value == doctest::Approx(top_eigenvalue(m)).epsilon(kDouble ? 1e-9 : 1e-4));
  }
  const Trained plain({.dataset = "moons"}, "sgd", 0.01, 5);
  CHECK(step_scale(*plain.trainer).empty());
}

TEST_CASE("sharpness: of surfaces it is the larger eigenvalue of the 2 by 2 Hessian" IN_REAL) {
  for (const SurfaceInfo* info : surfaces()) {
    const auto problem = testing::make_surface(info->id);
    Hessian hessian(problem);
    const SurfaceEval e = info->eval(info->start, problem->surface_params);
    const Real point[] = {static_cast<Real>(info->start.x), static_cast<Real>(info->start.y)};
    hessian.set_point(point, 0);
    const double mean = (e.xx + e.yy) / 2, radius = std::hypot((e.xx - e.yy) / 2, e.xy);
    const Sharpness got = sharpness(hessian, {.max_iterations = 10, .tolerance = 1e-12, .seed = 1});
    INFO(info->id);
    CHECK(std::abs(got.value - (mean + radius)) <= (kDouble ? 1e-12 : 1e-4) * (std::abs(mean) + radius));
  }
}

TEST_CASE("Lanczos: a matrix that is not finite ends without a value" IN_REAL) {
  const auto problem = testing::make_network({.dataset = "moons"});
  Trainer trainer(problem, testing::make_settings("sgd", 0.1));
  std::vector<Real> theta = trainer.theta();
  theta[0] = std::numeric_limits<Real>::quiet_NaN();
  Hessian hessian(problem);
  hessian.set_point(theta.data(), 0);
  const Sharpness got = sharpness(hessian);
  CHECK(got.value != got.value);
  CHECK(got.iterations == 1);
  CHECK(got.vector.empty());
}

TEST_CASE("largest_eigenvalue: equals Eigen's on random tridiagonal matrices" IN_REAL) {
  Random random(5, Stream::kJobs);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t n = 1 + random.below(60);
    std::vector<double> diagonal(n), off(n > 1 ? n - 1 : 0), vector;
    for (double& d : diagonal) d = random.normal();
    for (double& d : off) d = std::abs(random.normal()) * (random.below(5) ? 1 : 1e-9);  // nearly split, too
    Matrix64 m = Matrix64::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
    for (std::size_t i = 0; i < n; ++i) {
      const auto k = static_cast<Eigen::Index>(i);
      m(k, k) = diagonal[i];
      if (i + 1 < n) m(k, k + 1) = m(k + 1, k) = off[i];
    }
    const double got = largest_eigenvalue(diagonal, off, -100, 100, vector);
    CHECK(got == doctest::Approx(top_eigenvalue(m)).epsilon(1e-13).scale(10));
    const Eigen::VectorXd x = Eigen::Map<Eigen::VectorXd>(vector.data(), static_cast<Eigen::Index>(n));
    CHECK(x.norm() == doctest::Approx(1));
    CHECK((m * x - got * x).norm() < 1e-11);
  }
}

namespace {

// Runs an optimizer's own update on ½·λ·x² from a small x and returns how much |x| has grown; over
// 100 it stops.
// `state`: the values that its slots hold at first; `age`: the updates it has already seen.
double growth(const OptimizerInfo& info, const std::vector<double>& params, double lambda, double lr,
              int steps, const std::vector<double>& state = {}, std::uint64_t age = 0) {
  std::vector<Real> slots(static_cast<std::size_t>(info.slots(params)));
  for (std::size_t i = 0; i < state.size(); ++i) slots[i] = static_cast<Real>(state[i]);
  std::vector<double> scalars(static_cast<std::size_t>(info.scalars));
  const TensorView whole{0, 1, 1, 0, false};
  const Real start = static_cast<Real>(1e-3);
  Real x = start;
  double peak = 0;
  for (int t = 0; t < steps; ++t) {
    const Real g = static_cast<Real>(lambda) * x;
    info.update({.n = 1, .theta = &x, .grad = &g, .state_begin = slots.data(), .scalars = scalars.data(),
                 .params = params, .tensors = {&whole, 1}, .lr = lr,
                 .step = age + static_cast<std::uint64_t>(t), .loss = 0, .evaluate = {}});
    if (!(std::abs(x) < 100 * start)) return 100;
    if (t >= steps - 50) peak = std::max(peak, std::abs(static_cast<double>(x)));
  }
  return peak / static_cast<double>(start);
}

std::vector<double> defaults(const OptimizerInfo& info) { return with_defaults(info).params; }

}  // namespace

TEST_CASE("stability: plain and momentum methods break exactly at their limit" IN_REAL) {
  Random random(9, Stream::kJobs);
  for (const char* id : {"sgd", "momentum", "nesterov"}) {
    const OptimizerInfo& info = *find(optimizers(), id);
    for (int trial = 0; trial < 100; ++trial) {
      std::vector<double> params = defaults(info);
      testing::set_param(info.params, params, "momentum", random.uniform(0, 0.95));
      const double lambda = std::pow(10, random.uniform(-2, 3));
      const double limit = stability_limit(info, params, lambda).lr;
      INFO(info.label << " limit " << limit << " lambda " << lambda);
      CHECK(growth(info, params, lambda, 0.999 * limit, 6000) < 1);
      CHECK(growth(info, params, lambda, 1.001 * limit, 6000) > 1);
    }
  }
}

#ifdef LRLAB_DOUBLE
TEST_CASE("stability: Adam and its kin break at theirs when their rates stand still" IN_REAL) {
  // β₂ so near 1 that the squared average stays what it is, and so old that its correction is over.
  constexpr double kStill = 1 - 1e-12;
  constexpr std::uint64_t kAge = 1000000000000000ull;
  struct Kin {
    const char* id;
    std::vector<double> state;  // whose root is 2
  };
  const Kin kin[] = {{"adam", {0, 4}}, {"adamw", {0, 4}}, {"amsgrad", {0, 4, 4}}, {"adamax", {0, 2}},
                     {"nadam", {0, 4}}, {"radam", {0, 4}}, {"yogi", {0, 4}}, {"adabelief", {0, 4}},
                     {"rmsprop", {4}}};
  for (const auto& [id, state] : kin) {
    const OptimizerInfo& info = *find(optimizers(), id);
    INFO(info.label);
    for (double beta1 : {0.0, 0.5, 0.9}) {
      std::vector<double> params = defaults(info);
      testing::set_param(info.params, params, "beta1", beta1);
      testing::set_param(info.params, params, "beta2", kStill);
      testing::set_param(info.params, params, "alpha", kStill);
      testing::set_param(info.params, params, "momentum_decay", 1);  // NAdam's slow start is over
      testing::set_param(info.params, params, "weight_decay", 0);
      const double lambda = 3, limit = stability_limit(info, params, lambda / 2).lr;  // S·H·S = λ/2
      INFO("beta1 " << beta1 << " limit " << limit);
      CHECK(growth(info, params, lambda, 0.99 * limit, 4000, state, kAge) < 1);
      CHECK(growth(info, params, lambda, 1.01 * limit, 1000, state, kAge) > 1);
    }
  }
  // 38/λ, as Cohen et al. 2022 have it.
  const OptimizerInfo& adam = *find(optimizers(), "adam");
  CHECK(stability_limit(adam, defaults(adam), 1).lr == doctest::Approx(38));
}

TEST_CASE("stability: full-batch training drifts to the edge and hovers there" IN_REAL) {
  // Cohen et al. 2021: 20 points of a Chebyshev polynomial, one hidden layer of tanh, half the
  // squared error. Sharpness rises to 2/lr and stays near it while the loss goes on falling.
  auto problem = std::make_shared<Problem>();
  problem->mlp = Mlp({1, 40, 1}, *find(activations(), "tanh"), *find(activations(), "identity"));
  problem->loss = find(losses(), "half_mse");
  problem->initializer = find(initializers(), "xavier_normal");
  auto data = std::make_shared<Data>();
  data->classes = 0;
  data->train.x = Matrix(1, 20);
  data->train.target = Matrix(1, 20);
  for (std::size_t i = 0; i < 20; ++i) {
    const double x = -1 + 2 * static_cast<double>(i) / 19;
    data->train.x.row(0)[i] = x;
    data->train.target.row(0)[i] = 16 * std::pow(x, 5) - 20 * std::pow(x, 3) + 5 * x;  // T₅
  }
  problem->data = data;
  TrainSettings s = testing::make_settings("sgd", 0.4);
  s.batch_size = 0;
  Trainer trainer(problem, s);
  SharpnessProbe probe;
  const auto measure = [&] {
    probe.begin(trainer);
    while (!probe.step()) continue;
    return probe.reading().sharpness.value * s.lr / 2;  // 1: at the edge
  };
  const double at_start = measure();
  double loss_before = 0;
  for (int t = 0; t < 30000; ++t) {
    const StepReport r = trainer.step();
    if (t == 15000) loss_before = r.loss;
  }
  double lowest = 1e9, highest = 0, loss = 0;
  for (int k = 0; k < 50; ++k) {
    for (int t = 0; t < 20; ++t) loss = trainer.step().loss;
    lowest = std::min(lowest, measure());
    highest = std::max(highest, measure());
  }
  INFO("start " << at_start << ", then " << lowest << " to " << highest);
  CHECK(at_start < 0.8);
  CHECK(lowest > 0.8);
  CHECK(highest < 1.3);
  CHECK(loss < loss_before);
}
#endif

TEST_CASE("stability: unknown and flat have no finite limit" IN_REAL) {
  const OptimizerInfo& sgd = *find(optimizers(), "sgd");
  CHECK(stability_limit(sgd, {}, 4).lr == 0.5);
  CHECK(stability_limit(sgd, {}, -1).lr == std::numeric_limits<double>::infinity());
  const double unknown = stability_limit(sgd, {}, std::nan("")).lr;
  CHECK(unknown != unknown);
  OptimizerInfo without = sgd;
  without.stability = {};
  const double none = stability_limit(without, {}, 4).lr;
  CHECK(none != none);
}

TEST_CASE("sharpness probe: reads a run without touching it" IN_REAL) {
  const auto problem = testing::make_network({.dataset = "moons"});
  Trainer a(problem, testing::make_settings("adam", 0.01)), b(problem, testing::make_settings("adam", 0.01));
  SharpnessProbe probe;
  for (int t = 0; t < 60; ++t) {
    a.step();
    b.step();
    if (t % 20 == 0) probe.begin(b);
    probe.step();
  }
  CHECK(hash_bits(a.theta()) == hash_bits(b.theta()));
  CHECK_FALSE(probe.busy());
  CHECK(probe.reading().step == 41);
  CHECK(probe.reading().preconditioned);
  CHECK(probe.reading().limit.lr > 0);
  CHECK(probe.reading().lr == 0.01);
}
