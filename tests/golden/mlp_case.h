// A network, its data and its parameters as an mlp or hessian golden case gives them.
#pragma once

#include <memory>

#include "core/trainer.h"
#include "golden/golden.h"

namespace lrlab::golden {

struct MlpCase {
  std::shared_ptr<Problem> problem;
  std::shared_ptr<const ActivationInfo> activation;  // with the case's slope
  std::vector<Real> theta;                           // W1, b1, W2, b2, ...
  double l1 = 0, l2 = 0;

  Columns x() const { return {problem->data->train.x.row(0), problem->data->train.x.ld}; }
  Columns target() const { return {problem->data->train.target.row(0), problem->data->train.target.ld}; }
  std::size_t count() const { return problem->data->train.count(); }
};

template <class Info>
const Info* find_or_fail(Case& c, Family<Info> family, const std::string& id) {
  const Info* info = find(family, id);
  if (!info) c.fail("unknown '" + id + "'");
  return info;
}

// Weight matrices and biases, one after the other, from [layer][out][in] and [layer][out].
inline std::vector<double> interleave(Case& c, const Json& from, const char* weights, const char* biases) {
  const Json &w = c.field(from, weights), &b = c.field(from, biases);
  if (w.size() != b.size()) c.fail("weights and biases differ in number");
  std::vector<double> flat;
  bool ok = true;
  for (std::size_t l = 0; l < w.size(); ++l) {
    flatten(w[l], flat, ok);
    flatten(b[l], flat, ok);
  }
  if (!ok) c.fail("a parameter is not a number");
  return flat;
}

inline MlpCase read_mlp(Case& c) {
  MlpCase m;
  std::vector<int> sizes;
  for (double n : c.array("layers")) sizes.push_back(static_cast<int>(n));

  ActivationInfo hidden = *find_or_fail(c, activations(), c.text("activation"));
  if (c.has("activation_params"))
    for (const auto& [key, value] : c.field("activation_params").items()) {
      if (key != "negative_slope") c.fail("unknown activation parameter '" + key + "'");
      hidden.slope = value.get<double>();
    }
  m.activation = std::make_shared<const ActivationInfo>(hidden);

  const std::string loss = c.text("loss_function");
  m.problem = std::make_shared<Problem>();
  m.problem->mlp = Mlp(sizes, *m.activation,
                       *find_or_fail(c, activations(), c.text_or("output_activation", "identity")));
  m.problem->loss = find_or_fail(c, losses(), loss == "bce_with_logits" ? "bce" : loss);
  m.problem->initializer = initializers()[0];

  const std::vector<double> x = c.array("inputs"), y = c.array("targets");
  const std::size_t features = static_cast<std::size_t>(sizes.front());
  const std::size_t outputs = static_cast<std::size_t>(sizes.back()), count = x.size() / features;
  auto data = std::make_shared<Data>();
  data->features = sizes.front();
  data->outputs = sizes.back();
  data->classes = 0;
  data->train.x = Matrix(features, count);
  data->train.target = Matrix(outputs, count);
  for (std::size_t b = 0; b < count; ++b)
    for (std::size_t f = 0; f < features; ++f)
      data->train.x.row(f)[b] = static_cast<Real>(x[b * features + f]);
  const bool classes = y.size() == count && loss == "cross_entropy";
  if (!classes && y.size() != count * outputs) c.fail("wrong number of targets");
  for (std::size_t b = 0; b < count; ++b)
    for (std::size_t o = 0; o < outputs; ++o)
      data->train.target.row(o)[b] = classes ? static_cast<Real>(y[b] == static_cast<double>(o))
                                             : static_cast<Real>(y[b * outputs + o]);
  m.problem->data = data;

  for (double v : interleave(c, c.json(), "weights", "biases")) m.theta.push_back(static_cast<Real>(v));
  if (m.theta.size() != m.problem->num_params()) c.fail("wrong number of parameters");
  if (c.has("penalty")) {
    const Json& penalty = c.field("penalty");
    const std::string type = c.text(penalty, "type");
    if (type != "l1" && type != "l2") c.fail("unknown penalty '" + type + "'");
    (type == "l1" ? m.l1 : m.l2) = c.num(penalty, "coefficient");
  }
  return m;
}

// Full batch, constant rate, no clipping: how the golden runs train.
inline TrainSettings plain_settings(const MlpCase& m, const char* optimizer, double lr) {
  TrainSettings s;
  s.lr = lr;
  s.optimizer = with_defaults(*find(optimizers(), optimizer));
  s.schedule = with_defaults(*find(schedules(), "constant"));
  s.clip = with_defaults(*find(clippers(), "none"));
  s.batch_size = 0;
  s.l1 = m.l1;
  s.l2 = m.l2;
  return s;
}

inline std::vector<double> to_double(const std::vector<Real>& v) { return {v.begin(), v.end()}; }

}  // namespace lrlab::golden
