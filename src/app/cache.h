// What is costly to draw anew in every frame, and the parts of the state that tell when to.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "app/probes.h"
#include "app/ui.h"
#include "experiment/jobs/crossval.h"
#include "experiment/jobs/ensemble.h"
#include "experiment/jobs/landscape.h"
#include "experiment/jobs/map.h"
#include "experiment/jobs/range_test.h"
#include "experiment/jobs/stability.h"
#include "experiment/jobs/sweep.h"

namespace lrlab {

// What the rows of an experiment sum up to, and when that was worked out; see panels/experiments.h.
template <class T>
struct Memo {
  std::size_t experiment = ~std::size_t{0};
  std::uint64_t revision = ~0ull;
  double due = 0;
  T value;
};

// A map as it is drawn.
struct MapImage {
  std::vector<Axis> axes;
  int shows = -1;                 // by its place in the menu
  bool dark = false;
  MapPicture picture;             // of what it shows
  std::vector<double> verdict;    // 0: trains, 1: diverges
  double low = 0, high = 1;       // of the colours
  int side = 0;                   // cells that are drawn: at most 256 a side
  std::vector<ImU32> colour;
};

// What a network answers over a grid of points and on the samples, or a surface's value over a grid.
struct FieldImage {
  // Made for:
  const Problem* problem = nullptr;
  std::uint64_t step = ~0ull;
  std::uint64_t weights = 0;     // a mark of theta
  bool dark = false;
  int nx = 0, ny = 0;            // cells
  double time = -1;              // when it was made

  Point2 low, high;              // the corners
  std::vector<float> value;      // [ny + 1][nx + 1]: in [−1, 1] for two classes and regression
  std::vector<float> height;     // the same, of a surface: how high it stands seen from the side
  std::vector<ImU32> colour;     // [ny + 1][nx + 1]
  int place = -1;                // on the sheet (host.h); −1: it is not there
  std::vector<ImVec2> border;    // ends of the segments where value = 0, in [0, 1]²
  std::vector<bool> wrong_train, wrong_test;
  std::vector<float> curve;      // one input: the output at nx + 1 places
  std::vector<int> confusion;    // [classes][classes]: true, predicted; of the test part
  int confusion_total = 0;
  struct Miss {
    std::size_t index;           // in the test part
    int is, said;
  };
  std::vector<Miss> misread;
  struct Answer {
    float is, said;
    bool test;
  };
  std::vector<Answer> answers;   // regression with many inputs
  std::vector<double> raw;       // [ny + 1][nx + 1]: heights as they are, where `value` is their logarithm
  bool finite = true;
};

// What each neuron of the selected lane's network answers.
struct NetworkImage {
  const Problem* problem = nullptr;
  const Trainer* trainer = nullptr;
  std::uint64_t step = 0;
  double time = -1;
  bool dark = false;
  int side = 0;                                         // cells per side; 0: no pictures
  std::vector<std::vector<std::vector<ImU32>>> colour;  // [layer][neuron][point]
};

// The slice of the loss through parameter space that is looked at.
struct LandscapeView {
  std::unique_ptr<JobRunner> runner;
  // Made for:
  const Trainer* trainer = nullptr;
  const Problem* problem = nullptr;
  std::uint64_t step = 0, draw = 0;
  bool of_path = false;

  std::uint64_t version = ~0ull;  // of the board, when the picture was taken
  FieldImage image;
  double min = 0, max = 0;
  std::vector<std::vector<Point2>> paths;  // per lane, in the plane
  std::vector<std::uint64_t> paths_step;   // per lane: where it was then
  double paths_time = -1;
  bool seen = false;              // drawn in this frame
};

struct Cache {
  // Lanes have changed their places: lane i was lane from[i] (−1: it is new). What is kept per lane goes
  // along.
  void lanes_moved(const std::vector<int>& from) {
    const auto follow = [&](auto& kept) {
      std::remove_reference_t<decltype(kept)> next(from.size());
      for (std::size_t i = 0; i < from.size(); ++i)
        if (from[i] >= 0 && static_cast<std::size_t>(from[i]) < kept.size()) next[i] = std::move(kept[static_cast<std::size_t>(from[i])]);
      kept = std::move(next);
    };
    follow(probe);
    follow(field);
    landscape.paths_step.clear();
  }

  Race difference_race;                  // what `difference` was made for
  std::vector<std::uint64_t> difference_forks;
  std::vector<std::string> difference;   // per lane
  std::vector<FieldImage> field;         // per lane
  std::vector<LaneProbe> probe;          // per lane
  NetworkImage network;
  Memo<RangeTestResult> range;
  Memo<SweepResult> sweep, checked;
  Memo<CrossvalResult> crossval;
  Memo<EnsembleResult> ensemble;
  Memo<std::vector<StabilityCurve>> stability;
  Memo<MapImage> map;
  MapImage map_before;           // lies behind a map that has just begun
  double field_spent = 0;                // seconds of this frame
  LandscapeView landscape;
};

}  // namespace lrlab
