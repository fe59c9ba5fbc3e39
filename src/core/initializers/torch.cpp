// What torch.nn.Linear does by itself: weights and biases uniform on ±1/√fan_in.
//
// That is Kaiming uniform with a = √5, whatever the activation: smaller than He's by √6 for ReLU.
#include "core/initializer.h"
#include "core/mathfn.h"

namespace lrlab {
namespace initializer_rows {
extern const InitializerInfo torch;
const InitializerInfo torch{
    .id = "torch",
    .label = "PyTorch default",
    .formula = "w, b ~ U(±1/√fan_in)",
    .reference = "LeCun et al. 1998, Efficient BackProp (variance in proportion to 1/fan_in)",
    .doc = "What torch.nn.Linear starts from when nobody says otherwise; the biases are random too.",
    .matches = "torch.nn.Linear's reset_parameters",
    .deviation = [](int fan_in, int, double) { return 1 / fn::sqrt(3.0 * fan_in); },
    .random_bias = true,
};
}  // namespace initializer_rows
}  // namespace lrlab
