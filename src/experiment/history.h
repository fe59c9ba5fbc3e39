// The course of a run in fixed memory, however long it is.
//
// A series is a row of buckets, each the minimum, maximum and mean of the values of `stride`
// consecutive steps. When the row is full, neighbours are merged and the stride doubles: a spike is
// never lost, only its place gets less exact.
#pragma once

#include <cstdint>
#include <vector>

namespace lrlab {

struct Bucket {
  float min = 0, max = 0, mean = 0;
  std::uint32_t count = 0;  // 0: nothing fell into it
};

class Series {
 public:
  explicit Series(std::size_t capacity = 1024) : capacity_(capacity) {}

  // Non-finite values are left out: they must not reach a plot. Steps may come in any order.
  void push(std::uint64_t step, double value);
  // The same for the time being: the next value takes it away again. So a run that was paused here and
  // there has the very curve of one that was not.
  void push_for_now(std::uint64_t step, double value);
  void clear();
  void truncate(std::uint64_t step);  // forget what came at `step` and later

  std::uint64_t stride() const { return stride_; }  // steps per bucket
  const std::vector<Bucket>& buckets() const { return buckets_; }
  bool empty() const { return total_ == 0; }
  double last() const { return last_; }  // the value pushed last

 private:
  std::size_t capacity_;
  std::uint64_t stride_ = 1;
  std::uint64_t total_ = 0;
  std::vector<Bucket> buckets_;
  double last_ = 0;

  void take_back();  // what was pushed for now
  bool for_now_ = false;
  std::size_t kept_size_ = 0, kept_index_ = 0;  // as it was before
  Bucket kept_;
  double kept_last_ = 0;
};

enum class Curve {
  kLoss,           // of the mini-batch, before the step, penalties included
  kTrainLoss,      // of the whole training set, without penalties
  kTestLoss,
  kTrainAccuracy,  // share in [0, 1]
  kTestAccuracy,
  kLr,             // lr_t
  kMomentum,       // momentum_t
  kGradNorm,       // before clipping
  kClippedNorm,    // after clipping
  kUpdateRatio,    // ‖Δθ‖ / ‖θ‖
  kClipFactor,
  kSharpness,      // largest Hessian eigenvalue, where somebody asked for it
  kRateMin, kRateMedian, kRateMax,  // effective rate over the parameters
  kCount
};

}  // namespace lrlab
