// The pool of threads: the same bytes with any number of them, and an answer to "cancel" at once.
#ifndef __EMSCRIPTEN__
#include <doctest/doctest.h>

#include <chrono>

#include "experiment/jobs.h"
#include "experiment/jobs/stability.h"
#include "unit/experiment/jobs_run.h"

namespace lrlab {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

TEST_CASE("pool: one, two and five threads give the bytes of none, in every round") {
  Job job = make_job("sweep", from_query("dataset=moons&optimizer=adam&hidden=6&count=80"));
  job.axes = {*axis_from_text("lr=1e-3:1:log:9")};
  job.set("search", 2);
  job.set("steps", 60);
  job.set("min_steps", 10);
  job.set("seeds", 2);
  validate(job);
  JobBoard alone(job);
  finish(alone);
  for (int threads : {1, 2, 5}) {
    const auto pool = make_pool(threads);
    pool->start(job);
    while (pool->running()) {
      pool->wait(1);
      pool->poll(0);
    }
    CHECK(all_text(*pool->board()) == all_text(alone));
    CHECK(pool->seconds() > 0);
  }
}

TEST_CASE("pool: cancelling returns at once, and a new job begins within 200 ms") {
  Job slow = make_job("sweep", from_query("dataset=digits&hidden=64&batch_size=0"));
  slow.set("steps", 1e6);
  validate(slow);
  Job quick = make_job("sweep", from_query("surface=sphere"));
  quick.set("steps", 1);
  validate(quick);
  const auto pool = make_pool(2);
  pool->start(slow);
  pool->wait(0.05);
  pool->poll(0);
  CHECK(pool->running());
  double begin = now();
  pool->cancel();
  CHECK(now() - begin < 0.2);
  CHECK(!pool->running());
  pool->start(quick);
  begin = now();
  while (pool->running()) {
    pool->wait(1);
    pool->poll(0);
  }
  CHECK(now() - begin < 1);  // 0.2 on a machine that has nothing else to do
  CHECK(pool->board()->finished());
}

TEST_CASE("pool: a long item shows its rows so far, and they are the beginning of the whole") {
  Job job = make_job("stability", from_query("dataset=moons&count=200&hidden=16&optimizer=sgd"));
  job.axes = {*axis_from_text("lr=0.05,")};
  job.set("steps", 4000);
  job.set("points", 100);
  CHECK(validate(job).empty());
  CHECK(job.base.train.batch_size == 0);  // it is about all samples
  const auto pool = make_pool(1);
  pool->start(job);
  std::vector<double> shown;
  while (pool->running()) {
    if (pool->board()->done() == 0 && pool->board()->version() > 0) {
      shown = pool->board()->round_rows()[0];
      const std::vector<StabilityCurve> curves = stability_curves(job, pool->board()->round_rows());
      CHECK(curves[0].lr == 0.05);
      CHECK(curves[0].step.size() * 5 == shown.size());
    }
    pool->wait(0.002);
    pool->poll(0);
  }
  const std::vector<double> whole = pool->board()->rows(0);
  REQUIRE(!shown.empty());
  REQUIRE(shown.size() <= whole.size());
  for (std::size_t i = 0; i < shown.size(); ++i) CHECK((shown[i] == whole[i] || whole[i] != whole[i]));
  CHECK(all_text(*pool->board()) == all_text([&] {
          JobBoard alone(job);
          finish(alone);
          return alone;
        }()));
}

TEST_CASE("pool: destroyed in the middle of a job, it leaves nothing running") {
  Job slow = make_job("sweep", from_query("dataset=digits"));
  slow.set("steps", 1e6);
  validate(slow);
  const double begin = now();
  {
    const auto pool = make_pool(3);
    pool->start(slow);
  }
  CHECK(now() - begin < 2);
}

}  // namespace
}  // namespace lrlab
#endif
