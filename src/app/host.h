// What the application asks of the world around it: a browser page, a native window, or a test.
//
// The application draws with Dear ImGui and knows nothing of GLFW, OpenGL, JavaScript or files; the
// platform fills this in. Every function may be left empty.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "experiment/jobs.h"

namespace lrlab {

// One texture for the pictures that change all the time, in places of the same size: two triangles each
// where a mesh of colours has some four thousand.
struct Sheet {
  static constexpr int kPlace = 98, kColumns = 8, kRows = 2;  // pixels; two places for each lane
  static constexpr int kWidth = kPlace * kColumns, kHeight = kPlace * kRows;

  void* texture = nullptr;  // its ImTextureID
  // Puts a picture there, row by row, four bytes a pixel. Absent: there is no such texture.
  std::function<void(int x, int y, int width, int height, const std::uint32_t* pixels)> put;
};

struct Host {
  std::function<double()> now;                        // seconds from any fixed point, monotonic
  std::function<void(const std::string& query)> set_url;      // the state as a query, "v=1&..."
  std::function<void(const std::string& text)> copy;          // to the clipboard
  std::function<void(const std::string& query)> share;        // a dialog for sharing; absent: the link is copied
  std::function<void(const std::string& text)> announce;      // for screen readers (live region)
  std::function<void(const std::string& url)> open_link;
  std::function<void(const std::string& name, const std::string& mime, const std::string& bytes)> save_file;

  // Lets the person choose a CSV file; it comes back through App::open_file().
  std::function<void()> open_file;
  // Where there is no dialog for that: a file by its path. It comes back likewise, after the frame. False:
  // it cannot be read.
  std::function<bool(const std::string& path)> open_path;

  // A data set whose file is not part of the program (Config::missing_file); App::data_arrived() says
  // when it is there. May be asked for several times.
  std::function<void(const std::string& id)> fetch_data;

  // Workers for jobs; 0: as many as there should be. Where this is missing, work is done in the frames.
  std::function<std::unique_ptr<JobRunner>(int workers)> make_pool;

  Sheet sheet;

  bool prefers_dark = true;
  bool reduced_motion = false;  // nothing moves by itself: runs start when asked to
  bool touch = false;           // coarse pointer: larger targets
  float ui_scale = 1;           // physical pixels per logical pixel; fonts are rasterised at it
};

}  // namespace lrlab
