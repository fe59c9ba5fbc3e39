// Looks into the selected lane: its network neuron by neuron, and what one step is made of.
#pragma once

#include "app/ui.h"

namespace lrlab {

void draw_network(Ui& ui, ImVec2 pos, ImVec2 size);
void draw_inside(Ui& ui, ImVec2 pos, ImVec2 size);

}  // namespace lrlab
