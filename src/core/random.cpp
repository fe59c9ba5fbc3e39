// The draws of random.h.
#include "core/random.h"

#include "core/mathfn.h"

namespace lrlab {

Random::Random(std::uint64_t seed, Stream stream, std::uint64_t sub)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      stream_(static_cast<std::uint32_t>(stream)),
      sub_(sub) {}

std::uint32_t Random::next_u32() {
  const auto lane = static_cast<std::size_t>(position_ % 4);
  if (lane == 0 || !block_ready_) {
    const std::uint64_t block = position_ / 4;
    block_ = philox4x32_10({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(sub_),
                            static_cast<std::uint32_t>(sub_ >> 32), stream_},
                           key_);
    block_ready_ = true;
  }
  ++position_;
  return block_[lane];
}

std::uint64_t Random::next_u64() {
  const std::uint64_t low = next_u32();
  return low | std::uint64_t{next_u32()} << 32;
}

double Random::uniform() { return static_cast<double>(next_u64() >> 11) * 0x1p-53; }

double Random::uniform(double lo, double hi) { return lo + (hi - lo) * uniform(); }

double Random::normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  constexpr double kTwoPi = 6.28318530717958647692528676655900577;
  const double radius = fn::sqrt(-2.0 * fn::log(1.0 - uniform()));  // 1 - u is never 0
  const double angle = kTwoPi * uniform();
  spare_normal_ = radius * fn::sin(angle);
  has_spare_normal_ = true;
  return radius * fn::cos(angle);
}

std::uint32_t Random::below(std::uint32_t n) {
  // The high half of a 32 x 32 bit product; low halves under 2^32 mod n would favour some results.
  std::uint64_t product = std::uint64_t{next_u32()} * n;
  if (static_cast<std::uint32_t>(product) < n) {
    const std::uint32_t unfair = (0u - n) % n;
    while (static_cast<std::uint32_t>(product) < unfair) {
      product = std::uint64_t{next_u32()} * n;
    }
  }
  return static_cast<std::uint32_t>(product >> 32);
}

void Random::seek(std::uint64_t index) {
  position_ = index;
  block_ready_ = false;
  has_spare_normal_ = false;
}

}  // namespace lrlab
