// lrlab sweep: train at many settings; which is best, and how far one may be off.
#include <algorithm>
#include <ostream>

#include "cli/jobs.h"
#include "cli/text.h"
#include "experiment/jobs/sweep.h"

namespace lrlab::cli {
namespace {

constexpr std::size_t kShown = 15;

void text(const JobBoard& board, Console& console) {
  const SweepResult r = sweep_result(board);
  const Job& job = board.job();
  std::ostream& out = console.out;
  for (const Axis& axis : job.axes) out << padded(axis.key, 14);
  out << padded("judged by", 12) << padded("spread", 12) << padded("training", 12) << padded("test", 12) << "accuracy\n";
  for (std::size_t k = 0; k < std::min(kShown, r.order.size()); ++k) {
    const Candidate& c = r.candidates[r.order[k]];
    for (std::size_t a = 0; a < job.axes.size(); ++a) out << padded(is_number(job.axes[a]) ? brief(c.at[a]) : c.text[a], 14);
    out << padded(brief(c.objective.mean), 12) << padded(brief(c.objective.deviation), 12) << padded(brief(c.train_loss.mean), 12)
        << padded(brief(c.test_loss.mean), 12) << brief(c.test_accuracy.mean);
    if (c.diverged > 0) out << "  " << c.diverged << " of " << c.seeds << " diverged";
    out << '\n';
  }
  if (r.order.size() > kShown) out << "... and " << r.order.size() - kShown << " more\n";
  for (std::size_t k = 0; k < std::min(kShown, r.lines.size()); ++k) {
    const RateLine& line = r.lines[k];
    out << "Best rate " << brief(line.best_lr);
    for (std::size_t a = 0; a < job.axes.size(); ++a)
      if (job.axes[a].key != "lr") out << " at " << job.axes[a].key << " " << r.candidates[line.best].text[a];
    out << "; good from " << brief(line.good_low) << " to " << brief(line.good_high) << " (" << brief(line.good_decades()) << " decades)";
    if (line.best_lr_by_seed.count > 1) out << "; by seed from " << brief(line.best_lr_by_seed.min) << " to " << brief(line.best_lr_by_seed.max);
    out << ".\n";
  }
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
    std::string rest;
    if (job.axes.size() > 1)
      for (std::size_t a = 0; a < job.axes.size(); ++a)
        if (a != along) rest += (rest.empty() ? "" : ", ") + job.axes[a].key + " " + c.text[a];
    log = log && c.objective.count > 0 ? c.objective.mean > 0 : log;
    const auto at = std::find_if(lines.begin(), lines.end(), [&](const auto& l) { return l.first == rest; });
    (at == lines.end() ? lines.emplace_back(rest, std::vector<const Candidate*>{}) : *at).second.push_back(&c);
  }
  const ParamSpec& judge = job.kind.info->params[4];
  Chart out("Sweep of " + job.axes[along].key, {job.axes[along].key, job.axes[along].scale == Scale::kLog},
            {std::string(choice_name(judge, static_cast<int>(job.param("objective")))), log});
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
    if (colour < 8) {
      out.band(x, low, high, colour);
      out.line(x, mean, colour, label, true);
    }
    ++colour;
  }
  if (colour > 8) out.note("Only the first 8 of " + std::to_string(colour) + " combinations are drawn.");
  if (r.has_lr() && job.axes[along].key == "lr") out.mark_x(r.lines[0].best_lr, 6, "best rate " + brief(r.lines[0].best_lr));
  return out;
}

}  // namespace

std::function<int()> define_sweep(CLI::App& app, Console& console) {
  return define_job(app, console, "sweep", {.text = text, .chart = chart});
}

}  // namespace lrlab::cli
