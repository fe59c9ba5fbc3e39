// What the rows of a landscape say: the loss on a plane through parameter space, and the run's path
// on it.
#pragma once

#include "experiment/jobs/common.h"
#include "experiment/session.h"

namespace lrlab {

struct LandscapePicture {
  int size = 0;
  int done_size = 0;              // the finest complete grid, size/2^k, or 0
  std::vector<double> loss;       // [y·size + x], y upwards; NaN: not known, or not finite
  double a0 = -1, a1 = 1, b0 = -1, b1 = 1;  // the plane's coordinates at the edges
  double min = 0, max = 0;
  // Of the plane of the path: where the run went, and how much of its variance the plane holds.
  std::vector<double> path_a, path_b;
  double explained = kNoValue;    // share in [0, 1]
};
LandscapePicture landscape_picture(const JobBoard& board);

// A plane in parameter space: centre + a·x + b·y.
struct Plane {
  std::vector<Real> centre, x, y;
};

// Two random directions, each layer's rows (the weights of one unit) scaled to the length they have
// in theta, biases 0. The second is made orthogonal to the first before scaling.
Plane random_plane(const Problem& problem, std::vector<Real> theta, std::uint64_t seed);

// The two principal components of the points, as unit vectors, through the last point. `explained`:
// the share of the variance (around the last point) in the plane. Less than two points: null vectors.
Plane principal_plane(const std::vector<std::vector<Real>>& points, double* explained = nullptr);

// ---- around a live lane ----
//
//   Job job = landscape_of(lane, false);                  // directions drawn at random
//   job.set("size", 3);                                   // 0 to 5: 16 to 512 points a side
//   auto runner = host.make_pool(0);                      // see jobs.h; SerialRunner where there is none
//   runner->start(std::move(job));
//   ...                                                   // every frame:
//   runner->poll(budget);
//   LandscapePicture p = landscape_picture(*runner->board());   // when board()->version() has grown
//   Point2 q = on_plane(runner->board()->job(), theta);   // where anything lies on it, in [a0, a1] × [b0, b1]

// The loss around where the lane is, or was while somebody looks back. of_path: the plane in which it
// has moved most, middle and reach so that the whole path is seen; not yet moved (fewer than three
// waypoints, or along a line): as if it were false. Otherwise filter-normalised random directions with
// the lane's theta as the centre; `draw` draws others. Picture coordinates run from −1 to 1.
Job landscape_of(const Lane& lane, bool of_path, std::uint64_t draw = 1);

// Parameters on the job's plane (its nearest point). The job must have one.
Point2 on_plane(const Job& job, const std::vector<Real>& theta);

}  // namespace lrlab
