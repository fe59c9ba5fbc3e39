// The mathematics of the optimizers: where they are stable, how fast they are, what they become at
// the ends of their parameters; and what every row must fulfil.
#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "core/mathfn.h"
#include "core/optimizer.h"
#include "core/random.h"
#include "optimizer_rig.h"
#include "unit/core/problems.h"

namespace lrlab {
namespace {

constexpr bool kDouble = sizeof(Real) == 8;

const OptimizerInfo& row(const char* id) {
  const OptimizerInfo* info = find(optimizers(), id);
  REQUIRE_MESSAGE(info, id);
  return *info;
}

double norm(const std::vector<Real>& v) {
  double sum = 0;
  for (Real x : v) sum += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(sum);
}

bool same_bits(const std::vector<Real>& a, const std::vector<Real>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

// ½·θᵀHθ with H = Q·diag(λ)·Qᵀ for a random rotation Q.
struct Quadratic {
  Eigen::MatrixXd q, h;
  Eigen::VectorXd lambda;

  Quadratic(std::vector<double> eigenvalues, Random& random) {
    const auto n = static_cast<Eigen::Index>(eigenvalues.size());
    lambda = Eigen::Map<Eigen::VectorXd>(eigenvalues.data(), n);
    Eigen::MatrixXd m(n, n);
    for (Eigen::Index i = 0; i < n * n; ++i) m.data()[i] = random.normal();
    q = Eigen::HouseholderQR<Eigen::MatrixXd>(m).householderQ();
    h = q * lambda.asDiagonal() * q.transpose();
  }
  // A point with at least half of the largest coordinate along every eigenvector.
  std::vector<Real> start(Random& random) const {
    Eigen::VectorXd z(lambda.size());
    for (double& v : z) v = random.uniform(0.5, 1) * (random.uniform() < 0.5 ? -1 : 1);
    const Eigen::VectorXd theta = q * z;
    return std::vector<Real>(theta.begin(), theta.end());
  }
  OptimizerRig::Function function() const {
    return [this](const Real* theta, Real* grad) {
      const auto n = lambda.size();
      Eigen::VectorXd x(n);
      for (Eigen::Index i = 0; i < n; ++i) x[i] = static_cast<double>(theta[i]);
      const Eigen::VectorXd g = h * x;
      for (Eigen::Index i = 0; i < n; ++i) grad[i] = static_cast<Real>(g[i]);
      return 0.5 * x.dot(g);
    };
  }
};

// Between 1 and n eigenvalues from [1/condition, 1] times a scale; both ends are among them.
std::vector<double> random_spectrum(Random& random, int most) {
  const int n = 2 + static_cast<int>(random.below(static_cast<std::uint32_t>(most - 1)));
  const double scale = std::pow(10, random.uniform(-1, 2)),
               least = std::pow(10, random.uniform(-2, -0.1));
  std::vector<double> lambda = {scale, scale * least};
  while (static_cast<int>(lambda.size()) < n) lambda.push_back(scale * random.uniform(least, 1));
  return lambda;
}

// Share of the distance that is left after each step, in the long run: a geometric mean over the
// second half of as many steps as an expected rate needs for 26 decades.
double contraction(OptimizerRig& rig, const OptimizerRig::Function& f, double lr, double expected) {
  const int steps = static_cast<int>(60 / -std::log(expected));
  double early = 0;
  for (int t = 0; t < steps; ++t) {
    if (t == steps / 2) early = norm(rig.theta());
    rig.update(f, lr);
  }
  return std::pow(norm(rig.theta()) / early, 1.0 / (steps - steps / 2));
}

TEST_CASE("optimizers: gradient descent on a quadratic is stable iff lr < 2/lambda_max" IN_REAL) {
  Random random(101, Stream::kJobs);
  int stable = 0, diverging = 0;
  for (int i = 0; i < 200; ++i) {
    const Quadratic f(random_spectrum(random, 6), random);
    const std::vector<Real> start = f.start(random);
    for (double share : {0.999, 1.001}) {
      OptimizerRig rig(row("sgd"), start);
      for (int t = 0; t < 6000; ++t) rig.update(f.function(), share * 2 / f.lambda.maxCoeff());
      const double growth = norm(rig.theta()) / norm(start);
      share<1 ? stable += growth < 1 : diverging += growth> 1;
    }
  }
  CHECK(stable == 200);
  CHECK(diverging == 200);
}

TEST_CASE("optimizers: gradient descent is fastest at 2/(lambda_min + lambda_max)" IN_REAL) {
  Random random(102, Stream::kJobs);
  for (int i = 0; i < 30; ++i) {
    const Quadratic f(random_spectrum(random, 5), random);
    const double low = f.lambda.minCoeff(), high = f.lambda.maxCoeff(), best = 2 / (low + high);
    const std::vector<Real> start = f.start(random);
    const auto measured = [&](double lr) {
      OptimizerRig rig(row("sgd"), start);
      return contraction(rig, f.function(), lr, (high - low) / (high + low));
    };
    const double at_best = measured(best);
    CHECK(at_best == doctest::Approx((high - low) / (high + low)).epsilon(1e-3));
    for (double share : {0.5, 0.9, 0.97, 1.03})
      if (best * share < 2 / high) CHECK(measured(best * share) > at_best);
  }
}

TEST_CASE("optimizers: momentum reaches Polyak's optimal rate with his optimal pair" IN_REAL) {
  Random random(103, Stream::kJobs);
  for (int i = 0; i < 30; ++i) {
    const Quadratic f(random_spectrum(random, 5), random);
    const double low = std::sqrt(f.lambda.minCoeff()), high = std::sqrt(f.lambda.maxCoeff());
    const double rate = (high - low) / (high + low);  // √μ; gradient descent: with λ for √λ
    OptimizerRig rig(row("momentum"), f.start(random));
    rig.param("momentum") = rate * rate;
    // A double root: the distance falls like t·rateᵗ. Over the second half t doubles.
    const double half = std::floor(60 / -std::log(rate)) / 2;
    const double got = contraction(rig, f.function(), 4 / ((low + high) * (low + high)), rate);
    CHECK(got * std::pow(2, -1 / half) == doctest::Approx(rate).epsilon(0.02));
  }
}

// Every row with a stability rule, on ½·λ·θ². A large ε holds the adaptive rates still, so that the
// rule, which is for rates held still, must meet the truth. (In double only: the run must start so
// near to 0 that no growth wakes the adaptive rates.)
TEST_CASE("optimizers: the stated stability limit is where a run starts to diverge" IN_REAL) {
  if (!kDouble) return;
  for (const OptimizerInfo* info : optimizers()) {
    // Prodigy finds its own rate, so no lr can be held against it.
    if (!info->stability.numerator || std::string_view(info->id) == "prodigy") continue;
    for (double lambda : {1.0, 8.0})
      for (double momentum : {-1.0, 0.5, 0.9}) {
        const auto run = [&](double lr, std::vector<Real>* rate) {
          OptimizerRig rig(*info, {static_cast<Real>(1e-150)});
          for (const ParamSpec& p : info->params) {
            const std::string_view key = p.key;
            if (key == "eps") rig.param(key) = 1;
            if (key == "weight_decay" || key == "lambd") rig.param(key) = 0;
            if (key == "momentum_decay") rig.param(key) = 1;
            if (key == "beta2" || key == "alpha") rig.param(key) = 0.9;
            if ((key == "momentum" || key == "beta1") && momentum >= 0) rig.param(key) = momentum;
          }
          const OptimizerRig::Function f = [=](const Real* theta, Real* grad) {
            grad[0] = static_cast<Real>(lambda) * theta[0];
            return 0.5 * lambda * static_cast<double>(theta[0]) * static_cast<double>(theta[0]);
          };
          double early = 0, late = 0;  // largest distance in two windows
          for (int t = 0; t < 1000; ++t) {
            rig.update(f, lr);
            double& most = t < 800 ? early : late;
            if (t >= 600) most = std::max(most, std::abs(static_cast<double>(rig.theta()[0])));
          }
          if (rate) *rate = rig.effective_rate();
          return late / early;
        };
        std::vector<Real> rate;
        run(1e-6, &rate);
        const double per_lr = rate.empty() ? 1 : static_cast<double>(rate[0]) / 1e-6;
        OptimizerRig defaults(*info);
        std::vector<double> params = with_defaults(*info).params;
        for (std::size_t i = 0; i < params.size(); ++i) {
          const std::string_view key = info->params[i].key;
          if ((key == "momentum" || key == "beta1") && momentum >= 0) params[i] = momentum;
        }
        const double limit = info->stability.numerator(params) / (lambda * per_lr);
        CAPTURE(std::string(info->id));
        CAPTURE(momentum);
        CAPTURE(lambda);
        CHECK(run(0.98 * limit, nullptr) < 1);
        CHECK(run(1.02 * limit, nullptr) > 1);
      }
  }
}

TEST_CASE("optimizers: rate inside or outside the buffer agree while lr is constant" IN_REAL) {
  for (const char* id : {"momentum", "nesterov"})
    for (bool moving : {false, true}) {
      OptimizerRig outside(row(id), {Real(1), Real(-2)}), inside(row(id), {Real(1), Real(-2)});
      inside.param("rate_inside") = 1;
      Random random(104, Stream::kJobs);
      for (int t = 0; t < 50; ++t) {
        for (Real& g : outside.grad()) g = static_cast<Real>(random.normal());
        inside.grad() = outside.grad();
        const double lr = moving && t >= 25 ? 0.001 : 0.01;
        outside.update(lr);
        inside.update(lr);
      }
      const double gap = std::abs(static_cast<double>(outside.theta()[0] - inside.theta()[0]));
      CAPTURE(std::string(id));
      if (moving)
        CHECK(gap > 1e-3);
      else
        CHECK(gap < (kDouble ? 1e-14 : 1e-6));
    }
}

// Gradients of any size, no loss: what is fed to two optimizers that should do the same.
std::vector<Real> train_on_noise(OptimizerRig rig, double lr, int steps = 40) {
  Random random(105, Stream::kJobs);
  for (int t = 0; t < steps; ++t) {
    for (Real& g : rig.grad()) g = static_cast<Real>(random.normal() * std::exp(random.normal()));
    rig.update(lr);
  }
  return rig.theta();
}

OptimizerRig with(const char* id, std::initializer_list<std::pair<const char*, double>> values) {
  OptimizerRig rig(row(id), {Real(1), Real(-0.5), Real(3), Real(0)});
  for (const auto& [key, value] : values) rig.param(key) = value;
  return rig;
}

TEST_CASE("optimizers: momentum 0 is SGD, to the bit" IN_REAL) {
  const std::vector<Real> sgd = train_on_noise(with("sgd", {}), 0.1);
  CHECK(same_bits(train_on_noise(with("momentum", {{"momentum", 0}}), 0.1), sgd));
  CHECK(same_bits(train_on_noise(with("nesterov", {{"momentum", 0}}), 0.1), sgd));
}

TEST_CASE("optimizers: AdamW without decay is Adam, to the bit" IN_REAL) {
  CHECK(same_bits(train_on_noise(with("adamw", {{"weight_decay", 0}}), 0.01),
                  train_on_noise(with("adam", {}), 0.01)));
}

TEST_CASE("optimizers: Adam with both betas 0 and no eps is sign descent" IN_REAL) {
  const std::vector<Real> adam =
      train_on_noise(with("adam", {{"beta1", 0}, {"beta2", 0}, {"eps", 1e-20}}), 0.01);
  const std::vector<Real> sign = train_on_noise(with("signum", {{"momentum", 0}}), 0.01);
  const std::vector<Real> lion = train_on_noise(with("lion", {{"beta1", 0}}), 0.01);
  for (std::size_t i = 0; i < adam.size(); ++i) {
    CHECK(adam[i] == doctest::Approx(sign[i]).epsilon(1e-6));
    CHECK(lion[i] == sign[i]);
  }
}

TEST_CASE(
    "optimizers: the first step of the Adam family is lr times the sign of the gradient" IN_REAL) {
  for (const char* id :
       {"adam", "amsgrad", "adamw", "adamax", "adan", "adagrad", "rprop", "lion", "signum"}) {
    OptimizerRig rig(row(id), {Real(0), Real(0), Real(0)});
    rig.grad() = {Real(3), Real(-1e-3), Real(0)};
    rig.update(0.25);
    CAPTURE(std::string(id));
    CHECK(rig.theta()[0] == doctest::Approx(-0.25).epsilon(1e-4));
    CHECK(rig.theta()[1] == doctest::Approx(0.25).epsilon(1e-4));
    CHECK(rig.theta()[2] == 0);
  }
}

TEST_CASE("optimizers: RAdam is momentum while its memory is short, and Adam in the end" IN_REAL) {
  OptimizerRig radam = with("radam", {{"beta2", 0.9}}), adam = with("adam", {{"beta2", 0.9}});
  Random random(106, Stream::kJobs);
  for (int t = 0; t < 400; ++t) {
    for (Real& g : radam.grad()) g = static_cast<Real>(random.normal());
    adam.grad() = radam.grad();
    radam.theta() = adam.theta() = {Real(0), Real(0), Real(0), Real(0)};
    radam.update(0.01);
    adam.update(0.01);
    // One step of length lr·m̂ or lr·r·m̂/√v̂; the first with β₁ = 0.9 is lr·g.
    if (t == 0) CHECK(radam.theta()[0] == doctest::Approx(-0.01 * radam.grad()[0]));
  }
  const double rho_inf = 2 / 0.1 - 1;  // r² = (ρ−4)(ρ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρ) → 1
  CHECK(rho_inf > 5);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(radam.theta()[i] == doctest::Approx(adam.theta()[i]).epsilon(1e-4));
}

TEST_CASE("optimizers: Schedule-Free SGD is averaging at both ends of beta" IN_REAL) {
  Random random(107, Stream::kJobs);
  const Quadratic f({0.3, 1, 2}, random);
  const std::vector<Real> start = f.start(random);
  // By hand, in double: beta 0 takes the gradient at z, beta 1 at the average x.
  for (double beta : {0.0, 1.0}) {
    OptimizerRig rig(row("schedule_free_sgd"), start);
    rig.param("momentum") = beta;
    Eigen::VectorXd z(3), x;
    for (Eigen::Index i = 0; i < 3; ++i)
      z[i] = static_cast<double>(start[static_cast<std::size_t>(i)]);
    x = z;
    for (int t = 1; t <= 50; ++t) {
      rig.update(f.function(), 0.3);
      z -= 0.3 * (f.h * (beta == 0 ? z : x));
      x += (z - x) / t;
    }
    const std::vector<Real> got = rig.eval_point();
    for (std::size_t i = 0; i < 3; ++i) {
      CAPTURE(beta);
      CHECK(std::abs(static_cast<double>(got[i]) - x[static_cast<Eigen::Index>(i)]) <
            (kDouble ? 1e-14 : 1e-6));
    }
  }
}

TEST_CASE(
    "optimizers: Polyak's step halves the distance on a quadratic, or ends it with c = "
    "1/2" IN_REAL) {
  for (double c : {1.0, 0.5}) {
    OptimizerRig rig(row("polyak"), {Real(4), Real(-2)});
    rig.param("c") = c;
    const OptimizerRig::Function f = [](const Real* theta, Real* grad) {
      double value = 3.5;  // f*
      for (int i = 0; i < 2; ++i) {
        grad[i] = 5 * theta[i];
        value += 2.5 * static_cast<double>(theta[i]) * static_cast<double>(theta[i]);
      }
      return value;
    };
    rig.param("f_star") = 3.5;
    rig.update(f, 100);
    CHECK(rig.theta()[0] == doctest::Approx(c == 1 ? 2 : 0));
    CHECK(rig.theta()[1] == doctest::Approx(c == 1 ? -1 : 0));
    rig.update(f, 0.01);  // the dial is the cap
    CHECK(rig.theta()[0] == doctest::Approx(c == 1 ? 2 * 0.95 : 0));
    CHECK(rig.scalar(0) == doctest::Approx(c == 1 ? 0.01 : 0));
  }
}

// The orthogonal matrix that Muon adds for a gradient, lr and shape factor taken out.
Eigen::MatrixXd muon_direction(const Eigen::MatrixXd& gradient, bool exact) {
  const int rows = static_cast<int>(gradient.rows()), cols = static_cast<int>(gradient.cols());
  const auto n = static_cast<std::size_t>(gradient.size());
  OptimizerRig rig(row("muon"), with_defaults(row("muon")).params, std::vector<Real>(n),
                   {{.offset = 0, .rows = rows, .cols = cols, .layer = 0, .is_bias = false}});
  rig.param("weight_decay") = 0;
  if (exact) {  // the classical coefficients, run to the end
    rig.param("ns_a") = 1.875;
    rig.param("ns_b") = -1.25;
    rig.param("ns_c") = 0.375;
    rig.param("ns_steps") = 40;
  }
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < cols; ++c)
      rig.grad()[static_cast<std::size_t>(r * cols + c)] = static_cast<Real>(gradient(r, c));
  rig.update(1);
  CHECK(rig.intact());
  Eigen::MatrixXd out(rows, cols);
  const double shape = std::sqrt(std::max(1.0, static_cast<double>(rows) / cols));
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < cols; ++c)
      out(r, c) = -static_cast<double>(rig.theta()[static_cast<std::size_t>(r * cols + c)]) / shape;
  return out;
}

TEST_CASE("optimizers: Muon's step has all singular values near 1" IN_REAL) {
  Random random(108, Stream::kJobs);
  for (const auto& [rows, cols] :
       {std::pair(4, 6), {6, 4}, {1, 5}, {5, 1}, {8, 24}, {33, 9}, {17, 64}}) {
    Eigen::MatrixXd g(rows, cols);
    for (double& v : g.reshaped()) v = 1e-3 * random.normal();
    CAPTURE(rows);
    CAPTURE(cols);
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(g, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::VectorXd tuned = muon_direction(g, false).jacobiSvd().singularValues();
    CHECK(tuned.maxCoeff() < 1.25);
    CHECK(tuned.minCoeff() > 0.65);
    const double error =
        (muon_direction(g, true) - svd.matrixU() * svd.matrixV().transpose()).cwiseAbs().maxCoeff();
    CHECK(error < (kDouble ? 1e-12 : 1e-5));
  }
}

TEST_CASE("optimizers: Prodigy's estimate stays below the distance and comes near it" IN_REAL) {
  // |θ − 7| in one dimension: the distance from the start is 7, and the estimate never exceeds it.
  OptimizerRig rig(row("prodigy"), {Real(0)});
  const OptimizerRig::Function f = [](const Real* theta, Real* grad) {
    grad[0] = theta[0] < 7 ? Real(-1) : Real(1);
    return std::abs(static_cast<double>(theta[0]) - 7);
  };
  for (int t = 0; t < 2000; ++t) {
    rig.update(f, 1);
    CHECK(rig.scalar(0) <= 7);
  }
  CHECK(rig.scalar(0) > 0.7);
}

TEST_CASE("optimizers: L-BFGS ends a quadratic of n dimensions in about n inner steps" IN_REAL) {
  Random random(109, Stream::kJobs);
  for (int i = 0; i < 50; ++i) {
    const Quadratic f(random_spectrum(random, 6), random);
    OptimizerRig rig(row("lbfgs"), f.start(random));
    rig.param("max_iter") = 50;
    rig.param("max_eval") = 200;
    const double before = rig.update(f.function(), 1);
    std::vector<Real> grad(rig.n());
    CHECK(f.function()(rig.theta().data(), grad.data()) < 1e-6 * before);
    CHECK(rig.scalar(0) <= 30);
  }
}

TEST_CASE("optimizers: L-BFGS comes back from points where the loss is not finite" IN_REAL) {
  // −log θ + θ: no value at θ ≤ 0, minimum at 1; a first step with lr 1000 lands far outside.
  const OptimizerRig::Function f = [](const Real* theta, Real* grad) {
    const double x = static_cast<double>(theta[0]);
    grad[0] = static_cast<Real>(1 - 1 / x);
    return x > 0 ? x - std::log(x) : std::numeric_limits<double>::quiet_NaN();
  };
  OptimizerRig rig(row("lbfgs"), {Real(30)});
  for (int t = 0; t < 10; ++t) rig.update(f, 1000);
  CHECK(rig.theta()[0] == doctest::Approx(1).epsilon(1e-3));
}

// ---- laws of every row
// ---------------------------------------------------------------------------

bool is_id(const std::string& s) {
  return !s.empty() &&
         s.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

TEST_CASE("optimizers: every row is complete and its defaults are in range" IN_REAL) {
  std::set<std::string> ids, labels;
  for (const OptimizerInfo* info : optimizers()) {
    CAPTURE(std::string(info->id));
    CHECK(is_id(info->id));
    CHECK(ids.insert(info->id).second);
    CHECK(labels.insert(info->label).second);
    for (const char* text : {info->label, info->formula, info->reference, info->doc, info->matches})
      CHECK(std::strlen(text) > 0);
    CHECK(static_cast<bool>(info->update));
    CHECK(info->default_lr > 0);
    CHECK(info->momentum_param < static_cast<int>(info->params.size()));
    if (info->stability.numerator) {
      CHECK(info->stability.numerator(with_defaults(*info).params) > 0);
      CHECK(std::strlen(info->stability.formula) > 0);
    }
    std::set<std::string> slots;
    for (const StateSlot& slot : info->state) {
      CHECK(is_id(slot.name));
      CHECK(slots.insert(slot.name).second);
      CAPTURE(slot.symbol);
      CHECK(std::strstr(info->formula, slot.symbol) != nullptr);
    }
    std::set<std::string> keys;
    for (const ParamSpec& p : info->params) {
      CAPTURE(std::string(p.key));
      CHECK(is_id(p.key));
      CHECK(keys.insert(p.key).second);
      CHECK(std::strlen(p.label) > 0);
      CHECK(std::strlen(p.doc) > 0);
      CHECK(p.min < p.max);
      CHECK(p.def >= p.min);
      CHECK(p.def <= p.max);
      if (p.kind == ParamKind::kChoice) {
        CHECK(p.max == choice_count(p) - 1);
        CHECK(choice_name(p, static_cast<int>(p.def)).size() > 0);
      }
      if (p.kind != ParamKind::kNumber) CHECK(p.def == std::floor(p.def));
    }
  }
  CHECK(ids.size() >= 26);
}

// A 3 x 4 weight matrix and a bias of 4: enough for methods that look at shapes.
std::vector<TensorView> small_layer() {
  return {{.offset = 0, .rows = 3, .cols = 4, .layer = 0, .is_bias = false},
          {.offset = 12, .rows = 3, .cols = 1, .layer = 0, .is_bias = true}};
}
std::vector<Real> small_start() {
  std::vector<Real> start;
  for (int i = 0; i < 15; ++i) start.push_back(static_cast<Real>(1 - 0.13 * i));
  return start;
}
// A convex quadratic with curvatures from 0.5 to 5 and its minimum of 0 at 0.
double bowl(const Real* theta, Real* grad) {
  double value = 0;
  for (int i = 0; i < 15; ++i) {
    const double h = 0.5 + 0.32 * i, x = static_cast<double>(theta[i]);
    grad[i] = static_cast<Real>(h * x);
    value += 0.5 * h * x * x;
  }
  return value;
}

TEST_CASE("optimizers: every row keeps to the memory it asked for" IN_REAL) {
  for (const OptimizerInfo* info : optimizers()) {
    CAPTURE(std::string(info->id));
    OptimizerRig rig(*info, with_defaults(*info).params, small_start(), small_layer());
    for (int t = 0; t < 30; ++t) rig.update(bowl, info->default_lr);
    rig.effective_rate();
    rig.eval_point();
    CHECK(rig.intact());
  }
}

TEST_CASE("optimizers: every row lowers the loss of a convex bowl from its default rate" IN_REAL) {
  for (const OptimizerInfo* info : optimizers()) {
    CAPTURE(std::string(info->id));
    OptimizerRig rig(*info, with_defaults(*info).params, small_start(), small_layer());
    std::vector<Real> grad(15);
    const double before = bowl(rig.theta().data(), grad.data());
    for (int t = 0; t < 1000; ++t) rig.update(bowl, info->default_lr);
    const double after = bowl(rig.eval_point().data(), grad.data());
    CHECK(after < 0.9 * before);
  }
}

TEST_CASE("optimizers: with lr = 0 nothing moves" IN_REAL) {
  for (const OptimizerInfo* info : optimizers()) {
    // Rprop's steps are never below step_min, in PyTorch too.
    if (std::string_view(info->id) == "rprop") continue;
    CAPTURE(std::string(info->id));
    OptimizerRig rig(*info, with_defaults(*info).params, small_start(), small_layer());
    for (int t = 0; t < 10; ++t) rig.update(bowl, 0);
    CHECK(same_bits(rig.theta(), small_start()));
    CHECK(same_bits(rig.eval_point(), small_start()));
  }
}

TEST_CASE("optimizers: effective rates are positive, finite and proportional to lr" IN_REAL) {
  for (const OptimizerInfo* info : optimizers()) {
    if (!info->effective_rate) continue;
    CAPTURE(std::string(info->id));
    OptimizerRig rig(*info, with_defaults(*info).params, small_start(), small_layer());
    for (int t = 0; t < 20; ++t) rig.update(bowl, info->default_lr);
    for (Real r : rig.effective_rate()) {
      CHECK(r > 0);
      CHECK(std::isfinite(r));
    }
    // curvature.cpp asks at lr = 1 for the share of lr.
    if (!info->stability.numerator) continue;
    OptimizerStep s = rig.args(1);
    --s.step;
    std::vector<Real> at_one(15), at_lr = rig.effective_rate();
    info->effective_rate(s, at_one.data());
    for (std::size_t i = 0; i < 15; ++i)
      CHECK(at_lr[i] == doctest::Approx(at_one[i] * info->default_lr).epsilon(1e-5));
  }
}

TEST_CASE("optimizers: steps where the gradient is 0 throughout leave everything finite" IN_REAL) {
  for (const OptimizerInfo* info : optimizers()) {
    CAPTURE(std::string(info->id));
    OptimizerRig rig(*info, with_defaults(*info).params, std::vector<Real>(15), small_layer());
    const OptimizerRig::Function flat = [](const Real*, Real* grad) {
      for (int i = 0; i < 15; ++i) grad[i] = 0;
      return 0.25;
    };
    for (int t = 0; t < 5; ++t) rig.update(flat, info->default_lr);
    CHECK(same_bits(rig.theta(), std::vector<Real>(15)));
    for (Real r : rig.effective_rate()) CHECK(std::isfinite(r));
  }
}

TEST_CASE(
    "optimizers: a snapshot goes on with the same bits, in its own trainer and another" IN_REAL) {
  const auto problem = testing::make_network({.dataset = "moons", .hidden = {6, 5}, .count = 90});
  for (const OptimizerInfo* info : optimizers())
    for (bool everything : {false, true}) {
      TrainSettings s =
          testing::make_settings(info->id, info->default_lr, everything ? "one_cycle" : "constant",
                                 everything ? "autoclip" : "none");
      s.batch_size = 16;
      if (everything) {
        s.dropout = 0.1;
        s.grad_noise = 0.01;
        s.averaging = Averaging::kEma;
      }
      CAPTURE(std::string(info->id));
      Trainer trainer(problem, s), other(problem, s);
      for (int t = 0; t < 13; ++t) trainer.step();
      const TrainState snapshot = trainer.state();
      const auto go_on = [](Trainer& from) {
        for (int t = 0; t < 17; ++t) from.step();
        return from.eval_theta();
      };
      const std::vector<Real> end = go_on(trainer);
      CHECK_FALSE(trainer.state().diverged);
      trainer.restore(snapshot);
      CHECK(same_bits(go_on(trainer), end));
      other.step();  // whatever it did before must not matter
      other.restore(snapshot);
      CHECK(same_bits(go_on(other), end));
    }
}

}  // namespace
}  // namespace lrlab
