#include "core/dtype.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <limits>

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

/// A double rounded once, to nearest even, to a type of 16 bits with kMantissa mantissa bits and exponent bias kBias.
/// Integer arithmetic on the bits of the double, without branches, so that loops over it become vector code.
template <int kMantissa, int kBias>
inline __attribute__((always_inline)) std::uint16_t narrow(double value) {
  constexpr std::int64_t kMagnitude = std::numeric_limits<std::int64_t>::max(), kDoubleInf = std::int64_t{0x7ff} << 52;
  constexpr std::int64_t kInf = std::int64_t{0x7fff} >> kMantissa << kMantissa, kQuiet = std::int64_t{1} << (kMantissa - 1);
  constexpr std::int64_t kSmallestNormal = std::int64_t{1023 + 1 - kBias} << 52;
  constexpr int kCut = 52 - kMantissa;
  // Added to a magnitude below the smallest normal number, this leaves multiples of the smallest subnormal in the last places.
  constexpr double kAligner = std::bit_cast<double>(std::int64_t{1023 + 52 + 1 - kBias - kMantissa} << 52);

  const auto bits = std::bit_cast<std::int64_t>(value);
  const std::int64_t magnitude = bits & kMagnitude;
  // Unsigned: of a NaN with a full payload the sum would not fit.
  const auto raised = static_cast<std::uint64_t>(magnitude) +
      ((std::uint64_t{1} << (kCut - 1)) - 1 + (static_cast<std::uint64_t>(magnitude) >> kCut & 1));
  const auto rounded = static_cast<std::int64_t>(raised >> kCut);
  const std::int64_t normal = rounded - (std::int64_t{1023 - kBias} << kMantissa);
  const std::int64_t subnormal = std::bit_cast<std::int64_t>(std::bit_cast<double>(magnitude) + kAligner) - std::bit_cast<std::int64_t>(kAligner);
  std::int64_t result = magnitude < kSmallestNormal ? subnormal : normal;
  result = result > kInf ? kInf : result;
  result = magnitude > kDoubleInf ? kInf | kQuiet : result;
  return static_cast<std::uint16_t>(result | (bits >> 48 & 0x8000));
}

std::uint16_t to_bf16(double value) { return narrow<7, 127>(value); }
std::uint16_t to_f16(double value) { return narrow<10, 15>(value); }

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
inline __attribute__((always_inline)) void store_in_turn(std::span<const double> even, std::span<const double> odd, std::byte* out, Convert convert) {
  for (std::size_t i = 0; i < even.size(); ++i) {
    const Stored a = convert(even[i]), b = convert(odd[i]);
    std::memcpy(out + 2 * i * sizeof a, &a, sizeof a);
    std::memcpy(out + (2 * i + 1) * sizeof b, &b, sizeof b);
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

// Not memcpy: for blocks of this size it becomes `rep movsb`, which some processors run 20 times slower between unaligned buffers.
__attribute__((optimize("no-tree-loop-distribute-patterns"))) PE_CLONES void encode_f64(std::span<const double> values, std::byte* out) {
  store_each<double>(values, out, [](double v) { return v; });
}

PE_CLONES void encode_f32(std::span<const double> values, std::byte* out) {
  store_each<float>(values, out, [](double v) { return static_cast<float>(v); });
}

PE_CLONES void encode_bf16(std::span<const double> values, std::byte* out) { store_each<std::uint16_t>(values, out, to_bf16); }

PE_CLONES void encode_f16(std::span<const double> values, std::byte* out) { store_each<std::uint16_t>(values, out, to_f16); }

PE_CLONES void encode_f64_in_turn(std::span<const double> even, std::span<const double> odd, std::byte* out) {
  store_in_turn<double>(even, odd, out, [](double v) { return v; });
}

PE_CLONES void encode_f32_in_turn(std::span<const double> even, std::span<const double> odd, std::byte* out) {
  store_in_turn<float>(even, odd, out, [](double v) { return static_cast<float>(v); });
}

PE_CLONES void encode_bf16_in_turn(std::span<const double> even, std::span<const double> odd, std::byte* out) {
  store_in_turn<std::uint16_t>(even, odd, out, to_bf16);
}

PE_CLONES void encode_f16_in_turn(std::span<const double> even, std::span<const double> odd, std::byte* out) {
  store_in_turn<std::uint16_t>(even, odd, out, to_f16);
}

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

std::vector<std::string> dtype_names() {
  std::vector<std::string> names;
  for (const DtypeFacts& type : kFacts) names.emplace_back(type.name);
  return names;
}

std::optional<Dtype> dtype_of(std::string_view name) {
  const auto found = std::find_if(kFacts.begin(), kFacts.end(), [&](const DtypeFacts& type) { return type.name == name; });
  if (found == kFacts.end()) return std::nullopt;
  return static_cast<Dtype>(found - kFacts.begin());
}

double largest(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64:
    case Dtype::c128: return std::numeric_limits<double>::max();
    case Dtype::f32:
    case Dtype::c64: return static_cast<double>(std::numeric_limits<float>::max());
    case Dtype::f16: return 65504;
    case Dtype::bf16: return 0x1.fep127;
    default: return std::numeric_limits<double>::infinity();
  }
}

void encode(std::span<const double> values, Dtype dtype, std::span<std::byte> out) {
  assert(out.size() * static_cast<std::size_t>(components(dtype)) == values.size() * size_of(dtype));
  switch (dtype) {
    case Dtype::f64:
    case Dtype::c128: encode_f64(values, out.data()); return;
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

void encode_in_turn(std::span<const double> even, std::span<const double> odd, Dtype dtype, std::span<std::byte> out) {
  assert(even.size() == odd.size() && out.size() * static_cast<std::size_t>(components(dtype)) == 2 * even.size() * size_of(dtype));
  switch (dtype) {
    case Dtype::f64:
    case Dtype::c128: return encode_f64_in_turn(even, odd, out.data());
    case Dtype::f32:
    case Dtype::c64: return encode_f32_in_turn(even, odd, out.data());
    case Dtype::f16: return encode_f16_in_turn(even, odd, out.data());
    case Dtype::bf16: return encode_bf16_in_turn(even, odd, out.data());
    default: assert(!"a floating-point or complex type");
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
