#include "experiment/bench.h"

#include <algorithm>
#include <string_view>

namespace lrlab {
namespace {

constexpr int kTiny[] = {4, 2}, kSmall[] = {8, 8}, kMedium[] = {32, 32}, kLarge[] = {128, 128, 128};
constexpr int kPixels[] = {128, 64};
constexpr std::size_t kUpdateParams = 1000000;

// Points on [-1, 1] with a smooth rule; the values do not matter for speed, but training must learn.
Data make_points(const Workload& w, const LossInfo& loss) {
  RawData raw{.features = w.inputs, .classes = w.outputs > 1 ? w.outputs : 2, .x = {}, .y = {}};
  Random random(1, Stream::kData);
  for (int i = 0; i < w.points; ++i) {
    double sum = 0;
    for (int f = 0; f < w.inputs; ++f) {
      raw.x.push_back(random.uniform(-1, 1));
      sum += raw.x.back() * ((f + 1) % 3 - 0.7);
    }
    const int classes = raw.classes;
    const int bin = static_cast<int>((sum + 2) * classes / 4);
    raw.y.push_back(((bin % classes) + classes) % classes);
  }
  Random split(1, Stream::kSplit);
  return make_data(raw, 0, false, loss, split);
}

}  // namespace

std::span<const Workload> workloads() {
  static constexpr Workload kWorkloads[] = {
      {"w1", "2-4-2-1 tanh, tanh output, squared error, batch 10, SGD", "samples/s", 2, kTiny, 1, "tanh", "tanh", "mse", 500, 10, "sgd", 0.03},
      {"w2", "2-8-8-1 tanh, tanh output, squared error, batch 32, Adam", "samples/s", 2, kSmall, 1, "tanh", "tanh", "mse", 4096, 32, "adam", 0.001},
      {"w3", "2-32-32-1 relu, squared error, batch 64, Adam", "samples/s", 2, kMedium, 1, "relu", "identity", "mse", 4096, 64, "adam", 0.001},
      {"w4", "2-128-128-128-1 relu, squared error, batch 256, Adam", "samples/s", 2, kLarge, 1, "relu", "identity", "mse", 4096, 256, "adam", 0.001},
      {"w5", "784-128-64-10 relu, cross-entropy, batch 128, Adam", "samples/s", 784, kPixels, 10, "relu", "identity", "cross_entropy", 4096, 128, "adam", 0.001},
      {"w6", "Adam update alone, 1,000,000 parameters", "parameters/s", 0, {}, 0, "", "", "", 0, 0, "adam", 0.001},
  };
  return kWorkloads;
}

std::unique_ptr<Trainer> make_trainer(const Workload& w) {
  auto problem = std::make_shared<Problem>();
  problem->loss = find(losses(), w.loss);
  problem->data = std::make_shared<Data>(make_points(w, *problem->loss));
  std::vector<int> sizes{w.inputs};
  sizes.insert(sizes.end(), w.hidden.begin(), w.hidden.end());
  sizes.push_back(w.outputs);
  problem->mlp = Mlp(sizes, *find(activations(), w.activation), *find(activations(), w.output_activation));
  problem->initializer = find(initializers(), "xavier_uniform");
  TrainSettings s;
  s.lr = w.lr;
  s.optimizer = with_defaults(*find(optimizers(), w.optimizer));
  s.schedule = with_defaults(*find(schedules(), "constant"));
  s.clip = with_defaults(*find(clippers(), "none"));
  s.batch_size = w.batch;
  s.shuffle = false;
  return std::make_unique<Trainer>(problem, s);
}

BenchResult measure(const Workload& w, double seconds, const std::function<double()>& clock) {
  std::unique_ptr<Trainer> trainer;
  std::vector<Real> theta, grad, state;
  OptimizerStep update;
  double units = w.batch;
  const auto optimizer = with_defaults(*find(optimizers(), w.optimizer));
  if (w.inputs > 0) {
    trainer = make_trainer(w);
  } else {
    theta.assign(kUpdateParams, Real(0.1));
    grad.assign(kUpdateParams, Real(0.01));
    state.assign(kUpdateParams * static_cast<std::size_t>(optimizer.info->slots(optimizer.params)), Real(0));
    update = {.n = kUpdateParams, .theta = theta.data(), .grad = grad.data(), .state_begin = state.data(),
              .scalars = nullptr, .params = optimizer.params, .tensors = {}, .lr = w.lr, .step = 0, .loss = 0, .evaluate = {}};
    units = kUpdateParams;
  }
  const auto steps = [&](std::uint64_t n) {
    for (std::uint64_t i = 0; i < n; ++i) {
      if (trainer) {
        trainer->step();
      } else {
        optimizer.info->update_whole(update);
        ++update.step;
      }
    }
  };
  BenchResult result;
  if (trainer) result.first_loss = trainer->evaluate_train().loss;
  // Slices of a twentieth of the time; the first ones find out how many steps that is.
  const double slice = seconds / 20, end = clock() + seconds;
  std::uint64_t n = 1;
  std::vector<double> rates;
  for (double now = clock(); now < end || rates.empty();) {
    steps(n);
    const double after = clock(), taken = std::max(after - now, 1e-9);
    if (taken >= slice / 2 || after >= end) rates.push_back(static_cast<double>(n) * units / taken);
    n = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(static_cast<double>(n) * std::min(slice / taken, 8.0)), 1, 1u << 30);
    now = after;
  }
  std::sort(rates.begin(), rates.end());
  result.rate = rates[rates.size() / 2];
  result.step_seconds = units / result.rate;
  if (trainer) result.last_loss = trainer->evaluate_train().loss;
  return result;
}

}  // namespace lrlab
