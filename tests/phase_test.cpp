#include "core/phase.h"

#include <gtest/gtest.h>

#include <random>

#include "mpfr.h"

namespace pe {
namespace {

/// The larger error of sine and cosine, in units in the last place of a double.
double worst_error(double position, double frequency) {
  const SinCos got = sincos(phase(position, Frequency(Real(frequency))));
  const auto [sine, cosine] = sin_cos(Mpfr(position) * Mpfr(frequency));
  return std::max(error_in_ulps(got.sin, sine, Dtype::f64), error_in_ulps(got.cos, cosine, Dtype::f64));
}

double power_of_ten(std::mt19937_64& random, double low, double high) {
  return std::pow(10, std::uniform_real_distribution(low, high)(random));
}

TEST(phase, sine_and_cosine_are_within_one_ulp_for_all_sizes_of_position_and_frequency) {
  std::mt19937_64 random(1);
  double worst = 0;
  for (int i = 0; i < 50000; ++i) {
    const double position = power_of_ten(random, -15, 15) * (i % 2 == 0 ? 1 : -1), frequency = power_of_ten(random, -12, 6);
    const double error = worst_error(position, frequency);
    ASSERT_LE(error, 1) << position << " * " << frequency;
    worst = std::max(worst, error);
  }
  RecordProperty("worst_ulps", std::to_string(worst));
}

TEST(phase, sine_and_cosine_are_within_one_ulp_for_whole_positions_to_2_20) {
  std::mt19937_64 random(2);
  double worst = 0;
  for (int i = 0; i < 30000; ++i) {
    const auto position = static_cast<double>(random() % (1 << 20));
    const double error = worst_error(position, power_of_ten(random, -6, 0));
    ASSERT_LE(error, 1) << position;
    worst = std::max(worst, error);
  }
  RecordProperty("worst_ulps", std::to_string(worst));
}

TEST(phase, sine_and_cosine_are_within_one_ulp_next_to_their_zeros) {
  std::mt19937_64 random(3);
  const Mpfr quarter = Mpfr::pi() / 2;
  double worst = 0;
  for (int i = 0; i < 30000; ++i) {
    // The double next to k quarter turns: what is left of sine or cosine is its rounding, 16 digits down.
    const auto k = static_cast<double>(random() % (std::uint64_t{1} << (1 + i % 40)) + 1);
    const double frequency = power_of_ten(random, -6, 1);
    const double position = (quarter * Mpfr(k) / Mpfr(frequency)).to_double() * (i % 2 == 0 ? 1 : -1);
    const double error = worst_error(position, frequency);
    ASSERT_LE(error, 1) << position << " * " << frequency;
    worst = std::max(worst, error);
  }
  RecordProperty("worst_ulps", std::to_string(worst));
}

TEST(phase, the_cosine_of_the_double_nearest_to_a_quarter_turn_is_what_its_rounding_left) {
  EXPECT_EQ(sincos(phase(0x1.921fb54442d18p+0, Frequency(Real(1)))).cos, 6.123233995736766e-17);
  EXPECT_EQ(sincos(phase(0x1.921fb54442d18p+1, Frequency(Real(1)))).sin, 1.2246467991473532e-16);
}

TEST(phase, position_zero_is_sine_0_and_cosine_1) {
  const SinCos zero = sincos(phase(0, Frequency(Real(0.7))));
  EXPECT_EQ(zero.sin, 0);
  EXPECT_EQ(zero.cos, 1);
  EXPECT_FALSE(std::signbit(zero.sin));
}

TEST(phase, quarter_turns_are_exact_and_never_negative_zero) {
  const Phase quarter{{0, 0, std::uint64_t{1} << 62}};
  const double sines[] = {0, 1, 0, -1}, cosines[] = {1, 0, -1, 0};
  for (std::uint64_t k = 0; k < 8; ++k) {
    const SinCos at = sincos(quarter * k);
    EXPECT_EQ(at.sin, sines[k % 4]) << k;
    EXPECT_EQ(at.cos, cosines[k % 4]) << k;
    EXPECT_FALSE(at.sin == 0 && std::signbit(at.sin)) << k;
    EXPECT_FALSE(at.cos == 0 && std::signbit(at.cos)) << k;
  }
}

TEST(phase, an_eighth_of_a_turn_has_the_square_root_of_one_half_for_both) {
  const SinCos eighth = sincos(Phase{{0, 0, std::uint64_t{1} << 61}});
  EXPECT_NEAR(eighth.sin, 0x1.6a09e667f3bcdp-1, 0x1p-53);   // 1 unit in the last place
  EXPECT_NEAR(eighth.cos, 0x1.6a09e667f3bcdp-1, 0x1p-53);
}

TEST(phase, a_negative_position_turns_the_other_way) {
  const Frequency frequency(Real(0.3));
  for (const double position : {1.0, 2.5, 1048575.0}) {
    const SinCos forward = sincos(phase(position, frequency)), backward = sincos(phase(-position, frequency));
    EXPECT_EQ(backward.sin, -forward.sin);
    EXPECT_EQ(backward.cos, forward.cos);
  }
}

TEST(phase, sums_and_multiples_wrap_at_a_whole_turn_without_rounding) {
  const Frequency frequency(Real(1) / Real(3));
  const Phase one = phase(1, frequency);
  Phase sum;
  for (int i = 0; i < 1000; ++i) sum = sum + one;
  EXPECT_EQ(sum.limbs, (one * 1000).limbs);
  EXPECT_EQ((one + -one).limbs, Phase().limbs);
}

}  // namespace
}  // namespace pe
