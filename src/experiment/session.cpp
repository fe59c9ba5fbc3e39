#include "experiment/session.h"

#include <algorithm>

#include "experiment/codec.h"

namespace lrlab {

Session::Session(Race race) { set_race(std::move(race)); }

// Lanes with equal problems share one, so that all of them see the same data and the same start.
std::shared_ptr<const Problem> Session::problem_for(const Config& config) {
  const std::string key = problem_key(config);
  for (const auto& lane : lanes_)
    if (lane && problem_key(lane->spec_.config) == key) return lane->problem_;
  return make_problem(config);
}

// Lanes take turns, so one may be a step ahead of the next, or in the middle of its step.
void Session::finish_round() {
  if (turn_ == 0 && lanes_.empty()) return;
  bool begun = turn_ > 0;
  for (auto& lane : lanes_) begun = begun || lane->evaluating_;
  if (begun)
    for (; turn_ < lanes_.size(); ++turn_) lanes_[turn_]->train_step();
  turn_ = 0;
}

// While playing, lanes are judged every few steps; at rest the numbers are those of the very step.
void Session::settle() {
  finish_round();
  for (auto& lane : lanes_)
    if (lane->evaluated_step_ != lane->trainer_->state().step) lane->evaluate();
}

void Session::set_race(Race race) {
  finish_round();
  if (race.lanes.empty()) race.lanes.emplace_back();
  if (race.lanes.size() > kMaxLanes) race.lanes.resize(kMaxLanes);
  race.selected = std::min(race.selected, race.lanes.size() - 1);

  // A lane goes on if some present lane has its problem and seed (the one at its place first): only
  // then is its past the past of the new settings too.
  std::vector<std::unique_ptr<Lane>> old = std::move(lanes_);
  lanes_.clear();
  bool restart = false;
  std::vector<const Lane*> kept(race.lanes.size());
  const auto fits = [](const std::unique_ptr<Lane>& lane, const LaneSpec& spec) {
    return lane && lane->spec_.config.train.seed == spec.config.train.seed &&
           problem_key(lane->spec_.config) == problem_key(spec.config) &&
           (lane->problem_->train_count() > 0 || !spec.config.has_data());  // what was missing may have come
  };
  std::vector<std::unique_ptr<Lane>> next(race.lanes.size());
  for (int pass = 0; pass < 3; ++pass)
    for (std::size_t i = 0; i < race.lanes.size(); ++i) {
      if (next[i]) continue;
      for (std::size_t k = 0; k < old.size(); ++k) {
        if (!fits(old[k], race.lanes[i])) continue;
        const bool same = old[k]->spec_ == race.lanes[i];       // first those that did not change,
        if (pass == 0 && !same) continue;                       // then those at the same place,
        if (pass == 1 && (k != i || old.size() != next.size())) continue;
        if (pass == 2 && old.size() != next.size()) continue;   // never a stranger's past for a new lane
        next[i] = std::move(old[k]);
        break;
      }
    }
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (next[i]) {
      Lane& lane = *next[i];
      if (!(lane.spec_.config.train == race.lanes[i].config.train)) {
        if (lane.past_) lane.past_.reset();
        restart = restart || lane.trainer_->finished();
        lane.trainer_->change(race.lanes[i].config.train);
        const std::uint64_t step = lane.trainer_->state().step;
        std::erase_if(lane.edits_, [&](const Lane::Edit& e) { return e.step >= step; });
        lane.edits_.push_back({step, race.lanes[i].config.train});
        if (step == 0) {  // nothing has happened yet: this is the beginning
          lane.spec_ = race.lanes[i];
          lane.restart();
        }
      }
      lane.spec_ = race.lanes[i];
      lanes_.push_back(std::move(next[i]));
    } else {
      std::shared_ptr<const Problem> problem = problem_for(race.lanes[i].config);
      lanes_.push_back(std::make_unique<Lane>(race.lanes[i], std::move(problem)));
      restart = true;
    }
  }
  race_ = std::move(race);
  if (restart) reset();
}

void Session::reset() {
  past_step_ = kPresent;
  owed_ = 0;
  turn_ = 0;
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->restart();
}

void Session::run(std::uint64_t n) {
  look_at_present();
  finish_round();
  for (std::uint64_t k = 0; k < n && !finished(); ++k)
    for (auto& lane : lanes_) lane->train_step();
  settle();
}

std::uint64_t Session::step() const {
  std::uint64_t furthest = 0;
  for (const auto& lane : lanes_) furthest = std::max(furthest, lane->trainer_->state().step);
  return furthest;
}

bool Session::finished() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->trainer_->finished(); });
}

std::uint64_t Session::advance(double budget, const std::function<double()>& clock) {
  const double start = clock();
  // At most a tenth of a second is made up for: after a pause there is no burst.
  const double elapsed = has_time_ ? std::clamp(start - last_time_, 0.0, 0.1) : 0;
  last_time_ = start;
  has_time_ = true;
  if (!playing_ || in_past() || finished() || budget <= 0) {
    rate_ = window_time_ = window_steps_ = 0;
    return 0;
  }
  owed_ = std::min(owed_ + speed * elapsed, std::max(1.0, speed * 0.1));
  if (speed > 0 && owed_ < 1) {
    window_time_ += elapsed;
    return 0;
  }
  std::uint64_t done = 0;
  // The clock is asked every few pieces of work; how many follows from how long they took.
  constexpr std::size_t kPiece = 4u << 20;  // multiply-adds: under a millisecond everywhere
  std::uint64_t chunk = 1;
  double now = start;
  bool out_of_steps = false;
  while (!out_of_steps && !finished()) {
    std::uint64_t n = 0;
    for (; n < chunk && !out_of_steps; ++n) {
      if (!lanes_[turn_]->train_some(kPiece) || ++turn_ < lanes_.size()) continue;
      turn_ = 0;  // a round is done: every lane took one step
      ++done;
      if (speed > 0) out_of_steps = --owed_ < 1;
      if (finished()) break;
    }
    const double before = now;
    now = clock();
    if (now - start >= budget) break;
    // Aim at a twentieth of the budget between looks at the clock.
    const double each = std::max((now - before) / static_cast<double>(std::max<std::uint64_t>(n, 1)), 1e-9);
    const double left = budget - (now - start);
    chunk = static_cast<std::uint64_t>(std::clamp(std::min(budget / 20, left) / each, 1.0, 4.0 * static_cast<double>(chunk)));
  }
  window_time_ += elapsed;
  window_steps_ += static_cast<double>(done);
  if (window_time_ >= 0.3) {
    rate_ = window_steps_ / window_time_;
    window_time_ = window_steps_ = 0;
  }
  return done;
}

void Session::look_at(std::uint64_t step) {
  playing_ = false;
  finish_round();
  if (step >= this->step()) return look_at_present();
  past_step_ = step;
  for (auto& lane : lanes_) {
    if (!lane->past_) lane->past_ = std::make_unique<Trainer>(lane->problem_, lane->spec_.config.train);
    lane->go_to(*lane->past_, step);
  }
}

void Session::look_at_present() {
  past_step_ = kPresent;
  for (auto& lane : lanes_) lane->past_.reset();
}

void Session::resume_from_past() {
  if (!in_past()) return;
  const std::uint64_t step = past_step_;
  look_at_present();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    lanes_[i]->forget_after(step);
    race_.lanes[i].config.train = lanes_[i]->spec_.config.train;
  }
}

bool Session::fork(std::size_t i, const Config& config) {
  if (lanes_.size() >= kMaxLanes || problem_key(config) != problem_key(lanes_[i]->spec_.config)) return false;
  finish_round();
  const std::uint64_t step = shown_step();
  LaneSpec spec = race_.lanes[i];
  spec.name.clear();
  spec.config = lanes_[i]->spec_.config;
  for (int colour = 0; colour < static_cast<int>(kMaxLanes); ++colour)
    if (std::none_of(race_.lanes.begin(), race_.lanes.end(), [&](const LaneSpec& l) { return l.colour == colour; })) {
      spec.colour = colour;
      break;
    }
  auto lane = std::make_unique<Lane>(spec, lanes_[i]->problem_);
  const Lane& from = *lanes_[i];
  lane->curves_ = from.curves_;
  lane->layer_ratio_ = from.layer_ratio_;
  lane->layer_grad_ = from.layer_grad_;
  lane->path_ = from.path_;
  lane->edits_ = from.edits_;
  lane->snapshots_ = from.snapshots_;
  lane->snapshot_stride_ = from.snapshot_stride_;
  from.go_to(*lane->trainer_, from.trainer_->state().step);
  lane->forget_after(step);
  lane->trainer_->change(config.train);
  lane->edits_.push_back({lane->trainer_->state().step, config.train});
  lane->spec_.config = config;
  // Both go on from the moment of the fork: let the new lane catch up with the others.
  while (lane->trainer_->state().step < from.trainer_->state().step && !lane->trainer_->finished()) lane->train_step();
  race_.lanes.push_back(lane->spec_);
  lanes_.push_back(std::move(lane));
  return true;
}

}  // namespace lrlab
