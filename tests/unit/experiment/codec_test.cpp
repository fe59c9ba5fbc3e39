// A config as text and back: what is written, what is read, and that the two agree.
#include <doctest/doctest.h>

#include <limits>

#include "draw.h"

namespace lrlab {
namespace {

Config read(std::string_view query, std::vector<Issue>& issues) {
  issues.clear();
  Config c = from_query(query, &issues);
  check_readable(issues);
  return c;
}

// Reads without any complaint.
Config clean(std::string_view query) {
  std::vector<Issue> issues;
  Config c = read(query, issues);
  CHECK_MESSAGE(issues.empty(), std::string(query) << ": " << (issues.empty() ? "" : issues[0].message));
  return c;
}

TEST_CASE("query: a default config is v=1 and nothing else") {
  CHECK(to_query(Config()) == "v=1");
  CHECK(clean("v=1") == Config());
  CHECK(clean("") == Config());
  CHECK(clean("?v=1") == Config());
  CHECK(clean("#v=1") == Config());
}

TEST_CASE("query: the keys of issue 2 mean what they say") {
  const Config c = clean(
      "v=1&dataset=moons&noise=0.2&hidden=8,8&activation=relu&loss=bce&init=he_uniform&optimizer=momentum&lr=0.03&"
      "momentum=0.8&schedule=cosine&warmup_steps=20&clip=norm&max_norm=0.5&batch_size=16&seed=7");
  CHECK(c.dataset.info == find(datasets(), "moons"));
  CHECK(c.noise == 0.2);
  CHECK(c.hidden == std::vector<int>{8, 8});
  CHECK(c.activation.info == find(activations(), "relu"));
  CHECK(c.loss.info == find(losses(), "bce"));
  CHECK(c.init.info == find(initializers(), "he_uniform"));
  CHECK(c.train.optimizer.info == find(optimizers(), "momentum"));
  CHECK(c.train.optimizer.params[0] == 0.8);
  CHECK(c.train.lr == 0.03);
  CHECK(c.train.schedule.info == find(schedules(), "cosine"));
  CHECK(c.train.warmup_steps == 20);
  CHECK(c.train.clip.info == find(clippers(), "norm"));
  CHECK(c.train.clip.params[0] == 0.5);
  CHECK(c.train.batch_size == 16);
  CHECK(c.train.seed == 7);
}

TEST_CASE("query: hidden= is no hidden layer, and is not the default") {
  const Config c = clean("hidden=");
  CHECK(c.hidden.empty());
  CHECK(to_query(c) == "v=1&hidden=");
  CHECK(clean(to_query(c)) == c);
  CHECK(from_json(to_json(c)) == c);
  CHECK(from_json(R"({"hidden": []})").hidden.empty());
  CHECK(clean("hidden=32").hidden == std::vector<int>{32});
  CHECK(from_json(R"({"hidden": [8, 8]})").hidden == std::vector<int>{8, 8});
  CHECK(from_json(R"({"hidden": "8,8"})").hidden == std::vector<int>{8, 8});
  CHECK(from_json(R"({"hidden": 32})").hidden == std::vector<int>{32});
}

TEST_CASE("query: a field whose default follows a choice follows it, unless it is given") {
  CHECK(clean("optimizer=adam").train.lr == 0.001);
  CHECK(clean("optimizer=adam&lr=0.1").train.lr == 0.1);  // SGD's default, but asked for
  CHECK(clean("lr=0.1&optimizer=adam").train.lr == 0.1);
  CHECK(to_query(clean("optimizer=adam&lr=0.001")) == "v=1&optimizer=adam");
  CHECK(clean("dataset=gauss").noise == 0.2);
  CHECK(clean("dataset=gauss&noise=0").noise == 0);
}

TEST_CASE("query: numbers are read exactly, in every way people write them") {
  CHECK(clean("lr=1e-3").train.lr == 0.001);
  CHECK(clean("lr=1E-3").train.lr == 0.001);
  CHECK(clean("lr=.5").train.lr == 0.5);
  CHECK(clean("lr=5.").train.lr == 5);
  CHECK(clean("lr=1e+0").train.lr == 1);
  CHECK(clean("lr=1e%2B0").train.lr == 1);
  CHECK(clean("lr=+0.5").train.lr == 0.5);
  CHECK(clean("lr=0.1000000000000000055511151231257827").train.lr == 0.1);
  CHECK(clean("seed=4294967295").train.seed == 4294967295u);
  CHECK(clean("seed=1e3").train.seed == 1000);
  CHECK(clean("lr=0").train.lr == 0);
  CHECK_FALSE(std::signbit(clean("lr=-0").train.lr));
  CHECK_FALSE(std::signbit(clean("l2=-0.0").train.l2));
  for (const char* yes : {"1", "true", "on", "yes"}) CHECK(clean(std::string("per_epoch=") + yes).train.schedule_in_epochs);
  for (const char* no : {"0", "false", "off", "no"}) CHECK_FALSE(clean(std::string("shuffle=") + no).train.shuffle);
}

TEST_CASE("number_text: the shortest text that reads back as the same number, without exponents' zeros") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(1e-6) == "1e-6");
  CHECK(number_text(1e-16) == "1e-16");
  CHECK(number_text(100000) == "100000");
  CHECK(number_text(4e9) == "4000000000");
  CHECK(number_text(1e20) == "1e20");
  CHECK(number_text(1e100) == "1e100");
  CHECK(number_text(-2.5e-10) == "-2.5e-10");
  CHECK(number_text(0) == "0");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(number_text(-std::numeric_limits<double>::infinity()) == "-infinity");
  for_all(1000, [](Draw& draw) {
    const double v = std::ldexp(static_cast<double>(draw.below(std::uint64_t(1) << 53)), static_cast<int>(draw.below(600)) - 350);
    CHECK(std::strtod(number_text(v).c_str(), nullptr) == v);
  });
}

TEST_CASE("query: reads the same in whatever order the settings come") {
  const std::vector<std::string> items{"v=1", "dataset=moons", "noise=0.3", "optimizer=adam", "beta1=0.5", "lr=0.02",
                                       "schedule=step", "step_size=7", "hidden=4,4", "seed=9", "clip=norm", "max_norm=2"};
  std::string forward, backward;
  for (const std::string& item : items) {
    forward += "&" + item;
    backward = "&" + item + backward;
  }
  CHECK(clean(forward) == clean(backward));
  CHECK(clean(backward).train.optimizer.params[0] == 0.5);
}

TEST_CASE("query: percent and plus codes") {
  CHECK(clean("hidden=8%2C8").hidden == std::vector<int>{8, 8});
  CHECK(clean("%6Cr=0.5").train.lr == 0.5);
  CHECK(percent_encode("a b&c=d,e:ü") == "a%20b%26c%3Dd,e:%C3%BC");
  const std::vector<Setting> s = parse_query("a=b+c&d=%41%zz&&e&=f&g=1=2");
  REQUIRE(s.size() == 5);
  CHECK(s[0].value == "b c");
  CHECK(s[1].value == "A%zz");
  CHECK(s[2].key == "e");
  CHECK(s[2].value.empty());
  CHECK(s[3].key.empty());
  CHECK(s[4].value == "1=2");
}

TEST_CASE("settings: a config can be changed a setting at a time, and nothing else moves") {
  Config c = clean("optimizer=adam&beta1=0.5&lr=0.02");
  CHECK(apply_settings(c, {{"seed", "3"}}).empty());
  CHECK(to_query(c) == "v=1&optimizer=adam&beta1=0.5&lr=0.02&seed=3");
  CHECK(apply_settings(c, {{"optimizer", "adam"}}).empty());  // the same row keeps its parameters
  CHECK(c.train.optimizer.params[0] == 0.5);
  CHECK(apply_settings(c, {{"optimizer", "sgd"}}).empty());
  CHECK(c.train.lr == 0.02);  // it was set by hand
  CHECK(apply_settings(c, {{"optimizer", "adam"}}).empty());
  CHECK(c.train.optimizer.params[0] == 0.9);
}

TEST_CASE("settings: messages name the key, the value, what is allowed and what was done") {
  std::vector<Issue> issues;
  read("lr=99", issues);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].key == "lr");
  CHECK(issues[0].message == "'lr' was 99; allowed is a number from 1e-6 to 10. Using 10.");
  read("batch_size=2.5", issues);
  CHECK(issues[0].message == "'batch_size' was 2.5; allowed is a whole number from 0 to 20000. Using 2 samples.");
  read("optimizer=adamm", issues);
  CHECK(issues[0].message.find("'optimizer' was 'adamm'; allowed is one of sgd, ") == 0);
  read("optimzer=adam", issues);
  CHECK(issues[0].message == "There is no setting named 'optimzer' (did you mean 'optimizer'?). Ignored.");
  read("step_size=3", issues);
  CHECK(issues[0].message.find("'step_size' belongs to schedule=") == 0);
  read("lr=0.1&lr=0.2", issues);
  CHECK(issues[0].message == "'lr' is given more than once. Using the last value.");
  read("v=7", issues);
  CHECK(issues[0].key == "v");
}

TEST_CASE("json: objects of settings, with numbers, texts, booleans and lists") {
  std::vector<Issue> issues;
  Config c = from_json(R"({"v": 1, "optimizer": "adam", "lr": 0.02, "shuffle": false, "hidden": [4, 4], "seed": 12})", &issues);
  CHECK(issues.empty());
  CHECK(to_query(c) == "v=1&hidden=4,4&optimizer=adam&lr=0.02&shuffle=0&seed=12");
  CHECK(to_json(Config()) == "{\n  \"v\": 1\n}");
  CHECK(from_json("{}") == Config());
  CHECK(from_json(" \n{ }\n") == Config());
}

TEST_CASE("json: what is wrong is said with its place") {
  const auto message = [](std::string_view text) {
    std::vector<Issue> issues;
    const Config c = from_json(text, &issues);
    check_readable(issues);
    CHECK(c == Config());
    REQUIRE(issues.size() == 1);
    return issues[0].message;
  };
  CHECK(message("{\n  \"lr\": 0.1,\n}").find("line 3, column 1") != std::string::npos);
  CHECK(message("{\"lr\": 1e999}").find("too large") != std::string::npos);
  CHECK(message("").find("not JSON") != std::string::npos);
  CHECK(message("[1]").find("must be an object") != std::string::npos);
  CHECK(message("3").find("must be an object") != std::string::npos);
  CHECK(message("null").find("must be an object") != std::string::npos);
  CHECK(message("{} {}").find("not JSON") != std::string::npos);
  CHECK(message(std::string(kMaxJson + 1, ' ')).find("4194305 bytes") != std::string::npos);
  CHECK(message("{\"lr\": null}").find("'lr' must be a number") == 0);
  CHECK(message("{\"lr\": {\"a\": 1}}").find("'lr' must be a number") == 0);
  CHECK(message("{\"hidden\": [1, [2]]}").find("'hidden' must be a number") == 0);
  CHECK(message("{\"hidden\": [\"8\"]}").find("'hidden' must be a number") == 0);
}

TEST_CASE("json: nesting as deep as the limit allows is reported, not recursed into") {
  std::string deep = "{\"a\":";
  while (deep.size() < kMaxJson - 10) deep += '[';
  std::vector<Issue> issues;
  from_json(deep, &issues);
  CHECK_FALSE(issues.empty());
  std::string closed = "{\"a\":" + std::string(30000, '[') + std::string(30000, ']') + ", \"lr\": 0.5}";
  issues.clear();
  CHECK(from_json(closed, &issues).train.lr == 0.5);
  CHECK(issues.size() == 1);
  check_readable(issues);
}

TEST_CASE("printable: valid UTF-8 without controls, cut between characters") {
  CHECK(printable("abc", 10) == "abc");
  CHECK(printable("abcdef", 3) == "abc…");
  CHECK(printable("äöü", 2) == "äö…");
  CHECK(printable("a\nb\x7f" "c\x1b[31m", 20) == "a b c [31m");
  CHECK(printable("\xff", 5) == "\uFFFD");
  CHECK(printable("\xc3", 5) == "\uFFFD");
  CHECK(printable("\xc0\x80", 5) == "\uFFFD\uFFFD");            // overlong
  CHECK(printable("\xed\xa0\x80", 5) == "\uFFFD\uFFFD\uFFFD");  // half of a surrogate pair
  CHECK(printable("\xc2\x85", 5) == " ");                       // a control of Unicode
  CHECK(printable("θ ← 𝜃", 9) == "θ ← 𝜃");
  CHECK(printable(std::string_view("\0", 1), 5) == " ");
}

TEST_CASE("query and JSON: round trips are the identity for 1,000 random configs") {
  for_all(1000, [](Draw& draw) {
    const Config c = random_config(draw);
    std::vector<Issue> issues;
    const std::string query = to_query(c);
    CAPTURE(query);
    CHECK(from_query(query, &issues) == c);
    CHECK(to_query(from_query(query)) == query);
    CHECK(from_json(to_json(c), &issues) == c);
    CHECK(from_json(to_json(c, true), &issues) == c);
    CHECK_MESSAGE(issues.empty(), issues.front().message);
    CHECK(query.size() < kMaxQuery);
    CHECK(to_json(c, true).size() < kMaxJson);
  });
}

TEST_CASE("settings: all of them, applied one by one in any order, make the same config") {
  for_all(100, [](Draw& draw) {
    const Config c = random_config(draw);
    std::vector<Setting> settings = to_settings(c, true);
    for (std::size_t i = settings.size(); i > 1; --i) std::swap(settings[i - 1], settings[draw.below(i)]);
    Config all;
    CHECK(apply_settings(all, settings).empty());
    CHECK(all == c);
  });
}

TEST_CASE("validate: twice is once, and says nothing the second time") {
  for_all(300, [](Draw& draw) {
    Config c;
    // Beyond every range, and combinations that do not go together.
    for (const Pick& p : picks()) {
      p.choose(c, static_cast<int>(draw.below(p.rows)));
      for (double& v : p.params_of(c)) v = draw.below(3) ? v : (draw.below(2) ? 1e300 : std::numeric_limits<double>::quiet_NaN());
      for (double& v : p.list_of(c)) v = -1e300;
    }
    for (std::uint64_t n = draw.below(12); n > 0; --n) c.hidden.push_back(static_cast<int>(draw.below(1000)) - 100);
    c.train.lr = -1;
    c.noise = std::numeric_limits<double>::infinity();
    check_readable(validate(c));
    const Config once = c;
    CHECK(validate(c).empty());
    CHECK(c == once);
    CHECK(from_query(to_query(c)) == c);
  });
}

}  // namespace
}  // namespace lrlab
