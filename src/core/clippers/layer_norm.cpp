// Clipping layer by layer: the gradient of each layer is shortened by itself.
//
//   for each layer l:  g_l ← g_l · min(1, max_norm / (‖g_l‖₂ + 1e-6))
//
// A layer is its weights and biases together. You, Gitman & Ginsburg 2017, "Large batch training of
// convolutional networks", arXiv:1708.03888, on why layers need rates of their own. The same as
// torch.nn.utils.clip_grad_norm_ called once for each layer; Keras' clipnorm does it for each tensor.
#include "core/clipper.h"

namespace lrlab {
namespace {

enum { kMaxNorm };

ClipReport clip(const ClipStep& s) {
  ClipReport report;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < s.tensors.size();) {
    const TensorView& first = s.tensors[i];
    std::size_t size = 0;
    for (; i < s.tensors.size() && s.tensors[i].layer == first.layer; ++i)
      size += s.tensors[i].size();
    Real* g = s.grad + first.offset;
    const double factor = shrink(g, size, s.param(kMaxNorm), norm2(g, size));
    if (!(factor < 1)) continue;
    changed += size;
    if (factor < report.factor) report.factor = factor;
  }
  report.share = static_cast<double>(changed) / static_cast<double>(s.n);
  return report;
}

constexpr ParamSpec kParams[] = {
    {.key = "max_norm", .label = "max norm", .def = 1, .min = 1e-4, .max = 1e4, .scale = Scale::kLog,
     .doc = "The longest gradient of a layer that passes unchanged (Euclidean norm)."},
};

}  // namespace

namespace clipper_rows {
extern const ClipperInfo layer_norm;
const ClipperInfo layer_norm{
    .id = "layer_norm",
    .label = "Norm per layer",
    .formula = "g_l ← g_l · min(1, max_norm / (‖g_l‖ + 10⁻⁶)) for each layer l",
    .reference = "You, Gitman & Ginsburg 2017, Large batch training of convolutional networks, arXiv:1708.03888",
    .doc = "One layer that blows up is held back without slowing the others.",
    .matches = "torch.nn.utils.clip_grad_norm_ called for each layer; Keras' clipnorm is per tensor",
    .params = kParams,
    .clip = clip,
};

extern const TorchText layer_norm_torch;
const TorchText layer_norm_torch{R"(for i in range(0, len(parameters), 2):  # weights and biases of a layer
    torch.nn.utils.clip_grad_norm_(parameters[i : i + 2], max_norm))"};
}  // namespace clipper_rows
}  // namespace lrlab
