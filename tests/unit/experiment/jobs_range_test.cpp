// The range test: its rules against fastai's and Lightning's own on stored curves, its divergence point
// against theory, and that it leaves the run alone and never comes back with nothing.
#include <doctest/doctest.h>

#include <cmath>

#include "experiment/jobs/range_test.h"
#include "experiment/jobs/sweep.h"
#include "unit/experiment/jobs_run.h"

namespace lrlab {
namespace {

// Made and read by fastai's valley and slide, numpy.gradient and argmin in Python; rates 1e-6·10^(k/15).
const std::vector<double> kCurve1{
    1.0051, 1.0053, 1.0033, 1.0007, 0.9986, 0.9992, 0.9978, 0.9963, 0.998, 0.9989, 1.0001,
    0.9984, 0.9988, 0.999, 0.9967, 0.9985, 0.9992, 1.0028, 1.0014, 0.9999, 1.0011, 0.9999,
    1.0002, 0.998, 0.9974, 0.998, 0.9974, 0.9956, 0.9919, 0.9914, 0.9896, 0.9886, 0.9859,
    0.9842, 0.9795, 0.975, 0.9706, 0.9621, 0.9547, 0.946, 0.94, 0.9275, 0.9149, 0.8999, 0.8812,
    0.8587, 0.8389, 0.8135, 0.7877, 0.7558, 0.7242, 0.6935, 0.6607, 0.6219, 0.5841, 0.5495,
    0.5165, 0.4832, 0.4518, 0.4203, 0.3943, 0.371, 0.347, 0.3244, 0.3062, 0.2929, 0.2769,
    0.2665, 0.256, 0.2489, 0.2429, 0.2387, 0.2381, 0.2363, 0.2377, 0.2382, 0.2412, 0.2491,
    0.2555, 0.2734, 0.2978, 0.3284, 0.3744, 0.4344, 0.5137, 0.628, 0.7813, 0.9908, 1.276, 1.6654};
const std::vector<double> kCurve2{
    1.0094, 1.0046, 1.0034, 1.0023, 1.0027, 0.9994, 0.999, 0.9982, 0.9972, 0.997, 0.9974, 0.998,
    0.9974, 0.9991, 0.9986, 0.994, 0.9983, 0.9983, 0.9978, 0.9991, 0.9998, 1.0, 0.9986, 0.9994,
    0.9972, 1.0006, 0.9983, 0.9986, 0.9991, 0.9997, 0.9993, 1.0003, 0.9943, 0.9961, 0.997,
    0.9971, 1.0003, 0.9981, 0.9982, 0.995, 0.9967, 0.9946, 0.9933, 0.9987, 0.9991, 0.998,
    0.9974, 0.9941, 0.9923, 0.9932, 0.9891, 0.9899, 0.9864, 0.9864, 0.9833, 0.9848, 0.983,
    0.9776, 0.97, 0.9646, 0.9596, 0.9515, 0.9446, 0.9368, 0.9249, 0.9108, 0.897, 0.8788, 0.8606,
    0.8378, 0.8164, 0.7888, 0.7589, 0.7305, 0.6999, 0.6693, 0.6416, 0.6174, 0.5915, 0.5761,
    0.5679, 0.57, 0.5875, 0.6194, 0.6798, 0.7705, 0.9049, 1.0963, 1.3651, 1.7379};

int ask(const char* id, const std::vector<double>& loss) {
  std::vector<double> lr;
  for (std::size_t k = 0; k < loss.size(); ++k) lr.push_back(1e-6 * std::pow(10.0, static_cast<double>(k) / 15));
  for (const RangeRule& rule : range_rules()) {
    const char* why = "";
    if (std::string_view(rule.id) == id) return rule.index(lr, loss, &why);
  }
  return -2;
}

RangeTestResult find_rate(const Job& job) { return range_test_result(job, run_all(job)); }

Job on_ravine(double condition) {
  Config c = from_query("surface=ravine&optimizer=sgd&condition=" + number_text(condition));
  Job job = make_job("range_test", c);
  job.set("start_lr", 1e-5);
  job.set("seeds", 1);
  validate(job);
  return job;
}

TEST_CASE("range test: the rules find what fastai's and Lightning's own find") {
  CHECK(ask("valley", kCurve1) == 44);
  CHECK(ask("slide", kCurve1) == 48);
  CHECK(ask("minimum", kCurve1) == 73);
  CHECK(ask("steepest", kCurve1) == 53);
  CHECK(ask("lightning", kCurve1) == 2);
  CHECK(ask("valley", kCurve2) == 58);
  CHECK(ask("slide", kCurve2) == 65);
  CHECK(ask("minimum", kCurve2) == 80);
  CHECK(ask("steepest", kCurve2) == 74);
  CHECK(ask("lightning", kCurve2) == 0);
}

TEST_CASE("range test: on a quadratic the divergence point is 2/lambda_max within one step of the sweep") {
  for (double condition : {1.0, 3.0, 20.0, 300.0, 5000.0}) {
    CAPTURE(condition);
    const Job job = on_ravine(condition);
    const RangeTestResult r = find_rate(job);
    const double theory = 2 / condition, step = r.lr[1] / r.lr[0];
    CHECK(r.stable_lr <= theory * 1.0001);
    CHECK(r.divergence_lr >= theory * 0.9999);
    CHECK(r.divergence_lr / r.stable_lr == doctest::Approx(step));
    CHECK(r.divergence_lr <= theory * step * 1.0001);
  }
}

TEST_CASE("range test: a linear sweep finds the same point") {
  Job job = on_ravine(20);
  job.set("growth", 1);
  job.set("start_lr", 0.001);
  job.set("end_lr", 0.3);
  const RangeTestResult r = find_rate(job);
  const double step = r.lr[1] - r.lr[0];
  CHECK(r.lr[2] - r.lr[1] == doctest::Approx(step));
  CHECK(r.divergence_lr >= 0.1);
  CHECK(r.divergence_lr <= 0.1 + step * 1.01);
}

TEST_CASE("range test: on a network there are five suggestions, a band and a rate that diverges") {
  Job job = make_job("range_test", from_query("dataset=moons&hidden=8&optimizer=sgd&batch_size=0"));
  validate(job);
  const RangeTestResult r = find_rate(job);
  CHECK(r.suggestions.size() == range_rules().size());
  CHECK(r.curves.size() == 3);
  CHECK(r.band[0].count == 3);
  CHECK(r.band[0].min <= r.band[0].median);
  for (const Suggestion& s : r.suggestions) {
    CAPTURE(s.rule->id);
    CHECK(s.lr > 0);
    CHECK(s.low <= s.high);
  }
  CHECK(r.divergence_lr > r.stable_lr);
}

TEST_CASE("range test: the loss at step k is the one a training sees whose rate is set to lr_k by hand") {
  Job job = make_job("range_test", from_query("dataset=circle&optimizer=adam&batch_size=16&schedule=step"));
  job.set("seeds", 1);
  job.set("at_step", 7);
  job.set("num_iter", 20);
  job.set("end_lr", 0.1);
  validate(job);
  const ItemRows rows = run_all(job);
  Trainer run(make_problem(job.base), job.base.train);
  for (int i = 0; i < 7; ++i) run.step();
  TrainSettings s = job.base.train;
  s.schedule = with_defaults(*find(schedules(), "constant"));
  for (std::size_t k = 0; k < 20; ++k) {
    s.lr = rows[0][k * 6 + 2];
    run.change(s);
    CHECK(run.step().loss == rows[0][k * 6 + 3]);
  }
}

TEST_CASE("range test: smoothing is a bias-corrected mean; a share of 1 is the loss itself") {
  Job job = make_job("range_test", from_query("dataset=circle"));
  job.set("seeds", 1);
  job.set("smooth_f", 1);
  validate(job);
  ItemRows rows = run_all(job);
  for (std::size_t k = 0; k < 50; ++k) CHECK(rows[0][k * 6 + 3] == rows[0][k * 6 + 4]);
  job.set("smooth_f", 0.25);
  rows = run_all(job);
  double sum = 0, weights = 0;
  for (std::size_t k = 0; k < 50; ++k) {
    sum = 0.75 * sum + 0.25 * rows[0][k * 6 + 3];
    weights = 0.75 * weights + 0.25;
    CHECK(rows[0][k * 6 + 4] == doctest::Approx(sum / weights));
  }
}

TEST_CASE("range test: what diverges at once still gets suggestions, and they say what is wrong") {
  Job job = make_job("range_test", from_query("surface=ravine&condition=1000&optimizer=sgd"));
  job.set("start_lr", 10);
  job.set("end_lr", 1000);
  job.set("seeds", 2);
  validate(job);
  const RangeTestResult r = find_rate(job);
  REQUIRE(r.suggestions.size() == range_rules().size());
  CHECK(!r.doubts.empty());
  for (const Suggestion& s : r.suggestions) {
    CHECK(s.lr > 0);
    CHECK(!s.doubt.empty());
  }
  for (const std::vector<double>& item : run_all(job))
    for (double v : item) CHECK((v != v || v * 0 == 0));  // nothing infinite
}

TEST_CASE("range test: the verification trains at every suggestion") {
  Job job = make_job("range_test", from_query("dataset=moons&hidden=8&optimizer=adam"));
  validate(job);
  job.set("verify_steps", 50);
  const RangeTestResult r = find_rate(job);
  Job check = verification(job, r);
  CHECK(validate(check).empty());
  JobBoard board(check);
  finish(board);
  const SweepResult s = sweep_result(board);
  CHECK(!s.candidates.empty());
  CHECK(s.candidates.size() <= r.suggestions.size());
  CHECK(s.has_lr());
  for (const Candidate& c : s.candidates) CHECK(c.seeds == 3);
}

TEST_CASE("range test: where nothing falls, every suggestion is doubted, and one made up says that it is a guess") {
  Job job = make_job("range_test", from_query("dataset=moons"));
  job.set("start_lr", 5);
  job.set("end_lr", 10);
  job.set("seeds", 1);
  validate(job);
  const RangeTestResult r = find_rate(job);
  for (const Suggestion& s : r.suggestions) {
    CAPTURE(s.rule->id);
    CHECK(!s.doubt.empty());
    if (s.lr < 0.3 * 5 && s.rule->factor == 1) CHECK(s.doubt.find("guess") != std::string::npos);
  }
}

}  // namespace
}  // namespace lrlab
