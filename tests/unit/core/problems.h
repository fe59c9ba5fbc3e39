// Small problems for tests of the core.
#pragma once

#include <memory>

#include "core/trainer.h"

namespace lrlab::testing {

struct NetworkProblem {
  const char* dataset = "spiral";
  std::vector<int> hidden{16, 16};
  const char* activation = "tanh";
  const char* output = "identity";
  const char* loss = nullptr;  // null: mse for regression, bce for two classes, else cross_entropy
  int count = 200;
  double noise = -1;           // below 0: the data set's own
  double test_fraction = 0.3;
  std::uint64_t seed = 1;
};

inline std::shared_ptr<const Problem> make_network(const NetworkProblem& p) {
  const DatasetInfo& info = *find(datasets(), p.dataset);
  const char* usual = info.classes == 0 ? "mse" : info.classes == 2 ? "bce" : "cross_entropy";
  std::vector<double> params;
  for (const ParamSpec& spec : info.params) params.push_back(spec.def);
  auto problem = std::make_shared<Problem>();
  problem->loss = find(losses(), p.loss ? p.loss : usual);
  Random random(p.seed, Stream::kData), split(p.seed, Stream::kSplit);
  const RawData raw =
      info.make({.count = p.count, .noise = p.noise < 0 ? info.default_noise : p.noise, .params = params}, random);
  problem->data = std::make_shared<const Data>(
      make_data(raw, p.test_fraction, info.standardize, *problem->loss, split));
  std::vector<int> sizes{problem->data->features};
  sizes.insert(sizes.end(), p.hidden.begin(), p.hidden.end());
  sizes.push_back(problem->data->outputs);
  problem->mlp = Mlp(sizes, *find(activations(), p.activation), *find(activations(), p.output));
  problem->initializer = find(initializers(), "xavier_uniform");
  return problem;
}

inline std::shared_ptr<const Problem> make_surface(const char* id) {
  auto problem = std::make_shared<Problem>();
  problem->surface = find(surfaces(), id);
  for (const ParamSpec& spec : problem->surface->params) problem->surface_params.push_back(spec.def);
  problem->start = problem->surface->start;
  return problem;
}

inline TrainSettings make_settings(const char* optimizer, double lr, const char* schedule = "constant",
                                   const char* clip = "none") {
  TrainSettings s;
  s.lr = lr;
  s.optimizer = with_defaults(*find(optimizers(), optimizer));
  s.schedule = with_defaults(*find(schedules(), schedule));
  s.clip = with_defaults(*find(clippers(), clip));
  return s;
}

// The value of a chosen row's parameter, by key. The key must exist.
template <class Info>
double& value_of(Chosen<Info>& chosen, std::string_view key) {
  for (std::size_t i = 0; i < chosen.info->params.size(); ++i)
    if (key == chosen.info->params[i].key) return chosen.params[i];
  std::abort();
}

}  // namespace lrlab::testing
