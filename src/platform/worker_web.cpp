// A Web Worker's half of a job: the same module as the page's, but its main() never runs. web/worker.js
// calls these two.
#include <emscripten/em_js.h>
#include <emscripten/emscripten.h>

#include <functional>

#include "experiment/jobs.h"

// clang-format off
EM_JS(void, lrlab_js_post_rows, (int item, const double* cells, int size, int whole), {
  const copy = HEAPF64.slice(cells >> 3, (cells >> 3) + size);
  postMessage({ item, cells: copy, whole }, [copy.buffer]);
})
EM_JS(void, lrlab_js_post_alive, (), { postMessage({}); })
// clang-format on

namespace {

std::unique_ptr<lrlab::Work> work;

// In the middle of an item: a sign of life every few seconds, for pool.js.
void beat() {
  static unsigned looks = 0;
  static double next = 0;
  if (++looks % 8 != 0) return;
  const double now = emscripten_get_now();
  if (now < next) return;
  next = now + 3000;
  lrlab_js_post_alive();
}

}  // namespace

extern "C" {

// The job of the items to come, as JSON. 0: there is no such job.
EMSCRIPTEN_KEEPALIVE int lrlab_job_begin(const char* json) {
  work.reset();
  if (const auto job = lrlab::job_from_json(json)) work = job->kind.info->make(*job);
  return work != nullptr;
}

// Does one item and posts its rows. 0: there is no such item.
EMSCRIPTEN_KEEPALIVE int lrlab_job_run(int item) {
  if (!work || item < 0 || static_cast<std::size_t>(item) >= work->items()) return 0;
  const auto post = [item](const std::vector<double>& rows, int whole) { lrlab_js_post_rows(item, rows.data(), static_cast<int>(rows.size()), whole); };
  double next = 0;
  const std::function<void(const std::vector<double>&)> seen = [&](const std::vector<double>& rows) {
    const double now = emscripten_get_now();
    if (now < next) return;
    next = now + 250;
    post(rows, 0);
  };
  post(work->run(static_cast<std::size_t>(item), {.beat = beat, .seen = &seen}), 1);
  return 1;
}

}  // extern "C"
