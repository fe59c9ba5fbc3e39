// What of a picture has to be painted again, and how cheaply.
//
// Dear ImGui describes the whole picture in every frame, though most of it stays. Where a GPU is software
// (a remote desktop, a test machine, an old laptop) each pixel costs, and on a phone it costs the battery.
// So the picture is cut into tiles; each gets a hash of all triangles that touch it; and only tiles whose
// hash has changed are painted, by the triangles that touch them: software spends more on a triangle than
// on its pixels.
//
// Second: large areas of one opaque colour (the page, the cards) need no look-up in the font's atlas and
// nothing of what is below them. They are marked as plain, for a cheaper program.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

namespace lrlab {

class Repaint {
 public:
  enum Paint { kBlended, kPlain, kImage, kPaints };  // kImage: of another texture than the font's, opaque
  struct Draw {
    int list;                      // of the ImDrawData
    Paint paint;
    unsigned first, count;         // of indices()
    int left, top, right, bottom;  // physical pixels: paint nothing outside
  };

  // The draws, in their order, that turn the last picture into this one.
  const std::vector<Draw>& update(const ImDrawData& data, int width, int height);
  const std::vector<ImDrawIdx>& indices() const { return indices_; }  // of vertices of the draw's list
  void forget() { hashes_.clear(); }  // nothing of the last picture is left

 private:
  struct Box {
    int left, top, right, bottom;
    bool empty() const { return left >= right || top >= bottom; }
  };
  struct Chunk {  // some triangles of a command
    int list;
    Paint paint;
    unsigned first, count;
    Box clip, bounds;
  };
  static Box common(const Box& a, const Box& b);
  static Box box_of(const ImDrawList& list, unsigned triangle, const Box& clip, ImVec2 scale);
  void hash_vertices(const ImDrawList& list);
  void take(const ImDrawList& list, unsigned first, unsigned end, Chunk like, ImVec2 scale);
  void find_dirty(int width, int height);

  int tile_ = 64, columns_ = 0, rows_ = 0;  // physical pixels; tiles
  std::vector<std::uint32_t> hashes_, new_hashes_, vertex_hashes_;
  std::vector<Chunk> chunks_;
  std::vector<Box> dirty_;
  std::vector<Draw> draws_;
  std::vector<ImDrawIdx> indices_;
};

}  // namespace lrlab
