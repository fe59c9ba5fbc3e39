// Golden networks: outputs, losses, gradients with penalties, and 20-odd steps of training by SGD
// and Adam through the trainer.
//
// Float, u = 6e-8. One pass: a sum of at most 17 terms in each of 3 layers forward and back, each
// product rounded, so about 100 roundings of either sign: 100·u = 6e-6 at worst. Training: such an
// error enters in every step, and Adam divides it by the root of a squared gradient that may be much
// smaller than the largest gradient, in which the error is measured: 2e-4.
#include "golden/mlp_case.h"

using namespace lrlab;

namespace {

const double kPoint = golden::tolerance(1e-12, 6e-6);
const double kTrained = golden::tolerance(1e-10, 2e-4);

void check_point(golden::Case& c, const golden::MlpCase& m) {
  const Mlp& mlp = m.problem->mlp;
  Workspace ws = mlp.workspace();
  std::vector<Real> out(m.count() * static_cast<std::size_t>(mlp.outputs()));
  const double data_loss = mlp.mean_loss(*m.problem->loss, m.theta.data(), m.x(), m.target(),
                                         m.count(), ws, {}, out.data(), m.count());
  std::vector<double> by_sample;
  for (std::size_t b = 0; b < m.count(); ++b)
    for (std::size_t o = 0; o < out.size() / m.count(); ++o)
      by_sample.push_back(static_cast<double>(out[o * m.count() + b]));
  c.check("outputs", by_sample, c.array("outputs"), kPoint);
  c.check("data_loss", data_loss, c.num("data_loss"), kPoint);

  Trainer trainer(m.problem, golden::plain_settings(m, "sgd", 0.1));
  std::vector<Real> grad(m.theta.size());
  const double loss = trainer.full_gradient(m.theta.data(), grad.data());
  c.check("loss", loss, c.num("loss"), kPoint);
  c.check("penalty", loss - data_loss + c.num("loss"), c.num("penalty_value") + c.num("loss"), kPoint);
  const std::vector<double> want = golden::interleave(c, c.json(), "grad_weights", "grad_biases");
  for (const TensorView& t : mlp.tensors()) {
    const std::vector<double> got(grad.begin() + static_cast<std::ptrdiff_t>(t.offset),
                                  grad.begin() + static_cast<std::ptrdiff_t>(t.offset + t.size()));
    c.check(t.is_bias ? "gradient of biases" : "gradient of weights", got,
            std::span(want).subspan(t.offset, t.size()), kPoint);
  }
}

void check_training(golden::Case& c, const golden::MlpCase& m, const char* optimizer) {
  const golden::Json& run = c.field(optimizer);
  Trainer trainer(m.problem, golden::plain_settings(m, optimizer, c.num(run, "lr")));
  TrainState start = trainer.state();
  start.theta = m.theta;
  trainer.restore(start);
  std::vector<double> losses;
  for (int t = 0; t < static_cast<int>(c.num(run, "steps")); ++t)
    losses.push_back(trainer.step().loss);
  c.check("losses", losses, c.array(run, "losses"), kTrained);
  std::vector<Real> grad(m.theta.size());
  c.check("final loss", trainer.full_gradient(trainer.theta().data(), grad.data()),
          c.num(run, "final_loss"), kTrained);
  const std::vector<double> want = golden::interleave(c, run, "weights", "biases");
  const std::vector<double> got = golden::to_double(trainer.theta());
  for (const TensorView& t : m.problem->mlp.tensors())
    c.check(t.is_bias ? "trained biases" : "trained weights", std::span(got).subspan(t.offset, t.size()),
            std::span(want).subspan(t.offset, t.size()), kTrained);
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("golden: networks match, at a point and through training" IN_REAL) {
    golden::for_each_case("mlp", [](golden::Case& c) {
      const golden::MlpCase m = golden::read_mlp(c);
      check_point(c, m);
      check_training(c, m, "sgd");
      check_training(c, m, "adam");
    });
  }
}
