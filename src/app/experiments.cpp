#include "app/experiments.h"

#include "core/parse.h"

namespace lrlab {

Experiments::Experiments(const Host& host) : host_(host) {
  for (const JobInfo* info : job_kinds()) {
    if (info->of_lane) continue;
    Experiment e{.draft = make_job(info->id), .board = {}, .check = {}};
    validate(e.draft);  // gives it its axes
    all.push_back(std::move(e));
  }
}

std::vector<Issue> Experiments::start(const Config& base) {
  Experiment& e = now();
  if (!e.own_base) e.draft.base = base;
  std::vector<Issue> issues = validate(e.draft);
  if (std::string why = too_large(e.draft); !why.empty()) {
    issues.push_back({"job", std::move(why)});
    return issues;
  }
  cancel();
  e.board.reset();
  e.check.reset();
  ++e.revision;
  said.clear();
  running_ = static_cast<int>(at);
  checking_ = false;
  begin(e.draft);
  return issues;
}

void Experiments::begin(Job job) {
  if (!runner_ || asked_workers_ != workers) {
    asked_workers_ = workers;
    runner_ = host_.make_pool ? host_.make_pool(static_cast<int>(workers)) : std::make_unique<SerialRunner>(host_.now);
  }
  runner_->start(std::move(job));
}

void Experiments::keep() {
  Experiment& e = all[static_cast<std::size_t>(running_)];
  (checking_ ? e.check : e.board) = runner_->release();
  ++e.revision;
}

void Experiments::cancel() {
  if (!running()) return;
  keep();
  running_ = -1;
}

void Experiments::poll(double budget) {
  if (!running()) return;
  Experiment& e = all[static_cast<std::size_t>(running_)];
  const std::uint64_t before = runner_->board()->version();
  runner_->poll(budget);
  if (runner_->board()->version() != before) ++e.revision;
  if (runner_->running()) return;
  const bool whole = runner_->board()->finished();
  keep();
  const JobInfo& info = *e.draft.kind.info;
  if (whole && !checking_ && info.then) {
    if (std::optional<Job> second = info.then(e.board->job(), e.board->round_rows())) {
      validate(*second);
      checking_ = true;
      return begin(std::move(*second));
    }
  }
  running_ = -1;
  if (!whole) said = "Stopped: one training ended every worker that tried it, or left it without an answer. Make it smaller (fewer units, samples or steps).";
}

void choose_preset(Experiments& e, const JobPreset& preset, const Config& base) {
  Job job = preset.make(base);
  for (std::size_t k = 0; k < e.all.size(); ++k)
    if (e.all[k].draft.kind.info == job.kind.info) {
      e.at = k;
      e.all[k].own_base = !(job.base == base);
      e.all[k].draft = std::move(job);
      validate(e.all[k].draft);
    }
}

bool open_job(Experiments& e, const std::string& text, const Config& base, std::vector<Issue>& issues) {
  bool own_base = false;
  std::optional<Job> job = job_from_link(text, base, issues, &own_base);
  for (std::size_t k = 0; job && k < e.all.size(); ++k)
    if (e.all[k].draft.kind.info == job->kind.info) {
      e.at = k;
      e.all[k].own_base = own_base;
      e.all[k].draft = std::move(*job);
      return true;
    }
  return false;
}

}  // namespace lrlab
