#include "core/phase.h"

#include <bit>
#include <cmath>

namespace pe {
namespace {

__extension__ using Wide = unsigned __int128;

/// pi/2 as the sum of two doubles.
constexpr double kQuarterTurn = 0x1.921fb54442d18p+0;
constexpr double kQuarterTurnTail = 0x1.1a62633145c07p-54;

/// 1/k!: on |x| <= pi/4 the Taylor series of sine and cosine are within 1e-18 of their limits with the terms used here.
constexpr std::array<double, 19> kReciprocalFactorial = [] {
  std::array<double, 19> table{};
  double factorial = 1;   // exact up to 22!
  for (std::size_t k = 0; k < table.size(); ++k) {
    if (k > 1) factorial *= static_cast<double>(k);
    table[k] = 1 / factorial;
  }
  return table;
}();

/// An angle of at most an eighth of a turn to either side of 0, in radians, as the sum of two doubles.
struct SmallAngle {
  double head = 0, tail = 0;
};

double power_of_two(int exponent) { return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52); }

/// `magnitude` is a fraction of 192 bits of a quarter turn. Its leading 106 bits become two doubles without rounding, and their
/// product with pi/2 is carried in two doubles, so its relative error is about 2^-104.
SmallAngle radians(std::array<std::uint64_t, 3> magnitude) {
  int exponent = 0;
  while (magnitude[2] == 0 && exponent > -192) {
    magnitude = {0, magnitude[0], magnitude[1]};
    exponent -= 64;
  }
  if (magnitude[2] == 0) return {};
  const int shift = std::countl_zero(magnitude[2]);
  Wide leading = (static_cast<Wide>(magnitude[2]) << 64 | magnitude[1]) << shift;
  if (shift > 0) leading |= magnitude[0] >> (64 - shift);
  exponent -= shift;
  constexpr std::uint64_t kLow53 = (std::uint64_t{1} << 53) - 1;
  const double head = static_cast<double>(static_cast<std::uint64_t>(leading >> 75)) * power_of_two(exponent - 53);
  const double tail = static_cast<double>(static_cast<std::uint64_t>(leading >> 22) & kLow53) * power_of_two(exponent - 106);
  const double product = head * kQuarterTurn;
  const double rest = std::fma(head, kQuarterTurn, -product) + (head * kQuarterTurnTail + tail * kQuarterTurn);
  return {product + rest, rest - ((product + rest) - product)};
}

/// sin(head + tail) = sin(head) + tail * cos(head); the leading term is added last, so only its rounding counts in full.
double sin_small(const SmallAngle& x) {
  const double z = x.head * x.head;
  double series = kReciprocalFactorial[17];
  for (std::size_t k = 15; k >= 3; k -= 2) series = kReciprocalFactorial[k] - z * series;
  return x.head + (x.tail * (1 - 0.5 * z) - x.head * z * series);
}

/// cos(head + tail) = cos(head) - tail * sin(head), with the rounding of 1 - z/2 carried along.
double cos_small(const SmallAngle& x) {
  const double z = x.head * x.head;
  double series = kReciprocalFactorial[18];
  for (std::size_t k = 16; k >= 4; k -= 2) series = kReciprocalFactorial[k] - z * series;
  const double half = 0.5 * z;
  const double leading = 1 - half;
  return leading + (((1 - leading) - half) + (z * z * series - x.head * x.tail));
}

}  // namespace

Phase operator+(const Phase& a, const Phase& b) {
  Phase sum;
  Wide carry = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    carry += static_cast<Wide>(a.limbs[i]) + b.limbs[i];
    sum.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return sum;
}

Phase operator-(const Phase& a) { return Phase{{~a.limbs[0], ~a.limbs[1], ~a.limbs[2]}} + Phase{{1, 0, 0}}; }

Phase operator*(const Phase& a, std::uint64_t times) {
  Phase product;
  Wide carry = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    carry += static_cast<Wide>(a.limbs[i]) * times;
    product.limbs[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return product;
}

SinCos sincos(const Phase& phase) {
  // The two leading bits are the quadrant, the rest a fraction of a quarter turn; from one half on the next quadrant is nearer.
  unsigned quadrant = static_cast<unsigned>(phase.limbs[2] >> 62);
  Phase rest = (phase + phase) + (phase + phase);
  const bool beyond = rest.limbs[2] >> 63;
  if (beyond) {
    rest = -rest;
    ++quadrant;
  }
  SmallAngle angle = radians(rest.limbs);
  if (beyond) angle = {-angle.head, -angle.tail};
  const double s = sin_small(angle), c = cos_small(angle);
  switch (quadrant % 4) {
    case 0: return {s, c};
    case 1: return {c, -s + 0.0};   // + 0.0: no negative zeros
    case 2: return {-s + 0.0, -c};
    default: return {-c, s};
  }
}

Frequency::Frequency(const Real& radians_per_position)
    : turns((radians_per_position * Real::inverse_two_pi()).fixed_point()), radians(static_cast<double>(radians_per_position)) {}

Phase phase(double position, const Frequency& frequency) {
  int exponent = 0;
  const double mantissa = std::frexp(std::fabs(position), &exponent);
  const auto integer = static_cast<std::uint64_t>(std::ldexp(mantissa, 53));   // |position| = integer * 2^(exponent - 53)
  std::array<std::uint64_t, 5> product{};
  Wide carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += static_cast<Wide>(frequency.turns[i]) * integer;
    product[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  product[4] = static_cast<std::uint64_t>(carry);

  // The bits from `low` on are the fraction; those above it are whole turns, those outside the product are 0.
  const int low = 53 - exponent;
  const auto limb = [&](int i) { return i >= 0 && i < 5 ? product[static_cast<std::size_t>(i)] : std::uint64_t{0}; };
  Phase result;
  for (int i = 0; i < 3; ++i) {
    const int bit = low + 64 * i;
    const int index = bit >= 0 ? bit / 64 : -((63 - bit) / 64);
    const int offset = bit - 64 * index;
    const std::uint64_t above = offset == 0 ? 0 : limb(index + 1) << (64 - offset);
    result.limbs[static_cast<std::size_t>(i)] = limb(index) >> offset | above;
  }
  return position < 0 ? -result : result;
}

}  // namespace pe
