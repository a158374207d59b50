#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

/// Rows `first`, `first` + `step`, ... of a table of `width` columns.
Values rows(const Values& table, std::size_t width, std::size_t first, std::size_t step) {
  Values out;
  for (std::size_t row = first; row * width < table.size(); row += step) {
    for (std::size_t column = 0; column < width; ++column) out.push_back(table[row * width + column]);
  }
  return out;
}

TEST(rope2d, roformer_at_equal_coordinates_is_rope) {
  const Values plane = table("rope2d", "cos", {{"head-dim", "16"}, {"grid", "9"}}, "roformer");
  const Values line = table("rope", "cos", {{"head-dim", "16"}, {"length", "9"}, {"layout", "interleaved"}});
  expect_near(rows(plane, 16, 0, 10), line, 1e-15);   // cells (0,0), (1,1), ...: every 10th of 9 x 9
}

TEST(rope2d, pixtral_holds_the_frequencies_of_rope_even_ones_first) {
  const Values all = table("rope", "inv_freq", {{"head-dim", "16"}});
  EXPECT_EQ(table("rope2d", "inv_freq", {{"head-dim", "16"}}, "pixtral"), (Values{all[0], all[2], all[4], all[6], all[1], all[3], all[5], all[7]}));
}

TEST(rope2d, shared_gives_neighbouring_angles_one_frequency) {
  EXPECT_EQ(table("rope2d", "inv_freq", {{"head-dim", "8"}, {"shared", ""}}, "roformer"), (Values{1, 1, 0.01, 0.01}));
}

TEST(rope2d, eva02_without_another_base_size_counts_cells) {
  const Values sines = table("rope2d", "sin", {{"head-dim", "8"}, {"grid", "4x6"}}, "eva02");
  EXPECT_NEAR(sines[8 * (2 * 6 + 5)], std::sin(2), 1e-15);       // row 2, column 5, frequency 1
  EXPECT_NEAR(sines[8 * (2 * 6 + 5) + 4], std::sin(5), 1e-15);
}

TEST(rope2d, dinov3_turns_the_same_way_left_and_right_of_the_centre) {
  const Values sines = table("rope2d", "sin", {{"head-dim", "8"}, {"grid", "6x10"}, {"layout", "compact"}}, "dinov3");
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(sines[i], -sines[59 * 4 + i], 1e-15);   // the first and the last cell
}

TEST(rope2d, timm_spans_minus_1_to_1_with_frequencies_from_pi_to_pi_half_of_max_freq) {
  const Values bands = table("rope2d", "inv_freq", {{"head-dim", "16"}, {"dtype", "f64"}}, "timm");
  EXPECT_DOUBLE_EQ(bands[0], M_PI);
  EXPECT_DOUBLE_EQ(bands[3], 112 * M_PI);
}

TEST(rope2d, qwen2_vl_goes_by_blocks_of_merge_x_merge_cells) {
  const std::vector<Setting> settings{{"head-dim", "4"}, {"grid", "4x6"}, {"layout", "compact"}};
  const Values sines = table("rope2d", "sin", settings, "qwen2-vl");   // frequency 1 on both axes
  const std::vector<std::pair<int, int>> first_cells{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}};
  for (std::size_t row = 0; row < first_cells.size(); ++row) {
    EXPECT_NEAR(sines[2 * row], std::sin(first_cells[row].first), 1e-15);
    EXPECT_NEAR(sines[2 * row + 1], std::sin(first_cells[row].second), 1e-15);
  }
}

TEST(rope2d, prefix_rows_come_before_the_grid_at_angle_0) {
  const Tensor cis = opened("rope2d", "cis", {{"head-dim", "4"}, {"grid", "2x3"}, {"prefix-tokens", "2"}});
  EXPECT_EQ(cis.shape(), (std::vector<Index>{8, 2}));
  EXPECT_EQ(values(cis)[0], 1);
  EXPECT_EQ(values(cis)[1], 0);
  EXPECT_EQ(cis.grid->prefix, 2);
}

TEST(rope2d, refuses_grids_and_heads_that_do_not_divide) {
  EXPECT_EQ(refusal("rope2d", {{"grid", "5x6"}}, "qwen2-vl"), "rope2d: --merge 2 does not divide --grid 5x6; 5 is not a multiple of it");
  EXPECT_EQ(refusal("rope2d", {{"head-dim", "30"}}), "rope2d: --head-dim 30 is not a multiple of 4; nearest: 28, 32");
  EXPECT_EQ(refusal("rope2d", {{"min-period", "1"}}, "dinov3"), "rope2d: --min-period and --max-period go together");
  EXPECT_EQ(refusal("rope2d", {{"normalize", "max"}}), "rope2d: --normalize counts only with --coordinates centers");
}

}  // namespace
}  // namespace pe
