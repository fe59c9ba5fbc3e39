// lrlab ensemble: one run with many seeds, as a band. lrlab stability: sharpness on its way to 2/lr.
#include <ostream>

#include "cli/jobs.h"
#include "cli/text.h"
#include "experiment/jobs/ensemble.h"
#include "experiment/jobs/stability.h"

namespace lrlab::cli {
namespace {

void ensemble_text(const JobBoard& board, Console& console) {
  const EnsembleResult r = ensemble_result(board.job(), board.round_rows());
  console.out << padded("after " + std::to_string(board.job().whole("steps")) + " steps", 20) << padded("lowest", 12) << padded("quarter", 12)
              << padded("median", 12) << padded("quarter", 12) << "highest\n";
  const auto line = [&](const char* what, const Spread& s) {
    console.out << padded(what, 20);
    for (double v : {s.min, s.q1, s.median, s.q3}) console.out << padded(brief(v), 12);
    console.out << brief(s.max) << '\n';
  };
  line("training loss", r.band.train_loss.back());
  if (r.band.test_loss.back().count > 0) line("test loss", r.band.test_loss.back());
  if (r.band.test_accuracy.back().count > 0) line("test accuracy", r.band.test_accuracy.back());
  if (r.diverged > 0) console.out << r.diverged << " of " << r.runs << " runs diverged.\n";
}

Chart ensemble_chart(const JobBoard& board) {
  const EnsembleResult r = ensemble_result(board.job(), board.round_rows());
  Chart c("The same run with " + std::to_string(r.runs) + " seeds", {"step"}, {"loss", true});
  const auto draw = [&](const std::vector<Spread>& spreads, int colour, const char* label) {
    std::vector<double> low, middle, high;
    for (const Spread& s : spreads) {
      low.push_back(s.q1);
      middle.push_back(s.median);
      high.push_back(s.q3);
    }
    c.band(r.band.step, low, high, colour);
    c.line(r.band.step, middle, colour, label);
  };
  draw(r.band.train_loss, 0, "training: median and quartiles");
  if (r.band.test_loss.back().count > 0) draw(r.band.test_loss, 1, "test");
  return c;
}

void stability_text(const JobBoard& board, Console& console) {
  const std::string& key = board.job().axes[0].key;
  if (key != "lr") console.out << padded(key, 14);
  console.out << padded("lr", 12) << padded("loss", 12) << padded("sharpness", 12) << padded("2/lr", 12) << "lr/limit in the second half\n";
  for (const StabilityCurve& c : stability_curves(board.job(), board.round_rows())) {
    if (key != "lr") console.out << padded(c.text, 14);
    console.out << padded(brief(c.lr), 12) << padded(brief(c.train_loss.back()), 12) << padded(brief(c.sharpness.back()), 12) << padded(brief(2 / c.lr), 12);
    if (c.diverged)
      console.out << "diverged\n";
    else
      console.out << brief(c.late_low) << " to " << brief(c.late_high) << '\n';
  }
  if (const char* other = other_limit(board.job())) console.out << wrapped(other, 0, console.width) << '\n';
}

Chart stability_chart(const JobBoard& board) {
  Chart c("The edge of stability", {"step"}, {"lr / largest stable rate"});
  const std::string& key = board.job().axes[0].key;
  int colour = 0;
  for (const StabilityCurve& one : stability_curves(board.job(), board.round_rows())) c.line(one.step, one.share, colour++, key + " " + (key == "lr" ? brief(one.lr) : one.text));
  c.mark_y(1, 6, "the edge");
  return c;
}

}  // namespace

extern const JobReport ensemble_report;
const JobReport ensemble_report{.text = ensemble_text, .chart = ensemble_chart};

std::function<int()> define_ensemble(CLI::App& app, Console& console) {
  return define_job(app, console, "ensemble");
}

extern const JobReport stability_report;
const JobReport stability_report{.text = stability_text, .chart = stability_chart};

std::function<int()> define_stability(CLI::App& app, Console& console) {
  return define_job(app, console, "stability");
}

}  // namespace lrlab::cli
