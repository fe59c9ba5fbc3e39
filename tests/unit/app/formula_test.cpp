#include "app/widgets/formula.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace lrlab;

namespace {

using Lines = std::vector<std::vector<FormulaPiece>>;

std::string lit(const Lines& lines, StepPart part) {
  std::string out;
  for (const auto& line : lines)
    for (const FormulaPiece& piece : line)
      if (acts(piece, part)) out += piece.text;
  return out;
}

}  // namespace

TEST_CASE("formula: nothing of it is lost, and every part of a step is found in every optimizer's formula") {
  for (const OptimizerInfo* info : optimizers()) {
    CAPTURE(std::string(info->id));
    const Lines lines = read_formula(*info);
    std::string all;
    for (const auto& line : lines) {
      if (!all.empty()) all += '\n';
      for (const FormulaPiece& piece : line) all += piece.text;
    }
    CHECK(all == info->formula);
    CHECK(!lit(lines, StepPart::kGradient).empty());
    CHECK(lit(lines, StepPart::kClip) == lit(lines, StepPart::kGradient));
    CHECK(!lit(lines, StepPart::kUpdate).empty());
    CHECK(lit(lines, StepPart::kBatch).empty());
    if (!info->own_rate) CHECK(!lit(lines, StepPart::kRate).empty());
    const bool remembers = std::any_of(info->state.begin(), info->state.end(), [](const StateSlot& s) { return *s.symbol; });
    CHECK(lit(lines, StepPart::kMemory).empty() != remembers);
  }
}

TEST_CASE("formula: what is lit is what acts") {
  const Lines adam = read_formula(*find(optimizers(), "adam"));
  CHECK(lit(adam, StepPart::kMemory) == "m ← β₁·m + (1−β₁)·gv ← β₂·v + (1−β₂)·g²");
  CHECK(lit(adam, StepPart::kGradient) == "gg");
  CHECK(lit(adam, StepPart::kRate) == "lr");
  CHECK(lit(adam, StepPart::kUpdate).find("θ ← θ − lr") == 0);
  const Lines prodigy = read_formula(*find(optimizers(), "prodigy"));  // names its rate: q = lr·d
  CHECK(lit(prodigy, StepPart::kRate).find("qlrqq") == 0);
  const Lines averaged = read_formula(*find(optimizers(), "asgd"));
  CHECK(lit(averaged, StepPart::kRate).find("ηₜ") == 0);
  const Lines polyak = read_formula(*find(optimizers(), "polyak"));
  CHECK(lit(polyak, StepPart::kLoss) == "ff");
}
