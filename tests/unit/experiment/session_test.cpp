// Time in a race: same seed, same bits, however the steps are cut up, looked back at or forked.
#include <doctest/doctest.h>

#include <limits>

#include "draw.h"
#include "experiment/session.h"

namespace lrlab {
namespace {

Config small(std::string_view query = "") {
  Config c = from_query(query);
  c.count = 60;
  c.hidden = {6};
  c.train.batch_size = 8;
  return c;
}

Race race_of(std::vector<Config> configs) {
  Race race;
  race.lanes.clear();
  for (Config& c : configs) race.lanes.push_back({.name = {}, .config = std::move(c)});
  return race;
}

std::uint64_t bits(const Trainer& t) { return hash_bits(t.theta()); }

// A fresh run of a config for n steps.
std::uint64_t fresh(const Config& c, std::uint64_t n) {
  Trainer t(make_problem(c), c.train);
  while (n-- > 0) t.step();
  return bits(t);
}

TEST_CASE("session: the same seed gives the same bits however advance() cuts up the time") {
  const Race race = race_of({small("optimizer=adam"), small("lr=0.3&schedule=cosine")});
  Session whole(race);
  whole.run(200);
  for_all(20, [&](Draw& draw) {
    Session s(race);
    double now = 0;
    s.play();
    while (s.step() < 200) {
      // Every look at this clock takes a random while, so slices end anywhere.
      const double tick = static_cast<double>(1 + draw.below(50)) * 1e-4;
      s.speed = draw.below(2) ? 0 : 100.0 + static_cast<double>(draw.below(1000));
      s.advance(0.002, [&] { return now += tick; });
      now += static_cast<double>(draw.below(100)) * 1e-3;
      if (draw.below(10) == 0) s.look_at(draw.below(s.step() + 1)), s.play();
    }
    s.look_at(200);  // also ends a round that the last slice left half done
    const std::uint64_t steps = s.step();
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(s.lane(i).trainer().state().step == steps);
      CHECK(bits(s.lane(i).trainer()) == fresh(race.lanes[i].config, steps));
    }
    for (std::size_t i = 0; i < 2; ++i) CHECK(bits(s.lane(i).shown()) == bits(whole.lane(i).trainer()));
  });
}

TEST_CASE("session: a slice may end in the middle of a step of a large network; whatever is asked then is exact") {
  Config c = from_query("dataset=digits&hidden=128,128&batch_size=0&optimizer=adam");
  std::vector<std::uint64_t> at;  // bits after each step
  Trainer alone(make_problem(c), c.train);
  for (int i = 0; i < 12; ++i, alone.step()) at.push_back(bits(alone));
  Config other = c;
  other.train.lr = 0.01;
  for_all(12, [&](Draw& draw) {
    Session s(race_of({c, c}));
    double now = 0;
    s.play();
    for (std::uint64_t slices = 1 + draw.below(60); slices > 0 && s.step() < 9; --slices)
      s.advance(0.001, [&] { return now += 0.001; });  // as little as can be done
    switch (draw.below(5)) {
      case 0: s.run(1); break;
      case 1: s.look_at(draw.below(s.step() + 1)); break;
      case 2: CHECK(s.fork(0, other)); break;
      case 3: {
        Race race = s.race();
        race.lanes[1].config = other;
        s.set_race(race);
        s.run(1);
        break;
      }
      default: s.reset();
    }
    for (std::size_t i = 0; i < s.lanes(); ++i) {
      Lane& lane = s.lane(i);
      const bool same_settings = i == 0 || s.race().lanes[i].config == c;
      if (same_settings) CHECK(bits(lane.trainer()) == at[lane.trainer().state().step]);
      if (same_settings) CHECK(bits(lane.shown()) == at[lane.shown().state().step]);
    }
    s.reset();
    s.run(3);
    CHECK(bits(s.lane(0).trainer()) == at[3]);
  });
}

TEST_CASE("session: lanes with equal settings are equal bit for bit, and share data, start and batches") {
  Session s(race_of({small("lr=0.2"), small("lr=0.2"), small("lr=0.01")}));
  CHECK(&s.lane(0).trainer().problem() == &s.lane(2).trainer().problem());
  CHECK(bits(s.lane(0).trainer()) == bits(s.lane(2).trainer()));
  for (int i = 0; i < 50; ++i) {
    s.run(1);
    CHECK(bits(s.lane(0).trainer()) == bits(s.lane(1).trainer()));
  }
  CHECK(bits(s.lane(0).trainer()) != bits(s.lane(2).trainer()));
}

TEST_CASE("session: a rate of 0 leaves the weights as they are") {
  for (const char* optimizer : {"sgd", "momentum", "adam", "adamw"}) {
    Config c = small(std::string("optimizer=") + optimizer);
    c.train.lr = 0;
    Session s(race_of({c}));
    const std::vector<Real> before = s.lane(0).trainer().theta();
    s.run(30);
    CHECK(s.step() == 30);
    CHECK(s.lane(0).trainer().theta() == before);
  }
}

TEST_CASE("session: looking back at any step shows what a fresh run to that step is") {
  const Config c = small("optimizer=adam&schedule=plateau&averaging=ema&clip=norm&dropout=0.2");
  Session s(race_of({c}));
  s.run(300);
  for (std::uint64_t step : {0, 1, 2, 63, 64, 65, 100, 127, 128, 129, 200, 255, 299}) {
    s.look_at(step);
    CHECK(s.in_past());
    CHECK(s.shown_step() == step);
    CHECK(s.step() == 300);  // the live run stays
    CHECK(bits(s.lane(0).shown()) == fresh(c, step));
  }
  s.look_at(300);
  CHECK_FALSE(s.in_past());
  CHECK(bits(s.lane(0).shown()) == fresh(c, 300));
}

TEST_CASE("session: reset returns to the same start and replays the same run") {
  Session s(race_of({small("optimizer=adam")}));
  const std::uint64_t start = bits(s.lane(0).trainer());
  s.run(70);
  const std::uint64_t end = bits(s.lane(0).trainer());
  s.reset();
  CHECK(s.step() == 0);
  CHECK(bits(s.lane(0).trainer()) == start);
  CHECK(s.lane(0).curve(Curve::kLoss).empty());
  s.run(70);
  CHECK(bits(s.lane(0).trainer()) == end);
}

TEST_CASE("session: settings changed while training are replayed at their own step") {
  const std::vector<const char*> edits{"lr=0.5",  "optimizer=adam", "optimizer=adam&beta1=0.5", "optimizer=momentum&lr=0.01",
                                       "schedule=cosine", "clip=norm&max_norm=0.1", "averaging=swa", "batch_size=16", "lr=0"};
  for_all(30, [&](Draw& draw) {
    Config c = small();
    Session s(race_of({c}));
    std::vector<std::uint64_t> at{bits(s.lane(0).trainer())};  // bits after each step
    for (int k = 0; k < 6; ++k) {
      for (std::uint64_t n = draw.below(40); n > 0; --n) {
        s.run(1);
        if (s.step() == at.size()) at.push_back(bits(s.lane(0).trainer()));  // else it has diverged
      }
      Config next = small(edits[draw.below(edits.size())]);
      Race race = s.race();
      if (s.finished() && !(race.lanes[0].config.train == next.train)) at.resize(1);  // it has diverged: it begins anew
      race.lanes[0].config = next;
      s.set_race(race);
      CHECK(s.step() == at.size() - 1);  // else the run goes on
    }
    for (int k = 0; k < 10; ++k) {
      const std::uint64_t step = draw.below(at.size());
      s.look_at(step);
      CHECK(bits(s.lane(0).shown()) == at[step]);
    }
    const std::uint64_t step = draw.below(at.size());
    s.look_at(step);
    s.resume_from_past();
    CHECK(s.step() == step);
    CHECK(bits(s.lane(0).trainer()) == at[step]);
    CHECK(s.race().lanes[0].config == s.lane(0).spec().config);
    s.run(5);
    s.look_at(step);
    CHECK(bits(s.lane(0).shown()) == at[step]);
  });
}

TEST_CASE("session: what comes after a moment is forgotten to the very step, also where curves are thinned out") {
  const Config c = small("optimizer=adam&lr=0.02&clip=norm&max_norm=0.3");
  Session s(race_of({c}));
  s.run(900);
  Race race = s.race();
  race.lanes[0].config.train.lr = 0.05;
  s.set_race(race);
  s.run(5100);
  REQUIRE(s.lane(0).curve(Curve::kLoss).stride() == 8);
  Trainer alone(make_problem(c), c.train);
  std::vector<float> loss;
  for (int i = 0; i < 1005; ++i) {
    if (i == 900) alone.change(race.lanes[0].config.train);
    loss.push_back(static_cast<float>(alone.step().loss));
  }
  s.look_at(1005);
  s.resume_from_past();
  CHECK(bits(s.lane(0).trainer()) == bits(alone));
  const std::vector<Bucket>& b = s.lane(0).curve(Curve::kLoss).buckets();
  REQUIRE(b.size() == 126);
  for (std::size_t k = 0; k < b.size(); ++k) {
    const auto from = loss.begin() + static_cast<std::ptrdiff_t>(8 * k), to = k == 125 ? loss.end() : from + 8;
    CHECK(b[k].count == static_cast<std::uint32_t>(to - from));
    CHECK(b[k].min == *std::min_element(from, to));
    CHECK(b[k].max == *std::max_element(from, to));
  }
  s.run(100);  // and goes on as if nothing had been
  for (int i = 0; i < 100; ++i) alone.step();
  CHECK(bits(s.lane(0).trainer()) == bits(alone));
  s.look_at(1003);
  Trainer back(make_problem(c), c.train);
  for (int i = 0; i < 1003; ++i) {
    if (i == 900) back.change(race.lanes[0].config.train);
    back.step();
  }
  CHECK(bits(s.lane(0).shown()) == bits(back));
}

TEST_CASE("session: another rate for a lane that diverged starts all lanes anew from the same start") {
  Session s(race_of({small("lr=10"), small("lr=0.1")}));
  s.run(300);
  REQUIRE(s.lane(0).trainer().state().diverged);
  Race race = s.race();
  race.lanes[1].config.train.lr = 0.2;  // the other may change as ever
  s.set_race(race);
  CHECK(s.step() == 300);
  race.lanes[0].config.train.lr = 0.05;
  s.set_race(race);
  CHECK(s.step() == 0);
  CHECK(s.lane(1).trainer().state().step == 0);
  s.run(50);
  CHECK(bits(s.lane(0).trainer()) == fresh(race.lanes[0].config, 50));
  CHECK(bits(s.lane(1).trainer()) == fresh(race.lanes[1].config, 50));
}

TEST_CASE("session: a fork shares the past and goes its own way from there") {
  Config c = small("optimizer=momentum&lr=0.05");
  Session s(race_of({c}));
  s.run(100);
  s.look_at(40);
  Config other = c;
  other.train.lr = 0.01;
  REQUIRE(s.fork(0, other));
  REQUIRE(s.lanes() == 2);
  CHECK(s.race().lanes[1].colour != s.race().lanes[0].colour);
  CHECK(s.lane(1).trainer().state().step == 40);
  CHECK(s.catching_up());
  double now = 0;
  while (s.catching_up()) s.advance(0.002, [&] { return now += 0.001; });  // in slices, though it does not play
  CHECK(s.lane(1).trainer().state().step == 100);
  CHECK(s.lane(0).trainer().state().step == 100);

  Trainer expected(make_problem(c), c.train);
  for (int i = 0; i < 40; ++i) expected.step();
  expected.change(other.train);
  for (int i = 0; i < 60; ++i) expected.step();
  CHECK(bits(s.lane(1).trainer()) == bits(expected));
  CHECK(bits(s.lane(0).trainer()) == fresh(c, 100));  // the original is untouched
  s.look_at(39);
  CHECK(bits(s.lane(0).shown()) == bits(s.lane(1).shown()));
  s.look_at(45);
  CHECK(bits(s.lane(0).shown()) != bits(s.lane(1).shown()));
  s.look_at_present();
  s.run(10);
  CHECK(bits(s.lane(0).trainer()) == fresh(c, 110));

  Config elsewhere = c;
  elsewhere.hidden = {7};
  CHECK_FALSE(s.fork(0, elsewhere));  // another network has another past
  while (s.lanes() < kMaxLanes) CHECK(s.fork(0, other));
  CHECK_FALSE(s.fork(0, other));
}

TEST_CASE("session: changing the seed or the problem starts the whole race anew, so that it stays fair") {
  Session s(race_of({small(), small("lr=0.01")}));
  s.run(20);
  Race race = s.race();
  race.lanes[0].config.hidden = {5};
  s.set_race(race);
  CHECK(s.step() == 0);
  CHECK(s.lane(1).trainer().state().step == 0);
  s.run(20);
  race.lanes[1].config.train.seed = 5;
  s.set_race(race);
  CHECK(s.step() == 0);
  s.run(20);
  race.lanes[1].config.train.lr = 0.5;
  race.lanes[0].name = "renamed";
  s.set_race(race);
  CHECK(s.step() == 20);
}

TEST_CASE("session: a lane that diverged stands still, the others go on, and no curve has a number that is none") {
  Session s(race_of({small("lr=10"), small("lr=0.1")}));
  s.run(500);
  CHECK(s.lane(0).trainer().state().diverged);
  CHECK(s.lane(0).trainer().state().step < 500);
  CHECK(s.lane(1).trainer().state().step == 500);
  CHECK_FALSE(s.finished());
  for (std::size_t i = 0; i < s.lanes(); ++i)
    for (int c = 0; c < static_cast<int>(Curve::kCount); ++c)
      for (const Bucket& b : s.lane(i).curve(static_cast<Curve>(c)).buckets())
        if (b.count) {
          const bool finite = b.min * 0 == 0 && b.max * 0 == 0 && b.mean * 0 == 0;
          CHECK(finite);
        }
  s.look_at(2);
  CHECK(bits(s.lane(0).shown()) == fresh(s.race().lanes[0].config, 2));
}

TEST_CASE("session: the way into divergence is in the curves, however seldom they are taken") {
  Session s(race_of({from_query("dataset=moons&lr=0.41"), from_query("dataset=moons&lr=0.41")}));
  s.run(500);
  const Lane& lane = s.lane(0);
  REQUIRE(lane.trainer().state().diverged);
  const std::uint64_t end = lane.trainer().state().step;
  CHECK(lane.eval_stride() > 2);
  for (const Curve c : {Curve::kTrainLoss, Curve::kTestLoss, Curve::kTrainAccuracy}) {
    const std::vector<Bucket>& b = lane.curve(c).buckets();
    REQUIRE(lane.curve(c).stride() == 1);
    for (std::uint64_t step = end - std::min<std::uint64_t>(end, 20); step + 2 < end; ++step) {
      CAPTURE(step);
      REQUIRE(b.size() > step);
      CHECK(b[step].count == 1);  // and none twice
    }
  }
  // What stands there is what a fresh run has.
  Trainer fresh(lane.trainer().shared_problem(), lane.spec().config.train);
  for (std::uint64_t i = 0; i + 3 < end; ++i) fresh.step();
  CHECK(lane.curve(Curve::kTrainLoss).buckets()[end - 3].mean == static_cast<float>(fresh.evaluate_train().loss));
  CHECK(lane.curve(Curve::kTrainLoss).last() > 3 * lane.start_loss());
}

TEST_CASE("session: random races, played, changed, looked back at and resumed, replay exactly") {
  for_all(40, [](Draw& draw) {
    std::vector<Config> configs;
    for (std::uint64_t n = 1 + draw.below(3); n > 0; --n) configs.push_back(random_config(draw, Size::kSmall));
    Session s(race_of(configs));
    s.run(1 + draw.below(90));
    for (std::size_t i = 0; i < s.lanes(); ++i) {
      CAPTURE(to_query(configs[i]));
      const std::uint64_t step = draw.below(s.lane(i).trainer().state().step + 1);
      s.look_at(step);
      CHECK(bits(s.lane(i).shown()) == fresh(configs[i], step));
    }
  });
}

TEST_CASE("session: memory stays bounded over a long run") {
  Config c = small("surface=ravine");
  Session s(race_of({c}));
  s.run(200'000);
  for (int k = 0; k < static_cast<int>(Curve::kCount); ++k)
    CHECK(s.lane(0).curve(static_cast<Curve>(k)).buckets().size() <= 1024);
  s.look_at(123'457);
  CHECK(bits(s.lane(0).shown()) == fresh(c, 123'457));
}

TEST_CASE("session: a fork that changes nothing has the numbers and curves of its original") {
  for (std::uint64_t at : {625, 626}) {
    Session s(race_of({from_query("lr=0.1")}));
    s.run(1250);
    s.look_at(at);
    REQUIRE(s.fork(0, s.race().lanes[0].config));
    s.run(0);
    const Lane &a = s.lane(0), &b = s.lane(1);
    CHECK(bits(a.trainer()) == bits(b.trainer()));
    CHECK(a.train_eval().loss == b.train_eval().loss);
    CHECK(a.test_eval().accuracy == b.test_eval().accuracy);
    CHECK(a.last_report().lr == b.last_report().lr);
    for (Curve c : {Curve::kLoss, Curve::kTrainLoss, Curve::kTestAccuracy, Curve::kGradNorm}) {
      REQUIRE(a.curve(c).buckets().size() == b.curve(c).buckets().size());
      for (std::size_t i = 0; i < a.curve(c).buckets().size(); ++i) {
        CHECK(a.curve(c).buckets()[i].count == b.curve(c).buckets()[i].count);
        CHECK(a.curve(c).buckets()[i].mean == b.curve(c).buckets()[i].mean);
      }
    }
  }
}

TEST_CASE("session: a fork knows how many of its past's steps were clipped") {
  Session s(race_of({small("lr=0.3&clip=norm&max_norm=0.05")}));
  s.run(200);
  REQUIRE(s.lane(0).clip_share() > 0.5);
  s.look_at(77);
  REQUIRE(s.fork(0, s.race().lanes[0].config));
  s.run(0);
  CHECK(s.lane(1).clip_share() == s.lane(0).clip_share());
}

TEST_CASE("session: a moment brings back what was removed, reset, changed or cut off, with all its training") {
  const Race race = race_of({small("lr=0.05"), small("optimizer=adam&lr=0.01")});
  const auto trained = [&](Session& s, std::uint64_t steps) {
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(s.lane(i).trainer().state().step == steps);
      CHECK(bits(s.lane(i).trainer()) == fresh(race.lanes[i].config, steps));
    }
  };
  Session s(race);
  s.run(150);
  const Session::Moment full = s.moment();

  Race less = race;
  less.lanes.pop_back();
  s.set_race(less);
  CHECK(s.step() == 150);
  s.run(50);
  s.restore(full);
  CHECK(s.catching_up(1));
  CHECK_FALSE(s.catching_up(0));
  s.run(0);
  trained(s, 200);

  const Session::Moment before = s.moment();
  s.reset();
  CHECK(s.step() == 0);
  s.run(7);
  const Session::Moment after = s.moment();
  s.restore(before);
  trained(s, 200);
  s.restore(after);  // and forth
  trained(s, 7);
  s.restore(before);

  s.look_at(90);
  s.resume_from_past();
  trained(s, 90);
  s.restore(before);
  trained(s, 200);

  Race other = race;  // another problem: all begin anew
  other.lanes[0].config.hidden = {5};
  s.set_race(other);
  CHECK(s.step() == 0);
  s.restore(before);
  trained(s, 200);

  s.look_at(60);
  const Session::Moment looking = s.moment();
  REQUIRE(s.fork(1, race.lanes[1].config));
  const Session::Moment forked = s.moment();
  s.restore(looking);
  CHECK(s.shown_step() == 60);
  s.restore(forked);
  REQUIRE(s.lanes() == 3);
  s.run(0);
  trained(s, 200);
  CHECK(bits(s.lane(2).trainer()) == bits(s.lane(1).trainer()));

  s.restore({race, {}});  // forgotten
  CHECK(s.lanes() == 2);
}

TEST_CASE("session: changing the settings of a run that diverged begins anew, and the moment before still has it") {
  Session s(race_of({from_query("lr=1"), from_query("lr=0.1")}));
  s.run(40);
  REQUIRE(s.lane(0).trainer().state().diverged);
  const Session::Moment before = s.moment();
  Race race = s.race();
  race.lanes[0].config.train.lr = 0.2;
  s.set_race(race);
  CHECK(s.step() == 0);
  s.run(10);
  s.restore(before);
  CHECK(s.lane(0).trainer().state().diverged);
  CHECK(s.lane(1).trainer().state().step == 40);
  CHECK(s.lane(1).spec().config.train.lr == 0.1);
}

TEST_CASE("session: a change while looking back acts at that moment, and what came after it is trained again") {
  const Race race = race_of({small("optimizer=momentum&lr=0.05"), small("lr=0.01")});
  for (const bool alone : {false, true}) {
    Session s(alone ? race_of({race.lanes[0].config}) : race);
    s.run(120);
    s.look_at(40);
    const Session::Moment before = s.moment();
    Race other = s.race();
    for (const double lr : {0.3, 0.02}) {  // as a drag does
      other.lanes[0].config.train.lr = lr;
      CHECK(s.outcome(other).takes_future == (lr == 0.3));  // then it stands at 40
      s.set_race(other);
      CHECK(s.shown_step() == 40);
      CHECK(s.in_past());
      for (std::size_t i = 0; i < s.lanes(); ++i) {
        CHECK(s.lane(i).shown().state().step == 40);
        CHECK(bits(s.lane(i).shown()) == fresh(race.lanes[i].config, 40));
      }
      CHECK(s.end() == 120);
    }
    double now = 0;
    while (s.catching_up()) s.advance(0.002, [&] { return now += 0.001; });
    CHECK(s.shown_step() == 40);
    Trainer expected(make_problem(race.lanes[0].config), race.lanes[0].config.train);
    for (int i = 0; i < 120; ++i) {
      if (i == 40) expected.change(other.lanes[0].config.train);
      expected.step();
    }
    CHECK(bits(s.lane(0).trainer()) == bits(expected));
    s.restore(before);
    CHECK(s.shown_step() == 40);
    CHECK(bits(s.lane(0).trainer()) == fresh(race.lanes[0].config, 120));
  }
}

TEST_CASE("session: a run that died later is changed at the past moment that is shown, and no lane begins anew") {
  Session s(race_of({small("lr=10"), small("lr=0.1")}));
  s.run(300);
  REQUIRE(s.lane(0).trainer().state().diverged);
  s.look_at(1);
  Race race = s.race();
  race.lanes[0].config.train.lr = 0.001;
  CHECK_FALSE(s.outcome(race).anew);
  s.set_race(race);
  s.run(0);
  CHECK_FALSE(s.lane(0).trainer().finished());
  CHECK(s.lane(0).trainer().state().step == 300);
  CHECK(s.lane(1).trainer().state().step == 300);
}

TEST_CASE("session: a run that died of a change goes back to where it stood before the change") {
  const Race race = race_of({small("lr=0.1"), small("lr=0.01")});
  Session s(race);
  s.run(100);
  const Session::Moment before = s.moment();
  Race other = race;
  other.lanes[0].config.train.lr = 10;
  s.set_race(other);
  s.run(200);
  REQUIRE(s.lane(0).trainer().state().diverged);
  const Session::Moment dead = s.moment();
  s.restore(before);
  CHECK(s.lane(0).trainer().state().step == 100);
  CHECK(bits(s.lane(0).trainer()) == fresh(race.lanes[0].config, 100));
  CHECK(s.lane(1).trainer().state().step == 300);
  s.run(0);  // and catches up
  CHECK(bits(s.lane(0).trainer()) == fresh(race.lanes[0].config, 300));
  s.restore(dead);
  CHECK(s.lane(0).trainer().state().diverged);
  CHECK(s.lane(0).spec().config.train.lr == 10);
}

TEST_CASE("session: a fork is selected, its title says where it branched, and its first change acts there") {
  const Config c = small("lr=0.05");
  Session s(race_of({c}));
  s.run(100);
  s.look_at(40);
  REQUIRE(s.fork(0, c));
  CHECK(s.race().selected == 1);
  CHECK(lane_title(s, 0) == "SGD, lr 0.05");
  CHECK(lane_title(s, 1) == "SGD, lr 0.05 (2), fork at 40");
  double now = 0;
  while (s.catching_up()) s.advance(0.002, [&] { return now += 0.001; });  // before a hand is at the dial
  Race race = s.race();
  race.lanes[1].config.train.lr = 0.01;
  CHECK_FALSE(s.outcome(race).takes_future);  // that is what it was made for
  s.set_race(race);
  CHECK(lane_title(s, 1) == "lr 0.01, fork at 40");
  s.run(0);
  Trainer expected(make_problem(c), c.train);
  for (int i = 0; i < 100; ++i) {
    if (i == 40) expected.change(race.lanes[1].config.train);
    expected.step();
  }
  CHECK(bits(s.lane(1).trainer()) == bits(expected));
  CHECK(bits(s.lane(0).trainer()) == fresh(c, 100));
  s.reset();
  CHECK(lane_title(s, 1) == "lr 0.01");
}

}  // namespace
}  // namespace lrlab
