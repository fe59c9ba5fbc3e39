// Schedules: pure functions of the step that start, peak and end where they say.
#include "core/schedule.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/random.h"
#include "unit/core/problems.h"
#include "unit/core/rows.h"

using namespace lrlab;

namespace {

// A row with its defaults, some changed.
struct Curve {
  Chosen<ScheduleInfo> row;
  double lr = 0.1;

  explicit Curve(const char* id) : row(with_defaults(*find(schedules(), id))) {}
  Curve& set(const char* key, double value) {
    const bool known = testing::set_param(row.info->params, row.params, key, value);
    CHECK_MESSAGE(known, key);
    return *this;
  }
  ScheduleArgs args(const ScheduleState* state = nullptr) const { return {row.params, row.list, lr, state}; }
  double operator()(double t) const { return row.info->factor(args(), t); }
  double momentum(double t) const { return row.info->momentum(args(), t); }
  double length() const { return row.info->length ? row.info->length(args()) : 1000; }
};

bool near(double a, double b, double tolerance = 1e-12) { return std::abs(a - b) <= tolerance; }

}  // namespace

TEST_CASE("schedules: rows are complete and sound" IN_REAL) {
  testing::check_rows(schedules(), 16);
  for (const ScheduleInfo* row : schedules()) {
    INFO(row->id);
    CHECK((row->factor != nullptr));
    CHECK(std::string(row->matches).size() > 3);
  }
}

TEST_CASE("schedules: the dial is the peak, at any setting" IN_REAL) {
  // Defaults, then every parameter at its least and at its greatest.
  for (const ScheduleInfo* info : schedules()) {
    const std::size_t n = info->params.size();
    for (std::size_t k = 0; k <= 2 * n; ++k) {
      Curve c(info->id);
      if (k > 0) {
        const ParamSpec& p = info->params[(k - 1) / 2];
        c.row.params[(k - 1) / 2] = k % 2 ? p.min : p.max;
      }
      double peak = 0, lowest = 1;
      const double length = c.length();
      CHECK(length >= 1);
      for (double t = 0; t <= 500; ++t) {
        const double f = c(std::floor(t * length / 400));  // a quarter beyond the end
        peak = std::max(peak, f);
        lowest = std::min(lowest, f);
        CHECK(f == f);
      }
      INFO(info->id << " setting " << k);
      CHECK(lowest >= 0);
      CHECK(peak <= 1 + 1e-12);
      if (k == 0) CHECK(peak == doctest::Approx(1).epsilon(0.01));
    }
  }
}

TEST_CASE("schedules: factor(t) asked out of order gives the same values" IN_REAL) {
  for (const ScheduleInfo* info : schedules()) {
    const Curve c(info->id);
    std::vector<double> forward, momenta;
    for (int t = 0; t < 3000; ++t) forward.push_back(c(t));
    Random random(1, Stream::kJobs);
    for (int i = 0; i < 3000; ++i) {
      const auto t = random.below(3000);
      if (c(t) != forward[t]) FAIL(info->id << " at " << t);
    }
  }
}

TEST_CASE("schedules: curves have no jumps where their definition has none" IN_REAL) {
  // In a thousandth of a step nothing moves by more than a few thousandths of the fastest part.
  const auto smooth = [](const Curve& c, double slope) {
    double last = c(0);
    for (double t = 0.001; t < 3 * c.length(); t = t < 20 ? t + 0.001 : t * 1.0005 + 0.001) {
      const double before = c(t - 0.001), now = c(t);
      if (!near(before, now, 0.001 * slope + 1e-12)) FAIL(c.row.info->id << " jumps at " << t);
      last = now;
    }
    return last == last;
  };
  CHECK(smooth(Curve("constant"), 0));
  CHECK(smooth(Curve("exponential").set("decay_steps", 20), 0.2));
  CHECK(smooth(Curve("polynomial").set("total_steps", 20).set("power", 2), 0.2));
  CHECK(smooth(Curve("linear").set("total_steps", 20), 0.1));
  CHECK(smooth(Curve("inverse_time").set("decay_steps", 10), 0.2));
  CHECK(smooth(Curve("inverse_sqrt").set("timescale", 10), 0.1));
  CHECK(smooth(Curve("noam").set("noam_warmup", 10), 0.2));
  CHECK(smooth(Curve("cosine").set("t_max", 20), 0.1));
  CHECK(smooth(Curve("cosine").set("t_max", 20).set("hold", 0), 0.1));
  for (double mode : {0, 1, 2})
    CHECK(smooth(Curve("cyclical").set("step_size_up", 10).set("step_size_down", 4).set("mode", mode), 0.3));
  for (double strategy : {0, 1})
    for (double three : {0, 1})
      CHECK(smooth(Curve("one_cycle").set("total_steps", 40).set("anneal_strategy", strategy)
                       .set("three_phase", three), 0.3));
  for (double shape : {0, 1})  // 1 − √q has no slope at its start
    CHECK(smooth(Curve("wsd").set("stable_steps", 10).set("decay_steps", 10).set("decay_type", shape), 0.2));
  CHECK(smooth(Curve("piecewise"), 0.01));
}

TEST_CASE("schedules: curves hit their stated values" IN_REAL) {
  CHECK(Curve("constant")(1e9) == 1);

  const Curve step = Curve("step").set("step_size", 10).set("gamma", 0.5);
  CHECK(step(9) == 1);
  CHECK(step(10) == 0.5);
  CHECK(step(35) == 0.125);

  Curve multi = Curve("multi_step").set("gamma", 0.1);
  multi.row.list = {50, 20, 20};  // in any order; twice counts twice
  CHECK(multi(19) == 1);
  CHECK(near(multi(20), 0.01));
  CHECK(near(multi(50), 0.001));
  multi.row.list = {};
  CHECK(multi(1e6) == 1);

  const Curve exponential = Curve("exponential").set("gamma", 0.25).set("decay_steps", 100);
  CHECK(near(exponential(50), 0.5));
  CHECK(near(exponential(200), 0.0625));
  CHECK(Curve("exponential").set("gamma", 0.25).set("decay_steps", 100).set("staircase", 1)(199) == 0.25);

  const Curve polynomial = Curve("polynomial").set("total_steps", 100).set("power", 2).set("end_factor", 0.2);
  CHECK(polynomial(0) == 1);
  CHECK(near(polynomial(50), 0.4));
  CHECK(near(polynomial(100), 0.2));
  CHECK(polynomial(1000) == 0.2);
  const Curve again = Curve("polynomial").set("total_steps", 100).set("cycle", 1);
  CHECK(near(again(100), 0));      // at the end of a cycle ...
  CHECK(near(again(101), 0.495));  // ... and one step later on the way down from a lower top

  const Curve linear = Curve("linear").set("total_steps", 10).set("start_factor", 0.5).set("end_factor", 0.1);
  CHECK(linear(0) == 0.5);
  CHECK(near(linear(5), 0.3));
  CHECK(linear(11) == 0.1);

  CHECK(Curve("inverse_time").set("decay_steps", 10).set("decay_rate", 1)(10) == 0.5);
  CHECK(near(Curve("inverse_sqrt").set("timescale", 10)(30), 0.5));

  const Curve noam = Curve("noam").set("noam_warmup", 100);
  CHECK(near(noam(0), 0.01));
  CHECK(noam(99) == 1);
  CHECK(near(noam(399), 0.5));

  const Curve cosine = Curve("cosine").set("t_max", 100).set("min_factor", 0.1);
  CHECK(cosine(0) == 1);
  CHECK(near(cosine(50), 0.55));
  CHECK(near(cosine(100), 0.1));
  CHECK(near(cosine(200), 0.1));                                  // Keras stays
  CHECK(near(Curve("cosine").set("t_max", 100).set("hold", 0)(200), 1));  // torch comes back

  const Curve restarts = Curve("cosine_restarts").set("t_0", 10).set("t_mult", 2).set("m_mul", 0.5);
  CHECK(restarts(0) == 1);
  CHECK(near(restarts(10), 0.5));
  CHECK(near(restarts(20), 0.25));
  CHECK(near(restarts(30), 0.25));

  const Curve wsd = Curve("wsd").set("stable_steps", 80).set("decay_steps", 20).set("min_factor", 0.1);
  CHECK(wsd(80) == 1);
  CHECK(near(wsd(100), 0.1));
  CHECK(near(wsd(85), 1 - 0.9 * 0.5));  // 1 − √¼ is the default shape
  for (double shape : {0, 1, 2, 3})
    CHECK(near(Curve("wsd").set("stable_steps", 80).set("decay_steps", 20).set("min_factor", 0.1)
                   .set("decay_type", shape)(1e6), 0.1));
}

TEST_CASE("schedules: one cycle climbs to the dial and ends at its last rate" IN_REAL) {
  for (double three : {0, 1}) {
    const Curve c = Curve("one_cycle").set("total_steps", 100).set("pct_start", 0.3).set("div_factor", 10)
                        .set("final_div_factor", 100).set("three_phase", three);
    CHECK(near(c(0), 0.1));
    CHECK(near(c(29), 1));
    CHECK(near(c(99), 0.001));
    CHECK(near(c(5000), 0.001));
    if (three != 0) CHECK(near(c(58), 0.1));
  }
  // A climb that fills the cycle, or none at all, is still a curve.
  for (double start : {0.0, 0.01, 0.5, 1.0})
    for (double three : {0, 1})
      for (double t = 0; t < 30; ++t) {
        const double f = Curve("one_cycle").set("total_steps", 20).set("pct_start", start).set("three_phase", three)(t);
        CHECK((f > 0 && f <= 1));
      }
}

TEST_CASE("schedules: momentum runs against the rate" IN_REAL) {
  for (const char* id : {"one_cycle", "cyclical"}) {
    const Curve c(id);
    CAPTURE(id);
    for (double t = 0; t < 2 * c.length(); ++t) {
      // One is a decreasing linear function of the other, up to the phase that ends one cycle.
      const double df = c(t + 1) - c(t), dm = c.momentum(t + 1) - c.momentum(t);
      CHECK(df * dm <= 0);
    }
    double at_peak = 0, at_floor = 0, peak = 0, floor = 1;
    for (double t = 0; t < c.length(); ++t) {
      if (c(t) > peak) peak = c(t), at_peak = c.momentum(t);
      if (c(t) < floor) floor = c(t), at_floor = c.momentum(t);
    }
    double low = 0, high = 0;
    for (std::size_t i = 0; i < c.row.params.size(); ++i) {
      if (std::string(c.row.info->params[i].key) == "base_momentum") low = c.row.params[i];
      if (std::string(c.row.info->params[i].key) == "max_momentum") high = c.row.params[i];
    }
    CHECK(at_peak == doctest::Approx(low).epsilon(1e-3));
    CHECK(at_floor == doctest::Approx(high).epsilon(1e-3));
    const double off = Curve(id).set("cycle_momentum", 0).momentum(10);
    CHECK(off != off);  // NaN: leave it alone
  }
}

TEST_CASE("schedules: a momentum cycle reaches the optimizer" IN_REAL) {
  TrainSettings s = testing::make_settings("momentum", 0.001, "cyclical");
  testing::value_of(s.schedule, "step_size_up") = 10;
  Trainer trainer(testing::make_surface("ravine"), s);
  double lowest = 1, highest = 0;
  for (int t = 0; t < 40; ++t) {
    const StepReport r = trainer.step();
    lowest = std::min(lowest, r.momentum);
    highest = std::max(highest, r.momentum);
  }
  CHECK(near(lowest, 0.8));
  CHECK(near(highest, 0.9));
}

TEST_CASE("schedules: restarts of any growth match a plain walk through the cycles" IN_REAL) {
  Random random(20240611, Stream::kJobs);  // the seed
  for (int trial = 0; trial < 300; ++trial) {
    const double t_0 = std::floor(random.uniform(1, 50));
    const double mults[] = {1, 2, 1.5, 3, 1.0001, random.uniform(1, 2), random.uniform(2, 10)};
    const double t_mult = mults[random.below(7)];
    const Curve c = Curve("cosine_restarts").set("t_0", t_0).set("t_mult", t_mult).set("m_mul", 0.9);
    const double t = std::floor(random.uniform(0, 3000));
    double current = t, length = t_0, top = 1;
    while (current >= length) {
      current -= length;
      length *= t_mult;
      top *= 0.9;
    }
    if (t_mult != 2 && t_mult != 1 && (current < 1e-6 || length - current < 1e-6)) continue;  // rounding decides
    const double want = top / 2 * (1 + std::cos(3.14159265358979323846 * current / length));
    INFO("t_0 " << t_0 << " t_mult " << t_mult << " t " << t);
    CHECK(near(c(t), want, 1e-9));
  }
  // A billion steps cost no more than one.
  CHECK(Curve("cosine_restarts").set("t_0", 1).set("t_mult", 1)(1e9) == 1);
}

TEST_CASE("schedules: drawn points may come in any shape" IN_REAL) {
  Curve c("piecewise");
  c.row.list = {10, 0.2, 20, 1, 20, 0.5, 40, 0.1};
  CHECK(c(0) == 0.2);         // before the first
  CHECK(near(c(15), 0.6));
  CHECK(c(20) == 0.5);        // a jump: the later point holds
  CHECK(near(c(30), 0.3));
  CHECK(c(1000) == 0.1);      // after the last
  c.set("piecewise_hold", 1);
  CHECK(c(15) == 0.2);
  CHECK(c(39) == 0.5);
  for (std::vector<double> odd : {std::vector<double>{}, {5}, {5, 0.5}, {5, 0.5, 7}, {9, 0.5, 3, 1}}) {
    c.row.list = odd;
    for (double t : {0.0, 5.0, 1e6}) CHECK((c(t) == 1 || c(t) == 0.5));
    CHECK(c.length() >= 1);
  }
}

TEST_CASE("schedules: warm-up goes before any curve and meets it without a jump" IN_REAL) {
  for (const char* id : {"constant", "cosine", "one_cycle", "plateau", "piecewise"})
    for (WarmupKind kind : {WarmupKind::kLinear, WarmupKind::kCosine, WarmupKind::kConstant}) {
      TrainSettings s = testing::make_settings("sgd", 0.1, id);
      s.warmup_steps = 50;
      s.warmup_start = 0.2;
      s.warmup = kind;
      const Curve c(id);
      CHECK(near(schedule_factor(s, {}, 0, 10), 0.2 * c(0)));
      CHECK(near(schedule_factor(s, {}, 50, 10), c(0)));
      CHECK(near(schedule_factor(s, {}, 150, 10), c(100)));
      CHECK(near(schedule_factor(s, {}, 25, 10), (kind == WarmupKind::kConstant ? 0.2 : 0.6) * c(0)));
      for (std::uint64_t t = 0; t < 50; ++t)
        CHECK(schedule_factor(s, {}, t, 10) <= schedule_factor(s, {}, t + 1, 10) + 1e-15);
    }
}

TEST_CASE("schedules: in epochs the rate moves once an epoch" IN_REAL) {
  TrainSettings s = testing::make_settings("sgd", 0.1, "exponential");
  testing::value_of(s.schedule, "gamma") = 0.5;
  testing::value_of(s.schedule, "decay_steps") = 1;
  s.schedule_in_epochs = true;
  for (std::uint64_t t = 0; t < 60; ++t)
    CHECK(near(schedule_factor(s, {}, t, 20), std::pow(0.5, static_cast<double>(t / 20))));
}

TEST_CASE("plateau: cuts the rate of a run that stands still, and a snapshot keeps its memory" IN_REAL) {
  TrainSettings s = testing::make_settings("sgd", 0, "plateau");  // a rate of 0 never improves
  testing::value_of(s.schedule, "plateau_patience") = 5;
  testing::value_of(s.schedule, "factor") = 0.5;
  s.lr = 1e-30;
  Trainer trainer(testing::make_surface("sphere"), s);
  for (int t = 0; t < 7; ++t) CHECK(trainer.step().lr == 1e-30);  // the first report and six bad ones
  // torch makes no cut smaller than 1e-8, so this rate stays.
  CHECK(trainer.lr_now() == 1e-30);

  s.lr = 1e-3;
  testing::value_of(s.schedule, "threshold") = 0.5;  // nothing but halving the best counts as better
  Trainer stuck(testing::make_surface("sphere"), s);
  std::vector<double> rates;
  TrainState snapshot;
  for (int t = 0; t < 40; ++t) {
    if (t == 20) snapshot = stuck.state();
    rates.push_back(stuck.step().lr);
  }
  CHECK(rates[6] == 1e-3);
  CHECK(near(rates[7], 5e-4, 1e-15));
  CHECK(near(rates[13], 2.5e-4, 1e-15));
  stuck.restore(snapshot);
  for (std::size_t t = 20; t < 40; ++t) CHECK(stuck.step().lr == rates[t]);
}

TEST_CASE("plateau: never goes below its lowest rate, nor up to it" IN_REAL) {
  Curve c = Curve("plateau").set("plateau_patience", 0).set("factor", 0.1).set("min_lr", 0.02);
  ScheduleState state{};
  for (int i = 0; i < 10; ++i) c.row.info->observe(state, c.args(), 1.0);
  CHECK(near(c.row.info->factor(c.args(&state), 0), 0.2));  // 0.1 · 0.2 = 0.02
  c.lr = 0.01;  // the dial itself is below
  state = {};
  for (int i = 0; i < 10; ++i) c.row.info->observe(state, c.args(), 1.0);
  CHECK(c.row.info->factor(c.args(&state), 0) == 1);
}
