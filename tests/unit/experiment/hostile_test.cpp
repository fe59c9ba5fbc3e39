// Untrusted text: whatever stands in a link, a page gets a config that trains, and the reader is told.
#include <doctest/doctest.h>

#include "draw.h"

namespace lrlab {
namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string s;
  while (times-- > 0) s += piece;
  return s;
}

// Valid, the same when read again, and able to train.
void check_works(Config c) {
  const Config before = c;
  CHECK(validate(c).empty());
  CHECK(c == before);
  CHECK(from_query(to_query(c)) == c);
  Trainer trainer(make_problem(c), c.train);
  for (int i = 0; i < 3; ++i) trainer.step();
  CHECK((trainer.state().step == 3 || trainer.finished()));
  trainer.evaluate_train();
  trainer.evaluate_test();
}

TEST_CASE("hostile queries: each gives a notice and a config that trains") {
  const std::vector<std::string> queries{
      // Numbers that are none, or not the kind that is wanted.
      "lr=NaN", "lr=nan", "lr=-nan", "lr=inf", "lr=-Infinity", "lr=1e999", "lr=-1e999", "lr=", "lr", "lr=%00",
      "lr=0x1p3", "lr=1e", "lr=1e-", "lr=--1", "lr=1,5", "lr=1.2.3", "lr=5 5", "lr=٣", "lr=1e-400&lr=2",
      "lr=" + repeated("1", 1000), "lr=0." + repeated("0", 2000) + "1", "noise=-1", "noise=1e308", "count=-5",
      "count=1e18", "count=0", "count=3.7", "test_fraction=2", "test_fraction=-1", "batch_size=-1", "batch_size=1e30",
      "batch_size=0.5", "seed=-1", "seed=18446744073709551616", "seed=1e300", "seed=0.1", "data_seed=-9223372036854775809",
      "dropout=1", "ema_decay=1", "init_scale=-2", "warmup_steps=1e9", "early_stop=-3", "l2=-0.1", "warmup=7", "averaging=2",
      "shuffle=2", "shuffle=maybe",
      // Layers.
      "hidden=" + repeated("1,", 10000), "hidden=9999", "hidden=-4", "hidden=0", "hidden=1.5", "hidden=1e9,1e9",
      "hidden=NaN", "hidden=8,,8", "hidden=,", "hidden=8;8", "hidden=8,8,8,8,8,8,8", "hidden=[8,8]", "hidden=2147483648",
      "hidden=1e999",
      // Names.
      "optimizer=", "optimizer=constructor", "optimizer=toString", "optimizer=__proto__", "optimizer=ADAM",
      "optimizer=adam%00", "optimizer=..%2F..%2Fetc%2Fpasswd", "dataset=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
      "activation=%F0%9F%92%A9", "loss=null", "surface=%FF%FE", "schedule=" + repeated("x", 5000), "init=none",
      "clip=undefined", "output_activation=softmax",
      // Keys.
      "__proto__=1", "constructor=1", "=1", "=", "%=1", "lr%00=1", "LR=1", "learning_rate=1", "lr.lr=1",
      repeated("x", 7000) + "=1", "beta1=0.5", "step_size=5", "max_norm=1", "condition=2", "optimizer=sgd&beta2=0.9",
      "lr=1&lr=2&lr=3", "v=2", "v=", "v=x", "v=1e999", "v=-1", "lane=lr%3D1", "name=x",
      // Codes.
      "lr=%", "lr=%1", "lr=%zz", "%", "%%%%", "lr=%2", "optimizer=%E2%82", "a=%GG&b=%", "lr=%u0031",
      // Texts.
      repeated("a=b&", 250000), repeated("&", 2000000) + "lr=99", repeated("lr=1&", 2000), repeated("beta1=1&", 1000),
      std::string("lr=\0001", 5), "lr=1\r\nSet-Cookie: x", "\xff\xfe\xfd", "\x1b[2J=1", "{\"lr\": 1}", "lr=1#lr=2",
      "https://example.com/?lr=1", "?#&?", repeated("hidden=256,256,256,256,256,256&", 300),
      // Combinations that do not go together.
      "dataset=sine&loss=cross_entropy", "dataset=plane&loss=bce", "dataset=digits&output_activation=tanh",
      "loss=bce&output_activation=sigmoid", "dataset=iris&loss=cross_entropy&output_activation=relu",
      "schedule=multi_step&milestones=" + repeated("1,", 1000), "schedule=piecewise&points=a,b",
      "schedule=piecewise&points=-1,-1"};
  CHECK(queries.size() >= 60);
  for (const std::string& query : queries) {
    CAPTURE(query.substr(0, 100));
    CAPTURE(query.size());
    std::vector<Issue> issues;
    const Config c = from_query(query, &issues);
    CHECK_FALSE(issues.empty());
    CHECK(issues.size() < 40);
    check_readable(issues);
    check_works(c);
  }
}

TEST_CASE("hostile JSON: each gives a notice and a config that trains") {
  const std::vector<std::string> texts{
      "", " ", "\0", "nul", "null", "true", "1", "\"lr\"", "[]", "[{}]", "{", "}", "{}}", "{\"lr\"}", "{\"lr\":}", "{lr: 1}",
      "{'lr': 1}", "{\"lr\": 01}", "{\"lr\": .5}", "{\"lr\": +1}", "{\"lr\": NaN}", "{\"lr\": Infinity}", "{\"lr\": 1e999}",
      "{\"lr\": -1}", "{\"lr\": \"x\"}", "{\"lr\": null}", "{\"lr\": {}}", "{\"lr\": [1, 2]}", "{\"lr\": true, \"lr\": 5}",
      "{\"hidden\": [1e9]}", "{\"hidden\": [null]}", "{\"hidden\": [[]]}", "{\"hidden\": {\"0\": 8}}", "{\"hidden\": [8, \"8\"]}",
      "{\"hidden\": [" + repeated("1,", 5000) + "1]}", "{\"optimizer\": 3}", "{\"optimizer\": [\"adam\"]}",
      "{\"optimizer\": true}", "{\"optimizer\": \"\\u0000\"}", "{\"\": 1}", "{\"__proto__\": {\"lr\": 1}}", "{\"v\": 99}",
      "{\"v\": \"one\"}", "{\"lr\": 1,}", "{\"lr\": 1} // comment", "/* */ {}", "\xef\xbb\xbf{\"lr\": 99}", "{\"\xff\": 1}",
      "{\"a\": \"\xc3\x28\"}", "{\"\\ud800\": 1}", "{\"a\": \"\\ud800\"}", "{\"a\": 1e400}", "{\"seed\": -1}",
      "{\"seed\": 99999999999999999999999999}", "{\"seed\": 1.5}", "{\"batch_size\": 1e30}", "{\"shuffle\": 2}",
      "{\"shuffle\": \"x\"}", "{\"beta1\": 0.5}", "{\"a\":" + repeated("[", 60000), "{\"a\":" + repeated("{\"a\":", 12000),
      repeated(" ", 1000000), "{" + repeated("\"a\": 1, ", 7000) + "\"lr\": 99}", "{\"lr\": \"" + repeated("9", 60000) + "\"}",
      "{\"" + repeated("k", 60000) + "\": 1}"};
  CHECK(texts.size() >= 60);
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 100));
    CAPTURE(text.size());
    std::vector<Issue> issues;
    const Config c = from_json(text, &issues);
    CHECK_FALSE(issues.empty());
    CHECK(issues.size() < 40);
    check_readable(issues);
    check_works(c);
  }
}

TEST_CASE("hostile bytes: random ones, and good links with bytes changed") {
  for_all(2000, [](Draw& draw) {
    std::string text = to_query(random_config(draw, Size::kSmall));
    if (draw.below(2)) text = to_json(from_query(text));
    for (std::uint64_t n = 1 + draw.below(8); n > 0; --n) {
      const std::size_t at = draw.below(text.size());
      switch (draw.below(3)) {
        case 0: text[at] = static_cast<char>(draw.below(256)); break;
        case 1: text.erase(at, 1 + draw.below(4)); break;
        default: text.insert(at, 1, "=&%,{}[]\"0-.e+"[draw.below(14)]);
      }
      if (text.empty()) text = "&";
    }
    CAPTURE(text);
    std::vector<Issue> issues;
    Config a = from_query(text, &issues), b = from_json(text, &issues);
    check_readable(issues);
    CHECK(validate(a).empty());
    CHECK(validate(b).empty());
    CHECK(from_query(to_query(a)) == a);
    CHECK(from_query(to_query(b)) == b);
  });
}

}  // namespace
}  // namespace lrlab
