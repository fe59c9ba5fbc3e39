// The speed of training in this browser, for the page bench.html: no window, no canvas, no app.
#include <emscripten.h>

#include <string>

#include "experiment/bench.h"
#include "experiment/codec.h"

extern "C" {

EMSCRIPTEN_KEEPALIVE int lrlab_bench_count() { return static_cast<int>(lrlab::workloads().size()); }

// Runs workload i for about so many seconds: "id|what|unit|rate|first loss|last loss".
EMSCRIPTEN_KEEPALIVE const char* lrlab_bench(int i, double seconds) {
  static std::string line;
  const lrlab::Workload& w = lrlab::workloads()[static_cast<std::size_t>(i)];
  const lrlab::BenchResult r = lrlab::measure(w, seconds, [] { return emscripten_get_now() / 1000; });
  line = std::string(w.id) + "|" + w.what + "|" + w.unit;
  for (double v : {r.rate, r.first_loss, r.last_loss}) line += "|" + lrlab::number_text(v);
  return line.c_str();
}

}  // extern "C"
