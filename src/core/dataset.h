// Data sets: generated ones, real ones, and how they are split and laid out for training.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/assets.h"
#include "core/loss.h"
#include "core/param_spec.h"
#include "core/random.h"
#include "core/real.h"
#include "core/registry.h"

namespace lrlab {

// Samples as a generator or a file gives them: row by row, in double.
struct RawData {
  int features = 2;
  int classes = 2;         // 0: regression
  std::vector<double> x;   // [count][features]
  std::vector<double> y;   // [count]: class index or value
  std::size_t count() const { return y.size(); }
};

struct DatasetArgs {
  int count = 500;
  double noise = 0;                // in the row's own scale, see `noise_doc`
  std::span<const double> params;  // the row's own parameters
  const RawData* own = nullptr;    // of a row with `given`: the person's samples; null: none yet
};

struct DatasetInfo {
  const char* id = "";
  const char* label = "";
  const char* doc = "";
  const char* source = "";          // where real data come from; empty: generated
  int features = 2;
  int classes = 2;                  // 0: regression
  int fixed_count = 0;              // real data: how many samples there are; 0: as many as asked for
  bool standardize = false;         // features to mean 0, deviation 1 over the training part
  bool given = false;               // the person's own samples; they say what features and classes are
  const lrlab_assets::Blob* file = nullptr;  // real data: what make() reads. Empty until a page has fetched it
  double default_test_fraction = 0.3;
  double default_noise = 0;
  std::span<const ParamSpec> params = {};
  RawData (*make)(const DatasetArgs&, Random&) = nullptr;
};

Family<DatasetInfo> datasets();

// Samples laid out for the kernels: feature by feature with the samples contiguous, rows padded
// with zeros to a multiple of 16 plus 16, so that a slice may be read beyond its end.
struct Matrix {
  std::size_t rows = 0, count = 0, ld = 0;
  AlignedVector data;

  Matrix() = default;
  Matrix(std::size_t rows, std::size_t count);
  Real* row(std::size_t r) { return data.data() + r * ld; }
  const Real* row(std::size_t r) const { return data.data() + r * ld; }
};

struct Part {
  Matrix x;       // [features][count]
  Matrix target;  // [outputs][count], as the loss wants it
  std::vector<Real> y;             // class index or value per sample
  std::vector<std::uint32_t> raw;  // index of each sample in the raw data
  std::size_t count() const { return x.count; }
};

// Training and test part of one data set, immutable once made.
struct Data {
  int features = 2, classes = 2, outputs = 1;
  Part train, test;
  std::vector<double> mean, deviation;  // what standardisation subtracted and divided by
};

// How many outputs a network needs for this many classes (0: regression) under this loss.
int outputs_for(int classes, const LossInfo& loss);

// Which samples of the raw data are in which part, in which order.
struct Split {
  std::vector<std::uint32_t> train, test;
};

// Standardise by the training part if asked to, and lay out.
Data make_data(const RawData& raw, const Split& split, bool standardize, const LossInfo& loss);

// k-fold cross-validation: fold i is the test part of split i, the other folds its training part.
// Stratified: every fold has each class in proportion, as far as the numbers allow. 2 <= k <= samples.
std::vector<Split> make_folds(const RawData& raw, std::size_t k, Random& random);

// Split at random (stratified by class), standardise if asked to, and lay out.
// test_fraction in [0, 0.9]; at least one sample stays in the training part.
Data make_data(const RawData& raw, double test_fraction, bool standardize, const LossInfo& loss,
               Random& random);

}  // namespace lrlab
