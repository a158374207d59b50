#include <gtest/gtest.h>

#include <numeric>

#include "support.h"

namespace pe {
namespace {

constexpr const char* kIndex = "relative_position_index";
constexpr const char* kBias = "relative_position_bias";

/// 0, 1, 2, ... as a table [rows, heads].
Setting counting_table(Index rows, Index heads) {
  Values numbers(static_cast<std::size_t>(rows * heads));
  std::iota(numbers.begin(), numbers.end(), 0.0);
  return given("table", {rows, heads}, numbers);
}

TEST(swin, index_of_a_2x2_window_counts_offsets_from_the_last_key_back) {
  EXPECT_EQ(table("swin", kIndex, {{"window", "2"}}), (Values{4, 3, 1, 0,
                                                                       5, 4, 2, 1,
                                                                       7, 6, 4, 3,
                                                                       8, 7, 5, 4}));
}

TEST(swin, swapping_query_and_key_mirrors_the_index_about_its_middle) {
  const Values index = table("swin", kIndex, {{"window", "4x6"}});
  const std::size_t cells = 24, last = 7 * 11 - 1;
  for (std::size_t query = 0; query < cells; ++query) {
    for (std::size_t key = 0; key < cells; ++key) EXPECT_EQ(index[query * cells + key] + index[key * cells + query], last);
  }
}

TEST(swin, a_cell_and_itself_have_the_middle_row_of_the_table) {
  const Values index = table("swin", kIndex, {{"window", "7"}});
  for (std::size_t cell = 0; cell < 49; ++cell) EXPECT_EQ(index[cell * 49 + cell], 84);
}

TEST(swin, bias_is_the_table_gathered_by_the_index_for_every_head) {
  const std::vector<Setting> settings{{"window", "2x3"}, counting_table(15, 2)};
  const Values index = table("swin", kIndex, settings), bias = table("swin", kBias, settings);
  ASSERT_EQ(bias.size(), 2 * index.size());
  for (std::size_t i = 0; i < index.size(); ++i) {
    EXPECT_EQ(bias[i], 2 * index[i]);
    EXPECT_EQ(bias[index.size() + i], 2 * index[i] + 1);
  }
}

TEST(swin, beit_has_three_rows_more_for_its_class_token) {
  EXPECT_EQ(table("swin", kIndex, {{"window", "1x2"}}, "beit"), (Values{5, 3, 3,
                                                                             4, 1, 0,
                                                                             4, 2, 1}));
  EXPECT_EQ(opened("swin", "relative_position_bias_table", {{"window", "7"}}, "beit").shape(), (std::vector<Index>{172, 3}));
}

TEST(swin, uformer_repeats_every_key_in_place) {
  const Tensor bias = opened("swin", kBias, {{"window", "1x2"}, {"repeat", "2"}, counting_table(3, 1)}, "uformer");
  EXPECT_EQ(bias.shape(), (std::vector<Index>{1, 2, 4}));
  EXPECT_EQ(values(bias), (Values{1, 1, 0, 0,
                                  2, 2, 1, 1}));
}

TEST(swin, seed_has_one_head_and_no_axis_for_it) {
  EXPECT_EQ(opened("swin", kBias, {{"window", "2x3"}}, "seed").shape(), (std::vector<Index>{6, 6}));
  EXPECT_EQ(opened("swin", "relative_position_bias_table", {{"window", "2x3"}}, "seed").shape(), (std::vector<Index>{15}));
  EXPECT_EQ(refusal("swin", {{"heads", "3"}}, "seed"), "swin: --heads 3 does not go with --squeeze, which leaves out the axis of one head");
}

TEST(swin, rows_are_the_queries_of_every_head_and_the_table_stays_whole) {
  const std::vector<Setting> whole{{"window", "2x3"}, counting_table(15, 2)};
  std::vector<Setting> cut = whole;
  cut.push_back({"rows", "4:6"});
  const Values all = table("swin", kBias, whole);
  Values expected(all.begin() + 4 * 6, all.begin() + 6 * 6);               // head 0
  expected.insert(expected.end(), all.begin() + 10 * 6, all.end());        // head 1
  EXPECT_EQ(table("swin", kBias, cut), expected);
  EXPECT_EQ(opened("swin", "relative_position_bias_table", cut).shape(), (std::vector<Index>{15, 2}));
}

TEST(swin, cut_rows_are_the_same_whatever_the_block_size) {
  const Tensor bias = opened("swin", kBias, {{"window", "3"}, {"rows", "2:7"}});
  const Values all = values(bias);
  Values by_row(all.size());
  for (Index row = 0; row < bias.rows(); ++row) bias.fill(row, std::span(by_row).subspan(static_cast<std::size_t>(row * 9), 9));
  EXPECT_EQ(by_row, all);
}

TEST(swin, heads_are_those_of_the_table_when_none_are_named) {
  EXPECT_EQ(opened("swin", kBias, {{"window", "2x3"}, counting_table(15, 5)}).shape(), (std::vector<Index>{5, 6, 6}));
}

TEST(swin, a_table_of_another_window_is_refused_with_both_shapes) {
  EXPECT_EQ(refusal("swin", {{"window", "3"}, counting_table(15, 2)}),
            "swin: --table test.npy: expected [25, 2], [relative positions, heads]; found [15, 2]");
}

TEST(swin, a_seed_beside_a_table_is_refused) {
  EXPECT_EQ(refusal("swin", {{"window", "2x3"}, counting_table(15, 2), {"seed", "1"}}), "swin: --seed does not go with --table");
}

TEST(swin, more_numbers_than_memory_holds_are_not_drawn) {
  const std::string message = refusal("swin", {{"window", "1024"}, {"heads", "4096"}});
  EXPECT_TRUE(message.starts_with("swin: relative_position_bias_table of 4190209x4096 values is held in memory: all needs 137 GB")) << message;
}

}  // namespace
}  // namespace pe
