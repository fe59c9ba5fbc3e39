// Clipping by global norm: a gradient that is too long is shortened, its direction kept.
//
//   g ← g · min(1, max_norm / (‖g‖ + 1e-6))
//
// Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks",
// arXiv:1211.5063. Matches torch.nn.utils.clip_grad_norm_(max_norm, norm_type = 2).
#include "core/clipper.h"

namespace lrlab {
namespace {

enum { kMaxNorm };

ClipReport clip(const ClipStep& s) {
  const double length = norm2(s.grad, s.n);
  const double factor = s.param(kMaxNorm) / (length + 1e-6);
  if (!(factor < 1)) return {};
  for (std::size_t i = 0; i < s.n; ++i) s.grad[i] *= static_cast<Real>(factor);
  return {factor, 1};
}

constexpr ParamSpec kParams[] = {
    {.key = "max_norm", .label = "max norm", .def = 1, .min = 1e-4, .max = 1e4, .scale = Scale::kLog,
     .doc = "The longest gradient that passes unchanged (Euclidean norm over all parameters)."},
};

}  // namespace

namespace clipper_rows {
extern const ClipperInfo norm;
const ClipperInfo norm{
    .id = "norm",
    .label = "Global norm",
    .formula = "g ← g · min(1, max_norm / (‖g‖ + 10⁻⁶))",
    .reference = "Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks, arXiv:1211.5063",
    .doc = "Bounds the length of the step and keeps its direction: a cliff in the loss no longer "
           "throws the run away.",
    .matches = "torch.nn.utils.clip_grad_norm_(max_norm)",
    .params = kParams,
    .clip = clip,
};
}  // namespace clipper_rows
}  // namespace lrlab
