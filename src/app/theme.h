// Colours, type and measures of the page, light and dark.
//
// One accent for what can be pressed; the lanes' colours for what belongs to a lane and nothing else
// (Okabe and Ito 2008, "Color universal design", darkened on white until a line has contrast 3:1);
// purple and orange for the two classes or the sign of an output. Text has at least 4.5:1.
#pragma once

#include <imgui.h>

namespace lrlab {

struct Theme {
  bool dark = false;
  ImU32 page, card, sunken, raised;         // surfaces, from the back to the front
  ImU32 border, border_strong;              // hairlines; outlines of controls (3:1)
  ImU32 text, muted, faint;                 // reading, labels (4.5:1), decoration only
  ImU32 accent, accent_hover, on_accent, accent_soft;
  ImU32 hover, press;                       // laid over what the pointer is on
  ImU32 good, warn, bad, good_soft, warn_soft, bad_soft;  // verdicts: text colours and their grounds
  ImU32 shadow;
  ImU32 lane[8];
  ImU32 positive, negative, neutral;        // classes and signs: purple, orange, between
};
const Theme& theme_of(bool dark);

struct Fonts {
  ImFont* body = nullptr;
  ImFont* bold = nullptr;    // the body's size, semibold
  ImFont* small = nullptr;
  ImFont* title = nullptr;
  ImFont* hero = nullptr;    // the dial's number
};

// Heights of a face's line, in logical pixels. (3408/2816 of what CSS would call the font size.)
inline constexpr float kBodySize = 17, kSmallSize = 15, kTitleSize = 20, kHeroSize = 42;

inline constexpr float kGap = 12;      // between cards
inline constexpr float kPad = 14;      // inside cards
inline constexpr float kRadius = 10;   // of cards
inline constexpr float kSoft = 7;      // of controls

// Builds the font atlas for `ui_scale` and sets ImGui's and ImPlot's style.
Fonts make_fonts(float ui_scale);
void apply_theme(const Theme& theme);

ImU32 mix(ImU32 a, ImU32 b, float t);            // t = 0: a
ImU32 with_alpha(ImU32 colour, float alpha);     // alpha multiplies
ImU32 lane_colour(const Theme& theme, int index);
// −1 … 1: negative over neutral to positive.
ImU32 signed_colour(const Theme& theme, float v);
// 0 … 1: dark to light, in steps the eye finds even (viridis).
ImU32 scale_colour(float t);
// Class k of n.
ImU32 class_colour(const Theme& theme, int k, int n);

}  // namespace lrlab
