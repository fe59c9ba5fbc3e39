// The three products of a dense layer, on activations stored feature by feature with the batch
// contiguous. One source for SSE, AVX, AVX-512 and WebAssembly SIMD, the same bits on all of them.
//
//            batch →                     Forward:   Z[o][b]  = bias[o] + Σ_i W[o][i]·X[i][b]
//   feature  x x x x x x x x             Input:     dX[i][b] = Σ_o W[o][i]·dZ[o][b]
//      ↓     x x x x x x x x             Weights:   dW[o][i] += Σ_b dZ[o][b]·X[i][b]
//
// Lanes run along the batch, so a forward sum has one order at any width. A sum over the batch keeps
// 16 partial sums and folds them by one fixed tree (simd.h).
#pragma once

#include "core/real.h"

namespace lrlab {

// All counts of samples m are padded (a multiple of 16); ld are distances between rows.
struct DenseShape {
  std::size_t in = 0, out = 0;
};

// Z[out][m] from X[in][m]; weights [out][in] row-major, bias [out] (null: 0).
void dense_forward(DenseShape s, const Real* weights, const Real* bias, const Real* x,
                   std::size_t ldx, Real* z, std::size_t ldz, std::size_t m);

// dX[in][m] from dZ[out][m].
void dense_backward_input(DenseShape s, const Real* weights, const Real* dz, std::size_t ldz,
                          Real* dx, std::size_t ldx, std::size_t m);
// Only the rows first to first + rows − 1 of dX (dx points at row 0).
void dense_backward_input_rows(DenseShape s, const Real* weights, const Real* dz, std::size_t ldz,
                               Real* dx, std::size_t ldx, std::size_t m, std::size_t first,
                               std::size_t rows);

// Adds to dweights [out][in] and dbias [out] (null: leave out).
void dense_backward_weights(DenseShape s, const Real* dz, std::size_t ldz, const Real* x,
                            std::size_t ldx, std::size_t m, Real* dweights, Real* dbias);

// Σ_b v[b] over m padded values, in the fixed order.
Real sum_batch(const Real* v, std::size_t m);

}  // namespace lrlab
