#include "analysis/units.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace pe {
namespace {

/// The digits a type keeps.
int significand_bits(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64:
    case Dtype::c128: return 53;
    case Dtype::f32:
    case Dtype::c64: return 24;
    case Dtype::f16: return 11;
    case Dtype::bf16: return 8;
    default: return 64;
  }
}

/// Consecutive whole numbers for consecutive numbers of a type; 0 for both zeros.
template <class Bits>
std::int64_t ordinal(const std::byte* element) {
  Bits bits;
  std::memcpy(&bits, element, sizeof bits);
  constexpr Bits kSign = static_cast<Bits>(Bits{1} << (8 * sizeof(Bits) - 1));
  const auto magnitude = static_cast<std::int64_t>(bits & static_cast<Bits>(~kSign));
  return (bits & kSign) != 0 ? -magnitude : magnitude;
}

template <class Bits>
void count_units(const std::vector<std::byte>& a, const std::vector<std::byte>& b, std::vector<double>& units) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::int64_t x = ordinal<Bits>(a.data() + i * sizeof(Bits)), y = ordinal<Bits>(b.data() + i * sizeof(Bits));
    const auto high = static_cast<std::uint64_t>(std::max(x, y)), low = static_cast<std::uint64_t>(std::min(x, y));
    units[i] = static_cast<double>(high - low);   // modulo 2^64, as the difference itself is below it
  }
}

}  // namespace

Dtype coarser(Dtype a, Dtype b) {
  const Dtype dtype = significand_bits(a) <= significand_bits(b) ? a : b;
  if (is_integer(dtype)) return Dtype::i64;
  return dtype == Dtype::c64 ? Dtype::f32 : dtype == Dtype::c128 ? Dtype::f64 : dtype;
}

double epsilon(Dtype dtype) { return is_integer(dtype) ? 1 : std::ldexp(1.0, 1 - significand_bits(dtype)); }

std::vector<double> units_apart(std::span<const double> a, std::span<const double> b, Dtype unit) {
  if (is_integer(unit)) return {};
  std::vector<std::byte> bits_a(a.size() * size_of(unit)), bits_b(bits_a.size());
  encode(a, unit, bits_a);
  encode(b, unit, bits_b);
  std::vector<double> units(a.size());
  switch (size_of(unit)) {
    case 2: count_units<std::uint16_t>(bits_a, bits_b, units); break;
    case 4: count_units<std::uint32_t>(bits_a, bits_b, units); break;
    default: count_units<std::uint64_t>(bits_a, bits_b, units); break;
  }
  return units;
}

}  // namespace pe
