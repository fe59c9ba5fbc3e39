// A pool of Web Workers, seen from the page: web/pool.js owns the workers, this owns the board.
//
// The workers share no memory with the page (labs are embedded anywhere, and shared memory needs
// headers that most sites do not send): a job goes to them as text, rows come back as numbers.
#include <cmath>

#include <emscripten/em_js.h>
#include <emscripten/emscripten.h>

#include "experiment/jobs.h"

// clang-format off
EM_JS_DEPS(lrlab_pool, "$UTF8ToString")
EM_JS(int, lrlab_js_pool_open, (int workers), {
  // A sandboxed frame (origin 'null') may start no workers.
  if (typeof JobPool === 'undefined' || !Module.compiled || self.origin === 'null') return 0;
  const pools = Module.pools || (Module.pools = new Map());
  const id = (Module.next_pool = (Module.next_pool ?? 0) + 1);
  pools.set(id, new JobPool(Module.compiled, Module.page.files, workers));
  return id;
})
EM_JS(void, lrlab_js_pool_close, (int id), { Module.pools.get(id).cancel(); Module.pools.delete(id); })
EM_JS(int, lrlab_js_pool_workers, (int id), { return Module.pools.get(id).count; })
EM_JS(int, lrlab_js_pool_replaced, (int id), { return Module.pools.get(id).replaced; })
EM_JS(int, lrlab_js_pool_broken, (int id), { return Module.pools.get(id).broken ? 1 : 0; })
EM_JS(int, lrlab_js_pool_none, (int id), { return Module.pools.get(id).none ? 1 : 0; })
EM_JS(void, lrlab_js_pool_begin, (int id, const char* job), { Module.pools.get(id).begin(UTF8ToString(job)); })
EM_JS(void, lrlab_js_pool_push, (int id, int item), { Module.pools.get(id).push(item); })
EM_JS(void, lrlab_js_pool_cancel, (int id), { Module.pools.get(id).cancel(); })
// Cells of the result that waits longest; −1: none does.
EM_JS(int, lrlab_js_pool_cells, (int id), { return Module.pools.get(id).results[0]?.cells.length ?? -1; })
// The item; of one that is not whole yet, −1 − item.
EM_JS(int, lrlab_js_pool_take, (int id, double* cells), {
  const result = Module.pools.get(id).results.shift();
  HEAPF64.set(result.cells, cells >> 3);
  return result.whole ? result.item : -1 - result.item;
})
// clang-format on

namespace lrlab {
namespace {

double seconds_now() { return emscripten_get_now() / 1000; }

// Where it turns out that no worker can be started, the page does the work itself.
class WorkerPool : public SerialRunner {
 public:
  explicit WorkerPool(int id) : SerialRunner(seconds_now), id_(id) {}
  ~WorkerPool() override { lrlab_js_pool_close(id_); }

  using JobRunner::start;
  void start(std::unique_ptr<JobBoard> board) override {
    cancel();
    SerialRunner::start(std::move(board));
    started_ = seconds_now();
    if (!lrlab_js_pool_none(id_)) begin_round();
  }

  // Ends the workers: nothing is left running. The next job starts others.
  void cancel() override {
    running_ = false;
    lrlab_js_pool_cancel(id_);
  }

  void poll(double budget) override {
    if (!running()) return;
    if (lrlab_js_pool_none(id_)) {
      for (; taken_ > 0; --taken_) board_->give_back(first_ + taken_ - 1);
      return SerialRunner::poll(budget);
    }
    for (int cells; (cells = lrlab_js_pool_cells(id_)) >= 0;) {
      std::vector<double> rows(static_cast<std::size_t>(cells));
      const int item = lrlab_js_pool_take(id_, rows.data());
      if (item < 0)
        board_->preview(first_ + static_cast<std::size_t>(-1 - item), std::move(rows));
      else
        board_->put(first_ + static_cast<std::size_t>(item), std::move(rows));
    }
    seconds_ = seconds_now() - started_;
    if (lrlab_js_pool_broken(id_)) return cancel();  // an item kills every worker that tries it
    if (board_->finished()) return cancel();
    if (board_->round_first() != first_) begin_round();
  }

  int workers() const override { return lrlab_js_pool_none(id_) ? 0 : lrlab_js_pool_workers(id_); }
  int replaced() const override { return lrlab_js_pool_replaced(id_); }

 private:
  void begin_round() {
    first_ = board_->round_first();
    lrlab_js_pool_begin(id_, to_json(board_->job()).c_str());
    taken_ = board_->items_known() - first_;
    while (const auto item = board_->take()) lrlab_js_pool_push(id_, static_cast<int>(*item - first_));
  }

  const int id_;
  double started_ = 0;
  std::size_t first_ = 0;  // item 0 of the round that the workers know
  std::size_t taken_ = 0;  // items of it that the board takes for being done
};

}  // namespace

std::unique_ptr<JobRunner> make_pool(int workers) {
  if (const int id = lrlab_js_pool_open(workers)) return std::make_unique<WorkerPool>(id);
  return std::make_unique<SerialRunner>(seconds_now);  // no workers here
}

}  // namespace lrlab
