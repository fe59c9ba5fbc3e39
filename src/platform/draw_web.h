// Draws Dear ImGui's triangles with WebGL 2.
//
// Not imgui_impl_opengl3: to be a good guest in others' engines that one asks OpenGL for its whole
// state before every frame. In a browser each such question waits until the GPU's process has drawn
// all that came before (measured with a software GPU: 97 % of a frame's time). This context is ours
// alone: we set what we need and ask nothing.
#pragma once

#include <imgui.h>

#include "app/host.h"
#include "platform/repaint.h"

namespace lrlab {

class DrawWeb {
 public:
  void create();       // in a fresh context
  void forget();       // the context and all in it are lost
  void upload_font();  // after the atlas was built anew
  // Part of the sheet (app/host.h), whose ImTextureID is `this`.
  void put_picture(int x, int y, int width, int height, const std::uint32_t* pixels);
  void cleared() { repaint_.forget(); }  // the canvas is empty: it was resized
  void draw(const ImDrawData& data, int width, int height);

 private:
  void use(Repaint::Paint paint);

  Repaint repaint_;
  unsigned programs_[Repaint::kPaints] = {}, vertices_ = 0, indices_ = 0, layout_ = 0, font_ = 0, sheet_ = 0;
  int to_clip_[Repaint::kPaints] = {-1, -1, -1};
  std::vector<std::uint32_t> pixels_;  // of the sheet, for when the context is lost
  int paint_ = -1;  // in use
};

}  // namespace lrlab
