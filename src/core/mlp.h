// A multi-layer perceptron over one flat parameter vector: forward, backward, Hessian-vector product.
//
// Parameters are W1 (row-major [out][in]), b1, W2, b2, ... as PyTorch's parameters() flattened. The
// class holds only the shape; values, gradients and scratch memory are the caller's.
#pragma once

#include <span>
#include <vector>

#include "core/activation.h"
#include "core/dataset.h"
#include "core/initializer.h"
#include "core/loss.h"
#include "core/tensor.h"

namespace lrlab {

inline constexpr int kMaxHiddenLayers = 6;
inline constexpr int kMaxWidth = 256;

// A view of samples, feature by feature: row r starts at data + r·ld.
struct Columns {
  const Real* data = nullptr;
  std::size_t ld = 0;
  const Real* row(std::size_t r) const { return data + r * ld; }
};

// Scratch of one chunk of at most kMaxChunk samples. One per thread; made by Mlp::workspace().
struct Workspace {
  std::size_t ld = 0;
  std::vector<AlignedVector> a;  // [layer]: activations, [width][ld]
  std::vector<AlignedVector> d;  // [layer]: derivatives of the activation
  AlignedVector z, dz, da;       // one layer each
  AlignedVector value;           // loss per sample
};

// Inverted dropout: hidden units are silenced at random, the others scaled up by 1/(1−p).
// Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
struct Dropout {
  double p = 0;  // share of hidden units that is silenced, in [0, 1); 0: none
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
};

class Mlp {
 public:
  Mlp() = default;
  // sizes: inputs, hidden widths, outputs.
  Mlp(std::vector<int> sizes, const ActivationInfo& hidden, const ActivationInfo& output);

  const std::vector<int>& sizes() const { return sizes_; }
  std::size_t layers() const { return sizes_.size() - 1; }
  int inputs() const { return sizes_.front(); }
  int outputs() const { return sizes_.back(); }
  std::size_t num_params() const { return num_params_; }
  std::span<const TensorView> tensors() const { return tensors_; }
  const TensorView& weight(std::size_t layer) const { return tensors_[2 * layer]; }
  const TensorView& bias(std::size_t layer) const { return tensors_[2 * layer + 1]; }
  const ActivationInfo& activation(std::size_t layer) const {
    return layer + 1 == layers() ? *output_ : *hidden_;
  }

  void init(const InitializerInfo& initializer, double scale, Random& random, Real* theta) const;

  Workspace workspace() const;

  // Outputs (after the output activation) of m <= kMaxChunk samples, left in ws.a.back().
  void forward(const Real* theta, Columns x, std::size_t m, Workspace& ws) const;

  // Mean loss over `count` samples and its gradient (overwritten). Any count: works chunk by chunk.
  double loss_and_gradient(const LossInfo& loss, const Real* theta, Columns x, Columns target,
                           std::size_t count, Workspace& ws, Real* grad,
                           const Dropout& dropout = {}) const;

  // Mean loss over `count` samples. `value`, if not empty, receives the loss of each sample;
  // `out`, if not null, the network's outputs [outputs][out_ld].
  double mean_loss(const LossInfo& loss, const Real* theta, Columns x, Columns target,
                   std::size_t count, Workspace& ws, std::span<Real> value = {},
                   Real* out = nullptr, std::size_t out_ld = 0) const;

 private:
  friend class Pass;
  std::vector<int> sizes_;
  std::vector<TensorView> tensors_;
  std::size_t num_params_ = 0;
  const ActivationInfo* hidden_ = nullptr;
  const ActivationInfo* output_ = nullptr;
  bool linear_output_ = true;
};

// What a pass over samples reads and writes; all of it must outlive the pass.
struct PassTask {
  const Mlp* mlp = nullptr;
  const LossInfo* loss = nullptr;  // null: outputs only
  const Real* theta = nullptr;
  Columns x, target;
  std::size_t count = 0;           // samples; any number, worked on in chunks of kMaxChunk
  Workspace* ws = nullptr;
  Real* grad = nullptr;            // null: forward only
  Dropout dropout;
  std::span<Real> value;           // loss per sample, where not empty
  Real* out = nullptr;             // outputs [outputs][out_ld], where not null
  std::size_t out_ld = 0;
};

// One forward (and backward) pass that can be interrupted: a few output rows of one layer and one
// chunk at a time. How the work is cut never changes a bit of the result.
class Pass {
 public:
  explicit Pass(const PassTask& task);

  // Does at least `work` multiply-adds more, or all that is left. True: done.
  bool run(std::size_t work = ~std::size_t{0});
  double loss() const { return total_ / static_cast<double>(task_.count ? task_.count : 1); }

 private:
  std::size_t slice();  // the next few rows; returns the multiply-adds done
  void activate();
  void finish_forward();
  void next_chunk();

  enum class Phase { kForward, kWeights, kInput, kDone };
  PassTask task_;
  Phase phase_ = Phase::kForward;
  std::size_t first_ = 0, m_ = 0, padded_ = 0;  // the chunk
  std::size_t layer_ = 0, row_ = 0;
  double total_ = 0;
};

}  // namespace lrlab
