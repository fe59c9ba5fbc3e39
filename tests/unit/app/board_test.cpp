// One's own data as a person makes it: painted on the board, or opened from a CSV file.
#include "unit/app/rig.h"

#include "experiment/codec.h"

using namespace lrlab;

namespace {

std::size_t points(const Rig& rig) { return from_query(query(rig)).own.count(); }
void press(Rig& rig, const std::string& id) {
  REQUIRE_MESSAGE(rig.app->command("press " + id), id);
  rig.frames(3, 0.002);
}

void click_at(Rig& rig, const ControlInfo& c, float fx, float fy) {
  rig.mouse(c.x + c.w * fx, c.y + c.h * fy, true);
  rig.mouse(c.x + c.w * fx, c.y + c.h * fy, false);
  rig.frames(2, 0.002);
}

constexpr const char* kFlowers = "long,wide,colour,kind\n1,2,red,a\n2,3,red,b\n3,1,blue,a\n4,2,blue,b\n5,6,red,a\n9,9,red,b\n";

}  // namespace

TEST_CASE("board: points are painted by mouse, erased, cleared, and every stroke is undone on its own") {
  for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {1024.0f, 768.0f}, {390.0f, 844.0f}}) {
    CAPTURE(w);
    Rig rig(w, h, "v=1&dataset=custom", false, w < 700);
    rig.frames(3);
    REQUIRE(rig.find("picture.0"));
    CHECK(state(rig)["notices"].size() == 1);  // the link had no points
    const ControlInfo board = *rig.find("picture.0");
    CHECK(board.w > 140);
    click_at(rig, board, 0.3f, 0.3f);
    CHECK(points(rig) == 1);
    rig.clock += 0.1;
    rig.click("paint.1");
    click_at(rig, board, 0.7f, 0.6f);
    CHECK(points(rig) == 2);
    const Own own = from_query(query(rig)).own;
    CHECK(own->raw.y == std::vector<double>{0, 1});
    CHECK(std::abs(own->raw.x[0] - -0.44) < 0.02);
    CHECK(std::abs(own->raw.x[1] - 0.44) < 0.02);
    // A stroke paints a row of points.
    rig.mouse(board.x + board.w * 0.2f, board.y + board.h * 0.8f, true);
    for (float f = 0.2f; f < 0.8f; f += 0.05f) {
      ImGui::GetIO().AddMousePosEvent(board.x + board.w * f, board.y + board.h * 0.8f);
      rig.frames(1, 0.002);
    }
    rig.mouse(board.x + board.w * 0.8f, board.y + board.h * 0.8f, false);
    const std::size_t all = points(rig);
    CHECK(all > 6);
    CHECK(all < 60);
    CHECK(rig.check_vertices() < 60000);
    rig.click("paint.erase");
    click_at(rig, board, 0.3f, 0.3f);
    CHECK(points(rig) == all - 1);
    press(rig, "paint.clear");
    CHECK(points(rig) == 0);
    for (const std::size_t left : {all - 1, all, std::size_t(2), std::size_t(1), std::size_t(0)}) {
      CHECK(rig.app->command("undo"));
      CHECK(points(rig) == left);
    }
    CHECK(rig.app->command("redo"));
    CHECK(points(rig) == 1);
  }
}

TEST_CASE("board: what is painted is learned, by every lane of the race") {
  Rig rig;
  rig.frames(2);
  press(rig, "own.paint");
  CHECK(query(rig).find("dataset=custom") != std::string::npos);
  CHECK(query(rig).find("test_fraction") == std::string::npos);
  rig.app->command("play");
  rig.frames(5, 0.002);
  CHECK(state(rig)["step"] == 0);  // nothing to learn yet
  rig.app->command("pause");
  const ControlInfo board = *rig.find("picture.0");
  for (int i = 0; i < 4; ++i) click_at(rig, board, 0.2f, 0.2f + 0.15f * static_cast<float>(i));
  press(rig, "paint.1");
  for (int i = 0; i < 4; ++i) click_at(rig, board, 0.8f, 0.2f + 0.15f * static_cast<float>(i));
  CHECK(points(rig) == 8);
  rig.app->command("run 400");
  CHECK(state(rig)["lanes"][0]["train_accuracy"] == 1.0);
  CHECK(state(rig)["lanes"][0]["step"] == 400);
  // A third class changes the loss with it; values instead of classes as well.
  press(rig, "paint.2");
  click_at(rig, board, 0.5f, 0.9f);
  CHECK(from_query(query(rig)).classes() == 3);
  rig.app->command("run 20");
  rig.frames(2, 0.002);
  press(rig, "paint.kind.Values");
  CHECK(from_query(query(rig)).classes() == 0);
  REQUIRE(rig.find("paint.value"));
  rig.app->command("put paint.value=-0.5");
  rig.frames(2);
  click_at(rig, board, 0.5f, 0.1f);
  CHECK(std::abs(from_query(query(rig)).own->raw.y.back() + 0.5) < 0.02);
  rig.app->command("run 20");
  rig.frames(3, 0.002);
  rig.check_vertices();
}

TEST_CASE("board: the keyboard paints and erases") {
  Rig rig(1440, 900, "v=1&dataset=custom");
  rig.frames(3);
  REQUIRE(rig.app->command("focus picture.0"));
  rig.frames(1);
  rig.key(ImGuiKey_Enter);
  CHECK(points(rig) == 1);
  for (int i = 0; i < 4; ++i) rig.key(ImGuiKey_RightArrow);
  rig.key(ImGuiKey_UpArrow);
  rig.key(ImGuiKey_Enter);
  const Own own = from_query(query(rig)).own;
  REQUIRE(own.count() == 2);
  CHECK(std::abs(own->raw.x[2] - 0.2) < 0.01);
  CHECK(std::abs(own->raw.x[3] - 0.05) < 0.01);
  CHECK(state(rig)["step"] == 0);  // the arrow took no step
  rig.key(ImGuiKey_Delete);
  CHECK(points(rig) == 1);
}

TEST_CASE("board: more points than a link holds are told, once") {
  Config c = from_query("dataset=custom");
  std::vector<PaintedPoint> many;
  for (int i = 0; i < 150; ++i) many.push_back({std::sin(i), std::cos(i), static_cast<double>(i % 2)});
  c.own = paint(many, false);
  Rig rig(1440, 900, to_query(c));
  rig.frames(3);
  CHECK(points(rig) == 150);
  CHECK(state(rig)["notices"].empty());
  const ControlInfo board = *rig.find("picture.0");
  click_at(rig, board, 0.5f, 0.5f);
  click_at(rig, board, 0.6f, 0.5f);
  REQUIRE(state(rig)["notices"].size() == 1);
  CHECK(state(rig)["notices"][0].get<std::string>().find("stay on this machine") != std::string::npos);
  CHECK(query(rig) == "v=1&dataset=custom");
}

TEST_CASE("file: columns are chosen in a dialog, then all lanes learn them; undo brings the old data back") {
  for (const auto& [w, h] : {std::pair{1440.0f, 900.0f}, {1024.0f, 768.0f}, {390.0f, 844.0f}})
    for (const bool dark : {false, true}) {
      CAPTURE(w);
      Rig rig(w, h, "v=1&lane=lr%3D0.01", dark, w < 700);
      rig.frames(2);
      rig.app->open_file("/home/me/flowers.csv", kFlowers);
      rig.frames(3);
      REQUIRE(rig.find("file.summary"));
      CHECK(rig.find("file.summary")->label.find("6 samples, 2 inputs") == 0);
      rig.click("file.kind.as numbers");  // words are no numbers
      REQUIRE(rig.find("file.error"));
      CHECK(rig.find("file.error")->label.find("Line 2, column 4 ('kind')") == 0);
      CHECK_FALSE(rig.find("file.use")->enabled);
      rig.click("file.kind.as classes");
      rig.click("file.input.0");
      CHECK(rig.find("file.summary")->label.find("1 input,") != std::string::npos);
      rig.click("file.input.2");  // a column of words
      CHECK(rig.find("file.summary")->label.find("1 input,") != std::string::npos);
      rig.click("file.input.0");
      for (const ControlInfo& c : rig.app->controls()) CHECK_MESSAGE(c.x + c.w <= w + 1, c.id);
      rig.click("file.use");
      CHECK_FALSE(rig.find("file.use"));
      CHECK(query(rig).find("dataset=custom") != std::string::npos);
      CHECK(state(rig)["notices"].size() == 1);
      rig.app->command("run 50");
      rig.frames(3, 0.002);
      rig.check_vertices();
      CHECK(state(rig)["lanes"][1]["step"] == 50);
      CHECK(rig.app->command("undo"));
      CHECK(query(rig).find("dataset=custom") == std::string::npos);
    }
}

TEST_CASE("file: one that cannot be read says why and changes nothing") {
  Rig rig;
  rig.frames(2);
  rig.app->open_file("bad.csv", "a,b\n1,2\n1\n");
  rig.frames(2);
  REQUIRE(rig.find("file.error"));
  CHECK(rig.find("file.error")->label == "Line 3 has 1 cell; the first row has 2.");
  CHECK(rig.announced == "Line 3 has 1 cell; the first row has 2.");
  rig.key(ImGuiKey_Escape);
  rig.frames(2);
  CHECK_FALSE(rig.find("file.error"));
  rig.app->open_file("huge.csv", "1,2", 100 << 20);
  rig.frames(2);
  CHECK(rig.find("file.error")->label.find("at most 2 MB") != std::string::npos);
  CHECK(query(rig) == "v=1");
}
