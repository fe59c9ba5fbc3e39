#include "cli/text.h"

#include <doctest/doctest.h>

namespace lrlab::cli {
namespace {

TEST_CASE("text: columns are characters, not bytes") {
  CHECK(columns("") == 0);
  CHECK(columns("abc") == 3);
  CHECK(columns("θ ← 2·λ") == 7);
  CHECK(columns("x\xcc\x82") == 1);  // x with a circumflex over it
  CHECK(padded("θ", 3) == "θ  ");
  CHECK(padded("long", 2) == "long");
}

TEST_CASE("text: wraps at blanks, indents, and never breaks a word") {
  CHECK(wrapped("one two three", 0, 7) == "one two\nthree");
  CHECK(wrapped("one two three", 2, 9) == "one two\n  three");
  CHECK(wrapped("one  two", 0, 80) == "one two");
  CHECK(wrapped("incomprehensibilities", 4, 10) == "incomprehensibilities");
  CHECK(wrapped("a incomprehensibilities b", 0, 10) == "a\nincomprehensibilities\nb");
  CHECK(wrapped("", 4, 10).empty());
  CHECK(wrapped("θθθ λλλ", 0, 7) == "θθθ λλλ");
}

TEST_CASE("text: lines") {
  CHECK(lines_of("").empty());
  CHECK(lines_of("a\nb") == std::vector<std::string_view>{"a", "b"});
  CHECK(lines_of("a\n\nb\n") == std::vector<std::string_view>{"a", "", "b"});
}

}  // namespace
}  // namespace lrlab::cli
