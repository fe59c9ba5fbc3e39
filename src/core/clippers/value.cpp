// Clipping by value: every entry of the gradient is cut off at ±clip_value.
//
//   g ← max(−c, min(c, g))
//
// Mikolov 2012, "Statistical language models based on neural networks" (entries cut off at ±15).
// Matches torch.nn.utils.clip_grad_value_(clip_value): an infinite entry is cut off too, NaN stays.
#include "core/clipper.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

enum { kClipValue };

ClipReport clip(const ClipStep& s) {
  const Real c = static_cast<Real>(s.param(kClipValue));
  std::size_t changed = 0;
  Real largest = c;
  for (std::size_t i = 0; i < s.n; ++i) {
    const Real g = s.grad[i], size = fn::abs(g);
    changed += size > c;
    largest = size > largest ? size : largest;
    s.grad[i] = g > c ? c : g < -c ? -c : g;
  }
  if (changed == 0) return {};
  return {static_cast<double>(c) / static_cast<double>(largest),
          static_cast<double>(changed) / static_cast<double>(s.n)};
}

constexpr ParamSpec kParams[] = {
    {.key = "clip_value", .label = "clip value", .def = 0.1, .min = 1e-4, .max = 1e4,
     .scale = Scale::kLog, .doc = "The largest entry that passes unchanged."},
};

}  // namespace

namespace clipper_rows {
extern const ClipperInfo value;
const ClipperInfo value{
    .id = "value",
    .label = "Value",
    .formula = "g ← max(−c, min(c, g))",
    .reference = "Mikolov 2012, Statistical language models based on neural networks",
    .doc = "Cuts off each entry by itself. Simple, but it turns the direction: large entries shrink, "
           "small ones do not.",
    .matches = "torch.nn.utils.clip_grad_value_(clip_value)",
    .params = kParams,
    .clip = clip,
};

extern const TorchText value_torch;
const TorchText value_torch{"torch.nn.utils.clip_grad_value_(parameters, clip_value)"};
}  // namespace clipper_rows
}  // namespace lrlab
