// A person's own samples, painted or read from a file. Nothing is generated: they come with the call.
#include "core/dataset.h"

namespace lrlab {
namespace {

RawData make(const DatasetArgs& a, Random&) { return a.own ? *a.own : RawData(); }

}  // namespace

namespace dataset_rows {
extern const DatasetInfo custom;
const DatasetInfo custom{
    .id = "custom",
    .label = "Your own",
    .doc = "Points that you paint, or the columns of a CSV file that you open. They stay on this machine.",
    .given = true,
    .default_test_fraction = 0,
    .make = make,
};
}  // namespace dataset_rows
}  // namespace lrlab
