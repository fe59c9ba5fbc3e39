// The whole application: one frame() that draws the page and collects commands, and applies them
// between frames. Nothing but apply() changes the session, so undo is a stack of values, the URL is a
// function of the state, and tests replay commands.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/host.h"

namespace lrlab {

// A control as it stood in the last frame, for tests and for assistive technology.
struct ControlInfo {
  std::string id;     // "lr", "play", "optimizer", "lane.0.remove", ...: stable, unique in a frame
  std::string role;   // "button", "slider", "checkbox", "combobox", "tab", "image"
  std::string label;  // in words
  std::string value;  // "0.03", "on", "Adam"
  float x = 0, y = 0, w = 0, h = 0;  // logical pixels from the canvas' top left corner
  bool enabled = true;
  bool visible = true;  // false: scrolled out of sight
  bool focused = false; // has the keyboard
};

class App {
 public:
  explicit App(Host host);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Style and fonts; call once after ImGui::CreateContext() and again when ui_scale changes.
  // The font atlas must be (re)built by the renderer afterwards.
  void setup_style(float ui_scale);

  // Read the state from a query ("v=1&optimizer=adam&...", "v=1&lesson=too-high"); problems become a visible notice.
  void load(std::string_view query);

  // A CSV file that was chosen or dropped: opens the dialog in which its columns are chosen. `size`: of
  // the file, where only the beginning is given because it is too large anyway.
  void open_file(std::string_view name, std::string_view text, std::size_t size = 0);

  // What Host::fetch_data was asked for is there, or cannot be had.
  void data_arrived(bool fetched);

  // One frame, between ImGui::NewFrame() and ImGui::Render(). Draws, applies commands, then trains
  // for at most `budget` seconds (0: not at all, for a hidden page).
  void frame(double budget);

  bool wants_frames() const;  // false: nothing moves, the platform may wait for input

  // A command as text, through the same checks as the URL: "play", "pause", "step 10", "reset",
  // "set lr=0.1", "load v=1&...", "run 500" (train exactly so many steps), "undo", "redo", "look 120",
  // "present", "lesson too-high", "task 1" (of the lesson: its start, as the only lane), "theme dark",
  // "hide lanes,data" (panels by id, sections of the set-up by group; "hide" shows all), "lock
  // lanes,data" (likewise: shown, but the reader cannot change them), "focus ID", "press ID"
  // and "put ID=value" (as if a person had used that control, in the next frame).
  // False: not understood or not allowed, and nothing has changed; "refused" in the state says why.
  bool command(std::string_view text);

  // Tab: move the keyboard to the next (or previous) control. False: there is none, so the page
  // should have the key.
  bool move_focus(bool backwards);

  // The state as JSON, for tests, embedders and screen readers (a lab at rest judges its lanes first): {"v", "query", "dark", "playing", "step",
  // "height" (that the lab would like), "refused" (why the last command was),
  // "epoch", "lesson": {"id", "title", "tasks": [{"text", "reached", "found"}]}, "lanes": [{"name",
  // "query", "lr", "train_loss", "test_loss", "test_accuracy", "verdict", "theta_hash", ...}],
  // "notices": [...], "controls": [...]}.
  std::string state_json() const;
  const std::vector<ControlInfo>& controls() const;

  // For sharing: every curve, and what became of each lane (experiment/export.h).
  std::string csv() const;
  std::string table() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lrlab
