// Adaptive gradient clipping (AGC): the gradient of a unit may be at most a share of its weights.
//
//   for each unit u:  limit = clip_factor · max(‖w_u‖, agc_eps)
//                     ‖g_u‖ > limit:  g_u ← g_u · limit / max(‖g_u‖, 1e-6)
//
// A unit is a row of a weight matrix (what feeds one neuron); a bias vector is one unit.
// Brock et al. 2021, "High-performance large-scale image recognition without normalization",
// arXiv:2102.06171. The paper leaves the last layer alone; here every layer is clipped.
#include "core/clipper.h"

namespace lrlab {
namespace {

enum { kClipFactor, kEps };

ClipReport clip(const ClipStep& s) {
  ClipReport report;
  std::size_t changed = 0;
  for (const TensorView& t : s.tensors) {
    const std::size_t units = t.is_bias ? 1 : static_cast<std::size_t>(t.rows);
    const std::size_t size = t.size() / units;
    for (std::size_t u = 0; u < units; ++u) {
      Real* g = s.grad + t.offset + u * size;
      const double w = norm2(s.theta + t.offset + u * size, size), length = norm2(g, size);
      const double limit = s.param(kClipFactor) * (w > s.param(kEps) ? w : s.param(kEps));
      if (!(length > limit)) continue;
      const double factor = limit / (length > 1e-6 ? length : 1e-6);
      for (std::size_t i = 0; i < size; ++i) g[i] *= static_cast<Real>(factor);
      changed += size;
      if (factor < report.factor) report.factor = factor;
    }
  }
  report.share = static_cast<double>(changed) / static_cast<double>(s.n);
  return report;
}

constexpr ParamSpec kParams[] = {
    {.key = "clip_factor", .label = "clip factor", .def = 0.01, .min = 1e-4, .max = 10,
     .scale = Scale::kLog,
     .doc = "The longest gradient of a unit, as a share of the length of its weights. The paper takes "
            "0.01 to 0.08 for large batches."},
    {.key = "agc_eps", .label = "ε", .def = 1e-3, .min = 1e-8, .max = 1, .scale = Scale::kLog,
     .doc = "Weights count as at least this long, so that a unit that starts at 0 can move."},
};

}  // namespace

namespace clipper_rows {
extern const ClipperInfo agc;
const ClipperInfo agc{
    .id = "agc",
    .label = "Adaptive (AGC)",
    .formula = "‖g_u‖ > λ·‖w_u‖: g_u ← g_u · λ·‖w_u‖ / ‖g_u‖ for each unit u",
    .reference = "Brock et al. 2021, High-performance large-scale image recognition without normalization, arXiv:2102.06171",
    .doc = "Asks how large the gradient is beside the weights it would change, unit by unit: that is "
           "what a rate of 1 would do to them.",
    .matches = "timm's and optax's adaptive_grad_clip, for dense layers",
    .params = kParams,
    .clip = clip,
};

extern const TorchText agc_torch;
const TorchText agc_torch{R"(for p in parameters:  # a unit is a row; biases are one unit
    w, g = p.detach().reshape(-1, p.shape[-1]), p.grad.view(-1, p.shape[-1])
    limit = clip_factor * w.norm(dim=1, keepdim=True).clamp(min=agc_eps)
    length = g.norm(dim=1, keepdim=True)
    g *= torch.where(length > limit, limit / length.clamp(min=1e-6), torch.ones_like(length)))"};
}  // namespace clipper_rows
}  // namespace lrlab
