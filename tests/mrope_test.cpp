#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

TEST(mrope, on_text_only_is_rope) {
  for (const char* like : {"qwen2-vl", "qwen2.5-vl", "qwen3-vl"}) {
    SCOPED_TRACE(like);
    const char* base = like == std::string("qwen3-vl") ? "5000000" : "1000000";
    expect_near(table("mrope", "cos", {{"segments", "text:300"}}, like),
                table("rope", "cos", {{"head-dim", "128"}, {"length", "300"}, {"base", base}}), 1e-15);
  }
}

TEST(mrope, an_image_counts_rows_and_columns_from_the_first_free_position) {
  const Values ids = table("mrope", "position_ids", {{"segments", "text:2 image:4x6 text:1"}});   // 2 x 3 tokens
  EXPECT_EQ(ids, (Values{0, 1, 2, 2, 2, 2, 2, 2, 5,      // t
                         0, 1, 2, 2, 2, 3, 3, 3, 5,      // h
                         0, 1, 2, 3, 4, 2, 3, 4, 5}));   // w
}

TEST(mrope, seconds_stretch_the_frames_of_a_video_but_not_of_an_image) {
  const std::vector<Setting> settings{{"segments", "image:2x2x2 video:3x2x2"}, {"seconds-per-grid", "1.25"}};
  const Values ids = table("mrope", "position_ids", settings, "qwen2.5-vl");
  EXPECT_EQ(Values(ids.begin(), ids.begin() + 5), (Values{0, 0, 1, 3, 6}));   // 0, 2.5 and 5 positions on, cut to whole
}

TEST(mrope, frames_of_qwen3_are_blocks_of_their_own) {
  const Values ids = table("mrope", "position_ids", {{"segments", "video:2x2x4"}}, "qwen3-vl");
  EXPECT_EQ(ids, (Values{0, 0, 2, 2, 0, 0, 2, 2, 0, 1, 2, 3}));
}

TEST(mrope, interleaved_frequencies_take_turns_until_a_section_is_used_up) {
  // Sections 2, 1, 1: frequency 1 turns with h, 2 with w, 0 and 3 with t. One image token at row 1, column 1: h = w = 1, t = 0.
  const std::vector<Setting> settings{{"segments", "image:4x4"}, {"sections", "2,1,1"}, {"layout", "compact"}, {"base", "16"}};
  const Values sines = table("mrope", "sin", settings, "qwen3-vl");
  EXPECT_NEAR(sines[12], 0, 1e-16);
  EXPECT_NEAR(sines[13], std::sin(0.5), 1e-16);
  EXPECT_NEAR(sines[14], std::sin(0.25), 1e-16);
  EXPECT_NEAR(sines[15], 0, 1e-16);
}

TEST(mrope, rows_cut_tokens_out_of_rotations_and_ids_alike) {
  const std::vector<Setting> settings{{"segments", "text:2 image:4x6 text:1"}, {"rows", "3:5"}};
  EXPECT_EQ(table("mrope", "position_ids", settings), (Values{2, 2, 2, 2, 3, 4}));
  EXPECT_EQ(opened("mrope", "cos", settings).shape(), (std::vector<Index>{2, 128}));
}

TEST(mrope, position_ids_know_texts_images_and_videos_in_tokens) {
  const std::vector<Setting> settings{{"segments", "text:2 image:4x6 video:3x2x4"}};   // 2 + 2 x 3 + 3 x 1 x 2 tokens
  for (const char* like : {"qwen2-vl", "qwen3-vl"}) {
    SCOPED_TRACE(like);
    const std::vector<TokenRun> runs = opened("mrope", "position_ids", settings, like).runs;
    ASSERT_EQ(runs.size(), 3u);
    EXPECT_EQ(runs[0].kind, "text");
    EXPECT_EQ(runs[1].kind, "image");
    EXPECT_EQ(runs[1].sizes, (std::vector<Index>{1, 2, 3}));
    EXPECT_EQ(runs[2].kind, "video");
    EXPECT_EQ(runs[2].sizes, (std::vector<Index>{3, 1, 2}));
    EXPECT_EQ(runs[2].first, 8);
    EXPECT_EQ(runs[2].last, 14);
  }
  std::vector<Setting> cut = settings;
  cut.push_back({"rows", "5:9"});
  const std::vector<TokenRun> runs = opened("mrope", "position_ids", cut).runs;
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].last, 3);
  EXPECT_EQ(runs[1].kind, "video");
}

TEST(mrope, points_at_the_word_with_the_typo) {
  EXPECT_EQ(refusal("mrope", {{"segments", "text:8 imgae:1x4x6"}}),
            "mrope: --segments, at character 8: 'imgae:1x4x6': 'imgae' is not one of text, image, video; nearest: image");
  EXPECT_EQ(refusal("mrope", {{"segments", "text:8 image:4x"}}), "mrope: --segments, at character 8: 'image:4x': size '' is not a whole number");
  EXPECT_EQ(refusal("mrope", {{"segments", "text:8 video:4x6"}}), "mrope: --segments, at character 8: 'video:4x6': a video has the sizes TxHxW");
}

TEST(mrope, refuses_patches_that_do_not_merge_and_sections_that_are_none) {
  EXPECT_EQ(refusal("mrope", {{"segments", "image:5x6"}}), "mrope: --segments, at character 1: 'image:5x6': --merge 2 does not divide 5");
  EXPECT_EQ(refusal("mrope", {{"sections", "16,24"}}), "mrope: --sections has 2 numbers; needs 3, for t, h and w");
  EXPECT_EQ(refusal("mrope", {{"sections", "16,-24,24"}}), "mrope: --sections 16,-24,24 is not in 1..10000");
  EXPECT_EQ(refusal("mrope", {{"segments", "video:1x2x2"}, {"seconds-per-grid", "1,2"}}, "qwen2.5-vl"),
            "mrope: --seconds-per-grid has 2 values; needs 1, or one per video (1)");
}

}  // namespace
}  // namespace pe
