#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

/// How many columns hold each axis, in the order of their blocks: "t16 h8 w8".
std::string blocks(const std::vector<Setting>& settings, const std::string& like = "") {
  std::string text, axis;
  Index count = 0;
  std::vector<Column> columns = opened("sincos3d", "pos_embed", settings, like).columns();
  columns.push_back({});
  for (const Column& column : columns) {
    if (column.axis != axis) {
      if (count > 0) text += (text.empty() ? "" : " ") + axis + std::to_string(count);
      axis = column.axis;
      count = 0;
    }
    ++count;
  }
  return text;
}

TEST(sincos3d, shares_the_columns_as_split_says_in_the_order_of_axes) {
  EXPECT_EQ(blocks({{"dim", "32"}}), "t16 h8 w8");
  EXPECT_EQ(blocks({{"dim", "32"}}, "cogvideox"), "t8 w12 h12");
  EXPECT_EQ(blocks({{"dim", "32"}, {"split", "2:4:2"}, {"axes", "wht"}}), "w8 h16 t8");
}

TEST(sincos3d, uniform_cuts_from_the_next_multiple_of_6) {
  EXPECT_EQ(blocks({{"dim", "32"}, {"uniform", ""}}), "t12 h12 w8");
  EXPECT_EQ(blocks({{"dim", "32"}}, "positional-encodings"), "t12 h12 w8");
}

TEST(sincos3d, a_row_is_a_cell_frame_by_frame) {
  const Values rows = table("sincos3d", "pos_embed", {{"dim", "6"}, {"split", "1:1:1"}, {"grid", "2x3x4"}});
  const std::size_t cell = (1 * 3 + 2) * 4 + 3;   // t 1, h 2, w 3; one frequency, 1, each
  const Values expected{std::sin(1), std::cos(1), std::sin(2), std::cos(2), std::sin(3), std::cos(3)};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(rows[6 * cell + i], expected[i], 1e-15);
}

TEST(sincos3d, refuses_what_cannot_be_split) {
  EXPECT_EQ(refusal("sincos3d", {{"dim", "30"}}), "sincos3d: --dim 30 is not a multiple of 8; nearest: 24, 32");
  EXPECT_EQ(refusal("sincos3d", {{"split", "2:1"}}), "sincos3d: --split 2:1 is not three whole numbers such as 2:1:1, each in 1..1000");
  EXPECT_EQ(refusal("sincos3d", {{"split", "2:0:1"}}), "sincos3d: --split 2:0:1 is not three whole numbers such as 2:1:1, each in 1..1000");
  EXPECT_EQ(refusal("sincos3d", {{"grid", "14"}}), "sincos3d: --grid 14x14 has 2 sizes; needs 3: frames x height x width");
  EXPECT_EQ(refusal("sincos3d", {{"uniform", ""}, {"split", "1:1:1"}}), "sincos3d: --split does not go with --uniform");
}

}  // namespace
}  // namespace pe
