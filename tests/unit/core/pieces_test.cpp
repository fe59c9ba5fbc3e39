// A step in pieces, for networks whose step is longer than a frame of the page.
#include <doctest/doctest.h>

#include "unit/core/problems.h"
#include "unit/core/rows.h"

namespace lrlab {
namespace {

TrainSettings settings_of(const OptimizerInfo& info) {
  TrainSettings s;
  s.optimizer = with_defaults(info);
  s.schedule = with_defaults(*find(schedules(), "constant"));
  s.clip = with_defaults(*find(clippers(), "autoclip"));  // one that remembers what it saw
  s.lr = info.default_lr;
  s.batch_size = 40;
  return s;
}

TEST_CASE("steps in pieces: every optimizer gets the bits of whole steps, also when a step is dropped in the middle" IN_REAL) {
  const auto problem = testing::make_network({.hidden = {70, 33}});
  for (const OptimizerInfo* info : optimizers()) {
    CAPTURE(std::string(info->id));
    Trainer whole(problem, settings_of(*info)), pieces(problem, settings_of(*info));
    for (int k = 0; k < 5; ++k) {
      const std::vector<Real> before = pieces.theta();
      StepReport report;
      std::size_t calls = 1;
      for (; !pieces.step_some(1, report); ++calls) {
        REQUIRE(hash_bits(pieces.theta()) == hash_bits(before));  // whoever looks sees no half step
        if (k == 2 && calls == (info->pieces ? 11 : 5)) pieces = Trainer(pieces);       // a copy begins the step anew
        if (k == 3 && calls == (info->pieces ? 12 : 5)) pieces.restore(TrainState(pieces.state()));
      }
      const StepReport expected = whole.step();
      CHECK(calls >= (info->pieces ? 40 : 8));
      CHECK(report.loss == expected.loss);
      CHECK(report.clip.factor == expected.clip.factor);
      CHECK(hash_bits(pieces.theta()) == hash_bits(whole.theta()));
    }
  }
}

}  // namespace
}  // namespace lrlab
