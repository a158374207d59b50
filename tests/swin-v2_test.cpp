#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support.h"

namespace pe {
namespace {

constexpr const char* kCoords = "relative_coords_table";
constexpr const char* kBias = "relative_position_bias";

ArrayPtr numbers(std::vector<Index> shape, Values values) {
  return std::make_shared<const Array>(Array{std::move(shape), std::move(values), "file.npz"});
}

/// A network of one hidden unit that sees the row coordinate only: fc2 relu(row) for one head.
Setting rows_network(double weight2) {
  ArraySet set;
  set.source = "file.npz";
  set.arrays = {{"fc1.weight", numbers({1, 2}, {1, 0})}, {"fc1.bias", numbers({1}, {0})}, {"fc2.weight", numbers({1, 1}, {weight2})}};
  return {"weights", "", nullptr, set};
}

TEST(swin_v2, the_farthest_offset_has_log2_of_9_thirds) {
  const Values coords = table("swin-v2", kCoords, {{"window", "2x3"}});
  ASSERT_EQ(coords.size(), 3u * 5 * 2);
  const double farthest = std::log2(9.0) / 3;
  EXPECT_DOUBLE_EQ(coords[0], -farthest);
  EXPECT_DOUBLE_EQ(coords[1], -farthest);
  EXPECT_DOUBLE_EQ(coords[3], -std::log2(5.0) / 3);   // column offset -1 of -2
  EXPECT_DOUBLE_EQ(coords.back(), farthest);
}

TEST(swin_v2, an_eighth_of_the_window_is_a_third) {
  const Values coords = table("swin-v2", kCoords, {{"window", "9x1"}});
  EXPECT_EQ(coords[2 * 9], 1.0 / 3);
}

TEST(swin_v2, a_pretrained_window_divides_instead_of_the_window) {
  const Values small = table("swin-v2", kCoords, {{"window", "2x1"}});
  const Values large = table("swin-v2", kCoords, {{"window", "3x1"}, {"pretrained-window", "2"}});
  EXPECT_EQ(large[6], small[4]);   // one row away
}

TEST(swin_v2, a_side_of_1_gives_0) {
  EXPECT_EQ(table("swin-v2", kCoords, {{"window", "1"}}), (Values{0, 0}));
  EXPECT_NE(refusal("swin-v2", {{"window", "2"}, {"pretrained-window", "1"}}), "");
}

TEST(swin_v2, timm_cr_takes_the_natural_logarithm_of_cells) {
  EXPECT_DOUBLE_EQ(table("swin-v2", kCoords, {{"window", "8"}}, "timm-cr").back(), std::log(8.0));
}

TEST(swin_v2, bias_is_16_sigmoids_of_the_network) {
  // Of two cells above each other only the lower query sees a row coordinate above 0: log2(9)/3.
  const Values bias = table("swin-v2", kBias, {{"window", "2x1"}, rows_network(3 * std::numbers::ln2)});
  EXPECT_EQ((Values{bias[0], bias[1], bias[3]}), (Values{8, 8, 8}));
  EXPECT_DOUBLE_EQ(bias[2], 16 * 9.0 / 10);   // the network answers ln 9
}

TEST(swin_v2, weights_that_are_missing_or_too_many_are_named) {
  EXPECT_EQ(refusal("swin-v2", {rows_network(1)}, "timm-cr"),
            "swin-v2: --weights file.npz holds no fc2.bias; needs fc1.weight [hidden, 2], fc1.bias [hidden], fc2.weight [heads, hidden], "
            "and with --bias linear fc2.bias [heads]");
  Setting with_bias = rows_network(1);
  with_bias.set.arrays["fc2.bias"] = numbers({1}, {0});
  EXPECT_EQ(refusal("swin-v2", {with_bias}),
            "swin-v2: --weights file.npz holds fc2.bias, which --bias sigmoid has no place for; --like timm-cr adds it");
  EXPECT_EQ(table("swin-v2", kBias, {{"window", "1"}, with_bias}, "timm-cr"), (Values{0}));
}

TEST(swin_v2, heads_without_weights_change_nothing_and_are_refused) {
  EXPECT_EQ(refusal("swin-v2", {{"heads", "3"}}), "swin-v2: --heads counts only with --weights");
}

}  // namespace
}  // namespace pe
