// Who does which item, rounds one after the other, and the runner that needs no workers.
#include <algorithm>
#include <limits>

#include "experiment/jobs.h"

namespace lrlab {

JobBoard::JobBoard(Job job, std::size_t shard, std::size_t shards) : shard_(shard), shards_(std::max<std::size_t>(1, shards)) {
  begin_round(std::move(job));
}

void JobBoard::begin_round(Job job) {
  std::shared_ptr<const Work> work = job.kind.info->make(job);
  const std::size_t first = rows_.size();
  rows_.resize(first + work->items());
  next_ = first;
  round_left_ = 0;
  for (std::size_t i = first; i < rows_.size(); ++i) round_left_ += mine(i);
  rounds_.push_back({std::move(job), std::move(work), first});
  if (round_left_ == 0) advance();
}

// The round is done: what follows from it?
void JobBoard::advance() {
  const Round& round = rounds_.back();
  // A shard does not see the others' rows, so it cannot choose who goes on.
  if (round.job.kind.info->next && shards_ == 1)
    if (std::optional<Job> next = round.job.kind.info->next(round.job, round_rows())) return begin_round(std::move(*next));
  finished_ = true;
}

std::optional<std::size_t> JobBoard::take() {
  if (!again_.empty()) {
    const std::size_t item = again_.back();
    again_.pop_back();
    return item;
  }
  while (next_ < rows_.size() && (!mine(next_) || !rows_[next_].empty())) ++next_;
  if (next_ == rows_.size()) return std::nullopt;
  return next_++;
}

void JobBoard::put(std::size_t item, std::vector<double> rows) {
  if (item < round_first() || item >= rows_.size() || !mine(item) || !rows_[item].empty()) return;
  if (rows.size() != work()->rows(item - round_first()) * work()->columns().size()) return;
  rows_[item] = std::move(rows);
  forget_preview(item);
  ++done_;
  ++version_;
  if (--round_left_ == 0) advance();
}

void JobBoard::give_back(std::size_t item) {
  if (item >= round_first() && item < rows_.size() && rows_[item].empty()) again_.push_back(item);
}

void JobBoard::forget_preview(std::size_t item) {
  std::erase_if(previews_, [&](const auto& p) { return p.first == item; });
}

void JobBoard::preview(std::size_t item, std::vector<double> rows) {
  if (item < round_first() || item >= rows_.size() || !mine(item) || !rows_[item].empty()) return;
  if (rows.size() > work()->rows(item - round_first()) * work()->columns().size()) return;
  forget_preview(item);
  previews_.emplace_back(item, std::move(rows));
  ++version_;
}

std::size_t JobBoard::total() const {
  std::size_t n = finished_ ? 0 : work()->later_items();
  if (shards_ == 1) return rows_.size() + n;
  n = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) n += mine(i);
  return n;
}

const JobBoard::Round& JobBoard::round_of(std::size_t item) const {
  std::size_t k = rounds_.size() - 1;
  while (rounds_[k].first > item) --k;
  return rounds_[k];
}

ItemRows JobBoard::round_rows() const {
  ItemRows rows{rows_.begin() + static_cast<std::ptrdiff_t>(round_first()), rows_.end()};
  for (const auto& [item, shown] : previews_)
    if (item >= round_first()) rows[item - round_first()] = shown;
  return rows;
}

double JobRunner::seconds_left() const {
  if (!board_ || board_->finished()) return 0;
  const double done = static_cast<double>(board_->done() - done_before_);
  if (done == 0) return std::numeric_limits<double>::quiet_NaN();
  return seconds_ * static_cast<double>(board_->total() - board_->done()) / done;
}

void SerialRunner::start(std::unique_ptr<JobBoard> board) {
  board_ = std::move(board);
  running_ = true;
  seconds_ = 0;
  done_before_ = board_->done();
}

void SerialRunner::poll(double budget) {
  const double begin = clock_();
  while (running()) {
    const auto item = board_->take();
    if (!item) break;
    board_->put(*item, board_->work()->run(*item - board_->round_first(), {}));
    if (clock_() - begin >= budget) break;
  }
  seconds_ += clock_() - begin;
}

}  // namespace lrlab
