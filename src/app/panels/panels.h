// The panels of the page. To add one: write panels/<id>.cpp and add a line to panels.cpp.
#pragma once

#include "app/ui.h"

namespace lrlab {

enum class Place { kTop, kDial, kSetup, kCentre, kPlots, kLanes, kTimeline, kOver };

struct Panel {
  const char* id;
  const char* title;
  Place place;
  // Draws inside the rectangle. A panel in a column gets its width and as much height as it wants:
  // the return value is the height it used.
  float (*draw)(Ui& ui, ImVec2 pos, ImVec2 size);
  bool (*wanted)(const Ui& ui) = nullptr;  // absent: always
};
std::span<const Panel> panels();

void draw_page(Ui& ui);  // places all panels

}  // namespace lrlab
