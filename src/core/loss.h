// What a loss is: per-sample values and the gradient with respect to the network's outputs.
//
// Outputs and targets are stored feature by feature (row o holds output o of every sample), so all
// loops run over the batch.
#pragma once

#include "core/real.h"
#include "core/registry.h"

namespace lrlab {

struct LossArgs {
  const Real* out = nullptr;     // [outputs][ld]: logits, or values after the output activation
  const Real* target = nullptr;  // [outputs][target_ld]
  std::size_t outputs = 1;
  std::size_t ld = 0;
  std::size_t target_ld = 0;
  std::size_t m = 0;      // samples to look at (padded: a multiple of 16)
  std::size_t count = 1;  // samples in the whole batch; the loss is a mean over them
};

struct LossInfo {
  const char* id = "";
  const char* label = "";
  const char* formula = "";
  const char* doc = "";
  const char* matches = "";  // torch.nn class
  bool one_output_for_two_classes = true;  // else two classes have two outputs
  double negative = 0;                     // target of "not this class"; "this class" is 1
  bool for_regression = true;              // may be used with real-valued targets

  // value[b]: loss of sample b. grad (may be null), [outputs][ld]: gradient of the batch's mean loss.
  void (*eval)(const LossArgs&, Real* value, Real* grad) = nullptr;
  // out[o][b]: Hessian of the batch's mean loss with respect to the outputs, times dir[o][b].
  void (*hessian_vector)(const LossArgs&, const Real* dir, Real* out) = nullptr;
};

Family<LossInfo> losses();

inline constexpr std::size_t kMaxChunk = 256;  // samples that go through the network at a time

}  // namespace lrlab
