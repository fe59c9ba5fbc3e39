// The vector type of the kernels and the one fixed order in which a batch is summed.
//
// GCC and Clang vector extensions: one source is SIMD128 in the browser and SSE, AVX or AVX-512
// natively. Lanes run over the batch. Because every sum over a batch is kept as 16 partial sums
// (element b goes to partial b mod 16) that are folded by one fixed tree, the result has the same
// bits whatever the width of the hardware.
#pragma once

#include <cstring>

#include "core/real.h"

namespace lrlab {

// Never wider than the hardware: wider types spill to the stack and are many times slower.
#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;  // SSE2, WebAssembly SIMD128
#endif

inline constexpr int kLanes = kVectorBytes / static_cast<int>(sizeof(Real));
typedef Real Vec __attribute__((vector_size(kVectorBytes)));

inline constexpr int kPartials = 16;               // partial sums of every sum over a batch
inline constexpr int kParts = kPartials / kLanes;  // vectors that hold them
static_assert(kParts >= 1);

inline Vec load(const Real* p) {
  Vec v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void store(Real* p, Vec v) { std::memcpy(p, &v, sizeof v); }
inline Vec splat(Real x) { return x - Vec{}; }  // a scalar goes to all lanes; x − 0 is x, −0 included

// The fixed tree: partial j + partial j+8, then +4, +2, +1.
inline Real fold(const Real* partials) {
  Real s[8];
  for (int j = 0; j < 8; ++j) s[j] = partials[j] + partials[j + 8];
  for (int j = 0; j < 4; ++j) s[j] += s[j + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

// fold() of four sums at once. The first two rounds add whole vectors; the last two add columns
// where fold() adds neighbours, so the four rows of four are transposed:
//
//     sum 0   a0 a1 a2 a3        a0 b0 c0 d0  +  a2 b2 c2 d2
//     sum 1   b0 b1 b2 b3   ->              plus                =  the four sums
//     ...                        a1 b1 c1 d1  +  a3 b3 c3 d3
typedef Real Four __attribute__((vector_size(4 * sizeof(Real))));
inline Four fold4(const Real partials[4][kPartials]) {
  Four row[4];
  for (int i = 0; i < 4; ++i) {
    Four q[4];
    std::memcpy(q, partials[i], sizeof q);
    row[i] = (q[0] + q[2]) + (q[1] + q[3]);
  }
  const Four ab01 = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
  const Four ab23 = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
  const Four cd01 = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
  const Four cd23 = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
  const Four even = __builtin_shufflevector(ab01, cd01, 0, 1, 4, 5) + __builtin_shufflevector(ab23, cd23, 0, 1, 4, 5);
  const Four odd = __builtin_shufflevector(ab01, cd01, 2, 3, 6, 7) + __builtin_shufflevector(ab23, cd23, 2, 3, 6, 7);
  return even + odd;
}

// Batches are padded to a multiple of this; padded columns carry a zero error, so they add nothing.
inline constexpr std::size_t pad_batch(std::size_t n) {
  return (n + kPartials - 1) / kPartials * kPartials;
}

}  // namespace lrlab
