// A landscape: the loss on a plane through parameter space, refined from coarse to fine.
//
// Random: Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the loss landscape of neural nets",
// arXiv:1712.09913: filter-normalised directions, so that a picture does not depend on how weights
// are scaled between layers. A run's path almost never lies in such a plane.
// Path: the first two principal components of the run's points, which do contain most of its way.
//
// No Eigen here: its sums depend on the width of the machine's vectors, and items must not.
#include "experiment/jobs/landscape.h"

#include <algorithm>
#include <mutex>

#include "core/mathfn.h"
#include "experiment/jobs/grid.h"

namespace lrlab {
namespace {

enum { kRandomPlane, kPathPlane };
constexpr std::size_t kColumns = 6, kPathPoints = 40;

constexpr ParamSpec kParams[] = {
    {.key = "plane", .label = "plane", .def = kRandomPlane, .min = 0, .max = 1, .kind = ParamKind::kChoice,
     .doc = "random: two filter-normalised random directions. path: the two directions in which the run has moved most.",
     .choices = "random|path"},
    {.key = "size", .label = "resolution", .def = 2, .min = 0, .max = 5, .kind = ParamKind::kChoice,
     .doc = "Points along each side, reached step by step from 16.", .choices = "16|32|64|128|256|512"},
    {.key = "at_step", .label = "at step", .def = 300, .min = 0, .max = 1e6, .kind = ParamKind::kInteger, .scale = Scale::kLog,
     .unit = "steps", .doc = "The centre: where the run is after so many steps."},
    {.key = "span", .label = "span", .def = 1, .min = 1e-6, .max = 100, .scale = Scale::kLog,
     .doc = "How far the picture reaches. random: in lengths of the weights; path: in extents of the path."},
    {.key = "seed", .label = "directions", .def = 1, .min = 0, .max = 4294967295.0, .kind = ParamKind::kInteger,
     .doc = "Draws the random directions."},
};

double dot(const std::vector<Real>& a, const std::vector<Real>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

// The nearest point of the plane in its own coordinates (its directions may be of any length).
Point2 coordinates(const Plane& plane, std::vector<Real> point) {
  const double xx = dot(plane.x, plane.x), yy = dot(plane.y, plane.y), xy = dot(plane.x, plane.y), det = xx * yy - xy * xy;
  for (std::size_t i = 0; i < point.size(); ++i) point[i] -= plane.centre[i];
  const double px = dot(point, plane.x), py = dot(point, plane.y);
  return det > 0 ? Point2{(px * yy - py * xy) / det, (py * xx - px * xy) / det} : Point2{0, 0};
}

// All of a path with a margin, the same scale both ways. reach 0: the path is a point.
struct Square {
  Point2 middle;
  double reach;
};
Square around(const std::vector<double>& a, const std::vector<double>& b) {
  const auto [a0, a1] = std::minmax_element(a.begin(), a.end());
  const auto [b0, b1] = std::minmax_element(b.begin(), b.end());
  return {{(*a0 + *a1) / 2, (*b0 + *b1) / 2}, 0.65 * std::max(*a1 - *a0, *b1 - *b0)};
}

// Eigenvectors of a symmetric matrix by Jacobi's rotations (1846), as columns of v.
void jacobi(std::vector<double>& a, std::vector<double>& v, std::size_t n) {
  v.assign(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) v[i * n + i] = 1;
  for (int sweep = 0; sweep < 30; ++sweep)
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        const double apq = a[p * n + q];
        if (apq == 0) continue;
        const double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        const double t = (theta >= 0 ? 1 : -1) / (fn::abs(theta) + fn::sqrt(theta * theta + 1));
        const double c = 1 / fn::sqrt(t * t + 1), s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const double x = a[k * n + p], y = a[k * n + q];
          a[k * n + p] = c * x - s * y;
          a[k * n + q] = s * x + c * y;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double x = a[p * n + k], y = a[q * n + k];
          a[p * n + k] = c * x - s * y;
          a[q * n + k] = s * x + c * y;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double x = v[k * n + p], y = v[k * n + q];
          v[k * n + p] = c * x - s * y;
          v[k * n + q] = s * x + c * y;
        }
      }
}

// Item 0: the path on the plane, and what the plane is (where it is found by training); then pieces
// of the grid.
class Landscape : public Work {
 public:
  explicit Landscape(const Job& job) : job_(job), problem_(make_problem(job.base)), pieces_(grid_pieces(grid_size(job))) {
    given_ = job.plane.size() == 3;
    for (const auto& v : job.plane) given_ = given_ && v.size() == problem_->num_params();
    items_ = pieces_.size() + 1;
    columns_ = {{"kind", {"cell", "path", "edge"}}, {"x", {}}, {"y", {}}, {"a", {}}, {"b", {}}, {"loss", {}}};
  }

  std::size_t rows(std::size_t item) const override {
    return item == 0 ? kPathPoints + 3 : static_cast<std::size_t>(pieces_[item - 1].count);
  }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    {
      const std::lock_guard lock(mutex_);
      if (!ready_ && !prepare(stop)) return {};
    }
    std::vector<double> cells;
    const auto row = [&](double kind, double x, double y, double a, double b, double loss) {
      for (double v : {kind, x, y, a, b, loss}) cells.push_back(v);
    };
    if (item == 0) {
      row(2, kNoValue, kNoValue, low_a_, low_b_, kNoValue);
      row(2, kNoValue, kNoValue, high_a_, high_b_, kNoValue);
      row(2, kNoValue, kNoValue, explained_, kNoValue, kNoValue);
      for (std::size_t k = 0; k < kPathPoints; ++k)
        row(1, kNoValue, kNoValue, k < path_a_.size() ? path_a_[k] : kNoValue, k < path_b_.size() ? path_b_[k] : kNoValue, kNoValue);
      return cells;
    }
    const GridPiece& p = pieces_[item - 1];
    const double size = grid_size(job_);
    std::vector<Real> theta(plane_.centre.size());
    Workspace ws;
    if (!problem_->surface) ws = problem_->mlp.workspace();
    for (int k = 0; k < p.count; ++k) {
      if (stop()) return {};
      const int x = p.x + k * p.step;
      const double a = low_a_ + (high_a_ - low_a_) * (x + 0.5) / size, b = low_b_ + (high_b_ - low_b_) * (p.y + 0.5) / size;
      for (std::size_t i = 0; i < theta.size(); ++i)
        theta[i] = plane_.centre[i] + static_cast<Real>(a) * plane_.x[i] + static_cast<Real>(b) * plane_.y[i];
      double loss = 0;
      if (problem_->surface) {
        loss = problem_->surface->eval({static_cast<double>(theta[0]), static_cast<double>(theta[1])}, problem_->surface_params).value;
      } else {
        const Part& train = problem_->data->train;
        loss = problem_->mlp.mean_loss(*problem_->loss, theta.data(), {train.x.row(0), train.x.ld}, {train.target.row(0), train.target.ld},
                                       train.count(), ws);
      }
      row(0, x, p.y, a, b, loss * 0 == 0 ? loss : kNoValue);
    }
    return cells;
  }

 private:
  bool prepare(Stop stop) const {
    const double span = job_.param("span");
    low_a_ = low_b_ = -span;
    high_a_ = high_b_ = span;
    if (given_) {
      const auto real = [](const std::vector<float>& v) { return std::vector<Real>(v.begin(), v.end()); };
      plane_ = {real(job_.plane[0]), real(job_.plane[1]), real(job_.plane[2])};
      ready_ = true;
      return true;
    }
    Trainer trainer(problem_, job_.base.train);
    std::vector<std::vector<Real>> points;
    const auto steps = static_cast<std::uint64_t>(job_.param("at_step"));
    for (std::size_t k = 0; k < kPathPoints; ++k) {
      RunResult r;
      if (!train_to(trainer, steps * k / (kPathPoints - 1), stop, r)) return false;
      if (trainer.state().diverged) break;
      points.push_back(trainer.eval_theta());
    }
    plane_ = job_.param("plane") == static_cast<double>(kPathPlane) ? principal_plane(points, &explained_)
                              : random_plane(*problem_, points.back(), static_cast<std::uint64_t>(job_.param("seed")));
    for (std::vector<Real>& point : points) {
      const Point2 at = coordinates(plane_, std::move(point));
      path_a_.push_back(at.x);
      path_b_.push_back(at.y);
    }
    if (job_.param("plane") == static_cast<double>(kPathPlane)) {
      const Square s = around(path_a_, path_b_);
      const double reach = s.reach > 0 ? s.reach * span : span;
      low_a_ = s.middle.x - reach;
      high_a_ = s.middle.x + reach;
      low_b_ = s.middle.y - reach;
      high_b_ = s.middle.y + reach;
    }
    ready_ = true;
    return true;
  }

  Job job_;
  std::shared_ptr<const Problem> problem_;
  std::vector<GridPiece> pieces_;
  bool given_ = false;

  // The plane is found by the first item that needs it: training takes time.
  mutable std::mutex mutex_;
  mutable bool ready_ = false;
  mutable Plane plane_;
  mutable double low_a_ = 0, high_a_ = 0, low_b_ = 0, high_b_ = 0, explained_ = kNoValue;
  mutable std::vector<double> path_a_, path_b_;
};

}  // namespace

Plane random_plane(const Problem& problem, std::vector<Real> theta, std::uint64_t seed) {
  const std::size_t n = theta.size();
  Plane plane{std::move(theta), std::vector<Real>(n), std::vector<Real>(n)};
  std::vector<Real>* directions[] = {&plane.x, &plane.y};
  for (std::uint64_t k = 0; k < 2; ++k) {
    Random random(seed, Stream::kProbe, k);
    for (Real& v : *directions[k]) v = static_cast<Real>(random.normal());
  }
  if (problem.surface) {  // two parameters: the plane itself
    plane.x = {1, 0};
    plane.y = {0, 1};
    return plane;
  }
  const double share = dot(plane.x, plane.y) / dot(plane.x, plane.x);
  for (std::size_t i = 0; i < n; ++i) plane.y[i] -= static_cast<Real>(share) * plane.x[i];
  for (std::vector<Real>* d : directions)
    for (const TensorView& t : problem.tensors()) {
      const auto rows = static_cast<std::size_t>(t.rows), cols = static_cast<std::size_t>(t.cols);
      for (std::size_t r = 0; r < rows; ++r) {
        double own = 0, wanted = 0;
        for (std::size_t i = t.offset + r * cols; i < t.offset + (r + 1) * cols; ++i) {
          own += static_cast<double>((*d)[i]) * static_cast<double>((*d)[i]);
          wanted += static_cast<double>(plane.centre[i]) * static_cast<double>(plane.centre[i]);
        }
        const double scale = t.is_bias || own == 0 ? 0 : fn::sqrt(wanted) / fn::sqrt(own);
        for (std::size_t i = t.offset + r * cols; i < t.offset + (r + 1) * cols; ++i)
          (*d)[i] = static_cast<Real>(static_cast<double>((*d)[i]) * scale);
      }
    }
  return plane;
}

Plane principal_plane(const std::vector<std::vector<Real>>& points, double* explained) {
  const std::size_t count = points.size(), n = points.back().size();
  Plane plane{points.back(), std::vector<Real>(n), std::vector<Real>(n)};
  // Differences to the last point; their inner products have the components' weights as eigenvectors.
  std::vector<std::vector<Real>> away = points;
  for (auto& p : away)
    for (std::size_t i = 0; i < n; ++i) p[i] -= plane.centre[i];
  std::vector<double> gram(count * count), v;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j <= i; ++j) gram[i * count + j] = gram[j * count + i] = dot(away[i], away[j]);
  jacobi(gram, v, count);
  std::vector<std::size_t> order(count);
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    order[i] = i;
    total += std::max(gram[i * count + i], 0.0);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return gram[a * count + a] != gram[b * count + b] ? gram[a * count + a] > gram[b * count + b] : a < b;
  });
  double held = 0;
  std::vector<Real>* directions[] = {&plane.x, &plane.y};
  for (std::size_t k = 0; k < std::min<std::size_t>(2, count); ++k) {
    const double value = gram[order[k] * count + order[k]];
    if (!(value > total * 1e-12)) continue;
    held += value;
    std::vector<double> sum(n);
    for (std::size_t p = 0; p < count; ++p)
      for (std::size_t i = 0; i < n; ++i) sum[i] += v[p * count + order[k]] * static_cast<double>(away[p][i]);
    // The start lies on the positive side, whatever the signs of the eigenvectors.
    double start = 0;
    for (std::size_t i = 0; i < n; ++i) start += sum[i] * static_cast<double>(away[0][i]);
    const double scale = (start < 0 ? -1 : 1) / fn::sqrt(value);
    for (std::size_t i = 0; i < n; ++i) (*directions[k])[i] = static_cast<Real>(sum[i] * scale);
  }
  if (explained) *explained = total > 0 ? held / total : kNoValue;
  return plane;
}

Job landscape_of(const Lane& lane, bool of_path, std::uint64_t draw) {
  Job job = make_job("landscape", lane.spec().config);
  job.set("seed", static_cast<double>(draw));
  const Trainer& trainer = lane.shown();
  const std::vector<std::vector<Real>> points = lane.waypoints();
  Plane plane;
  if (of_path && points.size() >= 3) {
    plane = principal_plane(points);
    std::vector<double> a, b;
    for (const auto& point : points) {
      const Point2 at = coordinates(plane, point);
      a.push_back(at.x);
      b.push_back(at.y);
    }
    const Square s = around(a, b);
    for (std::size_t i = 0; i < plane.centre.size(); ++i) {
      plane.centre[i] += static_cast<Real>(s.middle.x) * plane.x[i] + static_cast<Real>(s.middle.y) * plane.y[i];
      plane.x[i] *= static_cast<Real>(s.reach);
      plane.y[i] *= static_cast<Real>(s.reach);
    }
    if (dot(plane.y, plane.y) > 0) job.set("plane", kPathPlane);
  }
  if (job.param("plane") != static_cast<double>(kPathPlane)) plane = random_plane(trainer.problem(), trainer.theta(), draw);
  for (const std::vector<Real>* v : {&plane.centre, &plane.x, &plane.y}) job.plane.emplace_back(v->begin(), v->end());
  return job;
}

Point2 on_plane(const Job& job, const std::vector<Real>& theta) {
  const auto real = [&](std::size_t k) { return std::vector<Real>(job.plane[k].begin(), job.plane[k].end()); };
  return coordinates({real(0), real(1), real(2)}, theta);
}

LandscapePicture landscape_picture(const JobBoard& board) {
  LandscapePicture picture;
  const int size = picture.size = grid_size(board.job());
  const std::vector<double>& head = board.rows(0);
  if (head.size() == (kPathPoints + 3) * kColumns) {
    picture.a0 = head[3];
    picture.b0 = head[4];
    picture.a1 = head[kColumns + 3];
    picture.b1 = head[kColumns + 4];
    picture.explained = head[2 * kColumns + 3];
    for (std::size_t k = 3; k < kPathPoints + 3; ++k)
      if (head[k * kColumns + 3] == head[k * kColumns + 3]) {
        picture.path_a.push_back(head[k * kColumns + 3]);
        picture.path_b.push_back(head[k * kColumns + 4]);
      }
  }
  picture.loss = fill_grid(board, size, 1, kColumns, 1, 5, picture.done_size);
  picture.min = 1e300;
  picture.max = -1e300;
  for (double v : picture.loss)
    if (v == v) {
      picture.min = std::min(picture.min, v);
      picture.max = std::max(picture.max, v);
    }
  if (picture.min > picture.max) picture.min = picture.max = 0;
  return picture;
}

namespace job_rows {
extern const JobInfo landscape;
const JobInfo landscape{
    .id = "landscape",
    .label = "Landscape",
    .doc = "The training loss on a plane through the network's parameters, around where the run is.",
    .reference = "Li et al. 2018, Visualizing the loss landscape of neural nets, arXiv:1712.09913",
    .params = kParams,
    .of_lane = true,
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<Landscape>(job); },
};
}  // namespace job_rows
}  // namespace lrlab
