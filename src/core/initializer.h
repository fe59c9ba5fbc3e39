// What an initializer is: the spread of a layer's first weights.
#pragma once

#include "core/random.h"
#include "core/real.h"
#include "core/registry.h"
#include "core/tensor.h"

namespace lrlab {

struct InitializerInfo {
  const char* id = "";
  const char* label = "";
  const char* formula = "";
  const char* reference = "";
  const char* doc = "";
  const char* matches = "";  // torch.nn.init function
  // Standard deviation of a weight, from the layer's fans and the activation's gain.
  double (*deviation)(int fan_in, int fan_out, double gain) = nullptr;
  bool uniform = true;       // uniform on ±√3·deviation, else normal
  bool random_bias = false;  // biases uniform on ±1/√fan_in (torch.nn.Linear), else 0
};

Family<InitializerInfo> initializers();

// Fill a weight matrix (or a bias) in place; `scale` multiplies every value.
void initialize(const InitializerInfo& info, const TensorView& tensor, int fan_in, int fan_out,
                double gain, double scale, Random& random, Real* out);

}  // namespace lrlab
