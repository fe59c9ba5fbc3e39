// Maps: every cell once, coarse before fine, each what a training of it gives; the border's dimension
// on shapes whose dimension is known; a border that theory knows.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "experiment/jobs/map.h"
#include "unit/experiment/jobs_run.h"

namespace lrlab {
namespace {

Job small_map(const char* size = "32") {
  auto job = job_from_json(R"({"job":"map","config":"dataset=moons&hidden=4&count=40&optimizer=momentum&batch_size=8",
    "axes":["lr=1e-3:10:log","momentum=0:0.9:lin"],"steps":30})");
  REQUIRE(job);
  double v = 0;
  parse_value(job->kind.info->params[0], size, v);
  job->set("size", v);
  return *job;
}

TEST_CASE("map: every cell exactly once, each level after the coarser one") {
  for (const char* size : {"16", "32", "64"}) {
    Job job = make_job("map", from_query("surface=sphere"));
    job.axes = {*axis_from_text("lr=1e-3:10:log"), *axis_from_text("warmup_steps=0:9:lin")};
    double v = 0;
    parse_value(job.kind.info->params[0], size, v);
    job.set("size", v);
    job.set("steps", 1);
    validate(job);
    const ItemRows rows = run_all(job);
    std::set<std::pair<double, double>> seen;
    int stride = 1 << 20;
    for (const auto& cells : rows)
      for (std::size_t k = 0; k < cells.size(); k += 11) {
        CHECK(seen.insert({cells[k], cells[k + 1]}).second);
        const int at = static_cast<int>(cells[k]) | static_cast<int>(cells[k + 1]) | map_size(job) / 16;
        const int coarse = at & -at;
        CHECK(coarse <= stride);
        stride = std::min(stride, coarse);
      }
    CHECK(seen.size() == static_cast<std::size_t>(map_size(job) * map_size(job)));
  }
}

TEST_CASE("map: a cell is what a training at its settings gives") {
  const Job job = small_map();
  const ItemRows rows = run_all(job);
  for (std::size_t item = 0; item < rows.size(); item += 13) {
    const double* row = rows[item].data();
    CHECK(row[2] == map_coordinate(job, 0, static_cast<int>(row[0])));
    Config c = job.base;
    c.train.lr = row[2];
    c.train.optimizer.params[0] = row[3];
    Trainer t(make_problem(c), c.train);
    for (int i = 0; i < 30; ++i) t.step();
    const double loss = t.evaluate_train().loss;
    if (loss * 0 == 0)
      CHECK(row[5] == loss);
    else
      CHECK(row[5] != row[5]);
  }
}

TEST_CASE("map: axes that belong to the problem are built into each cell's problem") {
  Job job = make_job("map", from_query("dataset=moons&hidden=4&count=40&optimizer=sgd"));
  job.axes = {*axis_from_text("init_scale=0.1:10:log"), *axis_from_text("noise=0:1:lin")};
  job.set("size", 0);
  job.set("steps", 5);
  CHECK(validate(job).empty());
  const ItemRows rows = run_all(job);
  const double* row = rows[5].data() + 11 * 7;
  Config c = job.base;
  c.init_scale = row[2];
  c.noise = row[3];
  Trainer t(make_problem(c), c.train);
  for (int i = 0; i < 5; ++i) t.step();
  CHECK(row[5] == t.evaluate_train().loss);
}

TEST_CASE("map: the picture fills up coarse to fine, and the last is every cell's own") {
  const Job job = small_map("64");
  JobBoard board(job);
  int last = -1, steps = 0;
  while (const auto item = board.take()) {
    board.put(*item, board.work()->run(*item, {}));
    if (*item % 16 != 15) continue;
    const MapPicture p = map_picture(board, MapValue::kTrainLoss);
    CHECK(p.done_size >= last);
    steps += p.done_size != last;
    last = p.done_size;
  }
  CHECK(last == 64);
  CHECK(steps >= 3);
  const MapPicture p = map_picture(board, MapValue::kTrainLoss);
  for (std::size_t i = 0; i < board.items_known(); ++i)
    for (std::size_t k = 0; k < board.rows(i).size(); k += 11) {
      const double* row = board.rows(i).data() + k;
      const double shown = p.value[static_cast<std::size_t>(row[1] * 64 + row[0])];
      CHECK((shown == row[5] || (shown != shown && row[5] != row[5])));
    }
}

TEST_CASE("map: on a ravine the border of gradient descent is the line lr = 2/kappa") {
  Job job = make_job("map", from_query("surface=ravine&optimizer=sgd"));
  job.axes = {*axis_from_text("lr=1e-3:10:log"), *axis_from_text("condition=1:1000:log")};
  job.set("size", 2);
  job.set("steps", 400);
  CHECK(validate(job).empty());
  const ItemRows rows = run_all(job);
  for (const auto& cells : rows)
    for (std::size_t k = 0; k < cells.size(); k += 11) {
      const double ratio = cells[k + 2] * cells[k + 3] / 2;
      if (ratio < 0.99 || ratio > 1.05) CHECK((cells[k + 4] == 1) == (ratio > 1));
    }
}

namespace {

// Which cells of a picture lie inside.
template <class F>
double dimension_of(int size, F inside) {
  std::vector<bool> side;
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) side.push_back(inside((x + 0.5) / size, (y + 0.5) / size));
  return box_dimension(side, size);
}

}  // namespace

TEST_CASE("map: a smooth border has box dimension 1 at every size and angle, scattered cells 2, Koch's curve log 4/log 3") {
  for (const int size : {64, 128, 256}) {
    CAPTURE(size);
    for (int k = 0; k < 24; ++k) {
      const double angle = k * 0.2618 + 0.1, away = 0.03 * (k % 5) - 0.06;
      CAPTURE(angle);
      CHECK(dimension_of(size, [&](double x, double y) { return (x - 0.5) * std::cos(angle) + (y - 0.5) * std::sin(angle) < away; }) == doctest::Approx(1).epsilon(0.05));
    }
    CHECK(dimension_of(size, [](double x, double y) { return std::hypot(x - 0.5, y - 0.5) < 0.4; }) == doctest::Approx(1).epsilon(0.05));
  }
  // What a stranger saw as 0.59 to 0.85: the edge of gradient descent in a ravine, lr·κ = 2.
  for (const int size : {32, 64, 128, 256})
    CHECK(dimension_of(size, [](double x, double y) { return std::log(0.01) + x * std::log(20.0) + y * std::log(100.0) < std::log(2.0); }) == doctest::Approx(1).epsilon(0.05));
  Random random(1, Stream::kJobs, 0);
  CHECK(dimension_of(256, [&](double, double) { return random.uniform() < 0.5; }) == doctest::Approx(2).epsilon(0.02));

  // Everything above Koch's curve from edge to edge.
  std::vector<std::pair<double, double>> curve{{-1e-4, 0.3}, {1 + 1e-4, 0.3}};
  for (int level = 0; level < 7; ++level) {
    std::vector<std::pair<double, double>> next;
    for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
      const auto& [ax, ay] = curve[i];
      const double dx = (curve[i + 1].first - ax) / 3, dy = (curve[i + 1].second - ay) / 3, c = 0.5, h = std::sqrt(3.0) / 2;
      next.insert(next.end(), {{ax, ay}, {ax + dx, ay + dy}, {ax + dx + c * dx - h * dy, ay + dy + h * dx + c * dy}, {ax + 2 * dx, ay + 2 * dy}});
    }
    next.push_back(curve.back());
    curve = std::move(next);
  }
  std::vector<std::vector<double>> crossings(1024);  // of the line y with the curve
  for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
    const auto& [ax, ay] = curve[i];
    const auto& [bx, by] = curve[i + 1];
    for (std::size_t k = 0; k < crossings.size(); ++k) {
      const double y = (static_cast<double>(k) + 0.5) / 1024;
      if ((ay > y) != (by > y)) crossings[k].push_back(ax + (bx - ax) * (y - ay) / (by - ay));
    }
  }
  const double koch = dimension_of(1024, [&](double x, double y) {
    const auto& line = crossings[static_cast<std::size_t>(y * 1024)];
    return std::count_if(line.begin(), line.end(), [&](double at) { return at < x; }) % 2 == 1;
  });
  CHECK(std::abs(koch - std::log(4.0) / std::log(3.0)) < 0.05);
  CHECK(std::isnan(box_dimension(std::vector<bool>(64 * 64), 64)));
}

TEST_CASE("map: ends so close that float has no numbers between them are said to be") {
  Job job = make_job("map", from_query("dataset=moons&optimizer=momentum"));
  job.axes = {*axis_from_text("lr=0.6:0.6000001:log"), *axis_from_text("momentum=0:0.9:lin")};
  const std::vector<Issue> issues = validate(job);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].key == "lr");
  job.axes[0].max = 0.61;
  CHECK(validate(job).empty());
}

TEST_CASE("map: zooming is a job of its own; names and single points are refused in words") {
  const Job job = small_map();
  Job zoom = zoomed(job, 0.25, 0.5, 0.5, 1);
  CHECK(validate(zoom).empty());
  CHECK(zoom.axes[0].min == doctest::Approx(1e-2));
  CHECK(zoom.axes[0].max == doctest::Approx(1e-1));
  CHECK(zoom.axes[1].max == 0.9);
  std::vector<Issue> issues;
  const auto bad = job_from_json(R"({"job":"map","axes":["optimizer=sgd,adam","lr=1:1:lin"]})", &issues);
  REQUIRE(bad);
  CHECK(issues.size() == 2);
  CHECK(bad->axes.size() == 2);
}

TEST_CASE("first_lr: the first layer takes steps of its own size") {
  Config c = from_query("dataset=moons&hidden=4&optimizer=sgd&lr=0.1&batch_size=0");
  Trainer same(make_problem(c), c.train);
  c.train.first_lr = 0.1;
  Trainer equal(make_problem(c), c.train);
  c.train.first_lr = 0.3;
  Trainer faster(make_problem(c), c.train);
  const std::vector<Real> start = same.theta();
  same.step();
  equal.step();
  faster.step();
  CHECK(same.theta() == equal.theta());
  const std::size_t first = 2 * 4 + 4;
  for (std::size_t i = 0; i < start.size(); ++i) {
    const double step = same.theta()[i] - start[i], other = faster.theta()[i] - start[i];
    CHECK(other == doctest::Approx(i < first ? 3 * step : step).epsilon(1e-4));
  }
}

TEST_CASE("presets: every one is a valid job that runs") {
  for (const JobPreset& p : job_presets()) {
    CAPTURE(p.id);
    Job job = p.make(from_query("dataset=moons&hidden=4&count=40"));
    CHECK(validate(job).empty());
    const JobBoard board(job);
    CHECK(board.total() > 0);
  }
}

TEST_CASE("map: what hardly moves is slow and not diverged, on mini-batches and on whole ones") {
  for (const char* batch : {"1", "8", "0"}) {
    Job job = make_job("map", from_query("dataset=moons&hidden=4&count=60"));
    apply_settings(job.base, {{"batch_size", batch}});
    job.axes = {*axis_from_text("lr=1e-9:1e-4:log"), *axis_from_text("warmup_steps=0:9:lin")};
    double v = 0;
    parse_value(job.kind.info->params[0], "16", v);
    job.set("size", v);
    job.set("steps", 30);
    JobBoard board(job);
    finish(board);
    CAPTURE(std::string(batch));
    for (const double verdict : map_picture(board, MapValue::kVerdict).value) CHECK(verdict == 0);
  }
}

}  // namespace
}  // namespace lrlab
