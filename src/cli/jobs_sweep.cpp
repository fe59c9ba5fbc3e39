// lrlab sweep: train at many settings; which is best, and how far one may be off.
#include <algorithm>
#include <ostream>

#include "cli/jobs.h"
#include "cli/text.h"
#include "experiment/jobs/sweep.h"

namespace lrlab::cli {
namespace {

constexpr std::size_t kShown = 15;

// "test loss"
std::string judge(const Job& job) {
  std::string s(choice_name(job.kind.info->params[4], static_cast<int>(job.param("objective"))));
  std::replace(s.begin(), s.end(), '_', ' ');
  return s;
}

std::string value_of(const Job& job, const Candidate& c, std::size_t axis) { return is_number(job.axes[axis]) ? brief(c.at[axis]) : c.text[axis]; }

// "momentum 0.9, l2 0.01": the values on all axes but one.
std::string named(const Job& job, const Candidate& c, std::size_t but) {
  std::string s;
  for (std::size_t a = 0; a < job.axes.size(); ++a)
    if (a != but) s += (s.empty() ? "" : ", ") + job.axes[a].key + " " + value_of(job, c, a);
  return s;
}

void text(const JobBoard& board, Console& console) {
  const SweepResult r = sweep_result(board);
  const Job& job = board.job();
  std::ostream& out = console.out;
  for (const Axis& axis : job.axes) out << padded(axis.key, 14);
  out << padded("judged by", 12) << padded("spread", 12) << padded("training", 12) << padded("test", 12) << "accuracy\n";
  for (std::size_t k = 0; k < std::min(kShown, r.order.size()); ++k) {
    const Candidate& c = r.candidates[r.order[k]];
    for (std::size_t a = 0; a < job.axes.size(); ++a) out << padded(value_of(job, c, a), 14);
    out << padded(brief(c.objective.mean), 12) << padded(brief(c.objective.deviation), 12) << padded(brief(c.train_loss.mean), 12)
        << padded(brief(c.test_loss.mean), 12) << brief(c.test_accuracy.mean);
    if (c.diverged > 0) out << "  " << c.diverged << " of " << c.seeds << " diverged";
    out << '\n';
  }
  if (r.order.size() > kShown) out << "... and " << r.order.size() - kShown << " more\n";
  if (r.order.empty() || r.candidates[r.order[0]].objective.count == 0) return;
  const Candidate& first = r.candidates[r.order[0]];
  if (r.lines.empty()) {
    out << "Best: " << named(job, first, job.axes.size()) << "; " << judge(job) << " " << brief(first.objective.mean) << ", " << brief(first.start.mean) << " before training.\n";
    return;
  }
  std::size_t lr = 0;
  while (job.axes[lr].key != "lr") ++lr;
  for (std::size_t k = 0; k < std::min(kShown, r.lines.size()); ++k) {
    const RateLine& line = r.lines[k];
    const Candidate& best = r.candidates[line.best];
    const std::string at = named(job, best, lr);
    const bool good = line.good_low == line.good_low;
    if (good)
      out << "Best rate " << brief(line.best_lr);
    else
      out << "No good rate";
    if (!at.empty()) out << " at " << at;
    if (good && line.good_low == line.good_high)
      out << (line.stopped ? "" : "; no other rate tried is good");
    else if (good)
      out << "; good from " << brief(line.good_low) << " to " << brief(line.good_high) << (line.good_low > 0 ? " (" + brief(line.good_decades()) + " decades)" : "");
    else
      out << ": the best, " << brief(line.best_lr) << ", ends at " << brief(best.objective.mean) << " and began at " << brief(best.start.mean);
    if (line.stopped) out << "; " << line.stopped << (line.stopped == 1 ? " rate was" : " rates were") << " stopped early";
    if (good && line.best_lr_by_seed.count > 1) out << "; by seed from " << brief(line.best_lr_by_seed.min) << " to " << brief(line.best_lr_by_seed.max);
    out << ".\n";
  }
  out << wrapped(kGoodRate, 0, console.width) << '\n';
}

// The objective along the first axis of numbers, a line for each combination of the others.
Chart chart(const JobBoard& board) {
  const SweepResult r = sweep_result(board);
  const Job& job = board.job();
  std::size_t along = job.axes.size();
  for (std::size_t a = job.axes.size(); a-- > 0;)
    if (is_number(job.axes[a])) along = a;
  if (along == job.axes.size()) along = 0;
  bool log = true;
  std::vector<std::pair<std::string, std::vector<const Candidate*>>> lines;
  for (std::size_t i : r.order) {
    const Candidate& c = r.candidates[i];
    const std::string rest = on_grid(job) ? named(job, c, along) : "";
    log = log && c.objective.count > 0 ? c.objective.mean > 0 : log;
    const auto at = std::find_if(lines.begin(), lines.end(), [&](const auto& l) { return l.first == rest; });
    (at == lines.end() ? lines.emplace_back(rest, std::vector<const Candidate*>{}) : *at).second.push_back(&c);
  }
  Chart out("Sweep of " + job.axes[along].key, {job.axes[along].key, job.axes[along].scale == Scale::kLog},
            {judge(job), log});
  std::sort(lines.begin(), lines.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  int colour = 0;
  for (auto& [label, line] : lines) {
    std::sort(line.begin(), line.end(), [&](const Candidate* x, const Candidate* y) { return x->at[along] < y->at[along]; });
    std::vector<double> x, low, high, mean;
    for (const Candidate* c : line) {
      x.push_back(c->at[along]);
      mean.push_back(c->objective.mean);
      low.push_back(c->objective.min);
      high.push_back(c->objective.max);
    }
    if (!on_grid(job) && job.axes.size() > 1) {  // no two samples have the other values in common
      out.dots(x, mean, colour, "samples");
    } else if (colour < 8) {
      out.band(x, low, high, colour);
      out.line(x, mean, colour, label, true);
    }
    ++colour;
  }
  if (colour > 8) out.note("Only the first 8 of " + std::to_string(colour) + " combinations are drawn.");
  if (!r.order.empty() && r.candidates[r.order[0]].objective.count > 0) {
    const Candidate& best = r.candidates[r.order[0]];
    out.mark_x(best.at[along], 6, "best: " + named(job, best, job.axes.size()));
  }
  return out;
}

}  // namespace

extern const JobReport sweep_report;
const JobReport sweep_report{.text = text, .chart = chart, .note = kGoodRate};

std::function<int()> define_sweep(CLI::App& app, Console& console) {
  return define_job(app, console, "sweep");
}

}  // namespace lrlab::cli
