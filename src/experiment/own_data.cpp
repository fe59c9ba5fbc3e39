#include "experiment/own_data.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "experiment/codec.h"
#include "experiment/table.h"

namespace lrlab {
namespace {

// Six bits a character, of those that a link carries as they are.
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr double kGrid = 1024;  // places from 0 to 1
constexpr int kMiddle = 2048;   // of twelve bits
constexpr int kScale = 31;      // steps from 0 to 1 of a value

std::string painted_text(const RawData& raw) {
  std::string s(1, raw.classes == 0 ? 'v' : 'c');
  const auto number = [&](double v) {
    const int i = std::clamp(static_cast<int>(std::lround(v * kGrid)) + kMiddle, 0, 4095);
    s += kDigits[static_cast<std::size_t>(i >> 6)];
    s += kDigits[static_cast<std::size_t>(i & 63)];
  };
  for (std::size_t i = 0; i < raw.count(); ++i) {
    number(raw.x[2 * i]);
    number(raw.x[2 * i + 1]);
    s += kDigits[static_cast<std::size_t>(raw.classes == 0 ? std::lround(raw.y[i] * kScale) + kScale : std::lround(raw.y[i]))];
  }
  return s;
}

std::uint64_t mark_of(const OwnData& d) {
  std::uint64_t h = 14695981039346656037ull;
  const auto add = [&](std::uint64_t v) { h = (h ^ v) * 1099511628211ull, h ^= h >> 29; };
  add(static_cast<std::uint64_t>(d.raw.features));
  add(static_cast<std::uint64_t>(d.raw.classes));
  add(d.painted);
  for (double v : d.raw.x) add(std::bit_cast<std::uint64_t>(v));
  for (double v : d.raw.y) add(std::bit_cast<std::uint64_t>(v));
  return h;
}

Own read_painted(std::string_view text, std::string& error) {
  const bool regression = text.front() == 'v';
  text.remove_prefix(1);
  if (text.size() % 5 != 0 || text.size() / 5 > kMaxPainted) {
    error = "it must have five characters for each of at most " + std::to_string(kMaxPainted) + " points";
    return {};
  }
  std::vector<PaintedPoint> points;
  for (std::size_t i = 0; i < text.size(); i += 5) {
    int d[5];
    for (std::size_t k = 0; k < 5; ++k) {
      const std::size_t at = kDigits.find(text[i + k]);
      if (at == std::string_view::npos) {
        error = "point " + std::to_string(i / 5 + 1) + " has a character that is none of A to Z, a to z, 0 to 9, - and _";
        return {};
      }
      d[k] = static_cast<int>(at);
    }
    if (regression ? d[4] > 2 * kScale : d[4] >= kMaxPaintClasses) {
      error = "point " + std::to_string(i / 5 + 1) + " has no such " + (regression ? "value" : "class");
      return {};
    }
    points.push_back({(d[0] * 64 + d[1] - kMiddle) / kGrid, (d[2] * 64 + d[3] - kMiddle) / kGrid,
                      regression ? static_cast<double>(d[4] - kScale) / kScale : d[4]});
  }
  return paint(points, regression);
}

}  // namespace

Own::Own(OwnData data) {
  data.mark = mark_of(data);
  if (data.painted && data.raw.count() > 0 && data.raw.count() <= kMaxLinkPoints) data.link = painted_text(data.raw);
  data_ = std::make_shared<const OwnData>(std::move(data));
}

bool Own::operator==(const Own& o) const {
  if (data_ == o.data_) return true;
  if (!data_ || !o.data_ || data_->mark != o.data_->mark) return false;
  return data_->raw.x == o.data_->raw.x && data_->raw.y == o.data_->raw.y && data_->raw.features == o.data_->raw.features &&
         data_->raw.classes == o.data_->raw.classes && data_->painted == o.data_->painted && data_->name == o.data_->name &&
         data_->inputs == o.data_->inputs && data_->classes == o.data_->classes && data_->target == o.data_->target;
}

double on_grid(double v) {
  const double end = std::floor(kBoard * kGrid) / kGrid;
  return v == v ? std::clamp(std::nearbyint(v * kGrid) / kGrid, -end, end) + 0.0 : 0;
}
double on_scale(double v) { return v == v ? std::nearbyint(std::clamp(v, -1.0, 1.0) * kScale) / kScale + 0.0 : 0; }

Own paint(const std::vector<PaintedPoint>& points, bool regression) {
  OwnData d;
  d.painted = true;
  d.raw.classes = regression ? 0 : 2;
  for (const PaintedPoint& p : points) {
    if (d.raw.count() == kMaxPainted) break;
    d.raw.x.push_back(on_grid(p.x));
    d.raw.x.push_back(on_grid(p.y));
    const int k = std::clamp(static_cast<int>(p.value), 0, kMaxPaintClasses - 1);
    d.raw.y.push_back(regression ? on_scale(p.value) : k);
    if (!regression) d.raw.classes = std::max(d.raw.classes, k + 1);
  }
  return Own(std::move(d));
}

std::vector<PaintedPoint> points_of(const Own& own) {
  std::vector<PaintedPoint> out;
  if (own && own->painted)
    for (std::size_t i = 0; i < own.count(); ++i) out.push_back({own->raw.x[2 * i], own->raw.x[2 * i + 1], own->raw.y[i]});
  return out;
}

// Painted points as in a link. A file's columns: a line that says what the last column is and how the
// file was called, then a CSV table.
std::string to_text(const Own& own) {
  if (!own) return {};
  if (own->painted) return painted_text(own->raw);
  const RawData& raw = own->raw;
  std::string s = std::string(raw.classes == 0 ? "numbers " : "classes ") + own->name + "\n";
  const auto quoted = [](const std::string& text) {
    std::string q = "\"";
    for (char ch : text) q += ch == '"' ? std::string("\"\"") : std::string(1, ch);
    return q + "\"";
  };
  for (const std::string& name : own->inputs) s += quoted(name) + ",";
  s += quoted(own->target) + "\n";
  const auto features = static_cast<std::size_t>(raw.features);
  for (std::size_t i = 0; i < raw.count(); ++i) {
    for (std::size_t k = 0; k < features; ++k) s += number_text(raw.x[i * features + k]) + ",";
    s += (raw.classes == 0 ? number_text(raw.y[i]) : quoted(own->classes[static_cast<std::size_t>(raw.y[i])])) + "\n";
  }
  return s;
}

Own own_from_text(std::string_view text, std::string& error) {
  error.clear();
  if (!text.empty() && (text.front() == 'v' || (text.front() == 'c' && !text.starts_with("classes ")))) return read_painted(text, error);
  const std::size_t line = text.find('\n');
  const bool classes = text.starts_with("classes "), numbers = text.starts_with("numbers ");
  if (line == std::string_view::npos || (!classes && !numbers)) {
    error = "it is neither painted points nor a table";
    return {};
  }
  const Table table = read_table(text.substr(line + 1), 2 * kMaxTable);
  if (!table.error.empty()) {
    error = table.error;
    return {};
  }
  TableChoice choice = suggest(table);
  choice.header = true;
  choice.target = static_cast<int>(table.columns) - 1;
  choice.input.assign(table.columns, true);
  choice.input.back() = false;
  choice.classes = classes;
  choice.scale = false;  // it has been done
  return own_from_table(table, choice, text.substr(8, line - 8), error);
}

}  // namespace lrlab
