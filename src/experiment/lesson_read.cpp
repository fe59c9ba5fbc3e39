// A lesson from JSON. The parser of nlohmann reports values as they come; a counting iterator tells
// on which line, so that every sentence about a mistake can name it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <nlohmann/json.hpp>

#include "experiment/codec.h"
#include "experiment/lesson.h"

namespace lrlab {
namespace {

constexpr std::size_t kMaxDepth = 8, kMaxItems = 256, kMaxText = 1200;

std::string in_quotes(std::string_view text) { return "'" + printable(text, 40) + "'"; }

// ---- JSON with line numbers ----------------------------------------------------------------------

struct Node {
  enum class Kind { kNull, kBool, kNumber, kText, kList, kObject };
  Kind kind = Kind::kNull;
  int line = 1;
  double number = 0;  // kBool: 0 or 1
  std::string text = {};
  std::vector<Node> items = {};        // kList, kObject
  std::vector<std::string> keys = {};  // kObject

  const Node* find(std::string_view key) const {
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i] == key) return &items[i];
    return nullptr;
  }
};

struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  const char** last;  // where the reading is, seen from outside

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    *last = ++at;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& o) const { return at == o.at; }
  bool operator!=(const CountingIterator& o) const { return at != o.at; }
};

class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(std::string_view text, std::vector<LessonIssue>& issues) : text_(text), issues_(issues) { where = text.data(); }

  Node root;
  const char* where;

  bool null() override { return add({}); }
  bool boolean(bool v) override { return add({.kind = Node::Kind::kBool, .number = v ? 1.0 : 0.0}); }
  bool number_integer(number_integer_t v) override { return number(static_cast<double>(v)); }
  bool number_unsigned(number_unsigned_t v) override { return number(static_cast<double>(v)); }
  bool number_float(number_float_t v, const string_t&) override { return number(v); }
  bool string(string_t& v) override { return add({.kind = Node::Kind::kText, .text = std::move(v)}); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Node::Kind::kObject); }
  bool start_array(std::size_t) override { return open(Node::Kind::kList); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    Node& object = *open_.back();
    if (object.find(name)) return stop(line(), in_quotes(name) + " is given twice.");
    object.keys.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& e) override {
    const auto [row, column] = place(std::min(position ? position - 1 : 0, text_.size()));
    constexpr int kTooLarge = 406;
    if (e.id == kTooLarge) return stop(row, "The number " + in_quotes(token) + " is too large for this lab.");
    const bool end = position >= text_.size();
    return stop(row, end ? "The text ends too early: a quote, ] or } is missing."
                         : "This is not JSON at column " + std::to_string(column) + ", near " + in_quotes(token) +
                               ". Look for a missing comma or quote, or a comma too many, here or just before.");
  }

 private:
  std::pair<int, int> place(std::size_t offset) const {
    int row = 1, column = 1;
    for (std::size_t i = 0; i < offset && i < text_.size(); ++i) text_[i] == '\n' ? (++row, column = 1) : ++column;
    return {row, column};
  }
  // The parser has read one character too many where a number ends; blanks never end a value.
  int line() const {
    std::size_t end = static_cast<std::size_t>(where - text_.data());
    while (end > 0 && (text_[end - 1] == '\n' || text_[end - 1] == '\r' || text_[end - 1] == ' ')) --end;
    return place(end).first;
  }
  bool stop(int row, std::string message) {
    issues_.push_back({row, "", std::move(message)});
    return false;
  }
  bool number(double v) { return add({.kind = Node::Kind::kNumber, .number = v}); }
  bool add(Node node) {
    node.line = line();
    if (open_.empty()) return root = std::move(node), true;
    if (open_.back()->items.size() >= kMaxItems)
      return stop(node.line, "There are more than " + std::to_string(kMaxItems) + " entries here; that is the limit.");
    open_.back()->items.push_back(std::move(node));
    return true;
  }
  bool open(Node::Kind kind) {
    if (open_.size() >= kMaxDepth) return stop(line(), "Brackets are nested more than " + std::to_string(kMaxDepth) + " deep.");
    if (!add({.kind = kind})) return false;
    open_.push_back(open_.empty() ? &root : &open_.back()->items.back());
    return true;
  }
  bool close() { return open_.pop_back(), true; }

  std::string_view text_;
  std::vector<LessonIssue>& issues_;
  std::vector<Node*> open_;  // from the root to the innermost one that is being read; no vector on the way grows
};

// ---- reading -------------------------------------------------------------------------------------

using Kind = Node::Kind;
constexpr const char* kKindNames[] = {"null", "true or false", "a number", "a text", "a list", "an object"};


std::string joined(const std::vector<std::string>& words) {
  std::string s;
  for (const std::string& w : words) s += (s.empty() ? "" : ", ") + w;
  return s;
}

std::string at(const std::string& path, std::string_view key) { return path.empty() ? std::string(key) : path + "." + std::string(key); }
std::string at(const std::string& path, std::size_t i) { return path + "[" + std::to_string(i) + "]"; }

class Reader {
 public:
  explicit Reader(std::vector<LessonIssue>& issues) : issues_(issues) {}

  Lesson lesson(const Node& root);

 private:
  void say(const Node& node, std::string path, std::string message) {
    issues_.push_back({node.line, std::move(path), std::move(message)});
  }

  bool is(const Node& node, Kind kind, const std::string& path) {
    if (node.kind == kind) return true;
    say(node, path, std::string("This must be ") + kKindNames[static_cast<int>(kind)] + ", not " + kKindNames[static_cast<int>(node.kind)] + ".");
    return false;
  }

  // The object has no keys but these.
  bool object(const Node& node, const std::string& path, const std::vector<std::string>& known) {
    if (!is(node, Kind::kObject, path)) return false;
    for (std::size_t i = 0; i < node.keys.size(); ++i)
      if (std::find(known.begin(), known.end(), node.keys[i]) == known.end())
        say(node.items[i], at(path, printable(node.keys[i], 40)), "There is no such entry" + did_you_mean(node.keys[i], known) + "; known here are " + joined(known) + ".");
    return true;
  }

  const Node* needed(const Node& node, const std::string& path, const char* key) {
    const Node* found = node.find(key);
    if (!found) say(node, at(path, key), "This entry is missing.");
    return found;
  }

  std::string text(const Node& parent, const std::string& path, const char* key, bool must = true) {
    const Node* node = must ? needed(parent, path, key) : parent.find(key);
    return node ? text(*node, at(path, key)) : "";
  }
  std::string text(const Node& node, const std::string& path) {
    if (!is(node, Kind::kText, path)) return "";
    if (node.text.empty()) say(node, path, "This text is empty.");
    if (node.text.size() > kMaxText)
      say(node, path, "This text is " + std::to_string(node.text.size()) + " bytes long; at most " + std::to_string(kMaxText) + " are allowed.");
    return node.text;
  }
  std::vector<std::string> texts(const Node& parent, const char* key, const std::string& path) {
    std::vector<std::string> out;
    const Node* node = parent.find(key);
    if (!node || !is(*node, Kind::kList, at(path, key))) return out;
    for (std::size_t i = 0; i < node->items.size(); ++i) out.push_back(text(node->items[i], at(at(path, key), i)));
    return out;
  }

  double number(const Node& node, const std::string& path, double min, double max, bool whole) {
    if (!is(node, Kind::kNumber, path)) return min;
    const double v = node.number;
    if (v >= min && v <= max && (!whole || v == std::floor(v))) return v;
    say(node, path, "This is " + number_text(v) + "; allowed is " + (whole ? "a whole number" : "a number") + " from " +
                        number_text(min) + " to " + number_text(max) + ".");
    return min;
  }
  std::uint64_t steps(const Node& node, const std::string& path, std::uint64_t max) {
    return static_cast<std::uint64_t>(number(node, path, 0, static_cast<double>(max), true));
  }

  // ---- settings ----

  std::optional<std::string> setting_text(const Node& node) {
    switch (node.kind) {
      case Kind::kText: return node.text;
      case Kind::kNumber: return number_text(node.number);
      case Kind::kBool: return node.number != 0 ? "1" : "0";
      case Kind::kList: {
        std::string list;
        for (const Node& v : node.items) {
          if (v.kind != Kind::kNumber) return std::nullopt;
          list += (list.empty() ? "" : ",") + number_text(v.number);
        }
        return list;
      }
      default: return std::nullopt;
    }
  }
  // The object's entries but `name`, applied to config. What a link would silently correct is an error here.
  void settings(const Node& node, const std::string& path, Config& config, bool named = false) {
    if (!is(node, Kind::kObject, path)) return;
    std::vector<Setting> list;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      if (named && node.keys[i] == "name") continue;
      if (const auto value = setting_text(node.items[i]))
        list.push_back({node.keys[i], *value});
      else
        say(node.items[i], at(path, node.keys[i]), "A setting is a number, a text, true, false or a list of numbers.");
    }
    for (const Issue& issue : apply_settings(config, list)) {
      const Node* where = node.find(issue.key);
      say(where ? *where : node, issue.key.empty() ? path : at(path, issue.key), fault_of(issue.message));
    }
  }

  void race(const Node& root, Lesson& lesson) {
    Race& race = lesson.race;
    const Node *query = root.find("race"), *base = root.find("settings"), *lanes = root.find("lanes");
    if (query) {
      if (base || lanes) say(*query, "race", "Give either a race, or settings and lanes, not both.");
      if (!is(*query, Kind::kText, "race")) return;
      std::vector<Issue> issues;
      race = race_from_query(query->text, &issues);
      for (const Issue& issue : issues) say(*query, "race", fault_of(issue.message));
    } else {
      if (!base && !lanes) say(root, "settings", "The lesson needs settings, lanes, or a race.");
      Config config;
      if (base) settings(*base, "settings", config);
      race.lanes[0].config = config;
      if (lanes && is(*lanes, Kind::kList, "lanes")) {
        if (lanes->items.empty() || lanes->items.size() > kMaxLanes) {
          say(*lanes, "lanes", "There are " + std::to_string(lanes->items.size()) + " lanes; allowed are 1 to " + std::to_string(kMaxLanes) + ".");
          return;
        }
        race.lanes.clear();
        for (std::size_t i = 0; i < lanes->items.size(); ++i) {
          LaneSpec lane{.name = {}, .config = config, .colour = static_cast<int>(i)};
          settings(lanes->items[i], at("lanes", i), lane.config, true);
          lane.name = lanes->items[i].kind == Kind::kObject ? text(lanes->items[i], at("lanes", i), "name") : "";
          if (lane.name.size() > 60) say(lanes->items[i], at("lanes", i), "The name is longer than 60 bytes.");
          race.lanes.push_back(std::move(lane));
        }
      }
    }
    for (std::size_t i = 0; i < race.lanes.size(); ++i) {
      if (race.lanes[i].name.empty() && race.lanes.size() > 1) race.lanes[i].name = "lane " + std::to_string(i + 1);
      names_.push_back(race.lanes[i].name);
      for (std::size_t k = 0; k < i; ++k)
        if (names_[k] == names_[i]) say(query ? *query : *lanes, "lanes", "Two lanes are called " + in_quotes(names_[i]) + ".");
    }
  }

  // ---- checks ----

  std::size_t lane(const Node& node, const std::string& path) {
    if (!is(node, Kind::kText, path)) return 0;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == node.text) return i;
    say(node, path, "There is no lane " + in_quotes(node.text) + did_you_mean(node.text, names_) + "; the lanes are " + joined(names_) + ".");
    return 0;
  }

  // Entries of `node` over what `q` has.
  void quantity(const Node& node, const std::string& path, Quantity& q, std::uint64_t last) {
    if (const Node* n = node.find("lane")) q.lane = lane(*n, at(path, "lane"));
    if (const Node* n = node.find("measure"); n && is(*n, Kind::kText, at(path, "measure"))) {
      std::vector<std::string> known;
      bool found = false;
      for (const MeasureInfo& m : measures()) {
        known.emplace_back(m.name);
        if (n->text == m.name) q.measure = m.measure, found = true;
      }
      if (!found) say(*n, at(path, "measure"), "There is no measure " + in_quotes(n->text) + did_you_mean(n->text, known) + "; the measures are " + joined(known) + ".");
    }
    const Node *when = node.find("at"), *from = node.find("from"), *to = node.find("to"), *take = node.find("take");
    if (when) {
      if (from || to || take) say(*when, at(path, "at"), "'at' is one moment, so 'from', 'to' and 'take' do not go with it.");
      q.take = Take::kAt;
      q.from = q.to = steps(*when, at(path, "at"), last);
    } else if (from || to || take) {
      if (!take) {
        say(node, at(path, "take"), "'from' and 'to' need 'take': lowest, highest or mean.");
        return;
      }
      if (!is(*take, Kind::kText, at(path, "take"))) return;
      const bool range = q.take != Take::kAt;  // there is one already, to compare with
      if (take->text == "lowest") q.take = Take::kLowest;
      else if (take->text == "highest") q.take = Take::kHighest;
      else if (take->text == "mean") q.take = Take::kMean;
      else say(*take, at(path, "take"), "This is " + in_quotes(take->text) + "; it must be lowest, highest or mean.");
      q.from = from ? steps(*from, at(path, "from"), last) : range ? q.from : 0;
      q.to = to ? steps(*to, at(path, "to"), last) : range ? q.to : last;
      if (q.from > q.to) say(node, at(path, "from"), "'from' comes after 'to'.");
      if ((q.measure == Measure::kSharpness || q.measure == Measure::kLrOverLimit) && q.to - q.from > 50)
        say(*take, at(path, "take"), "Curvature is slow to measure: ask for at most 50 steps, or for one moment with 'at'.");
    }
  }

  Check check(const Node& node, const std::string& path, std::uint64_t last, bool of_task) {
    Check c;
    std::vector<std::string> known{"measure", "at", "from", "to", "take", "below", "above", "diverged", "by"};
    if (!of_task) known.insert(known.end(), {"lane", "same_as"});
    const std::size_t before = issues_.size();
    if (!object(node, path, known) || issues_.size() > before) return c;
    if (!of_task && names_.size() > 1) needed(node, path, "lane");
    c.what.from = c.what.to = last;
    quantity(node, path, c.what, last);
    const Node *below = node.find("below"), *above = node.find("above"), *diverged = node.find("diverged"), *same = node.find("same_as");
    const int conditions = (below ? 1 : 0) + (above ? 1 : 0) + (diverged ? 1 : 0) + (same ? 1 : 0);
    if (conditions != 1) {
      say(node, path, conditions ? "Give one condition only: below, above, diverged or same_as."
                                 : "A condition is missing: below, above, diverged or same_as.");
      return c;
    }
    const Node* by = node.find("by");
    if (by && !(below || above || diverged)) say(*by, at(path, "by"), "'by' goes with below, above or diverged.");
    if (by) {  // at some moment up to then
      c.what.from = 0;
      c.what.to = steps(*by, at(path, "by"), last);
      if (node.find("at") || node.find("take") || node.find("from") || node.find("to"))
        say(*by, at(path, "by"), "'by' is 'lowest' (below) or 'highest' (above) up to that step, so 'at', 'from', 'to' and 'take' do not go with it.");
      if (!diverged) c.what.take = below ? Take::kLowest : Take::kHighest;
    }
    if (below || above) {
      needed(node, path, "measure");
      c.kind = below ? Check::Kind::kBelow : Check::Kind::kAbove;
      const Node& than = below ? *below : *above;
      const std::string there = at(path, below ? "below" : "above");
      if (than.kind == Kind::kObject) {
        object(than, there, {"lane", "measure", "at", "from", "to", "take", "factor"});
        Quantity q = c.what;
        quantity(than, there, q, last);
        if (q == c.what && issues_.size() == before) say(than, there, "This compares a number with itself.");
        c.than = q;
        if (const Node* f = than.find("factor")) c.factor = number(*f, at(there, "factor"), 1e-6, 1e6, false);
      } else if (than.kind == Kind::kNumber) {
        c.bound = than.number;
      } else {
        say(than, there, "This must be a number, or an object that names another lane, measure or moment.");
      }
    } else if (diverged) {
      c.kind = Check::Kind::kDiverged;
      if (is(*diverged, Kind::kBool, at(path, "diverged"))) c.expected = diverged->number != 0;
      if (node.find("measure")) say(node, at(path, "measure"), "'diverged' needs no measure.");
    } else {
      c.kind = Check::Kind::kSameAs;
      c.other = lane(*same, at(path, "same_as"));
      if (c.other == c.what.lane && issues_.size() == before) say(*same, at(path, "same_as"), "This compares a lane with itself.");
    }
    return c;
  }

  std::vector<Check> checks(const Node& parent, const std::string& path, const char* key, std::uint64_t last, bool of_task) {
    std::vector<Check> out;
    const Node* node = parent.find(key);
    if (!node || !is(*node, Kind::kList, at(path, key))) return out;
    for (std::size_t i = 0; i < node->items.size(); ++i) out.push_back(check(node->items[i], at(at(path, key), i), last, of_task));
    return out;
  }

  // ---- tasks ----

  void freedom(const Node& node, const std::string& path, const std::string& key, Task& task) {
    const bool known = key == kHiddenKey ||
                       std::any_of(picks().begin(), picks().end(), [&](const Pick& p) { return key == p.key; }) ||
                       [&] {
                         for (const Setting& s : to_settings(task.start, true))
                           if (s.key == key) return true;
                         for (const Pick& p : picks())
                           for (std::size_t i = 0; i < p.rows; ++i)
                             for (const ParamSpec& spec : p.row(i).params)
                               if (key == spec.key) return true;
                         return false;
                       }();
    if (!known) {
      say(node, path, "There is no setting " + in_quotes(key) + "; 'lrlab describe' lists them.");
      return;
    }
    Freedom f{.key = key};
    const std::string help = "Give the lowest and the highest number, or a list of texts to choose from.";
    if (!is(node, Kind::kList, path)) return;
    const bool numbers = node.items.size() == 2 && node.items[0].kind == Kind::kNumber && node.items[1].kind == Kind::kNumber;
    if (numbers) {
      f.min = node.items[0].number;
      f.max = node.items[1].number;
      if (f.min > f.max) return say(node, path, "The lowest number is greater than the highest.");
      double low = std::numeric_limits<double>::infinity(), high = -low;  // of every row that has it
      const auto widen = [&](const ParamSpec& spec) {
        if (key == spec.key) low = std::min(low, spec.min), high = std::max(high, spec.max);
      };
      for (const Field& field : fields()) widen(field.spec);
      for (const Pick& p : picks())
        for (std::size_t i = 0; i < p.rows; ++i)
          for (const ParamSpec& spec : p.row(i).params) widen(spec);
      if (low <= high && (f.min < low || f.max > high))
        return say(node, path, in_quotes(key) + " goes from " + number_text(low) + " to " + number_text(high) + ".");
    } else {
      std::vector<std::string> ids;
      for (const Pick& p : picks())
        for (std::size_t i = 0; key == p.key && i < p.rows; ++i) ids.emplace_back(p.row(i).id);
      for (const Node& v : node.items) {
        if (v.kind != Kind::kText) return say(v, path, help);
        if (!ids.empty() && std::find(ids.begin(), ids.end(), v.text) == ids.end() && v.text != "none" && v.text != "auto")
          return say(v, path, "There is no " + key + " " + in_quotes(v.text) + did_you_mean(v.text, ids) + "; there are " + joined(ids) + ".");
        f.values.push_back(v.text);
      }
      if (f.values.empty()) say(node, path, help);
    }
    task.change.push_back(std::move(f));
  }

  Task task(const Node& node, const std::string& path, const Lesson& lesson) {
    Task t;
    if (!object(node, path, {"text", "lane", "settings", "change", "steps", "reach", "hints", "solution", "wrong", "why_wrong"})) return t;
    t.text = text(node, path, "text");
    std::size_t from = 0;
    if (const Node* n = node.find("lane")) from = lane(*n, at(path, "lane"));
    t.start = lesson.race.lanes[from].config;
    if (const Node* n = node.find("settings")) settings(*n, at(path, "settings"), t.start);
    t.steps = lesson.steps;
    if (const Node* n = node.find("steps")) t.steps = static_cast<std::uint64_t>(number(*n, at(path, "steps"), 1, static_cast<double>(kMaxLessonSteps), true));
    if (const Node* n = needed(node, path, "change"); n && is(*n, Kind::kObject, at(path, "change")))
      for (std::size_t i = 0; i < n->keys.size(); ++i) freedom(n->items[i], at(at(path, "change"), n->keys[i]), n->keys[i], t);
    if (needed(node, path, "reach")) t.reach = checks(node, path, "reach", t.steps, true);
    if (t.reach.empty()) say(node, at(path, "reach"), "The task needs a goal.");
    t.hints = texts(node, "hints", path);
    t.why_wrong = text(node, path, "why_wrong", false);
    for (const char* key : {"solution", "wrong"}) {
      const Node* n = needed(node, path, key);
      if (!n) continue;
      Config& answer = std::string_view(key) == "wrong" ? t.wrong : t.solution;
      answer = t.start;
      settings(*n, at(path, key), answer);
      if (const std::string no = not_allowed(t, answer); !no.empty()) say(*n, at(path, key), no);
    }
    return t;
  }

  std::vector<LessonIssue>& issues_;
  std::vector<std::string> names_;  // of the lanes
};

Lesson Reader::lesson(const Node& root) {
  Lesson l;
  if (!object(root, "", {"format", "id", "title", "goal", "article", "text", "race", "settings", "lanes", "selected", "steps", "speed", "notice", "tasks"})) return l;
  if (const Node* n = needed(root, "", "format"); n && is(*n, Kind::kNumber, "format") && n->number != kLessonFormat)
    say(*n, "format", "This is format " + number_text(n->number) + "; this program reads format " + std::to_string(kLessonFormat) + ".");
  l.id = text(root, "", "id");
  if (l.id.size() > 40 || l.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    say(*root.find("id"), "id", "An id has at most 40 small letters, digits and hyphens.");
  l.title = text(root, "", "title");
  l.goal = text(root, "", "goal");
  l.article = text(root, "", "article", false);
  l.text = texts(root, "text", "");
  race(root, l);
  if (const Node* n = root.find("selected")) l.race.selected = lane(*n, "selected");
  if (const Node* n = needed(root, "", "steps")) l.steps = static_cast<std::uint64_t>(number(*n, "steps", 1, static_cast<double>(kMaxLessonSteps), true));
  if (const Node* n = root.find("speed")) l.speed = number(*n, "speed", 0, 1e6, false);
  if (const Node* n = root.find("notice"); n && is(*n, Kind::kList, "notice"))
    for (std::size_t i = 0; i < n->items.size(); ++i) {
      const std::string path = at("notice", i);
      if (!object(n->items[i], path, {"say", "check"})) continue;
      l.notice.push_back({text(n->items[i], path, "say"), checks(n->items[i], path, "check", l.steps, false)});
    }
  if (const Node* n = root.find("tasks"); n && is(*n, Kind::kList, "tasks"))
    for (std::size_t i = 0; i < n->items.size(); ++i) l.tasks.push_back(task(n->items[i], at("tasks", i), l));
  return l;
}

}  // namespace

std::string issue_text(const LessonIssue& issue) {
  return "line " + std::to_string(issue.line) + (issue.field.empty() ? "" : ", " + issue.field) + ": " + issue.message;
}

std::optional<Lesson> read_lesson(std::string_view json, std::vector<LessonIssue>& issues) {
  const std::size_t before = issues.size();
  if (json.size() > kMaxLesson) {
    issues.push_back({1, "", "The file is " + std::to_string(json.size()) + " bytes long; at most " + std::to_string(kMaxLesson) + " are read."});
    return std::nullopt;
  }
  TreeBuilder tree(json, issues);
  const CountingIterator first{json.data(), &tree.where}, last{json.data() + json.size(), &tree.where};
  const bool good = nlohmann::json::sax_parse(first, last, &tree);
  if (!good && issues.size() == before) issues.push_back({1, "", "This is not JSON."});
  if (issues.size() > before) return std::nullopt;
  Lesson lesson = Reader(issues).lesson(tree.root);
  if (issues.size() > before) {
    std::sort(issues.begin() + static_cast<std::ptrdiff_t>(before), issues.end(),
              [](const LessonIssue& a, const LessonIssue& b) { return std::tie(a.line, a.field) < std::tie(b.line, b.field); });
    return std::nullopt;
  }
  return lesson;
}

}  // namespace lrlab
