#include "core/real.h"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cassert>
#include <new>
#include <type_traits>

namespace pe {
namespace {

namespace mp = boost::multiprecision;
using Number = mp::number<mp::cpp_bin_float<256, mp::digit_base_2, void, std::int32_t>, mp::et_off>;

}  // namespace

/// The boost number that lives in a Real's storage.
struct Real::Access {
  static_assert(sizeof(Number) <= sizeof(Real::storage_) && alignof(Number) <= 16);
  static_assert(std::is_trivially_destructible_v<Number>);

  static const Number& get(const Real& real) { return *std::launder(reinterpret_cast<const Number*>(real.storage_.data())); }
  static void put(Real& real, const Number& number) { new (real.storage_.data()) Number(number); }
  static Real make(const Number& number) {
    Real real;
    put(real, number);
    return real;
  }
};

Real::Real(double value) { Access::put(*this, Number(value)); }

Real::Real(const Real& other) { Access::put(*this, Access::get(other)); }

Real& Real::operator=(const Real& other) {
  if (this != &other) Access::put(*this, Access::get(other));
  return *this;
}

Real::operator double() const { return Access::get(*this).convert_to<double>(); }

Real operator+(const Real& a, const Real& b) { return Real::Access::make(Real::Access::get(a) + Real::Access::get(b)); }
Real operator-(const Real& a, const Real& b) { return Real::Access::make(Real::Access::get(a) - Real::Access::get(b)); }
Real operator*(const Real& a, const Real& b) { return Real::Access::make(Real::Access::get(a) * Real::Access::get(b)); }
Real operator/(const Real& a, const Real& b) { return Real::Access::make(Real::Access::get(a) / Real::Access::get(b)); }
bool operator<(const Real& a, const Real& b) { return Real::Access::get(a) < Real::Access::get(b); }

Real exp(const Real& x) { return Real::Access::make(mp::exp(Real::Access::get(x))); }
Real log(const Real& x) { return Real::Access::make(mp::log(Real::Access::get(x))); }
Real pow(const Real& base, const Real& exponent) { return exp(log(base) * exponent); }

const Real& Real::two_pi() {
  static const Real value = Access::make(2 * boost::math::constants::pi<Number>());
  return value;
}

const Real& Real::inverse_two_pi() {
  static const Real value = Real(1) / two_pi();
  return value;
}

std::array<std::uint64_t, 4> Real::fixed_point() const {
  Number rest = mp::abs(Access::get(*this));
  assert(rest < mp::ldexp(Number(1), 64));
  std::array<std::uint64_t, 4> limbs{};
  for (std::size_t i = limbs.size(); i-- > 0;) {
    limbs[i] = rest.convert_to<std::uint64_t>();
    rest = mp::ldexp(rest - Number(limbs[i]), 64);
  }
  return limbs;
}

}  // namespace pe
