// The same round trips with RapidCheck, which shrinks a config that fails to the smallest one. Built
// where RapidCheck is installed; codec_test.cpp has them everywhere.
#ifdef LRLAB_RAPIDCHECK
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <sstream>

#include "draw.h"

namespace lrlab {
namespace {

// `property` says of one config whether all is well.
void rapidcheck_1000(const char* what, bool (*property)(const Config&)) {
  rc::detail::TestParams params;
  params.seed = test_seed();
  params.maxSuccess = 1000;
  params.maxSize = 200;  // choices in a sequence: enough for every pick, parameter and field
  const auto result = rc::detail::checkTestable(
      [&](const std::vector<std::uint32_t>& tape) {
        TapeDraw draw(tape);
        const Config c = random_config(draw);
        if (!property(c)) RC_FAIL(to_query(c));
      },
      rc::detail::TestMetadata{what, what}, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  CHECK_MESSAGE(result.is<rc::detail::SuccessResult>(), "LRLAB_SEED=" << params.seed << "\n" << text.str());
}

TEST_CASE("RapidCheck: URL round trips are the identity") {
  rapidcheck_1000("URL", [](const Config& c) {
    std::vector<Issue> issues;
    return from_query(to_query(c), &issues) == c && issues.empty();
  });
}

TEST_CASE("RapidCheck: JSON round trips are the identity") {
  rapidcheck_1000("JSON", [](const Config& c) {
    std::vector<Issue> issues;
    return from_json(to_json(c), &issues) == c && from_json(to_json(c, true), &issues) == c && issues.empty();
  });
}

}  // namespace
}  // namespace lrlab
#endif
