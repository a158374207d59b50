#pragma once
#include <array>
#include <cstdint>

#include "core/real.h"

namespace pe {

/// An angle as a part of a turn: a binary fraction of 192 bits in [0, 1), least significant limb first. Sums and multiples wrap
/// around at a whole turn, which is all that argument reduction ever was; nothing is rounded.
struct Phase {
  std::array<std::uint64_t, 3> limbs{};

  friend Phase operator+(const Phase& a, const Phase& b);
  friend Phase operator-(const Phase& a);
  friend Phase operator*(const Phase& a, std::uint64_t times);
};

/// Sine and cosine of one angle, each within 1 unit in the last place (in practice 0.8), also next to their zeros.
struct SinCos {
  double sin = 0, cos = 1;
};

SinCos sincos(const Phase& phase);

/// How fast an angle turns with the position.
struct Frequency {
  std::array<std::uint64_t, 4> turns{};   ///< turns per position without the sign: 64 integer and 192 fraction bits, least significant limb first
  double radians = 0;                     ///< radians per position, rounded once; negative when the angle falls

  Frequency() = default;
  /// Throws Error unless |radians_per_position| < 2^64.
  explicit Frequency(const Real& radians_per_position);
};

/// position * frequency. The position counts exactly as the double it is; the error is below |position| * 2^-192 turns, plus 2^-191.
Phase phase(double position, const Frequency& frequency);

}  // namespace pe
