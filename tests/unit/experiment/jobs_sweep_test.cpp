// Sweeps and what all jobs have in common: text and back, rows in files, shards, rounds.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "experiment/jobs/sweep.h"
#include "unit/experiment/jobs_run.h"

namespace lrlab {
namespace {

Job small_sweep() {
  Job job = make_job("sweep", from_query("dataset=moons&optimizer=adam&hidden=6&count=80"));
  job.axes = {*axis_from_text("lr=1e-3:1:log:5"), *axis_from_text("optimizer=sgd,adam")};
  job.set("steps", 20);
  job.set("seeds", 2);
  CHECK(validate(job).empty());
  return job;
}

TEST_CASE("axis: text and back") {
  for (const char* text : {"lr=0.001:1:log:12", "momentum=0.5:0.9:lin:3", "optimizer=sgd,adam", "hidden=8|8,8", "hidden=8,8|",
                           "batch_size=16,32,64"}) {
    CAPTURE(text);
    std::vector<Issue> issues;
    const auto axis = axis_from_text(text, &issues);
    REQUIRE(axis);
    CHECK(issues.empty());
    CHECK(axis_from_text(to_text(*axis)) == axis);
  }
}

TEST_CASE("axis: a logarithmic range has equal ratios and exact ends") {
  const Axis axis = *axis_from_text("lr=1e-4:1:log:5");
  CHECK(axis.number(0) == 1e-4);
  CHECK(axis.number(4) == 1);
  CHECK(axis.number(2) == doctest::Approx(1e-2));
}

TEST_CASE("axis: nonsense is refused in a sentence") {
  for (const char* text : {"", "lr", "=", "lr=", "lr=1:2:3:4:5", "lr=a:b", "nosuch=1,2", "optimizer=1:2:3", "lr=1:2:log:-3", "lr=1:2:log:1.5"}) {
    CAPTURE(text);
    std::vector<Issue> issues;
    CHECK(!axis_from_text(text, &issues));
    REQUIRE(issues.size() == 1);
    CHECK(issues[0].message.back() == '.');
  }
}

TEST_CASE("job: JSON and back, for every kind") {
  for (const JobInfo* info : job_kinds()) {
    CAPTURE(info->id);
    Job job = make_job(info->id, from_query("dataset=circle&lr=0.25"));
    CHECK(validate(job).empty());
    for (std::size_t i = 0; i < info->params.size(); ++i) {
      const ParamSpec& p = info->params[i];
      job.kind.params[i] = p.kind == ParamKind::kInteger || p.kind == ParamKind::kNumber ? std::min(p.max, p.def + 1) : p.max;
    }
    std::vector<Issue> issues;
    const auto back = job_from_json(to_json(job), &issues);
    REQUIRE(back);
    CHECK(*back == job);
    CHECK(issues.empty());
    CHECK(to_json(*back) == to_json(job));
    CHECK(to_json(job).find('\n') == std::string::npos);
  }
}

TEST_CASE("job: untrusted text is corrected in sentences and never runs wild") {
  for (const char* text : {"", "{", "[]", "null", "{\"job\": 3}", "{\"job\": \"rm\"}"}) {
    std::vector<Issue> issues;
    CHECK(!job_from_json(text, &issues));
    CHECK(!issues.empty());
  }
  for (const char* text :
       {R"({"job":"sweep","steps":-5,"seeds":1e99,"axes":["lr=1:1e99:log:5"]})", R"({"job":"sweep","axes":[3,{},"x"]})",
        R"({"job":"sweep","axes":["lr=0:0:log:5","lr=1,2"]})", R"({"job":"sweep","search":"magic","what":1})",
        R"({"job":"sweep","axes":["optimizer=sgd,nosuch"]})", R"({"job":"sweep","config":"optimizer=nosuch"})",
        R"({"job":"sweep","axes":["momentum=0.1,0.9"],"config":{"optimizer":"adam"}})", R"({"v":7,"job":"range_test"})",
        R"({"job":"range_test","num_iter":"many","axes":["lr=1,2"]})", R"({"job":"sweep","plane_vectors":["zz","",""]})"}) {
    CAPTURE(text);
    std::vector<Issue> issues;
    auto job = job_from_json(text, &issues);
    REQUIRE(job);
    CHECK(!issues.empty());
    for (const Issue& issue : issues) CHECK(issue.message.back() == '.');
    CHECK(validate(*job).size() <= 1);  // only that an axis has no effect remains
    for (std::size_t i = 0; i < job->kind.params.size(); ++i) {
      CHECK(job->kind.params[i] >= job->kind.info->params[i].min);
      CHECK(job->kind.params[i] <= job->kind.info->params[i].max);
    }
  }
}

TEST_CASE("sweep: a row is what a training of that config gives") {
  const Job job = small_sweep();
  JobBoard board(job);
  finish(board);
  CHECK(board.finished());
  CHECK(board.done() == 20);
  CHECK(board.total() == 20);
  const SweepResult r = sweep_result(board);
  REQUIRE(r.candidates.size() == 10);
  for (const Candidate& c : r.candidates) {
    CHECK(c.seeds == 2);
    Config config = candidate_config(job, c.id);
    CHECK(config.train.optimizer.info->id == c.text[1]);
    CHECK(number_text(config.train.lr) == c.text[0]);
    double sum = 0;
    for (int seed = 0; seed < 2; ++seed) {
      Trainer run(make_problem(config), config.train);
      for (int i = 0; i < 20; ++i) run.step();
      sum += run.evaluate_test().loss;
      ++config.train.seed;
    }
    CHECK(c.test_loss.mean == doctest::Approx(sum / 2));
  }
  for (std::size_t i = 1; i < r.order.size(); ++i)
    CHECK(!r.candidates[r.order[i]].better(r.candidates[r.order[i - 1]]));
  // A line along the rate for each optimizer, the best one first, with what is known about its rate.
  REQUIRE(r.has_lr());
  CHECK(r.lines[0].best == r.order[0]);
  std::set<std::string> others;
  for (const RateLine& line : r.lines) {
    const Candidate& best = r.candidates[line.best];
    CHECK(others.insert(best.text[1]).second);
    CHECK(line.best_lr == best.at[0]);
    for (const Candidate& c : r.candidates)
      if (c.at[1] == best.at[1]) CHECK(!c.better(best));
    // Untrained is not good: there is a good region exactly where the best has learnt something.
    const bool learns = best.objective.mean <= 0.9 * best.start.mean;
    CHECK((line.good_low == line.good_low) == learns);
    CHECK((line.good_low <= line.best_lr) == learns);
    CHECK((line.best_lr <= line.good_high) == learns);
    CHECK((line.good_decades() >= 0) == learns);
    CHECK(line.best_lr_by_seed.count == 2);
  }
  CHECK(others.size() == job.axes[1].size());
}

TEST_CASE("sweep: gradient descent on a ravine is best near 2/(1 + kappa), and diverges above 2/kappa") {
  Job job = make_job("sweep", from_query("surface=ravine&condition=20&optimizer=sgd"));
  job.axes = {*axis_from_text("lr=0.01:0.2:lin:39")};
  job.set("steps", 200);
  validate(job);
  JobBoard board(job);
  finish(board);
  const SweepResult r = sweep_result(board);
  REQUIRE(r.lines.size() == 1);
  CHECK(r.lines[0].best_lr == doctest::Approx(2.0 / 21).epsilon(0.06));
  for (const Candidate& c : r.candidates) CHECK((c.train_loss.count == 0 || c.train_loss.mean > 100) == (c.at[0] > 0.1 + 1e-9));
}

TEST_CASE("rows: files in both forms read back to the same bytes, whole or torn anywhere") {
  const Job job = small_sweep();
  JobBoard board(job);
  finish(board);
  for (RowFormat format : {RowFormat::kJsonLines, RowFormat::kCsv}) {
    const std::string text = all_text(board, format);
    const RowFile whole = read_rows(text);
    REQUIRE(whole.board);
    CHECK(whole.board->finished());
    CHECK(whole.good_bytes == text.size());
    CHECK(all_text(*whole.board, format) == text);
    for (std::size_t cut = 0; cut < text.size(); cut += 37) {
      RowFile torn = read_rows(std::string_view(text).substr(0, cut));
      if (!torn.board) continue;
      CHECK(torn.good_bytes <= cut);
      CHECK((torn.good_bytes == 0 || text[torn.good_bytes - 1] == '\n'));
      finish(*torn.board);
      CHECK(all_text(*torn.board, format) == text);
    }
    // A line that is damaged in the middle is noticed too.
    std::string damaged = text;
    const std::size_t at = text.rfind(',', text.size() * 3 / 4);
    damaged[at] = '\n';
    CHECK(read_rows(damaged).good_bytes < at);
  }
}

TEST_CASE("shards: any number of them, merged in any order, are the same bytes as one process") {
  const Job job = small_sweep();
  JobBoard all(job);
  finish(all);
  const std::string expected = all_text(all);
  for (std::size_t shards : {1, 2, 3, 7, 30}) {
    CAPTURE(shards);
    std::vector<std::string> texts;
    for (std::size_t shard = shards; shard-- > 0;) {
      JobBoard board(job, shard, shards);
      finish(board);
      CHECK(board.finished());
      CHECK(board.done() == board.total());
      texts.push_back(all_text(board));
      CHECK(read_rows(texts.back(), shard, shards).good_bytes == texts.back().size());
    }
    std::vector<Issue> issues;
    CHECK(merge_rows(texts, issues) == expected);
    CHECK(issues.empty());
    if (shards == 3) {
      texts.pop_back();
      merge_rows(texts, issues);
      REQUIRE(issues.size() == 1);
      CHECK(issues[0].message.find("7 of 20 items are missing (0, 3, 6") == 0);
    }
  }
}

TEST_CASE("board: items in any order, twice, given back or of the wrong size give the same rows") {
  const Job job = small_sweep();
  JobBoard all(job), other(job);
  finish(all);
  std::vector<std::size_t> items;
  while (const auto item = other.take()) items.push_back(*item);
  std::reverse(items.begin(), items.end());
  other.give_back(items[3]);
  CHECK(other.take() == items[3]);
  for (std::size_t item : items) {
    other.put(item, {1, 2, 3});
    CHECK(other.rows(item).empty());
    other.put(item, other.work()->run(item, {}));
    other.put(item, other.work()->run(item, {}));
  }
  CHECK(other.finished());
  CHECK(all_text(other) == all_text(all));
}

TEST_CASE("items: a stop flag ends an item with no rows") {
  Job job = make_job("sweep", from_query("dataset=moons"));
  job.set("steps", 1e6);
  validate(job);
  const JobBoard board(job);
  std::atomic<bool> flag{true};
  CHECK(board.work()->run(0, {&flag}).empty());
}

TEST_CASE("halving: each round keeps the better third and trains it three times as long") {
  Job job = make_job("sweep", from_query("dataset=circle&optimizer=adam&hidden=6&count=80"));
  job.axes = {*axis_from_text("lr=1e-5:10:log")};
  job.set("search", 2);
  job.set("samples", 27);
  job.set("steps", 90);
  job.set("min_steps", 10);
  job.set("seeds", 2);
  CHECK(validate(job).empty());
  JobBoard board(job);
  const std::size_t planned = board.total();
  finish(board);
  CHECK(board.finished());
  CHECK(board.done() == (27 + 9 + 3) * 2);
  CHECK(planned == board.done());
  CHECK(board.job().round == 2);
  const SweepResult r = sweep_result(board);
  CHECK(r.order.size() == 3);
  std::set<std::uint64_t> steps;
  for (const Candidate& c : r.candidates) steps.insert(c.steps);
  CHECK(steps == std::set<std::uint64_t>{10, 30, 90});
  // The survivors of the first round are the best nine of it.
  JobBoard first(job);
  ItemRows rows;
  for (std::size_t i = 0; i < 54; ++i) rows.push_back(first.work()->run(i, {}));
  const Job second = *job.kind.info->next(job, rows);
  CHECK(second.survivors.size() == 9);
  std::vector<std::pair<double, int>> losses;
  for (int c = 0; c < 27; ++c) {
    const auto loss = [&](int seed) { return rows[static_cast<std::size_t>(2 * c + seed)][7]; };
    const double mean = (loss(0) + loss(1)) / 2;
    losses.push_back({mean == mean ? mean : 1e30, c});
  }
  std::sort(losses.begin(), losses.end());
  for (int k = 0; k < 9; ++k)
    CHECK(std::count(second.survivors.begin(), second.survivors.end(), losses[static_cast<std::size_t>(k)].second) == 1);
  // The file of all rounds reads back, torn in any round.
  const std::string text = all_text(board);
  CHECK(read_rows(text).good_bytes == text.size());
  RowFile torn = read_rows(std::string_view(text).substr(0, text.size() * 9 / 10));
  finish(*torn.board);
  CHECK(all_text(*torn.board) == text);
}

TEST_CASE("hyperband: brackets of the paper, all end at the full length") {
  Job job = make_job("sweep", from_query("surface=ravine&optimizer=sgd"));
  job.axes = {*axis_from_text("lr=1e-5:10:log")};
  job.set("search", 3);
  job.set("steps", 81);
  job.set("min_steps", 1);
  validate(job);
  CHECK(candidate_count(job) == 81 + 34 + 15 + 8 + 5);  // table 1 of the paper, R = 81, η = 3
  JobBoard board(job);
  const std::size_t planned = board.total();
  finish(board);
  CHECK(board.done() == planned);
  const SweepResult r = sweep_result(board);
  CHECK(r.candidates[r.order[0]].steps == 81);
  CHECK(r.order.size() >= 8);
}

TEST_CASE("random search: samples lie in the range, differ, and follow from the seed") {
  Job job = make_job("sweep", from_query("dataset=moons&seed=3"));
  job.axes = {*axis_from_text("lr=1e-4:1:log"), *axis_from_text("activation=tanh,relu,gelu")};
  job.set("search", 1);
  job.set("samples", 40);
  validate(job);
  std::set<double> rates;
  std::set<std::string> names;
  for (int i = 0; i < 40; ++i) {
    const Config c = candidate_config(job, i);
    CHECK(c.train.lr >= 1e-4);
    CHECK(c.train.lr <= 1);
    rates.insert(c.train.lr);
    names.insert(c.activation.info->id);
    CHECK(candidate_config(job, i) == c);
  }
  CHECK(rates.size() == 40);
  CHECK(names.size() == 3);
}

TEST_CASE("serial runner: polls within its budget and comes to the same rows") {
  const Job job = small_sweep();
  double time = 0;
  SerialRunner runner([&] { return time += 0.01; });
  CHECK(!runner.running());
  static_cast<JobRunner&>(runner).start(job);
  int polls = 0;
  while (runner.running()) {
    runner.poll(0.02);
    CHECK(++polls < 100);
  }
  JobBoard all(job);
  finish(all);
  CHECK(all_text(*runner.board()) == all_text(all));
  CHECK(runner.seconds_left() == 0);
}

TEST_CASE("sweep: a run whose loss has become infinite has diverged, though its weights are numbers still") {
  Job job = make_job("sweep", from_query("dataset=moons"));
  job.axes.push_back(*axis_from_text("lr=0.1,0.5"));
  job.set("steps", 20);
  JobBoard board(job);
  finish(board);
  const SweepResult r = sweep_result(board);
  Trainer run(make_problem(candidate_config(job, 1)), candidate_config(job, 1).train);
  for (int i = 0; i < 20; ++i) run.step();
  CHECK(!run.state().diverged);
  CHECK(!(run.evaluate_train().loss * 0 == 0));
  CHECK(r.candidates[1].diverged == 1);
  CHECK(r.candidates[0].diverged == 0);
}

}  // namespace
}  // namespace lrlab
