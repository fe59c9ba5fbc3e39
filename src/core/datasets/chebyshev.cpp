// Generated data: a Chebyshev polynomial on equally spaced points, the toy of the edge of stability.
//
//   T_k(x) = cos(k·arccos x),   T_0 = 1,  T_1 = x,  T_{k+1} = 2x·T_k − T_{k−1}
//
// Cohen et al. 2021, "Gradient descent on neural networks typically occurs at the edge of
// stability", arXiv:2103.00065, train a 1-100-1 tanh network on 20 points of T_5 in [−1, 1].
#include "core/dataset.h"

namespace lrlab {
namespace {

enum { kDegree };

double chebyshev(int k, double x) {
  double before = 1, now = x;
  if (k == 0) return 1;
  for (int i = 1; i < k; ++i) {
    const double next = 2 * x * now - before;
    before = now;
    now = next;
  }
  return now;
}

RawData make(const DatasetArgs& a, Random& random) {
  RawData d{.features = 1, .classes = 0, .x = {}, .y = {}};
  for (int i = 0; i < a.count; ++i) {
    const double x = a.count == 1 ? 0 : -1 + 2.0 * i / (a.count - 1);
    d.x.push_back(x);
    d.y.push_back(chebyshev(static_cast<int>(a.params[kDegree]), x) + a.noise * random.normal());
  }
  return d;
}

constexpr ParamSpec kParams[] = {
    {.key = "degree", .label = "degree", .def = 5, .min = 0, .max = 20, .kind = ParamKind::kInteger,
     .doc = "Which Chebyshev polynomial: how often it turns between −1 and 1."},
};

}  // namespace

namespace dataset_rows {
extern const DatasetInfo chebyshev;
const DatasetInfo chebyshev{
    .id = "chebyshev",
    .label = "Chebyshev (regression)",
    .doc = "One input, a polynomial that swings between −1 and 1: fitted for long, its loss grows sharp.",
    .features = 1,
    .classes = 0,
    .default_noise = 0,
    .params = kParams,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
