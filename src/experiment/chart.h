// A chart as an SVG file that needs nothing else: lines, bands, points, marks and heat maps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lrlab::svg {

struct ChartAxis {
  std::string label;
  bool log = false;
  double min = 0, max = 0;  // equal: as the data say
};

class Chart {
 public:
  Chart(std::string title, ChartAxis x, ChartAxis y) : title_(std::move(title)), x_(std::move(x)), y_(std::move(y)) {}

  // Non-finite points break a line; `label` (may be empty) goes into the legend.
  void line(std::vector<double> x, std::vector<double> y, int colour, std::string label, bool points = false, bool dashed = false, bool faint = false);
  void dots(std::vector<double> x, std::vector<double> y, int colour, std::string label);  // points alone
  void band(std::vector<double> x, std::vector<double> low, std::vector<double> high, int colour);
  void mark_x(double x, int colour, std::string label);  // an upright line
  void mark_y(double y, int colour, std::string label);
  // rgb: width × height pixels, top row first, over the whole plot. `note`: lines under the picture.
  void picture(int width, int height, std::vector<std::uint8_t> rgb);
  void note(std::string text) { notes_.push_back(std::move(text)); }

  std::string svg() const;

 private:
  struct Line {
    std::vector<double> x, y, high;  // high: of a band
    int colour;
    std::string label;
    bool points, dashed, faint = false, joined = true;
  };
  struct Mark {
    double at;
    int colour;
    std::string label;
    bool upright;
  };
  std::string title_;
  ChartAxis x_, y_;
  std::vector<Line> lines_;
  std::vector<Mark> marks_;
  std::vector<std::string> notes_;
  int width_ = 0, height_ = 0;
  std::vector<std::uint8_t> rgb_;
};

std::string base64(const std::string& bytes);

// A PNG file: `rgb`, width × height pixels of three bytes, top row first. Not compressed.
std::string png(int width, int height, const std::vector<std::uint8_t>& rgb);

// 0 to 1 → dark blue to yellow (viridis by its own colours at nine places), NaN: white.
void colour_of(double share, std::uint8_t rgb[3]);

}  // namespace lrlab::svg
