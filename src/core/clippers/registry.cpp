// The list of clippers, in the order of the menu, and the arithmetic they share.
#include "core/clipper.h"

#include "core/mathfn.h"

#define LRLAB_CLIPPERS(ROW) \
  ROW(none)                 \
  ROW(value)                \
  ROW(norm)                 \
  ROW(layer_norm)           \
  ROW(agc)                  \
  ROW(autoclip)

namespace lrlab {
namespace clipper_rows {
#define ROW(id) extern const ClipperInfo id;
LRLAB_CLIPPERS(ROW)
#undef ROW
#define ROW(id) extern const TorchText id##_torch;
LRLAB_CLIPPERS(ROW)
#undef ROW
}  // namespace clipper_rows

Family<ClipperInfo> clippers() {
#define ROW(id) &clipper_rows::id,
  static constexpr const ClipperInfo* kRows[] = {LRLAB_CLIPPERS(ROW)};
#undef ROW
  return kRows;
}

const TorchText& torch_text(const ClipperInfo& info) {
#define ROW(id) {&clipper_rows::id, &clipper_rows::id##_torch},
  static constexpr struct {
    const ClipperInfo* info;
    const TorchText* torch;
  } kTexts[] = {LRLAB_CLIPPERS(ROW)};
#undef ROW
  for (const auto& row : kTexts)
    if (row.info == &info) return *row.torch;
  static constexpr TorchText kNone;
  return kNone;
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

double norm(const Real* x, std::size_t n, double p) {
  if (p == 2) return norm2(x, n);
  double sum = 0, largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double v = fn::abs(static_cast<double>(x[i]));
    largest = v > largest || v != v ? v : largest;  // a NaN, once found, stays
    sum += p == 1 ? v : p == kInfinityNorm ? 0 : fn::pow(v, p);
  }
  return p == kInfinityNorm ? largest : p == 1 ? sum : fn::pow(sum, 1 / p);
}

double shrink(Real* x, std::size_t n, double max_norm, double norm) {
  const double factor = max_norm / (norm + 1e-6);
  if (factor >= 1) return 1;
  for (std::size_t i = 0; i < n; ++i) x[i] *= static_cast<Real>(factor);
  return factor;
}

}  // namespace lrlab
