#include "experiment/codec.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/parse.h"

namespace lrlab {
namespace {

std::string in_quotes(std::string_view text) {
  std::string s = "'";
  for (char ch : text.substr(0, 40)) s += static_cast<unsigned char>(ch) < 32 ? ' ' : ch;
  return s + (text.size() > 40 ? "…'" : "'");
}

std::string list_text(const std::vector<double>& list) {
  std::string s;
  for (double v : list) s += (s.empty() ? "" : ",") + number_text(v);
  return s;
}

std::string list_text(const std::vector<int>& list) {
  return list_text(std::vector<double>(list.begin(), list.end()));
}

bool numeric(const ParamSpec& spec) {
  return spec.kind == ParamKind::kNumber || spec.kind == ParamKind::kInteger;
}

std::string setting_text(const ParamSpec& spec, double v) {
  if (spec.kind == ParamKind::kChoice) return std::string(choice_name(spec, static_cast<int>(v)));
  return number_text(v);
}

}  // namespace

std::string number_text(double v) {
  if (v != v) return "NaN";
  if (v * 0 != 0) return v > 0 ? "infinity" : "-infinity";
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
  return {buffer, end};
}

std::string value_text(const ParamSpec& spec, double v) {
  if (spec.kind == ParamKind::kBool) return v != 0 ? "on" : "off";
  return setting_text(spec, v) + (*spec.unit ? " " + std::string(spec.unit) : "");
}

std::string range_text(const ParamSpec& spec) {
  switch (spec.kind) {
    case ParamKind::kBool: return "0 or 1";
    case ParamKind::kChoice: {
      std::string s;
      for (int i = 0; i < choice_count(spec); ++i)
        s += (i ? ", " : "one of ") + std::string(choice_name(spec, i));
      return s;
    }
    case ParamKind::kInteger: return "a whole number from " + number_text(spec.min) + " to " + number_text(spec.max);
    case ParamKind::kList: return "numbers from " + number_text(spec.min) + " to " + number_text(spec.max) + ", joined by commas";
    case ParamKind::kNumber: break;
  }
  return "a number from " + number_text(spec.min) + " to " + number_text(spec.max);
}

bool parse_value(const ParamSpec& spec, std::string_view text, double& out) {
  if (spec.kind == ParamKind::kChoice) {
    const int i = choice_index(spec, text);
    out = i;
    return i >= 0;
  }
  if (spec.kind == ParamKind::kBool) {
    for (const char* yes : {"1", "true", "on", "yes"})
      if (text == yes) return out = 1, true;
    for (const char* no : {"0", "false", "off", "no"})
      if (text == no) return out = 0, true;
    return false;
  }
  return !text.empty() && parse_number(text, out) == text.size();
}

// ---- settings ------------------------------------------------------------------------------------

std::vector<Setting> to_settings(const Config& c, bool all) {
  std::vector<Setting> out;
  for (const Pick& p : picks()) {
    const RowText row = p.chosen(c);
    if (all || std::string_view(row.id) != p.def) out.push_back({p.key, row.id});
    const std::vector<double>& params = p.params(c);
    for (std::size_t i = 0; i < row.params.size(); ++i) {
      const ParamSpec& spec = row.params[i];
      if (spec.kind == ParamKind::kList) {
        if (all || p.list(c) != parse_list(spec.def_list)) out.push_back({spec.key, list_text(p.list(c))});
      } else if (all || params[i] != spec.def) {
        out.push_back({spec.key, setting_text(spec, params[i]), numeric(spec)});
      }
    }
    if (std::string_view(p.key) == "surface" && (all || c.hidden != Config().hidden))
      out.push_back({kHiddenKey, list_text(c.hidden)});
  }
  for (const Field& f : fields())
    if (all || f.get(c) != default_of(f, c))
      out.push_back({f.spec.key, setting_text(f.spec, f.get(c)), numeric(f.spec)});
  return out;
}

namespace {

// Finds settings by key and remembers which have been used.
class Reader {
 public:
  Reader(const std::vector<Setting>& settings, std::vector<Issue>& issues)
      : settings_(settings), used_(settings.size()), issues_(issues) {}

  // The last setting of this key, or null.
  const std::string* take(std::string_view key) {
    const std::string* found = nullptr;
    for (std::size_t i = 0; i < settings_.size(); ++i)
      if (settings_[i].key == key) {
        used_[i] = true;
        found = &settings_[i].value;
      }
    return found;
  }

  void number(const ParamSpec& spec, double& value) {
    const std::string* text = take(spec.key);
    if (!text) return;
    double v = 0;
    if (parse_value(spec, *text, v))
      value = v;  // validate() looks at the range
    else
      complain(spec.key, *text, range_text(spec), value_text(spec, value));
  }

  void list(const ParamSpec& spec, std::vector<double>& value) {
    const std::string* text = take(spec.key);
    if (!text) return;
    bool ok = false;
    std::vector<double> v = parse_list(*text, &ok);
    if (ok)
      value = std::move(v);
    else
      complain(spec.key, *text, range_text(spec), list_text(value));
  }

  void complain(std::string_view key, std::string_view text, const std::string& allowed, const std::string& instead) {
    issues_.push_back({std::string(key), "'" + std::string(key) + "' was " + in_quotes(text) + "; allowed is " + allowed +
                                             ". Using " + instead + "."});
  }

  // Whatever nobody asked for: belongs to another choice, or to nothing at all.
  void report_unused() {
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < settings_.size(); ++i) {
      if (used_[i]) continue;
      const std::string& key = settings_[i].key;
      std::string owner;
      for (const Pick& p : picks())
        for (std::size_t r = 0; r < p.rows && owner.empty(); ++r)
          for (const ParamSpec& spec : p.row(r).params)
            if (key == spec.key) owner = std::string(p.key) + "=" + p.row(r).id;
      if (!owner.empty()) {
        issues_.push_back({key, "'" + key + "' belongs to " + owner + " and has no effect here. Ignored."});
      } else if (++unknown <= 5) {
        issues_.push_back({key.substr(0, 40), "There is no setting named " + in_quotes(key) + ". Ignored."});
      }
    }
    if (unknown > 5)
      issues_.push_back({"", std::to_string(unknown - 5) + " more settings with unknown names were ignored."});
  }

 private:
  const std::vector<Setting>& settings_;
  std::vector<bool> used_;
  std::vector<Issue>& issues_;
};

}  // namespace

std::vector<Issue> apply_settings(Config& c, const std::vector<Setting>& settings) {
  std::vector<Issue> issues;
  Reader reader(settings, issues);
  if (const std::string* v = reader.take("v")) {
    double version = 0;
    if (parse_number(*v, version) != v->size() || version != kFormatVersion)
      issues.push_back({"v", "This link says it has format " + in_quotes(*v) + "; this lab reads format " +
                                 std::to_string(kFormatVersion) + ". Read as well as possible."});
  }
  for (const Pick& p : picks()) {
    if (const std::string* id = reader.take(p.key)) {
      int index = p.none && *id == p.none ? -1 : -2;
      for (std::size_t i = 0; i < p.rows; ++i)
        if (*id == p.row(i).id) index = static_cast<int>(i);
      if (index == -2) {
        std::string allowed = p.none ? std::string("one of ") + p.none : std::string("one of");
        for (std::size_t i = 0; i < p.rows; ++i) allowed += (i || p.none ? ", " : " ") + std::string(p.row(i).id);
        reader.complain(p.key, *id, allowed, p.chosen(c).id);
      } else if (index != p.index(c)) {
        // A field whose default follows the choice follows it here, unless it was set by hand.
        std::vector<const Field*> following;
        for (const Field& f : fields())
          if (f.def && f.get(c) == f.def(c)) following.push_back(&f);
        p.choose(c, index);
        for (const Field* f : following) f->set(c, f->def(c));
      }
    }
    const RowText row = p.chosen(c);
    for (std::size_t i = 0; i < row.params.size(); ++i) {
      if (row.params[i].kind == ParamKind::kList)
        reader.list(row.params[i], p.list_of(c));
      else
        reader.number(row.params[i], p.params_of(c)[i]);
    }
  }
  if (const std::string* text = reader.take(kHiddenKey)) {
    bool ok = false;
    const std::vector<double> widths = parse_list(*text, &ok);
    for (double w : widths) ok = ok && w == std::floor(w) && std::fabs(w) < 1e9;
    if (ok)
      c.hidden.assign(widths.begin(), widths.end());
    else
      reader.complain(kHiddenKey, *text,
                      "up to " + std::to_string(kMaxHiddenLayers) + " whole numbers from 1 to " +
                          std::to_string(kMaxWidth) + ", joined by commas",
                      list_text(c.hidden));
  }
  for (const Field& f : fields()) {
    double v = f.get(c);
    reader.number(f.spec, v);
    fit_value(f.spec, v, default_of(f, c), issues);  // before it meets the member's own type
    f.set(c, v);
  }
  reader.report_unused();
  for (Issue& issue : validate(c)) issues.push_back(std::move(issue));
  return issues;
}

// ---- URL -----------------------------------------------------------------------------------------

std::string percent_encode(std::string_view text) {
  std::string out;
  for (char ch : text) {
    const auto u = static_cast<unsigned char>(ch);
    const bool plain = (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
                       u == '-' || u == '.' || u == '_' || u == '~' || u == ',' || u == ':';
    if (plain) {
      out += ch;
    } else {
      out += '%';
      out += "0123456789ABCDEF"[u >> 4];
      out += "0123456789ABCDEF"[u & 15];
    }
  }
  return out;
}

namespace {

int hex(char ch) {
  if (ch >= '0' && ch <= '9') return ch - '0';
  if (ch >= 'a' && ch <= 'f') return ch - 'a' + 10;
  if (ch >= 'A' && ch <= 'F') return ch - 'A' + 10;
  return -1;
}

std::string percent_decode(std::string_view text, bool& broken) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      const bool room = i + 2 < text.size();
      const int high = room ? hex(text[i + 1]) : -1, low = room ? hex(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        broken = true;
        out += '%';
        continue;
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::vector<Setting> parse_query(std::string_view query, std::vector<Issue>* issues) {
  if (!query.empty() && (query[0] == '?' || query[0] == '#')) query.remove_prefix(1);
  if (query.size() > kMaxQuery) {
    if (issues)
      issues->push_back({"", "The link is " + std::to_string(query.size()) + " bytes long; at most " +
                                 std::to_string(kMaxQuery) + " are read. The rest was left out."});
    query = query.substr(0, kMaxQuery);
    query = query.substr(0, query.rfind('&'));
    if (query.size() == kMaxQuery) query = {};
  }
  std::vector<Setting> out;
  bool broken = false;
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
    out.push_back({percent_decode(item.substr(0, equals), broken), percent_decode(value, broken)});
  }
  if (broken && issues)
    issues->push_back({"", "The link has a broken percent code; '%' must be followed by two hexadecimal digits. Read as it stands."});
  return out;
}

std::string to_query(const Config& c) {
  std::string out = "v=" + std::to_string(kFormatVersion);
  for (const Setting& s : to_settings(c)) out += "&" + s.key + "=" + percent_encode(s.value);
  return out;
}

Config from_query(std::string_view query, std::vector<Issue>* issues) {
  Config c;
  std::vector<Issue> mine;
  const std::vector<Setting> settings = parse_query(query, &mine);
  for (Issue& i : apply_settings(c, settings)) mine.push_back(std::move(i));
  if (issues) issues->insert(issues->end(), mine.begin(), mine.end());
  return c;
}

// ---- JSON ----------------------------------------------------------------------------------------

std::string to_json(const Config& c, bool defaults_too) {
  nlohmann::ordered_json j;
  j["v"] = kFormatVersion;
  for (const Setting& s : to_settings(c, defaults_too)) {
    double v = 0;
    if (s.is_number && parse_number(s.value, v) == s.value.size() && v == std::floor(v) && std::fabs(v) < 1e15)
      j[s.key] = static_cast<std::int64_t>(v);
    else if (s.is_number)
      j[s.key] = v;
    else
      j[s.key] = s.value;
  }
  return j.dump(2);
}

Config from_json(std::string_view text, std::vector<Issue>* issues) {
  Config c;
  std::vector<Issue> mine;
  std::vector<Setting> settings;
  if (text.size() > kMaxJson) {
    mine.push_back({"", "The JSON text is " + std::to_string(text.size()) + " bytes long; at most " +
                            std::to_string(kMaxJson) + " are read. Using the defaults."});
    text = "{}";
  }
  const auto j = nlohmann::json::parse(text, nullptr, false);
  if (!j.is_object()) {
    mine.push_back({"", j.is_discarded() ? "The text is not JSON. Using the defaults."
                                         : "The JSON must be an object with one entry per setting. Using the defaults."});
  } else {
    for (const auto& [key, value] : j.items()) {
      if (value.is_string()) {
        settings.push_back({key, value.get<std::string>()});
      } else if (value.is_boolean()) {
        settings.push_back({key, value.get<bool>() ? "1" : "0"});
      } else if (value.is_number()) {
        settings.push_back({key, number_text(value.get<double>())});
      } else if (value.is_array()) {
        std::string list;
        bool good = true;
        for (const auto& v : value) {
          good = good && v.is_number();
          if (good) list += (list.empty() ? "" : ",") + number_text(v.get<double>());
        }
        settings.push_back({key, good ? list : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
      } else {
        mine.push_back({key, "'" + key + "' must be a number, a text, true, false or a list of numbers. Ignored."});
      }
    }
  }
  for (Issue& i : apply_settings(c, settings)) mine.push_back(std::move(i));
  if (issues) issues->insert(issues->end(), mine.begin(), mine.end());
  return c;
}

}  // namespace lrlab
