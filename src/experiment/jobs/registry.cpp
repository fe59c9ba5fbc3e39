// The list of kinds of jobs, in the order of the menu.
#include "experiment/jobs.h"

#define LRLAB_JOBS(ROW) \
  ROW(range_test)       \
  ROW(sweep)            \
  ROW(crossval)         \
  ROW(ensemble)         \
  ROW(map)              \
  ROW(landscape)        \
  ROW(stability)

namespace lrlab {
namespace job_rows {
#define ROW(id) extern const JobInfo id;
LRLAB_JOBS(ROW)
#undef ROW
}  // namespace job_rows

Family<JobInfo> job_kinds() {
#define ROW(id) &job_rows::id,
  static constexpr const JobInfo* kRows[] = {LRLAB_JOBS(ROW)};
#undef ROW
  return kRows;
}

}  // namespace lrlab
