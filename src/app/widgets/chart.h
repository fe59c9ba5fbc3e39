// A chart of results: two axes with round numbers, lines, bands, marks and cells. Drawn at once from
// what it is given; nothing is kept. (plot.h has the plots of a live run.)
#pragma once

#include <span>

#include "app/ui.h"

namespace lrlab {

struct ChartAxis {
  std::string name = {};
  double min = 0, max = 1;
  bool log = false;
  bool whole = false;   // steps: whole numbers
  bool frame = true;    // with some air at the ends

  // Widens the range to hold v; the first call sets it.
  void hold(double v);
  bool empty = true;
  ~ChartAxis();
};

class Chart {
 public:
  // Draws axes and grid inside the rectangle.
  Chart(Ui& ui, ImVec2 pos, ImVec2 size, const ChartAxis& x, const ChartAxis& y);
  ~Chart();
  Chart(const Chart&) = delete;
  Chart& operator=(const Chart&) = delete;

  // Values that are no numbers break a line.
  void line(std::span<const double> x, std::span<const double> y, ImU32 colour, float weight = 2);
  void band(std::span<const double> x, std::span<const double> low, std::span<const double> high, ImU32 colour);
  void dot(double x, double y, ImU32 colour, float radius = 3.5f);
  void upright(double x, double y0, double y1, ImU32 colour);  // a piece of an upright line: an error bar
  void zone_x(double from, double to, ImU32 colour);
  void mark_x(double x, ImU32 colour, std::string_view label);  // words at the top, side by side
  void mark_y(double y, ImU32 colour, std::string_view label);

  ImVec2 at(double x, double y) const;  // never far outside
  double share_x(double x) const;       // 0 to 1 from the left
  double value_x(double share) const;
  // The pointer, inside the chart; its share from the left and from the bottom.
  bool hovered = false;
  double mouse_x = 0, mouse_y = 0;
  ImVec2 pos, size;                     // of the inside

 private:
  double share_y(double y) const;
  Ui& ui_;
  ChartAxis x_, y_;
  std::vector<ImVec2> words_;           // beginning and end of those at the top
};

// Cells of one colour each, [y·nx + x], y upwards; alpha 0: not drawn. Neighbours of one colour are one
// rectangle.
void draw_cells(ImDrawList* dl, ImVec2 pos, ImVec2 size, int nx, int ny, const std::vector<ImU32>& colour);

}  // namespace lrlab
