#include "core/dense.h"

#include "core/simd.h"

namespace lrlab {
namespace {

// AVX-512 has 32 vector registers, the others 16: blocks of twice the height fit there, and every
// value loaded is used twice as often.
constexpr bool kManyRegisters = kVectorBytes == 64;

// ---- Y[r][b] = start[r] + Σ_k A[r][k]·X[k][b] ------------------------------------------------
//
// A block of R rows times V vectors stays in registers while k runs:
//
//              b .. b + V·lanes
//            +--------+--------+
//     r      | acc    | acc    |     per k: V loads of X, R broadcasts of A,
//     r + 1  | acc    | acc    |     R·V multiply-adds. R·V accumulators, so a
//     ...    | acc    | acc    |     value of X is used R times, one of A V times.
//            +--------+--------+
//
// A is addressed by two strides: the same code multiplies by a matrix and by its transpose.
struct Operand {
  const Real* a;
  std::size_t row_stride, k_stride, k_count;
};

template <int R, int V>
inline void block(const Operand& op, std::size_t r, const Real* start, const Real* x,
                  std::size_t ldx, Real* y, std::size_t ldy, std::size_t b) {
  Vec acc[R][V];
  for (int i = 0; i < R; ++i)
    for (int j = 0; j < V; ++j) acc[i][j] = start ? splat(start[r + static_cast<std::size_t>(i)]) : Vec{};
  const Real* a = op.a + r * op.row_stride;
  const Real* xk = x + b;
  for (std::size_t k = 0; k < op.k_count; ++k, a += op.k_stride, xk += ldx) {
    Vec v[V];
    for (int j = 0; j < V; ++j) v[j] = load(xk + j * kLanes);
    for (int i = 0; i < R; ++i) {
      const Vec w = splat(a[static_cast<std::size_t>(i) * op.row_stride]);
      for (int j = 0; j < V; ++j) acc[i][j] += w * v[j];
    }
  }
  for (int i = 0; i < R; ++i)
    for (int j = 0; j < V; ++j)
      store(y + (r + static_cast<std::size_t>(i)) * ldy + b + static_cast<std::size_t>(j * kLanes),
            acc[i][j]);
}

template <int R>
inline void row_block(const Operand& op, std::size_t r, const Real* start, const Real* x,
                      std::size_t ldx, Real* y, std::size_t ldy, std::size_t m) {
  std::size_t b = 0;
  for (; b + 2 * kLanes <= m; b += 2 * kLanes) block<R, 2>(op, r, start, x, ldx, y, ldy, b);
  for (; b < m; b += kLanes) block<R, 1>(op, r, start, x, ldx, y, ldy, b);
}

void multiply(const Operand& op, std::size_t rows, const Real* start, const Real* x,
              std::size_t ldx, Real* y, std::size_t ldy, std::size_t m) {
  std::size_t r = 0;
  if constexpr (kManyRegisters)
    for (; r + 8 <= rows; r += 8) row_block<8>(op, r, start, x, ldx, y, ldy, m);
  for (; r + 4 <= rows; r += 4) row_block<4>(op, r, start, x, ldx, y, ldy, m);
  switch (rows - r) {
    case 3: row_block<3>(op, r, start, x, ldx, y, ldy, m); break;
    case 2: row_block<2>(op, r, start, x, ldx, y, ldy, m); break;
    case 1: row_block<1>(op, r, start, x, ldx, y, ldy, m); break;
    default: break;
  }
}

// ---- dW[o][i] += Σ_b dZ[o][b]·X[i][b] --------------------------------------------------------
//
// A block of O by I sums, each held as 16 partial sums (simd.h says why). With 4 lanes:
//
//     b          0 1 2 3 | 4 5 6 7 | 8 ..11 | 12 ..15 | 16 .. 19 | 20 ...      the batch
//     goes to    part 0  | part 1  | part 2 | part 3  | part 0   | part 1 ...
//
//                x[i]   x[i + 1]       For each part, b runs over the batch in steps of 16: O + I
//              +------+------+         loads and O·I multiply-adds. Only that part's O·I sums are
//     dz[o]    | acc  | acc  |         in registers; the 16 partials of a sum meet in fold(), in the
//     dz[o+1]  | acc  | acc  |         same order whatever the width. m is a multiple of 16: what is
//              +------+------+         padded carries a zero error.
template <int O, int I>
inline void weight_block(const Real* dz, std::size_t ldz, const Real* x, std::size_t ldx,
                         std::size_t m, Real* dw, std::size_t in) {
  Real partial[O][I][kPartials];
  for (int p = 0; p < kParts; ++p) {
    Vec acc[O][I] = {};
    for (std::size_t b = static_cast<std::size_t>(p * kLanes); b < m; b += kPartials) {
      Vec e[O], v[I];
      for (int o = 0; o < O; ++o) e[o] = load(dz + static_cast<std::size_t>(o) * ldz + b);
      for (int i = 0; i < I; ++i) v[i] = load(x + static_cast<std::size_t>(i) * ldx + b);
      for (int o = 0; o < O; ++o)
        for (int i = 0; i < I; ++i) acc[o][i] += e[o] * v[i];
    }
    for (int o = 0; o < O; ++o)
      for (int i = 0; i < I; ++i) store(&partial[o][i][p * kLanes], acc[o][i]);
  }
  for (int o = 0; o < O; ++o) {
    Real* row = dw + static_cast<std::size_t>(o) * in;
    if constexpr (I == 4) {
      Four sum;
      std::memcpy(&sum, row, sizeof sum);
      sum += fold4(partial[o]);
      std::memcpy(row, &sum, sizeof sum);
    } else {
      for (int i = 0; i < I; ++i) row[i] += fold(partial[o][i]);
    }
  }
}

template <int O>
inline void weight_rows(const Real* dz, std::size_t ldz, const Real* x, std::size_t ldx,
                        std::size_t m, Real* dw, std::size_t in) {
  std::size_t i = 0;
  for (; i + 4 <= in; i += 4) weight_block<O, 4>(dz, ldz, x + i * ldx, ldx, m, dw + i, in);
  for (; i + 2 <= in; i += 2) weight_block<O, 2>(dz, ldz, x + i * ldx, ldx, m, dw + i, in);
  for (; i < in; ++i) weight_block<O, 1>(dz, ldz, x + i * ldx, ldx, m, dw + i, in);
}

}  // namespace

void dense_forward(DenseShape s, const Real* weights, const Real* bias, const Real* x,
                   std::size_t ldx, Real* z, std::size_t ldz, std::size_t m) {
  multiply({weights, s.in, 1, s.in}, s.out, bias, x, ldx, z, ldz, m);
}

void dense_backward_input(DenseShape s, const Real* weights, const Real* dz, std::size_t ldz,
                          Real* dx, std::size_t ldx, std::size_t m) {
  dense_backward_input_rows(s, weights, dz, ldz, dx, ldx, m, 0, s.in);
}

void dense_backward_input_rows(DenseShape s, const Real* weights, const Real* dz, std::size_t ldz,
                               Real* dx, std::size_t ldx, std::size_t m, std::size_t first,
                               std::size_t rows) {
  multiply({weights + first, 1, s.in, s.out}, rows, nullptr, dz, ldz, dx + first * ldx, ldx, m);
}

void dense_backward_weights(DenseShape s, const Real* dz, std::size_t ldz, const Real* x,
                            std::size_t ldx, std::size_t m, Real* dweights, Real* dbias) {
  std::size_t o = 0;
  if constexpr (kManyRegisters)
    for (; o + 4 <= s.out; o += 4)
      weight_rows<4>(dz + o * ldz, ldz, x, ldx, m, dweights + o * s.in, s.in);
  for (; o + 2 <= s.out; o += 2)
    weight_rows<2>(dz + o * ldz, ldz, x, ldx, m, dweights + o * s.in, s.in);
  if (o < s.out) weight_rows<1>(dz + o * ldz, ldz, x, ldx, m, dweights + o * s.in, s.in);
  if (!dbias) return;
  for (o = 0; o < s.out; ++o) dbias[o] += sum_batch(dz + o * ldz, m);
}

Real sum_batch(const Real* v, std::size_t m) {
  Vec acc[kParts] = {};
  for (std::size_t b = 0; b < m; b += kPartials)
    for (int p = 0; p < kParts; ++p) acc[p] += load(v + b + p * kLanes);
  Real partial[kPartials];
  for (int p = 0; p < kParts; ++p) store(partial + p * kLanes, acc[p]);
  return fold(partial);
}

}  // namespace lrlab
