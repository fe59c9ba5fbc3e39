// Jobs one click away.
#include "experiment/jobs.h"

namespace lrlab {
namespace {

Job with_axes(const char* kind, const Config& base, std::initializer_list<const char*> axes) {
  Job job = make_job(kind, base);
  for (const char* axis : axes) job.axes.push_back(*axis_from_text(axis));
  return job;
}

}  // namespace

std::span<const JobPreset> job_presets() {
  static constexpr JobPreset kPresets[] = {
      {"lr_sweep", "Best rate", "The rate over four decades, five seeds each.",
       [](const Config& base) {
         Job job = with_axes("sweep", base, {"lr=1e-4:1:log:17"});
         job.set("seeds", 5);
         return job;
       }},
      {"optimizers", "Optimizers", "Four optimizers, each over the rate: how wide is the good region of each?",
       [](const Config& base) {
         Job job = with_axes("sweep", base, {"optimizer=sgd,momentum,nesterov,adam", "lr=1e-4:10:log:16"});
         job.set("seeds", 3);
         return job;
       }},
  };
  return kPresets;
}

}  // namespace lrlab
