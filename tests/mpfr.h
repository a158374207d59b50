#pragma once
// Multiple-precision numbers as the judge of the program's own.

#include <cstdint>

#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/dtype.h"

namespace pe {

/// A number of 320 bits: products of two doubles are exact, and a frequency is right to far more than a position of 2^50 needs.
class Mpfr {
 public:
  Mpfr(double value = 0) {
    mpfr_init2(number_, kBits);
    mpfr_set_d(number_, value, MPFR_RNDN);
  }
  Mpfr(const Mpfr& other) : Mpfr() { mpfr_set(number_, other.number_, MPFR_RNDN); }
  Mpfr& operator=(const Mpfr& other) {
    mpfr_set(number_, other.number_, MPFR_RNDN);
    return *this;
  }
  ~Mpfr() { mpfr_clear(number_); }

  friend Mpfr operator+(Mpfr a, const Mpfr& b) { return a.set(mpfr_add, b); }
  friend Mpfr operator-(Mpfr a, const Mpfr& b) { return a.set(mpfr_sub, b); }
  friend Mpfr operator*(Mpfr a, const Mpfr& b) { return a.set(mpfr_mul, b); }
  friend Mpfr operator/(Mpfr a, const Mpfr& b) { return a.set(mpfr_div, b); }
  friend Mpfr pow(Mpfr base, const Mpfr& exponent) { return base.set(mpfr_pow, exponent); }
  friend Mpfr abs(Mpfr x) {
    mpfr_abs(x.number_, x.number_, MPFR_RNDN);
    return x;
  }

  static Mpfr pi() {
    Mpfr pi;
    mpfr_const_pi(pi.number_, MPFR_RNDN);
    return pi;
  }

  /// Sine and cosine of an angle, right to 128 bits.
  friend std::pair<Mpfr, Mpfr> sin_cos(const Mpfr& angle) {
    std::pair<Mpfr, Mpfr> both;
    mpfr_set_prec(both.first.number_, 128);
    mpfr_set_prec(both.second.number_, 128);
    mpfr_sin_cos(both.first.number_, both.second.number_, angle.number_, MPFR_RNDN);
    return both;
  }

  double to_double(mpfr_rnd_t rounding = MPFR_RNDN) const { return mpfr_get_d(number_, rounding); }
  float to_float() const { return mpfr_get_flt(number_, MPFR_RNDN); }

  /// number - floor(number), cut to 64 bits.
  std::uint64_t fraction_bits() const {
    Mpfr fraction;
    mpfr_floor(fraction.number_, number_);
    mpfr_sub(fraction.number_, number_, fraction.number_, MPFR_RNDN);
    mpfr_mul_2ui(fraction.number_, fraction.number_, 64, MPFR_RNDN);
    return mpfr_get_uj(fraction.number_, MPFR_RNDZ);
  }

 private:
  static constexpr mpfr_prec_t kBits = 320;

  Mpfr& set(int (*operation)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t), const Mpfr& other) {
    operation(number_, number_, other.number_, MPFR_RNDN);
    return *this;
  }

  mpfr_t number_;
};

/// One unit in the last place of `dtype` for values as large as `value`.
inline double unit_in_last_place(Dtype dtype, double value) {
  const bool is_f16 = dtype == Dtype::f16, is_f64 = dtype == Dtype::f64 || dtype == Dtype::c128;
  const int digits = is_f64 ? 53 : is_f16 ? 11 : dtype == Dtype::bf16 ? 8 : 24;
  const int lowest = is_f64 ? -1022 : is_f16 ? -14 : -126;
  const int exponent = value == 0 ? lowest : std::max(std::ilogb(value), lowest);
  return std::ldexp(1.0, exponent - digits + 1);
}

/// How far `value` is from the truth, in units in the last place of `dtype` at the truth.
inline double error_in_ulps(double value, const Mpfr& truth, Dtype dtype) {
  return abs(truth - Mpfr(value)).to_double() / unit_in_last_place(dtype, truth.to_double(MPFR_RNDZ));
}

}  // namespace pe
