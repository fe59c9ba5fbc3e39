// The golden folder as a whole: every file is one that some test reads.
#include "golden/golden.h"

using namespace lrlab;

TEST_SUITE("golden") {
  TEST_CASE("golden: every file is of a known kind" IN_REAL) {
    static constexpr const char* kKinds[] = {"optimizer", "schedule", "clipping", "mlp",
                                             "hessian",   "function", "init"};
    CHECK_MESSAGE(std::filesystem::is_directory(golden::folder()), golden::folder());
    if (!golden::environment("LRLAB_GOLDEN_DIR").empty()) CHECK_FALSE(golden::files().empty());
    for (const golden::File& file : golden::files()) {
      const bool known =
          std::find(std::begin(kKinds), std::end(kKinds), file.kind) != std::end(kKinds);
      CHECK_MESSAGE(known, file.name, ": kind ", file.kind);
      if (!known) continue;
      CHECK_MESSAGE((file.json.contains("format") && file.json["format"] == 1), file.name,
                    ": only format 1 is known");
    }
  }

  TEST_CASE("golden: the comparison rule is relative to the largest entry" IN_REAL) {
    constexpr double kInf = std::numeric_limits<double>::infinity();
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    using V = std::vector<double>;
    CHECK(golden::deviation(V{1, 10.5}, V{1, 10}) == doctest::Approx(0.05));
    CHECK(golden::deviation(V{0.25, 0}, V{0, 0}) == 0.25);
    CHECK(golden::deviation(V{}, V{}) == 0);
    CHECK(golden::deviation(V{1}, V{1, 1}) == kInf);
    CHECK(golden::deviation(V{kInf, kNan, 1}, V{kInf, kNan, 1}) == 0);
    CHECK(golden::deviation(V{kInf}, V{-kInf}) == kInf);
    CHECK(golden::deviation(V{1}, V{kNan}) == kInf);
    CHECK(golden::deviation(V{kNan}, V{1}) == kInf);
  }
}
