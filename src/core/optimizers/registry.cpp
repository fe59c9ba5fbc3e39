// The list of optimizers, in the order of the menu.
#include "core/optimizer.h"

#define LRLAB_OPTIMIZERS(ROW) \
  ROW(sgd)                    \
  ROW(momentum)               \
  ROW(nesterov)               \
  ROW(adagrad)                \
  ROW(rmsprop)                \
  ROW(adadelta)               \
  ROW(adam)                   \
  ROW(amsgrad)                \
  ROW(adamw)                  \
  ROW(adamax)                 \
  ROW(nadam)                  \
  ROW(radam)                  \
  ROW(lion)                   \
  ROW(yogi)                   \
  ROW(adabelief)              \
  ROW(adan)                   \
  ROW(lamb)                   \
  ROW(rprop)                  \
  ROW(asgd)                   \
  ROW(signum)                 \
  ROW(muon)                   \
  ROW(schedule_free_sgd)      \
  ROW(schedule_free_adamw)    \
  ROW(prodigy)                \
  ROW(polyak)                 \
  ROW(lbfgs)

namespace lrlab {
namespace optimizer_rows {
#define ROW(id) extern const OptimizerInfo id;
LRLAB_OPTIMIZERS(ROW)
#undef ROW
#define ROW(id) extern const TorchText id##_torch;
LRLAB_OPTIMIZERS(ROW)
#undef ROW
}  // namespace optimizer_rows

Family<OptimizerInfo> optimizers() {
#define ROW(id) &optimizer_rows::id,
  static constexpr const OptimizerInfo* kRows[] = {LRLAB_OPTIMIZERS(ROW)};
#undef ROW
  return kRows;
}

const TorchText& torch_text(const OptimizerInfo& info) {
#define ROW(id) {&optimizer_rows::id, &optimizer_rows::id##_torch},
  static constexpr struct {
    const OptimizerInfo* info;
    const TorchText* torch;
  } kTexts[] = {LRLAB_OPTIMIZERS(ROW)};
#undef ROW
  for (const auto& row : kTexts)
    if (row.info == &info) return *row.torch;
  static constexpr TorchText kNone;
  return kNone;
}

}  // namespace lrlab
