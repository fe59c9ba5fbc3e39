// What an optimizer is: a row of facts and one plain function that turns a gradient into an update.
//
// To add one: copy optimizers/adam.cpp, change it, and add its id to optimizers/registry.cpp. The
// menu, the URL, `lrlab describe`, the documentation, the tests and the benchmark read the row.
#pragma once

#include <cassert>
#include <span>

#include "core/param_spec.h"
#include "core/real.h"
#include "core/registry.h"
#include "core/tensor.h"
#include "core/torch_text.h"

namespace lrlab {

// Loss and gradient on the present mini-batch at another point, for methods that ask for more than
// one gradient (L-BFGS). Costs one forward and one backward pass.
struct Evaluate {
  double (*call)(void* self, const Real* theta, Real* grad) = nullptr;
  void* self = nullptr;
  double operator()(const Real* theta, Real* grad) const { return call(self, theta, grad); }
};

// Everything an update may look at. All vectors have n elements.
struct OptimizerStep {
  std::size_t n = 0;
  Real* theta = nullptr;        // parameters, updated in place
  const Real* grad = nullptr;   // gradient at theta, after regularisation and clipping
  Real* state_begin = nullptr;  // state slots, one after the other; all 0 at step 0
  double* scalars = nullptr;    // InfoRow.scalars doubles; all 0 at step 0
  Real* scratch = nullptr;      // as many as InfoRow.scratch asks for; undefined between updates
  std::span<const double> params;  // values in the order of the row's table
  std::span<const TensorView> tensors;  // shapes, for methods that treat matrices as matrices
  double lr = 0;            // rate of this step: base rate times the schedule's factor
  std::uint64_t step = 0;   // updates done before this one; bias corrections use t()
  double loss = 0;          // loss at theta on this batch, for methods that use its value
  std::size_t piece = 0;    // of an update in pieces: which
  Evaluate evaluate;

  double t() const { return static_cast<double>(step + 1); }
  double param(int i) const { return params[static_cast<std::size_t>(i)]; }
  Real real(int i) const { return static_cast<Real>(param(i)); }
  Real* state(int slot) const { return state_begin + static_cast<std::size_t>(slot) * n; }
};

// Where the optimizer stops being stable on a quadratic: lr > numerator / λ, where λ is the largest
// eigenvalue of the Hessian H, or of S·H·S with S = √(effective_rate / lr) for rows that have one,
// their rates held fixed.
struct StabilityRule {
  double (*numerator)(std::span<const double> params) = nullptr;  // null: no such limit is known
  const char* formula = "";                                       // of the largest lr
};

// What an optimizer remembers: one number for each parameter.
struct StateSlot {
  const char* name;         // as in PyTorch's state_dict: "exp_avg"
  const char* symbol = "";  // in the row's formula: "m"; empty where it does not show there
};

struct OptimizerInfo {
  const char* id = "";
  const char* label = "";
  const char* formula = "";    // one statement a line, in the order they are computed
  const char* reference = "";  // authors, year, title, arXiv number
  const char* doc = "";        // what it is for, in a sentence or two a student understands
  const char* matches = "";    // the torch.optim class it equals, or how it differs
  std::span<const ParamSpec> params = {};  // without lr, which every optimizer has
  double default_lr = 1e-3;                // the rate PyTorch (or the paper) starts from
  std::span<const StateSlot> state = {};
  int scalars = 0;                         // doubles of state beside the vectors
  bool own_rate = false;    // finds its own rates: lr is where it starts, or a bound
  bool keeps_rate = false;  // made for a constant rate: lowering it at the end brings nothing
  bool full_batch = false;  // made for the whole training set as one batch: mini-batches mislead it
  int momentum_param = -1;  // which parameter a momentum-cycling schedule moves (-1: none)

  void (*update)(const OptimizerStep&) = nullptr;
  // Optional. For updates that take longer than a frame of the page: `update` is called once for each
  // piece 0, 1, ..., pieces − 1, and only the last may touch theta and state. What the pieces share
  // lies in scratch. A piece should be at most some four million multiply-adds.
  std::size_t (*pieces)(const OptimizerStep&) = nullptr;

  // Optional. Slots beyond `state`, as a function of the parameters (L-BFGS history).
  int (*extra_slots)(std::span<const double> params) = nullptr;
  // Optional. How many numbers of working memory an update needs. Unlike state they are not part of
  // a snapshot.
  std::size_t (*scratch)(std::size_t n, std::span<const TensorView> tensors,
                         std::span<const double> params) = nullptr;
  // Optional. The point to evaluate the model at, where it is not theta (Schedule-Free: x, not y).
  void (*eval_point)(const OptimizerStep&, Real* out) = nullptr;
  // Optional. out[i]: the rate that multiplies the (averaged) gradient of parameter i in the
  // present state; absent: lr for every parameter.
  void (*effective_rate)(const OptimizerStep&, Real* out) = nullptr;
  // Optional. Cohen et al. 2021, arXiv:2103.00065, and 2022, arXiv:2207.14484.
  StabilityRule stability = {};

  void update_whole(OptimizerStep s) const {
    for (const std::size_t end = pieces ? pieces(s) : 1; s.piece < end; ++s.piece) update(s);
  }
  int slots(std::span<const double> values) const {
    return static_cast<int>(state.size()) + (extra_slots ? extra_slots(values) : 0);
  }
};

Family<OptimizerInfo> optimizers();
const TorchText& torch_text(const OptimizerInfo& info);

}  // namespace lrlab
