// Where a run of two parameters went, step by step, in fixed memory.
#pragma once

#include <cstdint>
#include <vector>

#include "core/surface.h"

namespace lrlab {

// Point i is where the run was after i·stride() steps: exactly, up to kMost steps all of them; of a
// longer run every second, fourth, ... one.
class Path {
 public:
  static constexpr std::size_t kMost = 16384;

  // The point after `step` steps; steps come one after the other.
  void push(std::uint64_t step, Point2 at) {
    if (step % stride_ != 0) return;
    if (points_.size() == kMost) {
      for (std::size_t i = 0; 2 * i < points_.size(); ++i) points_[i] = points_[2 * i];
      points_.resize(kMost / 2);
      stride_ *= 2;
      if (step % stride_ != 0) return;
    }
    points_.push_back(at);
  }
  void truncate(std::uint64_t step) {  // forget what came after `step` steps
    if (points_.size() > step / stride_ + 1) points_.resize(step / stride_ + 1);
  }
  void clear() { points_.clear(), stride_ = 1; }

  std::uint64_t stride() const { return stride_; }
  const std::vector<Point2>& points() const { return points_; }

 private:
  std::vector<Point2> points_;
  std::uint64_t stride_ = 1;
};

}  // namespace lrlab
