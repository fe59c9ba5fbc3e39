// The number type of training: float in the product, double in the oracle build.
//
// The core is compiled twice from the same source. The second build passes -DLRLAB_DOUBLE=1 and
// renames the namespace (-Dlrlab=lrlab_double), so that both can be linked into one test binary
// and the double one can be compared with PyTorch's float64 numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lrlab {

#ifdef LRLAB_DOUBLE
using Real = double;
#define IN_REAL " (double)"  // ends the name of every core test: it runs once for each type
#else
using Real = float;
#define IN_REAL " (float)"
#endif

}  // namespace lrlab
