// lrlab landscape: the loss on a plane through the network's parameters.
#include <algorithm>
#include <cmath>
#include <ostream>

#include "cli/jobs.h"
#include "experiment/jobs/landscape.h"

namespace lrlab::cli {
namespace {

bool pixels(const JobBoard& board, int& width, int& height, std::vector<std::uint8_t>& rgb) {
  const LandscapePicture p = landscape_picture(board);
  const double low = std::log(std::max(p.min, 1e-12)), high = std::log(std::max(p.max, 1e-12));
  width = height = p.size;
  const auto n = static_cast<std::size_t>(p.size);
  rgb.resize(n * n * 3);
  for (std::size_t y = 0; y < n; ++y)
    for (std::size_t x = 0; x < n; ++x) {
      const double v = p.loss[(n - 1 - y) * n + x];  // pictures begin at the top
      colour_of(v == v ? (high > low ? 1 - (std::log(std::max(v, 1e-12)) - low) / (high - low) : 1.0) : v, &rgb[(y * n + x) * 3]);
    }
  return true;
}

Chart chart(const JobBoard& board) {
  const LandscapePicture p = landscape_picture(board);
  Chart c("Loss landscape", {"first direction", false, p.a0, p.a1}, {"second direction", false, p.b0, p.b1});
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;
  pixels(board, width, height, rgb);
  c.picture(width, height, std::move(rgb));
  if (board.job().flag("plane")) c.line(p.path_a, p.path_b, 1, "path of the run", true);
  c.note("Training loss from " + brief(p.min) + " (yellow) to " + brief(p.max) + " (blue), by its logarithm.");
  if (p.explained == p.explained) c.note("The plane holds " + brief(100 * p.explained) + " % of the path's variance.");
  return c;
}

void text(const JobBoard& board, Console& console) {
  const LandscapePicture p = landscape_picture(board);
  console.out << p.size << " x " << p.size << " points, loss from " << brief(p.min) << " to " << brief(p.max) << '\n';
  if (p.explained == p.explained) console.out << "The plane holds " << brief(100 * p.explained) << " % of the path's variance.\n";
}

}  // namespace

extern const JobReport landscape_report;
const JobReport landscape_report{.text = text, .chart = chart, .pixels = pixels};

std::function<int()> define_landscape(CLI::App& app, Console& console) {
  return define_job(app, console, "landscape");
}

}  // namespace lrlab::cli
