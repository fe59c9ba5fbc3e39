// He (Kaiming) initialisation: keeps the variance of activations level through ReLU layers.
//
//   deviation = gain / √fan_in        (gain √2 for ReLU)
//
// He et al. 2015, "Delving deep into rectifiers", arXiv:1502.01852.
// Matches torch.nn.init.kaiming_uniform_ and kaiming_normal_ (mode fan_in); biases 0.
#include "core/initializer.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

double deviation(int fan_in, int, double gain) {
  return gain / fn::sqrt(static_cast<double>(fan_in));
}

}  // namespace

namespace initializer_rows {
extern const InitializerInfo he_uniform, he_normal;
const InitializerInfo he_uniform{
    .id = "he_uniform",
    .label = "He uniform",
    .formula = "w ~ U(±gain·√(3/fan_in))",
    .reference = "He et al. 2015, Delving deep into rectifiers, arXiv:1502.01852",
    .doc = "The usual choice for ReLU and its kin.",
    .matches = "torch.nn.init.kaiming_uniform_",
    .deviation = deviation,
};
const InitializerInfo he_normal{
    .id = "he_normal",
    .label = "He normal",
    .formula = "w ~ N(0, gain²/fan_in)",
    .reference = "He et al. 2015, Delving deep into rectifiers, arXiv:1502.01852",
    .doc = "He with normally distributed weights.",
    .matches = "torch.nn.init.kaiming_normal_",
    .deviation = deviation,
    .uniform = false,
};
}  // namespace initializer_rows
}  // namespace lrlab
