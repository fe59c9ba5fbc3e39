// lrlab crossval: k-fold cross-validation of a config, or over the values of one setting.
#include <ostream>

#include "cli/jobs.h"
#include "cli/text.h"
#include "experiment/jobs/crossval.h"

namespace lrlab::cli {
namespace {

// "lr=0.1"
std::string named(const Axis& axis, const CrossvalResult& r, int i) {
  const CrossvalCandidate& c = r.candidates[static_cast<std::size_t>(i)];
  return is_number(axis) ? axis.key + "=" + brief(c.at) : c.text;
}

void text(const JobBoard& board, Console& console) {
  const CrossvalResult r = crossval_result(board.job(), board.round_rows());
  std::ostream& out = console.out;
  const bool axis = !board.job().axes.empty();
  if (axis) out << padded(board.job().axes[0].key, 14);
  out << padded("test loss", 12) << padded("std error", 12) << padded("accuracy", 12) << "folds\n";
  for (std::size_t i = 0; i < r.candidates.size(); ++i) {
    const CrossvalCandidate& c = r.candidates[i];
    if (axis) out << padded(is_number(board.job().axes[0]) ? brief(c.at) : board.job().axes[0].text(i), 14);
    out << padded(brief(c.score.mean), 12) << padded(brief(c.score.standard_error()), 12) << padded(brief(c.accuracy.mean), 12);
    for (double f : c.folds) out << brief(f) << ' ';
    if (c.diverged > 0) out << " " << c.diverged << " of " << c.runs << " diverged";
    if (axis && static_cast<int>(i) == r.best) out << " best";
    if (axis && static_cast<int>(i) == r.one_se) out << " chosen";
    out << '\n';
  }
  if (axis && r.best >= 0)
    out << "Chosen: the lowest value within one standard error of the best, " << named(board.job().axes[0], r, r.one_se) << ".\n";
}

Chart chart(const JobBoard& board) {
  const Job& job = board.job();
  const CrossvalResult r = crossval_result(job, board.round_rows());
  if (job.axes.empty() || !is_number(job.axes[0])) {
    Chart c("Cross-validation", {"step"}, {"loss"});
    int colour = 0;
    for (const CrossvalCandidate& one : r.candidates) {
      std::vector<double> train, low, high, middle;
      for (const Spread& s : one.curve.train_loss) train.push_back(s.mean);
      for (const Spread& s : one.curve.test_loss) {
        low.push_back(s.min);
        high.push_back(s.max);
        middle.push_back(s.mean);
      }
      c.band(one.curve.step, low, high, colour);
      c.line(one.curve.step, middle, colour, one.text + (one.text.empty() ? "test" : " test"));
      if (r.candidates.size() == 1) c.line(one.curve.step, train, 1, "training");
      ++colour;
    }
    return c;
  }
  Chart c("Cross-validation over " + job.axes[0].key, {job.axes[0].key, job.axes[0].scale == Scale::kLog}, {"test loss"});
  std::vector<double> x, mean, low, high;
  for (const CrossvalCandidate& one : r.candidates) {
    const double error = one.score.standard_error();
    x.push_back(one.at);
    mean.push_back(one.score.mean);
    low.push_back(one.score.mean - error);
    high.push_back(one.score.mean + error);
  }
  c.band(x, low, high, 0);
  c.line(x, mean, 0, "mean over folds, and its standard error", true);
  if (r.best >= 0) {
    c.mark_x(r.candidates[static_cast<std::size_t>(r.best)].at, 1, "best");
    c.mark_x(r.candidates[static_cast<std::size_t>(r.one_se)].at, 2, "one-standard-error choice");
  }
  return c;
}

}  // namespace

extern const JobReport crossval_report;
const JobReport crossval_report{.text = text, .chart = chart};

std::function<int()> define_crossval(CLI::App& app, Console& console) {
  return define_job(app, console, "crossval");
}

}  // namespace lrlab::cli
