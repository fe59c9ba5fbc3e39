// Real data: 1797 handwritten digits as 8 by 8 pictures, grey levels 0 to 16.
#include "core/assets.h"
#include "core/dataset.h"

namespace lrlab {
namespace {

// One line a sample: 64 letters, 'a' for 0 to 'q' for 16, then the digit. Lines that begin with '#'
// are comments.
RawData make(const DatasetArgs&, Random&) {
  RawData d{.features = 64, .classes = 10, .x = {}, .y = {}};
  const char* p = reinterpret_cast<const char*>(lrlab_assets::digits.data);
  const char* end = p + lrlab_assets::digits.size;
  while (p < end) {
    const char* line_end = p;
    while (line_end < end && *line_end != '\n') ++line_end;
    if (*p != '#' && line_end - p >= 65) {
      for (int i = 0; i < 64; ++i) d.x.push_back((p[i] - 'a') / 16.0);
      d.y.push_back(p[64] - '0');
    }
    p = line_end + 1;
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo digits;
const DatasetInfo digits{
    .id = "digits",
    .label = "Digits (real)",
    .doc = "1797 handwritten digits of 8 by 8 pixels, scaled to 0 to 1; 10 classes.",
    .source = "Alpaydin & Kaynak 1998, Optical recognition of handwritten digits; UCI, CC BY 4.0",
    .features = 64,
    .classes = 10,
    .fixed_count = 1797,
    .file = &lrlab_assets::digits,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
