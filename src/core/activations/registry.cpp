// The list of activation functions, in the order of the menu.
#include "core/activation.h"

#define LRLAB_ACTIVATIONS(ROW) \
  ROW(tanh)                    \
  ROW(relu)                    \
  ROW(leaky_relu)              \
  ROW(sigmoid)                 \
  ROW(gelu)                    \
  ROW(gelu_tanh)               \
  ROW(identity)

namespace lrlab {
namespace activation_rows {
#define ROW(id) extern const ActivationInfo id;
LRLAB_ACTIVATIONS(ROW)
#undef ROW
}  // namespace activation_rows

Family<ActivationInfo> activations() {
#define ROW(id) &activation_rows::id,
  static constexpr const ActivationInfo* kRows[] = {LRLAB_ACTIVATIONS(ROW)};
#undef ROW
  return kRows;
}

}  // namespace lrlab
