// What several optimizers share: the parameters that mean the same everywhere, sign, sums.
#pragma once

#include "core/mathfn.h"
#include "core/optimizer.h"

namespace lrlab {

constexpr ParamSpec beta1_spec(double def = 0.9) {
  return {.key = "beta1", .label = "β₁", .def = def, .min = 0, .max = 0.9999,
          .doc = "Memory of the gradient average: about 1/(1−β₁) steps."};
}
constexpr ParamSpec beta2_spec(double def = 0.999) {
  return {.key = "beta2", .label = "β₂", .def = def, .min = 0, .max = 0.99999,
          .doc = "Memory of the squared-gradient average: about 1/(1−β₂) steps."};
}
constexpr ParamSpec eps_spec(double def, const char* doc) {
  return {.key = "eps", .label = "ε", .def = def, .min = 1e-20, .max = 1, .scale = Scale::kLog,
          .doc = doc};
}
constexpr ParamSpec weight_decay_spec(double def, const char* doc) {
  return {.key = "weight_decay", .label = "weight decay", .def = def, .min = 0, .max = 1,
          .scale = Scale::kLog, .doc = doc};
}

// 1 − βᵗ: what an average that started at 0 has gathered so far of the full weight.
inline double bias_correction(double beta, const OptimizerStep& s) {
  return 1 - fn::pow_int(beta, s.step + 1);
}

// For OptimizerInfo::stability of methods that step along an average m ← β·m + (1−β)·g: on a
// quadratic of curvature λ they are stable while rate·λ is below this (38 at β = 0.9).
// Cohen et al. 2022, "Adaptive gradient methods at the edge of stability", arXiv:2207.14484.
inline double averaged_limit(double beta) { return (2 + 2 * beta) / (1 - beta); }
inline constexpr const char* kAveragedLimit = "(2+2β₁)/((1−β₁)·λ)";

// −1, 0 or 1; without a branch, so that loops vectorise.
inline Real sign(Real x) { return static_cast<Real>(x > 0) - static_cast<Real>(x < 0); }

// Σ term(i) for i < n, in double and in one fixed order: 16 partial sums, then a tree.
template <class Term>
inline double sum(std::size_t n, Term term) {
  double acc[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (std::size_t j = 0; j < 16; ++j) acc[j] += static_cast<double>(term(i + j));
  for (std::size_t j = 0; i < n; ++i, ++j) acc[j] += static_cast<double>(term(i));
  for (std::size_t half = 8; half > 0; half /= 2)
    for (std::size_t j = 0; j < half; ++j) acc[j] += acc[j + half];
  return acc[0];
}

inline double dot(const Real* a, const Real* b, std::size_t n) {
  return sum(n, [=](std::size_t i) {
    return static_cast<double>(a[i]) * static_cast<double>(b[i]);
  });
}

}  // namespace lrlab
