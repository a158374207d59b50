#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace pe {

// Logarithm, exponential, sine and cosine out of plain additions, multiplications and divisions: a loop over them is vectorised, and every
// machine gives the same bits, which the C library's functions, chosen by processor, do not promise.

/// ln x within 1 unit in the last place, for normal x > 0.
inline double plain_log(double x) {
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)): subtracting the bits of sqrt(1/2) carries into the exponent just when m would be less.
  constexpr std::uint64_t kRootHalf = 0x3fe6a09e667f3bcd, kExponent = 0xfff0000000000000, kOne = 0x3ff0000000000000;
  constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;   // 20 zero bits end the high part: k times it is exact
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t shifted = bits - kRootHalf + kOne;
  const double m = std::bit_cast<double>(bits - ((shifted & kExponent) - kOne));
  const double k = std::bit_cast<double>((shifted >> 52) | 0x4330000000000000) - (0x1p52 + 1023);   // the biased exponent as a double

  // ln(1+f) = 2 artanh(s) = 2s + 2s^3/3 + ..., s = f/(2+f), written as f - (f^2/2 - s (f^2/2 + R)), R = 2s^2/3 + 2s^4/5 + ..., so
  // that the exact f carries the result (the rearrangement of fdlibm's e_log.c). |s| < 0.172: what is left out is below 2^-58.
  const double f = m - 1, s = f / (2 + f), z = s * s, half_square = 0.5 * f * f;
  double r = 0;
  for (int n = 23; n >= 3; n -= 2) r = z * (2.0 / n + r);
  return k * kLn2High - ((half_square - (s * (half_square + r) + k * kLn2Low)) - f);
}

/// e^(head + tail) within 1 unit in the last place, tail being what rounding left of head; 0 and infinity beyond a double's range.
inline double plain_exp(double head, double tail) {
  constexpr double kLn2 = 0x1.62e42fefa39efp-1, kLn2Tail = 0x1.abc9e3b39803fp-56;
  if (!(std::fabs(head) < 800)) return head > 0 ? std::numeric_limits<double>::infinity() : 0;
  const double k = std::nearbyint(head / kLn2);
  const double r = std::fma(-k, kLn2, head);   // |r| <= ln(2)/2: what is left out of the series is below 2^-58
  double series = 0;
  for (int n = 14; n >= 2; --n) series = (1 + r * series) / n;
  return std::ldexp(1 + (r + (r * r * series + (tail - k * kLn2Tail))), static_cast<int>(k));
}

/// Sine and cosine of an angle of at most 2^20 radians, within 2e-16.
inline void plain_sincos(double angle, double& sin, double& cos) {
  // angle = q pi/2 + r, |r| <= pi/4. Adding 1.5 * 2^52 rounds to a whole number and leaves q in the low bits.
  constexpr double kRound = 0x1.8p52, kQuarterHigh = 0x1.921fb544p0, kQuarterLow = 0x1.0b4611a626331p-34;
  const double rounded = angle * (2 / std::numbers::pi) + kRound, q = rounded - kRound;
  const double r = (angle - q * kQuarterHigh) - q * kQuarterLow, z = r * r;
  double s = 0, c = 0;   // Taylor's series, to the terms r^17 and r^16
  for (int n = 16; n >= 2; n -= 2) {
    s = z * (-1.0 / (n * (n + 1))) * (1 + s);
    c = z * (-1.0 / (n * (n - 1))) * (1 + c);
  }
  s = r + r * s;
  c = 1 + c;
  const std::uint64_t quadrant = std::bit_cast<std::uint64_t>(rounded);
  const std::uint64_t s_bits = std::bit_cast<std::uint64_t>(s), c_bits = std::bit_cast<std::uint64_t>(c);
  const std::uint64_t swap = (s_bits ^ c_bits) & (0 - (quadrant & 1));
  sin = std::bit_cast<double>(s_bits ^ swap ^ ((quadrant & 2) << 62));
  cos = std::bit_cast<double>(c_bits ^ swap ^ (((quadrant + 1) & 2) << 62));
}

/// The y with erf(y) = x, within 8 units in the last place; -1 and 1 give the infinities.
double inverse_erf(double x);

}  // namespace pe
