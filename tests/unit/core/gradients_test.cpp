// Derivatives of a network by differences: every activation, loss, depth and penalty.
//
// In double: central differences with h = 1e-5 have an error of about h² = 1e-10 from the third
// derivative and 1e-16/h = 1e-11 from rounding; the claim is 1e-7 of the largest entry. In float
// the same formulas run; the double build of the same source is their oracle.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "core/curvature.h"
#include "core/simd.h"
#include "unit/core/problems.h"

using namespace lrlab;

namespace {

// Few samples with real-valued or class targets; data away from 0, weights and biases at random.
std::shared_ptr<Problem> problem(const std::vector<int>& sizes, const char* hidden, const char* output,
                                 const char* loss, std::uint64_t seed) {
  auto p = std::make_shared<Problem>();
  p->mlp = Mlp(sizes, *find(activations(), hidden), *find(activations(), output));
  p->loss = find(losses(), loss);
  p->initializer = find(initializers(), "torch");  // random biases too
  constexpr std::size_t kCount = 5;
  auto data = std::make_shared<Data>();
  data->features = sizes.front();
  data->outputs = sizes.back();
  data->classes = 0;
  data->train.x = Matrix(static_cast<std::size_t>(sizes.front()), kCount);
  data->train.target = Matrix(static_cast<std::size_t>(sizes.back()), kCount);
  Random random(seed, Stream::kData);
  const bool classes = std::string(loss) == "cross_entropy", logits = std::string(loss) == "bce";
  for (std::size_t b = 0; b < kCount; ++b) {
    for (std::size_t f = 0; f < data->train.x.rows; ++f)
      data->train.x.row(f)[b] = static_cast<Real>(random.normal());
    const std::size_t right = random.below(static_cast<std::uint32_t>(sizes.back()));
    for (std::size_t o = 0; o < data->train.target.rows; ++o)
      data->train.target.row(o)[b] = static_cast<Real>(
          classes ? (o == right ? 1.0 : 0.0) : logits ? random.below(2) : random.normal());
  }
  p->data = data;
  return p;
}

struct Scene {
  std::shared_ptr<Problem> problem;
  TrainSettings settings;
  std::vector<Real> theta;
  std::string name;
};

// Every activation in hidden layers × every loss × depth 0, 1, 2 × penalty, and every activation at
// the output under the squared error.
template <class Check>
void for_each_scene(Check check) {
  const std::vector<std::vector<int>> shapes = {{3, 2}, {2, 5, 2}, {3, 4, 6, 2}};
  const double penalties[][2] = {{0, 0}, {0.03, 0}, {0, 0.02}, {0.01, 0.05}};  // l1, l2
  std::uint64_t seed = 100;
  const auto run = [&](const std::vector<int>& sizes, const char* hidden, const char* output,
                       const char* loss, const double* penalty) {
    Scene s;
    ++seed;
    s.problem = problem(sizes, hidden, output, loss, seed);
    s.settings = testing::make_settings("sgd", 0.1);
    s.settings.batch_size = 0;
    s.settings.seed = seed;
    s.settings.l1 = penalty[0];
    s.settings.l2 = penalty[1];
    s.theta = Trainer(s.problem, s.settings).theta();
    s.name = std::string(hidden) + " " + output + " " + loss + " layers " + std::to_string(sizes.size() - 1) +
             " l1 " + std::to_string(penalty[0]) + " l2 " + std::to_string(penalty[1]);
    check(s);
  };
  for (const auto& sizes : shapes)
    for (const ActivationInfo* f : activations())
      for (const auto& penalty : penalties) {
        for (const LossInfo* loss : losses()) run(sizes, f->id, "identity", loss->id, penalty);
        run(sizes, "tanh", f->id, "mse", penalty);
      }
}

double largest(const std::vector<double>& v) {
  double m = 0;
  for (double x : v) m = std::max(m, std::abs(x));
  return m;
}

constexpr bool kDouble = sizeof(Real) == 8;
// Float: the loss has 7 digits, so h = 1e-2 sees three of them, less the third derivative's h².
constexpr double kStep = kDouble ? 1e-5 : 1e-2;
constexpr double kBound = kDouble ? 1e-7 : 2e-2;

}  // namespace

TEST_CASE("sums over a batch: four at once have the bits of one at a time" IN_REAL) {
  Random random(3, Stream::kData);
  for (int round = 0; round < 100; ++round) {
    Real partials[4][kPartials];
    for (auto& row : partials)
      for (Real& v : row) v = static_cast<Real>(random.normal());
    const Four sums = fold4(partials);
    for (int i = 0; i < 4; ++i) CHECK(sums[i] == fold(partials[i]));
  }
}

TEST_CASE("gradients: every layer, activation, loss and penalty by central differences" IN_REAL) {
  int scenes = 0;
  double worst = 0;
  for_each_scene([&](Scene& s) {
    // Kinks: a float step of 1e-2 crosses them too often to be measured.
    if (!kDouble && (s.name.find("relu") != std::string::npos || s.settings.l1 > 0)) return;
    Trainer trainer(s.problem, s.settings);
    std::vector<Real> grad(s.theta.size()), scratch(s.theta.size());
    trainer.full_gradient(s.theta.data(), grad.data());
    std::vector<double> got(grad.begin(), grad.end()), error;
    for (std::size_t i = 0; i < s.theta.size(); ++i) {
      std::vector<Real> t = s.theta;
      t[i] = s.theta[i] + static_cast<Real>(kStep);
      const double up = trainer.full_gradient(t.data(), scratch.data()), high = static_cast<double>(t[i]);
      t[i] = s.theta[i] - static_cast<Real>(kStep);
      const double down = trainer.full_gradient(t.data(), scratch.data()), low = static_cast<double>(t[i]);
      error.push_back((up - down) / (high - low) - got[i]);
    }
    const double off = largest(error) / largest(got);
    INFO(s.name << " off by " << off);
    CHECK(off <= kBound);
    worst = std::max(worst, off);
    ++scenes;
  });
  MESSAGE("scenes " << scenes << ", largest deviation " << worst);
}

TEST_CASE("Hessian-vector products: by central differences of gradients" IN_REAL) {
  int scenes = 0;
  double worst = 0;
  for_each_scene([&](Scene& s) {
    if (!kDouble && (s.name.find("relu") != std::string::npos || s.settings.l1 > 0)) return;
    Trainer trainer(s.problem, s.settings);
    const std::size_t n = s.theta.size();
    std::vector<Real> v(n), hv(n), up(n), down(n), t(n);
    Random random(s.settings.seed, Stream::kProbe);
    for (Real& x : v) x = static_cast<Real>(random.normal());
    Hessian hessian(s.problem);
    hessian.set_point(s.theta.data(), s.settings.l2);
    hessian.multiply(v.data(), hv.data());
    for (std::size_t i = 0; i < n; ++i) t[i] = s.theta[i] + static_cast<Real>(kStep) * v[i];
    trainer.full_gradient(t.data(), up.data());
    for (std::size_t i = 0; i < n; ++i) t[i] = s.theta[i] - static_cast<Real>(kStep) * v[i];
    trainer.full_gradient(t.data(), down.data());
    std::vector<double> got(hv.begin(), hv.end()), error;
    for (std::size_t i = 0; i < n; ++i)
      error.push_back((static_cast<double>(up[i]) - static_cast<double>(down[i])) / (2 * kStep) - got[i]);
    const double off = largest(error) / std::max(1e-3, largest(got));
    INFO(s.name << " off by " << off);
    CHECK(off <= kBound);
    worst = std::max(worst, off);
    ++scenes;
  });
  MESSAGE("scenes " << scenes << ", largest deviation " << worst);
}
