// What must hold for any text from outside. Fuzzers feed it random bytes (query.cpp, json.cpp,
// race.cpp), a unit test replays the corpus, and both end the program when something does not hold.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "experiment/codec.h"
#include "experiment/session.h"

namespace lrlab::fuzz {

inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline void check_issues(const std::vector<Issue>& issues) {
  expect(issues.size() < 200, "the number of messages is bounded");
  for (const Issue& issue : issues) {
    expect(issue.message.size() < 2000, "messages are short");
    expect(printable(issue.message, 4000) == issue.message, "messages are printable UTF-8");
    expect(printable(issue.key, 4000) == issue.key, "keys of messages are printable UTF-8");
  }
}

inline void check_config(Config c) {
  const Config before = c;
  expect(validate(c).empty() && c == before, "what was read is valid");
  std::vector<Issue> issues;
  expect(from_query(to_query(c), &issues) == c && issues.empty(), "config -> URL -> config is the identity");
  expect(from_json(to_json(c, true), &issues) == c && issues.empty(), "config -> JSON -> config is the identity");
}

inline void query(std::string_view text) {
  std::vector<Issue> issues;
  const Config c = from_query(text, &issues);
  check_issues(issues);
  check_config(c);
}

inline void json(std::string_view text) {
  std::vector<Issue> issues;
  const Config c = from_json(text, &issues);
  check_issues(issues);
  check_config(c);
}

inline void race(std::string_view text) {
  std::vector<Issue> issues;
  const Race r = race_from_query(text, &issues);
  check_issues(issues);
  expect(!r.lanes.empty() && r.lanes.size() <= kMaxLanes, "a race has lanes, not too many");
  for (const LaneSpec& lane : r.lanes) check_config(lane.config);
  const std::string written = to_query(r);
  if (written.size() > kMaxQuery) return;  // eight lanes that share nothing
  issues.clear();
  const Race again = race_from_query(written, &issues);
  expect(issues.empty() && again.lanes.size() == r.lanes.size(), "race -> URL -> race keeps the lanes");
  for (std::size_t i = 0; i < r.lanes.size(); ++i)
    expect(again.lanes[i].config == r.lanes[i].config && again.lanes[i].name == r.lanes[i].name,
           "race -> URL -> race is the identity");
}

}  // namespace lrlab::fuzz
