// Files of assets/ that are part of the program, as bytes in memory.
//
// CMake writes one array per file; its symbol is the file's name without extension, in small
// letters, with '_' for what a name may not hold. The namespace does not follow Real, so the float
// and the double core share one copy.
#pragma once

#include <string_view>

namespace lrlab_assets {

struct Blob {
  const unsigned char* data;  // size bytes, followed by a zero that does not count
  unsigned size;              // bytes

  std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
};

// assets/data: in the core
extern const Blob iris;  // iris.csv
extern Blob digits;      // digits.txt. Not const: a page fetches it when it is wanted, and it is empty until then

// assets/fonts: in the app
extern const Blob lrlab_sans_regular;   // Inter, the glyphs the lab uses
extern const Blob lrlab_sans_semibold;  // the same, heavier
extern const Blob icons;                // symbols for buttons

// assets/lessons/<name>.json: in experiment
struct Lesson {
  const char* name;  // file name without extension
  const Blob* json;
};
extern const Lesson lessons[];  // in the order of names; ends with {nullptr, nullptr}

}  // namespace lrlab_assets
