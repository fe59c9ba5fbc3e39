// Trains and keeps what the verdict looks at, as a session would.
#pragma once

#include "core/curvature.h"
#include "core/verdict.h"

namespace lrlab::testing {

struct Recorder {
  Trainer trainer;
  std::vector<CurvePoint> loss, train_loss, test_loss;
  std::vector<std::vector<CurvePoint>> layer_grad;
  std::vector<std::span<const CurvePoint>> layer_views;
  SharpnessProbe probe;
  double update_ratio = RunSummary::kUnknown;
  std::uint64_t diverged_at = 0;
  bool use_sharpness = true;

  Recorder(std::shared_ptr<const Problem> problem, TrainSettings settings)
      : trainer(std::move(problem), std::move(settings)) {
    evaluate();
  }

  void evaluate() {
    const double step = static_cast<double>(trainer.state().step);
    const auto push = [&](std::vector<CurvePoint>& c, double v) {
      if (v * 0 == 0) c.push_back({step, v, v, v});
    };
    push(train_loss, trainer.evaluate_train().loss);
    if (!trainer.problem().surface) push(test_loss, trainer.evaluate_test().loss);
  }

  void run(int steps, int every) {
    for (int i = 0; i < steps && !trainer.finished(); ++i) {
      Telemetry t;
      const StepReport r = trainer.step(&t);
      const double step = static_cast<double>(r.step);
      if (!r.finite) diverged_at = r.step;
      if (r.loss * 0 == 0) loss.push_back({step, r.loss, r.loss, r.loss});
      layer_grad.resize(t.layers.size());
      for (std::size_t l = 0; l < t.layers.size(); ++l)
        if (t.layers[l].grad_norm * 0 == 0)
          layer_grad[l].push_back({step, t.layers[l].grad_norm, t.layers[l].grad_norm, t.layers[l].grad_norm});
      const double ratio = t.update_norm / t.weight_norm;
      update_ratio = update_ratio == update_ratio ? 0.95 * update_ratio + 0.05 * ratio : ratio;
      if ((i + 1) % every != 0 || trainer.finished()) continue;
      evaluate();
      if (!use_sharpness) continue;
      probe.begin(trainer);
      while (!probe.step()) continue;
    }
  }

  RunSummary summary() {
    RunSummary s;
    s.step = trainer.state().step;
    s.base_lr = trainer.settings().lr;
    s.lr = trainer.lr_now();
    if (use_sharpness && !trainer.state().diverged) {
      s.stable_lr = probe.reading().limit.lr;
      s.stable_formula = probe.reading().limit.formula;
    }
    s.update_ratio = update_ratio;
    if (trainer.problem().surface)
      s.lowest = trainer.problem().surface->minima.empty() ? RunSummary::kUnknown
                                                           : trainer.problem().surface->minimum;
    s.full_batch = trainer.problem().surface || trainer.settings().batch_size == 0;
    s.loss = loss;
    s.train_loss = train_loss;
    s.test_loss = test_loss;
    s.diverged = trainer.state().diverged;
    s.diverged_at = diverged_at;
    layer_views.assign(layer_grad.begin(), layer_grad.end());
    s.layer_grad = layer_views;
    return s;
  }

  Verdict verdict() { return judge(summary()); }
};

}  // namespace lrlab::testing
