// Clipping by global norm: a gradient that is too long is shortened, its direction kept.
//
//   g ← g · min(1, max_norm / (‖g‖ₚ + 1e-6)),  p = 1, 2 or ∞
//
// Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks",
// arXiv:1211.5063. Matches torch.nn.utils.clip_grad_norm_(max_norm, norm_type): an infinite norm
// makes finite entries 0, a NaN makes all of them NaN.
#include "core/clipper.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

enum { kMaxNorm, kNormType };
constexpr double kPowers[] = {1, 2, kInfinityNorm};

ClipReport clip(const ClipStep& s) {
  const double p = kPowers[static_cast<std::size_t>(s.param(kNormType))];
  const double factor = shrink(s.grad, s.n, s.param(kMaxNorm), norm(s.grad, s.n, p));
  return {factor, factor < 1 ? 1.0 : 0.0};
}

constexpr ParamSpec kParams[] = {
    {.key = "max_norm", .label = "max norm", .def = 1, .min = 1e-4, .max = 1e4, .scale = Scale::kLog,
     .doc = "The longest gradient that passes unchanged, over all parameters together."},
    {.key = "norm_type", .label = "norm", .def = 1, .min = 0, .max = 2, .kind = ParamKind::kChoice,
     .doc = "How length is measured: 1 sum of sizes, 2 Euclidean, inf largest entry.",
     .choices = "1|2|inf"},
};

}  // namespace

namespace clipper_rows {
extern const ClipperInfo norm;
const ClipperInfo norm{
    .id = "norm",
    .label = "Global norm",
    .formula = "g ← g · min(1, max_norm / (‖g‖ₚ + 10⁻⁶))",
    .reference = "Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks, arXiv:1211.5063",
    .doc = "Bounds the length of the step and keeps its direction: a cliff in the loss no longer "
           "throws the run away.",
    .matches = "torch.nn.utils.clip_grad_norm_(max_norm, norm_type)",
    .params = kParams,
    .clip = clip,
};

extern const TorchText norm_torch;
const TorchText norm_torch{
    "torch.nn.utils.clip_grad_norm_(parameters, max_norm, norm_type=float(norm_type))"};
}  // namespace clipper_rows
}  // namespace lrlab
