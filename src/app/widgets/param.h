// A ParamSpec as a control: slider, number, list of choices, switch or list of numbers, with its
// label, unit, tooltip and a way back to the default.
#pragma once

#include "app/ui.h"

namespace lrlab {

struct ParamEdit {
  bool changed = false;
  float height = 0;
};

// `def`: what reset returns to (it may depend on other choices).
ParamEdit param_row(Ui& ui, const ParamSpec& spec, double def, double& value, ImVec2 pos, float width);
ParamEdit list_row(Ui& ui, const ParamSpec& spec, std::vector<double>& list, ImVec2 pos, float width);

// A slim slider over `spec`'s range. True while it moves.
bool slider(Ui& ui, const ParamSpec& spec, double& value, ImVec2 pos, ImVec2 size, ImU32 colour);

// Where a value stands on a slider, and the value at a place; logarithmic where the spec says so,
// and close to 1 where only the distance from 1 counts (β₂ = 0.999).
double slider_place(const ParamSpec& spec, double value);
double slider_value(const ParamSpec& spec, double place);

}  // namespace lrlab
