// Jobs one click away. Their words fit into one line of the menu.
#include "experiment/jobs.h"

namespace lrlab {
namespace {

Job with_axes(const char* kind, const Config& base, std::initializer_list<const char*> axes) {
  Job job = make_job(kind, base);
  for (const char* axis : axes) job.axes.push_back(*axis_from_text(axis));
  return job;
}

// `base` with these settings, as far as they are known.
Config with(Config base, const std::vector<Setting>& settings) {
  apply_settings(base, settings);
  return base;
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
      {"optimizers", "Optimizers", "Four of them, each over the rate.",
       [](const Config& base) {
         Job job = with_axes("sweep", base, {"optimizer=sgd,momentum,nesterov,adam", "lr=1e-4:10:log:16"});
         job.set("seeds", 3);
         return job;
       }},
      {"crossval_lr", "Cross-validated rate", "Ten rates, each judged by five folds.",
       [](const Config& base) { return with_axes("crossval", base, {"lr=1e-3:1:log:10"}); }},
      {"lr_batch_size", "Rate × batch size", "Does twice the batch bear twice the rate?",
       [](const Config& base) { return with_axes("map", base, {"lr=1e-3:10:log", "batch_size=1:256:log"}); }},
      {"lr_momentum", "Rate × momentum", "What counts is about lr/(1 − momentum).",
       [](const Config& base) {
         return with_axes("map", with(base, {{"optimizer", "momentum"}}), {"lr=1e-3:10:log", "momentum=0:0.99:lin"});
       }},
      {"lr_warmup", "Rate × warm-up", "A warm-up moves the edge to higher rates.",
       [](const Config& base) { return with_axes("map", base, {"lr=1e-2:10:log", "warmup_steps=0:200:lin"}); }},
      {"lr_init_scale", "Rate × initial weights", "Large first weights lower the highest rate.",
       [](const Config& base) { return with_axes("map", base, {"lr=1e-3:10:log", "init_scale=0.1:10:log"}); }},
      {"lr_weight_decay", "Rate × weight decay", "With AdamW: the good region is a diagonal.",
       [](const Config& base) {
         return with_axes("map", with(base, {{"optimizer", "adamw"}}), {"lr=1e-4:1:log", "weight_decay=1e-4:1:log"});
       }},
      {"edge_of_stability", "Edge of stability", "Sharpness rises to 2/lr and stays there.",
       [](const Config&) {  // Cohen et al.'s toy: 20 points of a Chebyshev polynomial
         const Config c = from_query("dataset=chebyshev&count=20&test_fraction=0&hidden=100&activation=tanh&loss=half_mse&init=torch&optimizer=sgd&batch_size=0");
         Job job = with_axes("stability", c, {"lr=0.05,0.07,0.1,0.12"});
         job.set("steps", 60000);
         job.set("points", 200);
         return job;
       }},
      {"fractal", "Fractal edge", "A rate for each of two layers: zoom into it.",
       [](const Config&) {
         const Config c = from_query("dataset=random&count=81&test_fraction=0&hidden=8&activation=tanh&loss=mse&optimizer=sgd&batch_size=0");
         Job job = with_axes("map", c, {"lr=0.1:10:log", "first_lr=0.1:10:log"});
         job.set("steps", 200);
         job.set("size", 4);
         return job;
       }},
  };
  return kPresets;
}

}  // namespace lrlab
