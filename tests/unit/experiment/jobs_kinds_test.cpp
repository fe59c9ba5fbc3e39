// Cross-validation, ensembles, the edge of stability and landscapes, each against what is known.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/mathfn.h"
#include "experiment/jobs/crossval.h"
#include "experiment/jobs/ensemble.h"
#include "experiment/jobs/grid.h"
#include "experiment/jobs/landscape.h"
#include "experiment/jobs/stability.h"
#include "unit/experiment/jobs_run.h"

namespace lrlab {
namespace {

TEST_CASE("folds: every sample is tested exactly once, trained on otherwise, and classes keep their share") {
  for (const char* query : {"dataset=iris", "dataset=moons&count=103", "dataset=sine&count=41", "dataset=digits"}) {
    const Config c = from_query(query);
    const RawData raw = make_raw(c);
    Random random(3, Stream::kJobs);
    const std::vector<Split> folds = make_folds(raw, 7, random);
    REQUIRE(folds.size() == 7);
    std::multiset<std::uint32_t> tested;
    for (const Split& s : folds) {
      std::set<std::uint32_t> all(s.train.begin(), s.train.end());
      all.insert(s.test.begin(), s.test.end());
      CHECK(all.size() == raw.count());
      CHECK(s.train.size() + s.test.size() == raw.count());
      CHECK(s.test.size() >= raw.count() / 7);
      CHECK(s.test.size() <= raw.count() / 7 + 1);
      tested.insert(s.test.begin(), s.test.end());
      for (int k = 0; k < raw.classes; ++k) {
        const auto is = [&](std::uint32_t i) { return static_cast<int>(raw.y[i]) == k; };
        const auto here = std::count_if(s.test.begin(), s.test.end(), is);
        std::ptrdiff_t whole = 0;
        for (double y : raw.y) whole += static_cast<int>(y) == k;
        CHECK(std::abs(static_cast<double>(here) - static_cast<double>(whole) / 7) <= 1);
      }
    }
    CHECK(tested.size() == raw.count());
    CHECK(std::set<std::uint32_t>(tested.begin(), tested.end()).size() == raw.count());
  }
}

TEST_CASE("crossval: the mean over the folds, the best rate and the one-standard-error choice") {
  auto job = job_from_json(R"({"job":"crossval","config":"dataset=iris&hidden=8&optimizer=adam","axes":["lr=1e-4:1:log:5"],
    "folds":4,"steps":60,"points":6,"seeds":2})");
  REQUIRE(job);
  const ItemRows rows = run_all(*job);
  const CrossvalResult r = crossval_result(*job, rows);
  REQUIRE(r.candidates.size() == 5);
  for (const CrossvalCandidate& c : r.candidates) {
    CHECK(c.runs == 8);
    CHECK(c.folds.size() == 4);
    CHECK(c.curve.step.size() == 7);
    CHECK(c.curve.step.back() == 60);
    if (c.diverged) continue;
    double sum = 0;
    for (double f : c.folds) sum += f;
    CHECK(c.score.mean == doctest::Approx(sum / 4));
    CHECK(c.curve.test_loss.back().median == doctest::Approx(c.score.median));
  }
  REQUIRE(r.best >= 0);
  const auto& best = r.candidates[static_cast<std::size_t>(r.best)];
  const auto& careful = r.candidates[static_cast<std::size_t>(r.one_se)];
  for (const CrossvalCandidate& c : r.candidates) CHECK((c.diverged > 0 || c.score.mean >= best.score.mean));
  CHECK(careful.at <= best.at);
  CHECK(careful.score.mean <= best.score.mean + best.score.standard_error());
  // Without an axis: the present config alone.
  job->axes.clear();
  CHECK(validate(*job).empty());
  CHECK(crossval_result(*job, run_all(*job)).candidates.size() == 1);
}

TEST_CASE("crossval: a test function is refused in words") {
  Job job = make_job("crossval", from_query("surface=sphere"));
  const std::vector<Issue> issues = validate(job);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].message.find("needs data") != std::string::npos);
}

TEST_CASE("ensemble: medians and quartiles of runs that differ in their seed alone") {
  auto job = job_from_json(R"({"job":"ensemble","config":"dataset=moons&hidden=6&seed=5","seeds":5,"steps":40,"points":8})");
  REQUIRE(job);
  const EnsembleResult r = ensemble_result(*job, run_all(*job));
  CHECK(r.runs == 5);
  CHECK(r.band.step.size() == 9);
  std::vector<double> losses;
  for (std::uint64_t seed = 5; seed < 10; ++seed) {
    Config c = job->base;
    c.train.seed = seed;
    Trainer t(make_problem(c), c.train);
    for (int i = 0; i < 40; ++i) t.step();
    losses.push_back(t.evaluate_train().loss);
  }
  std::sort(losses.begin(), losses.end());
  CHECK(r.band.train_loss.back().median == losses[2]);
  CHECK(r.band.train_loss.back().q1 == losses[1]);
  CHECK(r.band.train_loss.back().max == losses[4]);
}

TEST_CASE("edge of stability: sharpness rises to 2/lr and hovers there, at three rates (Cohen et al. 2021)") {
  const JobPreset* preset = nullptr;
  for (const JobPreset& p : job_presets())
    if (std::string_view(p.id) == "edge_of_stability") preset = &p;
  REQUIRE(preset);
  Job job = preset->make({});
  job.axes = {*axis_from_text("lr=0.07,0.1,0.12")};
  job.set("steps", 40000);
  job.set("points", 20);
  CHECK(validate(job).empty());
  for (const StabilityCurve& c : stability_curves(job, run_all(job))) {
    CAPTURE(c.lr);
    CHECK(!c.diverged);
    CHECK(c.train_loss.back() < c.train_loss.front());
    for (std::size_t k = 0; k < c.step.size(); ++k) {
      if (c.step[k] < 30000) continue;
      CHECK(c.share[k] == doctest::Approx(c.lr * c.sharpness[k] / 2));
      CHECK(c.share[k] > 0.95);
      CHECK(c.share[k] < 1.05);
    }
  }
}

TEST_CASE("landscape: the loss at the centre is the run's own, and the picture fills coarse to fine") {
  auto job = job_from_json(R"({"job":"landscape","config":"dataset=moons&hidden=6&batch_size=0","size":32,"at_step":50})");
  REQUIRE(job);
  CHECK(grid_size(*job) == 32);
  JobBoard board(*job);
  finish(board);
  const LandscapePicture p = landscape_picture(board);
  CHECK(p.done_size == 32);
  CHECK(p.path_a.size() == 40);
  CHECK(p.path_a.back() == 0);  // the centre is where the run is
  Trainer t(make_problem(job->base), job->base.train);
  for (int i = 0; i < 50; ++i) t.step();
  const double loss = t.evaluate_train().loss;
  // The four cells around the centre surround its loss closely enough.
  const double mean = (p.loss[15 * 32 + 15] + p.loss[16 * 32 + 15] + p.loss[15 * 32 + 16] + p.loss[16 * 32 + 16]) / 4;
  CHECK(mean == doctest::Approx(loss).epsilon(0.05));
}

TEST_CASE("landscape: a filter-normalised picture does not change when a ReLU layer is scaled by 4 and the next by 1/4") {
  const Config c = from_query("dataset=moons&hidden=8&activation=relu&init=torch");
  const auto problem = make_problem(c);
  const Trainer t(problem, c.train);
  std::vector<Real> scaled = t.theta();
  const auto tensors = problem->tensors();
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t i = 0; i < tensors[k].size(); ++i) scaled[tensors[k].offset + i] *= k < 2 ? Real(4) : Real(0.25);
  const Plane a = random_plane(*problem, t.theta(), 9), b = random_plane(*problem, scaled, 9);
  const auto loss = [&](const Plane& p, double x, double y) {
    std::vector<Real> theta = p.centre;
    for (std::size_t i = 0; i < theta.size(); ++i) theta[i] += static_cast<Real>(x) * p.x[i] + static_cast<Real>(y) * p.y[i];
    Workspace ws = problem->mlp.workspace();
    const Part& train = problem->data->train;
    return problem->mlp.mean_loss(*problem->loss, theta.data(), {train.x.row(0), train.x.ld}, {train.target.row(0), train.target.ld}, train.count(), ws);
  };
  for (double x : {-1.0, -0.3, 0.0, 0.7})
    for (double y : {-0.5, 0.0, 1.0}) CHECK(loss(a, x, y) == doctest::Approx(loss(b, x, y)).epsilon(1e-5));
}

TEST_CASE("landscape: the principal plane of points in a plane holds them all") {
  Random random(1, Stream::kProbe);
  std::vector<Real> u(30), v(30), centre(30);
  for (std::size_t i = 0; i < 30; ++i) {
    u[i] = static_cast<Real>(random.normal());
    v[i] = static_cast<Real>(random.normal());
    centre[i] = static_cast<Real>(random.normal());
  }
  std::vector<std::vector<Real>> points;
  for (int k = 0; k < 12; ++k) {
    std::vector<Real> p = centre;
    for (std::size_t i = 0; i < 30; ++i) p[i] += static_cast<Real>(11 - k) * u[i] + static_cast<Real>(std::sin(k) - std::sin(11)) * v[i];
    points.push_back(p);
  }
  double explained = 0;
  const Plane plane = principal_plane(points, &explained);
  CHECK(explained == doctest::Approx(1));
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < 30; ++i) {
    xx += static_cast<double>(plane.x[i]) * static_cast<double>(plane.x[i]);
    yy += static_cast<double>(plane.y[i]) * static_cast<double>(plane.y[i]);
    xy += static_cast<double>(plane.x[i]) * static_cast<double>(plane.y[i]);
  }
  CHECK(xx == doctest::Approx(1));
  CHECK(yy == doctest::Approx(1));
  CHECK(std::fabs(xy) < 1e-4);
}

TEST_CASE("landscape: the plane of the path contains most of the path; a plane that is given is used") {
  auto job = job_from_json(R"({"job":"landscape","config":"dataset=moons&hidden=6&batch_size=0&lr=0.3","plane":"path","size":16,"at_step":200})");
  REQUIRE(job);
  JobBoard board(*job);
  finish(board);
  const LandscapePicture p = landscape_picture(board);
  CHECK(p.explained > 0.9);
  CHECK(p.path_a.front() > p.path_a.back());
  for (double a : p.path_a) CHECK((a >= p.a0 && a <= p.a1));
  for (double b : p.path_b) CHECK((b >= p.b0 && b <= p.b1));

  Job given = *job;
  const std::size_t n = make_problem(job->base)->num_params();
  given.plane.assign(3, std::vector<float>(n, 0.0f));
  given.plane[1][0] = given.plane[2][1] = 1;
  CHECK(job_from_json(to_json(given)) == given);
  JobBoard other(given);
  finish(other);
  CHECK(landscape_picture(other).path_a.empty());
  CHECK(landscape_picture(other).done_size == 16);
}

TEST_CASE("jobs: too many trainings or rows are named with what is allowed; every preset is small enough") {
  const auto why = [](const char* json) { return too_large(job_from_json(json).value()); };
  CHECK(why(R"({"job":"sweep","axes":["lr=1e-4:1:log:100","l1=0:0.9:lin:100","l2=0:1:lin:100"],"seeds":50})") ==
        "50000000 trainings are too many: at most 100000 are allowed.");
  CHECK(why(R"({"job":"sweep","axes":["lr=1e-4:1:log:1024","l1=0:0.9:lin:1024"]})").starts_with("1048576 trainings"));
  CHECK(why(R"({"job":"sweep","axes":["lr=1e-4:1:log:1000","l1=0:0.9:lin:100"]})").empty());
  CHECK(why(R"({"job":"sweep","search":"random","samples":1000,"seeds":1000})").starts_with("1000000 trainings"));
  // The rounds of halving that are to come count, too.
  CHECK(!why(R"({"job":"sweep","search":"halving","samples":90000,"steps":1000000})").empty());
  CHECK(why(R"({"job":"crossval","axes":["lr=1e-4:1:log:1024"],"seeds":1000,"folds":50})").starts_with("51200000 trainings"));
  CHECK(why(R"({"job":"crossval","seeds":1000,"folds":10,"points":1000,"steps":1000})").starts_with("10010000 rows"));
  CHECK(why(R"({"job":"range_test","seeds":1000,"num_iter":10000})").starts_with("10000000 rows"));
  CHECK(why(R"({"job":"map","size":1024})").empty());
  for (const JobPreset& p : job_presets()) CHECK(too_large(p.make({})).empty());
  for (const char* json : {R"({"job":"sweep","search":"hyperband","seeds":2})", R"({"job":"sweep","search":"halving","seeds":3})", R"({"job":"crossval"})", R"({"job":"ensemble"})"}) {
    const Job job = job_from_json(json).value();
    const JobBoard board(job);
    CHECK(job.kind.info->size(job).trainings == static_cast<double>(board.total()));
  }
  // A file that says so is not begun either.
  CHECK_FALSE(read_rows("{\"job\":\"sweep\",\"axes\":[\"lr=1:2:lin:1024\",\"l2=0:1:lin:1024\"]}\n").job);
}

TEST_CASE("cross-validation has no more folds than samples, and looks at no step twice") {
  std::vector<Issue> issues;
  const Job job = job_from_json(R"({"job":"crossval","config":{"dataset":"moons","count":4},"folds":10,"steps":10})", &issues).value();
  CHECK(job.param("folds") == 4);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].message == "There are 4 samples, so there are at most 4 folds: each needs one to test. Using 4.");
  const ItemRows rows = run_all(job);
  const CrossvalResult r = crossval_result(job, rows);
  REQUIRE(r.candidates[0].folds.size() == 4);
  CHECK(r.candidates[0].score.count == 4);
  CHECK(r.candidates[0].curve.step == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  // Of candidates, the one with the fewest samples counts.
  CHECK(job_from_json(R"({"job":"crossval","config":{"dataset":"moons"},"axes":["count=40:6:lin:3"],"folds":10})")->param("folds") == 6);
  CHECK(job_from_json(R"({"job":"crossval","config":{"dataset":"iris","count":4},"folds":10})")->param("folds") == 10);
}

TEST_CASE("a link's job: by its kind's name or the command's, and only those that a link can start are listed") {
  std::vector<Issue> issues;
  const Config base = from_query("lr=0.3");
  for (const char* text : {"find-lr", "range_test", R"({"job":"find-lr"})"}) {
    const auto job = job_from_link(text, base, issues);
    REQUIRE(job);
    CHECK(std::string(job->kind.info->id) == "range_test");
    CHECK(job->base == base);
  }
  CHECK(issues.empty());
  for (const char* text : {"landscape", R"({"job":5})", R"({"job":"landscape"})", "{"}) {
    issues.clear();
    CHECK_FALSE(job_from_link(text, base, issues));
    REQUIRE(issues.size() == 1);
    CHECK(issues[0].message.find("range_test, ") != std::string::npos);
    CHECK(issues[0].message.find(", landscape") == std::string::npos);
  }
}

}  // namespace
}  // namespace lrlab
