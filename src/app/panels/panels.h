// The panels of the page. To add one: write panels/<id>.cpp and add a line to panels.cpp.
#pragma once

#include <span>

#include "app/ui.h"

namespace lrlab {

// Columns stack their panels from the top, each as high as it returns; the other places are one
// rectangle, which the first panel that is wanted there fills.
enum class Place { kHeader, kRate, kVerdict, kSetup, kCentre, kLanes, kPlots, kTimeline, kExperiments };

struct Panel {
  const char* id;
  Place place;
  float (*draw)(Ui& ui, ImVec2 pos, ImVec2 size);  // returns the height used
  bool (*wanted)(const Ui& ui) = nullptr;          // absent: always
};
std::span<const Panel> panels();

void draw_page(Ui& ui);  // places all panels

// Beside the table: what is not a place of its own.
float draw_speed(Ui& ui, ImVec2 pos, ImVec2 size);
float draw_notices(Ui& ui, ImVec2 pos, ImVec2 size);
float draw_dialog(Ui& ui, ImVec2 pos, ImVec2 size);
float draw_file(Ui& ui);
bool lesson_strip_wanted(const Ui& ui);  // where its text is not in sight
float draw_lesson_strip(Ui& ui, ImVec2 pos, ImVec2 size);
float draw_lesson_dialog(Ui& ui);
std::string own_summary(const OwnData& data);  // of a file, in a sentence
float draw_big_plot(Ui& ui, ImVec2 pos, ImVec2 size);
void open_lesson(Ui& ui, const Lesson& lesson);
float lanes_height(const Ui& ui);

}  // namespace lrlab
