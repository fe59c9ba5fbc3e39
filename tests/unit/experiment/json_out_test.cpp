// JSON as we write it, read back by a reader that is not ours.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "core/random.h"
#include "experiment/json_out.h"

namespace lrlab {
namespace {

using Json = nlohmann::json;

TEST_CASE("json: what is written is read back, nested, empty and with every kind of value") {
  for (const bool lines : {false, true}) {
    JsonOut j(lines);
    j.begin('{');
    j.text("quote \" and \\", "tab\there, \"that\" \\ \x01 \xC3\xA9 \xE2\x82\xAC");
    j.begin('[', "list");
    for (const double v : {1.0, -0.5, 1e300, 4294967295.0}) j.number({}, v);
    j.begin('{');
    j.end();
    j.begin('[');
    j.end();
    j.flag({}, true);
    j.end();
    j.raw("raw", "[1,2]");
    j.end();
    const Json back = Json::parse(j.str(), nullptr, false);
    REQUIRE(back.is_object());
    CHECK(back["quote \" and \\"] == "tab\there, \"that\" \\ \x01 \xC3\xA9 \xE2\x82\xAC");
    CHECK(back["list"] == Json::parse("[1, -0.5, 1e300, 4294967295, {}, [], true]"));
    CHECK(back["raw"] == Json({1, 2}));
    CHECK((j.str().find('\n') != std::string::npos) == lines);
  }
}

TEST_CASE("json: numbers keep their bits, what is no number is null, bytes that are no text are replaced") {
  Random random(1, Stream::kProbe, 0);
  for (int i = 0; i < 2000; ++i) {
    const double v = (random.uniform() - 0.5) * std::pow(10.0, 600 * random.uniform() - 300);
    JsonOut j;
    j.number({}, v);
    CHECK(Json::parse(j.str(), nullptr, false).get<double>() == v);
  }
  JsonOut j;
  j.begin('[');
  j.number({}, std::nan(""));
  j.number({}, std::numeric_limits<double>::infinity());
  j.text({}, "\xff broken \xc3");
  j.end();
  const Json back = Json::parse(j.str(), nullptr, false);
  REQUIRE(back.is_array());
  CHECK(back[0].is_null());
  CHECK(back[1].is_null());
  CHECK(back[2] == "\uFFFD broken \uFFFD");
}

}  // namespace
}  // namespace lrlab
