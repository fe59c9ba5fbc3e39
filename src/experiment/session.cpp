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

// A lane goes on if some present lane has its problem and seed (the one at its place first): only
// then is its past the past of the new settings too.
Session::Plan Session::plan(const Race& race) const {
  std::vector<std::string> has, wants;
  for (const auto& lane : lanes_) has.push_back(problem_key(lane->spec_.config));
  for (const LaneSpec& spec : race.lanes) wants.push_back(problem_key(spec.config));
  const auto fits = [&](std::size_t k, std::size_t i) {
    const Config& config = race.lanes[i].config;
    return lanes_[k]->spec_.config.train.seed == config.train.seed && has[k] == wants[i] &&
           (lanes_[k]->problem_->train_count() > 0 || !config.has_data());  // what was missing may have come
  };
  const std::size_t n = race.lanes.size();
  Plan out{.from = std::vector<std::size_t>(n, kNone)};
  std::vector<bool> taken(lanes_.size());
  for (int pass = 0; pass < 3; ++pass)
    for (std::size_t i = 0; i < n; ++i) {
      if (out.from[i] != kNone) continue;
      for (std::size_t k = 0; k < lanes_.size(); ++k) {
        if (taken[k] || !fits(k, i)) continue;
        const bool same = lanes_[k]->spec_ == race.lanes[i];     // first those that did not change,
        if (pass == 0 && !same) continue;                        // then those at the same place,
        if (pass == 1 && (k != i || lanes_.size() != n)) continue;
        if (pass == 2 && lanes_.size() != n) continue;           // never a stranger's past for a new lane
        out.from[i] = k;
        taken[k] = true;
        break;
      }
    }
  for (std::size_t i = 0; i < n; ++i)
    out.anew = out.anew || out.from[i] == kNone || (ended(*lanes_[out.from[i]]) && !(lanes_[out.from[i]]->spec_.config.train == race.lanes[i].config.train));
  return out;
}

// At the moment that is shown.
bool Session::ended(const Lane& lane) const { return lane.trainer_->finished() && lane.trainer_->state().step <= shown_step(); }

Session::Outcome Session::outcome(const Race& race) const {
  const Plan p = plan(race);
  Outcome out{.anew = p.anew};
  for (std::size_t i = 0; i < p.from.size(); ++i) {
    if (p.from[i] == kNone) continue;
    const Lane& lane = *lanes_[p.from[i]];
    const bool changes = !(lane.spec_.config.train == race.lanes[i].config.train);
    const std::uint64_t step = lane.trainer_->state().step;
    out.takes_others = out.takes_others || (p.anew && step > 0 && !(changes && ended(lane)));
    out.takes_future = out.takes_future || (!p.anew && changes && step > shown_step() && lane.forked_at_ != shown_step());
  }
  return out;
}

void Session::set_race(Race race) {
  finish_round();
  if (race.lanes.empty()) race.lanes.emplace_back();
  if (race.lanes.size() > kMaxLanes) race.lanes.resize(kMaxLanes);
  race.selected = std::min(race.selected, race.lanes.size() - 1);

  const Plan p = plan(race);
  const std::uint64_t end = this->end();
  std::vector<std::shared_ptr<Lane>> old = std::move(lanes_);
  lanes_.clear();
  for (std::size_t i = 0; i < p.from.size(); ++i) {
    const LaneSpec& spec = race.lanes[i];
    std::shared_ptr<Lane> lane = p.from[i] == kNone ? nullptr : std::move(old[p.from[i]]);
    if (!lane)
      lane = std::make_shared<Lane>(spec, problem_for(spec.config));
    else if (p.anew)
      lane = anew(std::move(lane), spec);
    else if (in_past() && !(lane->spec_.config.train == spec.config.train)) {
      lane = lane->until(past_step_, false);
      meet_ = end;
    }
    lane->adopt(spec);
    if (in_past() && !p.anew && !lane->past_) lane->look_at(past_step_);
    lanes_.push_back(std::move(lane));
  }
  race_ = std::move(race);
  if (p.anew) begin();
}

Session::Moment Session::moment() const {
  Moment m{.race = race_, .lanes = lanes_, .steps = {}, .end = end()};
  for (const auto& lane : lanes_) m.steps.push_back(lane->trainer_->state().step);
  return m;
}

// The lane at its start. If somebody keeps the run (old as it is), another lane takes its place.
std::shared_ptr<Lane> Session::anew(std::shared_ptr<Lane> lane, const LaneSpec& spec) {
  if (lane.use_count() > 1) return std::make_shared<Lane>(spec, lane->problem_);
  lane->spec_ = spec;
  lane->restart();
  return lane;
}

void Session::begin() {
  past_step_ = kPresent;
  owed_ = 0;
  turn_ = 0;
  meet_ = 0;
}

void Session::reset() {
  begin();
  for (auto& lane : lanes_) {
    const LaneSpec spec = lane->spec_;
    lane = anew(std::move(lane), spec);
  }
}

void Session::restore(const Moment& moment) {
  if (moment.lanes.empty()) return set_race(moment.race);
  const std::uint64_t past = past_step_;
  finish_round();
  look_at_present();
  lanes_ = moment.lanes;
  race_ = moment.race;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const auto ended = [&] { return lanes_[i]->trainer_->finished() && !(lanes_[i]->spec_.config.train == race_.lanes[i].config.train); };
    if (ended() && i < moment.steps.size()) lanes_[i] = lanes_[i]->until(moment.steps[i], false);
    if (ended()) return set_race(moment.race);  // nothing could act on it
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    lanes_[i]->past_.reset();
    lanes_[i]->adopt(race_.lanes[i]);
  }
  meet_ = std::max(step(), moment.end);
  if (past != kPresent) look_at(past);
}

bool Session::catching_up() const {
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    if (catching_up(i)) return true;
  return false;
}

void Session::catch_up() {
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    while (catching_up(i)) lanes_[i]->train_step();
}

bool Session::catch_up(double budget, const std::function<double()>& clock) {
  if (!catching_up()) return false;
  const double start = clock();
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    while (catching_up(i)) {
      if (budget <= 0 || clock() - start >= budget) return true;
      lanes_[i]->train_step();
    }
  if (!playing_) settle();
  return false;
}

void Session::run(std::uint64_t n) {
  look_at_present();
  finish_round();
  catch_up();
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
  if (catch_up(budget, clock) || !playing_ || in_past() || finished() || budget <= 0) {
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
  for (auto& lane : lanes_) lane->look_at(step);
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
    lanes_[i] = lanes_[i]->until(step);
    race_.lanes[i].config.train = lanes_[i]->spec_.config.train;
  }
  meet_ = this->step();
}

bool Session::fork(std::size_t i, const Config& config) {
  if (lanes_.size() >= kMaxLanes || problem_key(config) != problem_key(lanes_[i]->spec_.config)) return false;
  finish_round();
  const std::uint64_t end = this->end();
  auto lane = lanes_[i]->until(shown_step());
  lane->forked_at_ = lane->trainer_->state().step;
  LaneSpec& spec = lane->spec_;
  spec.name.clear();
  spec.colour = free_colour(race_);
  LaneSpec wanted = spec;
  wanted.config = config;
  lane->adopt(wanted);
  race_.lanes.push_back(lane->spec_);
  lanes_.push_back(std::move(lane));
  race_.selected = race_.lanes.size() - 1;
  meet_ = end;  // both go on from the moment of the fork
  if (in_past()) look_at(past_step_);
  return true;
}

}  // namespace lrlab
