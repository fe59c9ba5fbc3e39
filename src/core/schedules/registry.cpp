// The list of schedules, in the order of the menu.
#include "core/schedule.h"

#define LRLAB_SCHEDULES(ROW) \
  ROW(constant)              \
  ROW(step)                  \
  ROW(cosine)

namespace lrlab {
namespace schedule_rows {
#define ROW(id) extern const ScheduleInfo id;
LRLAB_SCHEDULES(ROW)
#undef ROW
}  // namespace schedule_rows

Family<ScheduleInfo> schedules() {
#define ROW(id) &schedule_rows::id,
  static constexpr const ScheduleInfo* kRows[] = {LRLAB_SCHEDULES(ROW)};
#undef ROW
  return kRows;
}

}  // namespace lrlab
