// The list of losses, in the order of the menu.
#include "core/loss.h"

#define LRLAB_LOSSES(ROW) \
  ROW(mse)                \
  ROW(half_mse)           \
  ROW(bce)                \
  ROW(cross_entropy)

namespace lrlab {
namespace loss_rows {
#define ROW(id) extern const LossInfo id;
LRLAB_LOSSES(ROW)
#undef ROW
}  // namespace loss_rows

Family<LossInfo> losses() {
#define ROW(id) &loss_rows::id,
  static constexpr const LossInfo* kRows[] = {LRLAB_LOSSES(ROW)};
#undef ROW
  return kRows;
}

}  // namespace lrlab
