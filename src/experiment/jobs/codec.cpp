// A job as text and back, and what makes it valid.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>

#include <nlohmann/json.hpp>

#include "core/parse.h"
#include "experiment/jobs.h"
#include "experiment/jobs/common.h"
#include "experiment/jobs/grid.h"
#include "experiment/json_out.h"

namespace lrlab {
namespace {

constexpr std::size_t kMaxPlane = 1 << 20;  // parameters of a network, generously

// Floats as hexadecimal digits: the exact bits, eight characters each.
std::string hex(const std::vector<float>& v) {
  std::string s;
  s.reserve(v.size() * 8);
  for (float f : v)
    for (int shift = 28; shift >= 0; shift -= 4) s += "0123456789abcdef"[(std::bit_cast<std::uint32_t>(f) >> shift) & 15];
  return s;
}

bool from_hex(std::string_view text, std::vector<float>& out) {
  if (text.size() % 8 != 0 || text.size() / 8 > kMaxPlane) return false;
  for (std::size_t i = 0; i < text.size(); i += 8) {
    std::uint32_t bits = 0;
    for (char ch : text.substr(i, 8)) {
      const char* digits = "0123456789abcdef";
      const char* at = ch ? std::strchr(digits, ch) : nullptr;
      if (!at) return false;
      bits = bits << 4 | static_cast<std::uint32_t>(at - digits);
    }
    const float f = std::bit_cast<float>(bits);
    if (!(f * 0 == 0)) return false;
    out.push_back(f);
  }
  return true;
}

std::size_t param_index(const Job& job, std::string_view key) {
  const auto params = job.kind.info->params;
  for (std::size_t i = 0; i < params.size(); ++i)
    if (key == params[i].key) return i;
  std::abort();
}

std::vector<Axis> default_axes(const JobInfo& info) {
  std::vector<Axis> axes;
  std::string_view text = info.default_axes;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    if (auto axis = axis_from_text(text.substr(0, end))) axes.push_back(std::move(*axis));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return axes;
}

// A list of numbers as the range it spans; false: not numbers.
bool make_range(Axis& axis, std::vector<Issue>& issues) {
  if (!is_number(axis)) {
    issues.push_back({axis.key, "'" + axis.key + "' is not a number, so it has no range to draw. Left out."});
    return false;
  }
  if (!axis.values.empty()) {
    const double first = axis.number(0), last = axis.number(axis.size() - 1);
    axis = {.key = axis.key, .values = {}, .min = first, .max = last, .scale = Scale::kLinear, .count = 0};
  }
  axis.count = kDefaultPoints;
  if (axis.min != axis.max) return true;
  issues.push_back({axis.key, "The axis '" + axis.key + "' begins and ends at " + number_text(axis.min) + ". Left out."});
  return false;
}

}  // namespace

double Job::param(std::string_view key) const { return kind.params[param_index(*this, key)]; }
void Job::set(std::string_view key, double value) { kind.params[param_index(*this, key)] = value; }

Job make_job(std::string_view kind, const Config& base) {
  Job job;
  const JobInfo* info = find(job_kinds(), kind);
  if (!info) std::abort();
  job.kind = with_defaults(*info);
  job.base = base;
  return job;
}

std::vector<Issue> validate(Job& job) {
  const JobInfo& info = *job.kind.info;
  std::vector<Issue> issues = validate(job.base);
  if (!job.base.surface.info && !job.base.has_data()) {
    issues.push_back({"dataset", std::string(job.base.missing_file() ? "The samples of this data set are still on their way." : "Your own data set has no samples yet.") +
                                     " Using the default data set."});
    pick("dataset").choose(job.base, pick("dataset").index(Config()));
  }
  job.kind.params.resize(info.params.size());
  for (std::size_t i = 0; i < info.params.size(); ++i)
    fit_value(info.params[i], job.kind.params[i], info.params[i].def, issues);
  if (info.check) info.check(job, issues);

  std::vector<Axis> axes;
  for (Axis& axis : job.axes) {
    const bool twice = std::any_of(axes.begin(), axes.end(), [&](const Axis& a) { return a.key == axis.key; });
    if (twice)
      issues.push_back({axis.key, "There are two axes of '" + axis.key + "'. The second was left out."});
    else if (axes.size() == info.max_axes)
      issues.push_back({axis.key, std::string(info.label) + " takes at most " + std::to_string(info.max_axes) +
                                      (info.max_axes == 1 ? " axis. '" : " axes. '") + axis.key + "' was left out."});
    else if (validate_axis(axis, kDefaultPoints, issues) && (!info.ranges_only || make_range(axis, issues)))
      axes.push_back(std::move(axis));
  }
  for (Axis& axis : default_axes(info)) {
    const bool there = std::any_of(axes.begin(), axes.end(), [&](const Axis& a) { return a.key == axis.key; });
    if (axes.size() < info.min_axes && !there && validate_axis(axis, kDefaultPoints, issues)) axes.push_back(std::move(axis));
  }
  job.axes = std::move(axes);
  if (job.axes.empty()) return issues;

  // A training works in float: between close ends there are few numbers to try.
  for (const Axis& axis : job.axes) {
    const double numbers = std::fabs(axis.max - axis.min) / (std::max(std::fabs(axis.min), std::fabs(axis.max)) * 0x1p-24);
    if (info.ranges_only && numbers < grid_size(job))
      issues.push_back({axis.key, "Between '" + axis.key + "' " + number_text(axis.min) + " and " + number_text(axis.max) + " a training can tell only about " +
                                      number_text(std::ceil(numbers)) + " values apart (it works in single precision), so many of the " +
                                      std::to_string(grid_size(job)) + " cells along it are the same."});
  }

  // An axis that no config of the job has (momentum without an optimizer that knows it) changes nothing.
  for (const Axis& axis : job.axes) {
    bool used = !is_number(axis);
    Config c = job.base;
    std::vector<Config> tried{c};
    for (const Axis& other : job.axes)
      if (!is_number(other))
        for (std::size_t i = 0; i < other.size(); ++i) {
          apply(other, i, c);
          tried.push_back(c);
        }
    for (const Config& t : tried)
      for (const Setting& s : to_settings(t, true)) used = used || s.key == axis.key;
    if (!used)
      issues.push_back({axis.key, "'" + axis.key + "' has no effect on this run: nothing chosen has such a setting. All its values give the same."});
  }
  return issues;
}

std::string too_large(const Job& job) {
  const JobInfo& info = *job.kind.info;
  const JobSize size = info.size ? info.size(job) : JobSize{};
  const auto sentence = [](double n, const char* what, double most) {
    char text[160];
    std::snprintf(text, sizeof text, "%.0f %s are too many: at most %.0f are allowed.", n, what, most);
    return std::string(text);
  };
  if (size.trainings > kMostTrainings) return sentence(size.trainings, "trainings", kMostTrainings);
  if (size.rows > kMostRows) return sentence(size.rows, "rows of results", kMostRows);
  return {};
}

const JobInfo* job_kind(std::string_view name) {
  for (const JobInfo* info : job_kinds())
    if (name == info->id || (*info->command && name == info->command)) return info;
  return nullptr;
}

std::optional<Job> job_from_link(const std::string& text, const Config& base, std::vector<Issue>& issues, bool* own_base) {
  std::optional<Job> job;
  std::vector<Issue> found;
  bool own = false;
  std::string known;
  for (const JobPreset& p : job_presets()) {
    known += ", " + std::string(p.id);
    if (text == p.id) own = !(job.emplace(p.make(base)).base == base);
  }
  if (const JobInfo* info = job_kind(text)) job = make_job(info->id, base);
  if (job) {
    validate(*job);
  } else if (text.starts_with("{")) {
    job = job_from_json(text, &found, base);
    own = job && text.find("\"config\"") != std::string::npos && !(job->base == base);
  }
  if (job && !job->kind.info->of_lane) {
    issues.insert(issues.end(), found.begin(), found.end());
    if (own_base) *own_base = own;
    return job;
  }
  std::string kinds;
  for (const JobInfo* info : job_kinds())
    if (!info->of_lane) kinds += (kinds.empty() ? "" : ", ") + std::string(info->id);
  issues.push_back({"job", "There is no experiment " + in_quotes(text) + "; there are " + kinds + known + "."});
  return std::nullopt;
}

std::string to_json(const Job& job) {
  JsonOut j;
  j.begin('{');
  j.number("v", kFormatVersion);
  j.text("job", job.kind.info->id);
  j.begin('{', "config");
  write(j, job.base);
  j.end();
  if (!job.axes.empty()) {
    j.begin('[', "axes");
    for (const Axis& axis : job.axes) j.text({}, to_text(axis));
    j.end();
  }
  for (std::size_t i = 0; i < job.kind.params.size(); ++i) {
    const ParamSpec& spec = job.kind.info->params[i];
    const double v = job.kind.params[i];
    if (v == spec.def) continue;
    if (spec.kind == ParamKind::kChoice)
      j.text(spec.key, choice_name(spec, static_cast<int>(v)));
    else if (spec.kind == ParamKind::kBool)
      j.flag(spec.key, v != 0);
    else
      j.raw(spec.key, number_text(v));
  }
  if (job.round > 0) j.number("round", job.round);
  if (!job.survivors.empty()) {
    j.begin('[', "survivors");
    for (int s : job.survivors) j.number({}, s);
    j.end();
  }
  if (!job.plane.empty()) {
    j.begin('[', "plane_vectors");
    for (const std::vector<float>& v : job.plane) j.text({}, hex(v));
    j.end();
  }
  j.end();
  return j.str();
}

std::optional<Job> job_from_json(std::string_view text, std::vector<Issue>* issues, const Config& base) {
  std::vector<Issue> mine;
  const auto done = [&](std::optional<Job> job) {
    if (issues) issues->insert(issues->end(), mine.begin(), mine.end());
    return job;
  };
  const auto j = nlohmann::json::parse(text, nullptr, false);
  if (!j.is_object()) {
    mine.push_back({"", "A job must be a JSON object such as {\"job\": \"sweep\"}."});
    return done(std::nullopt);
  }
  const auto kind = j.find("job");
  const JobInfo* info = kind != j.end() && kind->is_string() ? job_kind(kind->get<std::string>()) : nullptr;
  if (!info) {
    std::string known;
    for (const JobInfo* k : job_kinds()) known += (known.empty() ? "" : ", ") + std::string(k->id);
    mine.push_back({"job", "'job' must be one of " + known + "."});
    return done(std::nullopt);
  }
  Job job;
  job.kind = with_defaults(*info);
  job.base = base;
  for (const auto& [key, value] : j.items()) {
    if (key == "job") continue;
    if (key == "v") {
      if (!value.is_number_integer() || value.get<int>() != kFormatVersion)
        mine.push_back({"v", "This job says it has another format; this lab reads format " +
                                 std::to_string(kFormatVersion) + ". Read as well as possible."});
    } else if (key == "config") {
      if (value.is_string())
        job.base = from_query(value.get<std::string>(), &mine);
      else
        job.base = from_json(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), &mine);
    } else if (key == "axes") {
      for (const auto& axis : value.is_array() ? value : nlohmann::json::array({value})) {
        if (auto a = axis.is_string() ? axis_from_text(axis.get<std::string>(), &mine) : std::nullopt)
          job.axes.push_back(std::move(*a));
        else if (!axis.is_string())
          mine.push_back({"axes", "An axis is a text such as \"lr=1e-4:1:log:12\". Ignored."});
      }
    } else if (key == "round" && value.is_number_integer()) {
      job.round = std::clamp(value.get<int>(), 0, 100);
    } else if (key == "survivors" && value.is_array() && value.size() <= 1u << 20) {
      for (const auto& s : value)
        if (s.is_number_unsigned() && s.get<std::uint64_t>() < 1u << 30) job.survivors.push_back(s.get<int>());
    } else if (key == "plane_vectors" && value.is_array() && value.size() == 3) {
      job.plane.resize(3);
      bool good = true;
      for (std::size_t k = 0; k < 3; ++k) good = good && value[k].is_string() && from_hex(value[k].get<std::string>(), job.plane[k]);
      if (!good) {
        job.plane.clear();
        mine.push_back({"plane_vectors", "'plane_vectors' must be three texts of hexadecimal floats of equal length. Ignored."});
      }
    } else {
      const ParamSpec* spec = nullptr;
      for (const ParamSpec& s : info->params)
        if (key == s.key) spec = &s;
      if (!spec) {
        mine.push_back({key.substr(0, 40), "A job '" + std::string(info->id) + "' has nothing named " + in_quotes(key) + ". Ignored."});
        continue;
      }
      double v = spec->def;
      bool good = true;
      if (value.is_boolean())
        v = value.get<bool>();
      else if (value.is_number() && spec->kind == ParamKind::kChoice)  // "size": 256
        good = parse_value(*spec, number_text(value.get<double>()), v);
      else if (value.is_number())
        v = value.get<double>();
      else
        good = value.is_string() && parse_value(*spec, value.get<std::string>(), v);
      if (good)
        job.set(key, v);
      else
        mine.push_back({key, "'" + key + "' must be " + range_text(*spec) + ". Using " + value_text(*spec, spec->def) + "."});
    }
  }
  for (Issue& issue : validate(job)) mine.push_back(std::move(issue));
  return done(std::move(job));
}

}  // namespace lrlab
