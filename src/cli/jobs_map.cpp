// lrlab map: a training for each point of two settings.
#include <algorithm>
#include <cmath>
#include <ostream>

#include "cli/jobs.h"
#include "experiment/jobs/map.h"

namespace lrlab::cli {
namespace {

// The share of the colour scale: losses by their logarithm; what diverged is white.
bool pixels(const JobBoard& board, int& width, int& height, std::vector<std::uint8_t>& rgb) {
  const MapPicture verdict = map_picture(board, MapValue::kVerdict), loss = map_picture(board, MapValue::kTrainLoss);
  const double low = std::log(std::max(loss.min, 1e-12)), high = std::log(std::max(loss.max, 1e-12));
  // Divergent neighbours of a good region may end with huge finite losses: they are not drawn.
  double top = low;
  for (std::size_t i = 0; i < loss.value.size(); ++i)
    if (verdict.value[i] == 0 && loss.value[i] == loss.value[i]) top = std::max(top, std::log(std::max(loss.value[i], 1e-12)));
  top = std::min(top, high);
  width = height = loss.size;
  const auto n = static_cast<std::size_t>(loss.size);
  rgb.resize(n * n * 3);
  for (std::size_t y = 0; y < n; ++y)
    for (std::size_t x = 0; x < n; ++x) {
      const std::size_t from = (n - 1 - y) * n + x;  // pictures begin at the top
      const double v = std::log(std::max(loss.value[from], 1e-12));
      colour_of(verdict.value[from] == 0 && v == v ? (top > low ? 1 - (v - low) / (top - low) : 1.0) : kNoValue, &rgb[(y * n + x) * 3]);
    }
  return true;
}

Chart chart(const JobBoard& board) {
  const Job& job = board.job();
  const Axis &x = job.axes[0], &y = job.axes[1];
  Chart c("Where training works", {x.key, x.scale == Scale::kLog, x.min, x.max}, {y.key, y.scale == Scale::kLog, y.min, y.max});
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;
  pixels(board, width, height, rgb);
  c.picture(width, height, std::move(rgb));
  const MapPicture p = map_picture(board, MapValue::kTrainLoss);
  c.note("Training loss after " + std::to_string(job.whole("steps")) + " steps: yellow is low, blue high, white diverges.");
  if (p.dimension == p.dimension) c.note("Box dimension of the border: " + brief(p.dimension));
  return c;
}

void text(const JobBoard& board, Console& console) {
  const MapPicture verdict = map_picture(board, MapValue::kVerdict), loss = map_picture(board, MapValue::kTrainLoss);
  const Job& job = board.job();
  std::size_t trains = 0, best = 0;
  for (std::size_t i = 0; i < loss.value.size(); ++i) {
    trains += verdict.value[i] == 0;
    if (verdict.value[i] == 0 && (verdict.value[best] != 0 || loss.value[i] < loss.value[best])) best = i;
  }
  const auto n = static_cast<std::size_t>(loss.size);
  console.out << loss.size << " x " << loss.size << " trainings; " << brief(100.0 * static_cast<double>(trains) / static_cast<double>(n * n))
              << " % train\n";
  if (trains > 0)
    console.out << "Lowest training loss " << brief(loss.value[best]) << " at " << job.axes[0].key << " "
                << brief(map_coordinate(job, 0, static_cast<int>(best % n))) << ", " << job.axes[1].key << " "
                << brief(map_coordinate(job, 1, static_cast<int>(best / n))) << '\n';
  if (verdict.dimension == verdict.dimension) console.out << "Box dimension of the border " << brief(verdict.dimension) << '\n';
}

}  // namespace

extern const JobReport map_report;
const JobReport map_report{.text = text, .chart = chart, .pixels = pixels};

std::function<int()> define_map(CLI::App& app, Console& console) {
  return define_job(app, console, "map");
}

}  // namespace lrlab::cli
