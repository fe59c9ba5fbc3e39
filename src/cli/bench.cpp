// lrlab bench: how fast this machine trains on six fixed workloads.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "cli/cli.h"
#include "experiment/bench.h"

namespace lrlab::cli {
namespace {

struct Options {
  std::vector<std::string> ids;
  double seconds = 2;
  bool json = false;
};

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string rate_text(double rate) {
  char buffer[32];
  const char* unit = rate >= 1e9 ? "G" : rate >= 1e6 ? "M" : "k";
  std::snprintf(buffer, sizeof buffer, "%.3g %s", rate / (rate >= 1e9 ? 1e9 : rate >= 1e6 ? 1e6 : 1e3), unit);
  return buffer;
}

int bench(const Options& options, Console& console) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  if (!options.json) console.out << "      rate             time per step   what\n";
  for (const Workload& w : workloads()) {
    if (!options.ids.empty() && std::find(options.ids.begin(), options.ids.end(), w.id) == options.ids.end()) continue;
    if (interrupted) return kInterrupted;
    const BenchResult r = measure(w, options.seconds, seconds_now);
    if (options.json) {
      rows.push_back({{"id", w.id}, {"what", w.what}, {"unit", w.unit}, {"rate", r.rate}, {"step_seconds", r.step_seconds}});
      if (w.inputs > 0) {
        rows.back()["first_loss"] = r.first_loss;
        rows.back()["last_loss"] = r.last_loss;
      }
      continue;
    }
    char line[200];
    std::snprintf(line, sizeof line, "%-4s  %8s %-12s %10.3g µs   %s\n", w.id, rate_text(r.rate).c_str(), w.unit, r.step_seconds * 1e6, w.what);
    console.out << line << std::flush;
  }
  if (options.json) console.out << nlohmann::ordered_json{{"workloads", rows}}.dump(2) << "\n";
  return kDone;
}

}  // namespace

std::function<int()> define_bench(CLI::App& app, Console& console) {
  auto options = std::make_shared<Options>();
  std::vector<std::string> ids;
  for (const Workload& w : workloads()) ids.emplace_back(w.id);
  app.add_option("workload", options->ids, "Which ones: w1 to w6; all, if none is named.")->check(CLI::IsMember(ids));
  app.add_option("--seconds", options->seconds, "How long each one runs.")->check(CLI::Range(0.01, 600.0) & CLI::Validator([](const std::string& text) { return text.find_first_of("nN") == text.npos ? "" : "a number from 0.01 to 600 is wanted, not '" + text + "'"; }, ""))->capture_default_str();
  app.add_flag("--json", options->json, "Print JSON.");
  return [options, &console] { return bench(*options, console); };
}

}  // namespace lrlab::cli
