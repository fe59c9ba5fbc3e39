// Same seed, same bits: short trainings whose parameters must hash to the numbers that are
// committed in tests/golden/hashes.json, whatever the compiler, its flags, the processor or the
// platform.
//
// One scenario for every row of every family, and some that combine many parts. A row without a
// number (a new one) is named and passes. To write the file anew after a wanted change:
//
//   LRLAB_UPDATE_HASHES=1 lrlab-tests -tc='same bits*'
//
// Then look at the diff: only what was meant to change may have changed.
#include <doctest/doctest.h>

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "golden/golden.h"
#include "unit/core/problems.h"

#ifndef LRLAB_DOUBLE  // the product's number type only

namespace lrlab {
namespace {

using namespace testing;

std::string hash_file() { return std::string(LRLAB_SOURCE_DIR) + "/tests/golden/hashes.json"; }

// What the scenarios end on, compared with the committed numbers; with LRLAB_UPDATE_HASHES written.
class Hashes {
 public:
  Hashes() : update_(!golden::environment("LRLAB_UPDATE_HASHES").empty()) {
    std::ifstream in(hash_file(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const golden::Json json = golden::Json::parse(text, nullptr, false);
    if (!json.is_object()) return;
    for (const auto& [name, hash] : json.items())
      if (hash.is_string()) known_[name] = hash.get<std::string>();
  }

  void check(const std::string& name, std::span<const Real> values) {
    char hash[17];
    std::snprintf(hash, sizeof hash, "%016" PRIx64, hash_bits(values));
    found_[name] = hash;
    if (update_) return;
    if (!known_.contains(name))
      std::printf("same bits: %s has no hash yet; it is %s\n", name.c_str(), hash);
    else
      CHECK_MESSAGE(known_[name] == hash, name);
  }

  // Trains, and hashes where it ended.
  void check(const std::string& name, std::shared_ptr<const Problem> problem,
             TrainSettings settings, int steps) {
    Trainer trainer(std::move(problem), std::move(settings));
    for (int i = 0; i < steps && !trainer.finished(); ++i) trainer.step();
    CHECK_MESSAGE(!trainer.state().diverged, name);
    check(name, trainer.eval_theta());
  }

  // Writes the file anew, or complains about numbers that no scenario claims any more.
  void finish() const {
    if (update_) {
      std::ofstream(hash_file(), std::ios::binary) << golden::Json(found_).dump(1) << "\n";
      std::printf("same bits: wrote %d hashes to %s\n", static_cast<int>(found_.size()),
                  hash_file().c_str());
      return;
    }
    for (const auto& [name, hash] : known_)
      CHECK_MESSAGE(found_.contains(name), "no scenario is called ", name);
  }

 private:
  bool update_;
  std::map<std::string, std::string> known_, found_;
};

std::shared_ptr<const Problem> small_network() {
  return make_network({.dataset = "spiral", .hidden = {8, 8}, .count = 200, .test_fraction = 0});
}

TrainSettings small_batches(const char* optimizer, double lr, const char* schedule = "constant",
                            const char* clip = "none") {
  TrainSettings s = make_settings(optimizer, lr, schedule, clip);
  s.batch_size = 10;
  return s;
}

void optimizer_scenarios(Hashes& hashes) {
  for (const OptimizerInfo* info : optimizers())
    hashes.check(std::string("optimizer/") + info->id, small_network(),
                 small_batches(info->id, info->default_lr), 300);
}

void schedule_clipper_and_surface_scenarios(Hashes& hashes) {
  for (const ScheduleInfo* info : schedules()) {
    TrainSettings s = small_batches("momentum", 0.03, info->id);
    s.warmup_steps = 20;
    s.warmup = WarmupKind::kCosine;
    hashes.check(std::string("schedule/") + info->id, small_network(), s, 300);
  }
  for (const ClipperInfo* info : clippers())
    hashes.check(std::string("clipper/") + info->id, small_network(),
                 small_batches("sgd", 0.3, "cosine", info->id), 300);
  for (const SurfaceInfo* info : surfaces()) {
    TrainSettings s = make_settings("adam", 0.01);
    s.grad_noise = 0.01;
    hashes.check(std::string("surface/") + info->id, make_surface(info->id), s, 300);
  }
}

void data_and_network_scenarios(Hashes& hashes) {
  for (const DatasetInfo* info : datasets())
    hashes.check(std::string("dataset/") + info->id,
                 make_network({.dataset = info->id, .hidden = {7}, .noise = 0.1}),
                 make_settings("adam", 0.01), 100);
  for (const LossInfo* info : losses())
    hashes.check(std::string("loss/") + info->id,
                 make_network({.dataset = "moons", .hidden = {9}, .loss = info->id}),
                 make_settings("sgd", 0.1), 200);
  for (const ActivationInfo* info : activations()) {
    hashes.check(std::string("activation/") + info->id,
                 make_network({.dataset = "sine", .hidden = {5, 6}, .activation = info->id}),
                 make_settings("sgd", 0.05), 200);
    hashes.check(
        std::string("output/") + info->id,
        make_network({.dataset = "circle", .hidden = {5}, .output = info->id, .loss = "mse"}),
        make_settings("sgd", 0.05), 200);
  }
  for (const InitializerInfo* info : initializers()) {
    auto problem = std::make_shared<Problem>(*make_network({.dataset = "iris", .hidden = {6}}));
    problem->initializer = info;
    hashes.check(std::string("initializer/") + info->id, problem, make_settings("sgd", 0.05), 50);
  }
}

void whole_trainings(Hashes& hashes) {
  {
    TrainSettings s = make_settings("adam", 0.01);
    s.batch_size = 32;
    hashes.check("run/digits relu 64-32-10 adam",
                 make_network({.dataset = "digits", .hidden = {32}, .activation = "relu"}), s,
                 1000);
  }
  {
    TrainSettings s = make_settings("muon", 0.02, "one_cycle", "norm");
    s.batch_size = 64;
    s.dropout = 0.2;
    s.averaging = Averaging::kEma;
    s.ema_decay = 0.99;
    hashes.check("run/digits gelu 64-40-24-10 muon one_cycle dropout ema",
                 make_network({.dataset = "digits", .hidden = {40, 24}, .activation = "gelu"}), s,
                 400);
  }
  {
    TrainSettings s = make_settings("lbfgs", 1);
    s.batch_size = 0;
    s.l2 = 1e-3;
    hashes.check("run/moons tanh lbfgs full batch l2",
                 make_network({.dataset = "moons", .hidden = {12}}), s, 30);
  }
  {
    TrainSettings s = make_settings("momentum", 0.1, "cosine_restarts", "agc");
    s.averaging = Averaging::kSwa;
    s.average_start = 200;
    s.l1 = 1e-4;
    hashes.check(
        "run/checkerboard relu momentum restarts agc swa l1",
        make_network({.dataset = "checkerboard", .hidden = {24, 24}, .activation = "relu"}), s,
        600);
  }
  {
    TrainSettings s = make_settings("rmsprop", 0.003, "plateau", "autoclip");
    s.schedule_in_epochs = true;
    s.early_stop = 20;
    s.grad_noise = 1e-3;
    hashes.check("run/iris sigmoid rmsprop plateau early stop noise",
                 make_network({.dataset = "iris", .hidden = {10}, .activation = "sigmoid"}), s,
                 800);
  }
  {
    TrainSettings s = make_settings("schedule_free_adamw", 0.01, "constant", "value");
    s.warmup_steps = 50;
    hashes.check("run/sine gelu_tanh schedule_free_adamw warm-up",
                 make_network({.dataset = "sine", .hidden = {16, 16}, .activation = "gelu_tanh"}),
                 s, 500);
  }
  {
    TrainSettings s = make_settings("adamw", 0.01, "wsd");
    s.batch_size = 7;
    s.shuffle = false;
    hashes.check(
        "run/gaussians leaky_relu adamw wsd in order",
        make_network({.dataset = "gaussians", .hidden = {11, 5}, .activation = "leaky_relu"}), s,
        500);
  }
  {
    TrainSettings s = make_settings("prodigy", 1, "cosine");
    s.batch_size = 50;
    hashes.check("run/xor tanh prodigy", make_network({.dataset = "xor", .hidden = {8}}), s, 400);
  }
  {
    TrainSettings s = make_settings("momentum", 1e-3, "cyclical", "layer_norm");
    s.grad_noise = 0.1;
    hashes.check("run/himmelblau momentum cyclical", make_surface("himmelblau"), s, 2000);
  }
}

TEST_CASE("same bits: short trainings end on the committed hashes" IN_REAL) {
  Hashes hashes;
  optimizer_scenarios(hashes);
  schedule_clipper_and_surface_scenarios(hashes);
  data_and_network_scenarios(hashes);
  whole_trainings(hashes);
  hashes.finish();
}

}  // namespace
}  // namespace lrlab

#endif
