#include "formats/support/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <span>
#include <type_traits>

namespace pe {
namespace {

template <class Number>
void append_shortest(std::string& text, Number number) {
  if constexpr (std::is_floating_point_v<Number>) {
    // To Python's json, nlohmann's and a C compiler "-0" is a whole number, and so has no sign.
    if (number == 0 && std::signbit(number)) {
      text += "-0.0";
      return;
    }
  }
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  text.append(buffer.data(), result.ptr);
}

/// The value of type `stored` nearest to `value`.
double as_stored(double value, Dtype stored) {
  switch (stored) {
    case Dtype::f32:
    case Dtype::c64: return static_cast<double>(static_cast<float>(value));
    case Dtype::f16:
    case Dtype::bf16: break;
    default: return value;
  }
  std::array<std::byte, 2> bytes;
  encode({&value, 1}, stored, bytes);
  decode(bytes, stored, {&value, 1});
  return value;
}

void append_number(std::string& text, double value, Dtype stored) {
  switch (stored) {
    case Dtype::f32:
    case Dtype::c64: return append_shortest(text, static_cast<float>(value));
    case Dtype::f16:
    case Dtype::bf16: return append_shortest(text, static_cast<float>(as_stored(value, stored)));
    case Dtype::f64:
    case Dtype::c128: return append_shortest(text, value);
    default: return append_shortest(text, static_cast<Index>(value));
  }
}

}  // namespace

BlockText::BlockText(Block& block, Dtype dtype) : dtype_(dtype), values_(block.values()) {
  if (dtype == Dtype::i64 || dtype == Dtype::u64) block.elements(elements_);
}

double BlockText::value(std::size_t i) const { return as_stored(values_[i], dtype_); }

void BlockText::append(std::string& text, std::size_t i) const {
  if (elements_.empty()) return append_number(text, values_[i], dtype_);
  std::uint64_t bits = 0;
  std::memcpy(&bits, elements_.data() + i * sizeof bits, sizeof bits);
  if (dtype_ == Dtype::u64) return append_shortest(text, bits);
  append_shortest(text, static_cast<std::int64_t>(bits));
}

}  // namespace pe
