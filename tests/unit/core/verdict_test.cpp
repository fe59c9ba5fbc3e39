// The verdict: one made-up curve for each kind, and real runs.
#include "core/verdict.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>

#include "unit/core/problems.h"
#include "unit/core/recorder.h"

using namespace lrlab;

namespace {

using Points = std::vector<CurvePoint>;

// `n` evaluations, one every `every` steps.
Points curve(int n, double every, const std::function<double(double)>& f) {
  Points p;
  for (int i = 0; i < n; ++i) {
    const double t = i * every, v = f(t);
    p.push_back({t, v, v, v});
  }
  return p;
}

// Looks at `train`, which must live on.
RunSummary summary(const Points& train, double lr = 0.1) {
  RunSummary s;
  s.step = train.empty() ? 0 : static_cast<std::uint64_t>(train.back().step);
  s.base_lr = s.lr = lr;
  s.train_loss = train;
  s.update_ratio = 2e-3;
  return s;
}

const char* kind(const Verdict& v) { return verdict_info(v.kind).id; }

void check_sentences(const Verdict& v) {
  for (const std::string& s : {v.explanation, v.advice}) {
    INFO(s);
    CHECK(s.size() > 8);
    CHECK(s.back() == '.');
    CHECK(s.find("nan") == std::string::npos);
    CHECK(s.find("inf") == std::string::npos);
  }
  for (const Evidence& e : v.evidence) CHECK(e.value == e.value);
  CHECK(v.lr_multiplier > 0);
  CHECK(v.lr_multiplier <= verdict_rules::kBoldest);
}

std::string judged(const RunSummary& s) {
  const Verdict v = judge(s);
  check_sentences(v);
  return kind(v);
}

}  // namespace

TEST_CASE("verdict: a made-up curve of each kind gets its name" IN_REAL) {
  const auto noise = [](double t) { return std::sin(12.9898 * t) * 0.5; };  // in ±0.5, without pattern

  CHECK(judged(summary({})) == "started");
  const Points first = curve(8, 1, [](double t) { return 1 - 0.01 * t; });
  CHECK(judged(summary(first)) == "started");

  const Points falling = curve(40, 50, [](double t) { return std::exp(-t / 500); });
  CHECK(judged(summary(falling)) == "good");
  CHECK(judge(summary(falling)).lr_multiplier == 1);
  const Points arrived = curve(40, 50, [&](double t) { return std::exp(-t / 100) + 1e-3 * (1 + noise(t)); });
  CHECK(judged(summary(arrived)) == "good");  // what jitters far below the start does not matter

  const Points slow = curve(40, 50, [](double t) { return 0.7 - 1e-6 * t; });
  RunSummary s = summary(slow, 1e-5);
  s.update_ratio = 5e-7;
  CHECK(judged(s) == "too_low");
  CHECK(judge(s).lr_multiplier == 10);
  s.stable_lr = 2;  // with the limit known the jump may be bolder
  CHECK(judged(s) == "too_low");
  CHECK(judge(s).lr_multiplier == verdict_rules::kBoldest);
  s.stable_lr = 3e-4;
  CHECK(judge(s).lr_multiplier * s.lr <= 0.3 * s.stable_lr * 1.001);
  s.lr = 1e-7;  // a schedule has brought the rate down: that is not "too low"
  CHECK(judged(s) == "plateau");

  const Points flat = curve(40, 50, [](double t) { return 0.4 + 0.6 * std::exp(-t / 50); });
  CHECK(judged(summary(flat)) == "plateau");
  CHECK(judge(summary(flat)).lr_multiplier > 1);
  const Points floor = curve(40, 50, [&](double t) { return 0.4 + 0.6 * std::exp(-t / 50) + 0.02 * noise(t); });
  CHECK(judged(summary(floor)) == "plateau");
  CHECK(judge(summary(floor)).lr_multiplier < 1);  // a floor of noise goes down with the rate

  const Points swinging = curve(40, 50, [&](double t) { return 0.5 + 0.6 * noise(t); });
  CHECK(judged(summary(swinging)) == "oscillating");
  CHECK(judge(summary(swinging)).lr_multiplier < 1);
  const Points nowhere = curve(40, 50, [](double t) { return 0.7 + 1e-5 * t; });
  s = summary(nowhere);
  s.update_ratio = 0.1;  // large steps that lead nowhere
  CHECK(judged(s) == "oscillating");

  s = summary(falling, 0.19);
  s.stable_lr = 0.2;
  s.stable_formula = "2/λ";
  CHECK(judged(s) == "edge");

  const Points growing = curve(40, 50, [](double t) { return std::exp(t / 500); });
  CHECK(judged(summary(growing)) == "diverged");
  const Points catapult = curve(40, 10, [](double t) { return t < 30 ? 1 + t : std::exp(-t / 100); });
  CHECK(judged(summary(catapult)) == "good");  // a spike at the start that came back

  s = summary(falling);
  const Points test = curve(40, 50, [](double t) { return std::exp(-t / 500) + 3e-4 * t + 0.2; });
  s.test_loss = test;
  CHECK(judged(s) == "overfitting");
  CHECK(judge(s).lr_multiplier == 1);

  s = summary(falling);
  s.warming_up = true;
  CHECK(judged(s) == "started");
}

TEST_CASE("verdict: the start is the loss before the first step, not the mean of the first bucket" IN_REAL) {
  // A spike of 46 in the first bucket, then 0.5 for ever: half of the start is no arrival.
  const Points spiked = curve(40, 50, [](double t) { return t == 0 ? 46 : 0.5; });
  RunSummary s = summary(spiked);
  CHECK(judged(s) == "good");
  s.start = 0.9;
  CHECK(judged(s) == "plateau");
  s.start = 50;  // large weights made the start bad: what counts is an answer of 0 to everything
  s.blind = 0.7;
  CHECK(judged(s) == "plateau");
  s.start = 0.1;
  CHECK(judged(s) == "diverged");
}

TEST_CASE("verdict: a run that has settled, and one that bounces at the limit" IN_REAL) {
  const Points settled = curve(40, 50, [](double t) { return 12.9 + 35 * std::exp(-t / 20); });
  RunSummary s = summary(settled);
  s.full_batch = s.surface = true;
  s.steepest = 60;
  s.slope = 1e-5;
  CHECK(judged(s) == "good");
  CHECK(judge(s).explanation.find("not the lowest, which is 0") != std::string::npos);
  const Points risen = curve(40, 50, [](double t) { return 20 - 11 * std::exp(-t / 20); });
  s.train_loss = risen;
  CHECK(judged(s) == "plateau");  // on a flat
  CHECK(judge(s).lr_multiplier == 1);

  const Points standing = curve(40, 50, [](double t) { return t == 0 ? 32.0 : 22.5; });
  s = summary(standing, 0.1);
  s.full_batch = true;
  s.stable_lr = 0.1;
  s.stable_formula = "2/λ";
  CHECK(judged(s) == "oscillating");
  s.stable_lr = 1e-3;  // a hundred times beyond the limit and alive: it is no limit of this run
  CHECK(judged(s) == "plateau");
}

TEST_CASE("verdict: advice knows what the optimizer is made for" IN_REAL) {
  const Points slow = curve(40, 50, [](double t) { return 0.7 - 1e-6 * t; });
  RunSummary s = summary(slow, 1);
  s.stable_lr = 100;
  CHECK(judged(s) == "too_low");
  s.own_rate = true;  // it finds its own: the dial is not what to turn
  CHECK(judged(s) == "plateau");
  CHECK(judge(s).lr_multiplier == 1);
  s.wants_full_batch = true;
  CHECK(judge(s).advice.find("batch size 0") != std::string::npos);
  s.full_batch = true;
  CHECK(judge(s).advice.find("batch size 0") == std::string::npos);

  const Points falling = curve(40, 50, [](double t) { return std::exp(-t / 500); });
  s = summary(falling);
  CHECK(judge(s).advice.find("lower it") != std::string::npos);
  s.keeps_rate = true;
  CHECK(judge(s).advice.find("lower it") == std::string::npos);

  s = summary(slow, 0);
  CHECK(judge(s).advice.find("At rate 0") != std::string::npos);
  CHECK(judge(s).lr_multiplier == 1);
}

TEST_CASE("verdict: divergence names its step, its rate and its layer" IN_REAL) {
  const Points falling = curve(40, 1, [](double t) { return std::exp(-t / 50); });
  RunSummary s = summary(falling, 10);
  s.diverged = true;
  s.diverged_at = 37;
  s.stable_lr = 2;
  s.stable_formula = "2/λ";
  const Points quiet = curve(40, 1, [](double) { return 1.0; });
  const Points late = curve(40, 1, [](double t) { return t < 36 ? 1.0 : 1e9; });
  const Points early = curve(40, 1, [](double t) { return t < 33 ? 1.0 : 20.0; });
  const Points spike = curve(40, 1, [](double t) { return t == 10 ? 1e5 : 1.0; });  // came back
  const std::span<const CurvePoint> layers[] = {quiet, late, early, spike};
  s.layer_grad = layers;
  CHECK(first_layer_to_blow_up(layers) == 2);
  const Verdict v = judge(s);
  check_sentences(v);
  CHECK(kind(v) == std::string("diverged"));
  CHECK(v.explanation.find("step 37") != std::string::npos);
  CHECK(v.explanation.find("5 times the largest stable one at the start, 2/λ = 2") != std::string::npos);
  CHECK(v.explanation.find("layer 3") != std::string::npos);
  CHECK(v.lr_multiplier * s.lr <= s.stable_lr);

  s.stable_lr = std::numeric_limits<double>::infinity();  // nothing is known about why
  s.layer_grad = {};
  check_sentences(judge(s));
  CHECK(judge(s).lr_multiplier == 0.1);
  CHECK(first_layer_to_blow_up({}) == -1);
}

TEST_CASE("verdict: strange summaries end in a verdict" IN_REAL) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Points> curves = {
      curve(40, 50, [](double) { return 0.0; }), curve(40, 50, [](double) { return -3.0; }),
      curve(40, 0, [](double) { return 1.0; }), curve(6, 1e9, [](double t) { return 1e300 - t; }),
      curve(40, 50, [](double t) { return 1e-30 * t; })};
  for (const Points& c : curves)
    for (double stable : {kNan, kInf, 0.0, -1.0, 1e-300, 1e300})
      for (double lowest : {0.0, kNan, -1e9})
        for (double lr : {0.0, 1e-300, 1e300}) {
          RunSummary s = summary(c, lr);
          s.step = 5000;
          s.stable_lr = stable;
          s.lowest = lowest;
          const Verdict v = judge(s);
          CHECK(v.lr_multiplier > 0);
          CHECK(v.lr_multiplier <= verdict_rules::kBoldest);
          CHECK_FALSE(v.explanation.empty());
        }
}

TEST_CASE("verdict: spirals under rates from far too low to far too high" IN_REAL) {
  const auto problem = testing::make_network({.count = 500});
  const auto run = [&](const char* optimizer, double lr, int steps, bool sharpness) {
    testing::Recorder r(problem, testing::make_settings(optimizer, lr));
    r.use_sharpness = sharpness;
    r.run(steps, steps / 32);
    const Verdict v = r.verdict();
    check_sentences(v);
    INFO(v.explanation << " " << v.advice);
    return std::string(kind(v));
  };
  for (bool sharpness : {true, false}) {
    CAPTURE(sharpness);
    CHECK(run("sgd", 1e-5, 800, sharpness) == "too_low");
    CHECK(run("sgd", 1e-2, 800, sharpness) == "too_low");
    CHECK(run("sgd", 1, 1600, sharpness) == "good");
    CHECK(run("sgd", 10, 800, sharpness) == "diverged");
    CHECK(run("adam", 1e-5, 400, sharpness) == "too_low");
    CHECK(run("adam", 0.03, 800, sharpness) == "good");
    CHECK(run("adam", 1, 1600, sharpness) == "oscillating");
  }
}

TEST_CASE("verdict: following the advice leads from a bad rate to a good one" IN_REAL) {
  const auto problem = testing::make_network({.dataset = "moons", .hidden = {8}, .count = 300});
  for (double lr : {1e-5, 30.0}) {
    std::string path;
    Verdict v;
    for (int click = 0; click < 6; ++click) {
      testing::Recorder r(problem, testing::make_settings("sgd", lr));
      r.run(1000, 25);
      v = r.verdict();
      path += std::string(kind(v)) + " ";
      if (v.lr_multiplier == 1) break;
      lr *= v.lr_multiplier;
    }
    INFO(path << lr);
    // (Overfitting: the rate is not the trouble any more.)
    CHECK((v.kind == VerdictKind::kGood || v.kind == VerdictKind::kEdge || v.kind == VerdictKind::kOverfitting));
  }
}

TEST_CASE("verdict: on a ravine the edge is where theory puts it" IN_REAL) {
  const auto problem = testing::make_surface("ravine");  // stable below 2/20
  const auto run = [&](double lr) {
    testing::Recorder r(problem, testing::make_settings("sgd", lr));
    r.run(300, 10);
    return std::string(kind(r.verdict()));
  };
  CHECK(run(1e-5) == "too_low");
  CHECK(run(0.03) == "good");
  CHECK(run(0.09) == "edge");
  CHECK(run(0.101) == "diverged");
  CHECK(run(1) == "diverged");
}

TEST_CASE("verdict: a large network on few noisy samples overfits" IN_REAL) {
  const auto problem = testing::make_network(
      {.dataset = "moons", .hidden = {32, 32}, .count = 60, .noise = 0.4, .test_fraction = 0.5});
  testing::Recorder r(problem, testing::make_settings("adam", 0.01));
  r.use_sharpness = false;
  r.run(1500, 25);
  const Verdict v = r.verdict();
  INFO(v.explanation);
  CHECK(kind(v) == std::string("overfitting"));
}

TEST_CASE("verdict: every kind has an id, a label and words" IN_REAL) {
  for (int i = 0; i < static_cast<int>(VerdictKind::kCount); ++i) {
    const VerdictInfo& a = verdict_info(static_cast<VerdictKind>(i));
    CHECK(std::string(a.id).size() > 2);
    CHECK(std::string(a.label).size() > 2);
    CHECK(std::string(a.doc).size() > 10);
    for (int j = 0; j < i; ++j) CHECK(std::string(a.id) != verdict_info(static_cast<VerdictKind>(j)).id);
  }
}

TEST_CASE("verdict: a loss that is infinite, or a million times that of the start, has diverged in whichever step" IN_REAL) {
  RunSummary run;
  run.step = 5;
  run.start = 1;
  run.train_now = 2e6;
  CHECK(judge(run).kind == VerdictKind::kDiverged);
  run.train_now = std::numeric_limits<double>::infinity();
  CHECK(judge(run).kind == VerdictKind::kDiverged);
  run.train_now = 100;
  CHECK(judge(run).kind == VerdictKind::kStarted);
}

TEST_CASE("verdict: above where it began nothing is good, however fast it falls there") {
  // Thrown up at once, and falling from there by half in 200 steps: at chance all the while.
  const auto fall = [](double t) { return t < 1 ? 0.96 : 1.05 + 3 * std::exp2(-t / 200); };
  for (int looks = 8; looks <= 60; ++looks) {
    const Points train = curve(looks, 32, fall);
    RunSummary run = summary(train);
    run.start = 0.96;
    run.train_now = train.back().mean;
    CAPTURE(looks);
    CHECK(std::string(kind(judge(run))) != "good");
    CHECK(std::string(kind(judge(run))) != "too_low");
  }
}

TEST_CASE("verdict: a run that was broken and stands still is not told to lower its rate further") {
  const auto broken = [](double t) { return t < 700 ? 0.96 - 0.0005 * t : t < 900 ? 5.0 : 1.0 + 1e-4 * std::sin(t); };
  const Points train = curve(130, 32, broken);
  RunSummary run = summary(train, 0.03);
  run.start = 0.96;
  run.train_now = train.back().mean;
  run.stable_lr = 1;
  run.stable_formula = "2/λ";
  const Verdict v = judge(run);
  CHECK(std::string(kind(v)) == "plateau");
  CHECK(v.lr_multiplier == 1);
  CHECK(v.advice.find("start again") != std::string::npos);
}
