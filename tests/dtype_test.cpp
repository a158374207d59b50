#include "core/dtype.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "mpfr.h"
#include "support.h"

namespace pe {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::vector<double> decoded(const std::vector<std::uint16_t>& patterns, Dtype dtype) {
  std::vector<double> values(patterns.size());
  decode(std::as_bytes(std::span(patterns)), dtype, values);
  return values;
}

std::vector<std::uint16_t> encoded(const std::vector<double>& values, Dtype dtype) {
  std::vector<std::uint16_t> patterns(values.size());
  encode(values, dtype, std::as_writable_bytes(std::span(patterns)));
  return patterns;
}

std::vector<std::uint16_t> all_patterns() {
  std::vector<std::uint16_t> all(65536);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint16_t>(i);
  return all;
}

/// One value alone and many at once: loops over many are vector code.
double rounded(double value, Dtype dtype) {
  const double alone = stored({value}, dtype).front();
  const std::vector<double> many = stored(std::vector<double>(37, value), dtype);
  for (const double each : many) EXPECT_TRUE(each == alone || (each != each && alone != alone)) << value;
  return alone;
}

TEST(dtype, every_16_bit_pattern_decodes_to_its_sign_exponent_and_fraction) {
  for (const auto& [dtype, digits, bias] : {std::tuple(Dtype::f16, 10, 15), std::tuple(Dtype::bf16, 7, 127)}) {
    const std::vector<double> values = decoded(all_patterns(), dtype);
    for (int pattern = 0; pattern < 65536; ++pattern) {
      const int fraction = pattern & ((1 << digits) - 1), exponent = (pattern & 0x7fff) >> digits, full = 0x7fff >> digits;
      const double value = values[static_cast<std::size_t>(pattern)];
      ASSERT_EQ(std::signbit(value), pattern >= 0x8000) << pattern;
      if (exponent == full) {
        ASSERT_EQ(std::isinf(value), fraction == 0) << pattern;
        ASSERT_EQ(std::isnan(value), fraction != 0) << pattern;
      } else {
        const int significand = exponent == 0 ? fraction : fraction + (1 << digits);
        ASSERT_EQ(std::fabs(value), std::ldexp(significand, std::max(exponent, 1) - bias - digits)) << pattern;
      }
    }
  }
}

TEST(dtype, every_16_bit_number_survives_decoding_and_encoding) {
  for (const Dtype dtype : {Dtype::f16, Dtype::bf16}) {
    const std::vector<double> values = decoded(all_patterns(), dtype);
    const std::vector<std::uint16_t> again = encoded(values, dtype);
    for (std::size_t pattern = 0; pattern < 65536; ++pattern) {
      if (std::isnan(values[pattern])) {
        ASSERT_TRUE(std::isnan(decoded({again[pattern]}, dtype).front())) << pattern;
      } else {
        ASSERT_EQ(again[pattern], pattern);
      }
    }
  }
}

TEST(dtype, everything_between_two_16_bit_numbers_goes_to_the_nearer_and_ties_go_to_even) {
  for (const Dtype dtype : {Dtype::f16, Dtype::bf16}) {
    const std::vector<double> values = decoded(all_patterns(), dtype);
    const std::uint16_t infinity = dtype == Dtype::f16 ? 0x7c00 : 0x7f80;
    std::vector<double> below, tie, above;
    std::vector<std::uint16_t> low, even, high;
    for (std::uint16_t pattern = 0; pattern + 1 < infinity; ++pattern) {
      const double middle = (values[pattern] + values[pattern + 1]) / 2;   // exact: one bit more
      below.push_back(std::nextafter(middle, 0));
      tie.push_back(middle);
      above.push_back(std::nextafter(middle, kInf));
      low.push_back(pattern);
      high.push_back(static_cast<std::uint16_t>(pattern + 1));
      even.push_back(pattern % 2 == 0 ? low.back() : high.back());
    }
    EXPECT_EQ(encoded(below, dtype), low) << name(dtype);
    EXPECT_EQ(encoded(tie, dtype), even) << name(dtype);
    EXPECT_EQ(encoded(above, dtype), high) << name(dtype);
    for (auto* values_of : {&below, &tie, &above}) {
      for (double& value : *values_of) value = -value;
    }
    for (auto* patterns : {&low, &even, &high}) {
      for (std::uint16_t& pattern : *patterns) pattern |= 0x8000;
    }
    EXPECT_EQ(encoded(below, dtype), low) << name(dtype);
    EXPECT_EQ(encoded(tie, dtype), even) << name(dtype);
    EXPECT_EQ(encoded(above, dtype), high) << name(dtype);
  }
}

TEST(dtype, a_double_is_rounded_once_and_not_by_way_of_a_float) {
  // 1 + 2^-11 is the tie above 1 in f16; 2^-30 more decides upwards, and a float would have lost it and gone to even.
  EXPECT_EQ(rounded(1 + 0x1p-11, Dtype::f16), 1);
  EXPECT_EQ(rounded(1 + 0x1p-11 + 0x1p-30, Dtype::f16), 1 + 0x1p-10);
  EXPECT_EQ(rounded(1 + 0x3p-11 - 0x1p-40, Dtype::f16), 1 + 0x1p-10);   // below the next tie, whose even neighbour is above
  EXPECT_EQ(rounded(1 + 0x1p-8, Dtype::bf16), 1);
  EXPECT_EQ(rounded(1 + 0x1p-8 + 0x1p-40, Dtype::bf16), 1 + 0x1p-7);
  EXPECT_EQ(rounded(0x1p-25, Dtype::f16), 0);                           // half of the smallest number: to even
  EXPECT_EQ(rounded(0x1p-25 + 0x1p-70, Dtype::f16), 0x1p-24);
  EXPECT_EQ(rounded(0x1p-134, Dtype::bf16), 0);
  EXPECT_EQ(rounded(0x1p-134 + 0x1p-180, Dtype::bf16), 0x1p-133);
}

TEST(dtype, what_is_too_large_becomes_infinite_from_half_a_unit_beyond_the_largest_number) {
  EXPECT_EQ(rounded(65504, Dtype::f16), 65504);
  EXPECT_EQ(rounded(std::nextafter(65520.0, 0), Dtype::f16), 65504);
  EXPECT_EQ(rounded(65520, Dtype::f16), kInf);
  EXPECT_EQ(rounded(-65520, Dtype::f16), -kInf);
  EXPECT_EQ(rounded(0x1.fep127, Dtype::bf16), 0x1.fep127);
  EXPECT_EQ(rounded(std::nextafter(0x1.ffp127, 0), Dtype::bf16), 0x1.fep127);
  EXPECT_EQ(rounded(0x1.ffp127, Dtype::bf16), kInf);
  EXPECT_EQ(rounded(std::nextafter(0x1.ffffffp127, 0), Dtype::f32), 0x1.fffffep127);
  EXPECT_EQ(rounded(0x1.ffffffp127, Dtype::f32), kInf);
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16}) {
    EXPECT_EQ(rounded(-kInf, dtype), -kInf);
    EXPECT_TRUE(std::isnan(rounded(std::nan(""), dtype)));
    EXPECT_TRUE(std::signbit(rounded(-0.0, dtype)));
  }
  for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16}) EXPECT_EQ(rounded(std::numeric_limits<double>::max(), dtype), kInf);
}

TEST(dtype, nans_of_any_payload_stay_nans) {
  for (const std::uint64_t bits : {0x7ff0000000000001u, 0x7fffffffffffffffu, 0xfff0000000000001u, 0x7ff0000020000000u}) {
    for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16}) EXPECT_TRUE(std::isnan(rounded(std::bit_cast<double>(bits), dtype))) << bits;
  }
}

TEST(dtype, random_doubles_of_all_sizes_are_within_half_a_unit_of_their_neighbour_in_16_bits) {
  std::mt19937_64 random(4);
  for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16}) {
    const double largest = dtype == Dtype::f16 ? 65504 : 3e38;
    std::vector<double> all;
    while (all.size() < 100000) {
      const double value = std::bit_cast<double>(random());
      if (std::fabs(value) < largest) all.push_back(value);
      const double usual = std::uniform_real_distribution(-1.0, 1.0)(random);
      all.push_back(usual);
    }
    const std::vector<double> found = stored(all, dtype);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double unit = unit_in_last_place(dtype, all[i]);
      ASSERT_LE(std::fabs(found[i] - all[i]), unit / 2) << all[i];   // both differences are exact
    }
  }
}

TEST(dtype, f32_is_the_nearest_float) {
  EXPECT_EQ(rounded(0.1, Dtype::f32), 0x1.99999ap-4);
  EXPECT_EQ(rounded(1 + 0x1p-24, Dtype::f32), 1);
  EXPECT_EQ(rounded(1 + 0x1p-24 + 0x1p-52, Dtype::f32), 1 + 0x1p-23);
  EXPECT_EQ(rounded(0x1p-149, Dtype::f32), 0x1p-149);
  EXPECT_EQ(rounded(0x1p-150, Dtype::f32), 0);
}

TEST(dtype, f64_is_left_alone) {
  const std::vector<double> values{0.1, -0.0, 5e-324, -kInf, 1.7976931348623157e308};
  EXPECT_EQ(stored(values, Dtype::f64), values);
  EXPECT_EQ(stored({0.1, -0.2}, Dtype::c128), (std::vector<double>{0.1, -0.2}));
}

TEST(dtype, complex_numbers_are_two_floats) {
  EXPECT_EQ(size_of(Dtype::c64), 8);
  EXPECT_EQ(components(Dtype::c64), 2);
  EXPECT_EQ(stored({0.1, 0.2}, Dtype::c64), (std::vector<double>{0x1.99999ap-4, 0x1.99999ap-3}));
}

TEST(dtype, integers_keep_their_limits_and_signs) {
  EXPECT_EQ(stored({-128, 127}, Dtype::i8), (std::vector<double>{-128, 127}));
  EXPECT_EQ(stored({-32768, 32767}, Dtype::i16), (std::vector<double>{-32768, 32767}));
  EXPECT_EQ(stored({-2147483648.0, 2147483647}, Dtype::i32), (std::vector<double>{-2147483648.0, 2147483647}));
  EXPECT_EQ(stored({-0x1p53, 0x1p53}, Dtype::i64), (std::vector<double>{-0x1p53, 0x1p53}));
  EXPECT_EQ(stored({255}, Dtype::u8), (std::vector<double>{255}));
  EXPECT_EQ(stored({65535}, Dtype::u16), (std::vector<double>{65535}));
  EXPECT_EQ(stored({4294967295}, Dtype::u32), (std::vector<double>{4294967295}));
  EXPECT_EQ(stored({0x1p53}, Dtype::u64), (std::vector<double>{0x1p53}));
  EXPECT_EQ(stored({0, 1}, Dtype::boolean), (std::vector<double>{0, 1}));
}

TEST(dtype, numbers_that_come_in_turn_are_encoded_as_if_they_lay_so) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::c64, Dtype::c128}) {
    for (std::size_t count = 0; count < 40; ++count) {
      std::vector<double> even(count), odd(count), all;
      for (std::size_t i = 0; i < count; ++i) {
        even[i] = normal(random);
        odd[i] = normal(random);
        all.insert(all.end(), {even[i], odd[i]});
      }
      std::vector<std::byte> expected(all.size() * size_of(dtype) / static_cast<std::size_t>(components(dtype))), found(expected.size());
      encode(all, dtype, expected);
      encode_in_turn(even, odd, dtype, found);
      ASSERT_TRUE(found == expected) << name(dtype) << " " << count;
    }
  }
}

TEST(dtype, bytes_are_little_endian) {
  std::vector<std::byte> bytes(4);
  encode(std::vector<double>{1}, Dtype::f32, bytes);
  EXPECT_EQ(bytes, (std::vector<std::byte>{std::byte{0}, std::byte{0}, std::byte{0x80}, std::byte{0x3f}}));
  encode(std::vector<double>{258}, Dtype::i32, bytes);
  EXPECT_EQ(bytes, (std::vector<std::byte>{std::byte{2}, std::byte{1}, std::byte{0}, std::byte{0}}));
}

TEST(dtype, names_and_sizes_are_those_users_know) {
  EXPECT_EQ(name(Dtype::bf16), "bf16");
  EXPECT_EQ(name(Dtype::boolean), "bool");
  EXPECT_EQ(size_of(Dtype::f16), 2);
  EXPECT_EQ(size_of(Dtype::c128), 16);
  EXPECT_TRUE(is_integer(Dtype::i64) && is_integer(Dtype::boolean) && is_integer(Dtype::u8));
  EXPECT_FALSE(is_integer(Dtype::bf16) || is_integer(Dtype::f64) || is_integer(Dtype::c64));
}

}  // namespace
}  // namespace pe
