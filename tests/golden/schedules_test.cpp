// Golden schedules: every rate and momentum that torch, Keras and the papers give, through the
// rows, the trainer's warm-up and plateau's memory. Schedules are double in both builds: 1e-12.
#include <functional>

#include "core/mathfn.h"
#include "core/schedules/plateau.h"
#include "core/trainer.h"
#include "golden/golden.h"

using namespace lrlab;

namespace {

struct Rate {
  double lr = 0;
  double momentum = std::numeric_limits<double>::quiet_NaN();
};
using Curve = std::function<Rate(double t)>;

// A row with some of its parameters set, behind the trainer's warm-up.
struct Setup {
  TrainSettings s;
  double shift = 0;  // for forms that count from elsewhere

  Setup(golden::Case& c, const char* row, double lr) : c_(c) {
    s.schedule.info = find(schedules(), row);
    if (!s.schedule.info) c_.fail(std::string("no schedule '") + row + "'");
    s.schedule = with_defaults(*s.schedule.info);
    s.lr = lr;
  }
  Setup& set(const char* key, double value) {
    const auto& specs = s.schedule.info->params;
    for (std::size_t i = 0; i < specs.size(); ++i)
      if (std::string(specs[i].key) == key) {
        s.schedule.params[i] = value;
        return *this;
      }
    c_.fail(std::string("no parameter '") + key + "'");
  }
  Setup& warm_up(double steps, double start, WarmupKind kind = WarmupKind::kLinear) {
    s.warmup_steps = static_cast<int>(steps);
    s.warmup_start = start;
    s.warmup = kind;
    return *this;
  }
  Curve curve() const {
    return [self = *this](double t) {
      const TrainSettings& z = self.s;
      Rate r;
      r.lr = z.lr * schedule_factor(z, {}, static_cast<std::uint64_t>(t + self.shift), 1);
      if (z.schedule.info->momentum)
        r.momentum = z.schedule.info->momentum({z.schedule.params, z.schedule.list, z.lr, nullptr}, t);
      return r;
    };
  }

 private:
  golden::Case& c_;
};

double choice(golden::Case& c, const std::string& name, std::initializer_list<const char*> names) {
  double i = 0;
  for (const char* n : names) {
    if (name == n) return i;
    i += 1;
  }
  c.fail("unknown choice '" + name + "'");
}

Curve make_curve(golden::Case& c, const std::string& name, const golden::Json& p, double lr) {
  const auto num = [&](const char* key) { return c.num(p, key); };
  const auto row = [&](const char* id, double dial) { return Setup(c, id, dial); };
  if (name == "StepLR")
    return row("step", lr).set("step_size", num("step_size")).set("gamma", num("gamma")).curve();
  if (name == "StepDecay") {
    Setup s = row("step", lr).set("step_size", num("every")).set("gamma", num("drop"));
    s.shift = num("offset");
    return s.curve();
  }
  if (name == "MultiStepLR") {
    Setup s = row("multi_step", lr).set("gamma", num("gamma"));
    s.s.schedule.list = c.array(p, "milestones");
    return s.curve();
  }
  if (name == "ConstantLR")
    return row("constant", lr).warm_up(num("total_iters"), num("factor"), WarmupKind::kConstant).curve();
  if (name == "LinearLR")
    return row("linear", lr).set("start_factor", num("start_factor")).set("end_factor", num("end_factor"))
        .set("total_steps", num("total_iters")).curve();
  if (name == "ExponentialLR")
    return row("exponential", lr).set("gamma", num("gamma")).set("decay_steps", 1).curve();
  if (name == "ExponentialDecay")
    return row("exponential", lr).set("gamma", num("decay_rate")).set("decay_steps", num("decay_steps"))
        .set("staircase", c.flag_or(p, "staircase", false)).curve();
  if (name == "InverseTimeDecay")
    return row("inverse_time", lr).set("decay_rate", num("decay_rate"))
        .set("decay_steps", num("decay_steps")).set("staircase", c.flag_or(p, "staircase", false)).curve();
  if (name == "PolynomialLR")
    return row("polynomial", lr).set("total_steps", num("total_iters")).set("power", num("power"))
        .set("end_factor", 0).set("cycle", 0).curve();
  if (name == "PolynomialDecay")
    return row("polynomial", lr).set("total_steps", num("decay_steps")).set("power", num("power"))
        .set("end_factor", num("end_learning_rate") / lr).set("cycle", c.flag_or(p, "cycle", false)).curve();
  if (name == "CosineAnnealingLR")
    return row("cosine", lr).set("t_max", num("T_max")).set("min_factor", num("eta_min") / lr)
        .set("hold", 0).curve();
  if (name == "CosineDecay") {
    const bool warm = golden::Case::has(p, "warmup_target");
    Setup s = row("cosine", warm ? num("warmup_target") : lr).set("t_max", num("decay_steps"))
                  .set("min_factor", num("alpha")).set("hold", 1);
    if (!warm && c.num_or(p, "warmup_steps", 0) != 0) c.fail("warmup_steps without warmup_target");
    if (warm) s.warm_up(num("warmup_steps"), lr / num("warmup_target"));
    return s.curve();
  }
  if (name == "CosineAnnealingWarmRestarts" || name == "SGDR")
    return row("cosine_restarts", lr).set("t_0", num("T_0")).set("t_mult", num("T_mult"))
        .set("min_factor", num("eta_min") / lr).set("m_mul", c.num_or(p, "m_mul", 1)).curve();
  if (name == "CyclicLR")
    return row("cyclical", num("max_lr")).set("min_factor", num("base_lr") / num("max_lr"))
        .set("step_size_up", num("step_size_up")).set("step_size_down", c.num_or(p, "step_size_down", 0))
        .set("mode", choice(c, c.text(p, "mode"), {"triangular", "triangular2", "exp_range"}))
        .set("gamma", num("gamma")).set("cycle_momentum", c.flag_or(p, "cycle_momentum", true))
        .set("base_momentum", num("base_momentum")).set("max_momentum", num("max_momentum")).curve();
  if (name == "OneCycleLR")
    return row("one_cycle", num("max_lr")).set("total_steps", num("total_steps"))
        .set("pct_start", num("pct_start"))
        .set("anneal_strategy", choice(c, c.text(p, "anneal_strategy"), {"cos", "linear"}))
        .set("div_factor", num("div_factor")).set("final_div_factor", num("final_div_factor"))
        .set("three_phase", c.flag_or(p, "three_phase", false))
        .set("cycle_momentum", c.flag_or(p, "cycle_momentum", true))
        .set("base_momentum", num("base_momentum")).set("max_momentum", num("max_momentum")).curve();
  // The absolute forms: the dial is their peak.
  if (name == "Noam")
    return row("noam", lr / fn::sqrt(num("d_model") * num("warmup_steps")))
        .set("noam_warmup", num("warmup_steps")).curve();
  if (name == "InverseSqrt")
    return row("inverse_sqrt", lr).set("timescale", num("warmup_steps"))
        .warm_up(num("warmup_steps"), num("warmup_init_lr") / lr).curve();
  // The paper's warm-up reaches the dial at s = t + 1 = W: for us W − 1 steps from 1/W.
  if (name == "WSD") {
    const double w = num("warmup_steps");
    Setup s = row("wsd", lr).set("stable_steps", num("stable_steps")).set("decay_steps", num("decay_steps"))
                  .set("min_factor", num("min_lr_ratio"))
                  .set("decay_type", choice(c, c.text(p, "decay_type"), {"linear", "cosine", "1-sqrt", "exponential"}));
    if (w > 0) s.warm_up(w - 1, 1 / w);
    else s.shift = 1;
    return s.curve();
  }
  if (name == "SequentialLR") {
    const std::vector<double> milestones = c.array(p, "milestones");
    std::vector<Curve> curves;
    for (const golden::Json& sub : c.field(p, "schedulers")) {
      curves.push_back(make_curve(c, c.text(sub, "schedule"), c.field(sub, "params"), lr));
      c.all_read(c.field(sub, "params"));
    }
    if (curves.size() != milestones.size() + 1) c.fail("as many milestones as joints are needed");
    return [milestones, curves](double t) {
      std::size_t k = 0;
      while (k < milestones.size() && t >= milestones[k]) ++k;
      return curves[k](k ? t - milestones[k - 1] : t);
    };
  }
  c.fail("unknown schedule '" + name + "'");
}

std::vector<double> plateau_rates(golden::Case& c, const golden::Json& p, double lr) {
  PlateauRule rule;
  rule.factor = c.num(p, "factor");
  rule.patience = c.num(p, "patience");
  rule.threshold = c.num(p, "threshold");
  rule.relative = choice(c, c.text(p, "threshold_mode"), {"rel", "abs"}) == 0;
  rule.cooldown = c.num(p, "cooldown");
  rule.min_lr = c.num(p, "min_lr");
  rule.eps = c.num(p, "eps");
  rule.higher_is_better = choice(c, c.text(p, "mode"), {"min", "max"}) == 1;
  ScheduleState state{};
  std::vector<double> rates;
  for (double metric : c.array("metrics")) {
    rates.push_back(lr * plateau_factor(state));
    plateau_observe(rule, state, lr, metric);
  }
  return rates;
}

// The same through the row, whose metric is a loss.
std::vector<double> plateau_row_rates(golden::Case& c, const golden::Json& p, double lr) {
  Setup setup(c, "plateau", lr);
  setup.set("factor", c.num(p, "factor")).set("plateau_patience", c.num(p, "patience"))
      .set("threshold", c.num(p, "threshold")).set("cooldown", c.num(p, "cooldown"))
      .set("threshold_mode", choice(c, c.text(p, "threshold_mode"), {"rel", "abs"}))
      .set("min_lr", c.num(p, "min_lr"));
  const TrainSettings& s = setup.s;
  ScheduleState state{};
  const ScheduleArgs args{s.schedule.params, s.schedule.list, lr, &state};
  std::vector<double> rates;
  std::uint64_t t = 0;
  for (double metric : c.array("metrics")) {
    rates.push_back(lr * schedule_factor(s, state, t++, 1));
    s.schedule.info->observe(state, args, metric);
  }
  return rates;
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("golden: schedules match" IN_REAL) {
    golden::for_each_case("schedule", [](golden::Case& c) {
      constexpr double kTolerance = 1e-12;
      const std::string name = c.text("schedule");
      const golden::Json& params = c.field("params");
      const double lr = c.num("base_lr");
      const std::vector<double> want = c.array("lr");
      if (name == "ReduceLROnPlateau") {
        c.check("lr by the rule", plateau_rates(c, params, lr), want, kTolerance);
        if (c.text(params, "mode") == "min" && c.num(params, "eps") == 1e-8)
          c.check("lr by the row", plateau_row_rates(c, params, lr), want, kTolerance);
        return;
      }
      const Curve curve = make_curve(c, name, params, lr);
      c.all_read(params);
      std::vector<double> rates, momenta;
      for (std::size_t t = 0; t < want.size(); ++t) {
        const Rate r = curve(static_cast<double>(t));
        rates.push_back(r.lr);
        momenta.push_back(r.momentum);
      }
      c.check("lr", rates, want, kTolerance);
      if (c.has("momentum")) c.check("momentum", momenta, c.array("momentum"), kTolerance);
      else
        for (double m : momenta) CHECK(m != m);
    });
  }
}
