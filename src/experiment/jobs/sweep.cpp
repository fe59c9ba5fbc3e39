// Sweep: train at many settings and compare: a grid, random samples, or successive halving.
//
// Random search: Bergstra, Bengio 2012, "Random search for hyper-parameter optimization", JMLR 13.
// Successive halving: Jamieson, Talwalkar 2016, arXiv:1502.07943: train all n candidates for a short
// time, keep the best n/η, train these η times as long, and so on until one round has the full
// length. Hyperband: Li et al. 2018, arXiv:1603.06560: several brackets of it, from many candidates
// with a very short start to few with the full length at once, since nobody knows which is wiser.
//
// Every training begins anew, so that items stay independent: a round of halving costs as much as
// if nothing had been trained before (a factor η/(η − 1) in all).
#include "experiment/jobs/sweep.h"

#include <algorithm>
#include <cmath>

#include "core/mathfn.h"

namespace lrlab {
namespace {

constexpr std::size_t kMostLines = 32;  // nobody reads more

enum { kGrid, kRandom, kHalving, kHyperband };

constexpr ParamSpec kParams[] = {
    {.key = "search", .label = "search", .def = kGrid, .min = 0, .max = 3, .kind = ParamKind::kChoice,
     .doc = "grid: every combination of the axes. random: samples drawn from them. halving: samples, the better ones trained longer. hyperband: several such races.",
     .choices = "grid|random|halving|hyperband"},
    {.key = "samples", .label = "samples", .def = 0, .min = 0, .max = 100000, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .doc = "How many candidates are drawn. 0: the points of the grid (halving), 32 (random); Hyperband has its own numbers."},
    {.key = "eta", .label = "η", .def = 3, .min = 2, .max = 10, .kind = ParamKind::kInteger,
     .doc = "Halving keeps one in η and trains it η times as long."},
    {.key = "min_steps", .label = "first round", .def = 20, .min = 1, .max = 1e6, .kind = ParamKind::kInteger,
     .scale = Scale::kLog, .unit = "steps", .doc = "Length of the shortest training of halving and Hyperband."},
    {.key = "objective", .label = "judge by", .def = 0, .min = 0, .max = 2, .kind = ParamKind::kChoice,
     .doc = "What the best candidate is best at. Without a test part: the training loss.",
     .choices = "test_loss|train_loss|test_error"},
    LRLAB_STEPS_PARAM(300),
    LRLAB_SEEDS_PARAM(1),
};

int search(const Job& job) { return static_cast<int>(job.param("search")); }

double grid_points(const Job& job) {
  double n = 1;
  for (const Axis& axis : job.axes) n *= static_cast<double>(axis.size());
  return n;
}

// As far as anything is made of it: a job with more is too large.
std::size_t grid_size(const Job& job) { return static_cast<std::size_t>(std::min(grid_points(job), 1e6)); }

// ---- the plan: who is trained for how long in which round ----------------------------------------

// One race of halving: candidates first .. first + count − 1; in its round r (the job's round
// `begin + r`) a fraction η^−r of them is trained for steps·η^(r − rungs + 1).
struct Bracket {
  std::size_t first = 0, count = 0;
  int rungs = 1;
};

std::vector<Bracket> brackets(const Job& job) {
  const double eta = job.param("eta"), steps = job.param("steps"), least = std::min(job.param("min_steps"), steps);
  int most = 0;  // rungs that fit between the first round and the full length
  for (double r = steps; r >= least * 0.999 && most < 20; r /= eta) ++most;
  const std::size_t wanted = static_cast<std::size_t>(job.param("samples"));
  switch (search(job)) {
    case kGrid: return {{0, grid_size(job), 1}};
    case kRandom: return {{0, wanted ? wanted : 32, 1}};
    case kHalving: {
      const std::size_t n = wanted ? wanted : grid_size(job);
      int rungs = 1;
      for (double left = static_cast<double>(n) / eta; left >= 1 && rungs < most; left /= eta) ++rungs;
      return {{0, n, rungs}};
    }
    default: break;
  }
  std::vector<Bracket> all;
  std::size_t first = 0;
  for (int rungs = most; rungs >= 1; --rungs) {
    double n = most;  // as the paper has it: ⌈most·η^(rungs − 1)/rungs⌉
    for (int r = 1; r < rungs; ++r) n *= eta;
    n = std::ceil(n / rungs);
    const auto count = static_cast<std::size_t>(std::min(n, 10000.0));
    all.push_back({first, count, rungs});
    first += count;
  }
  return all;
}

const Bracket& bracket_of(const std::vector<Bracket>& all, int candidate) {
  std::size_t k = all.size() - 1;
  while (all[k].first > static_cast<std::size_t>(candidate)) --k;
  return all[k];
}

// Brackets with few rungs wait for the later rounds, so that all end together.
int rung_of(const Bracket& b, int round, int rounds) { return round - (rounds - b.rungs); }

std::uint64_t steps_at(const Job& job, const Bracket& b, int rung) {
  double steps = job.param("steps");
  for (int r = b.rungs - 1; r > rung; --r) steps /= job.param("eta");
  return static_cast<std::uint64_t>(std::max(1.0, std::nearbyint(steps)));
}

std::size_t survivors_at(const Job& job, const Bracket& b, int rung) {
  double n = static_cast<double>(b.count);
  for (int r = 0; r < rung; ++r) n /= job.param("eta");
  return std::max<std::size_t>(1, static_cast<std::size_t>(n));
}

int round_count(const std::vector<Bracket>& all) {
  int rounds = 1;
  for (const Bracket& b : all) rounds = std::max(rounds, b.rungs);
  return rounds;
}

JobSize size(const Job& job) {
  const std::vector<Bracket> all = brackets(job);
  const int rounds = round_count(all);
  double n = 0;
  for (int round = 0; round < rounds; ++round)
    for (const Bracket& b : all)
      if (rung_of(b, round, rounds) >= 0) n += static_cast<double>(survivors_at(job, b, rung_of(b, round, rounds)));
  if (on_grid(job)) n = std::max(n, grid_points(job));
  n *= job.param("seeds");
  return {n, n};
}

std::vector<int> entries(const Job& job) {
  const std::vector<Bracket> all = brackets(job);
  std::vector<int> out;
  for (int s : job.survivors)
    if (static_cast<std::size_t>(s) < all.back().first + all.back().count) out.push_back(s);
  if (job.round > 0 && !out.empty()) return out;
  for (const Bracket& b : all)
    if (rung_of(b, job.round, round_count(all)) >= 0)
      for (std::size_t i = 0; i < b.count; ++i) out.push_back(static_cast<int>(b.first + i));
  return out;
}

// ---- candidates ----------------------------------------------------------------------------------

// Where candidate `id` stands on each axis: the index of a point of the grid, or a drawn value.
std::vector<double> position(const Job& job, int id) {
  std::vector<double> at;
  if (on_grid(job)) {  // the last axis runs fastest
    std::size_t rest = static_cast<std::size_t>(id);
    at.resize(job.axes.size());
    for (std::size_t a = job.axes.size(); a-- > 0;) {
      at[a] = job.axes[a].number(rest % job.axes[a].size());
      rest /= job.axes[a].size();
    }
    return at;
  }
  Random random(job.base.train.seed, Stream::kJobs, static_cast<std::uint64_t>(id));
  for (const Axis& axis : job.axes) {
    const double share = random.uniform();
    if (axis.values.empty())
      at.push_back(axis.at(share));
    else
      at.push_back(axis.number(static_cast<std::size_t>(share * static_cast<double>(axis.size()))));
  }
  return at;
}

// The index of the value `at` of a listed axis.
std::size_t listed_index(const Axis& axis, double at) {
  for (std::size_t i = 0; i < axis.size(); ++i)
    if (axis.number(i) == at) return i;
  return 0;
}

Config config_at(const Job& job, const std::vector<double>& at) {
  Config config = job.base;
  std::vector<Setting> names;  // rows first: parameters belong to them
  for (std::size_t a = 0; a < at.size(); ++a)
    if (!is_number(job.axes[a])) names.push_back({job.axes[a].key, job.axes[a].text(listed_index(job.axes[a], at[a]))});
  if (!names.empty()) apply_settings(config, names);
  for (std::size_t a = 0; a < at.size(); ++a)
    if (is_number(job.axes[a])) apply_number(job.axes[a], at[a], config);
  return config;
}

double objective(const Job& job, double train_loss, double test_loss, double test_accuracy) {
  const auto which = static_cast<Objective>(static_cast<int>(job.param("objective")));
  if (which == Objective::kTestLoss && test_loss == test_loss) return test_loss;
  if (which == Objective::kTestError && test_accuracy == test_accuracy) return 1 - test_accuracy;
  return train_loss;
}

// Item i: candidate i / seeds of the round with seed i mod seeds; one row.
class Sweep : public Work {
 public:
  explicit Sweep(const Job& job) : job_(job), brackets_(brackets(job)), entries_(entries(job)) {
    seeds_ = static_cast<std::size_t>(job.param("seeds"));
    items_ = entries_.size() * seeds_;
    columns_ = {{"round", {}}, {"candidate", {}}};
    for (const Axis& axis : job.axes) columns_.push_back({axis.key, is_number(axis) ? std::vector<std::string>{} : axis.values});
    for (const char* key : {"seed", "steps"}) columns_.push_back({key, {}});
    columns_.push_back({"end", kRunEndNames});
    for (const char* key : {"train_loss", "test_loss", "train_accuracy", "test_accuracy", "start"}) columns_.push_back({key, {}});
    const int rounds = round_count(brackets_);
    for (int round = job.round + 1; round < rounds; ++round)
      for (const Bracket& b : brackets_)
        if (rung_of(b, round, rounds) >= 0) later_items_ += seeds_ * survivors_at(job, b, rung_of(b, round, rounds));
  }

  std::size_t rows(std::size_t) const override { return 1; }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    const int candidate = entries_[item / seeds_];
    const std::vector<double> at = position(job_, candidate);
    Config config = config_at(job_, at);
    config.train.seed += item % seeds_;
    const Bracket& b = bracket_of(brackets_, candidate);
    Trainer trainer(make_problem(config), config.train);
    RunResult before, r;
    if (!train_to(trainer, 0, stop, before) || !train_to(trainer, steps_at(job_, b, rung_of(b, job_.round, round_count(brackets_))), stop, r)) return {};
    std::vector<double> cells{static_cast<double>(job_.round), static_cast<double>(candidate)};
    for (std::size_t a = 0; a < at.size(); ++a)
      cells.push_back(is_number(job_.axes[a]) ? at[a] : static_cast<double>(listed_index(job_.axes[a], at[a])));
    cells.push_back(static_cast<double>(config.train.seed));
    cells.push_back(static_cast<double>(r.steps));
    cells.push_back(static_cast<double>(r.end));
    for (double v : {r.train_loss, r.test_loss, r.train_accuracy, r.test_accuracy,
                     objective(job_, before.train_loss, before.test_loss, before.test_accuracy)})
      cells.push_back(v);
    return cells;
  }

 private:
  Job job_;
  std::vector<Bracket> brackets_;
  std::vector<int> entries_;
  std::size_t seeds_;
};

// Adds a row to the candidate it belongs to.
struct Gathered {
  Candidate candidate;
  std::vector<double> objective, train, test, accuracy, start;
};

void gather(const Job& job, std::uint64_t planned, const double* cells, Gathered& g) {
  const std::size_t axes = job.axes.size();
  const double* end = cells + 2 + axes;  // seed, steps, end, train_loss, test_loss, train_accuracy, test_accuracy, start
  Candidate& c = g.candidate;
  if (c.seeds == 0 || planned > c.steps) {  // longer trainings replace shorter ones
    g = {};
    c.id = static_cast<int>(cells[1]);
    c.steps = planned;
    for (std::size_t a = 0; a < axes; ++a) {
      const double cell = cells[2 + a];
      const bool number = is_number(job.axes[a]);
      c.at.push_back(cell);
      c.text.push_back(number ? number_text(cell) : job.axes[a].values[static_cast<std::size_t>(cell)]);
    }
  } else if (planned < c.steps) {
    return;
  }
  ++c.seeds;
  c.diverged += static_cast<int>(end[2]) == static_cast<int>(RunEnd::kDiverged);
  g.objective.push_back(objective(job, end[3], end[4], end[6]));
  g.train.push_back(end[3]);
  g.test.push_back(end[4]);
  g.accuracy.push_back(end[6]);
  g.start.push_back(end[7]);
}

Candidate finish(Gathered&& g) {
  Candidate c = std::move(g.candidate);
  c.objective = spread_of(std::move(g.objective));
  c.train_loss = spread_of(std::move(g.train));
  c.test_loss = spread_of(std::move(g.test));
  c.test_accuracy = spread_of(std::move(g.accuracy));
  c.start = spread_of(std::move(g.start));
  return c;
}

std::uint64_t planned_steps(const Job& job, int candidate) {
  const std::vector<Bracket> all = brackets(job);
  const Bracket& b = bracket_of(all, candidate);
  return steps_at(job, b, rung_of(b, job.round, round_count(all)));
}

std::optional<Job> next_round(const Job& job, const ItemRows& rows) {
  const std::vector<Bracket> all = brackets(job);
  const int rounds = round_count(all), round = job.round + 1;
  if (round >= rounds) return std::nullopt;
  std::vector<Gathered> gathered(all.back().first + all.back().count);
  for (const std::vector<double>& cells : rows)
    if (!cells.empty()) {
      const int id = static_cast<int>(cells[1]);
      gather(job, planned_steps(job, id), cells.data(), gathered[static_cast<std::size_t>(id)]);
    }
  Job next = job;
  next.round = round;
  next.survivors.clear();
  for (const Bracket& b : all) {
    const int rung = rung_of(b, round, rounds);
    if (rung < 0) continue;
    std::vector<Candidate> field;
    for (std::size_t i = b.first; i < b.first + b.count; ++i) {
      if (rung == 0) {
        next.survivors.push_back(static_cast<int>(i));
      } else if (gathered[i].candidate.seeds > 0) {
        field.push_back(finish(std::move(gathered[i])));
      }
    }
    std::vector<std::size_t> order = sorted_indices(field.size(), [&](std::size_t x, std::size_t y) { return field[x].better(field[y]); });
    if (rung > 0) order.resize(std::min(order.size(), survivors_at(job, b, rung)));
    for (std::size_t i : order) next.survivors.push_back(field[i].id);
  }
  std::sort(next.survivors.begin(), next.survivors.end());
  return next;
}

}  // namespace

bool Candidate::better(const Candidate& other) const {
  if (diverged != other.diverged) return diverged < other.diverged;
  if ((objective.count > 0) != (other.objective.count > 0)) return objective.count > 0;
  if (objective.count > 0 && objective.mean != other.objective.mean) return objective.mean < other.objective.mean;
  return id < other.id;
}

std::size_t candidate_count(const Job& job) {
  const std::vector<Bracket> all = brackets(job);
  return all.back().first + all.back().count;
}

bool on_grid(const Job& job) { return search(job) == kGrid || (search(job) == kHalving && job.param("samples") == 0); }

Config candidate_config(const Job& job, int id) { return config_at(job, position(job, id)); }

double RateLine::good_decades() const { return fn::log(good_high / good_low) / fn::log(10.0); }

SweepResult sweep_result(const JobBoard& board) {
  SweepResult result;
  const Job& job = board.job();
  std::vector<Gathered> gathered(candidate_count(job));
  std::vector<std::vector<Gathered>> seeds(static_cast<std::size_t>(job.param("seeds")));
  for (auto& g : seeds) g.resize(gathered.size());
  for (std::size_t i = 0; i < board.items_known(); ++i) {
    const std::vector<double>& cells = board.rows(i);
    if (cells.empty()) continue;
    const auto id = static_cast<std::size_t>(cells[1]);
    const std::uint64_t planned = planned_steps(board.job_of(i), static_cast<int>(id));
    gather(job, planned, cells.data(), gathered[id]);
    const auto seed = static_cast<std::size_t>(cells[2 + job.axes.size()] - static_cast<double>(job.base.train.seed));
    if (seed < seeds.size()) gather(job, planned, cells.data(), seeds[seed][id]);
  }
  std::uint64_t longest = 0;
  for (Gathered& g : gathered)
    if (g.candidate.seeds > 0) {
      longest = std::max(longest, g.candidate.steps);
      result.candidates.push_back(finish(std::move(g)));
    }
  result.order = sorted_indices(result.candidates.size(), [&](std::size_t x, std::size_t y) { return result.candidates[x].better(result.candidates[y]); });
  std::erase_if(result.order, [&](std::size_t i) { return result.candidates[i].steps != longest; });

  std::size_t lr = job.axes.size();
  for (std::size_t a = 0; a < job.axes.size(); ++a)
    if (job.axes[a].key == "lr") lr = a;
  if (lr == job.axes.size() || result.order.empty() || (!on_grid(job) && job.axes.size() > 1)) return result;
  std::vector<std::vector<Candidate>> by_seed;  // each seed alone
  for (auto& seed : seeds) {
    by_seed.emplace_back();
    for (Gathered& g : seed)
      if (g.candidate.seeds > 0) by_seed.back().push_back(finish(std::move(g)));
  }
  const std::vector<std::size_t> along = sorted_indices(result.candidates.size(), [&](std::size_t x, std::size_t y) { return result.candidates[x].at[lr] < result.candidates[y].at[lr]; });
  // Best first, so the first candidate of a line that nobody has met yet is the line's best.
  std::vector<bool> met(result.candidates.size());
  for (const std::size_t first : result.order) {
    const Candidate& best = result.candidates[first];
    if (result.lines.size() == kMostLines) break;
    if (met[first] || best.objective.count == 0) continue;
    const auto beside = [&](const Candidate& c) {
      for (std::size_t a = 0; a < job.axes.size(); ++a)
        if (a != lr && c.at[a] != best.at[a]) return false;
      return true;
    };
    std::vector<const Candidate*> line;  // from low to high rates
    for (std::size_t i : along)
      if (result.candidates[i].steps == longest && beside(result.candidates[i])) {
        line.push_back(&result.candidates[i]);
        met[i] = true;
      }

    RateLine out{.best = first, .best_lr = best.at[lr], .best_lr_by_seed = {}};
    for (const Candidate& c : result.candidates) out.stopped += c.steps != longest && beside(c);
    const double error = best.objective.standard_error(), start = best.start.mean, mean = best.objective.mean;
    const double limit = std::min(mean + std::max(error == error ? error : 0, 0.25 * fn::abs(mean)), start + 0.75 * (mean - start));
    const bool learns = mean <= start - 0.1 * fn::abs(start);
    const auto good = [&](const Candidate* c) { return learns && c->diverged == 0 && c->objective.count > 0 && c->objective.mean <= limit; };
    const auto at = std::find(line.begin(), line.end(), &best);
    for (auto it = at; it != line.end() && good(*it); ++it) out.good_high = (*it)->at[lr];
    for (auto it = at; good(*it); --it) {
      out.good_low = (*it)->at[lr];
      if (it == line.begin()) break;
    }
    std::vector<double> rates;
    for (auto& seed : by_seed) {
      const Candidate* leader = nullptr;
      for (const Candidate& c : seed)
        if (c.steps == longest && beside(c) && (!leader || c.better(*leader))) leader = &c;
      if (leader && leader->objective.count > 0) rates.push_back(leader->at[lr]);
    }
    out.best_lr_by_seed = spread_of(std::move(rates));
    result.lines.push_back(std::move(out));
  }
  return result;
}

namespace job_rows {
extern const JobInfo sweep;
const JobInfo sweep{
    .id = "sweep",
    .label = "Sweep",
    .doc = "Trains at many settings and compares how they end: which rate is best, and how far one may be off.",
    .reference = "Bergstra, Bengio 2012, JMLR 13; Jamieson, Talwalkar 2016, arXiv:1502.07943; Li et al. 2018, Hyperband, arXiv:1603.06560",
    .params = kParams,
    .min_axes = 1,
    .max_axes = 6,
    .default_axes = "lr=1e-4:1:log:13",
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<Sweep>(job); },
    .next = next_round,
    .size = size,
    .relevant = [](const Job& job, std::string_view key) {
      if (key == "samples") return search(job) == kRandom || search(job) == kHalving;
      if (key == "eta" || key == "min_steps") return search(job) >= kHalving;
      return true;
    },
};
}  // namespace job_rows
}  // namespace lrlab
