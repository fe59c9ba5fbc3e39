// lrlab find-lr: the learning-rate range test, its suggestions, and which of them was right.
#include <algorithm>
#include <ostream>

#include "cli/jobs.h"
#include "cli/text.h"
#include "experiment/jobs/range_test.h"
#include "experiment/jobs/sweep.h"

namespace lrlab::cli {
namespace {

void text(const JobBoard& board, Console& console) {
  const RangeTestResult r = range_test_result(board.job(), board.round_rows());
  std::ostream& out = console.out;
  out << padded("rule", 14) << padded("lr", 12) << "each seed alone\n";
  for (const Suggestion& s : r.suggestions) {
    out << padded(s.rule->label, 14) << padded(brief(s.lr), 12) << (s.low == s.low ? brief(s.low) + " to " + brief(s.high) : "in none of them") << '\n';
    if (!s.doubt.empty()) out << "    " << wrapped(s.doubt, 4, console.width) << '\n';
  }
  if (r.curves.size() > 1) out << wrapped("lr is read from the median curve, which no single seed need agree with.", 0, console.width) << '\n';
  if (r.divergence_lr == r.divergence_lr)
    out << "Training from the start " << (r.stable_lr == r.stable_lr ? "is stable at " + brief(r.stable_lr) + " and" : "already") << " diverges at " << brief(r.divergence_lr) << ".\n";
  for (const std::string& doubt : r.doubts) out << wrapped(doubt, 0, console.width) << '\n';
}

Chart chart(const JobBoard& board) {
  const RangeTestResult r = range_test_result(board.job(), board.round_rows());
  Chart c("Learning-rate range test", {"learning rate", !board.job().flag("growth")}, {"smoothed loss"});
  std::vector<double> low, high, middle;
  for (const Spread& s : r.band) {
    low.push_back(s.min);
    high.push_back(s.max);
    middle.push_back(s.median);
  }
  c.band(r.lr, low, high, 0);
  c.line(r.lr, middle, 0, "median of " + std::to_string(r.curves.size()) + " seeds");
  int colour = 1;
  for (const Suggestion& s : r.suggestions) c.mark_x(s.lr, colour++, std::string(s.rule->label) + " " + brief(s.lr));
  if (r.divergence_lr == r.divergence_lr) c.mark_x(r.divergence_lr, 6, "diverges at " + brief(r.divergence_lr));
  return c;
}

void then_text(const JobBoard& first, const JobBoard& second, Console& console) {
  const RangeTestResult r = range_test_result(first.job(), first.round_rows());
  const SweepResult s = sweep_result(second);
  std::ostream& out = console.out;
  const bool test = !first.job().base.surface.info && first.job().base.test_fraction > 0;
  out << "\nVerified: the loss after " << second.job().whole("steps") << " steps at each, mean of " << second.job().whole("seeds") << " seeds\n";
  out << padded("lr", 12) << padded("training", 12) << (test ? padded("test", 12) : "") << "suggested by\n";
  for (std::size_t i : s.order) {
    const Candidate& c = s.candidates[i];
    std::string by;
    for (const Suggestion& one : r.suggestions)
      if (std::clamp(one.lr, field("lr").spec.min, field("lr").spec.max) == c.at[0]) by += (by.empty() ? "" : ", ") + std::string(one.rule->label);
    out << padded(brief(c.at[0]), 12) << padded(brief(c.train_loss.mean), 12) << (test ? padded(brief(c.test_loss.mean), 12) : "") << by;
    if (c.diverged > 0) out << "  (" << c.diverged << " diverged)";
    out << '\n';
  }
}

}  // namespace

extern const JobReport range_test_report;
const JobReport range_test_report{.text = text, .chart = chart, .then_text = then_text};

std::function<int()> define_find_lr(CLI::App& app, Console& console) {
  return define_job(app, console, "range_test");
}

}  // namespace lrlab::cli
