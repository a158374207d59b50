#include <gtest/gtest.h>

#include "core/error.h"
#include "support.h"

namespace pe {
namespace {

/// A 3 x 3 kernel of ones over one channel, and a bias of 10.
std::vector<Setting> ones(std::vector<Setting> more) {
  more.insert(more.end(), {{"dim", "1"}, given("weight", {1, 1, 3, 3}, Values(9, 1)), given("bias", {1}, {10})});
  return more;
}

TEST(peg, on_constant_features_the_inside_is_constant_and_the_border_tells_the_position) {
  EXPECT_EQ(table("peg", "pos_embed", ones({{"grid", "4x5"}})), (Values{14, 16, 16, 16, 14,
                                                                        16, 19, 19, 19, 16,
                                                                        16, 19, 19, 19, 16,
                                                                        14, 16, 16, 16, 14}));
}

TEST(peg, the_output_adds_the_features) {
  const Values features{1, 2, 3, 4};
  const std::vector<Setting> settings = ones({{"grid", "2"}, given("input", {4, 1}, features)});
  EXPECT_EQ(table("peg", "pos_embed", settings), (Values{20, 20, 20, 20}));
  EXPECT_EQ(table("peg", "output", settings), (Values{21, 22, 23, 24}));
}

TEST(peg, is_a_cross_correlation_as_in_pytorch) {
  // Only the kernel's last cell, one to the right and one below, is 1: each cell holds its lower right neighbour.
  Values kernel(9, 0);
  kernel[8] = 1;
  const std::vector<Setting> settings{{"grid", "2"}, {"dim", "1"}, given("input", {4, 1}, {1, 2, 3, 4}),
                                      given("weight", {1, 1, 3, 3}, kernel), given("bias", {1}, {0})};
  EXPECT_EQ(table("peg", "pos_embed", settings), (Values{4, 0, 0, 0}));
}

TEST(peg, a_stride_takes_every_second_cell_and_leaves_the_features_out) {
  const std::vector<Setting> settings = ones({{"grid", "3x4"}, {"stride", "2"}});
  EXPECT_EQ(table("peg", "pos_embed", settings), (Values{14, 16, 14, 16}));
  EXPECT_EQ(table("peg", "output", settings), (Values{14, 16, 14, 16}));
}

TEST(peg, a_block_that_starts_anywhere_holds_the_same_rows) {
  const Tensor tensor = opened("peg", "output", {{"grid", "4x5"}, {"dim", "3"}, {"seed", "1"}});
  const Values whole = values(tensor);
  for (Index row = 0; row < 20; ++row) {
    Values one(3);
    tensor.fill(row, one);
    EXPECT_EQ(one, Values(whole.begin() + row * 3, whole.begin() + row * 3 + 3));
  }
}

TEST(peg, even_kernels_features_of_another_shape_and_half_the_parameters_are_refused) {
  EXPECT_THROW(table("peg", "pos_embed", {{"kernel", "4"}}), Error);
  EXPECT_THROW(table("peg", "pos_embed", {{"grid", "2"}, {"dim", "1"}, given("input", {2, 2}, {1, 2, 3, 4})}), Error);
  EXPECT_THROW(table("peg", "pos_embed", {{"dim", "1"}, given("bias", {1}, {0})}), Error);
}

}  // namespace
}  // namespace pe
