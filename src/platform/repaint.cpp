#include "platform/repaint.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace lrlab {
namespace {

constexpr float kWorth = 2000;        // square logical pixels of plain colour from which a change of program pays
constexpr unsigned kChunk = 3 * 96;   // indices: small enough to leave out what is not touched
constexpr std::size_t kMostBoxes = 12;
constexpr std::uint32_t kSeed = 2166136261u;

std::uint32_t mix(std::uint32_t hash, std::uint32_t word) {
  hash = (hash ^ word) * 0x9E3779B1u;
  return hash ^ hash >> 15;
}

}  // namespace

Repaint::Box Repaint::common(const Box& a, const Box& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right), std::min(a.bottom, b.bottom)};
}

void Repaint::hash_vertices(const ImDrawList& list) {
  vertex_hashes_.resize(static_cast<std::size_t>(list.VtxBuffer.Size));
  for (int i = 0; i < list.VtxBuffer.Size; i++) {
    std::uint32_t words[5], hash = kSeed;
    static_assert(sizeof words == sizeof(ImDrawVert));
    std::memcpy(words, &list.VtxBuffer.Data[i], sizeof words);
    for (const std::uint32_t word : words) hash = mix(hash, word);
    vertex_hashes_[static_cast<std::size_t>(i)] = hash;
  }
}

// The pixels that a triangle touches within `clip`. `triangle`: its first index.
Repaint::Box Repaint::box_of(const ImDrawList& list, unsigned triangle, const Box& clip, ImVec2 scale) {
  const ImDrawIdx* index = list.IdxBuffer.Data + triangle;
  const ImVec2 a = list.VtxBuffer.Data[index[0]].pos, b = list.VtxBuffer.Data[index[1]].pos, c = list.VtxBuffer.Data[index[2]].pos;
  // Clamping first keeps the numbers small enough for int.
  const auto x = [&](float at) { return std::clamp(at * scale.x, static_cast<float>(clip.left), static_cast<float>(clip.right)); };
  const auto y = [&](float at) { return std::clamp(at * scale.y, static_cast<float>(clip.top), static_cast<float>(clip.bottom)); };
  return {static_cast<int>(x(std::min({a.x, b.x, c.x}))), static_cast<int>(y(std::min({a.y, b.y, c.y}))),
          static_cast<int>(std::ceil(x(std::max({a.x, b.x, c.x})))), static_cast<int>(std::ceil(y(std::max({a.y, b.y, c.y}))))};
}

// Indices first … end as chunks, and their triangles into the hashes of the tiles they touch.
void Repaint::take(const ImDrawList& list, unsigned first, unsigned end, Chunk like, ImVec2 scale) {
  const std::uint32_t* words = reinterpret_cast<const std::uint32_t*>(&like.clip);
  std::uint32_t clip_hash = static_cast<std::uint32_t>(like.paint);
  for (int i = 0; i < 4; i++) clip_hash = mix(clip_hash, words[i]);

  for (unsigned start = first; start < end; start += kChunk) {
    Chunk chunk = like;
    chunk.first = start;
    chunk.count = std::min(kChunk, end - start);
    chunk.bounds = {like.clip.right, like.clip.bottom, like.clip.left, like.clip.top};
    for (unsigned i = start; i < start + chunk.count; i += 3) {
      const Box box = box_of(list, i, like.clip, scale);
      if (box.empty()) continue;
      const ImDrawIdx* index = list.IdxBuffer.Data + i;
      chunk.bounds = {std::min(chunk.bounds.left, box.left), std::min(chunk.bounds.top, box.top),
                      std::max(chunk.bounds.right, box.right), std::max(chunk.bounds.bottom, box.bottom)};
      const std::uint32_t hash = mix(mix(mix(clip_hash, vertex_hashes_[index[0]]), vertex_hashes_[index[1]]), vertex_hashes_[index[2]]);
      const int x1 = (box.right - 1) / tile_, y1 = (box.bottom - 1) / tile_;
      for (int y = box.top / tile_; y <= y1; y++)
        for (int x = box.left / tile_; x <= x1; x++) {
          std::uint32_t& tile = new_hashes_[static_cast<std::size_t>(y * columns_ + x)];
          tile = mix(tile, hash);
        }
    }
    if (!chunk.bounds.empty()) chunks_.push_back(chunk);
  }
}

// The tiles that differ, as few rectangles that do not overlap.
void Repaint::find_dirty(int width, int height) {
  const Box all{0, 0, width, height};
  dirty_.clear();
  if (hashes_.size() != new_hashes_.size()) {
    dirty_.push_back(all);
    return;
  }
  int count = 0;
  for (int y = 0; y < rows_; y++) {
    for (int x = 0; x < columns_;) {
      const auto differs = [&](int column) {
        const std::size_t i = static_cast<std::size_t>(y * columns_ + column);
        return column < columns_ && hashes_[i] != new_hashes_[i];
      };
      if (!differs(x)) {
        x++;
        continue;
      }
      const int from = x;
      while (differs(x)) x++;
      count += x - from;
      // Below a rectangle of the same width: it grows.
      const auto above = std::find_if(dirty_.begin(), dirty_.end(), [&](const Box& box) {
        return box.left == from && box.right == x && box.bottom == y;
      });
      if (above != dirty_.end()) above->bottom = y + 1;
      else dirty_.push_back({from, y, x, y + 1});
    }
  }
  if (count * 4 > columns_ * rows_ * 3) {
    dirty_.assign(1, all);
    return;
  }
  // Each costs draws of its own: the two that become one with the least in between, until they are few.
  const auto around = [](const Box& a, const Box& b) {
    return Box{std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right), std::max(a.bottom, b.bottom)};
  };
  const auto area = [](const Box& a) { return (a.right - a.left) * (a.bottom - a.top); };
  while (dirty_.size() > kMostBoxes) {
    std::size_t one = 0, other = 1;
    int least = columns_ * rows_;
    for (std::size_t i = 0; i < dirty_.size(); i++)
      for (std::size_t k = i + 1; k < dirty_.size(); k++)
        if (const int waste = area(around(dirty_[i], dirty_[k])) - area(dirty_[i]) - area(dirty_[k]); waste < least) least = waste, one = i, other = k;
    Box whole = around(dirty_[one], dirty_[other]);
    dirty_.erase(dirty_.begin() + static_cast<std::ptrdiff_t>(other));
    dirty_.erase(dirty_.begin() + static_cast<std::ptrdiff_t>(one));
    // What it touches now belongs to it: nothing may be painted twice.
    for (std::size_t i = 0; i < dirty_.size();)
      if (!common(whole, dirty_[i]).empty()) {
        whole = around(whole, dirty_[i]);
        dirty_.erase(dirty_.begin() + static_cast<std::ptrdiff_t>(i));
        i = 0;
      } else {
        i++;
      }
    dirty_.push_back(whole);
  }
  for (Box& box : dirty_) box = common(all, {box.left * tile_, box.top * tile_, box.right * tile_, box.bottom * tile_});
}

const std::vector<Repaint::Draw>& Repaint::update(const ImDrawData& data, int width, int height) {
  const ImVec2 scale = data.FramebufferScale, white = ImGui::GetIO().Fonts->TexUvWhitePixel;
  tile_ = 64 * std::max(1, static_cast<int>(std::lround(scale.x)));
  columns_ = (width + tile_ - 1) / tile_;
  rows_ = (height + tile_ - 1) / tile_;
  new_hashes_.assign(static_cast<std::size_t>(columns_ * rows_), kSeed);
  chunks_.clear();
  draws_.clear();

  for (int i = 0; i < data.CmdListsCount; i++) {
    const ImDrawList& list = *data.CmdLists[i];
    hash_vertices(list);
    const auto plain = [&](unsigned at) {
      const ImDrawVert& v = list.VtxBuffer.Data[list.IdxBuffer.Data[at]];
      return v.uv.x == white.x && v.uv.y == white.y && (v.col & IM_COL32_A_MASK) == IM_COL32_A_MASK;
    };
    for (const ImDrawCmd& command : list.CmdBuffer) {
      if (command.UserCallback) continue;  // the lab has none
      const Box clip = common({0, 0, width, height},
                              {static_cast<int>(command.ClipRect.x * scale.x), static_cast<int>(command.ClipRect.y * scale.y),
                               static_cast<int>(command.ClipRect.z * scale.x), static_cast<int>(command.ClipRect.w * scale.y)});
      if (clip.empty()) continue;
      if (command.GetTexID() != ImGui::GetIO().Fonts->TexID) {
        take(list, command.IdxOffset, command.IdxOffset + command.ElemCount, {i, kImage, 0, 0, clip, {}}, scale);
        continue;
      }
      // Plain triangles in a row make a run if they are worth it, and else belong to what is around them.
      const unsigned end = command.IdxOffset + command.ElemCount;
      unsigned from = command.IdxOffset;
      for (unsigned at = from; at < end;) {
        const unsigned start = at;
        float area = 0;
        for (; at < end && plain(at) && plain(at + 1) && plain(at + 2); at += 3) {
          const ImDrawIdx* index = list.IdxBuffer.Data + at;
          const ImVec2 a = list.VtxBuffer.Data[index[0]].pos, b = list.VtxBuffer.Data[index[1]].pos, c = list.VtxBuffer.Data[index[2]].pos;
          area += std::abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
        }
        if (area >= kWorth) {
          take(list, from, start, {i, kBlended, 0, 0, clip, {}}, scale);
          take(list, start, at, {i, kPlain, 0, 0, clip, {}}, scale);
          from = at;
        }
        if (at < end) at += 3;  // the one that is not plain
      }
      take(list, from, end, {i, kBlended, 0, 0, clip, {}}, scale);
    }
  }

  find_dirty(width, height);
  hashes_.swap(new_hashes_);

  // List by list, so that each is uploaded once: what is painted in one rectangle does not touch another.
  indices_.clear();
  for (auto chunk = chunks_.begin(); chunk != chunks_.end();) {
    const auto end = std::find_if(chunk, chunks_.end(), [&](const Chunk& c) { return c.list != chunk->list; });
    const ImDrawList& list = *data.CmdLists[chunk->list];
    for (const Box& box : dirty_)
      for (auto c = chunk; c != end; ++c) {
        const Box clip = common(c->clip, box);
        if (common(c->bounds, clip).empty()) continue;
        const auto first = static_cast<unsigned>(indices_.size());
        for (unsigned i = c->first; i < c->first + c->count; i += 3)
          if (!common(box_of(list, i, c->clip, scale), box).empty())
            for (unsigned k = 0; k < 3; k++) indices_.push_back(list.IdxBuffer.Data[i + k]);
        const auto count = static_cast<unsigned>(indices_.size()) - first;
        if (count == 0) continue;
        if (!draws_.empty()) {
          Draw& last = draws_.back();
          if (last.list == c->list && last.paint == c->paint && last.left == clip.left && last.top == clip.top && last.right == clip.right &&
              last.bottom == clip.bottom) {
            last.count += count;
            continue;
          }
        }
        draws_.push_back({c->list, c->paint, first, count, clip.left, clip.top, clip.right, clip.bottom});
      }
    chunk = end;
  }
  return draws_;
}

}  // namespace lrlab
