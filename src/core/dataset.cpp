#include "core/dataset.h"

#include <algorithm>

#include "core/mathfn.h"
#include "core/simd.h"

namespace lrlab {

Matrix::Matrix(std::size_t r, std::size_t n)
    : rows(r), count(n), ld(pad_batch(n) + kPartials), data(r * ld) {}

int outputs_for(int classes, const LossInfo& loss) {
  if (classes == 0) return 1;
  return classes == 2 && loss.one_output_for_two_classes ? 1 : classes;
}

namespace {

Part lay_out(const RawData& raw, const std::vector<std::uint32_t>& indices, const Data& data,
             const LossInfo& loss) {
  const auto features = static_cast<std::size_t>(raw.features);
  const auto outputs = static_cast<std::size_t>(data.outputs);
  Part part{.x = {features, indices.size()},
            .target = {outputs, indices.size()},
            .y = {},
            .raw = indices};
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const std::size_t s = indices[i];
    for (std::size_t f = 0; f < features; ++f)
      part.x.row(f)[i] =
          static_cast<Real>((raw.x[s * features + f] - data.mean[f]) / data.deviation[f]);
    part.y.push_back(static_cast<Real>(raw.y[s]));
    if (raw.classes == 0) {
      part.target.row(0)[i] = static_cast<Real>(raw.y[s]);
    } else if (outputs == 1) {
      part.target.row(0)[i] = raw.y[s] > 0.5 ? Real(1) : static_cast<Real>(loss.negative);
    } else {
      part.target.row(static_cast<std::size_t>(raw.y[s]))[i] = 1;
    }
  }
  return part;
}

}  // namespace

Data make_data(const RawData& raw, double test_fraction, bool standardize, const LossInfo& loss,
               Random& random) {
  std::vector<std::uint32_t> order(raw.count());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  random.shuffle(std::span(order));

  // Class by class, so that both parts have every class in proportion; regression is one class.
  std::vector<std::uint32_t> train, test;
  const int groups = std::max(1, raw.classes);
  for (int c = 0; c < groups; ++c) {
    std::vector<std::uint32_t> group;
    for (std::uint32_t i : order)
      if (raw.classes == 0 || static_cast<int>(raw.y[i]) == c) group.push_back(i);
    const auto in_test = static_cast<std::size_t>(static_cast<double>(group.size()) * test_fraction);
    test.insert(test.end(), group.begin(), group.begin() + static_cast<std::ptrdiff_t>(in_test));
    train.insert(train.end(), group.begin() + static_cast<std::ptrdiff_t>(in_test), group.end());
  }
  random.shuffle(std::span(train));
  random.shuffle(std::span(test));

  const auto features = static_cast<std::size_t>(raw.features);
  Data data{.features = raw.features,
            .classes = raw.classes,
            .outputs = outputs_for(raw.classes, loss),
            .train = {},
            .test = {},
            .mean = std::vector<double>(features, 0.0),
            .deviation = std::vector<double>(features, 1.0)};
  if (standardize) {
    for (std::size_t f = 0; f < features; ++f) {
      double sum = 0, squares = 0;
      for (std::uint32_t i : train) sum += raw.x[i * features + f];
      const double mean = sum / static_cast<double>(train.size());
      for (std::uint32_t i : train) {
        const double d = raw.x[i * features + f] - mean;
        squares += d * d;
      }
      const double deviation = fn::sqrt(squares / static_cast<double>(train.size()));
      data.mean[f] = mean;
      data.deviation[f] = deviation > 1e-12 ? deviation : 1;  // a constant column stays as it is
    }
  }
  data.train = lay_out(raw, train, data, loss);
  data.test = lay_out(raw, test, data, loss);
  return data;
}

}  // namespace lrlab
