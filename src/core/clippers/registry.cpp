// The list of clippers, in the order of the menu, and the norm they share.
#include "core/clipper.h"

#include "core/mathfn.h"

#define LRLAB_CLIPPERS(ROW) \
  ROW(none)                 \
  ROW(norm)

namespace lrlab {
namespace clipper_rows {
#define ROW(id) extern const ClipperInfo id;
LRLAB_CLIPPERS(ROW)
#undef ROW
}  // namespace clipper_rows

Family<ClipperInfo> clippers() {
#define ROW(id) &clipper_rows::id,
  static constexpr const ClipperInfo* kRows[] = {LRLAB_CLIPPERS(ROW)};
#undef ROW
  return kRows;
}

double norm2(const Real* x, std::size_t n) {
  double partial[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t j = 0; j < 8; ++j) {
      const double v = static_cast<double>(x[i + j]);
      partial[j] += v * v;
    }
  for (std::size_t j = 0; i < n; ++i, ++j) {
    const double v = static_cast<double>(x[i]);
    partial[j] += v * v;
  }
  const double a = partial[0] + partial[4], b = partial[1] + partial[5];
  const double c = partial[2] + partial[6], d = partial[3] + partial[7];
  return fn::sqrt((a + c) + (b + d));
}

}  // namespace lrlab
