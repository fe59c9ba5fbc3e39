#include "cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace lrlab::cli {

Progress::Progress(Console& console, std::uint64_t total) : console_(console), total_(total), start_(Clock::now()) {
  drawn_ = last_look_ = start_;
}

void Progress::at(std::uint64_t done) {
  done_ = done;
  if (!console_.err_is_terminal || done < look_at_) return;
  const auto now = Clock::now();
  // Look again after about 20 ms.
  const double seconds = std::chrono::duration<double>(now - last_look_).count();
  const double per_item = std::max(seconds / static_cast<double>(chunk_), 1e-9);
  chunk_ = static_cast<std::uint64_t>(std::clamp(0.02 / per_item, 1.0, 4.0 * static_cast<double>(chunk_)));
  look_at_ = done + chunk_;
  last_look_ = now;
  // Nothing for what is over in half a second; then ten pictures a second.
  if (now - start_ > std::chrono::milliseconds(500) && now - drawn_ > std::chrono::milliseconds(100)) draw(now);
}

void Progress::draw(Clock::time_point now) {
  drawn_ = now;
  shown_ = true;
  const double share = total_ ? static_cast<double>(done_) / static_cast<double>(total_) : 1;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  char tail[80];
  std::snprintf(tail, sizeof tail, " %3.0f %%  %llu of %llu, %.0f s left", 100 * share,
                static_cast<unsigned long long>(done_), static_cast<unsigned long long>(total_),
                share > 0 ? seconds / share - seconds : 0.0);
  const std::size_t room = std::clamp<std::size_t>(console_.width, 50, 90) - 45;
  const auto full = static_cast<std::size_t>(share * static_cast<double>(room));
  console_.err << "\r\x1b[K" << std::string(full, '#') << std::string(room - full, '.') << tail << std::flush;
}

void Progress::clear() {
  if (shown_) console_.err << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace lrlab::cli
