// What a panel gets: the session to read, how things are looked at, and the controls to draw with.
//
// A panel never changes a run: it leaves commands, and App::apply() carries them out between frames.
// Every control goes through Ui::control(), which also writes it down for tests, assistive technology
// and keyboard focus. Positions and sizes are logical pixels from the canvas' top left corner.
#pragma once

#include <imgui.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/app.h"
#include "app/theme.h"
#include "experiment/lesson.h"
#include "experiment/session.h"
#include "experiment/table.h"

namespace lrlab {

// The key of a notice that only tells what has happened.
inline constexpr const char* kToldKey = "told";

struct Command {
  enum class Kind {
    kSetRace,   // race; `gesture`: changes with the same one are undone together
    kUndo,
    kRedo,
    kPlay,
    kPause,
    kStep,      // n steps, then pause
    kReset,
    kRun,       // exactly n steps, now
    kLookAt,    // show step n
    kPresent,   // look at the present again
    kResume,    // go on from the step that is shown
    kFork,      // a new lane from lane `lane` at the step that is shown
    kShare,     // copy the address
    kLoad,      // text: a query
    kTask,      // begin task n (from 0) of the lesson
    kLeaveLesson,
    kStartJob,  // the experiment that is looked at, as it is set up
    kCancelJob,
  };
  Kind kind;
  Race race{};
  std::uint64_t n = 0;
  std::size_t lane = 0;
  std::string gesture{};
  std::string text{};
};

// A rate worth knowing, on the dial's scale.
struct DialMark {
  double value = 0;
  std::string label = {};  // one or two words above the scale; empty: only a tick
  std::string doc = {};    // more about it, when the pointer rests there
  ImU32 colour = 0;        // 0: that of plain words
  int lane = -1;           // drawn with this lane's marker
  bool limit = false;      // what lies above it is too much
};

// What a range test found out. It holds for every lane that differs only in its rate and schedule.
struct RateMarks {
  Config of;
  std::vector<DialMark> marks;
};

// A CSV file that was opened, while its columns are being chosen.
struct FileDraft {
  std::string name;
  Table table;
  TableChoice choice;
  std::vector<bool> numbers;  // per column
  Own own;                    // what the choice gives, or
  std::string error;          // why it gives nothing
  void look();                // after a change of the choice
};

// How the run is looked at: no part of the run, never undone.
struct Prefs {
  bool dark = true;
  double speed = 400;          // steps per second; 0: as fast as possible
  bool loss_log = true;
  enum class Axis { kSteps, kEpochs, kSeconds } axis = Axis::kSteps;  // of all plots
  double smoothing = 0;        // of all plots, in [0, 1); 0: off
  bool test_points = true;
  bool misread = true;         // ring what the network gets wrong
  bool one_surface = false;    // only the selected lane's
  bool edit_all = false;       // changes in the setup go to all lanes
  bool drawer = false;         // the setup at medium width
  bool experiments = false;    // this workspace instead of the training
  int phone_tab = 0;
  int centre_tab = 0;
  int stage = -1;              // the part of a step that is lit; -1: none
  int task = -1;               // of the lesson that is open; -1: its race
  int hints = 0;               // how many are shown
  std::uint64_t pause_at = 0;  // the run pauses at this step; 0: it does not
  bool picture_big = false;    // it has the room of the lanes and plots too
  std::string big_plot;        // id of the plot that is made big
  double cursor = -1;          // place on the axis of all plots that is asked about; -1: none
  double cursor_time = -1;     // when it was last pointed at
  struct Range {
    double x0 = 0, x1 = 1, y0 = 0, y1 = 1;
  };
  std::map<std::string, Range, std::less<>> zoom;  // plots that no longer follow the run
  std::vector<RateMarks> rate_marks;               // see set_rate_marks() in views.h
  std::shared_ptr<FileDraft> file;
  bool relief = false;         // surfaces from the side
  double turn = -0.6, tilt = 0.75;  // of the eye, radians
  bool landscape_path = true;  // the plane of the path; else random directions
  std::uint64_t landscape_draw = 1;  // which
  int brush = 0;               // of the board: the class that is painted; kMaxPaintClasses: it erases
  double brush_value = 1;      // for regression
  Point2 brush_at;             // where the keyboard paints
  ImVec2 brush_last{};
  unsigned stroke = 0;         // each is undone on its own
  enum class Dialog { kNone, kHelp, kAbout, kFile, kLesson } dialog = Dialog::kNone;
  std::map<std::string, bool, std::less<>> open;  // sections
  std::vector<std::string> hidden;  // what an embedder left out: panels by id, sections by group
  std::vector<std::string> locked;  // shown, but not to be changed
  static bool has(const std::vector<std::string>& parts, std::string_view part) {
    for (const std::string& p : parts)
      if (p == part) return true;
    return false;
  }
  bool shows(std::string_view part) const { return !has(hidden, part); }
  bool locks(std::string_view part) const { return has(locked, part); }
  bool locks_group(std::string_view group) const { return locks(group) || locks("setup"); }  // of the set-up
  // Something is shown below the rate and the verdict.
  bool has_body() const { return shows("picture") || shows("setup") || shows("plots") || shows("lanes"); }
};

enum class Width { kPhone, kMedium, kWide };  // phone: also what is as low as one that lies

struct Layout {
  float w = 0, h = 0;
  Width width = Width::kWide;
  float target = 28;  // height of a control: at least 24, 44 where fingers press
  bool phone() const { return width == Width::kPhone; }
};

struct Control {
  bool hovered = false, held = false, clicked = false, focused = false;
  bool dragged = false;  // takes its value from where the pointer is
};

// What follows the pointer. A finger may have meant to scroll: it turns what goes sideways only once it
// has clearly moved sideways, or was lifted without moving.
enum class Drag { kNone, kSideways, kFree };

enum class Look { kPlain, kOutlined, kTinted, kFilled };

class Experiments;
struct Cache;  // heat maps and other things that are costly to make again, see cache.h

class Ui {
 public:
  Ui(const Session& s, const Host& h, Prefs& p, Cache& c, Experiments& e) : session(s), host(h), prefs(p), cache(c), experiments(e) {}

  const Session& session;
  const Host& host;
  Prefs& prefs;
  Cache& cache;
  Experiments& experiments;
  const Theme* theme = nullptr;
  Fonts fonts;
  Layout layout;
  std::vector<Issue> notices;  // kToldKey: only said, nothing is wrong
  const Lesson* lesson = nullptr;        // that is open
  std::span<const GoalWatch> goals;      // of its tasks
  std::vector<bool> reached;
  bool can_undo = false, can_redo = false;
  double time = 0;             // seconds, for animation only
  bool moving = false;         // set by what animates: another frame is wanted
  bool blocked = false;        // something lies over what is drawn now: it can be seen, not used
  bool locked = false;         // so it is by the wish of the page around the lab
  float wish = 0;              // how high the lab would like to be at this width
  float strip = 0;             // height of the lesson's strip, when last drawn

  // ---- commands ----
  std::vector<Command> commands;
  void command(Command::Kind kind, std::uint64_t n = 0) { commands.push_back({.kind = kind, .n = n}); }
  void set_race(Race race, std::string gesture = {}) {
    commands.push_back({.kind = Command::Kind::kSetRace, .race = std::move(race), .gesture = std::move(gesture)});
  }
  // The race as the commands so far will leave it; start from this when making another.
  const Race& race() const;
  const Config& config() const { return race().lanes[race().selected].config; }
  // Change the selected lane (or all lanes) by `change(Config&)`.
  template <class F>
  void change_config(F change, bool all_lanes, std::string gesture = {}) {
    Race r = race();
    for (std::size_t i = 0; i < r.lanes.size(); ++i)
      if (all_lanes || i == r.selected) change(r.lanes[i].config);
    set_race(std::move(r), std::move(gesture));
  }

  // ---- controls ----
  // The behaviour of everything that can be pressed: an invisible item over the rectangle.
  Control control(std::string_view id, const char* role, std::string_view label, std::string value, ImVec2 pos,
                  ImVec2 size, bool enabled = true, Drag drag = Drag::kNone);
  // What is only looked at: written down, but neither pressed nor focused.
  void note(std::string_view id, const char* role, std::string_view label, std::string value, ImVec2 pos, ImVec2 size);
  // A value that a test or a screen reader asked this control to take, as text.
  bool take_value(std::string_view id, std::string& value);
  bool key(ImGuiKey key, bool repeat = true);  // pressed, and not yet used by another in this frame
  void focus_ring(ImVec2 pos, ImVec2 size, float radius);

  // Drawn buttons at a place; `icon` and `label` may be empty. True when pressed.
  bool button(std::string_view id, const char* icon, std::string_view label, ImVec2 pos, ImVec2 size, Look look,
              std::string_view tip = {}, bool enabled = true);
  bool icon_button(std::string_view id, const char* icon, std::string_view name, ImVec2 pos, float size,
                   bool enabled = true, bool on = false);
  // One of several. Returns the index chosen (the present one when nothing happened).
  int segments(std::string_view id, std::string_view label, const char* const* names, int count, int present,
               ImVec2 pos, ImVec2 size);
  bool toggle(std::string_view id, std::string_view label, bool on, ImVec2 pos, float width,
              std::string_view tip = {});  // True: it should change
  // A list that opens. `describe(i)` may return a second line. Returns the index chosen.
  struct Option {
    std::string label, doc, id{};
  };
  int select(std::string_view id, std::string_view label, const std::vector<Option>& options, int present, ImVec2 pos,
             float width);
  // A button that opens a list of things to do. Returns the one chosen; −1: none.
  int menu(std::string_view id, const char* icon, std::string_view name, const std::vector<Option>& options, ImVec2 pos, float size);
  // A number that can be typed. True when a new one was entered.
  bool number(std::string_view id, std::string_view label, const ParamSpec& spec, double& value, ImVec2 pos,
              ImVec2 size, ImFont* font = nullptr, float align = 1, bool frame = true);
  bool text_field(std::string_view id, std::string_view label, std::string& value, ImVec2 pos, ImVec2 size);

  // ---- drawing ----
  ImDrawList* draw() const { return ImGui::GetWindowDrawList(); }
  static float line(ImFont* font);  // height of a line
  static float width(ImFont* font, std::string_view text);
  void text(ImFont* font, ImVec2 pos, ImU32 colour, std::string_view text);
  // At most `max` wide, with an ellipsis (and the whole text on hover) where it is longer.
  float text_fit(ImFont* font, ImVec2 pos, ImU32 colour, std::string_view text, float max);
  // Wrapped; returns its height.
  float text_wrap(ImFont* font, ImVec2 pos, ImU32 colour, std::string_view text, float width);
  static float wrap_height(ImFont* font, std::string_view text, float width);
  void card(ImVec2 pos, ImVec2 size, ImU32 fill = 0);
  void marker(int lane, ImVec2 centre, float radius);  // the lane's shape and colour

  // Shown when the pointer rests on the last control.
  void tip(std::string_view title, std::string_view body = {}, std::string_view meta = {});
  void tip_at(ImVec2 pos, std::string_view title, std::string_view body = {}, std::string_view meta = {});  // at once
  void draw_tip();

  // ---- scrolling columns ----
  bool begin_column(const char* id, ImVec2 pos, ImVec2 size, float pad = 0);
  void end_column();
  void follow_finger();  // before anything is drawn

  // ---- state of the controls, kept between frames ----
  struct Keep {
    std::string focus;           // id of the control that has the keyboard
    bool focus_shown = false;    // by Tab, so with a ring
    bool scroll_to_focus = false;
    std::string press;           // pressed by a command in this frame
    std::string put, put_value;  // set by a command in this frame
    std::string editing;         // id of the field that is being typed in
    std::array<char, 256> buffer{};
    bool edit_starts = false;
    std::string open;            // id of the list that is open
    int cursor = 0;
    // What the finger that is down is doing; a mouse always drags.
    enum class Swipe { kDrag, kUndecided, kSideways, kVertical } swipe = Swipe::kDrag;
    bool swipe_decided = false;  // in this frame
    bool free_drag = false;      // it is on something that goes wherever it goes
    std::string scrolling;       // id of the column that a finger moves
    float velocity = 0;
    bool dragging = false;       // something follows the pointer
    int moving = -1;             // colour of the lane that is dragged to another place
  };
  Keep keep;
  std::vector<ControlInfo> controls;
  bool keys_used = false;

 private:
  void scroll_by_finger(std::string_view id);
  int list(std::string_view id, const std::vector<Option>& options, int present, bool opens, ImVec2 pos, ImVec2 end, float w);
  std::string tip_title_, tip_body_, tip_meta_;
  ImVec2 tip_min_, tip_max_;
};

}  // namespace lrlab
