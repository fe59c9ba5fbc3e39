// Which samples a lane's network gets wrong: small pictures where the inputs are one, else a list.
#pragma once

#include "app/cache.h"

namespace lrlab {

void draw_misread(Ui& ui, std::size_t lane, const FieldImage& f, ImVec2 pos, ImVec2 size);

// Of a regression with many inputs: what is said against what is true.
void draw_scatter(Ui& ui, const FieldImage& f, ImVec2 pos, float s);

// The class by its name where it has one.
std::string class_name(const Config& config, int k);

}  // namespace lrlab
