// Optimizers against PyTorch's and the papers' trajectories: gradients are given, points compared.
//
// The cases speak PyTorch: its class names and its arguments. Below is the dictionary to our rows.
//
// Tolerances. In double those of the README (1e-12) and of extra/README.md (Prodigy and L-BFGS on
// Rosenbrock 1e-9, because they amplify one rounding error to 1e-10). In float, u = 2^-24 = 6e-8
// is the error of one operation relative to its result. A step adds a handful of them (moments,
// root, quotient, the sum with θ), and over T = 60 steps they add up to at most about
// 4·T·u = 1.4e-5 of the largest entry; hence 2e-5 (measured: 2e-6). The exceptions, with their
// reasons, are in float_tolerance().
#include <cmath>
#include <map>
#include <set>

#include "core/optimizer.h"
#include "golden/golden.h"
#include "optimizer_rig.h"

using namespace lrlab;

namespace {

// A PyTorch class name and the decay it means by weight_decay.
struct Name {
  const char* torch;
  const char* id;
  bool decoupled;  // weight_decay is the row's own; otherwise it is L2 in the gradient
};
constexpr Name kNames[] = {
    {"SGD", "sgd", false},
    {"Adam", "adam", false},
    {"AdamW", "adamw", true},
    {"NAdam", "nadam", false},
    {"RAdam", "radam", false},
    {"Adamax", "adamax", false},
    {"Adagrad", "adagrad", false},
    {"Adadelta", "adadelta", false},
    {"RMSprop", "rmsprop", false},
    {"Rprop", "rprop", false},
    {"ASGD", "asgd", false},
    {"Lion", "lion", true},
    {"Yogi", "yogi", false},
    {"LAMB", "lamb", true},
    {"Adan", "adan", true},
    {"ScheduleFreeSGD", "schedule_free_sgd", true},
    {"AdaBelief", "adabelief", true},
    {"ScheduleFreeAdamW", "schedule_free_adamw", true},
    {"Signum", "signum", true},
    {"Prodigy", "prodigy", true},
    {"Muon", "muon", true},
    {"Polyak", "polyak", true},
    {"LBFGS", "lbfgs", true},
};

// What a case asks for, in our words.
struct Setup {
  const OptimizerInfo* info = nullptr;
  std::vector<double> params;
  double lr = 0;
  double l2 = 0;            // added to the gradient, as the trainer does
  double decay = 0;         // θ ← θ·(1 − lr·decay) before the step (decoupled_weight_decay)
  double warmup_steps = 0;  // lr·min(1, t/warmup_steps)
  bool maximize = false;

  void set(golden::Case& c, const std::string& key, double value) {
    for (std::size_t i = 0; i < info->params.size(); ++i)
      if (key == info->params[i].key) {
        params[i] = value;
        return;
      }
    c.fail("optimizer '" + std::string(info->id) + "' has no parameter '" + key + "'");
  }
};

Setup setup(golden::Case& c) {
  const std::string name = c.text("optimizer");
  const golden::Json& hyper = c.field("hyper");
  const Name* entry = nullptr;
  for (const Name& n : kNames)
    if (name == n.torch) entry = &n;
  if (!entry) c.fail("unknown optimizer '" + name + "'");

  std::string id = entry->id;
  std::set<std::string> done = {"foreach", "capturable", "differentiable", "fused"};
  if (name == "SGD") {
    const bool nesterov = c.flag_or(hyper, "nesterov", false);
    done.insert("nesterov");
    if (c.num_or(hyper, "momentum", 0) == 0)
      done.insert({"momentum", "dampening"});  // without momentum both mean nothing
    else
      id = nesterov ? "nesterov" : "momentum";
    if (nesterov) done.insert("dampening");  // PyTorch allows only 0
  }
  if (name == "Adam" || name == "AdamW") {
    if (c.flag_or(hyper, "amsgrad", false)) id = "amsgrad";
    done.insert("amsgrad");
  }
  Setup s;
  s.info = find(optimizers(), id);
  if (!s.info) c.fail("optimizer '" + id + "' is not registered");
  s.params = with_defaults(*s.info).params;

  // Arguments whose name or form differs from our keys.
  s.lr = c.num_or(hyper, name == "Polyak" ? "max_lr" : "lr", s.info->default_lr);
  s.maximize = c.flag_or(hyper, "maximize", false);
  s.warmup_steps = c.num_or(hyper, "warmup_steps", 0);
  done.insert({"lr", "maximize", "warmup_steps", "decoupled_weight_decay", "norm_floor"});
  if (name == "Polyak") done.insert("max_lr");
  if (golden::Case::has(hyper, "weight_decay")) {
    const double decay = c.num(hyper, "weight_decay");
    done.insert("weight_decay");
    if (entry->decoupled)
      s.set(c, "weight_decay", decay);
    else
      (c.flag_or(hyper, "decoupled_weight_decay", false) ? s.decay : s.l2) = decay;
  }
  const auto list = [&](const char* key, std::initializer_list<const char*> ours) {
    if (!golden::Case::has(hyper, key)) return;
    const std::vector<double> values = c.array(hyper, key);
    if (values.size() != ours.size()) c.fail(std::string("'") + key + "' has another length");
    for (std::size_t i = 0; i < values.size(); ++i) s.set(c, ours.begin()[i], values[i]);
    done.insert(key);
  };
  if (name == "Adan")
    list("betas", {"beta1", "beta2", "beta3"});
  else
    list("betas", {"beta1", "beta2"});
  list("etas", {"eta_minus", "eta_plus"});
  list("step_sizes", {"step_min", "step_max"});
  list("ns_coefficients", {"ns_a", "ns_b", "ns_c"});
  if (name == "Muon") {
    if (golden::Case::has(hyper, "adam_beta1")) s.set(c, "beta1", c.num(hyper, "adam_beta1"));
    if (golden::Case::has(hyper, "adam_beta2")) s.set(c, "beta2", c.num(hyper, "adam_beta2"));
    if (golden::Case::has(hyper, "adjust_lr_fn"))
      s.set(c, "adjust_lr", c.text(hyper, "adjust_lr_fn") == "match_rms_adamw");
    done.insert({"adam_beta1", "adam_beta2", "adjust_lr_fn"});
  }
  if (name == "Prodigy" && golden::Case::has(hyper, "growth_rate")) {
    const double rate = c.num(hyper, "growth_rate");
    s.set(c, "growth_rate", std::isinf(rate) ? 0 : rate);
    done.insert("growth_rate");
  }
  if (name == "LBFGS") {
    s.set(c, "line_search", golden::Case::has(hyper, "line_search_fn"));
    if (!golden::Case::has(hyper, "max_eval"))
      s.set(c, "max_eval", std::floor(c.num_or(hyper, "max_iter", 20) * 5 / 4));
    done.insert("line_search_fn");
    if (!golden::Case::has(hyper, "max_eval")) done.insert("max_eval");
  }
  // The rest has our names; a name that the row does not have is a failure.
  for (const auto& [key, value] : hyper.items())
    if (!done.contains(key)) s.set(c, key, c.num(hyper, key.c_str()));
  return s;
}

// The function of an L-BFGS case.
struct Known {
  bool rosenbrock = true;
  std::size_t n = 2;
  std::vector<double> a, b;  // quadratic: x·A·x/2 − b·x

  double operator()(const Real* theta, Real* grad) const {
    const auto x = [&](std::size_t i) { return static_cast<double>(theta[i]); };
    if (rosenbrock) {
      const double gap = x(1) - x(0) * x(0);
      grad[0] = static_cast<Real>(-2 * (1 - x(0)) - 400 * x(0) * gap);
      grad[1] = static_cast<Real>(200 * gap);
      return (1 - x(0)) * (1 - x(0)) + 100 * gap * gap;
    }
    double value = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double ax = 0;
      for (std::size_t j = 0; j < n; ++j) ax += a[i * n + j] * x(j);
      grad[i] = static_cast<Real>(ax - b[i]);
      value += x(i) * (ax / 2 - b[i]);
    }
    return value;
  }
};

OptimizerRig::Function function(golden::Case& c, std::size_t n) {
  Known f;
  const std::string name = c.text("function");
  f.rosenbrock = name == "rosenbrock";
  f.n = n;
  if (name == "quadratic") {
    f.a = c.array(c.field("quadratic"), "a");
    f.b = c.array(c.field("quadratic"), "b");
    if (f.a.size() != n * n || f.b.size() != n) c.fail("'quadratic' has another dimension");
  } else if (!f.rosenbrock || n != 2) {
    c.fail("unknown function '" + name + "'");
  }
  return f;
}

double double_tolerance(const Setup& s, golden::Case& c) {
  const std::string id = s.info->id;
  if (id == "prodigy" || (id == "lbfgs" && c.text("function") == "rosenbrock")) return 1e-9;
  return 1e-12;
}

double float_tolerance(const Setup& s, golden::Case& c, std::span<const double> want,
                       std::span<const double> lrs) {
  const std::string id = s.info->id;
  // θ₀ − θ is a difference of nearly equal numbers while d is small: of the first estimates only
  // u·|θ|/(d₀·lr) = 0.1 is certain at d₀ = 1e-6, and all later steps are a multiple of them.
  if (id == "prodigy") return 0.1;
  // A line search decides by comparing, and the valley's curvature of 1000 amplifies what it
  // decides on: the points still agree to 3e-3 at worst.
  if (id == "lbfgs" && c.text("function") == "rosenbrock") return 1e-2;
  double tolerance = 2e-5;
  // An average that is 0 but for rounding has either sign, and each wrong one moves its entry by
  // 2·lr. The cases keep |m| above 1e-9, float knows it to u·|m_max|: two such flips are let pass.
  if (id == "lion" || id == "signum") {
    double scale = 0, lr = 0;
    for (double w : want) scale = std::max(scale, std::abs(w));
    for (double l : lrs) lr = std::max(lr, l);
    tolerance += 4 * lr / scale;
  }
  return tolerance;
}

void run(golden::Case& c) {
  Setup s = setup(c);
  const auto steps = static_cast<std::size_t>(c.num("steps"));
  const std::vector<double> initial = c.array("initial");
  const std::size_t n = initial.size();
  const bool calls_function = !c.has("gradients");
  const std::vector<double> gradients =
      calls_function ? std::vector<double>{} : c.array("gradients");
  const std::vector<double> lrs = c.has("lrs") ? c.array("lrs") : std::vector<double>(steps, s.lr);
  const std::vector<double> losses =
      c.has("losses") ? c.array("losses") : std::vector<double>(steps + 1);
  if (lrs.size() != steps || losses.size() < steps ||
      (!calls_function && gradients.size() != steps * n))
    c.fail("an array has another length than dim and steps say");

  std::vector<TensorView> tensors;
  if (c.has("shapes")) {
    std::size_t offset = 0;
    for (const golden::Json& shape : c.field("shapes")) {
      std::vector<double> sides;
      bool ok = shape.is_array();
      golden::flatten(shape, sides, ok);
      if (!ok || sides.empty() || sides.size() > 2) c.fail("'shapes' is not a list of shapes");
      tensors.push_back({.offset = offset,
                         .rows = static_cast<int>(sides[0]),
                         .cols = sides.size() == 2 ? static_cast<int>(sides[1]) : 1,
                         .layer = 0,
                         .is_bias = sides.size() == 1});
      offset += tensors.back().size();
    }
    if (offset != n) c.fail("'shapes' do not add up to the dimension");
  } else {
    tensors.push_back(
        {.offset = 0, .rows = static_cast<int>(n), .cols = 1, .layer = 0, .is_bias = false});
  }

  OptimizerRig rig(*s.info, s.params, std::vector<Real>(initial.begin(), initial.end()), tensors);
  OptimizerRig::Function f;
  if (calls_function) f = function(c, n);
  const std::string id = s.info->id;
  std::map<std::string, std::vector<double>> got;
  const auto record = [&](const char* key, const Real* v) {
    for (std::size_t i = 0; i < n; ++i) got[key].push_back(static_cast<double>(v[i]));
  };
  for (std::size_t t = 0; t < steps; ++t) {
    double lr = lrs[t];
    if (s.warmup_steps > 0) lr *= std::min(1.0, (static_cast<double>(t) + 1) / s.warmup_steps);
    if (calls_function) {
      rig.update(f, lr);
    } else {
      for (std::size_t i = 0; i < n; ++i) {
        Real& theta = rig.theta()[i];
        const Real g = static_cast<Real>(gradients[t * n + i]);
        rig.grad()[i] = (s.maximize ? -g : g) + static_cast<Real>(s.l2) * theta;
        if (s.decay != 0) theta *= static_cast<Real>(1 - lr * s.decay);
      }
      rig.update(lr, losses[t]);
    }
    record("params", rig.theta().data());
    record("x", rig.eval_point().data());
    record("ax", rig.eval_point().data());
    if (rig.slot("z")) record("z", rig.slot("z"));
    if (id == "prodigy") got["d"].push_back(rig.scalar(0));
    if (id == "polyak") got["step"].push_back(rig.scalar(0));
    if (id == "lbfgs") {
      got["n_iter"].push_back(rig.scalar(0));
      got["func_evals"].push_back(rig.scalar(1));
      got["losses"].push_back(f(rig.theta().data(), rig.grad().data()));
    }
  }
  CHECK(rig.intact());

  const double tol =
      golden::tolerance(double_tolerance(s, c), float_tolerance(s, c, c.array("params"), lrs));
  const golden::Json none = golden::Json::object();
  const golden::Json& extra = c.has("extra") ? c.field("extra") : none;
  // Muon has the floor of the norm that PyTorch has; the cases' other form adds ε.
  const bool clamped = golden::Case::has(extra, "params_clamp");
  c.check("params", got["params"], clamped ? c.array(extra, "params_clamp") : c.array("params"),
          tol);
  for (const auto& [key, value] : extra.items()) {
    if (key == "params_clamp") continue;
    if (!got.contains(key)) c.fail("extra '" + key + "' is not known");
    const bool is_count = key == "func_evals" || key == "n_iter";
    if (!is_count || sizeof(Real) == 8)
      c.check(key.c_str(), got[key], c.array(extra, key.c_str()), is_count ? 0 : tol);
  }
  if (calls_function) c.check("losses", got["losses"], std::span(losses).subspan(1), tol);
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("golden: optimizers follow PyTorch and the papers" IN_REAL) {
    golden::for_each_case("optimizer", run);
  }
}
