// The experiments workspace as a person meets it, without a window and without workers.
#include "unit/app/rig.h"

#include <algorithm>
#include <memory>

#include "core/parse.h"
#include "experiment/codec.h"
#include "experiment/jobs/map.h"
#include "experiment/jobs/range_test.h"
#include "experiment/jobs/sweep.h"
#include "experiment/session.h"
#include "unit/experiment/jobs_run.h"

using namespace lrlab;

namespace {

constexpr const char* kSmall = "v=1&dataset=moons&count=80&hidden=4&optimizer=sgd&lr=0.1";

std::string value(const Rig& rig, const std::string& id) {
  const ControlInfo* c = rig.find(id);
  REQUIRE_MESSAGE(c, "no control " << id);
  return c->value;
}

void press(Rig& rig, const std::string& id) {
  REQUIRE_MESSAGE(rig.app->command("press " + id), "no control " << id);
  rig.frames(3);
}
void put(Rig& rig, const std::string& id, const std::string& text) {
  REQUIRE_MESSAGE(rig.app->command("put " + id + "=" + text), "no control " << id);
  rig.frames(3);
}

// Into the workspace, to that kind of job.
void enter(Rig& rig, const std::string& kind) {
  rig.frames(2);
  press(rig, rig.find("tab.Find") ? "tab.Find" : "workspace.Experiments");
  press(rig, "job.kind." + kind);
}

void run(Rig& rig) {
  rig.frames(1);
  press(rig, "job.start");
  for (int i = 0; i < 400 && state(rig)["job"]["running"] == true; ++i) rig.frames(1, 0.002);
  CHECK(state(rig)["job"]["running"] == false);
  rig.frames(3);
}

void check_inside(const Rig& rig, float w) {
  for (const ControlInfo& c : rig.app->controls()) {
    CAPTURE(c.id);
    CHECK(c.x >= -1);
    CHECK(c.x + c.w <= w + 1);
    CHECK(!c.label.empty());
    if (c.role != "image" && c.visible) CHECK(std::min(c.w, c.h) >= 22);
  }
  std::vector<std::string> ids;
  for (const ControlInfo& c : rig.app->controls()) ids.push_back(c.id);
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end()) FAIL_CHECK("twice: " << *twice);
}

// Every kind, made small, with the settings that do it.
struct Kind {
  const char* label;
  std::vector<std::pair<const char*, const char*>> settings;
  const char* chart;
};
const Kind kKinds[] = {
    {"Learning-rate finder", {{"num_iter.value", "40"}, {"verify_steps.value", "20"}, {"probe_steps.value", "10"}}, "range.chart"},
    {"Sweep", {{"steps.value", "20"}, {"job.axis.0.points", "5"}, {"seeds.value", "2"}}, "sweep.chart"},
    {"Cross-validation", {{"steps.value", "20"}, {"folds.value", "3"}}, "crossval.chart"},
    {"Ensemble", {{"steps.value", "20"}, {"seeds.value", "5"}, {"points.value", "10"}}, "ensemble.chart"},
    {"Map", {{"steps.value", "10"}, {"size", "16"}}, "plot.map"},
    {"Edge of stability", {{"steps.value", "40"}, {"points.value", "4"}}, "stability.chart"},
};

void set_up(Rig& rig, const Kind& kind) {
  enter(rig, kind.label);
  for (const auto& [id, text] : kind.settings) put(rig, id, text);
}

}  // namespace

TEST_CASE("experiments: every kind draws empty, at work, cancelled and finished, at every size and in both themes") {
  for (const bool dark : {false, true})
    for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {1024.0f, 768.0f}, {390.0f, 844.0f}}) {
      for (const Kind& kind : kKinds) {
        CAPTURE(kind.label);
        CAPTURE(w);
        Rig rig(w, h, kSmall, dark, w < 700);
        set_up(rig, kind);
        rig.check_vertices();
        check_inside(rig, w);
        CHECK(rig.find("lr"));  // the dial stays
        press(rig, "job.start");
        rig.frames(1, 1e-6);  // an item or two
        rig.check_vertices();
        check_inside(rig, w);
        if (state(rig)["job"]["running"] == true) {
          press(rig, "job.cancel");
          CHECK(state(rig)["job"]["running"] == false);
          rig.check_vertices();
        }
        run(rig);
        CHECK_MESSAGE(rig.find(kind.chart), kind.chart);
        CHECK(rig.check_vertices() < 60000);
        check_inside(rig, w);
      }
    }
}

TEST_CASE("experiments: the finder's numbers are those of the job, stand on the dial, and one of them is used") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[0]);
  run(rig);
  Job job = make_job("range_test", from_query(kSmall));
  job.set("num_iter", 40);
  job.set("verify_steps", 20);
  job.set("probe_steps", 10);
  const RangeTestResult expected = range_test_result(job, run_all(job));
  JobBoard check(verification(job, expected));
  finish(check);
  const SweepResult tried = sweep_result(check);
  for (const Suggestion& s : expected.suggestions) {
    CHECK(value(rig, std::string("range.") + s.rule->id) == number_text(s.lr));
    CHECK(rig.find(std::string("range.") + s.rule->id)->label.find("tried") != std::string::npos);
  }
  CHECK(value(rig, "range.divergence") == number_text(expected.divergence_lr));
  int marks = 0;
  for (const ControlInfo& c : rig.app->controls()) marks += c.id.starts_with("lr.mark.");
  CHECK(marks >= 5);
  CHECK(!tried.order.empty());

  rig.click("range.valley.use");
  const double used = state(rig)["lanes"][0]["lr"];
  CHECK(used == doctest::Approx(expected.suggestions[2].lr).epsilon(0.006));
  press(rig, "range.steepest.open");
  CHECK(state(rig)["lanes"].size() == 2);
  CHECK(state(rig)["selected"] == 0);
  // The rate and the lane can be undone; the experiment itself is no step of it.
  CHECK(rig.app->command("undo"));
  CHECK(rig.app->command("undo"));
  CHECK(state(rig)["query"] == state(Rig(1440, 900, kSmall))["query"]);
  CHECK(value(rig, "range.valley") == number_text(expected.suggestions[2].lr));
}

TEST_CASE("experiments: leaving the workspace ends the job; settings and results are kept") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[1]);
  put(rig, "steps.value", "77");
  press(rig, "job.start");
  rig.frames(1, 1e-6);
  REQUIRE(state(rig)["job"]["running"] == true);
  press(rig, "job.kind.Map");
  CHECK(rig.find("job.cancel"));  // another kind is looked at, the job goes on
  CHECK(rig.find("job.cancel")->label == "Cancel: Sweep");
  CHECK(value(rig, "job.progress").starts_with("Sweep: "));
  press(rig, "workspace.Train");
  CHECK(rig.find("plot.loss"));
  CHECK(state(rig)["job"].is_null());  // of the map, that is looked at
  press(rig, "workspace.Experiments");
  press(rig, "job.kind.Sweep");
  CHECK(state(rig)["job"]["running"] == false);
  CHECK(state(rig)["job"]["done"].get<int>() > 0);
  CHECK(state(rig)["job"]["done"] < state(rig)["job"]["total"]);
  CHECK(value(rig, "steps.value") == "77");
  CHECK(value(rig, "job.progress").find("cancelled") != std::string::npos);
}

TEST_CASE("experiments: starting one pauses the lanes") {
  Rig rig(1440, 900, kSmall);
  rig.frames(2);
  rig.app->command("play");
  enter(rig, "Sweep");
  CHECK(state(rig)["playing"] == true);
  press(rig, "job.start");
  CHECK(state(rig)["playing"] == false);
}

TEST_CASE("experiments: axes are added, changed and removed, and what makes no sense is said") {
  Rig rig(1440, 2000, kSmall);
  set_up(rig, kKinds[1]);
  press(rig, "job.axis.add");
  REQUIRE(rig.find("job.axis.1.key"));
  put(rig, "job.axis.1.key", "optimizer");
  put(rig, "job.axis.1.values", "sgd, adam");
  put(rig, "job.axis.0.from", "0.01");
  put(rig, "job.axis.0.to", "1");
  run(rig);
  const Json job = state(rig)["job"]["job"];
  CHECK(job["axes"] == Json({"lr=0.01:1:log:5", "optimizer=sgd,adam"}));
  CHECK(state(rig)["job"]["done"] == 20);  // 5 × 2 × 2 seeds
  CHECK(rig.find("sweep.cells"));
  CHECK(rig.find("sweep.rate.1"));  // the best rate of each optimizer
  press(rig, "sweep.view.parallel axes");
  rig.check_vertices();
  press(rig, "sweep.view.curves");
  rig.check_vertices();
  press(rig, "sweep.0.open");
  CHECK(state(rig)["lanes"].size() == 2);

  press(rig, "job.axis.0.scale.list");
  CHECK(value(rig, "job.axis.0.values").starts_with("0.01,"));
  put(rig, "job.axis.0.values", "0.1,many");
  run(rig);
  REQUIRE(!state(rig)["notices"].empty());
  CHECK(state(rig)["notices"][0].get<std::string>().find("many") != std::string::npos);
  press(rig, "job.axis.1.remove");
  CHECK_FALSE(rig.find("job.axis.1.key"));
  CHECK_FALSE(rig.find("job.axis.0.remove"));  // a sweep needs one
  // Parameters that mean nothing for a grid come with the search that uses them.
  CHECK_FALSE(rig.find("eta.value"));
  put(rig, "search", "halving");
  CHECK(rig.find("eta.value"));
  run(rig);
  rig.check_vertices();
}

TEST_CASE("experiments: every preset is one choice away and knows its problem") {
  for (const JobPreset& p : job_presets()) {
    CAPTURE(p.id);
    Rig rig(1440, 900, kSmall);
    enter(rig, "Sweep");
    put(rig, "job.preset", p.id);
    press(rig, "job.start");
    const std::string job = state(rig)["job"]["job"].dump();
    Job expected = p.make(from_query(kSmall));
    validate(expected);
    CHECK(job == Json::parse(to_json(expected)).dump());
  }
}

TEST_CASE("experiments: a map zooms by box, wheel and keys, goes back, and a point of it becomes a lane") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[4]);
  run(rig);
  const Json whole = state(rig)["job"]["job"]["axes"];
  const ControlInfo map = *rig.find("map");
  // A press opens the point.
  rig.mouse(map.x + map.w * 0.27f, map.y + map.h * 0.75f, true);
  rig.mouse(map.x + map.w * 0.27f, map.y + map.h * 0.75f, false);
  rig.frames(3);
  REQUIRE(state(rig)["lanes"].size() == 2);
  const double lr = state(rig)["lanes"][1]["lr"];
  CHECK(lr == doctest::Approx(1e-3 * std::pow(1e4, 4.5 / 16)).epsilon(1e-6));
  // Another takes its place.
  rig.mouse(map.x + map.w * 0.6f, map.y + map.h * 0.75f, true);
  rig.mouse(map.x + map.w * 0.6f, map.y + map.h * 0.75f, false);
  rig.frames(3);
  CHECK(state(rig)["lanes"].size() == 2);
  CHECK(state(rig)["lanes"][1]["lr"] > lr);

  // A box from a quarter to a half.
  rig.mouse(map.x + map.w * 0.25f, map.y + map.h * 0.75f, true);
  rig.mouse(map.x + map.w * 0.5f, map.y + map.h * 0.5f, true);
  rig.mouse(map.x + map.w * 0.5f, map.y + map.h * 0.5f, false);
  rig.frames(5);
  for (int i = 0; i < 200 && state(rig)["job"]["running"] == true; ++i) rig.frames(1, 0.002);
  const auto axis = axis_from_text(state(rig)["job"]["job"]["axes"][0].get<std::string>());
  REQUIRE(axis);
  CHECK(axis->min == doctest::Approx(1e-2).epsilon(0.03));
  CHECK(axis->max == doctest::Approx(1e-1).epsilon(0.03));
  CHECK(rig.find("map.zoom"));
  rig.check_vertices();

  // By keys: in, in, back, back, back.
  rig.app->command("focus map");
  rig.frames(2);
  rig.key(ImGuiKey_RightArrow);
  for (const ImGuiKey key : {ImGuiKey_Equal, ImGuiKey_Equal}) {
    rig.key(key);
    rig.frames(3);
  }
  CHECK(state(rig)["job"]["job"]["axes"] != whole);
  for (int i = 0; i < 3; ++i) {
    rig.key(ImGuiKey_Backspace);
    rig.frames(3);
  }
  CHECK(state(rig)["job"]["job"]["axes"] == whole);
  CHECK_FALSE(rig.find("map.zoom"));
  rig.key(ImGuiKey_Enter);  // the cell under the keyboard's mark
  CHECK(state(rig)["lanes"].size() == 2);

  // Turns of the wheel are gathered, and are one way back.
  ImGui::GetIO().AddMousePosEvent(map.x + map.w / 2, map.y + map.h / 2);
  rig.frames(2);
  for (int i = 0; i < 4; ++i) {
    ImGui::GetIO().AddMouseWheelEvent(0, 1);
    rig.frames(1);
  }
  CHECK(state(rig)["job"]["job"]["axes"] == whole);
  rig.frames(30);
  const auto zoomed_axis = axis_from_text(state(rig)["job"]["job"]["axes"][0].get<std::string>());
  CHECK(std::log(zoomed_axis->max / zoomed_axis->min) == doctest::Approx(std::log(1e4) / 4).epsilon(0.01));
  press(rig, "map.back");
  CHECK(state(rig)["job"]["job"]["axes"] == whole);
  for (int i = 0; i < 200 && state(rig)["job"]["running"] == true; ++i) rig.frames(1, 0.002);
  for (const char* what : {"test loss", "steps to the target loss", "how soon it falls or blows up", "sharpness at the end", "trains or diverges"}) {
    put(rig, "map.shows", what);
    CHECK(value(rig, "map.shows") == what);
    rig.check_vertices();
  }
}

TEST_CASE("experiments: zooming ends where settings would no longer differ, and says so") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[4]);
  run(rig);
  rig.app->command("focus map");
  rig.frames(2);
  for (int i = 0; i < 60 && !rig.find("job.said"); ++i) {
    rig.key(ImGuiKey_Equal);
    rig.frames(2, 1e-6);
    rig.check_vertices();
  }
  REQUIRE(rig.find("job.said"));
  CHECK(rig.find("job.said")->label.find("Nearer") != std::string::npos);
}

TEST_CASE("experiments: a point whose data are others' is opened as the only lane, and undo brings the rest back") {
  Rig rig(1440, 900, "v=1&dataset=moons&count=80&hidden=4&lane=lr%3D1");
  enter(rig, "Map");
  put(rig, "job.preset", "fractal");
  put(rig, "steps.value", "10");
  put(rig, "size", "16");
  run(rig);
  press(rig, "map");
  CHECK(state(rig)["lanes"].size() == 1);
  CHECK(state(rig)["query"].get<std::string>().find("dataset=random") != std::string::npos);
  CHECK(rig.app->command("undo"));
  CHECK(state(rig)["lanes"].size() == 2);
}

TEST_CASE("experiments: what an action says moves nothing that is pressed next") {
  for (const float width : {1440.0f, 390.0f}) {
    Rig rig(width, 900, kSmall);
    set_up(rig, kKinds[0]);
    run(rig);
    const float y = rig.find("range.slide.use")->y;
    press(rig, "range.valley.use");
    REQUIRE(rig.find("job.said"));
    CHECK(rig.find("range.slide.use")->y == y);
  }
}

TEST_CASE("experiments: a result of other settings says so and offers no rate") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[0]);
  run(rig);
  CHECK(rig.app->command("set lr=0.5"));  // the finder sets the rate itself
  rig.frames(2);
  CHECK_FALSE(rig.find("job.stale"));
  CHECK(rig.app->command("set optimizer=adam"));
  rig.frames(2);
  REQUIRE(rig.find("job.stale"));
  CHECK(rig.find("job.stale")->label.find("optimizer sgd") != std::string::npos);
  CHECK_FALSE(rig.find("range.valley.use"));
  CHECK(rig.find("range.valley.open"));  // as it was: still true
  CHECK(rig.app->command("set optimizer=sgd"));
  rig.frames(2);
  CHECK(rig.find("range.valley.use"));
}

TEST_CASE("experiments: a sweep names its values, and a rate that does not learn is not good") {
  Rig rig(1440, 2000, "v=1&dataset=moons&count=80&hidden=4&optimizer=adam");
  set_up(rig, kKinds[1]);
  put(rig, "job.axis.0.from", "0");
  press(rig, "job.axis.0.scale.linear");
  put(rig, "job.axis.0.from", "0");
  put(rig, "job.axis.0.to", "10");
  put(rig, "job.axis.0.points", "3");
  run(rig);
  REQUIRE(rig.find("sweep.rate.0"));
  CHECK_FALSE(rig.find("sweep.rate.0.use"));
  CHECK(rig.find("sweep.rate.0")->label.find("begins at") != std::string::npos);
  press(rig, "job.axis.add");
  put(rig, "job.axis.1.key", "noise");
  put(rig, "job.axis.1.points", "2");
  press(rig, "job.axis.0.scale.log");
  put(rig, "job.axis.0.from", "0.001");
  put(rig, "job.axis.0.points", "7");
  run(rig);
  CHECK(rig.find("sweep.rate.0")->label.starts_with("noise "));
  CHECK(rig.find("sweep.rate.0")->label.find("lr ") != std::string::npos);
  put(rig, "search", "random");
  put(rig, "samples.value", "9");
  run(rig);
  CHECK_FALSE(rig.find("sweep.rate.0"));  // a line for each sample says nothing
  CHECK(rig.find("sweep.8"));
  press(rig, "sweep.view.curves");
  rig.check_vertices();
  // Opened as it was; named so that a person can read it.
  press(rig, "sweep.0.open");
  const Json lanes = state(rig)["lanes"];
  CHECK(lanes.back()["name"].get<std::string>().size() < 40);
  CHECK(number_text(lanes.back()["lr"].get<double>()).size() > 9);
}

TEST_CASE("experiments: cross-validation of one run shows the standard error and is no choice") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[2]);
  if (rig.find("job.axis.0.remove")) press(rig, "job.axis.0.remove");
  run(rig);
  const ControlInfo* row = rig.find("crossval.0");
  REQUIRE(row);
  CHECK(row->label.find("s.e.") != std::string::npos);
  CHECK(row->label.find("±") == std::string::npos);
  double number = 0;
  CHECK(parse_number(row->value, number) == row->value.size());
}

TEST_CASE("experiments: a link with a job shows it ready to start, and Share makes such a link") {
  {  // one at a time: they would share Dear ImGui's context
    Rig named(1440, 900, std::string(kSmall) + "&job=fractal");
    named.frames(3);
    REQUIRE(named.find("job.start"));
    CHECK(value(named, "job.axis.1.key").find("first") != std::string::npos);
  }
  std::string link, job;
  {
    Rig rig(1440, 900, std::string(kSmall) + "&job=ensemble");
    rig.frames(3);
    CHECK(state(rig)["notices"].empty());
    put(rig, "steps.value", "20");
    put(rig, "seeds.value", "3");
    press(rig, "share");
    rig.frames(2);
    link = rig.copied;
    run(rig);
    job = state(rig)["job"]["job"].dump();
  }
  {
    Rig other(1440, 900, link);
    other.frames(3);
    CHECK(state(other)["notices"].empty());
    CHECK(value(other, "steps.value") == "20");
    run(other);
    CHECK(state(other)["job"]["job"].dump() == job);
  }
  Rig bad(1440, 900, std::string(kSmall) + "&job=nothing");
  bad.frames(2);
  REQUIRE(state(bad)["notices"].size() == 1);
  CHECK(state(bad)["notices"][0].get<std::string>().find("fractal") != std::string::npos);
  CHECK_FALSE(bad.find("job.start"));
}

TEST_CASE("experiments: workers are the host's, and another number is asked for when it is set") {
  std::vector<int> asked;
  Host host;
  double clock = 0;
  host.now = [&] { return clock += 1e-6; };
  host.make_pool = [&](int workers) -> std::unique_ptr<JobRunner> {
    asked.push_back(workers);
    return std::make_unique<SerialRunner>([&] { return clock += 1e-6; });
  };
  ImGuiContext* context = ImGui::CreateContext();
  ImGui::GetIO().DisplaySize = {1440, 900};
  {
    App app(std::move(host));
    app.setup_style(1);
    unsigned char* pixels = nullptr;
    int w = 0, h = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &w, &h);
    app.load(kSmall);
    const auto frames = [&](int n) {
      for (int i = 0; i < n; ++i) {
        clock += 1.0 / 60;
        ImGui::GetIO().DeltaTime = 1.0f / 60;
        ImGui::NewFrame();
        app.frame(0.001);
        ImGui::Render();
      }
    };
    for (const char* command : {"press workspace.Experiments", "press job.kind.Ensemble", "press job.start", "press job.cancel", "put workers.value=2", "press job.start"}) {
      frames(3);
      app.command(command);
    }
    frames(3);
    CHECK(asked == std::vector<int>{0, 2});
    CHECK(app.wants_frames());
  }
  ImGui::DestroyContext(context);
}

TEST_CASE("experiments: how many trainings it will be is said before Start, and too many are not begun") {
  Rig rig(1440, 900, std::string(kSmall) + "&job=%7B%22v%22%3A1%2C%22job%22%3A%22sweep%22%2C%22axes%22%3A%5B%22lr%3D1e-4%3A1%3Alog%3A100%22%2C%22l1%3D0%3A0.9%3Alin%3A100%22%2C%22l2%3D0%3A1%3Alin%3A100%22%5D%2C%22seeds%22%3A50%7D");
  rig.frames(3);
  CHECK(value(rig, "job.progress") == "50000000 trainings are too many: at most 100000 are allowed.");
  rig.app->command("press job.start");
  rig.frames(3);
  CHECK(state(rig)["job"]["running"] != true);
  for (const char* id : {"job.axis.0.points", "job.axis.1.points", "job.axis.2.points"}) put(rig, id, "2");
  CHECK(value(rig, "job.progress") == "Not started: 400 trainings.");
  put(rig, "seeds.value", "1");
  put(rig, "steps.value", "5");
  run(rig);
  CHECK(value(rig, "job.progress") == "8 of 8, finished");
}

TEST_CASE("experiments: the rows are saved as the command line writes them") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[1]);
  run(rig);
  press(rig, "job.save");
  CHECK(rig.saved_name == "sweep.csv");
  Job job = make_job("sweep", from_query(kSmall));
  validate(job);
  job.axes[0].count = 5;
  job.set("steps", 20);
  job.set("seeds", 2);
  JobBoard board(job);
  finish(board);
  CHECK(rig.saved == all_text(board, RowFormat::kCsv));
  CHECK(read_rows(rig.saved).board->finished());
}

TEST_CASE("experiments: zooming out of a map ends at the ranges of its settings") {
  Rig rig(1440, 900, kSmall);
  set_up(rig, kKinds[4]);
  run(rig);
  for (int i = 0; i < 12; ++i) {
    press(rig, "map.out");
    rig.frames(3, 1e-6);
  }
  for (int k = 0; k < 2; ++k) {
    const auto axis = axis_from_text(state(rig)["job"]["job"]["axes"][static_cast<std::size_t>(k)].get<std::string>());
    REQUIRE(axis);
    CHECK(axis->scale == Scale::kLog);
    CHECK(axis->min == doctest::Approx(k == 0 ? 1e-6 : 1e-5));
    CHECK(axis->max == 10);
  }
  CHECK(state(rig)["notices"].empty());
}

TEST_CASE("experiments: notices are of the last action, and gone with its experiment") {
  Rig rig(1440, 900, kSmall);
  enter(rig, "Sweep");
  press(rig, "job.axis.0.scale.list");
  put(rig, "job.axis.0.values", "a:b");
  put(rig, "job.axis.0.values", "c:d");
  REQUIRE(state(rig)["notices"].size() == 1);
  CHECK(state(rig)["notices"][0].get<std::string>().find("c:d") != std::string::npos);
  press(rig, "job.kind.Ensemble");
  CHECK(state(rig)["notices"].empty());
}

TEST_CASE("experiments: on a phone what was started comes into sight, with its progress and the way to cancel it") {
  for (const Kind& kind : kKinds) {
    CAPTURE(kind.label);
    Rig rig(390, 844, kSmall, false, true);
    set_up(rig, kind);
    press(rig, "job.start");
    if (state(rig)["job"]["running"] == true) CHECK(rig.find("job.cancel")->visible);
    for (int i = 0; i < 400 && state(rig)["job"]["running"] == true; ++i) rig.frames(1, 0.002);
    rig.frames(3);
    CHECK(rig.find("job.start")->visible);
    const ControlInfo* chart = rig.find(kind.chart);
    REQUIRE(chart);
    CHECK(chart->visible);
    CHECK(chart->y > 100);
    CHECK(chart->y + chart->h / 2 < 844 - 58);
  }
}

TEST_CASE("experiments: on a phone no key is named") {
  Rig rig(390, 844, kSmall, false, true);
  set_up(rig, kKinds[4]);
  run(rig);
  press(rig, "map.in");
  for (int i = 0; i < 200 && state(rig)["job"]["running"] == true; ++i) rig.frames(1, 0.002);
  rig.frames(3);
  REQUIRE(rig.find("map.zoom"));
  for (const ControlInfo& c : rig.app->controls()) CHECK_MESSAGE(c.label.find("Backspace") == std::string::npos, c.label);
}
