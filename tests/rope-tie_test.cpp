#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

TEST(rope_tie, text_keeps_the_rotations_of_rope) {
  const Values tie = table("rope-tie", "cos", {{"segments", "text:40"}, {"start", "0"}, {"head-dim", "16"}});
  expect_near(tie, table("rope", "cos", {{"head-dim", "16"}, {"length", "40"}, {"layout", "interleaved"}}), 1e-15);
}

TEST(rope_tie, an_image_stands_evenly_between_the_texts_around_it) {
  // Behind L = 1, 2 x 3 patches: rows 7/3 apart, columns 7/4; the text goes on at 8.
  const Values positions = table("rope-tie", "positions", {{"segments", "text:1 image:2x3 text:1"}, {"dtype", "f64"}});
  EXPECT_EQ(Values(positions.begin(), positions.begin() + 8),
            (Values{1, 1 + 7.0 / 3, 1 + 7.0 / 3, 1 + 7.0 / 3, 1 + 14.0 / 3, 1 + 14.0 / 3, 1 + 14.0 / 3, 8}));
  EXPECT_EQ(Values(positions.begin() + 8, positions.end()), (Values{1, 2.75, 4.5, 6.25, 2.75, 4.5, 6.25, 8}));
}

TEST(rope_tie, integer_steps_are_the_other_side_plus_1) {
  const Values positions = table("rope-tie", "positions", {{"segments", "text:1 image:2x3 text:1"}}, "integer");
  EXPECT_EQ(positions, (Values{1, 5, 5, 5, 9, 9, 9, 13, 1, 4, 7, 10, 4, 7, 10, 13}));   // L + (w+1)(h+1) = 13
}

TEST(rope_tie, v2_puts_unit_steps_in_the_middle) {
  const Values positions = table("rope-tie", "positions", {{"segments", "text:1 image:2x3 text:1"}}, "v2");
  EXPECT_EQ(positions, (Values{1, 4, 4, 4, 5, 5, 5, 8, 1, 3.5, 4.5, 5.5, 3.5, 4.5, 5.5, 8}));
}

TEST(rope_tie, rotations_between_whole_positions_are_as_exact) {
  const Values cosines = table("rope-tie", "cos", {{"segments", "text:1 image:2x3"}, {"head-dim", "4"}, {"layout", "compact"}, {"base", "1"}});
  const Values positions = table("rope-tie", "positions", {{"segments", "text:1 image:2x3"}, {"dtype", "f64"}});
  for (std::size_t token = 0; token < 7; ++token) {
    EXPECT_NEAR(cosines[2 * token], std::cos(positions[token]), 4e-16);
    EXPECT_NEAR(cosines[2 * token + 1], std::cos(positions[7 + token]), 4e-16);
  }
}

TEST(rope_tie, options_of_the_rotations_count_only_with_a_head) {
  EXPECT_EQ(refusal("rope-tie", {{"base", "100"}}), "rope-tie: --base counts only with --head-dim");
  EXPECT_EQ(refusal("rope-tie", {{"segments", "video:2x3x5"}}),
            "rope-tie: --segments, at character 1: 'video:2x3x5': 'video' is not one of text, image; nearest: text");
}

TEST(rope_tie, positions_know_texts_and_images) {
  const std::vector<TokenRun> runs = opened("rope-tie", "positions", {{"segments", "text:4 image:3x5 text:3"}}).runs;
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[1].kind, "image");
  EXPECT_EQ(runs[1].first, 4);
  EXPECT_EQ(runs[1].last, 19);
  EXPECT_EQ(runs[1].sizes, (std::vector<Index>{1, 3, 5}));
}

}  // namespace
}  // namespace pe
