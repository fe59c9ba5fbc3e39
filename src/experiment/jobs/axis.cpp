// An axis: values of one setting, as text and back, and how a config gets one of them.
#include <algorithm>
#include <cmath>

#include "core/mathfn.h"
#include "core/parse.h"
#include "experiment/jobs.h"
#include "experiment/jobs/common.h"

namespace lrlab {
namespace {

constexpr int kMaxPoints = 1024;

bool is_pick(std::string_view key) {
  return std::any_of(picks().begin(), picks().end(), [&](const Pick& p) { return key == p.key; });
}

bool counts(const ParamSpec* spec) {
  return spec && (spec->kind == ParamKind::kNumber || spec->kind == ParamKind::kInteger);
}

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(by);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool reads(std::string_view text, double& value) {
  return !text.empty() && parse_number(text, value) == text.size() && value * 0 == 0;
}

}  // namespace

const ParamSpec* axis_spec(std::string_view key) {
  for (const Field& f : fields())
    if (key == f.spec.key) return &f.spec;
  for (const Pick& p : picks())
    for (std::size_t r = 0; r < p.rows; ++r)
      for (const ParamSpec& spec : p.row(r).params)
        if (key == spec.key) return &spec;
  return nullptr;
}

std::vector<AxisKey> axis_keys(const Config& base, bool ranges_only) {
  std::vector<AxisKey> out;
  for (const Field& f : fields())
    if (counts(&f.spec)) out.push_back({f.spec.key, f.spec.label});
  for (const Pick& p : picks())
    for (const ParamSpec& spec : p.chosen(base).params)
      if (counts(&spec)) out.push_back({spec.key, spec.label});
  // The rate first: it is what this is about.
  const auto lr = std::find_if(out.begin(), out.end(), [](const AxisKey& k) { return std::string_view(k.key) == "lr"; });
  std::rotate(out.begin(), lr, lr + 1);
  if (ranges_only) return out;
  for (const Pick& p : picks()) out.push_back({p.key, p.label});
  out.push_back({kHiddenKey, "hidden layers"});
  return out;
}

Axis default_axis(std::string_view key, const Config& base) {
  Axis axis{.key = std::string(key), .values = {}};
  const ParamSpec* spec = axis_spec(key);
  if (counts(spec)) {
    axis.scale = spec->scale;
    axis.count = kDefaultPoints;
    const bool log = spec->scale == Scale::kLog;
    axis.max = key == "lr" ? 1 : spec->max;
    axis.min = !log ? spec->min : key == "lr" ? 1e-4 : std::max(spec->min, spec->kind == ParamKind::kInteger ? 1 : axis.max * 1e-4);
    return axis;
  }
  if (key == kHiddenKey) axis.values = {"4", "8", "16", "16,16"};
  for (const Pick& p : picks())
    if (key == p.key) {
      const int now = std::max(0, p.index(base));
      for (std::size_t i = 0; i < std::min<std::size_t>(3, p.rows); ++i)
        axis.values.push_back(p.row((static_cast<std::size_t>(now) + i) % p.rows).id);
    }
  return axis;
}

double Axis::at(double share) const {
  if (share <= 0) return min;
  if (share == 1) return max;
  if (scale == Scale::kLinear) return min + (max - min) * share;
  return fn::exp(fn::log(min) + (fn::log(max) - fn::log(min)) * share);
}

double Axis::number(std::size_t i) const {
  if (values.empty()) return count <= 1 ? min : at(static_cast<double>(i) / (count - 1));
  double v = 0;
  return reads(values[i], v) ? v : static_cast<double>(i);
}

std::string Axis::text(std::size_t i) const { return values.empty() ? number_text(number(i)) : values[i]; }

std::string to_text(const Axis& axis) {
  std::string s = axis.key + "=";
  if (axis.values.empty())
    return s + number_text(axis.min) + ":" + number_text(axis.max) +
           (axis.scale == Scale::kLog ? ":log:" : ":lin:") + std::to_string(axis.count);
  const bool commas = std::any_of(axis.values.begin(), axis.values.end(),
                                  [](const std::string& v) { return v.find(',') != std::string::npos; });
  for (std::size_t i = 0; i < axis.values.size(); ++i) s += (i ? (commas ? "|" : ",") : "") + axis.values[i];
  return commas && axis.values.size() == 1 ? s + "|" : s;
}

std::optional<Axis> axis_from_text(std::string_view text, std::vector<Issue>* issues) {
  const auto complain = [&](std::string_view key, const std::string& message) -> std::optional<Axis> {
    if (issues) issues->push_back({std::string(key), message});
    return std::nullopt;
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    return complain("axes", "An axis looks like lr=1e-4:1:log:12 or optimizer=sgd,adam; this was " + in_quotes(text) + ". Ignored.");
  Axis axis;
  axis.key = text.substr(0, equals);
  text.remove_prefix(equals + 1);
  const ParamSpec* spec = axis_spec(axis.key);
  if (!spec && !is_pick(axis.key) && axis.key != kHiddenKey)
    return complain(axis.key, "There is no setting named " + in_quotes(axis.key) + " to vary. Ignored.");

  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() > 1) {
    double count = 0;
    if (!counts(spec))
      return complain(axis.key, in_quotes(axis.key) + " has no range of numbers; list its values, joined by commas. Ignored.");
    std::size_t last = 2;
    if (parts.size() > 2 && (parts[2] == "log" || parts[2] == "lin" || parts[2] == "linear")) {
      axis.scale = parts[2] == "log" ? Scale::kLog : Scale::kLinear;
      last = 3;
    } else {
      axis.scale = spec->scale;
    }
    if (!reads(parts[0], axis.min) || !reads(parts[1], axis.max) || parts.size() > last + 1 ||
        (parts.size() == last + 1 && !(reads(parts[last], count) && count >= 0 && count == std::floor(count))))
      return complain(axis.key, "A range looks like lr=1e-4:1:log:12 (from, to, log or lin, points); this was " + in_quotes(text) + ". Ignored.");
    if (parts.size() == last + 1 && count == 0 && issues)
      issues->push_back({axis.key, "The axis '" + axis.key + "' had 0 points; allowed is 1 to " + std::to_string(kMaxPoints) + ". Using " + std::to_string(kDefaultPoints) + "."});
    axis.count = static_cast<int>(std::min(count, 1e9));  // validate() says how many are allowed
    return axis;
  }
  // Values with commas inside: lists, and the widths of hidden layers.
  const bool commas_inside = text.find('|') != std::string_view::npos || axis.key == kHiddenKey ||
                             (spec && spec->kind == ParamKind::kList);
  for (std::string& value : split(text, commas_inside ? '|' : ','))
    if (!value.empty()) axis.values.push_back(std::move(value));
  if (axis.values.empty()) return complain(axis.key, "The axis " + in_quotes(axis.key) + " has no values. Ignored.");
  return axis;
}

bool is_number(const Axis& axis) {
  if (!counts(axis_spec(axis.key))) return false;
  double v = 0;
  return std::all_of(axis.values.begin(), axis.values.end(), [&](const std::string& s) { return reads(s, v); });
}

void apply_number(const Axis& axis, double value, Config& config) {
  std::vector<Issue> ignored;
  for (const Field& f : fields())
    if (axis.key == f.spec.key) {
      fit_value(f.spec, value, default_of(f, config), ignored);
      return f.set(config, value);
    }
  for (const Pick& p : picks()) {
    const RowText row = p.chosen(config);
    for (std::size_t i = 0; i < row.params.size(); ++i)
      if (axis.key == row.params[i].key) {
        fit_value(row.params[i], value, row.params[i].def, ignored);
        p.params_of(config)[i] = value;
        return;
      }
  }
}

void apply(const Axis& axis, std::size_t i, Config& config) {
  if (is_number(axis)) return apply_number(axis, axis.number(i), config);
  apply_settings(config, {{axis.key, axis.text(i)}});
}

// ---- validation ----------------------------------------------------------------------------------

// Brings an axis into its setting's range; false: it makes no sense at all.
bool validate_axis(Axis& axis, int default_points, std::vector<Issue>& issues) {
  const ParamSpec* spec = axis_spec(axis.key);
  if (!axis.values.empty()) {
    if (axis.values.size() > static_cast<std::size_t>(kMaxPoints)) {
      issues.push_back({axis.key, in_quotes(axis.key) + " had " + std::to_string(axis.values.size()) + " values; at most " +
                                      std::to_string(kMaxPoints) + " are allowed. The rest was left out."});
      axis.values.resize(kMaxPoints);
    }
    // A value that no config can have is corrected as a config would, or left out.
    Config probe;
    std::vector<std::string> good;
    for (std::string& value : axis.values) {
      bool fits = true;
      if (counts(spec)) {
        double v = 0;
        fits = reads(value, v);
        if (fits) {
          const double before = v;
          fit_value(*spec, v, spec->def, issues);
          if (v != before) value = number_text(v);
        } else {
          issues.push_back({axis.key, "'" + axis.key + "' was " + in_quotes(value) + "; allowed is " + range_text(*spec) + ". Left out."});
        }
      } else if (is_pick(axis.key)) {
        const Pick& p = pick(axis.key);
        fits = p.none && value == p.none;
        for (std::size_t r = 0; r < p.rows && !fits; ++r) fits = value == p.row(r).id;
        if (!fits) issues.push_back({axis.key, "There is no " + axis.key + " named " + in_quotes(value) + ". Left out."});
      } else if (spec && spec->kind != ParamKind::kList) {
        double v = 0;
        fits = parse_value(*spec, value, v);
        if (!fits) issues.push_back({axis.key, "'" + axis.key + "' was " + in_quotes(value) + "; allowed is " + range_text(*spec) + ". Left out."});
      } else if (axis.key == kHiddenKey) {
        const std::vector<Issue> found = apply_settings(probe, {{axis.key, value}});
        fits = found.empty();
        issues.insert(issues.end(), found.begin(), found.end());
      }
      if (fits && std::find(good.begin(), good.end(), value) != good.end()) {
        issues.push_back({axis.key, "'" + axis.key + "' had " + in_quotes(value) + " twice. The second was left out."});
        fits = false;
      }
      if (fits) good.push_back(std::move(value));
    }
    axis.values = std::move(good);
    return !axis.values.empty();
  }
  if (!counts(spec)) return false;
  fit_value(*spec, axis.min, spec->min, issues);
  fit_value(*spec, axis.max, spec->max, issues);
  if (axis.scale == Scale::kLog && (axis.min <= 0 || axis.max <= 0)) {
    issues.push_back({axis.key, "A logarithmic axis of '" + axis.key + "' cannot reach 0. Using equal steps instead."});
    axis.scale = Scale::kLinear;
  }
  if (axis.min == axis.max) {
    if (axis.count > 1) issues.push_back({axis.key, "The axis '" + axis.key + "' begins and ends at " + number_text(axis.min) + ". Using that one value."});
    axis.count = 1;
  }
  if (axis.count == 0) axis.count = default_points;
  if (axis.count < 1 || axis.count > kMaxPoints) {
    issues.push_back({axis.key, "The axis '" + axis.key + "' had " + std::to_string(axis.count) + " points; allowed is 1 to " +
                                    std::to_string(kMaxPoints) + "."});
    axis.count = std::clamp(axis.count, 1, kMaxPoints);
  }
  return true;
}

}  // namespace lrlab
