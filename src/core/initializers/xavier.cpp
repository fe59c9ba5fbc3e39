// Xavier (Glorot) initialisation: keeps the variance of activations and of gradients level from
// layer to layer, by a compromise between fan-in and fan-out.
//
//   deviation = gain · √(2 / (fan_in + fan_out))
//
// Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
// Matches torch.nn.init.xavier_uniform_ and xavier_normal_; biases 0.
#include "core/initializer.h"
#include "core/mathfn.h"

namespace lrlab {
namespace {

double deviation(int fan_in, int fan_out, double gain) {
  return gain * fn::sqrt(2.0 / (fan_in + fan_out));
}

}  // namespace

namespace initializer_rows {
extern const InitializerInfo xavier_uniform, xavier_normal;
const InitializerInfo xavier_uniform{
    .id = "xavier_uniform",
    .label = "Xavier uniform",
    .formula = "w ~ U(±gain·√(6/(fan_in+fan_out)))",
    .reference = "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks",
    .doc = "The usual choice for tanh and sigmoid.",
    .matches = "torch.nn.init.xavier_uniform_",
    .deviation = deviation,
};
const InitializerInfo xavier_normal{
    .id = "xavier_normal",
    .label = "Xavier normal",
    .formula = "w ~ N(0, gain²·2/(fan_in+fan_out))",
    .reference = "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks",
    .doc = "Xavier with normally distributed weights.",
    .matches = "torch.nn.init.xavier_normal_",
    .deviation = deviation,
    .uniform = false,
};
}  // namespace initializer_rows
}  // namespace lrlab
