#include "formats/support/number_text.h"

#include <array>
#include <charconv>
#include <span>

namespace pe {
namespace {

template <class Number>
void append_shortest(std::string& text, Number number) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  text.append(buffer.data(), result.ptr);
}

}  // namespace

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

}  // namespace pe
