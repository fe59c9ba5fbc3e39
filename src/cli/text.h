// Text for people: columns and wrapped paragraphs, counted in characters instead of bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lrlab::cli {

// Columns a UTF-8 text takes on a terminal (mathematical symbols and Greek take one each).
std::size_t columns(std::string_view text);

// The text followed by blanks up to `width` columns.
std::string padded(std::string_view text, std::size_t width);

// The text broken at blanks so that no line is longer than `width`; every line but the first begins
// with `indent` blanks, and the first is taken to begin at column `indent`. Words are never broken.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace lrlab::cli
