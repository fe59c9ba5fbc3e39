// A pool of threads. The board belongs to whoever calls poll(); the threads see only a queue of items
// and a list of results, both under one lock.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "experiment/jobs.h"

namespace lrlab {
namespace {

using Clock = std::chrono::steady_clock;

class ThreadPool : public JobRunner {
 public:
  explicit ThreadPool(int workers)
      : count_(workers > 0 ? workers : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))) {}

  ~ThreadPool() override {
    abandon();
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

  using JobRunner::start;
  void start(std::unique_ptr<JobBoard> board) override {
    abandon();
    board_ = std::move(board);
    done_before_ = board_->done();
    started_ = Clock::now();
    seconds_ = 0;
    running_ = true;
    while (static_cast<int>(threads_.size()) < count_) threads_.emplace_back([this] { work(); });
    poll(0);
  }

  void cancel() override { abandon(); }

  void poll(double) override {
    if (!running()) return;
    std::vector<Result> results, previews;
    {
      const std::lock_guard lock(mutex_);
      results.swap(results_);
      previews.swap(previews_);
    }
    for (Result& r : previews) board_->preview(r.item, std::move(r.rows));
    for (Result& r : results) board_->put(r.item, std::move(r.rows));
    seconds_ = std::chrono::duration<double>(Clock::now() - started_).count();
    const std::shared_ptr<const Work> work = board_->work();
    const std::size_t first = board_->round_first();
    {
      const std::lock_guard lock(mutex_);
      while (const auto item = board_->take()) queue_.push_back({work, *item, first, stop_});
    }
    wake_.notify_all();
  }

  void wait(double seconds) override {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return !results_.empty(); });
  }

  int workers() const override { return count_; }

 private:
  struct Task {
    std::shared_ptr<const Work> work;
    std::size_t item, first;
    std::shared_ptr<std::atomic<bool>> stop;
  };
  struct Result {
    std::size_t item;
    std::vector<double> rows;
  };

  // Items that are being run see the flag within a step; what they give is thrown away.
  void abandon() {
    const std::lock_guard lock(mutex_);
    queue_.clear();
    results_.clear();
    previews_.clear();
    if (stop_) stop_->store(true, std::memory_order_relaxed);
    stop_ = std::make_shared<std::atomic<bool>>(false);
    running_ = false;
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return closing_ || !queue_.empty(); });
      if (closing_) return;
      const Task task = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      const std::function<void(const std::vector<double>&)> seen = [&](const std::vector<double>& so_far) {
        const std::lock_guard guard(mutex_);
        if (task.stop != stop_) return;
        std::erase_if(previews_, [&](const Result& r) { return r.item == task.item; });
        previews_.push_back({task.item, so_far});
      };
      std::vector<double> rows = task.work->run(task.item - task.first, {.flag = task.stop.get(), .seen = &seen});
      lock.lock();
      if (task.stop != stop_ || rows.empty()) continue;  // cancelled in the meantime
      results_.push_back({task.item, std::move(rows)});
      news_.notify_one();
    }
  }

  const int count_;
  std::vector<std::thread> threads_;
  Clock::time_point started_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_, news_;
  std::deque<Task> queue_;
  std::vector<Result> results_, previews_;
  std::shared_ptr<std::atomic<bool>> stop_;
  bool closing_ = false;
};

}  // namespace

std::unique_ptr<JobRunner> make_pool(int workers) { return std::make_unique<ThreadPool>(workers); }

}  // namespace lrlab
