#include "experiment/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiment/codec.h"

namespace lrlab::svg {
namespace {

// Okabe and Ito's palette, safe for colour-blind eyes, a little darker where it must be read on white: the
// lanes' colours on the page (src/app/theme.cpp), so that a figure and the screen agree.
constexpr const char* kColours[] = {"#0072B2", "#009E73", "#D55E00", "#B55A8C", "#C17E00", "#2C93CF", "#8C7D00", "#5A5F6B"};
constexpr double kLeft = 70, kTop = 44, kWide = 640, kHigh = 400;  // of the plot

const char* colour(int i) { return kColours[static_cast<std::size_t>(i) % std::size(kColours)]; }

std::string escaped(const std::string& text) {
  std::string out;
  for (char ch : text) {
    if (ch == '<') out += "&lt;";
    else if (ch == '&') out += "&amp;";
    else if (ch == '"') out += "&quot;";
    else out += ch;
  }
  return out;
}

std::string fixed(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", v);
  return text;
}

std::string short_number(double v) {
  char text[40];
  if (std::fabs(v) >= 1e6) {  // 1e8, not 100000000
    const double e = std::floor(std::log10(std::fabs(v)) + 1e-9);
    return short_number(v / std::pow(10.0, e)) + 'e' + number_text(e);
  }
  std::snprintf(text, sizeof text, "%.4g", v);
  return number_text(std::strtod(text, nullptr));
}

// From data to pixels.
class Mapping {
 public:
  Mapping(const ChartAxis& axis, double min, double max, double from, double to) : log_(axis.log), from_(from), to_(to) {
    if (axis.min != axis.max) min = axis.min, max = axis.max;
    min_ = forward(min);
    max_ = forward(max);
    if (!(max_ > min_)) min_ -= 0.5, max_ += 0.5;
  }
  double operator()(double v) const { return from_ + (to_ - from_) * (forward(v) - min_) / (max_ - min_); }
  bool shows(double v) const { return v * 0 == 0 && (!log_ || v > 0); }

  std::vector<double> ticks() const {
    std::vector<double> at;
    if (log_) {
      const int step = std::max(1, static_cast<int>((max_ - min_) / 8));
      for (int e = static_cast<int>(std::ceil(min_ - 1e-9)); e <= max_ + 1e-9; e += step) at.push_back(std::pow(10.0, e));
      if (at.size() >= 3) return at;
      for (const char* digits : {"125", "123456789"}) {  // less than two decades
        at.clear();
        for (int e = static_cast<int>(std::floor(min_)); e <= max_; ++e)
          for (const char* k = digits; *k; ++k)
            if (const double v = (*k - '0') * std::pow(10.0, e); std::log10(v) >= min_ - 1e-9 && std::log10(v) <= max_ + 1e-9) at.push_back(v);
        if (at.size() >= 4) return at;
      }
      at.clear();  // so short a piece of a logarithmic axis is as good as linear
    }
    const double low = log_ ? std::pow(10.0, min_) : min_, high = log_ ? std::pow(10.0, max_) : max_;
    double step = std::pow(10.0, std::floor(std::log10((high - low) / 4)));
    for (double factor : {2.0, 2.5, 2.0})
      if ((high - low) / step > 8) step *= factor;
    for (double v = std::ceil(low / step - 1e-9) * step; v <= high + step * 1e-9; v += step) at.push_back(std::fabs(v) < step / 1e6 ? 0 : v);
    return at;
  }

 private:
  double forward(double v) const { return log_ ? std::log10(std::max(v, 1e-300)) : v; }
  bool log_;
  double from_, to_, min_ = 0, max_ = 1;
};

}  // namespace

std::string base64(const std::string& bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 3; ++k) v = v << 8 | (i + k < bytes.size() ? static_cast<std::uint8_t>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? kDigits[v >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

void Chart::line(std::vector<double> x, std::vector<double> y, int c, std::string label, bool points, bool dashed, bool faint) {
  lines_.push_back({std::move(x), std::move(y), {}, c, std::move(label), points, dashed, faint});
}
void Chart::dots(std::vector<double> x, std::vector<double> y, int c, std::string label) {
  lines_.push_back({std::move(x), std::move(y), {}, c, std::move(label), true, false, false, false});
}
void Chart::band(std::vector<double> x, std::vector<double> low, std::vector<double> high, int c) {
  lines_.push_back({std::move(x), std::move(low), std::move(high), c, "", false, false, false});
}
void Chart::mark_x(double x, int c, std::string label) { marks_.push_back({x, c, std::move(label), true}); }
void Chart::mark_y(double y, int c, std::string label) { marks_.push_back({y, c, std::move(label), false}); }
void Chart::picture(int width, int height, std::vector<std::uint8_t> rgb) {
  width_ = width;
  height_ = height;
  rgb_ = std::move(rgb);
}

std::string Chart::svg() const {
  double x_min = 1e300, x_max = -1e300, y_min = 1e300, y_max = -1e300;
  const auto widen = [](double v, bool log, double& min, double& max) {
    if (!(v * 0 == 0) || (log && v <= 0)) return;
    min = std::min(min, v);
    max = std::max(max, v);
  };
  for (const Line& s : lines_) {
    for (double v : s.x) widen(v, x_.log, x_min, x_max);
    for (double v : s.y) widen(v, y_.log, y_min, y_max);
    for (double v : s.high) widen(v, y_.log, y_min, y_max);
  }
  for (const Mark& m : marks_)
    if (!m.upright) widen(m.at, y_.log, y_min, y_max);
  if (x_min > x_max) x_min = x_.log ? 0.1 : 0, x_max = 1;
  if (y_min > y_max) y_min = y_.log ? 0.1 : 0, y_max = 1;
  const Mapping px(x_, x_min, x_max, kLeft, kLeft + kWide), py(y_, y_min, y_max, kTop + kHigh, kTop);

  // The legend: entries in columns that hold the longest label, of about 6.5 pixels a letter.
  std::size_t legend = 0, longest = 0;
  const auto count = [&](const std::string& label) {
    legend += !label.empty();
    longest = std::max(longest, label.size());
  };
  for (const Line& s : lines_) count(s.label);
  for (const Mark& m : marks_) count(m.label);
  const std::size_t columns = std::clamp<std::size_t>(static_cast<std::size_t>(kWide / (6.5 * static_cast<double>(longest) + 40)), 1, 3);
  const std::size_t legend_rows = (legend + columns - 1) / columns;
  const double bottom = kTop + kHigh + 50, row = 18;
  const double height = bottom + row * static_cast<double>(legend_rows + notes_.size()) + 10;
  std::string s = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + fixed(kLeft + kWide + 30) + " " + fixed(height) +
                  "\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
                  "<clipPath id=\"plot\"><rect x=\"" + fixed(kLeft) + "\" y=\"" + fixed(kTop) + "\" width=\"" + fixed(kWide) + "\" height=\"" +
                  fixed(kHigh) + "\"/></clipPath>\n<text x=\"" + fixed(kLeft) + "\" y=\"24\" font-size=\"15\">" + escaped(title_) + "</text>\n";
  if (!rgb_.empty())
    s += "<image x=\"" + fixed(kLeft) + "\" y=\"" + fixed(kTop) + "\" width=\"" + fixed(kWide) + "\" height=\"" + fixed(kHigh) +
         "\" preserveAspectRatio=\"none\" image-rendering=\"pixelated\" href=\"data:image/png;base64," + base64(png(width_, height_, rgb_)) + "\"/>\n";
  for (double t : px.ticks()) {
    s += "<path d=\"M" + fixed(px(t)) + " " + fixed(kTop) + "v" + fixed(kHigh) + "\" stroke=\"#000\" stroke-opacity=\".12\"/>";
    s += "<text x=\"" + fixed(px(t)) + "\" y=\"" + fixed(kTop + kHigh + 16) + "\" text-anchor=\"middle\">" + short_number(t) + "</text>\n";
  }
  for (double t : py.ticks()) {
    s += "<path d=\"M" + fixed(kLeft) + " " + fixed(py(t)) + "h" + fixed(kWide) + "\" stroke=\"#000\" stroke-opacity=\".12\"/>";
    s += "<text x=\"" + fixed(kLeft - 6) + "\" y=\"" + fixed(py(t) + 4) + "\" text-anchor=\"end\">" + short_number(t) + "</text>\n";
  }
  s += "<rect x=\"" + fixed(kLeft) + "\" y=\"" + fixed(kTop) + "\" width=\"" + fixed(kWide) + "\" height=\"" + fixed(kHigh) + "\" fill=\"none\" stroke=\"#222\"/>\n";
  s += "<text x=\"" + fixed(kLeft + kWide / 2) + "\" y=\"" + fixed(kTop + kHigh + 36) + "\" text-anchor=\"middle\">" + escaped(x_.label) + "</text>\n";
  s += "<text transform=\"translate(16 " + fixed(kTop + kHigh / 2) + ") rotate(-90)\" text-anchor=\"middle\">" + escaped(y_.label) + "</text>\n";

  s += "<g clip-path=\"url(#plot)\" fill=\"none\">\n";
  for (const Line& one : lines_) {
    std::string path;
    if (!one.high.empty()) {
      std::vector<std::size_t> good;
      for (std::size_t i = 0; i < one.x.size(); ++i)
        if (px.shows(one.x[i]) && py.shows(one.y[i]) && py.shows(one.high[i])) good.push_back(i);
      for (std::size_t i : good) path += (path.empty() ? "M" : "L") + fixed(px(one.x[i])) + " " + fixed(py(one.high[i]));
      for (std::size_t k = good.size(); k-- > 0;) path += "L" + fixed(px(one.x[good[k]])) + " " + fixed(py(one.y[good[k]]));
      if (!path.empty()) s += "<path d=\"" + path + "Z\" fill=\"" + colour(one.colour) + "\" fill-opacity=\".2\"/>\n";
      continue;
    }
    bool down = false;
    for (std::size_t i = 0; i < one.x.size(); ++i) {
      const bool good = px.shows(one.x[i]) && py.shows(one.y[i]);
      if (good) path += (down ? "L" : "M") + fixed(px(one.x[i])) + " " + fixed(py(one.y[i]));
      down = good;
      if (good && one.points)
        s += "<circle cx=\"" + fixed(px(one.x[i])) + "\" cy=\"" + fixed(py(one.y[i])) + "\" r=\"3\" fill=\"" + colour(one.colour) + "\"/>\n";
    }
    if (!path.empty() && one.joined) s += "<path d=\"" + path + "\" stroke=\"" + colour(one.colour) + "\" stroke-width=\"" + (one.faint ? "1\" stroke-opacity=\".4" : "1.6") + "\"" + (one.dashed ? " stroke-dasharray=\"5 4\"" : "") + "/>\n";
  }
  for (const Mark& m : marks_) {
    if (!(m.upright ? px : py).shows(m.at)) continue;
    s += m.upright ? "<path d=\"M" + fixed(px(m.at)) + " " + fixed(kTop) + "v" + fixed(kHigh) + "\""
                   : "<path d=\"M" + fixed(kLeft) + " " + fixed(py(m.at)) + "h" + fixed(kWide) + "\"";
    s += " stroke=\"" + std::string(colour(m.colour)) + "\" stroke-dasharray=\"5 4\"/>\n";
  }
  s += "</g>\n";

  std::size_t k = 0;
  const auto entry = [&](int c, const std::string& label, bool dashed) {
    if (label.empty()) return;
    const double x = kLeft + kWide / static_cast<double>(columns) * static_cast<double>(k % columns), y = bottom + row * static_cast<double>(k / columns);
    s += "<path d=\"M" + fixed(x) + " " + fixed(y) + "h20\" stroke-width=\"2\" stroke=\"" + std::string(colour(c)) + "\"" +
         (dashed ? " stroke-dasharray=\"5 4\"" : "") + "/><text x=\"" + fixed(x + 26) + "\" y=\"" + fixed(y + 4) + "\">" + escaped(label) + "</text>\n";
    ++k;
  };
  for (const Line& one : lines_) entry(one.colour, one.label, one.dashed);
  for (const Mark& m : marks_) entry(m.colour, m.label, true);
  double y = bottom + row * static_cast<double>(legend_rows) + 4;
  for (const std::string& text : notes_) {
    s += "<text x=\"" + fixed(kLeft) + "\" y=\"" + fixed(y) + "\">" + escaped(text) + "</text>\n";
    y += row;
  }
  return s + "</svg>\n";
}

// ---- PNG -----------------------------------------------------------------------------------------

// ISO/IEC 15948: a signature, then chunks of length, name, data and CRC-32. The pixels are a zlib
// stream of stored blocks.
std::string png(int width, int height, const std::vector<std::uint8_t>& rgb) {
  const auto word = [](std::uint32_t v) {
    return std::string{static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
  };
  const auto chunk = [&](const std::string& data) {
    std::uint32_t crc = ~0u;
    for (char ch : data) {
      crc ^= static_cast<std::uint8_t>(ch);
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
    }
    return word(static_cast<std::uint32_t>(data.size() - 4)) + data + word(~crc);
  };
  std::string raw;
  const auto row = static_cast<std::size_t>(width) * 3;
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    raw += '\0';  // no filter
    raw.append(reinterpret_cast<const char*>(rgb.data()) + y * row, row);
  }
  std::string zlib = "\x78\x01";
  std::uint32_t a = 1, b = 0;  // Adler-32
  for (char ch : raw) {
    a = (a + static_cast<std::uint8_t>(ch)) % 65521;
    b = (b + a) % 65521;
  }
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t size = std::min<std::size_t>(raw.size() - at, 65535);
    zlib += at + size == raw.size() ? '\1' : '\0';
    for (std::size_t v : {size, ~size})
      for (int shift : {0, 8}) zlib += static_cast<char>(v >> shift & 255);
    zlib.append(raw, at, size);
    at += size;
  }
  zlib += word(b << 16 | a);
  const std::string format{8, 2, 0, 0, 0};  // 8 bits, RGB, deflate, filters by row, not interlaced
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR" + word(static_cast<std::uint32_t>(width)) + word(static_cast<std::uint32_t>(height)) + format) +
         chunk("IDAT" + zlib) + chunk("IEND");
}

void colour_of(double share, std::uint8_t rgb[3]) {
  static constexpr int kViridis[][3] = {{68, 1, 84},    {72, 40, 120},  {62, 74, 137},  {49, 104, 142}, {38, 130, 142},
                                        {31, 158, 137}, {53, 183, 121}, {109, 205, 89}, {253, 231, 37}};
  for (int k = 0; k < 3; ++k) rgb[k] = 255;
  if (share != share) return;
  const double at = std::clamp(share, 0.0, 1.0) * 8;
  const auto i = std::min<std::size_t>(7, static_cast<std::size_t>(at));
  for (std::size_t k = 0; k < 3; ++k)
    rgb[k] = static_cast<std::uint8_t>(kViridis[i][k] + (kViridis[i + 1][k] - kViridis[i][k]) * (at - static_cast<double>(i)) + 0.5);
}

}  // namespace lrlab::svg
