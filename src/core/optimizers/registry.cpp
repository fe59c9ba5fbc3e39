// The list of optimizers, in the order of the menu.
#include "core/optimizer.h"

#define LRLAB_OPTIMIZERS(ROW) \
  ROW(sgd)                    \
  ROW(momentum)               \
  ROW(nesterov)               \
  ROW(adam)

namespace lrlab {
namespace optimizer_rows {
#define ROW(id) extern const OptimizerInfo id;
LRLAB_OPTIMIZERS(ROW)
#undef ROW
}  // namespace optimizer_rows

Family<OptimizerInfo> optimizers() {
#define ROW(id) &optimizer_rows::id,
  static constexpr const OptimizerInfo* kRows[] = {LRLAB_OPTIMIZERS(ROW)};
#undef ROW
  return kRows;
}

}  // namespace lrlab
