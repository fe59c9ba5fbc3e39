// The architecture, tested: who may include whom, and that the core asks no library for mathematics.
#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "test_paths.h"

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file, line, target;
  bool angled;  // <...>
};

std::vector<Include> includes_of(const char* room) {
  std::vector<Include> out;
  const fs::path source = LRLAB_SOURCE_DIR;
  for (const auto& entry : fs::recursive_directory_iterator(source / "src" / room)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cpp") continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      std::size_t at = line.find_first_not_of(" \t");
      if (at == std::string::npos || line[at] != '#') continue;
      at = line.find_first_not_of(" \t", at + 1);
      if (at == std::string::npos || line.compare(at, 7, "include") != 0) continue;
      const std::size_t open = line.find_first_of("<\"", at), close = line.find_first_of(">\"", open + 1);
      REQUIRE(close != std::string::npos);
      out.push_back({fs::relative(entry.path(), source).string(), line, line.substr(open + 1, close - open - 1), line[open] == '<'});
    }
  }
  return out;
}

void check_room(const char* room, std::initializer_list<std::string_view> may_use) {
  const std::vector<Include> all = includes_of(room);
  CHECK(all.size() > 5);
  for (const Include& i : all) {
    if (i.angled) continue;
    CAPTURE(i.file);
    CAPTURE(i.line);
    bool allowed = false;
    for (std::string_view other : may_use) allowed = allowed || i.target.starts_with(std::string(other) + "/");
    CHECK_MESSAGE(allowed, "src/" << room << " must not use this");
  }
}

TEST_CASE("rooms: core <- experiment <- app <- platform, and cli stands on experiment") {
  check_room("core", {"core"});
  check_room("experiment", {"experiment", "core"});
  check_room("app", {"app", "experiment", "core"});
  check_room("cli", {"cli", "experiment", "core"});
  check_room("platform", {"platform", "app", "experiment", "core"});
}

TEST_CASE("rooms: headers of others are used only where they belong") {
  const std::set<std::string> ui{"imgui.h", "imgui_internal.h", "implot.h", "implot_internal.h"};
  for (const char* room : {"core", "experiment", "cli", "app"})
    for (const Include& i : includes_of(room)) {
      if (!i.angled) continue;
      CAPTURE(i.file);
      CAPTURE(i.line);
      const std::string r = room;
      if (ui.count(i.target)) CHECK(r == "app");
      if (i.target.starts_with("CLI/")) CHECK(r == "cli");
      for (const char* platform : {"GLFW/", "GLES", "GL/", "emscripten", "windows.h", "X11/"})
        CHECK_FALSE(i.target.starts_with(platform));
    }
}

TEST_CASE("rooms: the core has no clock, no chance of its own, no libm, no files, no threads") {
  const std::set<std::string> banned{"cmath", "math.h", "complex", "random", "chrono", "ctime", "time.h", "valarray",
                                     "numbers", "iostream", "fstream", "sstream", "filesystem", "thread",
                                     "mutex", "future", "atomic", "regex", "locale", "iomanip"};
  for (const Include& i : includes_of("core")) {
    CAPTURE(i.file);
    CAPTURE(i.line);
    if (i.angled) CHECK_FALSE(banned.count(i.target) > 0);
  }
}

// Only std::sqrt and the like, which compilers turn into one exact instruction, would be harmless; the
// core does not need even these.
TEST_CASE("rooms: the core's object files ask for no function of libm") {
#ifdef __EMSCRIPTEN__
  MESSAGE("skipped: no nm under Node");
#else
  const std::string library = LRLAB_BINARY_DIR "/liblrlab_core.a";
  if (!fs::exists(library)) {
    MESSAGE("skipped: " << library << " is not there");
    return;
  }
  FILE* pipe = popen(("nm -u '" + library + "' 2>/dev/null").c_str(), "r");
  REQUIRE(pipe);
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), n);
  if (pclose(pipe) != 0 || text.empty()) {
    MESSAGE("skipped: nm is missing or cannot read " << library);
    return;
  }
  std::set<std::string> libm;
  for (const char* name : {"acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "cos", "cosh", "erf", "erfc",
                           "exp", "exp2", "exp10", "expm1", "fabs", "fdim", "floor", "fma", "fmax", "fmin", "fmod", "frexp", "hypot",
                           "ilogb", "ldexp", "lgamma", "llrint", "llround", "log", "log10", "log1p", "log2", "logb", "lrint", "lround",
                           "modf", "nearbyint", "nextafter", "pow", "remainder", "rint", "round", "scalbn", "sin", "sincos", "sinh",
                           "sqrt", "tan", "tanh", "tgamma", "trunc"})
    for (const char* suffix : {"", "f", "l", "_finite", "f_finite"}) {
      libm.insert(std::string(name) + suffix);
      libm.insert("__" + std::string(name) + suffix);
    }
  std::istringstream in(text);
  std::string where;
  int symbols = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with(":")) {
      where = line;
      continue;
    }
    const std::size_t at = line.find_last_of(' ');
    if (at == std::string::npos) continue;
    std::string symbol = line.substr(at + 1);
    symbol.resize(std::min(symbol.find('@'), symbol.size()));
    ++symbols;
    CHECK_MESSAGE(!libm.count(symbol), where << " uses " << symbol);
  }
  CHECK(symbols > 100);
#endif
}

}  // namespace
