// Pictures of what a network answers: a decision or regression surface, a fitted curve, a confusion
// matrix; and of a 2-D test function. Made anew at most 20 times a second, within a share of a frame.
#pragma once

#include "app/cache.h"

namespace lrlab {

enum class FieldKind { kPlane, kCurve, kConfusion, kScatter, kSurface };
FieldKind field_kind(const Problem& problem);

// The picture of lane i, brought up to date when there is time. `cells`: of a plane, per side.
const FieldImage& lane_field(Ui& ui, std::size_t i, int cells);

// The square that the pictures of a lane's data set show: `low` and `high` of the result.
FieldImage plane_of(const Lane& lane);

// Colours, contours and heights of a grid of values by their logarithm above the lowest, so that valleys
// keep their detail beside steep walls.
void shade(FieldImage& f, std::vector<double> values, const Theme& theme);

// The colours of a picture over a rectangle, blended between its points: from the sheet, or as a mesh.
void draw_field(Ui& ui, const FieldImage& f, ImVec2 pos, ImVec2 size);
void draw_mesh(ImDrawList* dl, ImVec2 pos, ImVec2 size, int nx, int ny, const std::vector<ImU32>& colour);

// Rounds the corners of a picture by painting over them.
void round_corners(ImDrawList* dl, ImVec2 pos, ImVec2 size, float radius, ImU32 ground);

// A small symbol as one textured quad: 0 a disc, 1 a square, 2 a ring, 3 a triangle, 4 a hollow square.
void dot(Ui& ui, ImDrawList* dl, ImVec2 centre, float radius, ImU32 colour, int shape);

}  // namespace lrlab
