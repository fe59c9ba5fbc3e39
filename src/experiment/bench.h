// The speed of training on six fixed workloads, the same code natively, under Node and in the page.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "core/trainer.h"

namespace lrlab {

struct Workload {
  const char* id;         // "w1"
  const char* what;       // network, batch, optimizer
  const char* unit;       // "samples/s" or "parameters/s"
  int inputs;
  std::span<const int> hidden;
  int outputs;
  const char* activation;
  const char* output_activation;
  const char* loss;
  int points;             // in memory
  int batch;
  const char* optimizer;
  double lr;
};

std::span<const Workload> workloads();

// A trainer ready to run the workload (not for w6, which is an update alone).
std::unique_ptr<Trainer> make_trainer(const Workload& workload);

struct BenchResult {
  double rate = 0;                       // units per second
  double first_loss = 0, last_loss = 0;  // over all points, to show that it really learns (w6: 0)
  double step_seconds = 0;
};

// Runs the workload for about `seconds` by `clock`. The rate is the median of some twenty slices.
BenchResult measure(const Workload& workload, double seconds, const std::function<double()>& clock);

}  // namespace lrlab
