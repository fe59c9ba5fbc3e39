#include "cli/config_args.h"

#include <algorithm>
#include <ostream>

#include "experiment/session.h"
#include "experiment/table.h"

namespace lrlab::cli {

std::string_view query_of(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || text.find('=') < scheme) return text;
  std::size_t mark = text.find('#');
  if (mark == std::string_view::npos) mark = text.find('?');
  return mark == std::string_view::npos ? std::string_view{} : text.substr(mark);
}

void ConfigArgs::add_to(CLI::App& app) {
  app.add_option("--config", file, "A config as JSON, an object of settings.")->type_name("FILE");
  app.add_option("--query", query, "A config as in a link: 'optimizer=adam&lr=0.01', or the link itself.")->type_name("TEXT");
  add_whole_number(app, "--lane", lane, 1, kMaxLanes, "Which lane of a link that races several.");
  app.add_option("--set", sets, "One setting; may be given many times. 'lrlab describe' lists the keys.")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--data", data, "Learn from this CSV file; its columns of numbers are the inputs, standardised.")->type_name("FILE");
  app.add_option("--column", target, "With --data: the column to learn, by name or number; the last unless said.")->type_name("COLUMN");
  app.add_flag("--strict", strict, "Take what would be corrected and reported as an error.");
}

Own ConfigArgs::read_data() const {
  const Table table = read_table(read_file("--data", data, kMaxTable));
  std::string error = table.error;
  Own own;
  if (error.empty()) {
    TableChoice choice = suggest(table);
    if (!target.empty()) {
      std::vector<std::string> names;
      int found = -1;
      for (std::size_t k = 0; k < table.columns; ++k) {
        names.push_back(column_name(table, choice, k));
        if (found < 0 && (target == names.back() || target == std::to_string(k + 1))) found = static_cast<int>(k);
      }
      if (found < 0)
        throw Error{kWrongUse, "--column was '" + printable(target, 40) + "', which is no column of --data" + did_you_mean(target, names) +
                                   "; it may be a name or a number from 1 to " + std::to_string(table.columns)};
      choice = suggest(table, found);
    }
    own = own_from_table(table, choice, data.substr(data.find_last_of("/\\") + 1), error);
  }
  if (!error.empty()) throw Error{kWrongUse, "--data '" + printable(data, 200) + "': " + error};
  return own;
}

std::string ConfigArgs::job() const {
  std::string found;
  for (Setting& s : parse_query(query_of(query)))
    if (s.key == "job") found = std::move(s.value);
  return found;
}

Config ConfigArgs::read(Console& console, std::vector<Issue>& issues, std::vector<Setting>* said) const {
  std::vector<Setting> settings;
  if (!file.empty()) {
    std::vector<Issue> found;
    const bool good = parse_json(read_file("--config", file, kMaxJson), settings, found);
    if (!good) {
      throw Error{kWrongUse, "--config '" + printable(file, 200) + "': " + (found.empty() ? "not JSON." : fault_of(found.back().message))};
    }
    report_repeated(settings, found);
    issues.insert(issues.end(), found.begin(), found.end());
  }
  if (!query.empty()) {
    const std::string_view text = query_of(query);
    std::vector<Setting> more = parse_query(text, lane ? nullptr : &issues);
    const std::size_t lanes = 1 + std::erase_if(more, [](const Setting& s) { return s.key == "lane"; });
    std::erase_if(more, [](const Setting& s) { return is_lane_key(s.key) || s.key == "expect" || s.key == "job"; });
    if (lane > std::min(lanes, kMaxLanes))
      throw Error{kWrongUse, "--lane was " + std::to_string(lane) + "; the link has " + std::to_string(std::min(lanes, kMaxLanes)) +
                                 (lanes == 1 ? " lane" : " lanes")};
    if (lane) {
      more = to_settings(race_from_query(text, &issues).lanes[lane - 1].config);
    } else {
      if (lanes > 1)
        issues.push_back({"lane", "The link races " + std::to_string(lanes) + " lanes; the first is used. --lane chooses another."});
      report_repeated(more, issues);
    }
    settings.insert(settings.end(), more.begin(), more.end());
  }
  if (lane && query.empty()) throw Error{kWrongUse, "--lane chooses a lane of the link in --query, which is missing"};
  for (const std::string& text : sets) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Error{kWrongUse, "--set was '" + printable(text, 40) + "'; it must be KEY=VALUE, for example lr=0.01"};
    settings.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }

  Config config;
  if (!data.empty()) {
    config.own = read_data();
    std::erase_if(settings, [](const Setting& s) { return s.key == "dataset" || s.key == kDataKey; });
    settings.insert(settings.begin(), {{"dataset", "custom"}, {"test_fraction", "0.3"}});
  } else if (!target.empty()) {
    throw Error{kWrongUse, "--column names a column of --data, which is missing"};
  }
  if (said) *said = settings;
  for (Issue& issue : apply_settings(config, settings)) issues.push_back(std::move(issue));
  if (!config.surface.info && !config.has_data())
    throw Error{kWrongUse, "the data set 'custom' has no samples: they stayed where they were made. --data reads a CSV file"};
  if (strict && !issues.empty()) {
    for (std::size_t i = 0; i + 1 < issues.size(); ++i) console.err << issues[i].message << '\n';
    throw Error{kWrongUse, "--strict: " + issues.back().message};
  }
  for (const Issue& issue : issues) console.err << issue.message << '\n';
  return config;
}

}  // namespace lrlab::cli
