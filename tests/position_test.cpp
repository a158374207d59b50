// index, unit, binary and periodic: positions themselves.

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support.h"

namespace pe {
namespace {

TEST(index, is_the_position) {
  EXPECT_EQ(table("index", "pos_embed", {{"length", "4"}, {"start", "-1"}, {"step", "0.5"}}), (Values{-1, -0.5, 0, 0.5}));
}

TEST(index, prefix_rows_are_zero_and_the_range_holds_them) {
  const Tensor index = opened("index", "pos_embed", {{"length", "3"}, {"start", "5"}, {"prefix-tokens", "2"}});
  EXPECT_EQ(values(index), (Values{0, 0, 5, 6, 7}));
  EXPECT_EQ(index.range->low, 0);
  EXPECT_EQ(index.range->high, 7);
}

TEST(unit, four_positions_are_thirds_apart) {
  EXPECT_EQ(table("unit", "pos_embed", {{"length", "4"}}), (Values{0, 1.0 / 3, 2.0 / 3, 1}));
}

TEST(unit, equal_steps_give_the_same_whatever_their_size_and_a_single_position_is_0) {
  EXPECT_EQ(table("unit", "pos_embed", {{"length", "4"}, {"start", "7"}, {"step", "-2"}}), (Values{0, 1.0 / 3, 2.0 / 3, 1}));
  EXPECT_EQ(table("unit", "pos_embed", {{"length", "1"}, {"start", "7"}}), (Values{0}));
}

TEST(unit, listed_positions_lie_between_the_first_and_the_last) {
  EXPECT_EQ(table("unit", "pos_embed", {given("positions", {4}, {10, 12, 11, 14})}), (Values{0, 0.5, 0.25, 1}));
}

TEST(unit, refuses_a_last_position_at_the_first) {
  EXPECT_EQ(refusal("unit", {{"step", "0"}}), "unit: --step 0 leaves the first and the last position in one place; needs another step");
  EXPECT_EQ(refusal("unit", {given("positions", {3}, {2, 5, 2})}), "unit: --positions test.npy: the first and the last position are both 2");
}

TEST(binary, six_is_110) {
  EXPECT_EQ(table("binary", "pos_embed", {{"length", "1"}, {"start", "6"}}), (Values{1, 1, 0}));
  EXPECT_EQ(table("binary", "pos_embed", {{"length", "1"}, {"start", "6"}, {"bit-order", "lsb"}, {"dim", "4"}}), (Values{0, 1, 1, 0}));
}

TEST(binary, has_the_fewest_columns_that_hold_the_largest_position_and_at_least_one) {
  EXPECT_EQ(opened("binary", "pos_embed", {{"length", "1"}}).columns_count(), 1);
  EXPECT_EQ(opened("binary", "pos_embed", {{"length", "8"}}).columns_count(), 3);
  EXPECT_EQ(opened("binary", "pos_embed", {{"length", "9"}}).columns_count(), 4);
  EXPECT_EQ(opened("binary", "pos_embed", {given("positions", {3}, {1, 1024, 5})}).columns_count(), 11);
}

TEST(binary, refuses_what_has_no_bits_and_too_few_columns) {
  EXPECT_EQ(refusal("binary", {{"start", "-1"}}), "binary: --start -1 --step 1: position -1 is not a whole number in 0..2^53; only those have bits");
  EXPECT_EQ(refusal("binary", {{"step", "0.5"}}),
            "binary: --start 0 --step 0.5: position 0.5 is not a whole number in 0..2^53; only those have bits");
  EXPECT_EQ(refusal("binary", {{"length", "9"}, {"dim", "3"}}), "binary: --dim 3 has too few bits for position 8; needs 4");
  EXPECT_NE(refusal("binary", {{"compute", "f32"}}), "");
}

TEST(periodic, binary_waves_come_back_after_2_to_the_dim_times_pi) {
  const Tensor curve = opened("periodic", "pos_embed", {given("positions", {2}, {0.3, 0.3 + 8 * std::numbers::pi})});
  const Values rows = values(curve);
  ASSERT_EQ(rows.size(), 6u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(rows[i], std::sin(0.3 / std::pow(2, i)), 1e-15);
    EXPECT_NEAR(rows[3 + i], rows[i], 1e-14);
  }
}

TEST(periodic, geometric_waves_do_not_come_back) {
  const Values rows = table("periodic", "pos_embed", {{"spacing", "geometric"}, given("positions", {2}, {0.3, 0.3 + 8 * std::numbers::pi})});
  EXPECT_NEAR(rows[1], std::sin(0.3 * std::pow(10000, -1.0 / 3)), 1e-15);
  EXPECT_GT(std::fabs(rows[4] - rows[1]), 0.5);
}

/// Where the first axis of a tensor says that its rows stand.
std::vector<double> places(const Tensor& tensor) {
  const std::optional<Places>& at = tensor.axes.front().places;
  return at ? Values{at->first, at->step, static_cast<double>(at->prefix)} : Values{};
}

TEST(position, rows_say_where_they_stand) {
  const Settings steps{{"length", "4"}, {"start", "8"}, {"step", "2"}, {"prefix-tokens", "3"}};
  for (const char* scheme : {"index", "unit", "binary", "periodic", "sincos1d"}) {
    EXPECT_EQ(places(opened(scheme, "pos_embed", steps)), (Values{8, 2, 3})) << scheme;
    EXPECT_EQ(places(opened(scheme, "pos_embed", {given("positions", {2}, {1, 5})})), Values{}) << scheme;
  }
  EXPECT_EQ(places(opened("rope", "scale", {{"length", "4"}, {"start", "8"}, {"xpos-base", "512"}, {"prefix-tokens", "1"}})), (Values{8, 1, 1}));
  EXPECT_EQ(places(opened("learned1d", "pos_embed", {{"length", "4"}, {"prefix-tokens", "2"}})), (Values{0, 1, 2}));
  EXPECT_EQ(places(opened("fourier", "pos_embed", {{"length", "5"}})), (Values{0, 1, 0}));
  EXPECT_EQ(places(opened("shaw", "relative_position_index", {{"length", "2"}, {"key-length", "5"}})), (Values{3, 1, 0}));
  EXPECT_EQ(places(opened("swin-v2", "relative_coords_table", {{"window", "3"}})), (Values{-2, 1, 0}));
}

}  // namespace
}  // namespace pe
