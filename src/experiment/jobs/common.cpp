#include "experiment/jobs/common.h"

#include <algorithm>

#include "core/mathfn.h"

namespace lrlab {

std::string in_quotes(std::string_view text) {
  std::string s = "'";
  for (char ch : text.substr(0, 40)) s += static_cast<unsigned char>(ch) < 32 ? ' ' : ch;
  return s + (text.size() > 40 ? "…'" : "'");
}

bool train_to(Trainer& trainer, std::uint64_t steps, Stop stop, RunResult& r, double target,
              const std::function<void(const StepReport&)>& look) {
  while (trainer.state().step < steps && !trainer.finished()) {
    if (stop()) return false;
    const StepReport report = trainer.step();
    if (report.loss <= target && !(r.to_target >= 0)) r.to_target = static_cast<double>(report.step);
    if (look) look(report);
  }
  const TrainState& state = trainer.state();
  r.steps = state.step;
  r.end = state.diverged ? RunEnd::kDiverged : state.stopped_early ? RunEnd::kStopped : RunEnd::kDone;
  if (state.diverged) return true;
  const auto finite = [](double v) { return v * 0 == 0 ? v : kNoValue; };
  const Evaluation train = trainer.evaluate_train(), test = trainer.evaluate_test();
  if (trainer.problem().train_count() > 0 && !(train.loss * 0 == 0)) {  // the weights are numbers still, the loss is none any more
    r.end = RunEnd::kDiverged;
    return true;
  }
  r.train_loss = finite(train.loss);
  r.train_accuracy = finite(train.accuracy);
  if (trainer.problem().surface) return true;
  r.test_loss = finite(test.loss);
  r.test_accuracy = finite(test.accuracy);
  return true;
}

std::vector<std::size_t> sorted_indices(std::size_t n, const std::function<bool(std::size_t, std::size_t)>& before) {
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return before(a, b) || (!before(b, a) && a < b); });
  return order;
}

double Spread::standard_error() const {
  return count < 2 ? kNoValue : deviation / fn::sqrt(static_cast<double>(count));
}

Spread spread_of(std::vector<double> v) {
  std::erase_if(v, [](double x) { return !(x * 0 == 0); });
  Spread s;
  s.count = v.size();
  if (v.empty()) return s;
  std::sort(v.begin(), v.end());
  const auto quantile = [&](double q) {  // linear between neighbours, as NumPy does
    const double at = q * static_cast<double>(v.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, v.size() - 1);
    return v[low] + (v[high] - v[low]) * (at - static_cast<double>(low));
  };
  double sum = 0, squares = 0;
  for (double x : v) sum += x;
  s.mean = sum / static_cast<double>(v.size());
  for (double x : v) squares += (x - s.mean) * (x - s.mean);
  if (v.size() > 1) s.deviation = fn::sqrt(squares / static_cast<double>(v.size() - 1));
  s.min = v.front();
  s.q1 = quantile(0.25);
  s.median = quantile(0.5);
  s.q3 = quantile(0.75);
  s.max = v.back();
  return s;
}

}  // namespace lrlab
