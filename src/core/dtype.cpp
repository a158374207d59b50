#include "core/dtype.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>

#include "core/clones.h"

namespace pe {
namespace {

static_assert(std::endian::native == std::endian::little, "stored types are little-endian");

struct DtypeFacts {
  std::string_view name;
  std::size_t size;
  int components;
};

constexpr std::array<DtypeFacts, 15> kFacts{{{"f64", 8, 1},
                                             {"f32", 4, 1},
                                             {"f16", 2, 1},
                                             {"bf16", 2, 1},
                                             {"i64", 8, 1},
                                             {"i32", 4, 1},
                                             {"i16", 2, 1},
                                             {"i8", 1, 1},
                                             {"u64", 8, 1},
                                             {"u32", 4, 1},
                                             {"u16", 2, 1},
                                             {"u8", 1, 1},
                                             {"bool", 1, 1},
                                             {"c64", 8, 2},
                                             {"c128", 16, 2}}};

const DtypeFacts& facts(Dtype dtype) { return kFacts[static_cast<std::size_t>(dtype)]; }

/// A double as a float rounded to odd: truncated, with the last bit set when anything was cut off. Rounding that to a type with at
/// most 22 bits gives the same result as rounding the double itself, without double rounding.
std::uint32_t round_to_odd(double value) {
  const float nearest = static_cast<float>(value);
  std::uint32_t bits = std::bit_cast<std::uint32_t>(nearest);
  const double back = static_cast<double>(nearest);
  const bool inexact = back != value && value == value;
  // One step towards zero where rounding went away from it (also from infinity to the largest float).
  const bool away = inexact && (value < 0 ? back < value : back > value);
  bits -= away ? 1u : 0u;
  bits |= inexact ? 1u : 0u;
  return bits;
}

std::uint16_t to_bf16(double value) {
  const std::uint32_t bits = round_to_odd(value);
  if (value != value) return static_cast<std::uint16_t>((bits >> 16) | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

std::uint16_t to_f16(double value) {
  const std::uint32_t bits = round_to_odd(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u);
  if (magnitude >= 0x47800000u) return static_cast<std::uint16_t>(sign | 0x7c00u);   // 65536 and more
  if (magnitude < 0x38800000u) {                                                     // below 2^-14: subnormal, unit 2^-24
    // Adding 0.5 makes the unit of a float's last place 2^-24, so that the hardware rounds to nearest even for us.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000u));
  }
  const std::uint32_t rebased = magnitude - (112u << 23);                            // exponent bias 127 to 15
  return static_cast<std::uint16_t>(sign | ((rebased + 0xfffu + ((rebased >> 13) & 1u)) >> 13));
}

double from_f16(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t magnitude = half & 0x7fffu;
  if (magnitude < 0x0400u) {
    const double value = magnitude * 0x1p-24;
    return sign ? -value : value;
  }
  const std::uint32_t exponent = magnitude >= 0x7c00u ? 0x7f800000u | (magnitude & 0x3ffu) << 13 : (magnitude << 13) + (112u << 23);
  return static_cast<double>(std::bit_cast<float>(sign | exponent));
}

double from_bf16(std::uint16_t bits) { return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16)); }

template <class Stored, class Convert>
inline __attribute__((always_inline)) void store_each(std::span<const double> values, std::byte* out, Convert convert) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Stored stored = convert(values[i]);
    std::memcpy(out + i * sizeof stored, &stored, sizeof stored);
  }
}

template <class Stored, class Convert>
void load_each(const std::byte* bytes, std::span<double> values, Convert convert) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes + i * sizeof stored, sizeof stored);
    values[i] = convert(stored);
  }
}

PE_CLONES void encode_f32(std::span<const double> values, std::byte* out) {
  store_each<float>(values, out, [](double v) { return static_cast<float>(v); });
}

PE_CLONES void encode_bf16(std::span<const double> values, std::byte* out) { store_each<std::uint16_t>(values, out, to_bf16); }

PE_CLONES void encode_f16(std::span<const double> values, std::byte* out) { store_each<std::uint16_t>(values, out, to_f16); }

template <class Integer>
void encode_integer(std::span<const double> values, std::byte* out) {
  store_each<Integer>(values, out, [](double v) { return static_cast<Integer>(v); });
}

template <class Stored>
void decode_number(std::span<const std::byte> bytes, std::span<double> values) {
  load_each<Stored>(bytes.data(), values, [](Stored v) { return static_cast<double>(v); });
}

}  // namespace

std::string_view name(Dtype dtype) { return facts(dtype).name; }
std::size_t size_of(Dtype dtype) { return facts(dtype).size; }
int components(Dtype dtype) { return facts(dtype).components; }
bool is_integer(Dtype dtype) { return dtype >= Dtype::i64 && dtype <= Dtype::boolean; }

void encode(std::span<const double> values, Dtype dtype, std::span<std::byte> out) {
  assert(out.size() * static_cast<std::size_t>(components(dtype)) == values.size() * size_of(dtype));
  switch (dtype) {
    case Dtype::f64:
    case Dtype::c128: std::memcpy(out.data(), values.data(), values.size_bytes()); return;
    case Dtype::f32:
    case Dtype::c64: encode_f32(values, out.data()); return;
    case Dtype::f16: encode_f16(values, out.data()); return;
    case Dtype::bf16: encode_bf16(values, out.data()); return;
    case Dtype::i64: encode_integer<std::int64_t>(values, out.data()); return;
    case Dtype::i32: encode_integer<std::int32_t>(values, out.data()); return;
    case Dtype::i16: encode_integer<std::int16_t>(values, out.data()); return;
    case Dtype::i8: encode_integer<std::int8_t>(values, out.data()); return;
    case Dtype::u64: encode_integer<std::uint64_t>(values, out.data()); return;
    case Dtype::u32: encode_integer<std::uint32_t>(values, out.data()); return;
    case Dtype::u16: encode_integer<std::uint16_t>(values, out.data()); return;
    case Dtype::u8:
    case Dtype::boolean: encode_integer<std::uint8_t>(values, out.data()); return;
  }
}

void decode(std::span<const std::byte> bytes, Dtype dtype, std::span<double> values) {
  assert(bytes.size() * static_cast<std::size_t>(components(dtype)) == values.size() * size_of(dtype));
  switch (dtype) {
    case Dtype::f64:
    case Dtype::c128: decode_number<double>(bytes, values); return;
    case Dtype::f32:
    case Dtype::c64: decode_number<float>(bytes, values); return;
    case Dtype::f16: load_each<std::uint16_t>(bytes.data(), values, from_f16); return;
    case Dtype::bf16: load_each<std::uint16_t>(bytes.data(), values, from_bf16); return;
    case Dtype::i64: decode_number<std::int64_t>(bytes, values); return;
    case Dtype::i32: decode_number<std::int32_t>(bytes, values); return;
    case Dtype::i16: decode_number<std::int16_t>(bytes, values); return;
    case Dtype::i8: decode_number<std::int8_t>(bytes, values); return;
    case Dtype::u64: decode_number<std::uint64_t>(bytes, values); return;
    case Dtype::u32: decode_number<std::uint32_t>(bytes, values); return;
    case Dtype::u16: decode_number<std::uint16_t>(bytes, values); return;
    case Dtype::u8:
    case Dtype::boolean: decode_number<std::uint8_t>(bytes, values); return;
  }
}

}  // namespace pe
