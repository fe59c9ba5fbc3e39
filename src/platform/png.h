// A picture as a PNG file: valid and uncompressed, in a page of code instead of a library.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lrlab {

// `rgb`: width × height pixels of three bytes, top row first.
std::string encode_png(int width, int height, const std::vector<std::uint8_t>& rgb);

}  // namespace lrlab
