// Random numbers with named streams: draw k of (seed, stream, sub) is a pure function.
//
// Philox4x32-10: a block cipher of ten rounds turns a 128-bit counter and a 64-bit key into four
// 32-bit words. J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC'11, 2011. Passes BigCrush; integers only, so the same bits everywhere.
//
// key = seed; counter = (block, sub low, sub high, stream), so each (stream, sub) is a sequence of
// 2^32 blocks of four words that no other shares: changing the number of draws from one (another
// batch size, say) leaves the others as they were, so lanes of a race keep the same data, initial
// weights and batches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lrlab {

// What the numbers are for. The values are part of every shared link's meaning: add, never
// renumber.
enum class Stream : std::uint32_t {
  kData = 0,     // points of a data set
  kInit = 1,     // initial weights
  kBatches = 2,  // order of the examples; sub = epoch
  kNoise = 3,    // label and gradient noise
  kDropout = 4,  // masks; sub = step
  kJobs = 5,     // random search, folds; sub = item
  kSplit = 6,    // training and test parts
  kProbe = 7,    // directions for curvature and landscapes
};

// The cipher itself: ten rounds. Known answers in tests/unit/core/random_test.cpp.
inline std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t kM0 = 0xD2511F53, kM1 = 0xCD9E8D57;
  constexpr std::uint32_t kW0 = 0x9E3779B9, kW1 = 0xBB67AE85;  // golden ratio, sqrt(3) - 1
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = kM0 * counter[0], p1 = kM1 * counter[2];
    counter = {
        static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
        static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key = {key[0] + kW0, key[1] + kW1};
  }
  return counter;
}

// A position in one stream; a copy continues from the same place. 72 bytes, nothing to free.
class Random {
 public:
  // `sub` tells apart the members of a stream: epoch, step, item.
  Random(std::uint64_t seed, Stream stream, std::uint64_t sub = 0);

  std::uint32_t next_u32();
  std::uint64_t next_u64();

  // [0, 1), a multiple of 2^-53.
  double uniform();
  // [lo, hi); can round up to hi when the two are close.
  double uniform(double lo, double hi);
  // Mean 0, variance 1. G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29, 1958.
  double normal();
  // 0 .. n-1, each equally likely; 0 if n is 0. D. Lemire, "Fast random integer generation in an
  // interval", ACM TOMACS 29, 2019.
  std::uint32_t below(std::uint32_t n);

  // Every order equally likely (Fisher and Yates, from the end). `items` is a span, vector or array
  // of at most 2^32 - 1 elements.
  template <class Items>
  void shuffle(Items&& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      using std::swap;
      swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
    }
  }

  // Go to 32-bit word `index` of the stream without making the ones before it. Every draw takes
  // whole words: next_u32 one, next_u64 and uniform two, a pair of normals four; `below` takes one
  // or, rarely, more.
  void seek(std::uint64_t index);
  std::uint64_t position() const { return position_; }

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint32_t stream_;
  std::uint64_t sub_;
  std::uint64_t position_ = 0;            // of the next word; the sequence repeats after 2^34
  std::array<std::uint32_t, 4> block_{};  // the four words around position_, if ready
  bool block_ready_ = false;
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

}  // namespace lrlab
