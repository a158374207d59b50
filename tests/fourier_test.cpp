#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support.h"

namespace pe {
namespace {

/// "h w | sin h0 sin w0 ...": what the columns hold, in order.
std::string columns(const std::string& like, std::vector<Setting> settings) {
  settings.push_back({"bands", "2"});
  std::string text;
  for (const Column& column : opened("fourier", "pos_embed", settings, like).columns()) {
    if (!text.empty()) text += ' ';
    text += column.function == "coordinate" ? column.axis : column.function + column.axis + std::to_string(column.index);
  }
  return text;
}

TEST(fourier, every_convention_has_its_order_of_columns) {
  const Setting grid{"grid", "2x3"};
  EXPECT_EQ(columns("nerf", {grid}), "h w sinh0 sinw0 cosh0 cosw0 sinh1 sinw1 cosh1 cosw1");
  EXPECT_EQ(columns("perceiver", {grid}), "h w sinh0 sinh1 sinw0 sinw1 cosh0 cosh1 cosw0 cosw1");
  EXPECT_EQ(columns("perceiver-pytorch", {grid}), "sinh0 sinh1 cosh0 cosh1 h sinw0 sinw1 cosw0 cosw1 w");
  EXPECT_EQ(columns("timm", {grid}), "h w sinh0 sinw0 sinh1 sinw1 cosh0 cosw0 cosh1 cosw1");
  EXPECT_EQ(columns("timm", {grid, {"axes", "wh"}, {"no-coords", ""}}), "sinw0 sinh0 sinw1 sinh1 cosw0 cosh0 cosw1 cosh1");
}

TEST(fourier, coordinates_reach_from_minus_1_to_1_and_a_single_one_is_minus_1) {
  const Values rows = table("fourier", "pos_embed", {{"length", "5"}, {"bands", "1"}});
  for (std::size_t i = 0; i < 5; ++i) {
    const double x = -1 + 0.5 * static_cast<double>(i);
    EXPECT_EQ(rows[3 * i], x);
    EXPECT_NEAR(rows[3 * i + 1], std::sin(x), 1e-15);
    EXPECT_NEAR(rows[3 * i + 2], std::cos(x), 1e-15);
  }
  EXPECT_EQ(table("fourier", "pos_embed", {{"length", "1"}, {"bands", "1"}})[0], -1);
}

TEST(fourier, sines_of_whole_multiples_of_pi_are_zero) {
  const Values rows = table("fourier", "pos_embed", {{"length", "3"}, {"bands", "2"}, {"pi", ""}, {"dtype", "f64"}});
  EXPECT_EQ(rows, (Values{-1, 0, -1, 0, 1, 0, 0, 1, 0, 1, 1, 0, -1, 0, 1}));
}

TEST(fourier, listed_positions_have_an_axis_per_column) {
  const Values rows = table("fourier", "pos_embed", {given("positions", {2, 2}, {0.5, 2, -3, 0}), {"bands", "1"}});
  const Values expected{0.5, 2, std::sin(0.5), std::sin(2), std::cos(0.5), std::cos(2), -3, 0, std::sin(-3), 0, std::cos(-3), 1};
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_NEAR(rows[i], expected[i], 1e-15);
}

TEST(fourier, linear_bands_go_from_pi_to_half_the_largest_frequency) {
  const std::vector<Column> columns = opened("fourier", "pos_embed", {{"length", "3"}, {"bands", "3"}, {"max-freq", "10"}}, "perceiver").columns();
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(columns[1 + k].frequency, (1 + 2 * static_cast<double>(k)) * std::numbers::pi, 1e-14);   // a cell is 1 wide
  }
}

TEST(fourier, random_features_turn_with_both_axes_of_a_given_matrix) {
  const Setting matrix = given("matrix", {2, 2}, {0.25, -1, 0.5, 3});
  const Values rows = table("fourier", "pos_embed", {{"grid", "2x4"}, matrix}, "sam");
  ASSERT_EQ(rows.size(), 4u * 2 * 4);
  const auto angle = [](std::size_t i, double h, double w) {
    const double x = 2 * (w + 0.5) / 4 - 1, y = 2 * (h + 0.5) / 2 - 1;
    return 2 * std::numbers::pi * (i == 0 ? 0.25 * x + 0.5 * y : -x + 3 * y);
  };
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t h = 0; h < 2; ++h) {
      for (std::size_t w = 0; w < 4; ++w) {
        const double turned = angle(i, static_cast<double>(h), static_cast<double>(w));
        EXPECT_NEAR(rows[(i * 2 + h) * 4 + w], std::sin(turned), 1e-14);
        EXPECT_NEAR(rows[((2 + i) * 2 + h) * 4 + w], std::cos(turned), 1e-14);
      }
    }
  }
}

TEST(fourier, refuses_what_does_not_fit) {
  EXPECT_EQ(refusal("fourier", {{"bands", "61"}}), "fourier: --bands 61 with --spacing octaves ends at 2^60; at most 60");
  EXPECT_EQ(refusal("fourier", {given("positions", {2}, {1, 2})}, "perceiver"),
            "fourier: --positions have no size to take the fastest frequency from; add --max-freq R");
  EXPECT_EQ(refusal("fourier", {given("positions", {1, 2}, {1, NAN})}),
            "fourier: --positions test.npy: value [0, 1] is nan, not in -1e+15..1e+15");
  EXPECT_EQ(refusal("fourier", {{"max-freq", "1,2,3"}}, "timm"), "fourier: --max-freq has 3 values; needs 1, or one per axis (2)");
  EXPECT_EQ(refusal("fourier", {given("matrix", {3, 2}, Values(6))}, "sam"),
            "fourier: --matrix test.npy: expected [2, dim/2], the rows of x and y; found [3, 2]");
  EXPECT_EQ(refusal("fourier", {{"pi", ""}}, "sam"), "fourier: --pi counts only with --spacing octaves or linear");
}

}  // namespace
}  // namespace pe
