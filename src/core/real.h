#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace pe {

/// A number of 256 bits, in which frequencies and their scalings are computed so that the angles made from them are right to far
/// more than a double holds. The arithmetic is boost::multiprecision's; it stays out of this header because it takes seconds to
/// compile. Every operation rounds to nearest, so results are the same on every machine.
class Real {
 public:
  Real(double value = 0);
  Real(const Real& other);
  Real& operator=(const Real& other);

  explicit operator double() const;

  friend Real operator+(const Real& a, const Real& b);
  friend Real operator-(const Real& a, const Real& b);
  friend Real operator*(const Real& a, const Real& b);
  friend Real operator/(const Real& a, const Real& b);
  friend bool operator<(const Real& a, const Real& b);

  friend Real exp(const Real& x);
  friend Real log(const Real& x);
  friend Real pow(const Real& base, const Real& exponent);

  static const Real& two_pi();
  static const Real& inverse_two_pi();

  /// |value| as fixed point with 64 integer and 192 fraction bits, least significant limb first; what is below is cut off.
  /// The value must be less than 2^64 in magnitude.
  std::array<std::uint64_t, 4> fixed_point() const;

 private:
  struct Access;
  alignas(16) std::array<std::byte, 64> storage_;   ///< holds one boost number, which needs no destructor
};

}  // namespace pe
