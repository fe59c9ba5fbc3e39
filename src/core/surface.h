// What a 2-D test function is: value, exact gradient and Hessian, where its minima are, where to look.
#pragma once

#include <span>
#include <vector>

#include "core/param_spec.h"
#include "core/registry.h"
#include "core/torch_text.h"

namespace lrlab {

struct Point2 {
  double x = 0, y = 0;
};

struct SurfaceEval {
  double value = 0;
  Point2 gradient;
  double xx = 0, xy = 0, yy = 0;  // Hessian
};

struct SurfaceInfo {
  const char* id = "";
  const char* label = "";
  const char* formula = "";
  const char* reference = "";
  const char* doc = "";
  std::span<const ParamSpec> params = {};
  Point2 low, high;                         // usual domain
  Point2 start;                             // where a run begins
  std::span<const Point2> minima = {};      // global minima; empty: unbounded below
  double minimum = 0;                       // value there
  // Optional. Where the parameters move the (only) minimum; the value stays.
  Point2 (*moved_minimum)(std::span<const double> params) = nullptr;
  SurfaceEval (*eval)(Point2 p, std::span<const double> params) = nullptr;
};

Family<SurfaceInfo> surfaces();
const TorchText& torch_text(const SurfaceInfo& info);

// The global minima under these parameters.
std::vector<Point2> minima_of(const SurfaceInfo& info, std::span<const double> params);

}  // namespace lrlab
