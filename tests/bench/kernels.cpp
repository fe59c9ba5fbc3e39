// Micro-benchmarks of the training core: lrlab-bench (Google Benchmark). One row per optimizer,
// activation and loss of the registries, so a new one is measured as soon as it exists.
#include <benchmark/benchmark.h>

#include "core/curvature.h"
#include "core/dense.h"
#include "experiment/bench.h"
#include "experiment/config.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

constexpr std::size_t kParams = 100000;

void update(benchmark::State& state, const OptimizerInfo* info) {
  const auto chosen = with_defaults(*info);
  std::vector<Real> theta(kParams, Real(0.1)), grad(kParams, Real(0.01));
  std::vector<Real> slots(kParams * static_cast<std::size_t>(info->slots(chosen.params)));
  std::vector<double> scalars(static_cast<std::size_t>(info->scalars));
  const TensorView tensor{.offset = 0, .rows = 100, .cols = 1000};
  OptimizerStep s{.n = kParams, .theta = theta.data(), .grad = grad.data(), .state_begin = slots.data(),
                  .scalars = scalars.data(), .params = chosen.params, .tensors = {&tensor, 1}, .lr = 1e-6, .step = 0, .loss = 1,
                  .evaluate = {[](void*, const Real*, Real* g) { std::fill(g, g + kParams, Real(0.01)); return 1.0; }, nullptr}};
  for (auto _ : state) {
    info->update(s);
    ++s.step;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kParams));
}

void activation(benchmark::State& state, const ActivationInfo* info) {
  std::vector<Real> z(4096), a(4096), d(4096);
  for (std::size_t i = 0; i < z.size(); ++i) z[i] = static_cast<Real>(i) / 1024 - 2;
  for (auto _ : state) {
    info->apply(z.data(), a.data(), d.data(), z.size(), Real(0.01));
    benchmark::DoNotOptimize(a.data());
  }
  state.SetItemsProcessed(state.iterations() * 4096);
}

void loss(benchmark::State& state, const LossInfo* info) {
  const std::size_t outputs = 10, m = kMaxChunk;
  std::vector<Real> out(outputs * m, Real(0.3)), target(outputs * m), value(m), grad(outputs * m);
  for (std::size_t b = 0; b < m; ++b) target[(b % outputs) * m + b] = 1;
  const LossArgs args{.out = out.data(), .target = target.data(), .outputs = outputs, .ld = m, .target_ld = m, .m = m, .count = m};
  for (auto _ : state) {
    info->eval(args, value.data(), grad.data());
    benchmark::DoNotOptimize(grad.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(m));
}

void dense(benchmark::State& state, int kind) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const std::size_t m = 128;
  std::vector<Real> w(n * n, Real(0.01)), b(n), x(n * m, Real(0.5)), z(n * m);
  for (auto _ : state) {
    if (kind == 0) dense_forward({n, n}, w.data(), b.data(), x.data(), m, z.data(), m, m);
    if (kind == 1) dense_backward_input({n, n}, w.data(), x.data(), m, z.data(), m, m);
    if (kind == 2) dense_backward_weights({n, n}, x.data(), m, z.data(), m, m, w.data(), b.data());
    benchmark::DoNotOptimize(z.data());
  }
  state.counters["FLOP/s"] = benchmark::Counter(static_cast<double>(2 * n * n * m), benchmark::Counter::kIsIterationInvariantRate);
}

Trainer trainer_of(const char* query) {
  const Config c = from_query(query);
  return Trainer(make_problem(c), c.train);
}

void surface_step(benchmark::State& state, const char* query) {
  Trainer t = trainer_of(query);
  for (auto _ : state) t.step();
}

// Sharpness from a cold start, over 4096 samples of the workload; iterations are Lanczos steps.
void lanczos(benchmark::State& state, const Workload* w) {
  const std::unique_ptr<Trainer> t = make_trainer(*w);
  for (int i = 0; i < 20; ++i) t->step();
  Hessian hessian(t->shared_problem());
  hessian.set_point(t->theta().data(), 0);
  std::int64_t products = 0;
  for (auto _ : state) products += sharpness(hessian).iterations;
  state.SetItemsProcessed(products);
}

// The 128 by 128 decision surface of w3's network.
void decision_surface(benchmark::State& state) {
  const std::unique_ptr<Trainer> t = make_trainer(workloads()[2]);
  const Mlp& mlp = t->problem().mlp;
  Workspace ws = mlp.workspace();
  Matrix grid(2, 128 * 128);
  for (std::size_t i = 0; i < grid.count; ++i) {
    grid.row(0)[i] = static_cast<Real>(i % 128) / 64 - 1;
    grid.row(1)[i] = static_cast<Real>(i / 128) / 64 - 1;
  }
  for (auto _ : state)
    for (std::size_t first = 0; first < grid.count; first += kMaxChunk) {
      mlp.forward(t->theta().data(), {grid.row(0) + first, grid.ld}, kMaxChunk, ws);
      benchmark::DoNotOptimize(ws.a.back().data());
    }
}

void snapshot(benchmark::State& state) {
  const std::unique_ptr<Trainer> t = make_trainer(workloads()[4]);
  t->step();
  for (auto _ : state) {
    TrainState copy = t->state();
    benchmark::DoNotOptimize(copy.theta.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(sizeof(Real) * (t->state().theta.size() + t->state().optimizer_state.size())));
}

void workload(benchmark::State& state, const Workload* w) {
  const std::unique_ptr<Trainer> t = make_trainer(*w);
  for (auto _ : state) t->step();
  state.SetItemsProcessed(state.iterations() * w->batch);
}

}  // namespace
}  // namespace lrlab

int main(int argc, char** argv) {
  using namespace lrlab;
  const auto add = [](const std::string& name, auto f, auto arg) { return benchmark::RegisterBenchmark(name.c_str(), f, arg); };
  for (const OptimizerInfo* i : optimizers()) add(std::string("update/") + i->id, update, i);
  for (const ActivationInfo* i : activations()) add(std::string("activation/") + i->id, activation, i);
  for (const LossInfo* i : losses()) add(std::string("loss/") + i->id, loss, i);
  const char* names[] = {"dense/forward", "dense/backward_input", "dense/backward_weights"};
  for (int k = 0; k < 3; ++k) add(names[k], dense, k)->Arg(8)->Arg(32)->Arg(64)->Arg(128)->Arg(256);
  for (const SurfaceInfo* i : surfaces()) {
    static std::vector<std::string> queries;
    queries.reserve(64);
    queries.push_back(std::string("lr=1e-6&surface=") + i->id);
    add(std::string("surface_step/") + i->id, surface_step, queries.back().c_str());
  }
  for (const Workload& w : workloads()) {
    if (!w.inputs) continue;  // w6: the update alone
    add(std::string("step/") + w.id, workload, &w);
    add(std::string("lanczos/") + w.id, lanczos, &w);
  }
  benchmark::RegisterBenchmark("decision_surface_128", decision_surface);
  benchmark::RegisterBenchmark("snapshot/w5", snapshot);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
