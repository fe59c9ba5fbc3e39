// Data sets that the page's module does not carry: most visits never need them, and they would be a
// tenth of what everyone downloads. web/lab.js fetches one when it is chosen, and hands it to every
// worker; in all other programs they are embedded (LRLAB_LATE in CMakeLists.txt).
#include <string>
#include <string_view>

#include <emscripten/emscripten.h>

#include "core/assets.h"
#include "platform/browser.h"

namespace lrlab_assets {
Blob digits{nullptr, 0};
}

extern "C" EMSCRIPTEN_KEEPALIVE int lrlab_take_data(const char* id, const char* text) {
  using lrlab_assets::digits;
  if (std::string_view(id) != "digits") return 0;
  static std::string kept;
  kept = text;
  digits = {reinterpret_cast<const unsigned char*>(kept.data()), static_cast<unsigned>(kept.size())};
  return 1;
}
