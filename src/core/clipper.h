// What a gradient clipper is: a row of facts and one function that limits the gradient in place.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "core/param_spec.h"
#include "core/real.h"
#include "core/registry.h"
#include "core/tensor.h"
#include "core/torch_text.h"

namespace lrlab {

// Memory of a clipper that looks at past gradients (AutoClip); empty at the start.
using ClipperState = std::vector<double>;

struct ClipStep {
  std::size_t n = 0;
  Real* grad = nullptr;            // changed in place
  const Real* theta = nullptr;
  std::span<const TensorView> tensors;
  std::span<const double> params;  // in the order of the row's table
  ClipperState* state = nullptr;

  double param(int i) const { return params[static_cast<std::size_t>(i)]; }
};

struct ClipReport {
  double factor = 1;  // what the gradient was multiplied by; the smallest, where there are several
  double share = 0;   // share of the parameters whose gradient was changed, in [0, 1]
};

struct ClipperInfo {
  const char* id = "";
  const char* label = "";
  const char* formula = "";
  const char* reference = "";
  const char* doc = "";
  const char* matches = "";
  std::span<const ParamSpec> params = {};
  ClipReport (*clip)(const ClipStep&) = nullptr;
};

Family<ClipperInfo> clippers();
const TorchText& torch_text(const ClipperInfo& info);

// Euclidean length of a vector; accumulated in double in one fixed order, so the same bits anywhere
// and no overflow for any float gradient.
double norm2(const Real* x, std::size_t n);

inline constexpr double kInfinityNorm = std::numeric_limits<double>::infinity();

// (Σ|x|^p)^(1/p); p = kInfinityNorm: the largest |x|. A NaN in x makes it NaN.
double norm(const Real* x, std::size_t n, double p);

// Multiplies x, whose norm is given, by min(1, max_norm / (norm + 1e-6)) and returns that factor, as
// torch.nn.utils.clip_grad_norm_ does: for an infinite norm it is 0, for a NaN one NaN.
double shrink(Real* x, std::size_t n, double max_norm, double norm);

}  // namespace lrlab
