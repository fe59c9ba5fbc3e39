#include "experiment/codec.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <nlohmann/json.hpp>

#include "core/parse.h"
#include "experiment/json_out.h"

namespace lrlab {
namespace {

std::string in_quotes(std::string_view text) { return "'" + printable(text, 40) + "'"; }

std::string list_text(const std::vector<double>& list) {
  std::string s;
  for (double v : list) s += (s.empty() ? "" : ",") + number_text(v);
  return s;
}

std::string list_text(const std::vector<int>& list) {
  return list_text(std::vector<double>(list.begin(), list.end()));
}

bool numeric(const ParamSpec& spec) {
  return spec.kind != ParamKind::kChoice && spec.kind != ParamKind::kList;
}

std::string setting_text(const ParamSpec& spec, double v) {
  if (spec.kind == ParamKind::kChoice) return std::string(choice_name(spec, static_cast<int>(v)));
  return number_text(v);
}

}  // namespace

std::string number_text(double v) {
  if (v != v) return "NaN";
  if (v == 0) return "0";
  if (v * 0 != 0) return v > 0 ? "infinity" : "-infinity";
  // What std::to_chars(v) writes, without its tables: those are 40 kB of the page, compressed.
  char buffer[40];
  int p = 0;  // digits after the first that reading back needs
  while (std::snprintf(buffer, sizeof buffer, "%.*e", p, v) && std::strtod(buffer, nullptr) != v && p < 16) ++p;
  const int exponent = std::atoi(std::strchr(buffer, 'e') + 1);
  const int scientific = (p > 0 ? p + 2 : 1) + (std::abs(exponent) < 100 ? 4 : 5);
  const int plain = exponent >= p ? exponent + 1 : exponent >= 0 ? p + 2 : p + 2 - exponent;
  if (plain <= scientific || (exponent >= p && exponent < 15))  // 100000, not 1e+05
    std::snprintf(buffer, sizeof buffer, "%.*f", std::max(p - exponent, 0), v);
  std::string s(buffer);
  if (const std::size_t e = s.find('e'); e != std::string::npos) {  // 1e-6, not 1e-06; 1e20, not 1e+20
    const std::size_t digits = s.find_first_not_of("+-0", e + 1);
    s.replace(e + 1, digits - e - 1, s[e + 1] == '-' ? "-" : "");
  }
  return s;
}

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t i = 0, shown = 0;
  for (; i < text.size() && shown < most; ++shown) {
    const auto lead = static_cast<unsigned char>(text[i]);
    // Bytes of the code point that begins here; 0: none does.
    std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (i + length > text.size()) length = 0;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) length = 0;
    if (length == 3) {  // no overlong forms, no halves of surrogate pairs
      const auto next = static_cast<unsigned char>(text[i + 1]);
      if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F)) length = 0;
    }
    if (length == 4) {
      const auto next = static_cast<unsigned char>(text[i + 1]);
      if ((lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F)) length = 0;
    }
    const bool control = lead < 32 || lead == 127 ||
                         (lead == 0xC2 && length == 2 && static_cast<unsigned char>(text[i + 1]) < 0xA0);
    if (length == 0)
      out += "\uFFFD";
    else if (control)
      out += ' ';
    else
      out += text.substr(i, length);
    i += length ? length : 1;
  }
  if (i < text.size()) out += "…";
  return out;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string> candidates) {
  std::string_view best;
  // Two slips (letters that changed places count twice), in long words three; one letter says nothing.
  std::size_t best_distance = typed.size() < 2 ? 0 : typed.size() < 9 ? 3 : 4;
  if (typed.size() > 60) return {};
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (const std::string& candidate : candidates) {
    // Levenshtein's distance, one row at a time.
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= typed.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j < row.size(); ++j) {
        const std::size_t replaced = diagonal + (small(typed[i - 1]) != small(candidate[j - 1]));
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
      }
    }
    if (row.back() < best_distance) best_distance = row.back(), best = candidate;
  }
  return best.empty() ? "" : " (did you mean '" + std::string(best) + "'?)";
}

std::string fault_of(std::string_view message) {
  std::size_t end = 0;
  for (const char* remedy : {" Using ", " Ignored.", " Read as ", " The rest was "})
    if (const std::size_t at = message.rfind(remedy); at != message.npos) end = std::max(end, at);
  return std::string(message.substr(0, end ? end : message.npos));
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
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);  // "lr=+0.5" in a link
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
    if (std::string_view(p.key) == "dataset" && c.own_data() && !c.own->link.empty()) out.push_back({kDataKey, c.own->link});
    if (std::string_view(p.key) == "surface" && (all || c.hidden != Config().hidden))
      out.push_back({kHiddenKey, list_text(c.hidden)});
  }
  for (const Field& f : fields())
    if (all || f.get(c) != default_of(f, c))
      out.push_back({f.spec.key, setting_text(f.spec, f.get(c)), numeric(f.spec)});
  return out;
}

namespace {

// Every key that a config can have.
std::vector<std::string> all_keys() {
  std::vector<std::string> keys{kHiddenKey, kDataKey};
  for (const Pick& p : picks()) {
    keys.emplace_back(p.key);
    for (std::size_t i = 0; i < p.rows; ++i)
      for (const ParamSpec& spec : p.row(i).params) keys.emplace_back(spec.key);
  }
  for (const Field& f : fields()) keys.emplace_back(f.spec.key);
  return keys;
}

// "optimizer=momentum, nesterov, rmsprop ...": the rows that have this parameter; empty: none has.
std::string owner_of(std::string_view key) {
  if (key == kDataKey)
    for (const DatasetInfo* info : datasets())
      if (info->given) return std::string("dataset=") + info->id;
  std::string owners;
  int rows = 0;
  for (const Pick& p : picks())
    for (std::size_t r = 0; r < p.rows; ++r)
      for (const ParamSpec& spec : p.row(r).params)
        if (key == spec.key && ++rows <= 4)
          owners += (owners.empty() ? std::string(p.key) + "=" : ", ") + p.row(r).id;
  return rows > 4 ? owners + " ..." : owners;
}

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
    std::vector<std::string_view> seen;
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < settings_.size(); ++i) {
      const std::string& key = settings_[i].key;
      if (used_[i] || std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      const std::string owner = owner_of(key);
      if (!owner.empty())
        issues_.push_back({key, "'" + key + "' belongs to " + owner + " and has no effect here. Ignored."});
      else if (++unknown > 5)
        continue;  // counted, not looked at again: the text may be long
      else
        issues_.push_back({printable(key, 40), "There is no setting named " + in_quotes(key) + did_you_mean(key, all_keys()) + ". Ignored."});
      seen.push_back(key);
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
      // The name of a pair stands for its first member: "he" for "he_uniform".
      for (std::size_t i = 0; i < p.rows && index == -2; ++i)
        if (std::string_view(p.row(i).id).starts_with(*id + "_")) index = static_cast<int>(i);
      if (index == -2) {
        std::string allowed = p.none ? std::string("one of ") + p.none : std::string("one of");
        for (std::size_t i = 0; i < p.rows; ++i) allowed += (i || p.none ? ", " : " ") + std::string(p.row(i).id);
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < p.rows; ++i) ids.emplace_back(p.row(i).id);
        reader.complain(p.key, *id, allowed + did_you_mean(*id, ids), p.chosen(c).id);
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
  if (c.dataset.info->given) {
    if (const std::string* text = reader.take(kDataKey)) {
      std::string error;
      Own own = own_from_text(*text, error);
      if (error.empty())
        c.own = std::move(own);
      else
        issues.push_back({kDataKey, "'data' cannot be read: " + error + (error.back() == '.' ? "" : ".") + " Ignored."});
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
                          std::to_string(kMaxWidth) + ", joined by commas (nothing: no hidden layer)",
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
      // A space, except in what somebody typed as a number: lr=1e+1.
      const bool exponent = i > 0 && (text[i - 1] == 'e' || text[i - 1] == 'E') && i + 1 < text.size() &&
                            text[i + 1] >= '0' && text[i + 1] <= '9';
      out += exponent ? '+' : ' ';
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

void report_repeated(const std::vector<Setting>& settings, std::vector<Issue>& issues) {
  std::vector<std::string_view> keys, reported;
  for (const Setting& s : settings) keys.push_back(s.key);
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 1; i < keys.size() && reported.size() < 5; ++i)
    if (keys[i] == keys[i - 1] && (reported.empty() || reported.back() != keys[i])) reported.push_back(keys[i]);
  for (std::string_view key : reported)
    issues.push_back({printable(key, 40), in_quotes(key) + " is given more than once. Using the last value."});
}

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
  report_repeated(settings, mine);
  for (Issue& i : apply_settings(c, settings)) mine.push_back(std::move(i));
  if (issues) issues->insert(issues->end(), mine.begin(), mine.end());
  return c;
}

// ---- JSON ----------------------------------------------------------------------------------------

void write(JsonOut& j, const Config& c, bool defaults_too) {
  j.number("v", kFormatVersion);
  const bool own = c.own.count() > 0 && c.own_data();
  for (const Setting& s : to_settings(c, defaults_too))
    if (s.is_number)
      j.raw(s.key, s.value);
    else if (!own || s.key != kDataKey)  // a link holds what is short enough for it
      j.text(s.key, s.value);
  if (own) j.text(kDataKey, to_text(c.own));
}

std::string to_json(const Config& c, bool defaults_too) {
  JsonOut j(true);
  j.begin('{');
  write(j, c, defaults_too);
  j.end();
  return j.str();
}

namespace {

// Collects settings while nlohmann's parser reads, without building a tree: depth 1 is the object,
// depth 2 a list of numbers, and whatever lies deeper is reported once and skipped.
class JsonReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonReader(std::string_view text, std::vector<Setting>& settings, std::vector<Issue>& issues)
      : text_(text), settings_(settings), issues_(issues) {}

  bool null() override { return bad(); }
  bool boolean(bool v) override { return depth_ == 1 ? put(v ? "1" : "0") : bad(); }
  bool number_integer(number_integer_t v) override { return number(static_cast<double>(v)); }
  bool number_unsigned(number_unsigned_t v) override { return number(static_cast<double>(v)); }
  bool number_float(number_float_t v, const string_t&) override { return number(v); }
  bool string(string_t& v) override { return depth_ == 1 ? put(v) : bad(); }
  bool binary(binary_t&) override { return bad(); }
  bool start_object(std::size_t) override {
    if (depth_ > 0) bad();
    ++depth_;
    return true;
  }
  bool end_object() override { return --depth_, true; }
  bool start_array(std::size_t) override {
    if (depth_ != 1 && !bad()) return false;
    if (depth_ == 1) list_.clear(), good_ = true;
    ++depth_;
    return true;
  }
  bool end_array() override {
    if (--depth_ == 1 && good_) put(list_);
    return true;
  }
  bool key(string_t& v) override {
    if (depth_ == 1) key_ = v, good_ = true;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& e) override {
    const std::string_view before = text_.substr(0, position > 0 ? position - 1 : 0);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t column = position - (before.rfind('\n') + 1);  // npos + 1 is 0
    const std::string where = "line " + std::to_string(line) + ", column " + std::to_string(column);
    constexpr int kTooLarge = 406;
    if (e.id == kTooLarge)
      stopped("The JSON has a number too large for this lab at " + where + ": " + in_quotes(token) + ".");
    else
      stopped("The text is not JSON; what is wrong stands at " + where + ", near " + in_quotes(token) + ".");
    return false;
  }

 private:
  bool number(double v) {
    if (depth_ == 1) return put(number_text(v));
    if (depth_ != 2) return bad();
    list_ += (list_.empty() ? "" : ",") + number_text(v);
    return true;
  }
  bool put(const std::string& value) {
    settings_.push_back({key_, value});
    return true;
  }
  bool bad() {
    if (depth_ == 0) {
      stopped("The JSON must be an object with one entry per setting.");
      return false;
    }
    if (good_)
      issues_.push_back({printable(key_, 40), in_quotes(key_) + " must be a number, a text, true, false or a list of "
                                                                "numbers. Ignored."});
    good_ = false;
    return true;
  }
  void stopped(std::string message) {
    settings_.clear();
    issues_.assign(1, {"", std::move(message) + " Using the defaults."});
  }

  std::string_view text_;
  std::vector<Setting>& settings_;
  std::vector<Issue>& issues_;
  std::string key_, list_;
  int depth_ = 0;
  bool good_ = true;  // nothing was wrong yet with the value of key_
};

}  // namespace

bool parse_json(std::string_view text, std::vector<Setting>& settings, std::vector<Issue>& issues) {
  if (text.size() > kMaxJson) {
    issues.push_back({"", "The JSON text is " + std::to_string(text.size()) + " bytes long; at most " +
                              std::to_string(kMaxJson) + " are read. Using the defaults."});
    return false;
  }
  std::vector<Issue> mine;
  JsonReader reader(text, settings, mine);
  const bool good = nlohmann::json::sax_parse(text, &reader);
  issues.insert(issues.end(), mine.begin(), mine.end());
  return good;
}

Config from_json(std::string_view text, std::vector<Issue>* issues) {
  Config c;
  std::vector<Issue> mine;
  std::vector<Setting> settings;
  parse_json(text, settings, mine);
  report_repeated(settings, mine);
  for (Issue& i : apply_settings(c, settings)) mine.push_back(std::move(i));
  if (issues) issues->insert(issues->end(), mine.begin(), mine.end());
  return c;
}

}  // namespace lrlab
