// The pictures of a race from its CSV, the report that holds them, and the receipt.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "experiment/chart.h"
#include "experiment/codec.h"
#include "experiment/export.h"

namespace lrlab {
namespace {

constexpr Figure kFigures[] = {
    {"loss", "Loss", "train solid, test dashed, each mini-batch thin", "train_loss", "test_loss", "loss", true},
    {"accuracy", "Accuracy", "train solid, test dashed", "train_accuracy", "test_accuracy", "", false},
    {"rate", "Learning rate", "of each step", "lr", "", "", false},
    {"grad", "Gradient norm", "before clipping solid, after it dashed", "grad_norm", "clipped_norm", "", true},
    {"ratio", "Update / weight", "per step", "update_ratio", "", "", true},
    {"rates", "Effective rate", "median over the parameters", "rate_median", "", "", true},
};

// One curve of one lane.
struct Line {
  int lane = 0;
  std::string name;
  std::string_view curve;
  std::vector<double> x, y;
};

// Reads what to_csv() wrote, which is always of the same form; what is not is left out.
std::vector<Line> lines_of_csv(std::string_view csv) {
  std::vector<Line> lines;
  while (!csv.empty()) {
    const std::size_t end = std::min(csv.find('\n'), csv.size());
    const std::string_view row = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    const std::size_t open = row.find(",\""), close = row.rfind("\",");
    if (open == std::string_view::npos || close <= open + 1) continue;
    const std::string_view name = row.substr(open + 2, close - open - 2), rest = row.substr(close + 2);
    const int lane = std::atoi(std::string(row.substr(0, open)).c_str());
    const std::string_view curve = rest.substr(0, rest.find(','));
    double step = 0, steps = 0, min = 0, mean = 0;
    if (std::sscanf(std::string(rest.substr(std::min(curve.size() + 1, rest.size()))).c_str(), "%lf,%lf,%lf,%lf", &step, &steps, &min, &mean) != 4)
      continue;
    if (lines.empty() || lines.back().lane != lane || lines.back().curve != curve) {
      Line line{.lane = lane, .name = {}, .curve = curve, .x = {}, .y = {}};
      for (std::size_t i = 0; i < name.size(); i += name[i] == '"' ? 2 : 1) line.name += name[i];
      lines.push_back(std::move(line));
    }
    lines.back().x.push_back(step);
    lines.back().y.push_back(mean);
  }
  return lines;
}

std::string svg_of(const Race& race, const std::vector<Line>& lines, const Figure& figure) {
  svg::ChartAxis y_axis{.label = figure.title, .log = figure.log};
  // A lane that explodes leaves the plot at its top, or it would flatten all the others.
  double first = 0, low = 1e300, high = 0;
  bool any = false;
  for (const Line& line : lines) {
    const bool main = line.curve == figure.curve;
    if (!main && line.curve != figure.dashed) continue;  // what is thin may leave the plot
    any = any || main;
    if (main) first = std::max(first, line.y.front());
    for (const double v : line.y) {
      if (v > 0 || !figure.log) low = std::min(low, v);
      high = std::max(high, v);
    }
  }
  if (!any) return "";
  const double cap = first * (&figure == &kFigures[0] ? 10 : 1e4);
  if (figure.log && low < cap && cap < high) high = cap;
  if (low < high) {  // no curve runs along the frame
    const double air = figure.log ? std::pow(high / low, 0.04) : 0.04 * (high - low);
    y_axis.min = figure.log ? low / air : low - air;
    y_axis.max = figure.log ? high * air : high + air;
  }
  svg::Chart chart(std::string(figure.title) + " (" + figure.note + ")", {.label = "step"}, y_axis);
  for (const std::string_view curve : {figure.faint, figure.dashed, figure.curve})
    for (const Line& line : lines)
      if (line.curve == curve) {
        const auto lane = static_cast<std::size_t>(line.lane - 1);
        chart.line(line.x, line.y, lane < race.lanes.size() ? race.lanes[lane].colour : line.lane - 1,
                   curve == figure.curve ? line.name : "", false, curve == figure.dashed, curve == figure.faint);
      }
  return chart.svg();
}

}  // namespace

std::span<const Figure> figures() { return kFigures; }

std::string to_svg(const Race& race, std::string_view csv, std::string_view id) {
  for (const Figure& f : kFigures)
    if (id == f.id) return svg_of(race, lines_of_csv(csv), f);
  return "";
}

std::string to_markdown(const Race& race, std::uint64_t steps, std::string_view csv, std::string_view table) {
  const Config& first = race.lanes[0].config;
  std::string s = "# Learning rates compared\n\n" + std::to_string(race.lanes.size()) + (race.lanes.size() == 1 ? " lane" : " lanes") + " on *" +
                  (first.surface.info ? first.surface.info->label : first.dataset.info->label) + "*, " + std::to_string(steps) +
                  " steps. Made by the Learning Rate Lab; the numbers are the same wherever it is repeated.\n\n";
  s += table;
  const std::vector<Line> lines = lines_of_csv(csv);
  for (const Figure& f : kFigures) {
    const std::string picture = svg_of(race, lines, f);
    if (!picture.empty()) s += "\n## " + std::string(f.title) + "\n\n![" + f.title + "](data:image/svg+xml;base64," + svg::base64(picture) + ")\n";
  }
  s += "\n## Repeat it\n\n```sh\n";
  for (const LaneSpec& lane : race.lanes) s += "lrlab run --query '" + to_query(lane.config) + "' --steps " + std::to_string(steps) + "\n";
  return s + "```\n\nAll lanes at once: `" + to_query(race) + "`\n";
}

std::string receipt(const Race& race, std::uint64_t steps) {
  Session session(race);
  session.run(steps);
  std::string s;
  for (std::size_t i = 0; i < session.lanes(); ++i) {
    char hash[20];
    std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(hash_bits(session.lane(i).trainer().theta())));
    s += (i ? "," : "") + std::string(hash);
  }
  return s + '@' + std::to_string(steps);
}

}  // namespace lrlab
