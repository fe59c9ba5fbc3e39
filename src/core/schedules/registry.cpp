// The list of schedules, in the order of the menu.
#include "core/schedule.h"

#define LRLAB_SCHEDULES(ROW) \
  ROW(constant)              \
  ROW(step)                  \
  ROW(multi_step)            \
  ROW(exponential)           \
  ROW(polynomial)            \
  ROW(linear)                \
  ROW(inverse_time)          \
  ROW(inverse_sqrt)          \
  ROW(noam)                  \
  ROW(cosine)                \
  ROW(cosine_restarts)       \
  ROW(cyclical)              \
  ROW(one_cycle)             \
  ROW(wsd)                   \
  ROW(plateau)               \
  ROW(piecewise)

namespace lrlab {
namespace schedule_rows {
#define ROW(id) extern const ScheduleInfo id;
LRLAB_SCHEDULES(ROW)
#undef ROW
#define ROW(id) extern const TorchText id##_torch;
LRLAB_SCHEDULES(ROW)
#undef ROW
}  // namespace schedule_rows

Family<ScheduleInfo> schedules() {
#define ROW(id) &schedule_rows::id,
  static constexpr const ScheduleInfo* kRows[] = {LRLAB_SCHEDULES(ROW)};
#undef ROW
  return kRows;
}

const TorchText& torch_text(const ScheduleInfo& info) {
#define ROW(id) {&schedule_rows::id, &schedule_rows::id##_torch},
  static constexpr struct {
    const ScheduleInfo* info;
    const TorchText* torch;
  } kTexts[] = {LRLAB_SCHEDULES(ROW)};
#undef ROW
  for (const auto& row : kTexts)
    if (row.info == &info) return *row.torch;
  static constexpr TorchText kNone;
  return kNone;
}

}  // namespace lrlab
