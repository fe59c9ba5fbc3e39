// What an activation function is. One pass gives the value and the derivative, so the backward pass
// is a product and knows nothing about the function.
#pragma once

#include "core/real.h"
#include "core/registry.h"

namespace lrlab {

struct ActivationInfo {
  const char* id = "";
  const char* label = "";
  const char* formula = "";
  const char* doc = "";
  const char* matches = "";  // torch.nn class
  double gain = 1;           // what Xavier and He initialisation multiply by (torch.nn.init.calculate_gain)
  double slope = 0;          // below 0, for leaky units; a copy of the row may have another one
  // a[i] = f(z[i]); d[i] = f'(z[i]) unless d is null. a may be z itself. `slope` is the row's.
  void (*apply)(const Real* z, Real* a, Real* d, std::size_t n, Real slope) = nullptr;
  // f''(z[i]), for exact Hessian-vector products. 0 almost everywhere for piecewise linear ones.
  void (*second)(const Real* z, Real* dd, std::size_t n) = nullptr;
};

Family<ActivationInfo> activations();

}  // namespace lrlab
