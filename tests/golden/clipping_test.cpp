// Golden clipping: torch's two clippers, AGC and AutoClip, what is not finite included.
//
// Float: an entry is a rounded input times a factor that was computed in double, 1e-6 is eight
// roundings. (What overflows float, 3.4e38, is infinite there; the cases do not go so far.)
#include "core/clipper.h"
#include "core/mathfn.h"
#include "golden/golden.h"

using namespace lrlab;

namespace {

const double kTolerance = golden::tolerance(1e-13, 1e-6);

// Tensors laid out one after the other, as the trainer has them.
struct Flat {
  std::vector<Real> values;
  std::vector<TensorView> tensors;
};

Flat lay_out(golden::Case& c, const char* key) {
  Flat f;
  int layer = 0;
  for (const golden::Json& t : c.field(key)) {
    const std::vector<double> shape = c.array(t, "shape"), data = c.array(t, "data");
    TensorView view{.offset = f.values.size(), .rows = static_cast<int>(shape.at(0)), .cols = 1,
                    .layer = layer, .is_bias = shape.size() == 1};
    for (std::size_t i = 1; i < shape.size(); ++i) view.cols *= static_cast<int>(shape[i]);
    if (view.size() != data.size()) c.fail("shape and data differ");
    layer += view.is_bias;
    f.tensors.push_back(view);
    for (double v : data) f.values.push_back(static_cast<Real>(v));
  }
  return f;
}

std::vector<double> to_double(const std::vector<Real>& v) { return {v.begin(), v.end()}; }

ClipReport clip(golden::Case& c, const char* row, const std::vector<double>& params, Flat& grad,
                const Flat* theta = nullptr, ClipperState* state = nullptr) {
  const ClipperInfo* info = find(clippers(), row);
  if (!info) c.fail(std::string("no clipper '") + row + "'");
  return info->clip({.n = grad.values.size(), .grad = grad.values.data(),
                     .theta = theta ? theta->values.data() : nullptr, .tensors = grad.tensors,
                     .params = params, .state = state});
}

std::vector<double> wanted(golden::Case& c) {
  std::vector<double> want;
  for (const golden::Json& t : c.field("outputs"))
    for (double v : c.array(t, "data")) want.push_back(v);
  return want;
}

void check_norm(golden::Case& c) {
  Flat g = lay_out(c, "inputs");
  const double max_norm = c.num("max_norm"), p = c.num("norm_type");
  const double total = norm(g.values.data(), g.values.size(), p);
  const bool raises = c.flag_or(c.json(), "error_if_nonfinite", false) && !fn::is_finite(total);
  c.check_equal("raises", raises, c.flag_or(c.json(), "raises", false));
  if (!raises) {
    c.check("total_norm", total, c.num("total_norm"), kTolerance);
    const double choice = p == 1 ? 0 : p == 2 ? 1 : p == kInfinityNorm ? 2 : -1;
    if (choice >= 0) clip(c, "norm", {max_norm, choice}, g);
    else shrink(g.values.data(), g.values.size(), max_norm, total);  // another p than the row has
  }
  c.check("outputs", to_double(g.values), wanted(c), kTolerance);
}

void check_autoclip(golden::Case& c) {
  const golden::Json& gradients = c.field("gradients");
  ClipperState state;
  std::vector<double> factors, outputs;
  for (const golden::Json& row : gradients) {
    Flat g;
    for (const golden::Json& v : row) g.values.push_back(static_cast<Real>(v.get<double>()));
    factors.push_back(clip(c, "autoclip", {c.num("percentile")}, g, nullptr, &state).factor);
    for (Real v : g.values) outputs.push_back(static_cast<double>(v));
  }
  c.check("factors", factors, c.array("factors"), kTolerance);
  c.check("outputs", outputs, c.array("outputs"), kTolerance);
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("golden: clippers match" IN_REAL) {
    golden::for_each_case("clipping", [](golden::Case& c) {
      const std::string op = c.text("op");
      if (op == "clip_grad_norm_") return check_norm(c);
      if (op == "autoclip") return check_autoclip(c);
      Flat g = lay_out(c, "inputs");
      if (op == "clip_grad_value_") {
        clip(c, "value", {c.num("clip_value")}, g);
      } else if (op == "adaptive_grad_clip") {
        const Flat w = lay_out(c, "weights");
        if (w.values.size() != g.values.size()) c.fail("weights and inputs differ in size");
        clip(c, "agc", {c.num("clip_factor"), c.num("eps")}, g, &w);
      } else {
        c.fail("unknown op '" + op + "'");
      }
      c.check("outputs", to_double(g.values), wanted(c), kTolerance);
    });
  }
}
