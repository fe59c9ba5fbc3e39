// AutoClip: clip to a percentile of the gradient norms seen so far.
//
//   c = the clip_percentile-th percentile of the norms so far, this one included
//   g ← g · min(1, c / (‖g‖ + 1e-6))
//
// Percentiles lie linearly between the ranks (numpy's default).
// Seetharaman et al. 2020, "AutoClip: adaptive gradient clipping for source separation networks",
// arXiv:2007.14469. The paper keeps all norms; here the last 1024 count, so that a snapshot stays
// small and a run can forget how it began.
#include <algorithm>

#include "core/clipper.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

enum { kPercentile };
constexpr std::size_t kWindow = 1024;

// The state is {number of norms seen, the last norms as a ring, the same in order of size}.
void remember(ClipperState& s, double length) {
  if (s.empty()) s.push_back(0);
  const std::size_t kept = (s.size() - 1) / 2;
  const auto at = [&](std::size_t i) { return s.begin() + static_cast<std::ptrdiff_t>(i); };
  if (kept < kWindow) {
    s.insert(at(1 + kept), length);
    s.insert(std::upper_bound(at(2 + kept), s.end(), length), length);
  } else {
    const auto place = at(1 + static_cast<std::size_t>(s[0]) % kWindow);
    const auto old = std::lower_bound(at(1 + kept), s.end(), *place);
    const auto to = std::upper_bound(at(1 + kept), s.end(), length);
    if (to > old) {
      std::move(old + 1, to, old);
      *(to - 1) = length;
    } else {
      std::move_backward(to, old, old + 1);
      *to = length;
    }
    *place = length;
  }
  s[0] += 1;
}

double percentile(const ClipperState& s, double percent) {
  const std::size_t kept = (s.size() - 1) / 2;
  const double* sorted = s.data() + 1 + kept;
  const double rank = percent / 100 * static_cast<double>(kept - 1);
  const auto below = static_cast<std::size_t>(rank);
  if (below + 1 >= kept) return sorted[kept - 1];
  return sorted[below] + (sorted[below + 1] - sorted[below]) * (rank - static_cast<double>(below));
}

ClipReport clip(const ClipStep& s) {
  const double length = norm2(s.grad, s.n);
  if (!fn::is_finite(length)) return {};  // the run ends here; the memory stays sound
  remember(*s.state, length);
  const double factor = shrink(s.grad, s.n, percentile(*s.state, s.param(kPercentile)), length);
  return {factor, factor < 1 ? 1.0 : 0.0};
}

constexpr ParamSpec kParams[] = {
    {.key = "clip_percentile", .label = "percentile", .def = 10, .min = 0, .max = 100, .unit = "%",
     .doc = "Gradients longer than this share of the last 1024 are shortened. The paper's favourite "
            "is 10: almost every step is clipped."},
};

}  // namespace

namespace clipper_rows {
extern const ClipperInfo autoclip;
const ClipperInfo autoclip{
    .id = "autoclip",
    .label = "AutoClip",
    .formula = "c = percentile of the norms so far;  g ← g · min(1, c / (‖g‖ + 10⁻⁶))",
    .reference = "Seetharaman et al. 2020, AutoClip: adaptive gradient clipping for source separation networks, arXiv:2007.14469",
    .doc = "Sets the threshold by itself from the lengths it has seen: no number to guess when the "
           "scale of the gradient changes.",
    .matches = "the authors' code, but for the last 1024 steps instead of all; torch has none",
    .params = kParams,
    .clip = clip,
};

extern const TorchText autoclip_torch;
const TorchText autoclip_torch{R"(length = float(torch.stack([p.grad.norm() for p in parameters]).norm())
clip.lengths = getattr(clip, "lengths", [])[-1023:] + [length]
torch.nn.utils.clip_grad_norm_(parameters, np.percentile(clip.lengths, clip_percentile)))"};
}  // namespace clipper_rows
}  // namespace lrlab
