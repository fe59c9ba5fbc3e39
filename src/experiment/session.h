// A race: up to 8 lanes that train side by side on the same data, start and mini-batches.
//
// The session owns time: play, pause, step, reset, go back, fork. It has no clock of its own; the
// caller lends one to advance().
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiment/config.h"
#include "experiment/history.h"
#include "experiment/path.h"

namespace lrlab {

inline constexpr std::size_t kMaxLanes = 8;

// What a person chose: the value that undo, the URL and lessons deal in.
struct LaneSpec {
  std::string name;  // empty: described by what differs
  Config config;
  int colour = 0;    // index into the palette, 0 to kMaxLanes − 1
  bool visible = true;
  bool pinned = false;

  bool operator==(const LaneSpec&) const = default;
};

struct Race {
  std::vector<LaneSpec> lanes{1};
  std::size_t selected = 0;

  bool operator==(const Race&) const = default;
};

// "v=1&lr=0.001&lane=lr%3D0.1&lane=lr%3D1": the first lane in full, the others by what differs. Beside
// the config a lane may have a "name", a "colour" where it is not that of its place, and "shown=0".
std::string to_query(const Race& race);
Race race_from_query(std::string_view query, std::vector<Issue>* issues = nullptr);
bool is_lane_key(std::string_view key);  // one of those three

// Lane `from` to place `to`; pinned lanes stay before the others. The selected lane stays selected.
void move_lane(Race& race, std::size_t from, std::size_t to);
// To the end of those pinned, or back behind them.
void pin_lane(Race& race, std::size_t i, bool pinned);
// The lanes of `made` in place of all that are not pinned, as many as fit.
Race replace_lanes(const Race& present, Race made);
int free_colour(const Race& race);

// What lane i has that lane 0 has not, in words: "lr 0.1, Adam". Lane 0: what differs from the others.
std::string difference_text(const Race& race, std::size_t i);
class Session;
// The lane's name, or what is different about it: "lr 0.1, Adam", "lr 0.3, fork at 107".
std::string lane_title(const Session& session, std::size_t i);

// One-click races.
struct RacePreset {
  const char* id;
  const char* label;
  const char* doc;
  Race (*make)(const Config& base);
};
std::span<const RacePreset> race_presets();

// What is running when the page is opened: too low, good and too high, on a network that has learnt
// the spiral after some 1,000 steps at the good rate: two to three seconds.
Race opening_race();

class Lane {
 public:
  Lane(LaneSpec spec, std::shared_ptr<const Problem> problem);

  const LaneSpec& spec() const { return spec_; }
  const Trainer& trainer() const { return *trainer_; }
  Trainer& trainer() { return *trainer_; }  // for evaluation and views; its steps are taken by the session
  // The state that is on the screen: the live one, or a past one while somebody looks back.
  Trainer& shown() { return past_ ? past_->trainer : *trainer_; }
  const Trainer& shown() const { return past_ ? past_->trainer : *trainer_; }
  const Evaluation& shown_train() const { return past_ ? past_->train : train_eval_; }
  const Evaluation& shown_test() const { return past_ ? past_->test : test_eval_; }
  const StepReport& shown_report() const { return past_ ? past_->report : last_report_; }
  std::unique_ptr<Trainer> at(std::uint64_t step) const;  // as it was after so many steps
  // Theta at equal distances from the start on, as far as time travel keeps it, and where it is shown now.
  std::vector<std::vector<Real>> waypoints() const;
  const Path& path() const { return path_; }  // of two parameters
  const Series& curve(Curve c) const { return curves_[static_cast<std::size_t>(c)]; }
  // ‖Δw‖/‖w‖ and gradient norm per layer.
  const std::vector<Series>& layer_ratio() const { return layer_ratio_; }
  const std::vector<Series>& layer_grad() const { return layer_grad_; }
  const Evaluation& train_eval() const { return train_eval_; }
  const Evaluation& test_eval() const { return test_eval_; }
  double start_loss() const { return start_loss_; }  // of the training set, before the first step
  double blind_loss() const { return blind_loss_; }  // of answering 0 to everything; NaN: a surface
  const StepReport& last_report() const { return last_report_; }
  const Telemetry& last_telemetry() const { return last_telemetry_; }
  double clip_share() const;  // share of all steps in which clipping changed the gradient
  std::uint64_t eval_stride() const { return eval_stride_; }
  // Up to this step its past is that of another lane; kNoFork: it has one of its own.
  std::uint64_t forked_at() const { return forked_at_; }
  static constexpr std::uint64_t kNoFork = ~0ull;

  // Fill last_telemetry() in every step, not only in those that the curves look at.
  bool watch = false;

 private:
  friend class Session;
  struct Edit {  // the settings were changed while training
    std::uint64_t step;
    TrainSettings settings;
  };
  // Trains on until one step more is done and recorded, or at least `work` multiply-adds are; true:
  // the step is done. So a frame can stop in the middle of a large network's step.
  bool train_some(std::size_t work);
  void train_step() {
    while (!train_some(~std::size_t{0})) {
    }
  }
  void record(const StepReport& report, bool looked);
  void record_evaluation();
  void record_fall();
  void end_step();
  void evaluate();
  void record_place();
  std::uint64_t evaluation_stride_now() const;
  void restart();
  void adopt(const LaneSpec& spec);
  void look_at(std::uint64_t step);
  struct Snapshot {
    TrainState state;
    std::uint64_t clipped;  // steps so far
  };
  struct Replayed {
    StepReport last;
    std::uint64_t clipped;
  };
  Replayed go_to(Trainer& trainer, std::uint64_t step) const;  // by snapshot and replay
  // Another lane with the same past up to there; with what was changed at that very step, or without.
  std::shared_ptr<Lane> until(std::uint64_t step, bool changed = true) const;

  LaneSpec spec_;
  std::shared_ptr<const Problem> problem_;
  std::unique_ptr<Trainer> trainer_;
  struct Past {
    Past(const std::shared_ptr<const Problem>& problem, const TrainSettings& settings) : trainer(problem, settings) {}
    Trainer trainer;
    Evaluation train, test;
    StepReport report;
  };
  std::unique_ptr<Past> past_;
  std::array<Series, static_cast<std::size_t>(Curve::kCount)> curves_;
  std::vector<Series> layer_ratio_, layer_grad_;
  Path path_;
  Evaluation train_eval_, test_eval_;
  double start_loss_ = 0, blind_loss_ = 0;
  StepReport last_report_;
  Telemetry last_telemetry_;
  std::uint64_t eval_stride_ = 1;
  std::unique_ptr<Evaluator> evaluating_;  // the evaluation that the present step ends with
  bool evaluating_test_ = false;
  std::uint64_t evaluated_step_ = 0;       // where train_eval_ and test_eval_ were taken
  Workspace eval_ws_;
  std::uint64_t clipped_steps_ = 0;
  std::uint64_t forked_at_ = kNoFork;
  std::vector<Edit> edits_;
  std::vector<Snapshot> snapshots_;  // at multiples of snapshot_stride_
  std::uint64_t snapshot_stride_ = 1;
  std::size_t snapshot_limit_ = 64;
};

class Session {
 public:
  // All that undo brings back: what was chosen, and the runs, which rest while they are not in a race.
  struct Moment {
    Race race;
    std::vector<std::shared_ptr<Lane>> lanes;  // empty: forgotten, they begin anew
    std::vector<std::uint64_t> steps = {};     // where each of them stood
    std::uint64_t end = 0;                     // where all would have been
  };

  explicit Session(Race race = {});

  const Race& race() const { return race_; }
  // Change what a person chose. Lanes whose problem and seed stay keep their run: new training
  // settings act at the moment that is shown. If that is a past one, what came after it is trained
  // again. Others (and those that had come to their end: nothing could act on them) start anew, and
  // then all do, so that the race stays fair.
  void set_race(Race race);
  // What set_race() would do.
  struct Outcome {
    bool anew = false;          // start all lanes again
    bool takes_others = false;  // among them some that could have gone on
    bool takes_future = false;  // train again what came after the past moment that is shown
  };
  Outcome outcome(const Race& race) const;

  Moment moment() const;
  // Lanes that rested come back where they were, and catch up. A run that ended under settings chosen
  // after the moment goes back to where it stood.
  void restore(const Moment& moment);
  // A lane that came in later trains alone until it is where the others are.
  bool catching_up(std::size_t i) const { return lanes_[i]->trainer_->state().step < meet_ && !lanes_[i]->trainer_->finished(); }
  bool catching_up() const;
  bool at_rest() const { return (!playing_ || finished()) && !catching_up(); }

  std::size_t lanes() const { return lanes_.size(); }
  Lane& lane(std::size_t i) { return *lanes_[i]; }
  const Lane& lane(std::size_t i) const { return *lanes_[i]; }
  Lane& selected() { return *lanes_[race_.selected]; }

  bool playing() const { return playing_; }
  void play() { look_at_present(); playing_ = true; }
  void pause() { playing_ = false; settle(); }
  void reset();               // to the same start
  void run(std::uint64_t n);  // exactly n steps of every lane, now

  std::uint64_t step() const;  // of the lane that is furthest
  std::uint64_t end() const { return catching_up() ? std::max(step(), meet_) : step(); }  // where it will be when all have caught up
  bool finished() const;       // no lane can go on

  // Steps per second at most while playing; 0: as fast as the machine can.
  double speed = 0;
  // Train while playing until `clock` says that `budget` seconds are over. Returns steps taken.
  std::uint64_t advance(double budget, const std::function<double()>& clock);
  double steps_per_second() const { return rate_; }

  // Time travel. Looking at the past pauses; the live runs stay where they are.
  void look_at(std::uint64_t step);
  void look_at_present();
  bool in_past() const { return past_step_ != kPresent; }
  std::uint64_t shown_step() const { return in_past() ? past_step_ : step(); }
  // Make the past moment the present of every lane: what came after it is forgotten.
  void resume_from_past();
  // A new lane, selected, that shares the past of lane i up to the moment shown and then follows `config`.
  bool fork(std::size_t i, const Config& config);

 private:
  static constexpr std::uint64_t kPresent = ~0ull;
  bool catch_up(double budget, const std::function<double()>& clock);  // true: not yet
  void catch_up();
  void finish_round();  // bring every lane to the same step
  void settle();        // and judge each at the step it stands at
  void begin();         // at step 0 again
  struct Plan {
    std::vector<std::size_t> from;  // the present lane whose run each goes on with; kNone
    bool anew = false;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};
  Plan plan(const Race& race) const;
  bool ended(const Lane& lane) const;
  static std::shared_ptr<Lane> anew(std::shared_ptr<Lane> lane, const LaneSpec& spec);
  std::shared_ptr<const Problem> problem_for(const Config& config);

  Race race_;
  std::vector<std::shared_ptr<Lane>> lanes_;
  bool playing_ = false;
  std::uint64_t meet_ = 0;   // the step to which lanes catch up
  std::size_t turn_ = 0;     // the lane whose step comes next; 0: all have done equally many
  std::uint64_t past_step_ = kPresent;
  double owed_ = 0;          // steps that the speed limit still allows
  double last_time_ = 0;
  bool has_time_ = false;
  double rate_ = 0;
  double window_time_ = 0, window_steps_ = 0;  // what rate_ is measured over
};

}  // namespace lrlab
