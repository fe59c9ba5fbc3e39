// The verdict on real runs, at every moment somebody might look.
#include <doctest/doctest.h>

#include "core/curvature.h"
#include "experiment/judge.h"

namespace lrlab {
namespace {

// The verdicts of a run, looked at as often as a person would.
std::vector<std::string> verdicts(const char* query, std::uint64_t steps, std::uint64_t every) {
  Session s(race_from_query(query));
  SharpnessProbe probe;
  std::vector<std::string> out;
  while (s.step() < steps && !s.finished()) {
    s.run(every);
    StabilityLimit limit{RunSummary::kUnknown, ""};
    if (!s.lane(0).trainer().state().diverged) {
      probe.begin(s.lane(0).trainer());
      while (!probe.step()) continue;
      limit = probe.reading().limit;
    }
    out.emplace_back(verdict_info(judge_lane(s.lane(0), limit).kind).id);
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

}  // namespace
}  // namespace lrlab
