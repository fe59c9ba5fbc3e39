#include "experiment/config.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "experiment/codec.h"

namespace lrlab {
namespace {

// ---- picks: one line of table per family ---------------------------------------------------------

template <class Info>
RowText text_of(const Info& info) {
  RowText t{.id = info.id, .label = info.label, .doc = info.doc, .params = {}};
  if constexpr (requires { info.formula; }) t.formula = info.formula;
  if constexpr (requires { info.reference; }) t.reference = info.reference;
  if constexpr (requires { info.source; }) t.reference = info.source;
  if constexpr (requires { info.matches; }) t.matches = info.matches;
  if constexpr (requires { info.params; }) t.params = info.params;
  if constexpr (requires { info.given; }) t.given = info.given;
  return t;
}

template <class Info>
Chosen<Info> with_row_defaults(const Info& info) {
  if constexpr (requires { info.params; })
    return with_defaults(info);
  else
    return {&info, {}, {}};
}

template <class Info>
int index_of(Family<Info> family, const Info* info) {
  for (std::size_t i = 0; i < family.size(); ++i)
    if (family[i] == info) return static_cast<int>(i);
  return -1;
}

// Where in a config each family's choice is kept.
auto& dataset_of(Config& c) { return c.dataset; }
auto& surface_of(Config& c) { return c.surface; }
auto& activation_of(Config& c) { return c.activation; }
auto& output_activation_of(Config& c) { return c.output_activation; }
auto& loss_of(Config& c) { return c.loss; }
auto& init_of(Config& c) { return c.init; }
auto& optimizer_of(Config& c) { return c.train.optimizer; }
auto& schedule_of(Config& c) { return c.train.schedule; }
auto& clip_of(Config& c) { return c.train.clip; }

// `family` is the list, `member(config)` the Chosen<Info> it fills.
template <auto family, auto member>
Pick make_pick(const char* group, const char* key, const char* label, const char* doc,
               const char* none, const char* def) {
  return {
      .group = group,
      .key = key,
      .label = label,
      .doc = doc,
      .none = none,
      .def = def,
      .rows = family().size(),
      .row = [](std::size_t i) { return text_of(*family()[i]); },
      .index = [](const Config& c) { return index_of(family(), member(const_cast<Config&>(c)).info); },
      .choose =
          [](Config& c, int i) {
            auto& chosen = member(c);
            if (i < 0)
              chosen = {};
            else
              chosen = with_row_defaults(*family()[static_cast<std::size_t>(i)]);
          },
      .params = [](const Config& c) -> const std::vector<double>& { return member(const_cast<Config&>(c)).params; },
      .params_of = [](Config& c) -> std::vector<double>& { return member(c).params; },
      .list = [](const Config& c) -> const std::vector<double>& { return member(const_cast<Config&>(c)).list; },
      .list_of = [](Config& c) -> std::vector<double>& { return member(c).list; },
  };
}

// ---- fields --------------------------------------------------------------------------------------

#define LRLAB_FIELD(group, member, ...)                                                     \
  {group, ParamSpec{__VA_ARGS__}, [](const Config& c) { return static_cast<double>(c.member); }, \
   [](Config& c, double v) { c.member = static_cast<decltype(c.member)>(v); }}

constexpr double kSeedMax = 4294967295.0;

}  // namespace

std::span<const Pick> picks() {
  static const Pick kPicks[] = {
      make_pick<datasets, dataset_of>("data", "dataset", "Data set", "What the network learns.", nullptr, "spiral"),
      make_pick<surfaces, surface_of>("data", "surface", "2-D test function",
                 "Train two numbers on a known function instead of a network on data.", "none", "none"),
      make_pick<activations, activation_of>("model", "activation", "Activation",
                 "What a hidden unit does to its sum.", nullptr, "tanh"),
      make_pick<activations, output_activation_of>("model", "output_activation", "Output",
                 "What the output unit does to its sum. Cross-entropy wants identity (it contains the squash).",
                 nullptr, "identity"),
      make_pick<losses, loss_of>("model", "loss", "Loss",
                 "What is made small. auto: squared error for regression and two classes (its stability "
                 "limit is sharp), cross-entropy for more.",
                 "auto", "auto"),
      make_pick<initializers, init_of>("model", "init", "Initialisation", "How the first weights are drawn.",
                 nullptr, "xavier_uniform"),
      make_pick<optimizers, optimizer_of>("optimizer", "optimizer", "Optimizer",
                 "How a gradient becomes a step.", nullptr, "sgd"),
      make_pick<schedules, schedule_of>("schedule", "schedule", "Schedule",
                 "How the rate changes during the run.", nullptr, "constant"),
      make_pick<clippers, clip_of>("clipping", "clip", "Clipping", "What limits the gradient.", nullptr, "none"),
  };
  return kPicks;
}

std::span<const Field> fields() {
  static const Field kFields[] = {
      {"data",
       {.key = "noise", .label = "noise", .def = 0, .min = 0, .max = 2,
        .doc = "How far points are moved at random (regression: how far values are). The data set's own default."},
       [](const Config& c) { return c.noise; }, [](Config& c, double v) { c.noise = v; },
       [](const Config& c) { return c.dataset.info->default_noise; }},
      LRLAB_FIELD("data", count, .key = "count", .label = "samples", .def = 500, .min = 4, .max = 20000,
                  .kind = ParamKind::kInteger, .scale = Scale::kLog,
                  .doc = "How many samples are generated, training and test together. Real data sets have their own number."),
      {"data",
       {.key = "test_fraction", .label = "test share", .def = 0.3, .min = 0, .max = 0.9,
        .doc = "Share of the samples that is kept out of training to judge it."},
       [](const Config& c) { return c.test_fraction; }, [](Config& c, double v) { c.test_fraction = v; },
       [](const Config& c) { return c.dataset.info->default_test_fraction; }},
      LRLAB_FIELD("data", data_seed, .key = "data_seed", .label = "data seed", .def = 0, .min = 0, .max = kSeedMax,
                  .kind = ParamKind::kInteger, .doc = "Draws the samples and the split. 0: as the seed says."),
      LRLAB_FIELD("model", init_scale, .key = "init_scale", .label = "init scale", .def = 1, .min = 0, .max = 10,
                  .doc = "Multiplies the first weights."),
      {"optimizer",
       {.key = "lr", .label = "learning rate", .def = 0.1, .min = 1e-6, .max = 10, .scale = Scale::kLog,
        .doc = "The dial: the size of a step, multiplied by the schedule's factor. 0 is allowed too: nothing moves."},
       [](const Config& c) { return c.train.lr; }, [](Config& c, double v) { c.train.lr = v; },
       [](const Config& c) { return c.train.optimizer.info->default_lr; }},
      LRLAB_FIELD("optimizer", train.first_lr, .key = "first_lr", .label = "first layer's rate", .def = 0, .min = 0, .max = 10,
                  .scale = Scale::kLog,
                  .doc = "The first layer's own learning rate, under the same schedule. 0: the same as the other layers'."),
      LRLAB_FIELD("optimizer", train.batch_size, .key = "batch_size", .label = "batch size", .def = 32, .min = 0, .max = 20000,
                  .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "samples",
                  .doc = "Samples per step. 0: all of them, so the gradient has no noise."),
      LRLAB_FIELD("optimizer", train.shuffle, .key = "shuffle", .label = "shuffle", .def = 1, .min = 0, .max = 1,
                  .kind = ParamKind::kBool, .doc = "A new order of the samples in every epoch."),
      LRLAB_FIELD("optimizer", train.seed, .key = "seed", .label = "seed", .def = 1, .min = 0, .max = kSeedMax,
                  .kind = ParamKind::kInteger,
                  .doc = "Everything random follows from it: first weights, order of the samples, dropout, and the data unless they have their own seed."),
      LRLAB_FIELD("schedule", train.schedule_in_epochs, .key = "per_epoch", .label = "count epochs", .def = 0, .min = 0, .max = 1,
                  .kind = ParamKind::kBool, .doc = "The schedule's lengths are in epochs instead of steps."),
      LRLAB_FIELD("schedule", train.warmup_steps, .key = "warmup_steps", .label = "warm-up", .def = 0, .min = 0, .max = 1e6,
                  .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps",
                  .doc = "Steps in which the rate rises to the base rate; the schedule proper begins after them."),
      LRLAB_FIELD("schedule", train.warmup, .key = "warmup", .label = "warm-up shape", .def = 0, .min = 0, .max = 2,
                  .kind = ParamKind::kChoice, .doc = "How the rate rises. constant: one low rate, then a jump.",
                  .choices = "linear|cosine|constant"),
      LRLAB_FIELD("schedule", train.warmup_start, .key = "warmup_start", .label = "warm-up start", .def = 0.01, .min = 0, .max = 1,
                  .doc = "Where the warm-up begins, as a share of the base rate. PyTorch's LinearLR starts at 1/3."),
      LRLAB_FIELD("regularisation", train.l2, .key = "l2", .label = "L2", .def = 0, .min = 0, .max = 10, .scale = Scale::kLog,
                  .doc = "Adds l2/2·Σw² to the loss, so l2·w to the gradient (weights, not biases). Not the same as decoupled decay in adaptive optimizers."),
      LRLAB_FIELD("regularisation", train.l1, .key = "l1", .label = "L1", .def = 0, .min = 0, .max = 10, .scale = Scale::kLog,
                  .doc = "Adds l1·Σ|w| to the loss: pulls small weights to 0, about which they then flicker by lr·l1."),
      LRLAB_FIELD("regularisation", train.dropout, .key = "dropout", .label = "dropout", .def = 0, .min = 0, .max = 0.9,
                  .doc = "Share of hidden units silenced at random in each training step."),
      LRLAB_FIELD("regularisation", train.grad_noise, .key = "grad_noise", .label = "gradient noise", .def = 0, .min = 0, .max = 10, .scale = Scale::kLog,
                  .doc = "Deviation of normal noise added to every entry of the gradient."),
      LRLAB_FIELD("regularisation", train.averaging, .key = "averaging", .label = "weight average", .def = 0, .min = 0, .max = 2,
                  .kind = ParamKind::kChoice, .doc = "Judge the run by an average of its weights: exponential (EMA) or equal (SWA).",
                  .choices = "none|ema|swa"),
      LRLAB_FIELD("regularisation", train.ema_decay, .key = "ema_decay", .label = "EMA decay", .def = 0.999, .min = 0, .max = 0.99999,
                  .doc = "Share of the average that is kept in each step."),
      LRLAB_FIELD("regularisation", train.average_start, .key = "average_start", .label = "SWA start", .def = 0, .min = 0, .max = 1e6,
                  .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "steps", .doc = "First step that counts in the SWA average."),
      LRLAB_FIELD("regularisation", train.early_stop, .key = "early_stop", .label = "early stopping", .def = 0, .min = 0, .max = 10000,
                  .kind = ParamKind::kInteger, .scale = Scale::kLog, .unit = "epochs",
                  .doc = "Stop after this many epochs without a better test loss and go back to the best weights. 0: off."),
  };
  return kFields;
}

const Pick& pick(std::string_view key) {
  for (const Pick& p : picks())
    if (key == p.key) return p;
  std::abort();
}

const Field& field(std::string_view key) {
  for (const Field& f : fields())
    if (key == f.spec.key) return f;
  std::abort();
}

const ParamSpec& hidden_spec() {
  static constexpr ParamSpec kSpec{.key = kHiddenKey, .label = "hidden layers", .min = 1, .max = kMaxWidth,
                                   .kind = ParamKind::kList, .unit = "units",
                                   .doc = "Width of each hidden layer, at most 6 layers. Empty: none, a linear model.",
                                   .def_list = "16,16"};
  return kSpec;
}

double default_of(const Field& f, const Config& c) { return f.def ? f.def(c) : f.spec.def; }

Config::Config() {
  for (const Pick& p : picks()) {
    int index = -1;
    for (std::size_t i = 0; i < p.rows; ++i)
      if (std::string_view(p.row(i).id) == p.def) index = static_cast<int>(i);
    p.choose(*this, index);
  }
  for (const Field& f : fields()) f.set(*this, default_of(f, *this));
}

const LossInfo& Config::loss_info() const {
  if (loss.info) return *loss.info;
  return *find(losses(), classes() > 2 ? "cross_entropy" : "mse");
}

namespace {

// A value that fits its spec: finite, in range, whole where it must be.
double fitting(const ParamSpec& spec, double v) {
  if (!(v * 0 == 0)) return v > 0 ? spec.max : spec.min;
  // The dial may rest at exactly 0, below its logarithmic range.
  if (spec.scale == Scale::kLog && v == 0 && std::string_view(spec.key) == "lr") return 0;
  v = std::clamp(v, spec.min, spec.max);
  return spec.kind == ParamKind::kNumber || spec.kind == ParamKind::kList ? v : std::nearbyint(v);
}

}  // namespace

void fit_value(const ParamSpec& spec, double& v, double fallback, std::vector<Issue>& issues) {
  const double good = (v == v ? fitting(spec, v) : fallback) + 0.0;  // −0 becomes 0: same value, same bits
  if (good == v) {
    v = good;
    return;
  }
  issues.push_back({spec.key, "'" + std::string(spec.key) + "' was " + number_text(v) + "; allowed is " +
                                  range_text(spec) + ". Using " + value_text(spec, good) + "."});
  v = good;
}

// A curve by hand is pairs of step and factor, and time only goes on.
void fit_points(const char* key, std::vector<double>& points, std::vector<Issue>& issues) {
  const std::string name = "'" + std::string(key) + "'";
  if (points.size() % 2 != 0) {
    issues.push_back({key, name + " had " + std::to_string(points.size()) + " numbers; they come in pairs of a step and "
                                  "its factor. The last, " + number_text(points.back()) + ", was left out."});
    points.pop_back();
  }
  for (std::size_t i = 2; i + 1 < points.size();) {
    if (points[i] >= points[i - 2]) {
      i += 2;
      continue;
    }
    issues.push_back({key, name + " went back from step " + number_text(points[i - 2]) + " to step " +
                                  number_text(points[i]) + ". That point was left out."});
    const auto at = points.begin() + static_cast<std::ptrdiff_t>(i);
    points.erase(at, at + 2);
  }
}

std::vector<Issue> validate(Config& c) {
  std::vector<Issue> issues;
  for (const Pick& p : picks()) {
    const RowText row = p.chosen(c);
    std::vector<double>& params = p.params_of(c);
    for (std::size_t i = 0; i < row.params.size(); ++i)
      if (row.params[i].kind != ParamKind::kList)
        fit_value(row.params[i], params[i], row.params[i].def, issues);
      else
        params[i] = row.params[i].def;  // a list's place among the scalars is not used
    for (const ParamSpec& spec : row.params) {
      if (spec.kind != ParamKind::kList) continue;
      std::vector<double>& list = p.list_of(c);
      if (list.size() > 256) {
        issues.push_back({spec.key, "'" + std::string(spec.key) + "' had " + std::to_string(list.size()) +
                                        " numbers; at most 256 are allowed. The rest was left out."});
        list.resize(256);
      }
      for (double& v : list) fit_value(spec, v, spec.min, issues);
      if (&list == &c.train.schedule.list && c.train.schedule.info->drawn) fit_points(spec.key, list, issues);
    }
  }
  for (const Field& f : fields()) {
    double v = f.get(c);
    fit_value(f.spec, v, default_of(f, c), issues);
    if (v != f.get(c)) f.set(c, v);
  }
  if (!c.dataset.info->given) c.own = {};
  if (c.hidden.size() > static_cast<std::size_t>(kMaxHiddenLayers)) {
    issues.push_back({kHiddenKey, "'hidden' had " + std::to_string(c.hidden.size()) + " layers; at most " +
                                      std::to_string(kMaxHiddenLayers) + " are allowed. The rest was left out."});
    c.hidden.resize(kMaxHiddenLayers);
  }
  for (int& w : c.hidden) {
    const int good = std::clamp(w, 1, kMaxWidth);
    if (good == w) continue;
    issues.push_back({kHiddenKey, "'hidden' had a layer of " + std::to_string(w) + " units; allowed is 1 to " +
                                      std::to_string(kMaxWidth) + ". Using " + std::to_string(good) + "."});
    w = good;
  }
  if (c.loss.info && c.classes() == 0 && !c.loss.info->for_regression) {
    issues.push_back({"loss", "'loss' " + std::string(c.loss.info->id) + " needs classes, but the data set '" +
                                  c.dataset.info->id + "' is a regression. Using auto."});
    c.loss = {};
  }
  const std::string_view loss = c.loss_info().id, output = c.output_activation.info->id;
  if ((loss == "bce" || loss == "cross_entropy") && output != "identity") {
    issues.push_back({"output_activation", "'output_activation' " + std::string(output) + " does not go with " +
                                               std::string(loss) + ", which contains its own squash. Using identity."});
    c.output_activation = {find(activations(), "identity"), {}, {}};
  }
  return issues;
}

// ---- problems ------------------------------------------------------------------------------------

std::string problem_key(const Config& c) {
  Config only;  // every default, except what the problem depends on
  only.surface = c.surface;
  if (!c.surface.info) {
    only.dataset = c.dataset;
    only.noise = c.noise;
    only.count = c.dataset.info->fixed_count ? c.dataset.info->fixed_count : c.count;
    only.test_fraction = c.test_fraction;
    only.data_seed = c.data_seed ? c.data_seed : c.train.seed;
    only.hidden = c.hidden;
    only.activation = c.activation;
    only.output_activation = c.output_activation;
    only.loss = c.loss;
    only.init = c.init;
    only.init_scale = c.init_scale;
  }
  std::string key = to_query(only);
  if (!c.surface.info && c.own_data()) key += "&data=" + std::to_string(c.own->mark);
  return key;
}

int sample_count(const Config& c) {
  if (c.own_data()) return static_cast<int>(c.own->raw.count());
  return c.dataset.info->fixed_count ? c.dataset.info->fixed_count : c.count;
}

RawData make_raw(const Config& c) {
  Random random(c.data_seed ? c.data_seed : c.train.seed, Stream::kData);
  const DatasetInfo& set = *c.dataset.info;
  return set.make({.count = set.fixed_count ? set.fixed_count : c.count, .noise = c.noise, .params = c.dataset.params,
                   .own = c.own_data() ? &c.own->raw : nullptr}, random);
}

namespace {

// All of a problem but its data.
void set_network(Problem& problem, const Config& c) {
  problem.loss = &c.loss_info();
  std::vector<int> sizes{c.inputs()};
  sizes.insert(sizes.end(), c.hidden.begin(), c.hidden.end());
  sizes.push_back(problem.data->outputs);
  problem.mlp = Mlp(sizes, *c.activation.info, *c.output_activation.info);
  problem.initializer = c.init.info;
  problem.init_scale = c.init_scale;
}

}  // namespace

std::shared_ptr<const Problem> make_problem(const Config& c) {
  auto problem = std::make_shared<Problem>();
  if (c.surface.info) {
    problem->surface = c.surface.info;
    problem->surface_params = c.surface.params;
    problem->start = c.surface.info->start;
    return problem;
  }
  const std::uint64_t seed = c.data_seed ? c.data_seed : c.train.seed;
  Random random(seed, Stream::kSplit);
  problem->data = std::make_shared<Data>(
      make_data(make_raw(c), c.test_fraction, c.standardize(), c.loss_info(), random));
  set_network(*problem, c);
  return problem;
}

std::shared_ptr<const Problem> make_problem(const Config& c, const RawData& raw, const Split& split) {
  auto problem = std::make_shared<Problem>();
  problem->data = std::make_shared<Data>(make_data(raw, split, c.standardize(), c.loss_info()));
  set_network(*problem, c);
  return problem;
}

}  // namespace lrlab
