// Real data: Fisher's Iris, 150 flowers of 3 species, 4 lengths in cm each.
#include "core/assets.h"
#include "core/dataset.h"
#include "core/parse.h"

namespace lrlab {
namespace {

// One line a sample, numbers joined by commas, the class last; the first line is a header.
RawData make(const DatasetArgs&, Random&) {
  RawData d{.features = 4, .classes = 3, .x = {}, .y = {}};
  std::string_view text(reinterpret_cast<const char*>(lrlab_assets::iris.data),
                        lrlab_assets::iris.size);
  text.remove_prefix(text.find('\n') + 1);
  for (int column = 0; !text.empty(); column = (column + 1) % 5) {
    double v = 0;
    const std::size_t used = parse_number(text, v);
    (column < 4 ? d.x : d.y).push_back(v);
    text.remove_prefix(used < text.size() ? used + 1 : used);
  }
  return d;
}

}  // namespace

namespace dataset_rows {
extern const DatasetInfo iris;
const DatasetInfo iris{
    .id = "iris",
    .label = "Iris (real)",
    .doc = "150 flowers, 4 measurements, 3 species; standardised. Small enough to overfit in seconds.",
    .source = "Fisher 1936, The use of multiple measurements in taxonomic problems; UCI, CC BY 4.0",
    .features = 4,
    .classes = 3,
    .fixed_count = 150,
    .standardize = true,
    .file = &lrlab_assets::iris,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
