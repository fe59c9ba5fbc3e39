// A surface over a square, as contours from above or as a relief that one can turn, with paths on it.
#pragma once

#include "app/cache.h"

namespace lrlab {

// A lane's way over the picture, in [0, 1]² from the upper left corner; what lies outside is left out.
struct SurfacePath {
  int lane = 0;              // its colour and marker
  std::vector<ImVec2> way;
  ImVec2 now{-1, -1};        // where it is
};

// `f`: heights in [0, 1] and their colours.
void draw_contours(Ui& ui, const FieldImage& f, ImVec2 pos, ImVec2 size, const std::vector<SurfacePath>& paths,
                   const std::vector<ImVec2>& minima);

// The same from the side: the pointer or the arrow keys turn it, Home turns it back.
void draw_relief(Ui& ui, std::string_view id, std::string_view label, const FieldImage& f, ImVec2 pos, ImVec2 size,
                 const std::vector<SurfacePath>& paths, const std::vector<ImVec2>& minima);

}  // namespace lrlab
