// A map: one training for each point of a plane of two settings, refined from coarse to fine.
//
// Level 0 is a grid of 16 × 16; each level halves the distance and does what is not there yet. An item
// is a piece of one line of a level. A cell's training is judged as in Sohl-Dickstein 2024, "The
// boundary of neural network trainability is fractal", arXiv:2402.06184: with v_t = L_t/L_0,
//
//   it trains iff the mean of the last 20 v_t is below 1
//   score = −mean v_t if it trains (near −1: slowly), mean 1/v_t if it diverges (near 0: at once)
#include "experiment/jobs/map.h"

#include <algorithm>

#include "core/curvature.h"
#include "core/mathfn.h"
#include "experiment/jobs/grid.h"

namespace lrlab {
namespace {

constexpr std::size_t kColumns = 11;

constexpr ParamSpec kParams[] = {
    {.key = "size", .label = "resolution", .def = 2, .min = 0, .max = 6, .kind = ParamKind::kChoice,
     .doc = "Cells along each side, reached step by step from 16.", .choices = "16|32|64|128|256|512|1024"},
    {.key = "target", .label = "target loss", .def = 0.1, .min = 1e-9, .max = 1e3, .scale = Scale::kLog,
     .doc = "Steps to target counts the steps until the mini-batch loss is at most this."},
    {.key = "sharpness", .label = "sharpness", .def = 0, .min = 0, .max = 1, .kind = ParamKind::kBool,
     .doc = "Also measure the sharpness at the end of each training; costs a few dozen gradients."},
    LRLAB_STEPS_PARAM(300),
};

class Map : public Work {
 public:
  explicit Map(const Job& job) : job_(job), pieces_(grid_pieces(map_size(job))) {
    items_ = pieces_.size();
    columns_ = {{"x", {}}, {"y", {}}, {job.axes[0].key, {}}, {job.axes[1].key, {}}, {"verdict", {"trains", "diverges"}}};
    for (const char* key : {"train_loss", "test_loss", "to_target", "score", "sharpness", "steps"}) columns_.push_back({key, {}});
    // Cells share the problem unless one of the axes is part of it.
    std::string keys[3];
    for (int k = 0; k < 3; ++k) {
      Config c = job.base;
      if (k > 0) apply_number(job.axes[0], k == 1 ? job.axes[0].min : job.axes[0].max, c);
      if (k > 0) apply_number(job.axes[1], k == 1 ? job.axes[1].min : job.axes[1].max, c);
      keys[k] = problem_key(c);
    }
    if (keys[0] == keys[1] && keys[0] == keys[2]) shared_ = make_problem(job.base);
  }

  std::size_t rows(std::size_t item) const override { return static_cast<std::size_t>(pieces_[item].count); }

  std::vector<double> run(std::size_t item, Stop stop) const override {
    const GridPiece& p = pieces_[item];
    std::vector<double> cells;
    cells.reserve(static_cast<std::size_t>(p.count) * kColumns);
    for (int k = 0; k < p.count; ++k)
      if (!run_cell(p.x + k * p.step, p.y, stop, cells)) return {};
    return cells;
  }

 private:
  bool run_cell(int x, int y, Stop stop, std::vector<double>& cells) const {
    Config config = job_.base;
    const double at_x = map_coordinate(job_, 0, x), at_y = map_coordinate(job_, 1, y);
    apply_number(job_.axes[0], at_x, config);
    apply_number(job_.axes[1], at_y, config);
    Trainer trainer(shared_ ? shared_ : make_problem(config), config.train);

    const bool whole = config.train.batch_size <= 0 || static_cast<std::size_t>(config.train.batch_size) >= trainer.problem().train_count();
    const double before = whole ? kNoValue : trainer.evaluate_train().loss;
    double first = kNoValue, sum = 0, inverse = 0, last = 0;
    const auto steps = static_cast<std::uint64_t>(job_.param("steps"));
    const std::uint64_t tail = std::min<std::uint64_t>(20, steps);
    RunResult r;
    const auto look = [&](const StepReport& report) {
      if (report.step == 0) first = report.loss;
      const double v = report.loss * 0 == 0 ? report.loss / first : kNoValue;
      if (!(v == v)) return;
      sum += v;
      if (v > 0) inverse += fn::abs(v) < 1e-9 ? 1e9 : 1 / v;
      if (report.step + tail >= steps) last += v;
    };
    if (!train_to(trainer, steps, stop, r, job_.param("target"), look)) return false;
    // Whole batches: the paper's rule, the mean of the last losses above the first. Of mini-batches one loss
    // says little, so it is that of the whole training set, and well above: what hardly moves is slow, not gone.
    const double rise = whole ? last / static_cast<double>(tail) / 1.000001 : r.train_loss / before / 1.1;
    const bool diverges = r.end == RunEnd::kDiverged || (r.end != RunEnd::kStopped && !(rise <= 1));
    const double n = static_cast<double>(steps);
    double score = diverges ? inverse / n : -sum / n;
    if (!(score * 0 == 0)) score = kNoValue;
    double sharp = kNoValue;
    if (job_.flag("sharpness") && r.end != RunEnd::kDiverged) {
      Hessian hessian(shared_ ? shared_ : make_problem(config), config.train.l2);
      hessian.set_point(trainer.eval_theta().data(), config.train.l2);
      sharp = sharpness(hessian).value;
      if (!(sharp * 0 == 0)) sharp = kNoValue;
    }
    for (double v : {static_cast<double>(x), static_cast<double>(y), at_x, at_y, diverges ? 1.0 : 0.0, r.train_loss, r.test_loss,
                     r.to_target, score, sharp, static_cast<double>(r.steps)})
      cells.push_back(v);
    return true;
  }

  Job job_;
  std::vector<GridPiece> pieces_;
  std::shared_ptr<const Problem> shared_;
};

}  // namespace

int map_size(const Job& job) { return grid_size(job); }

double map_coordinate(const Job& job, std::size_t axis, int cell) {
  return job.axes[axis].at((cell + 0.5) / map_size(job));
}

// By sliding boxes: which share of all boxes of b cells has both sides in it? For a border of dimension D
// in a picture of n cells that is about (b/(n − b))^(2 − D). Boxes at every place, whole ones only, both
// sides looked for: no luck of the grid, nothing lost at the picture's edge, no half of a border.
double box_dimension(const std::vector<bool>& side, int size) {
  // sums[y·w + x]: cells of this side below y and left of x.
  const int w = size + 1;
  const auto at = [&](int x, int y) { return static_cast<std::size_t>(y * w + x); };
  std::vector<int> sums(at(0, w));
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x)
      sums[at(x + 1, y + 1)] = side[static_cast<std::size_t>(y * size + x)] + sums[at(x, y + 1)] + sums[at(x + 1, y)] - sums[at(x, y)];
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  // Spacings from 1, or 2 where there is room (a single cell is only seen where it is hit), to a 16th.
  for (int box = size < 128 ? 1 : 2; size / box >= 16; box *= 2) {
    const int places = size - box, whole = (box + 1) * (box + 1);
    double mixed = 0;
    for (int y = 0; y < places; ++y)
      for (int x = 0; x < places; ++x) {
        const int k = sums[at(x + box + 1, y + box + 1)] - sums[at(x, y + box + 1)] - sums[at(x + box + 1, y)] + sums[at(x, y)];
        mixed += k > 0 && k < whole;
      }
    if (mixed == 0) return kNoValue;
    const double lx = fn::log(static_cast<double>(box) / places), ly = fn::log(mixed / (static_cast<double>(places) * places));
    n += 1;
    sx += lx;
    sy += ly;
    sxx += lx * lx;
    sxy += lx * ly;
  }
  return n < 2 ? kNoValue : 2 - (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

MapPicture map_picture(const JobBoard& board, MapValue what) {
  constexpr std::size_t kVerdict = 4;
  MapPicture picture;
  picture.size = map_size(board.job());
  picture.value = fill_grid(board, picture.size, 0, kColumns, 0, kVerdict + static_cast<std::size_t>(what), picture.done_size);
  picture.min = 1e300;
  picture.max = -1e300;
  for (double v : picture.value)
    if (v == v) {
      picture.min = std::min(picture.min, v);
      picture.max = std::max(picture.max, v);
    }
  if (picture.min > picture.max) picture.min = picture.max = 0;
  if (picture.done_size == 0) return picture;

  // Which cells of the finest complete grid train.
  int ignored = 0;
  const std::vector<double> verdict =
      what == MapValue::kVerdict ? picture.value : fill_grid(board, picture.size, 0, kColumns, 0, kVerdict, ignored);
  const int m = picture.done_size, apart = picture.size / m;
  std::vector<bool> side;
  for (int y = 0; y < m; ++y)
    for (int x = 0; x < m; ++x) side.push_back(verdict[static_cast<std::size_t>(y * apart * picture.size + x * apart)] == 0);
  picture.dimension = box_dimension(side, m);
  return picture;
}

Job zoomed(const Job& job, double x0, double x1, double y0, double y1) {
  Job out = job;
  out.axes[0].min = job.axes[0].at(x0);
  out.axes[0].max = job.axes[0].at(x1);
  out.axes[1].min = job.axes[1].at(y0);
  out.axes[1].max = job.axes[1].at(y1);
  return out;
}

namespace job_rows {
extern const JobInfo map;
const JobInfo map{
    .id = "map",
    .label = "Map",
    .doc = "One training for each point of a plane of two settings: where training works, and the edge beyond which it blows up.",
    .reference = "Sohl-Dickstein 2024, The boundary of neural network trainability is fractal, arXiv:2402.06184",
    .params = kParams,
    .min_axes = 2,
    .max_axes = 2,
    .default_axes = "lr=1e-3:10:log first_lr=1e-3:10:log",
    .ranges_only = true,
    .make = [](const Job& job) -> std::unique_ptr<Work> { return std::make_unique<Map>(job); },
};
}  // namespace job_rows
}  // namespace lrlab
