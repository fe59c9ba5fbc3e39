// Old links keep their meaning: tests/links/ has what people have shared.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "experiment/codec.h"
#include "experiment/export.h"
#include "test_paths.h"

namespace lrlab {
namespace {

// "2: lr = 0.1": the setting of a lane, defaults included.
void check_setting(const Race& race, const std::string& line) {
  std::istringstream in(line);
  std::size_t lane = 0;
  char colon = 0;
  std::string key, equals, value;
  in >> lane >> colon >> key >> equals >> value;
  REQUIRE(colon == ':');
  REQUIRE(equals == "=");
  REQUIRE(lane >= 1);
  REQUIRE(lane <= race.lanes.size());
  const std::vector<Setting> all = to_settings(race.lanes[lane - 1].config, true);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Setting& s) { return s.key == key; });
  REQUIRE(found != all.end());
  CHECK(found->value == value);
}

TEST_CASE("links: every old link reads without a complaint and trains to the same bits") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(LRLAB_SOURCE_DIR) + "/tests/links")) {
    if (entry.path().extension() != ".txt") continue;
    ++files;
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    std::ifstream in(entry.path());
    std::string link, line;
    REQUIRE(std::getline(in, link));
    std::vector<Issue> issues;
    const Race race = race_from_query(link, &issues);
    CHECK_MESSAGE(issues.empty(), (issues.empty() ? "" : issues[0].message));
    bool has_receipt = false;
    while (std::getline(in, line)) {
      CAPTURE(line);
      if (line.empty()) continue;
      if (!line.starts_with("receipt ")) {
        check_setting(race, line);
        continue;
      }
      has_receipt = true;
      const std::string wanted = line.substr(8);
      const std::size_t at = wanted.find('@');
      REQUIRE(at != std::string::npos);
      CHECK(receipt(race, std::stoull(wanted.substr(at + 1))) == wanted);
    }
    CHECK(has_receipt);
  }
  CHECK(files >= 10);
}

TEST_CASE("export: a race as CSV, SVG and Markdown has every lane in it, and its receipt is that of its steps") {
  Session session(race_from_query("v=1&dataset=gauss&lr=0.01&lane=lr%3D0.1&name=a|b"));
  session.run(20);
  const std::string csv = to_csv(session), svg = to_svg(session.race(), csv, "loss");
  const std::string report = to_markdown(session.race(), 20, csv, to_table(session));
  CHECK(csv.starts_with("lane,name,curve,step,steps,min,mean,max\n"));
  for (const char* part : {"\n1,", "\n2,", ",train_loss,0,1,", ",lr,19,1,"}) CHECK(csv.find(part) != std::string::npos);
  CHECK(csv.find("nan") == std::string::npos);
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.find("stroke-dasharray") != std::string::npos);
  CHECK(to_svg(session.race(), csv, "nothing").empty());
  CHECK(report.find("| 2 | ") != std::string::npos);
  CHECK(report.find("data:image/svg+xml;base64,") != std::string::npos);
  CHECK(report.find("lrlab run --query 'v=1&dataset=gauss&lr=0.01' --steps 20") != std::string::npos);
  for (const Figure& f : figures()) CHECK_FALSE(to_svg(session.race(), csv, f.id).empty());
  CHECK(receipt(session.race(), 20).ends_with("@20"));
  CHECK(receipt(session.race(), 20) != receipt(session.race(), 21));
}

TEST_CASE("export: the loss figure shows every step, no curve runs along its frame, and colours are the lanes' own") {
  Session session(race_from_query("v=1&dataset=moons&lr=0.3&colour=3&lane=optimizer%3Dadam%26lr%3D0.01%26colour%3D1"));
  session.run(200);
  const std::string svg = to_svg(session.race(), to_csv(session), "loss");
  std::size_t ticks = 0, curves = 0, most = 0;
  for (std::size_t at = 0; (at = svg.find("text-anchor=\"end\"", at)) != svg.npos; ++at) ++ticks;
  CHECK(ticks >= 4);
  const std::size_t end = svg.find("</g>");
  for (std::size_t at = svg.find("<g clip-path"); (at = svg.find("<path d=\"M", at)) < end; ++at) {
    const std::string path = svg.substr(at, svg.find("/>", at) - at);
    const bool thin = path.find("stroke-opacity") != path.npos;
    std::size_t points = 0;
    for (std::size_t i = 9; i < path.find('"', 9); ++i) {
      if (path[i] != 'M' && path[i] != 'L') continue;
      ++points;
      const double y = std::stod(path.substr(path.find(' ', i) + 1));
      if (!thin) CHECK((y > 44 + 4 && y < 444 - 4));
    }
    ++curves;
    most = std::max(most, points);
    CHECK((path.find("#B55A8C") != path.npos || path.find("#009E73") != path.npos));
  }
  CHECK(curves == 6);  // of each lane training, test and mini-batches
  CHECK(most == 200);
}

}  // namespace
}  // namespace lrlab
