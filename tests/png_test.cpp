// PNG files byte by byte: signature, chunks in order with right lengths and checksums, the pixels after inflating.

#include "figures/draw/png.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <cstdlib>
#include <string>

namespace pe {
namespace {

struct Chunk {
  std::string type, data;
  bool checksum_is_right = false;
};

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes.at(at + i));
  return value;
}

std::string text_of(const std::vector<std::byte>& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::vector<Chunk> chunks(const std::string& file) {
  std::vector<Chunk> all;
  for (std::size_t at = 8; at < file.size();) {
    const std::size_t size = big_endian(file, at);
    const std::string body = file.substr(at + 4, 4 + size);
    all.push_back({body.substr(0, 4), body.substr(4), big_endian(file, at + 8 + size) == libdeflate_crc32(0, body.data(), body.size())});
    at += 12 + size;
  }
  return all;
}

Canvas small_canvas() {
  Canvas canvas(3, 2, {10, 20, 30});
  canvas.fill(1, 1, 1, 1, {200, 100, 50});
  return canvas;
}

// Every line starts with the number of its filter; 2 is "up": the difference from the line above.
std::vector<std::uint8_t> unfiltered(std::string lines, std::size_t line_bytes) {
  std::vector<std::uint8_t> pixels;
  for (std::size_t at = 0; at < lines.size(); at += line_bytes + 1) {
    EXPECT_EQ(lines[at], 2);
    for (std::size_t i = 1; i <= line_bytes; ++i) {
      const std::uint8_t above = pixels.size() < line_bytes ? std::uint8_t{0} : pixels[pixels.size() - line_bytes];
      pixels.push_back(static_cast<std::uint8_t>(static_cast<std::uint8_t>(lines[at + i]) + above));
    }
  }
  return pixels;
}

TEST(png, is_signature_header_size_description_pixels_end) {
  const std::string file = text_of(encode_png(small_canvas(), "text", 1));
  EXPECT_EQ(file.substr(0, 8), std::string("\x89PNG\r\n\x1a\n"));
  std::string types;
  for (const Chunk& chunk : chunks(file)) {
    types += chunk.type + " ";
    EXPECT_TRUE(chunk.checksum_is_right) << chunk.type;
  }
  EXPECT_EQ(types, "IHDR pHYs iTXt IDAT IEND ");
}

TEST(png, holds_the_pixels_of_the_canvas) {
  const Canvas canvas = small_canvas();
  const std::vector<Chunk> all = chunks(text_of(encode_png(canvas, "", 1)));
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(big_endian(all[0].data, 0), 3u);
  EXPECT_EQ(big_endian(all[0].data, 4), 2u);
  EXPECT_EQ(all[0].data.substr(8), std::string("\x08\x02\0\0\0", 5));   // 8 bits, RGB
  std::string lines(2 * (3 * 3 + 1), '\0');
  libdeflate_decompressor* inflate = libdeflate_alloc_decompressor();
  EXPECT_EQ(libdeflate_zlib_decompress(inflate, all[2].data.data(), all[2].data.size(), lines.data(), lines.size(), nullptr), LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(inflate);
  EXPECT_EQ(unfiltered(lines, 9), canvas.pixels());
}

TEST(png, carries_the_description_as_utf8) {
  const std::string description = "{\n \"scheme\": \"größe × π\"\n}";
  const std::vector<Chunk> all = chunks(text_of(encode_png(small_canvas(), description, 1)));
  EXPECT_EQ(all[2].data, std::string("Description\0\0\0\0\0", 16) + description);
}

TEST(png, says_how_many_pixels_make_a_metre) {
  const std::vector<Chunk> all = chunks(text_of(encode_png(small_canvas(), "", 2)));
  EXPECT_EQ(big_endian(all[1].data, 0), 5669u);   // 144 an inch
  EXPECT_EQ(big_endian(all[1].data, 4), 5669u);
  EXPECT_EQ(all[1].data[8], 1);
}

TEST(png, is_the_same_bytes_for_the_same_canvas) {
  EXPECT_EQ(encode_png(small_canvas(), "a", 1), encode_png(small_canvas(), "a", 1));
}

}  // namespace
}  // namespace pe
