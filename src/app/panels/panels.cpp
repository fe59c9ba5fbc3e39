#include "app/panels/panels.h"

namespace lrlab {

float draw_header(Ui&, ImVec2, ImVec2);
float draw_rate(Ui&, ImVec2, ImVec2);
float draw_verdict(Ui&, ImVec2, ImVec2);
float draw_setup(Ui&, ImVec2, ImVec2);
float draw_picture(Ui&, ImVec2, ImVec2);
float draw_lanes(Ui&, ImVec2, ImVec2);
float draw_plots(Ui&, ImVec2, ImVec2);
float draw_timeline(Ui&, ImVec2, ImVec2);
float draw_experiments(Ui&, ImVec2, ImVec2);
float draw_lesson(Ui&, ImVec2, ImVec2);
bool lesson_wanted(const Ui&);

std::span<const Panel> panels() {
  static constexpr Panel kPanels[] = {
      {"header", Place::kHeader, draw_header}, {"rate", Place::kRate, draw_rate},
      {"verdict", Place::kVerdict, draw_verdict}, {"lesson", Place::kSetup, draw_lesson, lesson_wanted},
      {"setup", Place::kSetup, draw_setup},
      {"picture", Place::kCentre, draw_picture}, {"lanes", Place::kLanes, draw_lanes},
      {"plots", Place::kPlots, draw_plots}, {"timeline", Place::kTimeline, draw_timeline},
      {"experiments", Place::kExperiments, draw_experiments},
  };
  return kPanels;
}

}  // namespace lrlab
