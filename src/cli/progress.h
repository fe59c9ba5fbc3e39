// A progress bar on a terminal's standard error; nothing anywhere else.
#pragma once

#include <chrono>
#include <cstdint>

#include "cli/cli.h"

namespace lrlab::cli {

class Progress {
 public:
  Progress(Console& console, std::uint64_t total);
  void at(std::uint64_t done);  // cheap: looks at the clock now and then
  void clear();                 // takes the bar away

 private:
  using Clock = std::chrono::steady_clock;
  void draw(Clock::time_point now);

  Console& console_;
  std::uint64_t total_, done_ = 0, look_at_ = 1, chunk_ = 1;
  Clock::time_point start_, last_look_, drawn_;
  bool shown_ = false;
};

}  // namespace lrlab::cli
