// A Web Worker's half of a job: the same module as the page's, but its main() never runs. web/worker.js
// calls these two.
#include <emscripten/em_js.h>
#include <emscripten/emscripten.h>

#include "experiment/jobs.h"

// clang-format off
EM_JS(void, lrlab_js_post_rows, (int item, const double* cells, int size), {
  const copy = HEAPF64.slice(cells >> 3, (cells >> 3) + size);
  postMessage({ item, cells: copy }, [copy.buffer]);
})
// clang-format on

namespace {
std::unique_ptr<lrlab::Work> work;
}

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
  const std::vector<double> rows = work->run(static_cast<std::size_t>(item), {});
  lrlab_js_post_rows(item, rows.data(), static_cast<int>(rows.size()));
  return 1;
}

}  // extern "C"
