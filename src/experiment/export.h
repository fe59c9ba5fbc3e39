// A run for use elsewhere: as a script, a table, a picture, a report; and the receipt that goes with it.
//
// What only looks at a race (export_csv.cpp) is part of the page; everything else works on that, and is
// a module that the page loads when somebody shares.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "experiment/session.h"

namespace lrlab {

// Every recorded curve of every lane that is shown, a row for each stretch of steps:
// "lane,name,curve,step,steps,min,mean,max".
std::string to_csv(const Session& session);
// What became of each lane, as a table in Markdown.
std::string to_table(const Session& session);

// The plots of a race.
struct Figure {
  const char* id;      // "loss"
  const char* title;
  const char* note;    // what the lines are
  const char* curve;   // as the CSV names it
  const char* dashed;  // another one, or ""
  const char* faint;   // drawn thin below them, or ""
  bool log;            // logarithmic axis
};
std::span<const Figure> figures();
// Of what to_csv() gave of the race. Empty: no such figure, or nothing in it.
std::string to_svg(const Race& race, std::string_view csv, std::string_view figure);

// The whole race as one Markdown file with its figures inside.
std::string to_markdown(const Race& race, std::uint64_t steps, std::string_view csv, std::string_view table);

// A script for Python 3 with numpy and torch 1.13 or later that trains `steps` steps on the same data,
// from the same weights and with the same mini-batches, and prints "step,loss,lr" lines.
std::string to_pytorch(const Config& config, std::uint64_t steps);

// "0f3a…,8b41…@400": what the bits of every lane's weights are after so many steps from the start.
std::string receipt(const Race& race, std::uint64_t steps);

}  // namespace lrlab
