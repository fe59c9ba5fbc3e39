// A race as text and back; the races of one click.
#include <doctest/doctest.h>

#include <set>

#include "draw.h"
#include "experiment/session.h"

namespace lrlab {
namespace {

bool same(const Race& a, const Race& b) {
  if (a.lanes.size() != b.lanes.size()) return false;
  for (std::size_t i = 0; i < a.lanes.size(); ++i)
    if (a.lanes[i].config != b.lanes[i].config || a.lanes[i].name != b.lanes[i].name) return false;
  return true;
}

TEST_CASE("race: one lane is written as its config") {
  Race race;
  CHECK(to_query(race) == "v=1");
  race.lanes[0].config.train.lr = 0.2;
  CHECK(to_query(race) == "v=1&lr=0.2");
}

TEST_CASE("race: round trips are the identity for random races") {
  for_all(500, [](Draw& draw) {
    Race race;
    race.lanes.clear();
    for (std::uint64_t n = 1 + draw.below(kMaxLanes); n > 0; --n) {
      LaneSpec lane;
      // Lanes usually differ in little: start from the first and change some of it.
      if (!race.lanes.empty() && draw.below(3)) {
        lane.config = race.lanes[0].config;
        const Config other = random_config(draw, Size::kSmall);
        const std::vector<Setting> all = to_settings(other, true);
        std::vector<Setting> some;
        for (std::uint64_t k = draw.below(4); k > 0; --k) some.push_back(all[draw.below(all.size())]);
        apply_settings(lane.config, some);
      } else {
        lane.config = random_config(draw, Size::kSmall);
      }
      if (draw.below(3) == 0) lane.name = "a & b = 50 % θ";
      race.lanes.push_back(lane);
    }
    const std::string query = to_query(race);
    if (query.size() > kMaxQuery) return;  // eight lanes that share nothing
    CAPTURE(query);
    std::vector<Issue> issues;
    CHECK(same(race_from_query(query, &issues), race));
    CHECK_MESSAGE(issues.empty(), issues.front().message);
  });
}

TEST_CASE("race: a value that happens to equal the first lane's survives another choice of row") {
  Race race;
  race.lanes.resize(2);
  race.lanes[0].config = from_query("optimizer=adam&beta1=0.8");  // lr 0.001, its default
  race.lanes[1].config = from_query("optimizer=adamw&beta1=0.8&lr=0.001");
  CHECK(same(race_from_query(to_query(race)), race));
  race.lanes[1].config = from_query("optimizer=sgd&lr=0.001");
  CHECK(same(race_from_query(to_query(race)), race));
}

TEST_CASE("race: hostile links") {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "&lane=lr%3D" + std::to_string(i);
  for (const std::string& query :
       {many, std::string("lane=lane%3Dlr%253D1"), std::string("lane=%"), std::string("lane=x%3D1&name=%FF%FE"),
        std::string("lane=lr%3DNaN"), std::string("lane=lr%3D1&lane=hidden%3D9999,9999"), std::string("name=a%00b%0A&lr=x")}) {
    CAPTURE(query.substr(0, 100));
    std::vector<Issue> issues;
    Race race = race_from_query(query, &issues);
    CHECK_FALSE(issues.empty());
    check_readable(issues);
    CHECK(race.lanes.size() <= kMaxLanes);
    for (LaneSpec& lane : race.lanes) {
      CHECK(validate(lane.config).empty());
      CHECK(printable(lane.name, 1000) == lane.name);
    }
    CHECK(same(race_from_query(to_query(race)), race));
    Session(race).run(2);
  }
}

TEST_CASE("race: order, colours and what is hidden survive the link") {
  Race race = race_from_query("v=1&lane=lr%3D0.5&lane=lr%3D2");
  CHECK(to_query(race) == "v=1&lane=lr%3D0.5&lane=lr%3D2");
  race.lanes[1].visible = false;
  race.selected = 1;
  move_lane(race, 2, 0);
  CHECK(race.selected == 2);
  std::vector<Issue> issues;
  const Race again = race_from_query(to_query(race), &issues);
  CHECK(issues.empty());
  REQUIRE(again.lanes.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(again.lanes[i] == race.lanes[i]);
  CHECK(again.lanes[0].colour == 2);
  CHECK_FALSE(again.lanes[2].visible);

  const Race odd = race_from_query("colour=3&lane=colour%3D3&lane=colour%3D9&lane=shown%3Dmaybe", &issues);
  CHECK(issues.size() == 2);
  check_readable(issues);
  std::set<int> colours;
  for (const LaneSpec& l : odd.lanes) {
    colours.insert(l.colour);
    CHECK(l.visible);
  }
  CHECK(colours.size() == 4);
}

TEST_CASE("race: pinned lanes stand first and outlive a ready-made race") {
  Race race = race_from_query("v=1&lane=lr%3D0.5&lane=lr%3D2&lane=lr%3D3");
  race.selected = 1;
  pin_lane(race, 2, true);
  CHECK(race.lanes[0].config.train.lr == 2);
  CHECK(race.selected == 2);
  move_lane(race, 3, 0);  // not before one that is pinned
  CHECK(race.lanes[0].pinned);
  CHECK(race.lanes[1].config.train.lr == 3);
  pin_lane(race, 1, true);
  CHECK(race.lanes[1].config.train.lr == 3);

  for (const RacePreset& preset : race_presets()) {
    const Race made = replace_lanes(race, preset.make(Config()));
    CHECK(made.lanes[0] == race.lanes[0]);
    CHECK(made.lanes[1] == race.lanes[1]);
    CHECK(made.lanes.size() <= kMaxLanes);
    CHECK(made.selected >= 2);
    std::set<int> colours;
    for (const LaneSpec& l : made.lanes) colours.insert(l.colour);
    CHECK(colours.size() == made.lanes.size());
  }
  pin_lane(race, 0, false);
  CHECK(race.lanes[0].config.train.lr == 3);
  for (LaneSpec& l : race.lanes) l.pinned = false;
  const Race made = race_presets()[0].make(Config());
  CHECK(replace_lanes(race, made) == made);
}

TEST_CASE("five rates: the present one and four around it, in plain numbers, as far as the dial goes") {
  const RacePreset* five = nullptr;
  for (const RacePreset& p : race_presets())
    if (std::string_view(p.id) == "five_rates") five = &p;
  REQUIRE(five);
  for (const auto& [lr, wanted] : {std::pair<double, std::vector<double>>{0.1, {0.001, 0.01, 0.1, 1, 10}}, {3, {0.0003, 0.003, 0.03, 0.3, 3}},
                                   {0.03, {0.0003, 0.003, 0.03, 0.3, 3}}, {2e-6, {2e-6, 2e-5, 2e-4, 2e-3, 0.02}}, {10, {0.001, 0.01, 0.1, 1, 10}}}) {
    Config c;
    c.train.lr = lr;
    const Race race = five->make(c);
    std::vector<double> rates;
    for (const LaneSpec& lane : race.lanes) rates.push_back(lane.config.train.lr);
    CAPTURE(lr);
    CHECK(rates == wanted);
    CHECK(race.lanes[race.selected].config.train.lr == lr);
  }
}

TEST_CASE("race: presets are valid, told apart, and survive the link") {
  std::set<std::string> ids;
  for (const RacePreset& preset : race_presets()) {
    CAPTURE(preset.id);
    CHECK(ids.insert(preset.id).second);
    CHECK(*preset.label);
    CHECK(*preset.doc);
    for (const char* base : {"", "dataset=iris&optimizer=adam", "surface=ravine&lr=0.05"}) {
      Race race = preset.make(from_query(base));
      CHECK(race.lanes.size() >= 2);
      CHECK(race.lanes.size() <= kMaxLanes);
      CHECK(race.selected < race.lanes.size());
      std::set<std::string> texts;
      for (std::size_t i = 0; i < race.lanes.size(); ++i) {
        CHECK(validate(race.lanes[i].config).empty());
        texts.insert(difference_text(race, i));
      }
      CHECK(texts.size() == race.lanes.size());
      CHECK(same(race_from_query(to_query(race)), race));
      Session(race).run(3);
    }
  }
}

}  // namespace
}  // namespace lrlab
