// A race as text, what its lanes differ in, and the races one click away.
#include <algorithm>
#include <cmath>

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

std::string to_query(const Race& race) {
  const Config& base = race.lanes.front().config;
  std::string out = to_query(base);
  if (!race.lanes.front().name.empty()) out += "&name=" + percent_encode(race.lanes.front().name);
  for (std::size_t i = 1; i < race.lanes.size(); ++i) {
    std::string lane = join(difference(base, race.lanes[i].config));
    if (!race.lanes[i].name.empty()) lane += (lane.empty() ? "name=" : "&name=") + percent_encode(race.lanes[i].name);
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
    else if (s.key == "name")
      race.lanes[0].name = printable(s.value, 40);
    else
      base.push_back(std::move(s));
  }
  for (Issue& i : apply_settings(race.lanes[0].config, base)) mine.push_back(std::move(i));
  if (more.size() + 1 > kMaxLanes) {
    mine.push_back({"lane", "The link has " + std::to_string(more.size() + 1) + " lanes; at most " +
                                std::to_string(kMaxLanes) + " are allowed. The rest was left out."});
    more.resize(kMaxLanes - 1);
  }
  for (const std::string& text : more) {
    LaneSpec lane{.name = {}, .config = race.lanes[0].config};
    lane.colour = static_cast<int>(race.lanes.size());
    std::vector<Setting> settings = parse_query(text, &mine);
    for (const Setting& s : settings)
      if (s.key == "name") lane.name = printable(s.value, 40);
    std::erase_if(settings, [](const Setting& s) { return s.key == "name"; });
    for (Issue& i : apply_settings(lane.config, settings)) {
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
    std::string text = s.key + " " + s.value;
    bool usual = false;  // a parameter of the chosen row at its default: the row's name says it
    for (const Pick& p : picks()) {
      const RowText row = p.chosen(race.lanes[i].config);
      if (s.key == p.key) text = row.label;
      for (std::size_t k = 0; k < row.params.size(); ++k)
        if (s.key == row.params[k].key && row.params[k].kind != ParamKind::kList)
          usual = row_differs(race, p) && p.params(race.lanes[i].config)[k] == row.params[k].def;
    }
    if (usual) continue;
    out += (out.empty() ? "" : ", ") + text;
  }
  if (!out.empty()) return out;
  const Config& c = race.lanes[i].config;
  return std::string(c.train.optimizer.info->label) + ", lr " + number_text(c.train.lr);
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

Race three_rates(const Config& base) {
  std::vector<Config> lanes;
  for (const char* lr : {"0.001", "0.1", "1"}) lanes.push_back(with(base, {{"lr", lr}}));
  return lanes_of(std::move(lanes), 1);
}

Race five_rates(const Config& base) {
  std::vector<Config> lanes;
  for (double k : {0.01, 0.1, 1.0, 10.0, 100.0}) {
    Config c = base;
    c.train.lr = std::clamp(base.train.lr * k, 1e-6, 10.0);
    lanes.push_back(std::move(c));
  }
  return lanes_of(std::move(lanes), 2);
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

std::span<const RacePreset> race_presets() {
  static constexpr RacePreset kPresets[] = {
      {"three_rates", "Too low, good, too high", "One network, one start, three learning rates.", three_rates},
      {"five_rates", "Five rates", "The present set-up at a hundredth, a tenth, one, ten and a hundred times its rate.", five_rates},
      {"optimizers", "Optimizers", "SGD, Momentum, AdaGrad, RMSProp, AdaDelta and Adam, each at a rate that suits it.", optimizer_race},
      {"schedules", "Five schedules", "Constant, step, exponential, cosine and one-cycle from the same rate.", schedule_race},
      {"clipping", "Clipped and not", "A rate too high for plain SGD, with and without gradient clipping.", clipped_or_not},
  };
  return kPresets;
}

}  // namespace lrlab
