// A person's own samples: points painted on a board, or columns of a CSV file. A value like the rest
// of a config: immutable once made, shared by all who hold it, equal by content.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/dataset.h"

namespace lrlab {

inline constexpr std::size_t kMaxPainted = 1000;    // points on the board
inline constexpr std::size_t kMaxLinkPoints = 150;  // of them in a link
inline constexpr double kBoard = 1.1;               // the board reaches from −kBoard to kBoard both ways
inline constexpr int kMaxPaintClasses = 3;
inline constexpr const char* kDataKey = "data";

struct OwnData {
  RawData raw;
  bool painted = false;  // lies on the board and is used as it is; columns of a file are standardised

  // Of a file:
  std::string name;                         // without its folder
  std::vector<std::string> inputs, classes;  // names, to be shown with printable(); classes in the order of their indices
  std::string target;

  std::uint64_t mark = 0;  // of the content
  std::string link;        // the points as a link carries them; empty: too many, or a file's
};

// Holds nothing, or samples.
class Own {
 public:
  Own() = default;
  explicit Own(OwnData data);
  const OwnData* get() const { return data_.get(); }
  const OwnData* operator->() const { return data_.get(); }
  explicit operator bool() const { return data_ != nullptr; }
  std::size_t count() const { return data_ ? data_->raw.count() : 0; }
  bool operator==(const Own& other) const;

 private:
  std::shared_ptr<const OwnData> data_;
};

// Points on the board. x and y lie on a grid, so that a link tells them exactly; y of the sample is a
// class (0, 1, 2) or, for regression, a value from −1 to 1 in 62 steps.
struct PaintedPoint {
  double x = 0, y = 0, value = 0;
};
double on_grid(double coordinate);  // the nearest place of the grid, on the board
double on_scale(double value);      // the nearest value that a painted point can have
Own paint(const std::vector<PaintedPoint>& points, bool regression);
std::vector<PaintedPoint> points_of(const Own& own);

// All of it as text and back, for JSON and for the workers of a job. Nothing, and `error` says why,
// if the text is no such data.
std::string to_text(const Own& own);
Own own_from_text(std::string_view text, std::string& error);

}  // namespace lrlab
