// Replays the fuzzers' corpus, and checks that it still covers every family.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "fuzz/targets.h"
#include "test_paths.h"

namespace lrlab {
namespace {

int replay(const char* name, void (*target)(std::string_view)) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(LRLAB_SOURCE_DIR "/tests/fuzz/corpus/") + name)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    CAPTURE(entry.path().filename().string());
    target(text);  // ends the program if something does not hold
    // Torn in every place, and one byte changed in every place, up to a length.
    for (std::size_t i = 0; i < text.size() && text.size() < 400; ++i) {
      target(std::string_view(text).substr(0, i));
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
      target(changed);
    }
    ++files;
  }
  return files;
}

TEST_CASE("fuzz corpus: links") { CHECK(replay("query", fuzz::query) >= 10); }
TEST_CASE("fuzz corpus: JSON") { CHECK(replay("json", fuzz::json) >= 10); }
TEST_CASE("fuzz corpus: races") { CHECK(replay("race", fuzz::race) >= 5); }

}  // namespace
}  // namespace lrlab
