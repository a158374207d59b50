#pragma once
// Little-endian numbers in files, written and read with every length checked.

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/tensor.h"

namespace pe {

/// Throws Error (malformed): "not a valid .npz: WHAT".
[[noreturn]] inline void malformed(std::string_view format, std::string_view what) {
  throw Error(ErrorKind::malformed, fmt::format("not a valid .{}: {}", format, what));
}

/// Numbers and text, one after the other, on their way into a file.
class Record {
 public:
  template <class Integer>
  Record& put(Integer value) {
    for (std::size_t i = 0; i < sizeof value; ++i) text_ += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }
  Record& put(const std::string& text) {
    text_ += text;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Takes numbers and bytes from `bytes`, one after the other, beginning at `at`. Throws Error (malformed), in the name of the format, where
/// there are not so many.
class Reader {
 public:
  Reader(std::string_view format, std::span<const std::byte> bytes, Index at) : format_(format), bytes_(bytes), at_(at) {
    if (at < 0 || at > static_cast<Index>(bytes.size())) malformed(format, "an offset points outside the file");
  }

  std::span<const std::byte> take(Index length) {
    if (length < 0 || length > left()) malformed(format_, "it ends too early");
    const auto taken = bytes_.subspan(static_cast<std::size_t>(at_), static_cast<std::size_t>(length));
    at_ += length;
    return taken;
  }

  std::string take_text(Index length) {
    const auto taken = take(length);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  template <class Integer>
  Integer get() {
    Integer value = 0;
    const auto taken = take(sizeof value);
    for (std::size_t i = 0; i < sizeof value; ++i) {
      value = static_cast<Integer>(value | static_cast<Integer>(static_cast<Integer>(taken[i]) << (8 * i)));
    }
    return value;
  }

  /// A 64-bit number that is a size, a count or an offset; no file has one that needs more than 62 bits.
  Index get_index() {
    const auto value = get<std::uint64_t>();
    if (value >> 62 != 0) malformed(format_, "a size or offset in it is absurd");
    return static_cast<Index>(value);
  }

  Index at() const { return at_; }
  Index left() const { return static_cast<Index>(bytes_.size()) - at_; }

 private:
  std::string_view format_;
  std::span<const std::byte> bytes_;
  Index at_;
};

}  // namespace pe
