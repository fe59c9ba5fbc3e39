// The list of 2-D test functions, in the order of the menu.
#include "core/surface.h"

#define LRLAB_SURFACES(ROW) \
  ROW(ravine)               \
  ROW(rosenbrock)

namespace lrlab {
namespace surface_rows {
#define ROW(id) extern const SurfaceInfo id;
LRLAB_SURFACES(ROW)
#undef ROW
}  // namespace surface_rows

Family<SurfaceInfo> surfaces() {
#define ROW(id) &surface_rows::id,
  static constexpr const SurfaceInfo* kRows[] = {LRLAB_SURFACES(ROW)};
#undef ROW
  return kRows;
}

}  // namespace lrlab
