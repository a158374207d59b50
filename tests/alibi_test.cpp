#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support.h"

namespace pe {
namespace {

TEST(alibi, slopes_of_8_heads_start_at_one_half_and_halve) {
  EXPECT_EQ(table("alibi", "slopes", {{"heads", "8"}}), (Values{0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625}));
}

TEST(alibi, slopes_of_16_heads_fall_by_the_root_of_one_half) {
  const Values slopes = table("alibi", "slopes", {{"heads", "16"}});
  EXPECT_EQ(slopes[0], std::sqrt(0.5));
  EXPECT_EQ(slopes[1], 0.5);
  EXPECT_EQ(slopes[15], 0x1p-8);
}

TEST(alibi, heads_beyond_a_power_of_two_take_every_other_slope_of_the_next) {
  const Values slopes = table("alibi", "slopes", {{"heads", "6"}});   // 4 + 2
  EXPECT_EQ(slopes, (Values{0x1p-2, 0x1p-4, 0x1p-6, 0x1p-8, 0x1p-1, 0x1p-3}));
}

TEST(alibi, bias_falls_with_the_distance_and_holds_no_negative_zero) {
  const Values bias = table("alibi", "bias", {{"heads", "1"}, {"length", "3"}, {"bias-max", "1"}});
  EXPECT_EQ(bias, (Values{0, -0.5, -1, -0.5, 0, -0.5, -1, -0.5, 0}));
  EXPECT_FALSE(std::signbit(bias[0]));
}

TEST(alibi, causal_hides_later_keys_and_the_range_says_so) {
  constexpr double kHidden = -std::numeric_limits<double>::infinity();
  const Tensor bias = opened("alibi", "bias", {{"heads", "1"}, {"length", "3"}, {"bias-max", "1"}, {"causal", ""}});
  EXPECT_EQ(values(bias), (Values{0, kHidden, kHidden, -0.5, 0, kHidden, -1, -0.5, 0}));
  EXPECT_EQ(bias.range->low, kHidden);
}

TEST(alibi, bloom_rises_from_the_first_key_and_mpt_to_the_last) {
  const std::vector<Setting> settings{{"heads", "1"}, {"length", "3"}, {"bias-max", "1"}};
  EXPECT_EQ(table("alibi", "bias", settings, "bloom"), (Values{0, 0.5, 1}));
  EXPECT_EQ(table("alibi", "bias", settings, "mpt"), (Values{-1, -0.5, 0}));
  EXPECT_EQ(opened("alibi", "bias", settings, "mpt").shape(), (std::vector<Index>{1, 1, 3}));
}

TEST(alibi, the_last_rows_of_the_three_forms_differ_by_a_constant_only) {
  const std::vector<Setting> settings{{"heads", "2"}, {"length", "5"}};
  const Values paper = table("alibi", "bias", settings);
  const Values bloom = table("alibi", "bias", settings, "bloom"), mpt = table("alibi", "bias", settings, "mpt");
  for (std::size_t key = 0; key < 5; ++key) {
    EXPECT_EQ(paper[4 * 5 + key], mpt[key]);
    EXPECT_EQ(bloom[key] - bloom[4], mpt[key]);
  }
}

TEST(alibi, causal_goes_with_the_paper_s_form_only) {
  EXPECT_EQ(refusal("alibi", {{"causal", ""}}, "bloom"), "alibi: --causal counts only with --form paper");
}

}  // namespace
}  // namespace pe
