// PNG (ISO/IEC 15948): a signature, then chunks of length, name, data and CRC-32. The pixels lie in a
// zlib stream, here of stored blocks: deflate without compressing.
#include <algorithm>
#include <array>

#include "platform/png.h"

namespace lrlab {
namespace {

std::string big_endian(std::uint32_t v) {
  return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8), static_cast<char>(v)};
}

std::uint32_t crc32(const std::string& data) {
  std::uint32_t crc = ~0u;
  for (const char c : data) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

void add_chunk(std::string& png, const std::string& name_and_data) {
  png += big_endian(static_cast<std::uint32_t>(name_and_data.size() - 4));
  png += name_and_data;
  png += big_endian(crc32(name_and_data));
}

std::string zlib_stored(const std::string& raw) {
  std::string out = "\x78\x01";
  std::uint32_t a = 1, b = 0;  // Adler-32
  for (const char c : raw) {
    a = (a + static_cast<std::uint8_t>(c)) % 65521;
    b = (b + a) % 65521;
  }
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t size = std::min<std::size_t>(raw.size() - at, 65535);
    const std::array<unsigned, 5> head{at + size == raw.size(), static_cast<unsigned>(size & 255), static_cast<unsigned>(size >> 8),
                                       static_cast<unsigned>(~size & 255), static_cast<unsigned>(~size >> 8 & 255)};
    for (const unsigned byte : head) out += static_cast<char>(byte);
    out.append(raw, at, size);
    at += size;
  }
  return out + big_endian(b << 16 | a);
}

}  // namespace

std::string encode_png(int width, int height, const std::vector<std::uint8_t>& rgb) {
  std::string rows;
  const std::size_t row = static_cast<std::size_t>(width) * 3;
  for (int y = 0; y < height; y++) {
    rows += '\0';  // no filter
    rows.append(reinterpret_cast<const char*>(rgb.data()) + static_cast<std::size_t>(y) * row, row);
  }
  std::string png = "\x89PNG\r\n\x1a\n";
  const char format[] = {8, 2, 0, 0, 0};  // bits, RGB, deflate, filters, not interlaced
  add_chunk(png, "IHDR" + big_endian(static_cast<std::uint32_t>(width)) + big_endian(static_cast<std::uint32_t>(height)) +
                     std::string(format, sizeof format));
  add_chunk(png, "IDAT" + zlib_stored(rows));
  add_chunk(png, "IEND");
  return png;
}

}  // namespace lrlab
