// The verdict on real runs, at every moment somebody might look.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>

#include "experiment/judge.h"

namespace lrlab {
namespace {

// The verdicts of a run, looked at as often as a person would.
std::vector<std::string> verdicts(const char* query, std::uint64_t steps, std::uint64_t every) {
  Session s(race_from_query(query));
  std::vector<std::string> out;
  while (s.step() < steps && !s.finished()) {
    s.run(every);
    out.emplace_back(verdict_info(judge_at_rest(s.lane(0)).kind).id);
  }
  return out;
}

bool among(const std::string& v, std::initializer_list<const char*> allowed) {
  return std::any_of(allowed.begin(), allowed.end(), [&](const char* a) { return v == a; });
}

TEST_CASE("judge: mini-batches make a good run jump, and it is not called oscillating for that") {
  for (const char* query : {"dataset=moons&lr=0.1", "dataset=circle&lr=0.3", "dataset=digits&lr=0.1&hidden=32", "dataset=iris&lr=0.1", "dataset=xor&lr=0.3"}) {
    CAPTURE(query);
    Session s(race_from_query(query));
    s.run(3200);
    CHECK(s.lane(0).test_eval().accuracy > 0.95);
    for (const std::string& v : verdicts(query, 3200, 160)) CHECK_MESSAGE(among(v, {"good", "edge", "plateau", "overfitting", "started"}), v);
  }
}

TEST_CASE("judge: in the first hundred steps nothing oscillates or stands, but what blows up is seen") {
  for (const char* query : {"lr=0.001", "lr=0.1", "lr=0.3", "optimizer=adam&lr=0.01", "optimizer=momentum&lr=0.03", "optimizer=lion&lr=0.01"}) {
    CAPTURE(query);
    for (const std::string& v : verdicts(query, 90, 10)) CHECK_MESSAGE(among(v, {"started", "good", "too_low", "edge"}), v);
  }
  for (const char* query : {"lr=1", "dataset=moons&lr=0.5", "dataset=moons&batch_size=0&lr=3"}) {
    CAPTURE(query);
    CHECK(verdicts(query, 200, 20).back() == "diverged");
  }
}

TEST_CASE("judge: a rate that is too high for what is learnt is seen to overshoot") {
  const std::vector<std::string> adam = verdicts("optimizer=adam&lr=1", 3200, 400);
  for (std::size_t i = 2; i < adam.size(); ++i) CHECK_MESSAGE(adam[i] == "oscillating", adam[i]);
  for (const std::string& v : verdicts("lr=0.3&batch_size=0&dataset=circle", 800, 100)) CHECK_MESSAGE(among(v, {"edge", "oscillating", "good"}), v);
  for (const std::string& v : verdicts("surface=ravine&lr=0.0999", 300, 30)) CHECK(v == "edge");
}

bool same(const Series& a, const Series& b) {
  return a.stride() == b.stride() && a.last() == b.last() &&
         std::equal(a.buckets().begin(), a.buckets().end(), b.buckets().begin(), b.buckets().end(), [](const Bucket& x, const Bucket& y) {
           return x.min == y.min && x.max == y.max && x.mean == y.mean && x.count == y.count;
         });
}

TEST_CASE("judge: one history has one verdict, however it was paused, stepped and looked back at") {
  for (const char* query : {"dataset=moons&lr=0.3", "dataset=moons&batch_size=0&lr=0.01", "optimizer=adam&lr=0.03", "lr=1", "surface=ravine&lr=0.05"}) {
    CAPTURE(query);
    Session straight(race_from_query(query)), broken(race_from_query(query));
    straight.run(1203);
    double now = 0;
    while (!broken.finished() && broken.step() < 1203) {
      broken.run(1);
      broken.play();
      broken.speed = 100;
      broken.advance(0.01, [&] { return now += 0.001; });
      broken.pause();
      if (broken.step() % 50 == 7) broken.look_at(broken.step() / 2), broken.look_at_present();
      if (broken.step() > 1150) broken.run(1203 - broken.step());
    }
    const Lane &a = straight.lane(0), &b = broken.lane(0);
    REQUIRE(a.trainer().state().step == b.trainer().state().step);
    CHECK(a.train_eval().loss == b.train_eval().loss);
    for (int c = 0; c < static_cast<int>(Curve::kCount); ++c) CHECK_MESSAGE(same(a.curve(static_cast<Curve>(c)), b.curve(static_cast<Curve>(c))), "curve " << c);
    CHECK(judge_at_rest(a).explanation == judge_at_rest(b).explanation);
    CHECK(judge_at_rest(a).advice == judge_at_rest(b).advice);
  }
}

TEST_CASE("judge: the sentence names the losses of the very step") {
  Session s(race_from_query("surface=ravine&optimizer=adagrad&lr=0.3&condition=1000"));
  s.run(60);
  char loss[40];
  std::snprintf(loss, sizeof loss, " to %.3g", s.lane(0).train_eval().loss);
  CHECK_MESSAGE(judge_at_rest(s.lane(0)).explanation.find(loss) != std::string::npos, judge_at_rest(s.lane(0)).explanation << loss);
}

TEST_CASE("judge: whoever goes ten times slower is not told that his rate is good where the faster one is told it is too low") {
  for (const char* data : {"dataset=moons&hidden=16", "dataset=moons&batch_size=0"})
    for (std::uint64_t steps : {300, 690, 1000}) {
      CAPTURE(data);
      CAPTURE(steps);
      const auto verdict = [&](const char* lr) { return verdicts((std::string(data) + "&lr=" + lr).c_str(), steps, steps).back(); };
      CHECK(verdict("0.001") == "too_low");
      CHECK(among(verdict("0.1"), {"good", "edge"}));
    }
  const std::vector<std::string> cliff = verdicts("surface=cliff&lr=0.3", 200, 26);
  CHECK(cliff.front() == "oscillating");  // thrown over the cliff
  CHECK(cliff.back() == "good");          // and back
}

TEST_CASE("judge: what diverged is told how far beyond the limit it was, and at which step, as the picture says") {
  Session s(race_from_query("lr=1"));
  s.run(100);
  const Verdict v = judge_at_rest(s.lane(0));
  CHECK(v.explanation.find("At step " + std::to_string(s.step()) + " ") == 0);
  CHECK(v.explanation.find("times the largest stable one at the start, 2/λ = ") != std::string::npos);
}

TEST_CASE("judge: looking back past the end of a lane shows how it ended, with the numbers of the step otherwise") {
  Session s(race_from_query("v=1&lane=lr%3D1"));
  s.run(600);
  REQUIRE(s.lane(1).trainer().state().diverged);
  const double at_400 = [] {
    Session alone(race_from_query("v=1"));
    alone.run(401);
    return alone.lane(0).train_eval().loss;
  }();
  s.look_at(401);
  CHECK(s.lane(0).shown_train().loss == at_400);
  CHECK(s.lane(0).train_eval().loss != at_400);
  CHECK(s.lane(1).shown().state().diverged);
  CHECK_FALSE(s.lane(1).shown_train().loss * 0 == 0);
  CHECK(judge_shown(s.lane(1)).kind == VerdictKind::kDiverged);
  CHECK(judge_shown(s.lane(0)).kind != VerdictKind::kDiverged);
  s.look_at(10);  // a loss of 4e19 by then: no step more is needed to know
  CHECK(judge_shown(s.lane(1)).kind == VerdictKind::kDiverged);
  s.look_at(3);
  CHECK(judge_shown(s.lane(1)).kind == VerdictKind::kStarted);
}

}  // namespace
}  // namespace lrlab
