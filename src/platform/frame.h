// What a frame has to know, in a browser and in a window alike: what time it is for the lab, how much
// of it training may take, and how large the picture is.
#pragma once

#include <algorithm>
#include <cmath>

namespace lrlab {

// The lab's time: the wall's, less what passed while nobody looked (a hidden page, a window that
// slept). So nothing that moves may jump, and no training is owed for it.
class LabClock {
 public:
  explicit LabClock(double wall) : last_frame_(wall) {}
  double at(double wall) const { return wall - slept_; }

  // A frame starts. Returns the seconds since the last one, as an animation should see them.
  double frame(double wall) {
    const double gap = wall - last_frame_;
    last_frame_ = wall;
    if (gap > kPause) slept_ += gap - kUsual;
    return gap > kPause ? kUsual : std::clamp(gap, 0.0001, 0.05);
  }

 private:
  static constexpr double kPause = 0.25;      // seconds: frames further apart had a pause between them
  static constexpr double kUsual = 1 / 60.0;
  double last_frame_, slept_ = 0;
};

// How long training may take in each frame, so that drawing keeps 60 frames a second, or at least 30.
//
// Measured, not computed: the time for drawing depends on the machine, the GPU (a software one works
// on the same cores) and on what is shown. The budget grows while frames leave time unused and
// shrinks when they come late. It starts small: the first frames belong to the picture.
class Pace {
 public:
  static constexpr double kLeast = 0.004, kMost = 0.024;  // seconds of training in a frame

  double budget() const { return budget_; }

  // `interval`: seconds from the start of the last frame to the start of this one; `busy`: how much
  // of it the last frame's drawing and training took.
  void frame(double interval, double busy) {
    if (!(interval > 0) || interval > 0.25) return;  // after a pause: says nothing about the pace
    interval_ += kBlend * (interval - interval_);
    busy_ += kBlend * (busy - busy_);
    const double unused = interval_ - busy_;
    if (interval_ > 1 / 30.0) {
      budget_ *= 0.85;  // slower than 30 frames a second: whatever the reason, give way
    } else if (interval_ > 1 / 58.0 && unused < kMargin) {
      budget_ *= 0.95;  // slower than 60, and it is our own doing
    } else if (unused > kMargin || interval_ < 1 / 70.0) {
      budget_ += 0.0003;  // time is left, or the screen is faster than it need be
    }
    budget_ = std::clamp(budget_, kLeast, kMost);
  }

 private:
  static constexpr double kBlend = 0.15;
  static constexpr double kMargin = 0.003;  // for the browser's or the system's own work in a frame
  double budget_ = kLeast;
  double interval_ = 1 / 60.0, busy_ = 0;
};

// Logical pixels of `pixels` physical ones. Dear ImGui multiplies by the scale again and cuts the
// fraction off: the result is the next float that loses no pixel there.
inline float logical_size(int pixels, float scale) {
  float size = static_cast<float>(pixels) / scale;
  while (static_cast<int>(size * scale) < pixels) size = std::nextafter(size, size + 1);
  return size;
}

}  // namespace lrlab
