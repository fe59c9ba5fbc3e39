// The plots: what is drawn of a series, and the switches that hold for all of them.
#include "unit/app/rig.h"

#include <nlohmann/json.hpp>

#include "app/widgets/plot.h"

using namespace lrlab;

namespace {

Series noisy(std::uint64_t steps) {
  Series s;
  for (std::uint64_t i = 0; i < steps; ++i) s.push(i, 2 + ((i * 2654435761u) >> 7) % 2 * 2.0 - 1);  // 1 or 3
  return s;
}

}  // namespace

TEST_CASE("app: smoothing keeps a constant, starts unbiased and narrows noise to its mean") {
  std::vector<PlotPoint> p;
  Series flat;
  for (std::uint64_t i = 0; i < 300; ++i) flat.push(i, 5);
  for (double s : {0.6, 0.9, 0.99}) {
    plot_points(flat, 150, 1, s, p);
    for (const PlotPoint& q : p) CHECK(q.smooth == doctest::Approx(5));
  }
  const Series s = noisy(150);
  plot_points(s, 150, 1, 0, p);
  for (const PlotPoint& q : p) CHECK(q.smooth == q.mean);
  plot_points(s, 150, 1, 0.97, p);
  CHECK(p.front().smooth == doctest::Approx(p.front().mean));
  for (std::size_t i = 50; i < p.size(); ++i) {
    CHECK(p[i].smooth == doctest::Approx(2).epsilon(0.15));
    CHECK(p[i].min == p[i].mean);  // what was recorded is still there
  }
}

TEST_CASE("app: a smoothed curve looks the same however its points are thinned out") {
  Series ramp;
  for (std::uint64_t i = 0; i < 1000; ++i) ramp.push(i, i < 500 ? 0 : 1);
  std::vector<PlotPoint> few, many;
  plot_points(ramp, 100, 1, 0.9, few);
  plot_points(ramp, 1000, 1, 0.9, many);
  CHECK(few.size() < many.size() / 5);
  for (const PlotPoint& f : few) {
    const auto m = std::lower_bound(many.begin(), many.end(), f.x, [](const PlotPoint& q, double x) { return q.x < x; });
    REQUIRE(m != many.end());
    CHECK(std::abs(m->smooth - f.smooth) < 0.09);
  }
}

TEST_CASE("app: the axis of the plots is steps, epochs or seconds, and looking so changes nothing") {
  Rig rig(1440, 900, "v=1&dataset=moons&lane=batch_size%3D100&lane=lr%3D10");
  rig.app->command("run 300");
  rig.frames(3, 0.002);
  const std::string before = nlohmann::json::parse(rig.app->state_json())["lanes"].dump();
  for (const char* axis : {"By epochs", "By seconds", "By steps"})
    for (const char* smoothing : {"Smoothing 0.9", "Not smoothed"}) {
      CAPTURE(axis);
      CHECK(rig.app->command(std::string("put plots.axis=") + axis));
      rig.frames(6, 0.002);
      CHECK(rig.app->command(std::string("put plots.smoothing=") + smoothing));
      rig.frames(2, 0.002);
      CHECK(rig.find("plots.axis")->value == axis);
      CHECK(rig.find("plots.smoothing")->value == smoothing);
      const ControlInfo loss = *rig.find("plot.loss");
      ImGui::GetIO().AddMousePosEvent(loss.x + loss.w / 2, loss.y + loss.h / 2);
      rig.frames(3, 0.002);
      rig.check_vertices();
    }
  CHECK(nlohmann::json::parse(rig.app->state_json())["lanes"].dump() == before);
  CHECK(rig.url.empty());  // it is no part of the run
}

TEST_CASE("app: a plot made big is zoomed, walked and left by keyboard") {
  Rig rig(1440, 900, "v=1&dataset=moons");
  rig.app->command("run 200");
  rig.frames(3, 0.002);
  rig.app->command("press plot.layer_grad.big");
  rig.frames(3, 0.002);
  REQUIRE(rig.find("plot.layer_grad.zoom_in"));
  CHECK(rig.find("plots.axis"));
  CHECK_FALSE(rig.find("plot.layer_grad.fit"));
  rig.key(ImGuiKey_LeftArrow);
  rig.check_vertices();
  CHECK(nlohmann::json::parse(rig.app->state_json())["step"] == 200);  // the arrow was the plot's
  for (const char* id : {"plot.layer_grad.zoom_in", "plot.layer_grad.zoom_in", "plot.layer_grad.zoom_out"}) {
    rig.app->command(std::string("press ") + id);
    rig.frames(2, 0.002);
  }
  REQUIRE(rig.find("plot.layer_grad.fit"));
  rig.app->command("press plot.layer_grad.fit");
  rig.frames(2, 0.002);
  CHECK_FALSE(rig.find("plot.layer_grad.fit"));
  rig.key(ImGuiKey_Escape);
  rig.frames(2, 0.002);
  CHECK_FALSE(rig.find("plot.layer_grad.zoom_in"));
}

TEST_CASE("app: Ctrl and the wheel zoom a small plot from the first turn") {
  Rig rig(1440, 900, "v=1");
  rig.frames(2);
  rig.app->command("run 100");
  rig.frames(60, 0.002);
  const ControlInfo plot = *rig.find("plot.loss");
  const auto drawn = [&] {  // what lies inside of the plot
    double sum = 0;
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
      for (const ImDrawVert& v : list->VtxBuffer)
        if (v.pos.x > plot.x && v.pos.x < plot.x + plot.w && v.pos.y > plot.y + 2 && v.pos.y < plot.y + plot.h) sum += static_cast<double>(v.pos.x) * 3 + static_cast<double>(v.pos.y);
    return sum;
  };
  const double before = drawn();
  rig.frames(60);
  CHECK(drawn() == before);
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(plot.x + plot.w / 2, plot.y + plot.h / 2);
  rig.frames(2);
  io.AddKeyEvent(ImGuiMod_Ctrl, true);
  io.AddMouseWheelEvent(0, 1);
  rig.frames(3);
  io.AddKeyEvent(ImGuiMod_Ctrl, false);
  io.AddMousePosEvent(5, 5);
  rig.frames(60);
  CHECK(rig.find("plot.loss.fit"));
  CHECK(drawn() != before);
}
