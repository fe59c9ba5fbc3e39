// A race as text, what its lanes differ in, and the races one click away.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/short_number.h"
#include "experiment/codec.h"
#include "experiment/session.h"

namespace lrlab {
namespace {

void add_missing(std::vector<Setting>& out, const Config& base, const Config& config, bool picks_only) {
  const std::vector<Setting> before = to_settings(base, true);
  for (const Setting& s : to_settings(config, true)) {
    const auto same = [&](const Setting& b) { return b.key == s.key && b.value == s.value; };
    const bool is_pick = std::any_of(picks().begin(), picks().end(), [&](const Pick& p) { return s.key == p.key; });
    if ((is_pick || !picks_only) && std::none_of(before.begin(), before.end(), same)) out.push_back(s);
  }
}

// What must be said on top of `base` to get `config`. First the choices of rows: they set the rows'
// parameters, and the fields that follow them, to their defaults. Then what still differs.
std::vector<Setting> difference(const Config& base, const Config& config) {
  std::vector<Setting> out;
  add_missing(out, base, config, true);
  Config chosen = base;
  apply_settings(chosen, out);
  add_missing(out, chosen, config, false);
  return out;
}

std::string join(const std::vector<Setting>& settings) {
  std::string out;
  for (const Setting& s : settings) out += (out.empty() ? "" : "&") + s.key + "=" + percent_encode(s.value);
  return out;
}

}  // namespace

bool is_lane_key(std::string_view key) { return key == "name" || key == "colour" || key == "shown"; }

namespace {

// What is said of the lane itself, not of its config.
std::string own_settings(const LaneSpec& lane, std::size_t place) {
  std::vector<Setting> out;
  if (!lane.name.empty()) out.push_back({"name", lane.name});
  if (lane.colour != static_cast<int>(place)) out.push_back({"colour", std::to_string(lane.colour)});
  if (!lane.visible) out.push_back({"shown", "0"});
  return join(out);
}

// Takes them out of `settings`. A colour that is none, or that another lane has, is the next free one.
void take_own_settings(std::vector<Setting>& settings, Race& race, LaneSpec& lane, std::vector<Issue>& issues) {
  const auto taken = [&](int colour) {
    return std::any_of(race.lanes.begin(), race.lanes.end(), [&](const LaneSpec& l) { return &l != &lane && l.colour == colour; });
  };
  for (const Setting& s : settings) {
    const bool digit = s.value.size() == 1 && s.value[0] >= '0' && s.value[0] < '0' + static_cast<int>(kMaxLanes);
    if (s.key == "name") lane.name = printable(s.value, 40);
    if (s.key == "shown") lane.visible = s.value != "0";
    if (s.key == "shown" && s.value != "0" && s.value != "1")
      issues.push_back({s.key, "'shown' was '" + printable(s.value, 40) + "'; allowed is 0 or 1. Using 1."});
    if (s.key != "colour") continue;
    if (digit)
      lane.colour = s.value[0] - '0';
    else
      issues.push_back({s.key, "'colour' was '" + printable(s.value, 40) + "'; allowed is a whole number from 0 to 7. Using the next free one."});
  }
  if (taken(lane.colour)) lane.colour = free_colour(race);
  std::erase_if(settings, [](const Setting& s) { return is_lane_key(s.key); });
}

void pinned_first(Race& race) {
  // The selected one is found again by its colour: every lane has its own.
  const int selected = race.lanes[race.selected].colour;
  std::vector<LaneSpec> ordered;
  for (const bool pinned : {true, false})
    for (const LaneSpec& l : race.lanes)
      if (l.pinned == pinned) ordered.push_back(l);
  race.lanes = std::move(ordered);
  for (std::size_t i = 0; i < race.lanes.size(); ++i)
    if (race.lanes[i].colour == selected) race.selected = i;
}

}  // namespace

int free_colour(const Race& race) {
  for (int c = 0; c < static_cast<int>(kMaxLanes); ++c)
    if (std::none_of(race.lanes.begin(), race.lanes.end(), [&](const LaneSpec& l) { return l.colour == c; })) return c;
  return 0;
}

void move_lane(Race& race, std::size_t from, std::size_t to) {
  to = std::min(to, race.lanes.size() - 1);
  const int selected = race.lanes[race.selected].colour;
  LaneSpec lane = std::move(race.lanes[from]);
  race.lanes.erase(race.lanes.begin() + static_cast<std::ptrdiff_t>(from));
  race.lanes.insert(race.lanes.begin() + static_cast<std::ptrdiff_t>(to), std::move(lane));
  for (std::size_t i = 0; i < race.lanes.size(); ++i)
    if (race.lanes[i].colour == selected) race.selected = i;
  pinned_first(race);
}

void pin_lane(Race& race, std::size_t i, bool pinned) {
  race.lanes[i].pinned = pinned;
  pinned_first(race);
}

Race replace_lanes(const Race& present, Race made) {
  Race race;
  race.lanes.clear();
  for (const LaneSpec& l : present.lanes)
    if (l.pinned) race.lanes.push_back(l);
  race.selected = race.lanes.size() + made.selected;
  for (LaneSpec& l : made.lanes) {
    if (race.lanes.size() == kMaxLanes) break;
    const bool taken = std::any_of(race.lanes.begin(), race.lanes.end(), [&](const LaneSpec& k) { return k.colour == l.colour; });
    if (taken) l.colour = free_colour(race);
    race.lanes.push_back(std::move(l));
  }
  race.selected = std::min(race.selected, race.lanes.size() - 1);
  return race;
}

std::string to_query(const Race& race) {
  const Config& base = race.lanes.front().config;
  std::string out = to_query(base);
  if (const std::string own = own_settings(race.lanes.front(), 0); !own.empty()) out += "&" + own;
  for (std::size_t i = 1; i < race.lanes.size(); ++i) {
    std::string lane = join(difference(base, race.lanes[i].config));
    if (const std::string own = own_settings(race.lanes[i], i); !own.empty()) lane += (lane.empty() ? "" : "&") + own;
    out += "&lane=" + percent_encode(lane);
  }
  return out;
}

Race race_from_query(std::string_view query, std::vector<Issue>* issues) {
  std::vector<Issue> mine;
  std::vector<Setting> base;
  std::vector<std::string> more;
  Race race;
  for (Setting& s : parse_query(query, &mine)) {
    if (s.key == "lane")
      more.push_back(std::move(s.value));
    else if (s.key != "expect" && s.key != "job")  // a receipt and an experiment are for whoever opened the link
      base.push_back(std::move(s));
  }
  take_own_settings(base, race, race.lanes[0], mine);
  for (Issue& i : apply_settings(race.lanes[0].config, base)) mine.push_back(std::move(i));
  if (more.size() + 1 > kMaxLanes) {
    mine.push_back({"lane", "The link has " + std::to_string(more.size() + 1) + " lanes; at most " +
                                std::to_string(kMaxLanes) + " are allowed. The rest was left out."});
    more.resize(kMaxLanes - 1);
  }
  for (const std::string& text : more) {
    LaneSpec lane{.name = {}, .config = race.lanes[0].config};
    lane.colour = static_cast<int>(race.lanes.size());
    std::vector<Issue> its;
    std::vector<Setting> settings = parse_query(text, &mine);
    take_own_settings(settings, race, lane, its);
    for (Issue& i : apply_settings(lane.config, settings)) its.push_back(std::move(i));
    for (Issue& i : its) {
      i.message = "Lane " + std::to_string(race.lanes.size() + 1) + ": " + i.message;
      mine.push_back(std::move(i));
    }
    race.lanes.push_back(std::move(lane));
  }
  if (issues) issues->insert(issues->end(), mine.begin(), mine.end());
  return race;
}

static bool row_differs(const Race& race, const Pick& p) {
  return std::any_of(race.lanes.begin(), race.lanes.end(),
                     [&](const LaneSpec& l) { return p.index(l.config) != p.index(race.lanes[0].config); });
}

// A setting as sentences write numbers: 0.0001 and 1e−5, where the address has 1e-4 and 1e-5; and
// 0.04642, where a sweep has 0.046415888336127774.
static std::string readable(const std::string& value) {
  char* end = nullptr;
  const double v = std::strtod(value.c_str(), &end);
  const std::size_t e = value.find("e-");
  if (value.size() > 9 && *end == 0) return short_number(v, 4);
  return e != std::string::npos && e <= 4 && *end == 0 ? round_text(v) : value;
}

std::string difference_text(const Race& race, std::size_t i) {
  // Keys in which any two lanes differ; lane i's values of them.
  std::string out;
  for (const Setting& s : to_settings(race.lanes[i].config, true)) {
    bool differs = false;
    for (const LaneSpec& lane : race.lanes) {
      const std::vector<Setting> theirs = to_settings(lane.config, true);
      const auto same = [&](const Setting& t) { return t.key == s.key && t.value == s.value; };
      differs = differs || std::none_of(theirs.begin(), theirs.end(), same);
    }
    if (!differs) continue;
    std::string text = s.key + " " + readable(s.value);
    bool usual = false;  // a parameter of the chosen row at its default: the row's name says it
    for (const Pick& p : picks()) {
      const RowText row = p.chosen(race.lanes[i].config);
      if (s.key == p.key) text = row.label;
      for (std::size_t k = 0; k < row.params.size(); ++k)
        if (s.key == row.params[k].key && row.params[k].kind == ParamKind::kList) {
          // Many numbers are no name: only where another lane has the row too, and then their beginning.
          const int mine = p.index(race.lanes[i].config);
          usual = std::count_if(race.lanes.begin(), race.lanes.end(), [&](const LaneSpec& l) { return p.index(l.config) == mine; }) < 2;
          if (s.value.size() > 16) text = s.key + " " + s.value.substr(0, s.value.rfind(',', 16)) + ",…";
        } else if (s.key == row.params[k].key)
          usual = row_differs(race, p) && p.params(race.lanes[i].config)[k] == row.params[k].def;
    }
    if (usual) continue;
    out += (out.empty() ? "" : ", ") + text;
  }
  const Config& c = race.lanes[i].config;
  if (out.empty()) out = std::string(c.train.optimizer.info->label) + ", lr " + readable(number_text(c.train.lr));
  const auto self = race.lanes.begin() + static_cast<std::ptrdiff_t>(i);
  const auto twins = std::count_if(race.lanes.begin(), self, [&](const LaneSpec& l) { return l.config == c; });
  return twins == 0 ? out : out + " (" + std::to_string(twins + 1) + ")";
}

std::string lane_title(const Session& session, std::size_t i) {
  const LaneSpec& spec = session.race().lanes[i];
  if (!spec.name.empty()) return spec.name;
  const std::uint64_t forked = session.lane(i).forked_at();
  return difference_text(session.race(), i) + (forked == Lane::kNoFork ? "" : ", fork at " + std::to_string(forked));
}

namespace {

Race lanes_of(std::vector<Config> configs, std::size_t selected = 0) {
  Race race;
  race.lanes.clear();
  for (Config& c : configs) {
    LaneSpec lane{.name = {}, .config = std::move(c)};
    lane.colour = static_cast<int>(race.lanes.size());
    race.lanes.push_back(std::move(lane));
  }
  race.selected = selected;
  return race;
}

Config with(Config c, std::initializer_list<Setting> settings) {
  apply_settings(c, settings);
  return c;
}

Race rates(const Config& base, std::initializer_list<const char*> list) {
  std::vector<Config> lanes;
  for (const char* lr : list) lanes.push_back(with(base, {{"lr", lr}}));
  return lanes_of(std::move(lanes), list.size() / 2);
}

Race three_rates(const Config& base) { return rates(base, {"0.001", "0.1", "1"}); }

Race five_rates(const Config& base) {
  // Two below and two above the present one; where the dial ends, more on the other side.
  const double lr = base.train.lr > 0 ? base.train.lr : 0.01;
  int low = -2;
  while (low > -4 && lr * std::pow(10, low + 4) > 10.001) --low;
  while (low < 0 && lr * std::pow(10, low) < 0.999e-6) ++low;
  std::vector<Config> lanes;
  for (int k = low; k < low + 5; ++k) {
    Config c = base;
    if (k != 0 || base.train.lr <= 0) {
      char text[32];  // 0.01, where the product is 0.010000000000000002
      std::snprintf(text, sizeof text, "%.12g", lr * std::pow(10, k));
      c.train.lr = std::strtod(text, nullptr);
    }
    lanes.push_back(std::move(c));
  }
  return lanes_of(std::move(lanes), static_cast<std::size_t>(-low));
}

Race optimizer_race(const Config& base) {
  std::vector<Config> lanes;
  lanes.push_back(with(base, {{"optimizer", "sgd"}, {"lr", "0.1"}}));
  lanes.push_back(with(base, {{"optimizer", "momentum"}, {"lr", "0.03"}}));
  lanes.push_back(with(base, {{"optimizer", "adagrad"}, {"lr", "0.05"}}));
  lanes.push_back(with(base, {{"optimizer", "rmsprop"}, {"lr", "0.003"}}));
  lanes.push_back(with(base, {{"optimizer", "adadelta"}, {"lr", "1"}}));
  lanes.push_back(with(base, {{"optimizer", "adam"}, {"lr", "0.01"}}));
  return lanes_of(std::move(lanes));
}

Race schedule_race(const Config& base) {
  std::vector<Config> lanes;
  for (const char* schedule : {"constant", "step", "exponential", "cosine", "one_cycle"})
    lanes.push_back(with(base, {{"schedule", schedule}}));
  return lanes_of(std::move(lanes));
}

Race clipped_or_not(const Config& base) {
  return lanes_of({with(base, {{"clip", "none"}, {"lr", "0.5"}}), with(base, {{"clip", "norm"}, {"max_norm", "0.5"}, {"lr", "0.5"}})});
}

}  // namespace

Race opening_race() {
  return rates(with(Config(), {{"hidden", "24,16,8"}, {"activation", "relu"}}), {"0.001", "0.03", "3"});
}

std::span<const RacePreset> race_presets() {
  static constexpr RacePreset kPresets[] = {
      {"three_rates", "Too low, good, too high", "One network, one start, three learning rates.", three_rates},
      {"five_rates", "Five rates", "The present set-up at its own rate and at four around it, each ten times the one before.", five_rates},
      {"optimizers", "Optimizers", "SGD, Momentum, AdaGrad, RMSProp, AdaDelta and Adam, each at a rate that suits it.", optimizer_race},
      {"schedules", "Five schedules", "Constant, step, exponential, cosine and one-cycle from the same rate.", schedule_race},
      {"clipping", "Clipped and not", "A rate too high for plain SGD, with and without gradient clipping.", clipped_or_not},
  };
  return kPresets;
}

}  // namespace lrlab
