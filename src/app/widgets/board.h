// The plane of two inputs as a board to paint samples on, by mouse, finger or keyboard.
#pragma once

#include "app/cache.h"

namespace lrlab {

// The data set is one's own and was not read from a file.
bool on_board(const Config& config);

// Makes `own` the samples of every lane. Changes with the same gesture are undone together.
void set_own(Ui& ui, Own own, std::string gesture = {});

// What to paint with: a class or a value, erase, clear. Returns the height used.
float board_tools(Ui& ui, ImVec2 pos, float width);

// Paints on the picture `f` of lane i, drawn at pos, s wide and high.
void paint_on(Ui& ui, std::size_t i, const FieldImage& f, ImVec2 pos, float s);

}  // namespace lrlab
