// Golden 2-D functions: value, gradient, Hessian and minima. Surfaces are double in both builds.
#include <cmath>

#include "core/surface.h"
#include "golden/golden.h"

using namespace lrlab;

namespace {

// The row's key for a parameter of the file: "condition", or the function's name before it.
std::vector<double> params_of(golden::Case& c, const SurfaceInfo& info, const std::string& name) {
  std::vector<double> values;
  for (const ParamSpec& spec : info.params) values.push_back(spec.def);
  if (!c.has("params")) return values;
  for (const auto& [key, value] : c.field("params").items()) {
    std::string lower = key;
    for (char& letter : lower) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    bool known = false;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (info.params[i].key == lower || info.params[i].key == name + "_" + lower) {
        values[i] = value.is_number() ? value.get<double>() : 0;
        known = true;
      }
    if (!known) c.fail("unknown parameter '" + key + "'");
  }
  return values;
}

}  // namespace

TEST_SUITE("golden") {
  TEST_CASE("golden: surfaces match" IN_REAL) {
    golden::for_each_case("function", [](golden::Case& c) {
      const std::string name = c.text("function");
      const SurfaceInfo* info = find(surfaces(), name);
      if (!info) c.fail("unknown function '" + name + "'");
      const std::vector<double> params = params_of(c, *info, name);
      for (const golden::Json& row : c.field("points")) {
        const std::vector<double> at = c.array(row, "point");
        const SurfaceEval e = info->eval({at.at(0), at.at(1)}, params);
        c.check("value", e.value, c.num(row, "value"), 1e-12);
        const double gradient[] = {e.gradient.x, e.gradient.y};
        c.check("gradient", gradient, c.array(row, "gradient"), 1e-12);
        const double hessian[] = {e.xx, e.xy, e.xy, e.yy};
        c.check("hessian", hessian, c.array(row, "hessian"), 1e-10);
      }
      // The minima of the file are ours, in any order.
      const std::vector<Point2> ours = minima_of(*info, params);
      c.check_equal("number of minima", static_cast<double>(ours.size()),
                    static_cast<double>(c.field("minima").size()));
      for (const golden::Json& row : c.field("minima")) {
        const std::vector<double> at = c.array(row, "point");
        double nearest = std::numeric_limits<double>::infinity();
        for (const Point2& m : ours)
          nearest = std::min(nearest, std::max(std::abs(m.x - at.at(0)), std::abs(m.y - at.at(1))));
        c.check("distance to our minimum", nearest, 0, 1e-12);
        // Differences: a minimum of 0 is 0 but for rounding.
        const double value = c.num(row, "value");
        c.check("our minimum's value", info->minimum - value, 0, 1e-12);
        c.check("value there", info->eval({at.at(0), at.at(1)}, params).value - value, 0, 1e-12);
      }
      // What the lab plots lies inside the usual domain.
      const std::vector<double> domain = c.array("domain");
      CHECK(info->low.x >= domain.at(0));
      CHECK(info->high.x <= domain.at(1));
      CHECK(info->low.y >= domain.at(2));
      CHECK(info->high.y <= domain.at(3));
    });
  }
}
