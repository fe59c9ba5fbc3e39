#include "app/app.h"

#include <imgui_internal.h>
#include <implot.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "app/cache.h"
#include "app/experiments.h"
#include "app/panels/panels.h"
#include "app/ui.h"
#include "app/widgets/landscape.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"
#include "experiment/export.h"
#include "experiment/json_out.h"
#include "experiment/lesson.h"

namespace lrlab {

using Kind = Command::Kind;

struct App::State {
  explicit State(Host h) : host(std::move(h)), experiments(host), ui(session, host, prefs, cache, experiments) {
    if (!host.now)
      host.now = [t = 0.0]() mutable { return t += 1e-3; };  // a clock that at least moves
    prefs.dark = host.prefers_dark;
  }

  Host host;
  Session session;
  Prefs prefs;
  Cache cache;
  Experiments experiments;
  Ui ui;

  std::vector<Session::Moment> undo, redo;
  bool remembered = false;   // by an earlier command of the same frame: one press is one undo step
  std::string gesture;       // of the last change: more of it joins the same undo step
  double gesture_time = 0;
  bool gesture_anew = false; // it began with a new start, so there is no run to lose
  std::size_t undo_at_press = 0;  // how many there were when a finger was put down

  std::string url;           // as last told to the host
  double url_due = -1;       // when to tell it the new one
  bool ended = false;        // the run came to its end by itself, so it plays again when it begins anew
  bool stands = false;       // right after kRun, also where it goes on playing
  bool probing = false;      // something beside the training is still being measured
  ImPlotContext* implot = nullptr;
  bool styled_dark = false, styled = false;
  double last_input = 0;
  std::vector<bool> told_diverged;

  const Lesson* lesson = nullptr;  // that was opened last
  std::vector<GoalWatch> goals;    // of its tasks
  std::vector<bool> reached;

  std::vector<std::unique_ptr<const Lesson>> lessons_read;  // of files; what points to one stays valid
  std::string refused;             // why the last command was, in sentences

  Race read(std::string_view query);
  void open(const Lesson* opened);
  bool teach(std::string_view name, std::string_view json);
  bool open_task(std::uint64_t i);
  bool parts(std::string_view text, std::vector<std::string>& out);
  bool hide(std::string_view text);
  bool keeps_locks(const Race& race) const;
  bool refuse(const std::vector<Issue>& issues);
  bool obey(std::string_view text);
  void watch_goals();
  void apply(const Command& c);
  void set_race(Race race) {
    change_lanes([&] { session.set_race(std::move(race)); });
  }
  template <class F>
  void change_lanes(F change);
  void fetch_data();
  void remember() { remember(session.moment()); }
  void remember(Session::Moment before);
  void tell(std::string what);
  void untell() { std::erase_if(ui.notices, [](const Issue& i) { return i.key == kToldKey; }); }
  void reset();
  bool all_diverged() const;
  void race_changed(double delay);
  void tell_url();
  void announce_endings();
};

namespace {

constexpr std::size_t kMaxUndo = 200;
constexpr std::size_t kMaxResting = 24;  // lanes: at most 4 MB each

// "12" -> 12; false: not a whole number.
bool parse_count(std::string_view text, std::uint64_t& n) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, n);
  return result.ec == std::errc() && result.ptr == end;
}

// There are samples that no link carries.
bool stay_here(const Race& race) {
  const Config& c = race.lanes[0].config;
  return c.own_data() && c.own.count() > 0 && c.own->link.empty();
}

std::string hex(std::uint64_t v) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(v));
  return text;
}

// What a link shows.
struct Shown {
  Race race;
  const Lesson* lesson = nullptr;
};

// "lesson=too-high" is the race of that lesson, everything else a race in full.
Shown read_link(std::string_view query, std::vector<Issue>& issues) {
  for (const Setting& s : parse_query(query)) {
    if (s.key != "lesson") continue;
    if (const Lesson* found = find_lesson(s.value)) {
      Config any;
      for (const Setting& other : parse_query(query))
        if (other.key != "lesson" && other.key != "v" && apply_settings(any, {other}).empty())
          issues.push_back({other.key, "A lesson brings its own settings: '" + printable(other.key, 40) + "' was left out."});
      return {found->race, found};
    }
    issues.push_back({"lesson", "There is no lesson '" + printable(s.value, 40) + "'. Using the defaults."});
    return {opening_race()};
  }
  return {race_from_query(query, &issues)};
}

}  // namespace

App::App(Host host) : state_(std::make_unique<State>(std::move(host))) {}

App::~App() {
  if (state_->implot) ImPlot::DestroyContext(state_->implot);
}

void App::setup_style(float ui_scale) {
  if (!state_->implot) state_->implot = ImPlot::CreateContext();
  state_->host.ui_scale = ui_scale > 0 ? ui_scale : 1;
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  io.ConfigInputTrickleEventQueue = true;
  state_->ui.fonts = make_fonts(state_->host.ui_scale);
  state_->styled = false;
}

void App::load(std::string_view query) {
  State& s = *state_;
  if (!query.empty() && (query.front() == '?' || query.front() == '#')) query.remove_prefix(1);
  s.ui.notices.clear();
  const bool first_visit = query.empty();
  Race race = first_visit ? opening_race() : s.read(query);
  s.session.set_race(std::move(race));
  s.session.reset();
  s.fetch_data();
  s.undo.clear();
  s.redo.clear();
  s.gesture.clear();
  s.url = first_visit ? "" : to_query(s.session.race());
  if (first_visit && !s.host.reduced_motion) s.session.play();
}

void App::open_file(std::string_view name, std::string_view text, std::size_t size) {
  State& s = *state_;
  if (const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf"); first != text.npos && text[first] == '{') {
    if (!s.teach(name, text)) s.ui.notices.push_back({"lesson", s.refused});
    s.last_input = s.host.now();
    return;
  }
  auto file = std::make_shared<FileDraft>();
  file->name = printable(name.substr(name.find_last_of("/\\") + 1), 60);
  file->table = read_table(text, kMaxTable, size);
  if (file->table.error.empty()) file->choice = suggest(file->table);
  file->look();
  if (!file->table.error.empty() && s.host.announce) s.host.announce(file->error);
  s.prefs.file = std::move(file);
  s.prefs.dialog = Prefs::Dialog::kFile;
  s.last_input = s.host.now();
}

void App::data_arrived(bool fetched) {
  State& s = *state_;
  if (!fetched)
    s.ui.notices.push_back({"dataset", "The samples of this data set could not be fetched: the network may be down. Choose another data set, or this one again to try once more."});
  else
    s.set_race(s.session.race());  // lanes that had no samples begin anew
  s.last_input = s.host.now();
}

// For a reader: what had to be corrected is told.
Race App::State::read(std::string_view query) {
  auto [race, opened] = read_link(query, ui.notices);
  open(opened);
  if (std::any_of(race.lanes.begin(), race.lanes.end(), [](const LaneSpec& l) { return !l.config.surface.info && l.config.dataset.info->given && !l.config.has_data(); }))
    ui.notices.push_back({kDataKey, "This link has no samples: they stayed on the machine where they were made. Paint your own on the board, or open a CSV file."});
  for (const Setting& s : parse_query(query))
    if (s.key == "job" && open_job(experiments, s.value, race.lanes[race.selected].config, ui.notices)) prefs.experiments = true;
  return std::move(race);
}

void App::State::open(const Lesson* opened) {
  lesson = opened;
  goals.clear();
  reached.clear();
  prefs.task = -1;
  prefs.hints = 0;
  prefs.pause_at = lesson ? lesson->steps : 0;
  if (!lesson) return;
  prefs.speed = lesson->speed;
  for (const Task& task : lesson->tasks) goals.emplace_back(task);
  reached.resize(goals.size());
}

// A lesson that somebody wrote, opened like ours. False: what is wrong with it stands in `refused`.
bool App::State::teach(std::string_view name, std::string_view json) {
  std::vector<LessonIssue> issues;
  std::optional<Lesson> read = read_lesson(json, issues);
  if (!read || !issues.empty()) {
    refused.clear();
    for (std::size_t i = 0; i < std::min<std::size_t>(3, issues.size()); ++i)
      refused += (i ? " " : "") + printable(name, 60) + ", " + issue_text(issues[i]);
    if (issues.size() > 3) refused += " There is more; 'lrlab lesson check' lists everything.";
    return false;
  }
  lessons_read.push_back(std::make_unique<const Lesson>(std::move(*read)));
  apply({.kind = Kind::kSetRace, .race = lessons_read.back()->race});
  session.reset();
  open(lessons_read.back().get());
  return true;
}

// What the learner begins the task with, as the only lane.
bool App::State::open_task(std::uint64_t i) {
  if (!lesson || i >= lesson->tasks.size()) return false;
  Race race;
  race.lanes[0].config = lesson->tasks[i].start;
  apply({.kind = Kind::kSetRace, .race = std::move(race)});
  session.reset();
  prefs.task = static_cast<int>(i);
  prefs.hints = 0;
  prefs.pause_at = lesson->tasks[i].steps;
  return true;
}

// "lanes,data": panels by id and sections of the set-up by group.
bool App::State::parts(std::string_view text, std::vector<std::string>& out) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const bool panel = std::any_of(panels().begin(), panels().end(), [&](const Panel& p) { return part == p.id; });
    const bool group = std::any_of(fields().begin(), fields().end(), [&](const Field& f) { return part == f.group; }) ||
                       std::any_of(picks().begin(), picks().end(), [&](const Pick& p) { return part == p.group; });
    if (!panel && !group) {
      refused = "The lab has no part named '" + printable(part, 40) + "'.";
      return false;
    }
    found.emplace_back(part);
  }
  out = std::move(found);
  return true;
}

// What was hidden before is shown again.
bool App::State::hide(std::string_view text) {
  if (!parts(text, prefs.hidden)) return false;
  if (!prefs.has_body()) prefs.hidden.emplace_back("experiments");  // they would have no room
  const bool picture = prefs.shows("picture");
  if (!picture && prefs.phone_tab == 0) prefs.phone_tab = prefs.shows("plots") ? 2 : prefs.shows("setup") ? 1 : 3;
  if (picture) prefs.phone_tab = 0;
  prefs.drawer = false;
  return true;
}

// What the page around the lab has locked stays as it is, whichever button wants it otherwise.
bool App::State::keeps_locks(const Race& race) const {
  const Race& now = session.race();
  if (prefs.locked.empty()) return true;
  if (prefs.locks("lanes") && race.lanes.size() != now.lanes.size()) return false;
  const auto same = [&](const Config& a, const Config& b) {
    for (const Pick& p : picks())
      if (prefs.locks_group(p.group) && (p.index(a) != p.index(b) || p.params(a) != p.params(b) || p.list(a) != p.list(b))) return false;
    for (const Field& f : fields())
      if ((std::string_view(f.spec.key) == "lr" ? prefs.locks("rate") : prefs.locks_group(f.group)) && f.get(a) != f.get(b)) return false;
    return (!prefs.locks_group("model") || a.hidden == b.hidden) && (!prefs.locks_group("data") || a.own == b.own);
  };
  return std::all_of(race.lanes.begin(), race.lanes.end(), [&](const LaneSpec& l) {
    return std::any_of(now.lanes.begin(), now.lanes.end(), [&](const LaneSpec& old) { return same(l.config, old.config); });
  });
}

void App::State::watch_goals() {
  if (session.in_past()) return;
  const Lane& lane = session.lane(session.race().selected);
  // Before a task is begun the lesson's own lanes are nobody's attempt.
  for (std::size_t i = 0; !goals.empty() && prefs.task < 0 && i < lesson->race.lanes.size(); ++i)
    if (lane.spec().config == lesson->race.lanes[i].config) return;
  for (std::size_t i = 0; i < goals.size(); ++i)
    if (goals[i].update(lane, 200)) {
      reached[i] = true;
      if (host.announce) host.announce("Task " + std::to_string(i + 1) + " is done.");
    }
}

// What is known of a lane goes where the lane goes.
template <class F>
void App::State::change_lanes(F change) {
  std::vector<const Lane*> before;
  for (std::size_t i = 0; i < session.lanes(); ++i) before.push_back(&session.lane(i));
  change();
  if (ended && !session.finished() && !session.in_past()) session.play();
  ended = ended && session.finished();
  std::vector<int> from;
  bool moved = false;
  for (std::size_t i = 0; i < session.lanes(); ++i) {
    const auto was = std::find(before.begin(), before.end(), &session.lane(i));
    from.push_back(was == before.end() ? -1 : static_cast<int>(was - before.begin()));
    moved = moved || (from[i] >= 0 && from[i] != static_cast<int>(i));
  }
  if (moved) cache.lanes_moved(from);
  fetch_data();
}

// A page does not carry every data set; App::data_arrived() goes on from here.
void App::State::fetch_data() {
  for (const LaneSpec& lane : session.race().lanes)
    if (!lane.config.surface.info && lane.config.missing_file() && host.fetch_data) return host.fetch_data(lane.config.dataset.info->id);
}

void App::State::remember(Session::Moment before) {
  if (!remembered) undo.push_back(std::move(before));
  remembered = true;
  if (undo.size() > kMaxUndo) undo.erase(undo.begin());
  redo.clear();
  // Runs that rest take memory: of those that nobody sees only so many are kept, the latest.
  std::vector<const Lane*> kept;
  for (std::size_t k = undo.size(); k-- > 0;)
    for (const auto& lane : undo[k].lanes) {
      if (std::find(kept.begin(), kept.end(), lane.get()) == kept.end()) kept.push_back(lane.get());
      if (kept.size() <= kMaxLanes + kMaxResting) continue;
      undo[k].lanes.clear();
      break;
    }
}

// What a change did beside what it was made for: one at a time, until the next one.
void App::State::tell(std::string what) {
  untell();
  ui.notices.push_back({kToldKey, std::move(what)});
}

bool App::State::all_diverged() const {
  for (std::size_t i = 0; i < session.lanes(); ++i)
    if (!session.lane(i).trainer().state().diverged) return false;
  return true;
}

void App::State::reset() {
  if (session.step() > 0) remember();
  session.reset();
  ended = false;
}

void App::State::race_changed(double delay) { url_due = host.now() + delay; }

void App::State::apply(const Command& c) {
  switch (c.kind) {
    case Kind::kSetRace: {
      if (c.race == session.race()) break;
      Race race = c.race;
      for (LaneSpec& lane : race.lanes)
        for (Issue& issue : validate(lane.config)) ui.notices.push_back(std::move(issue));
      const bool same_gesture =
          !c.gesture.empty() && c.gesture == gesture && (ui.keep.dragging || host.now() - gesture_time < 0.6);
      // Which lane is selected is no change of the race: it is not undone.
      Race before = session.race();
      before.selected = race.selected;
      const Session::Outcome outcome = session.outcome(race);
      // A drag that a run dies of leaves it dead: the rest of the way does not begin it anew.
      if (same_gesture && outcome.anew && !gesture_anew && session.step() > 0) {
        gesture_time = host.now();
        break;
      }
      if (!same_gesture) gesture_anew = outcome.anew;
      if (!same_gesture && !(before == race)) remember();
      if (!same_gesture) untell();
      if (outcome.takes_others) tell("All lanes started again at step 0, together. Undo brings their runs back.");
      if (!same_gesture && outcome.takes_future) tell(words({"The change acts from step ", session.shown_step(), " on, where you look; what came after it is trained again. Undo brings it back."}));
      if (stay_here(race) && !stay_here(before))
        ui.notices.push_back({kDataKey, "These samples stay on this machine. A link to this experiment carries its settings only" +
                                            std::string(race.lanes[0].config.own->painted ? ", as there are more than " + std::to_string(kMaxLinkPoints) + " points." : ".")});
      gesture = c.gesture;
      gesture_time = host.now();
      set_race(std::move(race));
      race_changed(0.3);
      break;
    }
    case Kind::kUndo:
    case Kind::kRedo: {
      std::vector<Session::Moment>& from = c.kind == Kind::kUndo ? undo : redo;
      std::vector<Session::Moment>& to = c.kind == Kind::kUndo ? redo : undo;
      if (from.empty()) break;
      untell();
      to.push_back(session.moment());
      change_lanes([&] { session.restore(from.back()); });
      from.pop_back();
      gesture.clear();
      race_changed(0.3);
      break;
    }
    case Kind::kPlay:
      if (session.finished()) {
        // The same settings from the same start lead to the same end: nothing would be seen to happen.
        if (all_diverged()) {
          tell("Every run here has diverged, and would again from the same start. Turn a rate down and it goes on; Reset (R) takes it back to step 0.");
          break;
        }
        reset();
      }
      session.play();
      break;
    case Kind::kPause:
      session.pause();
      ended = false;
      break;
    case Kind::kStep:
      session.pause();
      session.run(std::clamp<std::uint64_t>(c.n, 1, 100000));
      break;
    case Kind::kRun:
      session.run(std::min<std::uint64_t>(c.n, 10000000));
      stands = true;
      break;
    case Kind::kReset: reset(); break;
    case Kind::kLookAt: session.look_at(c.n); break;
    case Kind::kPresent: session.look_at_present(); break;
    case Kind::kResume:
      if (!session.in_past()) break;
      remember();
      session.resume_from_past();
      race_changed(0.3);
      break;
    case Kind::kFork: {
      Session::Moment before = session.moment();
      if (session.fork(c.lane, before.race.lanes[c.lane].config)) {
        remember(std::move(before));
        race_changed(0.3);
      }
      break;
    }
    case Kind::kShare: {
      std::string link = to_query(session.race());
      if (prefs.experiments) link += "&job=" + percent_encode(to_json(experiments.now().draft));
      if (host.share)
        host.share(link);
      else if (host.copy)
        host.copy(link);
      break;
    }
    case Kind::kStartJob:
      session.pause();  // the machine is the experiment's
      ui.notices = experiments.start(session.race().lanes[session.race().selected].config);  // of this start alone
      break;
    case Kind::kCancelJob: experiments.cancel(); break;
    case Kind::kTask: open_task(c.n); break;
    case Kind::kLeaveLesson: open(nullptr); break;
    case Kind::kLoad: {
      Race race = read(c.text);
      if (race == session.race()) break;
      remember();
      set_race(std::move(race));
      race_changed(0.3);
      break;
    }
  }
}

// The address follows the race, but not every pixel of a drag.
void App::State::tell_url() {
  if (url_due < 0 || host.now() < url_due || ui.keep.dragging) return;
  url_due = -1;
  Race race = session.race();
  if (lesson) race.selected = lesson->race.selected;
  std::string now = lesson && race == lesson->race ? "v=" + std::to_string(kFormatVersion) + "&lesson=" + lesson->id : to_query(race);
  if (now == url) return;
  url = std::move(now);
  if (host.set_url) host.set_url(url);
}

void App::State::announce_endings() {
  told_diverged.resize(session.lanes());
  for (std::size_t i = 0; i < session.lanes(); ++i) {
    const TrainState& state = session.lane(i).trainer().state();
    if (state.diverged && !told_diverged[i] && host.announce)
      host.announce("Lane " + std::to_string(i + 1) + " diverged at step " + std::to_string(state.step) + ".");
    told_diverged[i] = state.diverged;
  }
}

void App::frame(double budget) {
  State& s = *state_;
  Ui& ui = s.ui;
  if (!s.styled || s.styled_dark != s.prefs.dark) {
    apply_theme(theme_of(s.prefs.dark));
    s.styled = true;
    s.styled_dark = s.prefs.dark;
  }
  const ImGuiIO& io = ImGui::GetIO();
  ui.theme = &theme_of(s.prefs.dark);
  ui.time = s.host.now();
  ui.moving = false;
  ui.can_undo = !s.undo.empty();
  ui.can_redo = !s.redo.empty();
  ui.lesson = s.lesson;
  ui.goals = s.goals;
  ui.reached = s.reached;
  ui.layout.w = io.DisplaySize.x;
  ui.layout.h = io.DisplaySize.y;
  ui.layout.width = io.DisplaySize.x < 700 || (io.DisplaySize.x < 1200 && io.DisplaySize.y < 560 && s.prefs.has_body()) ? Width::kPhone : io.DisplaySize.x < 1200 ? Width::kMedium : Width::kWide;
  ui.layout.target = s.host.touch || ui.layout.phone() ? 44.0f : 30.0f;
  ui.commands.clear();
  ui.controls.clear();
  ui.keys_used = false;

  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(io.DisplaySize);
  ImGui::Begin("lrlab", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
  ui.follow_finger();
  if (ImGui::IsMouseClicked(0)) {
    s.undo_at_press = s.undo.size();
    if (ui.keep.swipe != Ui::Keep::Swipe::kDrag) s.gesture.clear();
  }
  draw_page(ui);
  ImGui::End();
  ui.draw_tip();
  end_unseen(s.cache.landscape);
  ui.keep.press.clear();
  ui.keep.put.clear();

  s.remembered = false;
  for (const Command& c : ui.commands)
    if (c.kind != Kind::kSetRace || s.keeps_locks(c.race))
      s.apply(c);
    else if (ui.notices.empty())
      ui.notices.push_back({"", "The page around the lab has locked this setting."});
  ui.commands.clear();
  s.remembered = false;
  // The browser took the finger for a scroll of its page: what it had begun to drag is given back.
  if (ImGui::IsMouseReleased(0) && ui.keep.swipe != Ui::Keep::Swipe::kDrag && !ImGui::IsMousePosValid())
    while (s.undo.size() > s.undo_at_press) {
      s.apply({.kind = Kind::kUndo});
      s.redo.pop_back();
    }
  s.session.speed = s.prefs.speed;
  const double start = s.host.now();
  s.stands = s.session.advance(budget, s.host.now) == 0 && s.stands;
  if (s.session.playing() && s.session.finished()) {
    s.session.pause();
    s.ended = true;
  }
  if (s.prefs.pause_at > 0 && s.session.playing() && s.session.step() >= s.prefs.pause_at) {
    s.session.pause();
    s.prefs.pause_at = 0;
  }
  if (!s.prefs.experiments) s.experiments.cancel();  // who leaves the workspace leaves nothing running
  const bool ran = s.experiments.running();
  s.experiments.poll(budget);
  if (ran && !s.experiments.running()) s.last_input = ui.time;  // its last rows are still to be drawn
  const double left = budget - (s.host.now() - start);
  run_probes(s.session, s.cache.probe, budget > 0 ? std::clamp(left, 0.15 * budget, 0.003) : 0, s.host.now);
  if (s.prefs.axis == Prefs::Axis::kSeconds) time_steps(s.session, s.cache.probe, s.host.now);
  s.probing = probes_pending(s.session, s.cache.probe);
  s.announce_endings();
  s.watch_goals();
  s.tell_url();
  ui.keep.dragging = ImGui::IsAnyItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left);
  if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 || ImGui::IsAnyMouseDown() || io.WantTextInput)
    s.last_input = ui.time;
}

bool App::wants_frames() const {
  const State& s = *state_;
  return !s.session.at_rest() || s.ui.moving || s.probing || s.experiments.running() || s.url_due >= 0 || !s.ui.keep.press.empty() ||
         !s.ui.keep.put.empty() || !ImGui::GetCurrentContext()->InputEventsQueue.empty() || s.host.now() - s.last_input < 0.5;
}

// A command is carried out in full or not at all.
bool App::State::refuse(const std::vector<Issue>& issues) {
  for (const Issue& issue : issues) refused += (refused.empty() ? "" : " ") + fault_of(issue.message);
  return !refused.empty();
}

bool App::command(std::string_view text) {
  state_->refused.clear();
  const bool done = state_->obey(text);
  if (!done && state_->refused.empty()) state_->refused = "This is no command: '" + printable(text, 40) + "'.";
  return done;
}

bool App::State::obey(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::string_view verb = text.substr(0, space);
  const std::string_view rest = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  const auto simple = [&](Kind kind) {
    apply({.kind = kind});
    return rest.empty();
  };
  std::uint64_t n = 1;
  if (verb == "play") return simple(Kind::kPlay);
  if (verb == "pause") return simple(Kind::kPause);
  if (verb == "reset") return simple(Kind::kReset);
  if (verb == "undo") return simple(Kind::kUndo);
  if (verb == "redo") return simple(Kind::kRedo);
  if (verb == "present") return simple(Kind::kPresent);
  if (verb == "step" || verb == "run" || verb == "look") {
    if (!(verb == "step" && rest.empty()) && !parse_count(rest, n)) return false;
    apply({.kind = verb == "step" ? Kind::kStep : verb == "run" ? Kind::kRun : Kind::kLookAt, .n = n});
    return true;
  }
  if (verb == "set") {
    std::vector<Issue> issues;
    const std::vector<Setting> settings = parse_query(rest, &issues);
    if (settings.empty()) issues.push_back({"", "There is no setting in this text; one looks like lr=0.1."});
    report_repeated(settings, issues);
    Race race = session.race();
    for (Issue& i : apply_settings(race.lanes[race.selected].config, settings)) issues.push_back(std::move(i));
    if (refuse(issues)) return false;
    apply({.kind = Kind::kSetRace, .race = std::move(race)});
    return true;
  }
  if (verb == "load") {
    std::vector<Issue> issues;
    if (parse_query(rest).empty()) issues.push_back({"", "There is no setting in this text; a state looks like v=1&lr=0.1 or lesson=adam."});
    read_link(rest, issues);
    if (refuse(issues)) return false;
    apply({.kind = Kind::kLoad, .text = std::string(rest)});
    return true;
  }
  if (verb == "hide") return hide(rest);
  if (verb == "lock") return parts(rest, prefs.locked);
  if (verb == "lesson") {
    if (!find_lesson(rest)) return false;
    apply({.kind = Kind::kLoad, .text = "lesson=" + std::string(rest)});
    session.reset();
    return true;
  }
  if (verb == "teach") return teach("lesson", rest);
  if (verb == "task") {
    if (!parse_count(rest, n)) return false;
    if (open_task(n - 1)) return true;  // 0 becomes far too large
    refused = !lesson ? "No lesson is open, so there is no task to begin." : "This lesson has " + std::to_string(goals.size()) + (goals.size() == 1 ? " task." : " tasks.");
    return false;
  }
  if (verb == "theme" && (rest == "dark" || rest == "light")) {
    prefs.dark = rest == "dark";
    return true;
  }
  const std::string_view id = rest.substr(0, rest.find('='));
  const auto known = [&] {
    return std::any_of(ui.controls.begin(), ui.controls.end(), [&](const ControlInfo& c) { return c.id == id; });
  };
  if (verb == "focus" && known()) {
    ui.keep.focus = id;
    ui.keep.focus_shown = ui.keep.scroll_to_focus = true;
    return true;
  }
  if (verb == "press" && known()) {
    ui.keep.press = id;
    return true;
  }
  if (verb == "put" && known() && id.size() < rest.size()) {
    ui.keep.put = id;
    ui.keep.put_value = rest.substr(id.size() + 1);
    return true;
  }
  return false;
}

bool App::move_focus(bool backwards) {
  Ui::Keep& keep = state_->ui.keep;
  const std::vector<ControlInfo>& all = state_->ui.controls;
  const int n = static_cast<int>(all.size());
  int at = -1;
  for (int i = 0; i < n; ++i)
    if (all[static_cast<std::size_t>(i)].id == keep.focus) at = i;
  if (at < 0 && backwards) at = n;
  do at += backwards ? -1 : 1;
  while (at >= 0 && at < n && (!all[static_cast<std::size_t>(at)].enabled || all[static_cast<std::size_t>(at)].role == "image"));
  keep.editing.clear();
  keep.focus_shown = true;
  if (at < 0 || at >= n) {
    keep.focus.clear();
    return false;
  }
  keep.focus = all[static_cast<std::size_t>(at)].id;
  keep.scroll_to_focus = true;
  return true;
}

std::string App::state_json() const {
  State& s = *state_;
  if (s.session.at_rest() || s.stands) settle_probes(s.session, s.cache.probe);
  const Race& race = s.session.race();
  JsonOut j;
  j.begin('{');
  j.number("v", kFormatVersion);
  j.text("query", to_query(race));
  j.flag("dark", s.prefs.dark);
  j.flag("playing", s.session.playing());
  j.number("step", static_cast<double>(s.session.step()));
  j.number("shown_step", static_cast<double>(s.session.shown_step()));
  j.number("epoch", s.session.lanes() ? s.session.lane(race.selected).trainer().epoch() : 0);
  j.number("steps_per_second", s.session.steps_per_second());
  j.number("selected", static_cast<double>(race.selected));
  j.text("refused", s.refused);
  j.number("height", static_cast<double>(s.ui.wish));
  if (s.lesson) {
    j.begin('{', "lesson");
    j.text("id", s.lesson->id);
    j.text("title", s.lesson->title);
    j.begin('[', "tasks");
    for (std::size_t i = 0; i < s.goals.size(); ++i) {
      j.begin('{');
      j.text("text", s.lesson->tasks[i].text);
      j.flag("reached", s.reached[i]);
      j.text("found", s.goals[i].result().text);
      j.end();
    }
    j.end();
    j.end();
  }
  j.begin('[', "lanes");
  for (std::size_t i = 0; i < s.session.lanes(); ++i) {
    const Lane& lane = s.session.lane(i);
    const TrainState& state = lane.trainer().state();
    j.begin('{');
    j.text("name", lane_title(s.session, i));
    j.text("query", to_query(lane.spec().config));
    j.number("step", static_cast<double>(state.step));
    j.number("lr", lane.spec().config.train.lr);
    j.number("lr_t", lane.trainer().lr_now());
    j.number("train_loss", lane.train_eval().loss);
    j.number("test_loss", lane.test_eval().loss);
    j.number("train_accuracy", lane.train_eval().accuracy);
    j.number("test_accuracy", lane.test_eval().accuracy);
    const LaneProbe* probe = i < s.cache.probe.size() ? &s.cache.probe[i] : nullptr;
    j.text("verdict", state.diverged ? "diverged" : probe ? verdict_info(probe->verdict.kind).id : "started");
    if (probe && probe->last_limit > 0 && !state.diverged) j.number("stable_lr", probe->last_limit);
    j.text("theta_hash", hex(hash_bits(lane.trainer().theta())));
    j.end();
  }
  j.end();
  if (const JobBoard* board = s.experiments.board()) {
    j.begin('{', "job");
    j.text("kind", s.experiments.info().id);
    j.flag("running", s.experiments.running());
    j.flag("checking", s.experiments.checking());
    j.number("done", static_cast<double>(board->done()));
    j.number("total", static_cast<double>(board->total()));
    j.raw("job", to_json(board->job()));
    if (const JobRunner* runner = s.experiments.runner()) {
      j.number("workers", runner->workers());
      j.number("replaced", runner->replaced());
      j.number("seconds", runner->seconds());
    }
    j.end();
  }
  j.begin('[', "notices");
  for (const Issue& n : s.ui.notices) j.text({}, n.message);
  j.end();
  j.begin('[', "controls");
  for (const ControlInfo& c : s.ui.controls) {
    j.begin('{');
    for (const auto& [key, value] : {std::pair{"id", &c.id}, {"role", &c.role}, {"label", &c.label}, {"value", &c.value}}) j.text(key, *value);
    for (const auto& [key, value] : {std::pair{"x", c.x}, {"y", c.y}, {"w", c.w}, {"h", c.h}}) j.number(key, static_cast<double>(value));
    for (const auto& [key, value] : {std::pair{"enabled", c.enabled}, {"visible", c.visible}, {"focused", c.focused}}) j.flag(key, value);
    j.end();
  }
  j.end();
  j.end();
  return j.str();
}

std::string App::csv() const { return to_csv(state_->session); }
std::string App::table() const { return to_table(state_->session); }

const std::vector<ControlInfo>& App::controls() const { return state_->ui.controls; }

}  // namespace lrlab
