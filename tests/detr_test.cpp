#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support.h"

namespace pe {
namespace {

const Setting kDim{"dim", "4"};   // channels: sin y, cos y, sin x, cos x

/// A channel of an image [4, H, W].
Values channel(const Values& table, std::size_t number, std::size_t cells) {
  return Values(table.begin() + static_cast<std::ptrdiff_t>(number * cells), table.begin() + static_cast<std::ptrdiff_t>((number + 1) * cells));
}

TEST(detr, counts_start_at_1_and_channels_come_first) {
  const Values table_of_6 = table("detr", "pos_embed", {kDim, {"grid", "2x3"}});
  const double s1 = std::sin(1), s2 = std::sin(2), s3 = std::sin(3);
  expect_near(channel(table_of_6, 0, 6), {s1, s1, s1, s2, s2, s2}, 1e-15);
  expect_near(channel(table_of_6, 2, 6), {s1, s2, s3, s1, s2, s3}, 1e-15);
}

TEST(detr, counts_stand_still_in_padding) {
  const Values masked = table("detr", "pos_embed", {kDim, {"grid", "2x3"}, given("mask", {2, 3}, {0, 1, 0, 1, 0, 0})});
  const double s1 = std::sin(1), s2 = std::sin(2);
  expect_near(channel(masked, 0, 6), {s1, 0, s1, s1, s1, s2}, 1e-15);
  expect_near(channel(masked, 2, 6), {s1, s1, s2, 0, s1, s2}, 1e-15);
}

TEST(detr, valid_is_the_mask_of_its_rectangle) {
  const Setting mask = given("mask", {3, 3}, {0, 0, 1, 0, 0, 1, 1, 1, 1});
  for (const std::string like : {"plain", "detr", "deformable-detr"}) {
    EXPECT_EQ(table("detr", "pos_embed", {kDim, {"grid", "3"}, {"valid", "2x2"}}, like),
              table("detr", "pos_embed", {kDim, {"grid", "3"}, mask}, like));
  }
}

TEST(detr, each_image_of_a_batch_has_its_own_counts) {
  const Tensor batch = opened("detr", "pos_embed", {kDim, {"grid", "1x2"}, given("mask", {2, 1, 2}, {0, 0, 1, 0})});
  EXPECT_EQ(batch.shape(), (std::vector<Index>{2, 4, 1, 2}));
  expect_near(channel(values(batch), 6, 2), {0, std::sin(1)}, 1e-15);
}

TEST(detr, normalised_counts_end_at_almost_2_pi) {
  const Values sines = channel(table("detr", "pos_embed", {kDim, {"grid", "1x4"}}, "detr"), 2, 4);
  const double step = 2 * std::numbers::pi / 4.000001;
  expect_near(sines, {std::sin(step), std::sin(2 * step), std::sin(3 * step), std::sin(4 * step)}, 1e-15);
}

TEST(detr, deformable_counts_are_half_a_cell_less_and_padding_lines_far_off) {
  const Values sines = channel(table("detr", "pos_embed", {kDim, {"grid", "2x2"}, {"valid", "1x2"}}, "deformable-detr"), 2, 4);
  const double step = 2 * std::numbers::pi / 2.000001;
  expect_near(sines, {std::sin(0.5 * step), std::sin(1.5 * step), 0, 0}, 1e-9);   // -0.5 / 10^-6 * 2 pi is half a million whole turns
}

TEST(detr, scale_replaces_2_pi) {
  expect_near(channel(table("detr", "pos_embed", {kDim, {"grid", "1x1"}, {"scale", "3"}}, "detr"), 2, 1), {std::sin(3 / 1.000001)}, 1e-15);
}

TEST(detr, refuses_masks_that_do_not_fit_and_images_of_padding_alone) {
  const Setting grid{"grid", "2x3"};
  EXPECT_EQ(refusal("detr", {grid, given("mask", {3, 2}, Values(6))}),
            "detr: --mask test.npy: expected [2, 3], as --grid, or [images, 2, 3]; found [3, 2]");
  EXPECT_EQ(refusal("detr", {grid, given("mask", {2, 2, 3}, {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1})}),
            "detr: --mask test.npy: image 1 is all padding; needs a 0 somewhere");
  EXPECT_EQ(refusal("detr", {grid, given("mask", {2, 3}, {0, 0, 0, 0, 0, NAN})}),
            "detr: --mask test.npy: it holds a NaN; 0 is a cell, other numbers are padding");
  EXPECT_EQ(refusal("detr", {grid, {"valid", "3x3"}}), "detr: --valid 3x3 is not inside --grid 2x3");
  EXPECT_EQ(refusal("detr", {grid, {"scale", "3"}}), "detr: --scale counts only with --normalize");
}

}  // namespace
}  // namespace pe
