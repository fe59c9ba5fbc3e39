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

void Mlp::forward_layers(const Real* theta, Columns x, std::size_t m, Workspace& ws,
                         bool derivatives, const Dropout& dropout, std::size_t first) const {
  const std::size_t padded = pad_batch(m);
  ws.ld = padded;  // rows stand shoulder to shoulder, so an activation is one call per layer
  Columns in = x;
  for (std::size_t l = 0; l < layers(); ++l) {
    const std::size_t out = width(sizes_[l + 1]), n = out * padded;
    Real* a = ws.a[l].data();
    const bool last = l + 1 == layers();
    const bool linear = last && linear_output_;
    dense_forward({width(sizes_[l]), out}, theta + weight(l).offset, theta + bias(l).offset,
                  in.data, in.ld, linear ? a : ws.z.data(), padded, padded);
    if (!linear) {
      Real* d = derivatives ? ws.d[l].data() : nullptr;
      activation(l).apply(ws.z.data(), a, d, n, static_cast<Real>(activation(l).slope));
      if (dropout.p > 0 && !last) drop(dropout, l, a, ws.d[l].data(), out, padded, m, first);
    }
    in = {a, padded};
  }
}

void Mlp::forward(const Real* theta, Columns x, std::size_t m, Workspace& ws) const {
  forward_layers(theta, x, m, ws, false, {}, 0);
}

double Mlp::loss_and_gradient(const LossInfo& loss, const Real* theta, Columns x, Columns target,
                              std::size_t count, Workspace& ws, Real* grad,
                              const Dropout& dropout) const {
  std::fill(grad, grad + num_params_, Real(0));
  double total = 0;
  for (std::size_t first = 0; first < count; first += kMaxChunk) {
    const std::size_t m = std::min(kMaxChunk, count - first), padded = pad_batch(m);
    const Columns xs{x.data + first, x.ld};
    forward_layers(theta, xs, m, ws, true, dropout, first);

    const LossArgs args{.out = ws.a.back().data(),
                        .target = target.data + first,
                        .outputs = width(outputs()),
                        .ld = padded,
                        .target_ld = target.ld,
                        .m = padded,
                        .count = count};
    loss.eval(args, ws.value.data(), ws.dz.data());
    clear_padding(ws.value.data(), 1, padded, m, padded);
    clear_padding(ws.dz.data(), width(outputs()), padded, m, padded);
    total += static_cast<double>(sum_batch(ws.value.data(), padded));

    if (!linear_output_)
      for (std::size_t i = 0; i < width(outputs()) * padded; ++i) ws.dz[i] *= ws.d.back()[i];
    for (std::size_t l = layers(); l-- > 0;) {
      const DenseShape shape{width(sizes_[l]), width(sizes_[l + 1])};
      const Columns in = l == 0 ? xs : Columns{ws.a[l - 1].data(), padded};
      dense_backward_weights(shape, ws.dz.data(), padded, in.data, in.ld, padded,
                             grad + weight(l).offset, grad + bias(l).offset);
      if (l == 0) break;
      dense_backward_input(shape, theta + weight(l).offset, ws.dz.data(), padded, ws.da.data(),
                           padded, padded);
      const Real* d = ws.d[l - 1].data();
      for (std::size_t i = 0; i < shape.in * padded; ++i) ws.dz[i] = ws.da[i] * d[i];
    }
  }
  return total / static_cast<double>(count);
}

double Mlp::mean_loss(const LossInfo& loss, const Real* theta, Columns x, Columns target,
                      std::size_t count, Workspace& ws, std::span<Real> value, Real* out,
                      std::size_t out_ld) const {
  double total = 0;
  for (std::size_t first = 0; first < count; first += kMaxChunk) {
    const std::size_t m = std::min(kMaxChunk, count - first), padded = pad_batch(m);
    forward(theta, {x.data + first, x.ld}, m, ws);
    const Real* y = ws.a.back().data();
    const LossArgs args{.out = y,
                        .target = target.data + first,
                        .outputs = width(outputs()),
                        .ld = padded,
                        .target_ld = target.ld,
                        .m = padded,
                        .count = count};
    loss.eval(args, ws.value.data(), nullptr);
    clear_padding(ws.value.data(), 1, padded, m, padded);
    total += static_cast<double>(sum_batch(ws.value.data(), padded));
    for (std::size_t b = 0; b < m && !value.empty(); ++b) value[first + b] = ws.value[b];
    for (std::size_t o = 0; o < width(outputs()) && out; ++o)
      std::copy(y + o * padded, y + o * padded + m, out + o * out_ld + first);
  }
  return count ? total / static_cast<double>(count) : 0;
}

}  // namespace lrlab
