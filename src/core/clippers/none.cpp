// No clipping: the gradient goes to the optimizer as it is.
#include "core/clipper.h"

namespace lrlab {
namespace clipper_rows {
extern const ClipperInfo none;
const ClipperInfo none{
    .id = "none",
    .label = "No clipping",
    .formula = "g ← g",
    .reference = "-",
    .doc = "The gradient is used as it is.",
    .matches = "no clipping",
    .clip = [](const ClipStep&) { return ClipReport{}; },
};

extern const TorchText none_torch;
const TorchText none_torch{};
}  // namespace clipper_rows
}  // namespace lrlab
