#include "core/mlp.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "core/dense.h"
#include "core/simd.h"

namespace lrlab {
namespace {

std::size_t width(int n) { return static_cast<std::size_t>(n); }

// Columns m to the padded end carry no error, so they add nothing to any sum over the batch.
void clear_padding(Real* rows, std::size_t count, std::size_t ld, std::size_t m,
                   std::size_t padded) {
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t b = m; b < padded; ++b) rows[r * ld + b] = 0;
}

// Sample b of unit u in layer l is kept or silenced by its own random number, so the mask does not
// depend on how the batch is cut into chunks.
void drop(const Dropout& dropout, std::size_t layer, Real* a, Real* d, std::size_t units,
          std::size_t ld, std::size_t m, std::size_t first) {
  const Real keep = static_cast<Real>(1 / (1 - dropout.p));
  for (std::size_t u = 0; u < units; ++u) {
    Random random(dropout.seed, Stream::kDropout, (dropout.step * 64 + layer) * 1024 + u);
    random.seek(2 * first);  // a uniform number takes two words
    for (std::size_t b = 0; b < m; ++b) {
      const Real mask = random.uniform() < dropout.p ? Real(0) : keep;
      a[u * ld + b] *= mask;
      d[u * ld + b] *= mask;
    }
  }
}

}  // namespace

Mlp::Mlp(std::vector<int> sizes, const ActivationInfo& hidden, const ActivationInfo& output)
    : sizes_(std::move(sizes)),
      hidden_(&hidden),
      output_(&output),
      linear_output_(std::string_view(output.id) == "identity") {
  assert(sizes_.size() >= 2);
  for (std::size_t l = 0; l + 1 < sizes_.size(); ++l) {
    const int in = sizes_[l], out = sizes_[l + 1], layer = static_cast<int>(l);
    tensors_.push_back({num_params_, out, in, layer, false});
    num_params_ += tensors_.back().size();
    tensors_.push_back({num_params_, out, 1, layer, true});
    num_params_ += tensors_.back().size();
  }
}

void Mlp::init(const InitializerInfo& initializer, double scale, Random& random,
               Real* theta) const {
  for (const TensorView& t : tensors_) {
    const auto l = static_cast<std::size_t>(t.layer);
    initialize(initializer, t, sizes_[l], sizes_[l + 1], activation(l).gain, scale, random,
               theta + t.offset);
  }
}

Workspace Mlp::workspace() const {
  Workspace ws;
  ws.ld = kMaxChunk;
  std::size_t widest = 0;
  for (std::size_t l = 0; l < layers(); ++l) {
    const std::size_t size = width(sizes_[l + 1]) * ws.ld;
    ws.a.emplace_back(size);
    ws.d.emplace_back(size);
    widest = std::max(widest, size);
  }
  ws.z.resize(widest);
  ws.dz.resize(widest);
  ws.da.resize(widest);
  ws.value.resize(ws.ld);
  return ws;
}

void Mlp::forward(const Real* theta, Columns x, std::size_t m, Workspace& ws) const {
  Pass({.mlp = this, .loss = nullptr, .theta = theta, .x = x, .target = {}, .count = m, .ws = &ws,
        .grad = nullptr, .dropout = {}, .value = {}})
      .run();
}

double Mlp::loss_and_gradient(const LossInfo& loss, const Real* theta, Columns x, Columns target,
                              std::size_t count, Workspace& ws, Real* grad,
                              const Dropout& dropout) const {
  Pass pass({.mlp = this, .loss = &loss, .theta = theta, .x = x, .target = target, .count = count,
             .ws = &ws, .grad = grad, .dropout = dropout, .value = {}});
  pass.run();
  return pass.loss();
}

double Mlp::mean_loss(const LossInfo& loss, const Real* theta, Columns x, Columns target,
                      std::size_t count, Workspace& ws, std::span<Real> value, Real* out,
                      std::size_t out_ld) const {
  Pass pass({.mlp = this, .loss = &loss, .theta = theta, .x = x, .target = target, .count = count,
             .ws = &ws, .grad = nullptr, .dropout = {}, .value = value, .out = out, .out_ld = out_ld});
  pass.run();
  return pass.loss();
}

// ---- a pass, slice by slice ----------------------------------------------------------------------
//
//   forward layer 0, 1, ... → loss → for the last layer down to the first: weights, then input
//
// and the same for the next chunk of samples.

namespace {

constexpr std::size_t kSliceWork = 4u << 20;  // multiply-adds: about a quarter of a millisecond

// How many of `left` rows of `cost` multiply-adds each go into one slice; whole blocks of 4.
std::size_t slice_rows(std::size_t cost, std::size_t left) {
  if (cost * left <= kSliceWork) return left;
  return std::min(std::max<std::size_t>(4, kSliceWork / cost / 4 * 4), left);
}

}  // namespace

Pass::Pass(const PassTask& task) : task_(task) {
  if (task_.grad) std::fill(task_.grad, task_.grad + task_.mlp->num_params(), Real(0));
  next_chunk();
}

void Pass::next_chunk() {
  phase_ = first_ < task_.count ? Phase::kForward : Phase::kDone;
  if (phase_ == Phase::kDone) return;  // the outputs of the last chunk stay as they lie
  m_ = std::min(kMaxChunk, task_.count - first_);
  padded_ = pad_batch(m_);
  task_.ws->ld = padded_;  // rows stand shoulder to shoulder, so an activation is one call per layer
  layer_ = row_ = 0;
}

bool Pass::run(std::size_t work) {
  for (std::size_t done = 0; phase_ != Phase::kDone && done < work;) done += slice();
  return phase_ == Phase::kDone;
}

std::size_t Pass::slice() {
  const Mlp& mlp = *task_.mlp;
  Workspace& ws = *task_.ws;
  const DenseShape shape{width(mlp.sizes_[layer_]), width(mlp.sizes_[layer_ + 1])};
  const Real* weights = task_.theta + mlp.weight(layer_).offset;
  const Columns in = layer_ == 0 ? Columns{task_.x.data + first_, task_.x.ld}
                                 : Columns{ws.a[layer_ - 1].data(), padded_};
  std::size_t rows = 0, cost = 0;
  switch (phase_) {
    case Phase::kForward: {
      cost = shape.in * padded_;
      rows = slice_rows(cost, shape.out - row_);
      const bool linear = layer_ + 1 == mlp.layers() && mlp.linear_output_;
      Real* z = linear ? ws.a[layer_].data() : ws.z.data();
      dense_forward({shape.in, rows}, weights + row_ * shape.in, task_.theta + mlp.bias(layer_).offset + row_,
                    in.data, in.ld, z + row_ * padded_, padded_, padded_);
      row_ += rows;
      if (row_ < shape.out) break;
      row_ = 0;
      if (!linear) activate();
      if (layer_ + 1 < mlp.layers())
        ++layer_;
      else
        finish_forward();
      break;
    }
    case Phase::kWeights: {
      cost = shape.in * padded_;
      rows = slice_rows(cost, shape.out - row_);
      dense_backward_weights({shape.in, rows}, ws.dz.data() + row_ * padded_, padded_, in.data, in.ld, padded_,
                             task_.grad + mlp.weight(layer_).offset + row_ * shape.in,
                             task_.grad + mlp.bias(layer_).offset + row_);
      row_ += rows;
      if (row_ < shape.out) break;
      row_ = 0;
      phase_ = Phase::kInput;
      if (layer_ == 0) {
        first_ += kMaxChunk;
        next_chunk();
      }
      break;
    }
    case Phase::kInput: {
      cost = shape.out * padded_;
      rows = slice_rows(cost, shape.in - row_);
      dense_backward_input_rows(shape, weights, ws.dz.data(), padded_, ws.da.data(), padded_, padded_, row_, rows);
      row_ += rows;
      if (row_ < shape.in) break;
      row_ = 0;
      const Real* d = ws.d[layer_ - 1].data();
      for (std::size_t i = 0; i < shape.in * padded_; ++i) ws.dz[i] = ws.da[i] * d[i];
      --layer_;
      phase_ = Phase::kWeights;
      break;
    }
    case Phase::kDone: break;
  }
  return rows * cost;
}

void Pass::activate() {
  const Mlp& mlp = *task_.mlp;
  Workspace& ws = *task_.ws;
  const std::size_t units = width(mlp.sizes_[layer_ + 1]);
  const ActivationInfo& f = mlp.activation(layer_);
  const bool drops = task_.dropout.p > 0 && layer_ + 1 < mlp.layers();
  f.apply(ws.z.data(), ws.a[layer_].data(), task_.grad ? ws.d[layer_].data() : nullptr, units * padded_,
          static_cast<Real>(f.slope));
  if (drops) drop(task_.dropout, layer_, ws.a[layer_].data(), ws.d[layer_].data(), units, padded_, m_, first_);
}

void Pass::finish_forward() {
  const Mlp& mlp = *task_.mlp;
  Workspace& ws = *task_.ws;
  const std::size_t outputs = width(mlp.outputs());
  const Real* y = ws.a.back().data();
  if (task_.loss) {
    const LossArgs args{.out = y,
                        .target = task_.target.data + first_,
                        .outputs = outputs,
                        .ld = padded_,
                        .target_ld = task_.target.ld,
                        .m = padded_,
                        .count = task_.count};
    task_.loss->eval(args, ws.value.data(), task_.grad ? ws.dz.data() : nullptr);
    clear_padding(ws.value.data(), 1, padded_, m_, padded_);
    total_ += static_cast<double>(sum_batch(ws.value.data(), padded_));
  }
  for (std::size_t b = 0; b < m_ && !task_.value.empty(); ++b) task_.value[first_ + b] = ws.value[b];
  for (std::size_t o = 0; o < outputs && task_.out; ++o)
    std::copy(y + o * padded_, y + o * padded_ + m_, task_.out + o * task_.out_ld + first_);
  if (task_.grad) {
    clear_padding(ws.dz.data(), outputs, padded_, m_, padded_);
    if (!mlp.linear_output_)
      for (std::size_t i = 0; i < outputs * padded_; ++i) ws.dz[i] *= ws.d.back()[i];
    phase_ = Phase::kWeights;  // layer_ is the last one
  } else {
    first_ += kMaxChunk;
    next_chunk();
  }
}

}  // namespace lrlab
