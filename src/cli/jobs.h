// What the commands that run jobs share: their options (made from the job's own table), the file of
// rows that can be continued, shards, progress, and a plot.
#pragma once

#include <memory>

#include "cli/cli.h"
#include "cli/config_args.h"
#include "experiment/chart.h"
#include "experiment/jobs.h"

namespace lrlab::cli {

using svg::Chart, svg::colour_of, svg::png;

// What a kind of job adds: words for people and a picture, from the finished board.
struct JobReport {
  void (*text)(const JobBoard&, Console&) = nullptr;
  Chart (*chart)(const JobBoard&) = nullptr;
  // Of the second job, where the kind has one (JobInfo::then).
  void (*then_text)(const JobBoard& first, const JobBoard& second, Console&) = nullptr;
  // Optional. The plot as pixels alone, for --plot FILE.png.
  bool (*pixels)(const JobBoard&, int& width, int& height, std::vector<std::uint8_t>& rgb) = nullptr;
  const char* note = "";  // under the options of --help
};

std::function<int()> define_job(CLI::App& app, Console& console, const char* kind);

// A number for people: four digits.
std::string brief(double v);

}  // namespace lrlab::cli
