// Clippers: what comes out is as short as promised, and points where it should.
#include "core/clipper.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/random.h"
#include "unit/core/problems.h"
#include "unit/core/rows.h"

using namespace lrlab;

namespace {

constexpr double kRounding = sizeof(Real) == 8 ? 1e-13 : 1e-5;

std::vector<Real> random_vector(Random& random, std::size_t n, double scale) {
  std::vector<Real> v(n);
  for (Real& x : v) x = static_cast<Real>(scale * random.normal());
  return v;
}

double cosine(const std::vector<Real>& a, const std::vector<Real>& b) {
  double dot = 0;
  for (std::size_t i = 0; i < a.size(); ++i) dot += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return dot / (norm2(a.data(), a.size()) * norm2(b.data(), b.size()));
}

// Two layers: 4×3 with bias, 2×4 with bias.
const TensorView kTensors[] = {
    {0, 4, 3, 0, false}, {12, 4, 1, 0, true}, {16, 2, 4, 1, false}, {24, 2, 1, 1, true}};
constexpr std::size_t kSize = 26;

ClipReport clip(const char* id, std::vector<double> params, std::vector<Real>& grad,
                const std::vector<Real>& theta = {}, ClipperState* state = nullptr) {
  return find(clippers(), id)->clip({.n = grad.size(), .grad = grad.data(), .theta = theta.data(),
                                     .tensors = kTensors, .params = params, .state = state});
}

}  // namespace

TEST_CASE("clippers: rows are complete and sound" IN_REAL) {
  testing::check_rows(clippers(), 6);
  for (const ClipperInfo* row : clippers()) CHECK((row->clip != nullptr));
}

TEST_CASE("clippers: keys belong to one family" IN_REAL) {
  const auto keys = [](auto family) {
    std::vector<std::string_view> k;
    for (const auto* row : family)
      for (const ParamSpec& p : row->params) k.push_back(p.key);
    return k;
  };
  const std::vector<std::string_view> families[] = {keys(optimizers()), keys(schedules()), keys(clippers()),
                                                    keys(surfaces()), keys(datasets())};
  for (const auto& a : families)
    for (const auto& b : families)
      for (std::string_view key : a)
        if (&a != &b) CHECK_MESSAGE(std::find(b.begin(), b.end(), key) == b.end(), key);
}

TEST_CASE("norm clipping: the length becomes min(|g|, c) and the direction stays" IN_REAL) {
  constexpr std::uint64_t kSeed = 7;
  Random random(kSeed, Stream::kJobs);
  constexpr double kPowers[] = {1, 2, kInfinityNorm};
  for (int trial = 0; trial < 300; ++trial) {
    const double scale = std::pow(10, random.uniform(-4, 4)), c = std::pow(10, random.uniform(-4, 4));
    const std::size_t choice = random.below(3);
    std::vector<Real> g = random_vector(random, 1 + random.below(100), scale);
    const std::vector<Real> before = g;
    const double was = norm(g.data(), g.size(), kPowers[choice]);
    const ClipReport r = clip("norm", {c, static_cast<double>(choice)}, g);
    const double is = norm(g.data(), g.size(), kPowers[choice]);
    INFO("seed " << kSeed << " trial " << trial);
    // torch's 1e-6 in the denominator makes it shorter by 1e-6 of a length of 1.
    CHECK(is == doctest::Approx(std::min(was, c)).epsilon(kRounding + 1e-6 / was));
    CHECK(cosine(before, g) == doctest::Approx(1).epsilon(kRounding));
    CHECK((r.factor < 1) == (r.share == 1));
    CHECK(r.factor == doctest::Approx(std::min(1.0, c / (was + 1e-6))).epsilon(kRounding));
    if (r.factor == 1) CHECK(g == before);
  }
}

TEST_CASE("clippers: a zero gradient stays, and none changes nothing" IN_REAL) {
  const std::vector<Real> theta(kSize, Real(0.5));
  for (const ClipperInfo* row : clippers()) {
    INFO(row->id);
    std::vector<double> params;
    for (const ParamSpec& p : row->params) params.push_back(p.def);
    std::vector<Real> g(kSize);
    ClipperState state;
    for (int i = 0; i < 3; ++i) {
      clip(row->id, params, g, theta, &state);
      for (Real v : g) CHECK(v == 0);
    }
  }
  std::vector<Real> g(kSize, Real(1e30));
  CHECK(clip("none", {}, g).share == 0);
  CHECK(g[0] == Real(1e30));
}

TEST_CASE("value clipping: entries end within the bound, the rest stays as it was" IN_REAL) {
  Random random(3, Stream::kJobs);
  std::vector<Real> g = random_vector(random, kSize, 1);
  const std::vector<Real> before = g;
  const ClipReport r = clip("value", {0.5}, g);
  std::size_t changed = 0;
  double smallest = 1;
  for (std::size_t i = 0; i < kSize; ++i) {
    const double was = static_cast<double>(before[i]);
    CHECK(static_cast<double>(g[i]) == std::clamp(was, -0.5, 0.5));
    changed += std::abs(was) > 0.5;
    smallest = std::min(smallest, 0.5 / std::abs(was));
  }
  CHECK(r.share == doctest::Approx(static_cast<double>(changed) / kSize));
  CHECK(r.factor == doctest::Approx(std::min(1.0, smallest)));
  CHECK(cosine(before, g) < 1 - 1e-3);  // it turns the direction; the norm does not
}

TEST_CASE("clipping by layer: each layer by itself" IN_REAL) {
  Random random(4, Stream::kJobs);
  std::vector<Real> g = random_vector(random, kSize, 1);
  for (std::size_t i = 16; i < kSize; ++i) g[i] *= Real(1e-3);
  const std::vector<Real> before = g;
  const ClipReport r = clip("layer_norm", {1}, g);
  CHECK(norm2(g.data(), 16) == doctest::Approx(1).epsilon(1e-5));
  for (std::size_t i = 16; i < kSize; ++i) CHECK(g[i] == before[i]);
  CHECK(r.share == doctest::Approx(16.0 / 26));
  CHECK(r.factor == doctest::Approx(1 / norm2(before.data(), 16)).epsilon(1e-5));
}

TEST_CASE("adaptive clipping: no unit's gradient is longer than its share of the weights" IN_REAL) {
  Random random(5, Stream::kJobs);
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<Real> g = random_vector(random, kSize, 1), w = random_vector(random, kSize, 0.3);
    std::fill(w.begin() + 12, w.begin() + 16, Real(0));  // a bias that starts at 0 can still move
    const std::vector<Real> before = g;
    const double factor = random.uniform(0.01, 3), eps = 1e-3;
    const ClipReport r = clip("agc", {factor, eps}, g, w);
    for (const TensorView& t : kTensors) {
      const std::size_t units = t.is_bias ? 1 : static_cast<std::size_t>(t.rows), size = t.size() / units;
      for (std::size_t u = 0; u < units; ++u) {
        const std::size_t at = t.offset + u * size;
        const double limit = factor * std::max(norm2(w.data() + at, size), eps);
        const double was = norm2(before.data() + at, size);
        CHECK(norm2(g.data() + at, size) == doctest::Approx(std::min(was, limit)).epsilon(1e-5));
      }
    }
    CHECK((r.share >= 0 && r.share <= 1 && r.factor <= 1));
  }
}

TEST_CASE("AutoClip: the threshold is the percentile of the last 1024 norms" IN_REAL) {
  Random random(6, Stream::kJobs);
  ClipperState state;
  std::vector<double> history;
  for (int t = 0; t < 3000; ++t) {
    // Repeated norms among them: equal values must not confuse what leaves the window.
    std::vector<Real> g(1, static_cast<Real>(t % 5 == 0 ? 1.0 : std::exp(random.normal())));
    const double length = norm2(g.data(), 1);
    history.push_back(length);
    if (history.size() > 1024) history.erase(history.begin());
    std::vector<double> sorted = history;
    std::sort(sorted.begin(), sorted.end());
    const double rank = 0.3 * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    const double above = sorted[std::min(below + 1, sorted.size() - 1)];
    const double threshold = sorted[below] + (above - sorted[below]) * (rank - static_cast<double>(below));
    const ClipReport r = clip("autoclip", {30}, g, {}, &state);
    if (r.factor != doctest::Approx(std::min(1.0, threshold / (length + 1e-6))).epsilon(1e-12))
      FAIL("step " << t);
  }
  CHECK(state.size() == 1 + 2 * 1024);  // and no more, however long the run
}

TEST_CASE("AutoClip: what is not finite does not enter its memory" IN_REAL) {
  ClipperState state;
  std::vector<Real> g{1, 2};
  clip("autoclip", {50}, g, {}, &state);
  const ClipperState before = state;
  g = {std::numeric_limits<Real>::quiet_NaN(), 1};
  clip("autoclip", {50}, g, {}, &state);
  CHECK(state == before);
}

TEST_CASE("clipping: a clipped run walks down the cliff that throws an unclipped one away" IN_REAL) {
  const auto problem = testing::make_surface("cliff");
  const auto run = [&](const char* clipper) {
    Trainer t(problem, testing::make_settings("sgd", 0.3, "constant", clipper));
    double furthest = 0;
    for (int i = 0; i < 200; ++i) {
      t.step();
      furthest = std::max(furthest, std::abs(static_cast<double>(t.theta()[0])));
    }
    CHECK(t.evaluate_train().loss < 0.01);  // both arrive in the end
    return furthest;
  };
  CHECK(run("none") > 6);    // outside the picture
  CHECK(run("norm") <= 3);   // never further than where it began
}
