// A config as text and back: URL query, JSON, key=value. Only what differs from the defaults is
// written, so links are short and readable; every reader corrects and reports instead of failing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiment/config.h"

namespace lrlab {

inline constexpr int kFormatVersion = 1;           // "v=1"
inline constexpr std::size_t kMaxQuery = 8 << 10;  // bytes of a query that are looked at
inline constexpr std::size_t kMaxJson = 4 << 20;   // a table of one's own data is part of it

// One thing a config says: its key and its value as text.
struct Setting {
  std::string key, value;
  bool is_number = false;  // how JSON writes it
};

// All settings that differ from the defaults (or all there are), in the order of the tables.
std::vector<Setting> to_settings(const Config& config, bool defaults_too = false);

// Applies settings to `config` in an order that does not depend on theirs. Unknown keys, bad values
// and values out of range are reported; the config is valid afterwards.
std::vector<Issue> apply_settings(Config& config, const std::vector<Setting>& settings);

// "v=1&dataset=moons&lr=0.01"; a default config is "v=1".
std::string to_query(const Config& config);
Config from_query(std::string_view query, std::vector<Issue>* issues = nullptr);
// Split "a=b&c=d" with percent and plus decoding. Keeps the order; the last of equal keys wins later.
std::vector<Setting> parse_query(std::string_view query, std::vector<Issue>* issues = nullptr);
std::string percent_encode(std::string_view text);
// Say which keys are given more than once, where that is a mistake.
void report_repeated(const std::vector<Setting>& settings, std::vector<Issue>& issues);

std::string to_json(const Config& config, bool defaults_too = false);
class JsonOut;
void write(JsonOut& out, const Config& config, bool defaults_too = false);  // its members, into an object
Config from_json(std::string_view json, std::vector<Issue>* issues = nullptr);
// The settings of a JSON object; false: it is none, and `settings` is empty.
bool parse_json(std::string_view json, std::vector<Setting>& settings, std::vector<Issue>& issues);

// Shortest text that reads back as the same double: "0.1", "100000", "1e-6".
std::string number_text(double v);
// At most `most` characters of a text from outside, safe to show: valid UTF-8 without controls.
std::string printable(std::string_view text, std::size_t most);
// " (did you mean 'adam'?)" for the candidate nearest to what was typed; empty: none is near.
std::string did_you_mean(std::string_view typed, std::span<const std::string> candidates);
// Of an issue's message what was wrong and what is allowed, without what was done instead ("Using 0.1.",
// "Ignored."): for whoever does nothing instead.
std::string fault_of(std::string_view message);
// For people and messages: a choice by its name, a bool as on or off.
std::string value_text(const ParamSpec& spec, double v);
std::string range_text(const ParamSpec& spec);
// The other way round; false: not a value of this spec (range is not checked).
bool parse_value(const ParamSpec& spec, std::string_view text, double& out);

}  // namespace lrlab
