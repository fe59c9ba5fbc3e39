// The experiments workspace: what is set up for each kind of job, which one runs, and what came of it.
//
// No part of the run: never undone, not in the address. A panel changes drafts as it changes Prefs;
// starting and ending a job are commands.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/host.h"
#include "experiment/jobs.h"

namespace lrlab {

// One kind of job: as it would be started, and what the last one of it found.
struct Experiment {
  Job draft;
  bool own_base = false;                    // of a preset; else the selected lane's config
  std::unique_ptr<JobBoard> board, check;   // as far as it came; check: of the job that checks it
  std::uint64_t revision = 0;               // grows with whatever changes in these two
  int view = -1;                            // which of several pictures; -1: the first that fits
};

// How a map is looked at.
struct MapLook {
  int shows = 0;                            // a MapValue, by its place in the menu
  std::vector<std::vector<Axis>> back;      // the maps that this one was zoomed out of
  double x = 0.5, y = 0.5;                  // the keyboard's cell, as shares from the left and the bottom
  std::optional<Config> opened;             // the lane that was opened last: the next one takes its place
  bool drawing = false;                     // a box, from this corner on
  double from_x = 0, from_y = 0;
  double start_at = -1;                     // the wheel turned: when to begin with the new part
};

class Experiments {
 public:
  // The host's workers are asked for when the first job starts.
  explicit Experiments(const Host& host);

  std::vector<Experiment> all;  // in the order of the menu
  std::size_t at = 0;           // the one that is looked at
  double workers = 0;           // 0: as many as there should be
  MapLook map;
  std::string said;             // what the last action did, in a sentence
  bool reveal = false;          // it was started: on a phone what comes of it is to be scrolled to
  std::string stale;            // what the result on show is of, where the lane has become another since; or empty

  Experiment& now() { return all[at]; }
  const Experiment& now() const { return all[at]; }
  const JobInfo& info() const { return *now().draft.kind.info; }
  // What is known of experiment k; null: nothing.
  const JobBoard* board(std::size_t k) const { return running(k) && !checking_ ? runner_->board() : all[k].board.get(); }
  const JobBoard* check(std::size_t k) const { return running(k) && checking_ ? runner_->board() : all[k].check.get(); }
  const JobBoard* board() const { return board(at); }

  // Starts the draft of the experiment that is looked at; what ran before is cancelled. `base`: of the
  // selected lane. What had to be corrected is reported.
  std::vector<Issue> start(const Config& base);
  void cancel();
  void poll(double budget);  // every frame

  bool running() const { return running_ >= 0; }
  std::size_t active() const { return running() ? static_cast<std::size_t>(running_) : at; }  // the one that runs
  bool running(std::size_t k) const { return running_ == static_cast<int>(k); }
  bool checking() const { return running() && checking_; }
  const JobRunner* runner() const { return runner_.get(); }

 private:
  void begin(Job job);
  void keep();  // the runner's rows, in their experiment

  const Host& host_;
  std::unique_ptr<JobRunner> runner_;
  double asked_workers_ = 0;
  int running_ = -1;
  bool checking_ = false;
};

// A ready-made job becomes the draft of its kind.
void choose_preset(Experiments& e, const JobPreset& preset, const Config& base);

// "job=" of a link: a ready-made job or a kind by its id, or a job as JSON, ready to start. False: neither.
bool open_job(Experiments& e, const std::string& text, const Config& base, std::vector<Issue>& issues);

}  // namespace lrlab
