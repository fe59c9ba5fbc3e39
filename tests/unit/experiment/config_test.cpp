// Every row of every family trains, and a problem's key says what the problem depends on.
#include <doctest/doctest.h>

#include <map>

#include "draw.h"

namespace lrlab {
namespace {

Config small(std::string_view query = "") {
  Config c = from_query(query);
  c.count = 60;
  c.hidden = {8, 8};
  c.train.batch_size = 8;
  return c;
}

void train(const Config& c, int steps) {
  Trainer trainer(make_problem(c), c.train);
  Telemetry telemetry;
  for (int i = 0; i < steps; ++i) trainer.step(i % 2 ? &telemetry : nullptr);
  CHECK((trainer.state().step == static_cast<std::uint64_t>(steps) || trainer.finished()));
  for (Real v : trainer.eval_theta()) {
    const bool fine = v * 0 == 0 || trainer.state().diverged;
    CHECK(fine);
    if (!fine) break;
  }
  trainer.evaluate_train();
  trainer.evaluate_test();
}

TEST_CASE("config: every row of every family trains 20 steps with its defaults") {
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i) {
      CAPTURE(p.key);
      CAPTURE(p.row(i).id);
      Config c = small();
      apply_settings(c, {{p.key, p.row(i).id}});
      CHECK(p.index(c) == static_cast<int>(i));
      train(c, 20);
    }
}

TEST_CASE("config: every parameter of every row at both ends of its range trains 20 steps") {
  for (const Pick& p : picks())
    for (std::size_t i = 0; i < p.rows; ++i)
      for (std::size_t k = 0; k < p.row(i).params.size(); ++k)
        for (bool high : {false, true}) {
          const ParamSpec& spec = p.row(i).params[k];
          CAPTURE(p.row(i).id);
          CAPTURE(spec.key);
          CAPTURE(high);
          Config c = small();
          p.choose(c, static_cast<int>(i));
          const double v = high ? spec.max : spec.min;
          if (spec.kind == ParamKind::kList)
            p.list_of(c).assign(high ? 4 : 0, v);
          else
            p.params_of(c)[k] = v;
          validate(c);
          train(c, 20);
        }
}

TEST_CASE("config: every field at both ends of its range trains 20 steps") {
  for (const Field& f : fields())
    for (double v : {f.spec.min, f.spec.max}) {
      CAPTURE(f.spec.key);
      CAPTURE(v);
      Config c = small();
      f.set(c, v);
      validate(c);
      train(c, 20);
    }
}

TEST_CASE("config: every optimizer trains on every surface, and on data of every kind") {
  const Pick &optimizer = pick("optimizer"), &surface = pick("surface");
  for (std::size_t o = 0; o < optimizer.rows; ++o) {
    CAPTURE(optimizer.row(o).id);
    for (std::size_t s = 0; s < surface.rows; ++s) {
      CAPTURE(surface.row(s).id);
      Config c = small();
      apply_settings(c, {{"optimizer", optimizer.row(o).id}, {"surface", surface.row(s).id}});
      train(c, 20);
    }
    for (const char* data : {"iris", "sine"}) {
      Config c = small();
      apply_settings(c, {{"optimizer", optimizer.row(o).id}, {"dataset", data}, {"averaging", "ema"}, {"early_stop", "1"}});
      train(c, 20);
    }
  }
}

TEST_CASE("config: random ones train") {
  for_all(400, [](Draw& draw) {
    const Config c = random_config(draw, Size::kSmall);
    CAPTURE(to_query(c));
    train(c, 6);
  });
}

TEST_CASE("config: a loss that does not fit the data is replaced, and that is said") {
  std::vector<Issue> issues;
  Config c = from_query("dataset=sine&loss=bce", &issues);
  CHECK(c.loss.info == nullptr);
  CHECK(&c.loss_info() == find(losses(), "mse"));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].key == "loss");
  CHECK(&from_query("dataset=iris").loss_info() == find(losses(), "cross_entropy"));
  CHECK(&from_query("dataset=iris&loss=mse").loss_info() == find(losses(), "mse"));
}

TEST_CASE("config: points of a drawn schedule come in pairs and go on in time; what does not is left out, and that is said") {
  const auto points = [](const char* text, std::vector<Issue>& issues) {
    return from_query("schedule=piecewise&points=" + std::string(text), &issues).train.schedule.list;
  };
  std::vector<Issue> issues;
  CHECK(points("0,1,10,0.5,10,0.2,20,0", issues) == std::vector<double>{0, 1, 10, 0.5, 10, 0.2, 20, 0});
  CHECK(issues.empty());
  CHECK(points("0,1,10,0.5,20", issues) == std::vector<double>{0, 1, 10, 0.5});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].message.find("pairs of a step and its factor") != std::string::npos);
  CHECK(points("0,1,10,0.5,5,0.2,20,0", issues) == std::vector<double>{0, 1, 10, 0.5, 20, 0});
  REQUIRE(issues.size() == 2);
  CHECK(issues[1].message.find("went back from step 10 to step 5") != std::string::npos);
}

// ---- problems ------------------------------------------------------------------------------------

std::string data_bits(const Problem& p) {
  if (p.surface) {
    std::string s = p.surface->id;
    for (double v : p.surface_params) s += " " + number_text(v);
    return s;
  }
  std::string s;
  for (const Part* part : {&p.data->train, &p.data->test})
    for (const Matrix* m : {&part->x, &part->target}) {
      std::vector<Real> all;
      for (std::size_t r = 0; r < m->rows; ++r) all.insert(all.end(), m->row(r), m->row(r) + m->count);
      s += std::to_string(m->rows) + "x" + std::to_string(m->count) + ":" + std::to_string(hash_bits(all)) + " ";
    }
  for (int n : p.mlp.sizes()) s += std::to_string(n) + "-";
  return s + p.mlp.activation(0).id + p.mlp.activation(p.mlp.layers() - 1).id + p.loss->id + p.initializer->id +
         number_text(p.init_scale);
}

TEST_CASE("problem_key: equal keys mean equal data, networks and surfaces") {
  std::map<std::string, std::string> seen;
  int pairs = 0;
  for_all(400, [&](Draw& draw) {
    // Few values, so that equal problems come up often.
    Config c;
    const auto set = [&](const char* key, std::initializer_list<const char*> values) {
      apply_settings(c, {{key, values.begin()[draw.below(values.size())]}});
    };
    set("dataset", {"moons", "sine", "iris"});
    set("count", {"20", "21"});
    set("seed", {"1", "2"});
    set("data_seed", {"0", "2"});
    set("hidden", {"", "3"});
    set("surface", {"none", "none", "none", "ravine"});
    set("loss", {"auto", "mse"});
    set("lr", {"0.1", "0.2"});
    set("optimizer", {"sgd", "adam"});
    const std::string key = problem_key(c), bits = data_bits(*make_problem(c));
    const auto [place, is_new] = seen.emplace(key, bits);
    pairs += !is_new;
    CHECK(place->second == bits);
  });
  CHECK(pairs > 100);
}

TEST_CASE("problem_key: training settings do not change it, everything else does") {
  for_all(200, [](Draw& draw) {
    const Config a = random_config(draw, Size::kSmall);
    Config b = a;
    b.train = random_config(draw, Size::kSmall).train;
    b.train.seed = a.train.seed;
    CHECK(problem_key(a) == problem_key(b));
    if (a.surface.info) return;
    b.init_scale = a.init_scale == 2 ? 3 : 2;
    CHECK(problem_key(a) != problem_key(b));
  });
  CHECK(problem_key(from_query("seed=1")) != problem_key(from_query("seed=2")));
  CHECK(problem_key(from_query("seed=1&data_seed=5")) == problem_key(from_query("seed=2&data_seed=5")));
  CHECK(problem_key(from_query("dataset=iris&count=100")) == problem_key(from_query("dataset=iris&count=200")));
  CHECK(problem_key(from_query("surface=ravine&dataset=iris")) == problem_key(from_query("surface=ravine&hidden=4")));
}

}  // namespace
}  // namespace lrlab
