// The list of initializers, in the order of the menu, and how a row fills a tensor.
#include "core/initializer.h"
#include "core/mathfn.h"

#define LRLAB_INITIALIZERS(ROW) \
  ROW(xavier_uniform)           \
  ROW(xavier_normal)            \
  ROW(he_uniform)               \
  ROW(he_normal)                \
  ROW(torch)

namespace lrlab {
namespace initializer_rows {
#define ROW(id) extern const InitializerInfo id;
LRLAB_INITIALIZERS(ROW)
#undef ROW
}  // namespace initializer_rows

Family<InitializerInfo> initializers() {
#define ROW(id) &initializer_rows::id,
  static constexpr const InitializerInfo* kRows[] = {LRLAB_INITIALIZERS(ROW)};
#undef ROW
  return kRows;
}

void initialize(const InitializerInfo& info, const TensorView& tensor, int fan_in, int fan_out,
                double gain, double scale, Random& random, Real* out) {
  const std::size_t n = tensor.size();
  if (tensor.is_bias) {
    const double limit = info.random_bias ? scale / fn::sqrt(static_cast<double>(fan_in)) : 0;
    for (std::size_t i = 0; i < n; ++i)
      out[i] = info.random_bias ? static_cast<Real>(random.uniform(-limit, limit)) : Real(0);
    return;
  }
  const double deviation = scale * info.deviation(fan_in, fan_out, gain);
  const double limit = fn::sqrt(3.0) * deviation;
  for (std::size_t i = 0; i < n; ++i)
    out[i] = static_cast<Real>(info.uniform ? random.uniform(-limit, limit)
                                            : deviation * random.normal());
}

}  // namespace lrlab
