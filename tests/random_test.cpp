#include "core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/elementary.h"
#include "core/twister.h"
#include "support.h"

namespace pe {
namespace {

TEST(random, the_twister_gives_the_words_of_the_standard_library) {
  for (const std::uint32_t seed : {0u, 1u, 0xffffffffu}) {
    Twister ours(seed);
    std::mt19937 theirs(seed);
    for (int i = 0; i < 2000; ++i) ASSERT_EQ(ours(), theirs()) << seed << ", word " << i;
  }
}

TEST(random, seed_0_gives_what_torch_manual_seed_0_and_rand_give) {
  expect_near(make_random("torch", 0)->uniform(3, 0, 1), {0.4963, 0.7682, 0.0885}, 5e-5);
}

TEST(random, seed_0_gives_what_torch_manual_seed_0_and_randn_give_below_16_values) {
  expect_near(make_random("torch", 0)->normal(3, 1), {1.5410, -0.2934, -2.1788}, 5e-5);
}

TEST(random, seed_0_gives_what_torch_manual_seed_0_and_randn_give_from_16_values_on) {
  expect_near(make_random("torch", 0)->normal(16, 1), {-1.1258, -1.1524, -0.2506, -0.4339, 0.8487, 0.6920, -0.3160, -2.1152,
                                                       0.3223, -1.2633, 0.3500, 0.3081, 0.1198, 1.2377, 1.1168, -0.2473}, 5e-5);
}

TEST(random, a_count_that_is_no_multiple_of_16_changes_only_the_last_16_values) {
  const Values whole = make_random("torch", 0)->normal(32, 1), ragged = make_random("torch", 0)->normal(35, 1);
  EXPECT_TRUE(std::equal(ragged.begin(), ragged.begin() + 19, whole.begin()));
  EXPECT_NE(ragged[19], whole[19]);
}

TEST(random, the_second_normal_of_a_pair_is_kept_for_the_next_small_table) {
  const auto parts = make_random("torch", 7);
  const Values first = parts->normal(3, 1);
  parts->uniform(20, 0, 1);
  EXPECT_EQ(parts->normal(1, 1)[0], make_random("torch", 7)->normal(4, 1)[3]);
}

TEST(random, only_the_low_32_bits_of_a_seed_count) {
  EXPECT_EQ(make_random("torch", (std::uint64_t{5} << 32) + 3)->normal(20, 1), make_random("torch", 3)->normal(20, 1));
}

TEST(random, seed_0_gives_what_numpy_RandomState_0_gives) {
  expect_near(make_random("numpy", 0)->uniform(3, 0, 1), {0.5488135039, 0.7151893664, 0.6027633761}, 1e-10);
  expect_near(make_random("numpy", 0)->normal(3, 1), {1.7640523460, 0.4001572084, 0.9787379841}, 1e-10);
}

TEST(random, a_truncated_normal_stays_inside_its_bounds_and_reaches_near_them) {
  for (const std::string& generator : kGenerators) {
    const Values values = make_random(generator, 1)->truncated_normal(10000, 1, -0.5, 2);
    const auto [least, largest] = std::minmax_element(values.begin(), values.end());
    EXPECT_GE(*least, -0.5);
    EXPECT_LT(*least, -0.499);
    EXPECT_LE(*largest, 2.0);
    EXPECT_GT(*largest, 1.98);
  }
}

TEST(elementary, the_plain_functions_agree_with_the_library) {
  for (double x = 0x1p-60; x < 1e9; x *= 1.37) {
    EXPECT_NEAR(plain_log(x), std::log(x), 4e-16 * std::fabs(std::log(x)));
    double sin = 0, cos = 0;
    plain_sincos(std::fmod(x, 7), sin, cos);
    EXPECT_NEAR(sin, std::sin(std::fmod(x, 7)), 3e-16);
    EXPECT_NEAR(cos, std::cos(std::fmod(x, 7)), 3e-16);
  }
}

TEST(elementary, inverse_erf_undoes_erf) {
  for (double y = 1e-3; y < 3; y += 0.037) {
    EXPECT_NEAR(inverse_erf(std::erf(y)), y, 1e-15 + 2e-16 * std::exp(y * y));   // erf loses what its slope, exp(-y^2), takes
    EXPECT_EQ(inverse_erf(-std::erf(y)), -inverse_erf(std::erf(y)));
  }
  EXPECT_TRUE(std::isinf(inverse_erf(1)));
  EXPECT_EQ(inverse_erf(0), 0);
}

}  // namespace
}  // namespace pe
