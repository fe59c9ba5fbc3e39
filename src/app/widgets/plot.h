// A plot of recorded series in a card: title, what it shows and in which unit, values on hover.
#pragma once

#include "app/ui.h"

namespace lrlab {

struct PlotLine {
  const Series* series = nullptr;
  ImU32 colour = 0;
  int marker = -1;        // lane marker at the end of the line; -1: none
  bool dashed = false;
  bool band = false;      // also minimum to maximum of each stretch
  float weight = 2;  // whole: Dear ImGui has a strip of its texture for such lines, others are three times the triangles
  std::string name{};     // in the list of values
  double unit = 1;        // places on the axis a step is long
};

struct PlotSpec {
  const char* id = "";
  const char* title = "";
  const char* unit = "";
  const char* doc = "";
  std::vector<PlotLine> lines;
  bool log = false;
  bool zero = true;        // a linear axis begins at 0
  double cap = 0;          // never show more than this; 0: everything
  double at_least = 0;     // a linear axis reaches at least this
  bool as_percent = false;
  const char* empty = "Values appear as soon as training runs.";
};

// Ticks at round places: about one every `apart` pixels.
struct Ticks {
  std::vector<double> at;
  std::vector<std::string> text;
  std::vector<const char*> labels;
  void done();
};
void linear_ticks(double lo, double hi, double pixels, double apart, bool whole, bool as_percent, Ticks& t);
void log_ticks(double lo, double hi, double pixels, double apart, Ticks& t);

// Draws the plot inside the rectangle; its controls are named `id`.something.
void plot(Ui& ui, const PlotSpec& spec, ImVec2 pos, ImVec2 size, bool* log_switch = nullptr);

// A curve as few points, and the running mean of them: `smoothing` is what a point keeps of those
// before it where 150 of them fill the curve, corrected for the start.
struct PlotPoint {
  double x, mean, min, max, smooth;
};
void plot_points(const Series& series, std::size_t most, double unit, double smoothing, std::vector<PlotPoint>& out);

}  // namespace lrlab
