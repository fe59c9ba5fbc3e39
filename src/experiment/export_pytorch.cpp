// A config as a PyTorch script. Everything that knows an algorithm stands beside its row (`..._torch`); this
// file knows only the order of a step, which is the trainer's, and how the lab draws its numbers.
//
// What a row's text may use: its own parameters and `lr` by their keys, `parameters` (all of them, a
// layer's weights before its biases), math, np and torch. The body of an optimizer's step() has also
// `t` (1 in the first step), `loss`, and self.each("m", "v"), which gives every parameter with its
// gradient and with vectors of these names, 0 at first.
#include <cmath>
#include <cstring>
#include <limits>

#include "experiment/chart.h"
#include "experiment/codec.h"
#include "experiment/export.h"

namespace lrlab {
namespace {

// A matrix as an expression of numpy: sample by sample; grey levels as bytes, all else as it is.
std::string matrix(const Matrix& m) {
  bool levels = true;
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t i = 0; i < m.count; ++i) {
      const Real v = m.data[r * m.ld + i] * 16;
      levels = levels && v >= 0 && v <= 255 && v == std::floor(v);
    }
  std::string bytes;
  for (std::size_t i = 0; i < m.count; ++i)
    for (std::size_t r = 0; r < m.rows; ++r) {
      const float v = static_cast<float>(m.data[r * m.ld + i]);
      char raw[sizeof v];
      std::memcpy(raw, &v, sizeof v);
      if (levels)
        bytes += static_cast<char>(static_cast<unsigned char>(v * 16));
      else
        bytes.append(raw, sizeof v);
    }
  return "array(\"" + svg::base64(bytes) + "\", " + (levels ? "np.uint8" : "np.float32") + ", " + std::to_string(m.rows) +
         ")" + (levels ? " / 16" : "");
}

std::string python_value(const ParamSpec& spec, double v, const std::vector<double>& list) {
  switch (spec.kind) {
    case ParamKind::kBool: return v != 0 ? "True" : "False";
    case ParamKind::kChoice: return '"' + std::string(choice_name(spec, static_cast<int>(v))) + '"';
    case ParamKind::kList: {
      std::string s = "[";
      for (double x : list) s += (s.size() > 1 ? ", " : "") + number_text(x);
      return s + "]";
    }
    case ParamKind::kInteger:
    case ParamKind::kNumber: break;
  }
  return number_text(v);
}

template <class Info>
void assign_params(std::string& out, const Chosen<Info>& chosen) {
  for (std::size_t i = 0; i < chosen.info->params.size(); ++i) {
    const ParamSpec& spec = chosen.info->params[i];
    out += std::string(spec.key) + " = " + python_value(spec, chosen.params[i], chosen.list) + "\n";
  }
}

void assign_field(std::string& out, const char* key, const Config& c) {
  const Field& f = field(key);
  out += std::string(key) + " = " + python_value(f.spec, f.get(c), {}) + "\n";
}

std::string indented(std::string_view text, const char* indent) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (text[0] != '\n') out += indent;
    out += text.substr(0, end);
    text.remove_prefix(end);
  }
  return out + (out.empty() || out.back() == '\n' ? "" : "\n");
}

// "torch.nn.MSELoss() / 2" called with the output and the target.
std::string loss_call(const LossInfo& loss) {
  std::string text = loss.matches;
  return text.insert(text.find("()") + 2, "(model(inputs[pick]), targets[pick])");
}

constexpr const char* kArray = R"(

def array(text, kind, columns):
    return np.frombuffer(base64.b64decode(text), kind).reshape(-1, columns)

)";

constexpr const char* kWords = R"(
# ---- the lab's random numbers: draw k of (seed, stream, sub) is a pure function -------------------

def words(stream, sub, count):
    """The first 32-bit words of a stream: Philox4x32-10 (Salmon et al. 2011)."""
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    c = [np.arange(-(-count // 4), dtype=np.uint64), np.uint64(sub & 0xFFFFFFFF), np.uint64(sub >> 32), np.uint64(stream)]
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p0, p1 = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(p1 >> shift) ^ c[1] ^ np.uint64(k0), p1 & low, (p0 >> shift) ^ c[3] ^ np.uint64(k1), p0 & low]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(np.broadcast_arrays(*c), 1).ravel()[:count]

)";

constexpr const char* kUniforms = R"(
def uniforms(stream, sub, count):
    """Numbers from 0 to 1, made of two words each."""
    w = words(stream, sub, 2 * count)
    return ((w[0::2] | w[1::2] << np.uint64(32)) >> np.uint64(11)).astype(np.float64) * 2.0**-53

)";

constexpr const char* kNormals = R"(
def normals(stream, sub, count):
    """Box and Muller 1958: two normal numbers of two uniform ones."""
    u = uniforms(stream, sub, count + count % 2)
    radius, angle = np.sqrt(-2 * np.log(1 - u[0::2])), 2 * np.pi * u[1::2]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).ravel()[:count]

)";

constexpr const char* kShuffled = R"(
def shuffled(epoch, count):
    """The order of the samples in an epoch: Fisher and Yates, with Lemire's whole numbers."""
    draws = iter(words(2, epoch, 2 * count + 64).tolist())
    order = list(range(count))
    for n in range(count, 1, -1):
        product = next(draws) * n
        while product % 2**32 < 2**32 % n:
            product = next(draws) * n
        k = product >> 32
        order[n - 1], order[k] = order[k], order[n - 1]
    return order

)";

constexpr const char* kDropout = R"(
class Dropout(torch.nn.Module):
    """Silences units at random, with the lab's own random numbers."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, a):
        units = [uniforms(4, (step * 64 + self.layer) * 1024 + u, len(a)) for u in range(a.shape[1])]
        return a * torch.from_numpy(np.stack(units, 1) >= dropout) / (1 - dropout)

)";

constexpr const char* kOwn = R"(
    def __init__(self):
        super().__init__(parameters, dict(lr=lr))
        self.t = 0

    def each(self, *names):
        """Every parameter, its gradient, and its vectors of these names, 0 at first."""
        for p in parameters:
            for name in names:
                self.state[p].setdefault(name, torch.zeros_like(p))
            yield (p, p.grad, *(self.state[p][name] for name in names))

    @torch.no_grad()
    def step(self, closure):
        with torch.enable_grad():
            loss = closure()
        self.t += 1
        t, lr = self.t, self.param_groups[0]["lr"]
)";

constexpr const char* kWarmups[] = {
    "share = step / warmup_steps",
    "share = (1 - math.cos(math.pi * step / warmup_steps)) / 2",
    "share = 0",
};

}  // namespace

std::string to_pytorch(const Config& c, std::uint64_t steps) {
  const TrainSettings& t = c.train;
  const OptimizerInfo& optimizer = *t.optimizer.info;
  const ScheduleInfo& schedule = *t.schedule.info;
  const TorchText &of_optimizer = torch_text(optimizer), &of_schedule = torch_text(schedule), &of_clip = torch_text(*t.clip.info);
  const auto problem = make_problem(c);
  Trainer trainer(problem, t);
  const bool network = !problem->surface;
  const std::size_t count = problem->train_count();
  const std::size_t batch = t.batch_size <= 0 ? count : std::min(count, static_cast<std::size_t>(t.batch_size));
  const bool shuffles = network && t.shuffle && batch < count, drops = network && t.dropout > 0;
  const bool normal = network && !c.init.info->uniform;
  const bool first_lr = network && t.first_lr > 0 && t.lr > 0;
  const bool constant = !*of_schedule.observe && !schedule.length && std::string_view(of_schedule.text) == "return 1";

  std::string s = "#!/usr/bin/env python3\n# A run of the Learning Rate Lab in PyTorch: the same data, first weights and mini-batches.\n"
                  "# The same run there: lrlab run --query '" + to_query(c) + "' --steps " + std::to_string(steps) + "\n";
  if (t.averaging != Averaging::kNone) s += "# The lab also keeps an average of the weights and judges the run by it. The training is the same.\n";
  if (optimizer.eval_point) s += "# The lab judges this optimizer's run at an averaged point, not where the gradient is taken.\n";
  if (t.early_stop > 0) s += "# The lab would stop after " + std::to_string(t.early_stop) + " epochs without a better test loss; this script does not.\n";
  s += "import base64\nimport math\n\nimport numpy as np\nimport torch\n\n";
  if (!network) s.replace(s.find("import base64\n"), 14, "");

  // ---- settings
  s += "steps = " + std::to_string(steps) + "\n";
  for (const char* key : {"seed", "lr"}) assign_field(s, key, c);
  if (network) s += "batch_size = " + std::to_string(batch) + "\n";
  if (t.warmup_steps > 0)
    for (const char* key : {"warmup_steps", "warmup_start"}) assign_field(s, key, c);
  for (const char* key : {"l1", "l2", "dropout", "grad_noise"})
    if (field(key).get(c) > 0) assign_field(s, key, c);
  if (first_lr) assign_field(s, "first_lr", c);
  if (!network) assign_params(s, c.surface);
  assign_params(s, t.optimizer);
  assign_params(s, t.schedule);
  assign_params(s, t.clip);

  // ---- data and random numbers
  if (network) {
    s += kArray;
    s += "inputs = torch.tensor(" + matrix(problem->data->train.x) + ", dtype=torch.float32)\n";
    s += "targets = torch.tensor(" + matrix(problem->data->train.target) + ", dtype=torch.float32)\n";
  }
  if (network || t.grad_noise > 0) s += std::string("\n") + kWords + kUniforms;
  if (normal || t.grad_noise > 0) s += kNormals;
  if (shuffles) s += kShuffled;

  // ---- model
  s += "\n# ---- what is trained -----------------------------------------------------------------------------\n";
  if (network) {
    if (drops) s += kDropout;
    const Mlp& mlp = problem->mlp;
    const auto layer_of = [](const ActivationInfo& f) { return std::string(f.matches); };
    s += "\nmodel = torch.nn.Sequential(\n";
    std::string spreads;
    for (std::size_t l = 0; l < mlp.layers(); ++l) {
      const int in = mlp.sizes()[l], out = mlp.sizes()[l + 1];
      s += "    torch.nn.Linear(" + std::to_string(in) + ", " + std::to_string(out) + "),";
      const std::string f = layer_of(mlp.activation(l));
      if (l + 1 < mlp.layers() || f != "torch.nn.Identity()") s += " " + f + ",";
      if (drops && l + 1 < mlp.layers()) s += " Dropout(" + std::to_string(l) + "),";
      s += "\n";
      const double deviation = c.init_scale * c.init.info->deviation(in, out, mlp.activation(l).gain);
      spreads += number_text(normal ? deviation : std::sqrt(3.0) * deviation) + ", " +
                 number_text(c.init.info->random_bias ? c.init_scale / std::sqrt(static_cast<double>(in)) : 0) + ", ";
    }
    spreads.resize(spreads.size() - 2);
    s += ")\nparameters = list(model.parameters())\n\n";
    s += "# First weights: " + std::string(c.init.info->formula) + ".\n";
    s += normal ? "deviations" : "limits";
    s += " = [" + spreads + "]  # of weights, biases, weights, ...; 0: they start at 0\n";
    s += normal ? "draws = normals(1, 0, sum(p.numel() for p in parameters))\n"
                  "for p, deviation in zip(parameters, deviations):\n"
                  "    n = p.numel() if deviation else 0\n"
                  "    p.data = torch.tensor(deviation * draws[:n] if n else np.zeros(p.numel()), dtype=torch.float32).view_as(p)\n"
                : "draws = uniforms(1, 0, sum(p.numel() for p in parameters))\n"
                  "for p, limit in zip(parameters, limits):\n"
                  "    n = p.numel() if limit else 0\n"
                  "    start = -limit + 2 * limit * draws[:n] if n else np.zeros(p.numel())\n"
                  "    p.data = torch.tensor(start, dtype=torch.float32).view_as(p)\n";
    s += "    draws = draws[n:]\n";
  } else {
    s += "\ndef surface(x, y):\n    # " + std::string(c.surface.info->formula) + "\n" + indented(torch_text(*c.surface.info).text, "    ");
    s += "\n\npoint = torch.nn.Parameter(torch.tensor([[" + number_text(problem->start.x) + "], [" + number_text(problem->start.y) +
         "]], dtype=torch.float32))\nparameters = [point]\n";
  }

  // ---- clipping, optimizer, schedule
  s += "\n\n# ---- how: loss and gradient, clip, rate, optimizer ----------------------------------------------\n\n";
  const bool clips = *of_clip.text != 0;
  if (clips) {
    s += "def clip():\n    # " + std::string(t.clip.info->formula) + "\n";
    s += indented(of_clip.text, "    ") + "\n\n";
  }
  bool other = false;
  for (std::size_t i = 0; i < optimizer.params.size(); ++i)
    other = other || (std::string_view(optimizer.params[i].key) == of_optimizer.option && t.optimizer.params[i] != 0);
  const std::string_view torch = other ? of_optimizer.with : of_optimizer.text;
  if (torch.starts_with("torch.optim.")) {
    s += "optimizer = " + std::string(torch) + "\n";
  } else {
    s += "class Own(torch.optim.Optimizer):\n" + indented(std::string("\"\"\"") + optimizer.label + "\n" + optimizer.formula + "\n\"\"\"\n", "    ");
    s += kOwn + indented(torch, "        ") + "        return loss\n\n\noptimizer = Own()\n";
  }

  const std::string per_epoch = std::to_string(trainer.steps_per_epoch());
  const bool scheduled = !constant || t.warmup_steps > 0;
  // A schedule that cycles the momentum says so by a number where it could say NaN.
  const auto cycled = [&] {
    if (!schedule.momentum || optimizer.momentum_param < 0) return false;
    const double m = schedule.momentum({t.schedule.params, t.schedule.list, t.lr, nullptr}, 0);
    return m == m;
  };
  const bool cycles = cycled();
  if (scheduled) {
    if (*of_schedule.observe) s += std::string(of_schedule.observe) + "\n";
    s += "\n\ndef schedule(t):\n    # " + indented(schedule.formula, "    # ").substr(6) + indented(of_schedule.text, "    ");
    const std::string time = "max(0, step - " + std::string(t.warmup_steps > 0 ? "warmup_steps" : "0") + ")";
    const std::string at = "schedule(" + std::string(t.warmup_steps > 0 ? time : "step") +
                           (t.schedule_in_epochs ? " // " + per_epoch : "") + ")";
    s += "\n\ndef rate_factor(step):\n    factor = " + at + (schedule.momentum ? "[0]" : "") + "\n";
    if (t.warmup_steps > 0)
      s += "    if step < warmup_steps:\n        " + std::string(kWarmups[static_cast<int>(t.warmup)]) +
           "\n        factor *= warmup_start + (1 - warmup_start) * share\n";
    s += "    return factor\n\n\nscheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate_factor)\n";
    if (cycles)
      s += "\n\ndef set_momentum(step):\n    momentum, group = " + at +
           "[1], optimizer.param_groups[0]\n    if \"betas\" in group:\n        group[\"betas\"] = (momentum, group[\"betas\"][1])\n"
           "    elif \"momentum\" in group:\n        group[\"momentum\"] = momentum\n    else:\n        globals()[\"" +
           std::string(optimizer.params[static_cast<std::size_t>(optimizer.momentum_param)].key) + "\"] = momentum\n";
  }

  // ---- the loop
  s += "\n\ndef gradient():\n    optimizer.zero_grad()\n";
  s += network ? "    loss = " + loss_call(*problem->loss) + "\n"
               : "    loss = surface(*point.double().flatten())\n";
  const char* weights = network ? "parameters[::2]" : "parameters";
  if (t.l1 > 0) s += "    loss = loss + l1 * sum(w.abs().sum() for w in " + std::string(weights) + ")\n";
  if (t.l2 > 0) s += "    loss = loss + l2 / 2 * sum((w**2).sum() for w in " + std::string(weights) + ")\n";
  s += "    loss.backward()\n";
  if (t.grad_noise > 0)
    s += "    noise = torch.tensor(grad_noise * normals(3, step, sum(p.numel() for p in parameters)), dtype=torch.float32)\n"
         "    for p in parameters:\n        p.grad += noise[: p.numel()].view_as(p)\n        noise = noise[p.numel() :]\n";
  if (clips) s += "    clip()\n";
  s += "    return loss\n\n\nprint(\"step,loss,lr\")\n";
  if (*of_schedule.observe && t.schedule_in_epochs) s += "epoch_loss = 0.0\n";
  s += "for step in range(steps):\n";
  if (network) {
    s += "    epoch, place = divmod(step, " + per_epoch + ")\n";
    if (shuffles) s += "    if place == 0:\n        order = shuffled(epoch, len(inputs))\n";
    s += shuffles ? "    pick = order[place * batch_size : (place + 1) * batch_size]\n"
                  : "    pick = slice(place * batch_size, (place + 1) * batch_size)\n";
  }
  s += "    rate = optimizer.param_groups[0][\"lr\"]\n";
  if (cycles) s += "    set_momentum(step)\n";
  if (first_lr) s += "    before = [p.detach().clone() for p in parameters[:2]]\n";
  s += "    loss = float(optimizer.step(gradient))\n";
  if (first_lr)
    s += "    with torch.no_grad():  # the first layer has a rate of its own\n"
         "        for p, b in zip(parameters, before):\n            p.copy_(b + first_lr / lr * (p - b))\n";
  s += "    print(f\"{step},{loss:.9g},{rate:.9g}\")\n";
  if (*of_schedule.observe) {
    const std::string begins = t.warmup_steps > 0 ? "step >= warmup_steps" : "True";
    if (t.schedule_in_epochs)
      s += "    epoch_loss += loss\n    if (step + 1) % " + per_epoch + " == 0:\n        if " + begins + ":\n            observe(epoch_loss / " +
           per_epoch + ")\n        epoch_loss = 0.0\n";
    else
      s += t.warmup_steps > 0 ? "    if " + begins + ":\n        observe(loss)\n" : "    observe(loss)\n";
  }
  if (scheduled) s += "    scheduler.step()\n";
  return s;
}

}  // namespace lrlab
