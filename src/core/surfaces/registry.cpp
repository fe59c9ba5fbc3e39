// The list of 2-D test functions, in the order of the menu.
#include "core/surface.h"

#define LRLAB_SURFACES(ROW) \
  ROW(sphere)               \
  ROW(ravine)               \
  ROW(matyas)               \
  ROW(booth)                \
  ROW(rosenbrock)           \
  ROW(beale)                \
  ROW(cliff)                \
  ROW(saddle)               \
  ROW(himmelblau)           \
  ROW(styblinski_tang)      \
  ROW(three_hump_camel)     \
  ROW(six_hump_camel)       \
  ROW(goldstein_price)      \
  ROW(mccormick)            \
  ROW(rastrigin)            \
  ROW(ackley)               \
  ROW(easom)

namespace lrlab {
namespace surface_rows {
#define ROW(id) extern const SurfaceInfo id;
LRLAB_SURFACES(ROW)
#undef ROW
#define ROW(id) extern const TorchText id##_torch;
LRLAB_SURFACES(ROW)
#undef ROW
}  // namespace surface_rows

Family<SurfaceInfo> surfaces() {
#define ROW(id) &surface_rows::id,
  static constexpr const SurfaceInfo* kRows[] = {LRLAB_SURFACES(ROW)};
#undef ROW
  return kRows;
}

const TorchText& torch_text(const SurfaceInfo& info) {
#define ROW(id) {&surface_rows::id, &surface_rows::id##_torch},
  static constexpr struct {
    const SurfaceInfo* info;
    const TorchText* torch;
  } kTexts[] = {LRLAB_SURFACES(ROW)};
#undef ROW
  for (const auto& row : kTexts)
    if (row.info == &info) return *row.torch;
  static constexpr TorchText kNone;
  return kNone;
}

std::vector<Point2> minima_of(const SurfaceInfo& info, std::span<const double> params) {
  if (info.moved_minimum) return {info.moved_minimum(params)};
  return {info.minima.begin(), info.minima.end()};
}

}  // namespace lrlab
