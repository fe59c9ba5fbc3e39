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

namespace {

// All samples in random order, class by class; regression is one class.
std::vector<std::vector<std::uint32_t>> shuffled_groups(const RawData& raw, Random& random) {
  std::vector<std::uint32_t> order(raw.count());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  random.shuffle(std::span(order));
  std::vector<std::vector<std::uint32_t>> groups(static_cast<std::size_t>(std::max(1, raw.classes)));
  for (std::uint32_t i : order) groups[raw.classes == 0 ? 0 : static_cast<std::size_t>(raw.y[i])].push_back(i);
  return groups;
}

}  // namespace

Data make_data(const RawData& raw, double test_fraction, bool standardize, const LossInfo& loss,
               Random& random) {
  // Class by class, so that both parts have every class in proportion.
  Split split;
  for (const std::vector<std::uint32_t>& group : shuffled_groups(raw, random)) {
    const auto in_test = static_cast<std::ptrdiff_t>(static_cast<double>(group.size()) * test_fraction);
    split.test.insert(split.test.end(), group.begin(), group.begin() + in_test);
    split.train.insert(split.train.end(), group.begin() + in_test, group.end());
  }
  random.shuffle(std::span(split.train));
  random.shuffle(std::span(split.test));
  return make_data(raw, split, standardize, loss);
}

std::vector<Split> make_folds(const RawData& raw, std::size_t k, Random& random) {
  // Dealt out like cards, class after class, so that folds differ by one sample at most.
  std::vector<std::vector<std::uint32_t>> folds(k);
  std::size_t next = 0;
  for (const std::vector<std::uint32_t>& group : shuffled_groups(raw, random))
    for (std::uint32_t i : group) folds[next++ % k].push_back(i);
  std::vector<Split> splits(k);
  for (std::size_t i = 0; i < k; ++i) {
    splits[i].test = folds[i];
    for (std::size_t other = 0; other < k; ++other)
      if (other != i) splits[i].train.insert(splits[i].train.end(), folds[other].begin(), folds[other].end());
    random.shuffle(std::span(splits[i].train));
  }
  return splits;
}

Data make_data(const RawData& raw, const Split& split, bool standardize, const LossInfo& loss) {
  const std::vector<std::uint32_t>& train = split.train;
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
  data.test = lay_out(raw, split.test, data, loss);
  return data;
}

}  // namespace lrlab
