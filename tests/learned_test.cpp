// learned1d, learned2d, factorized: what is drawn, and which cells of a grid take which of it.

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/random.h"
#include "support.h"

namespace pe {
namespace {

Values slice(const Values& values, std::ptrdiff_t first, std::ptrdiff_t count) {
  return {values.begin() + first, values.begin() + first + count};
}

TEST(learned1d, seed_0_gives_what_torch_manual_seed_0_and_randn_give) {
  const Values values = table("learned1d", "pos_embed", {{"length", "1"}, {"dim", "8"}, {"seed", "0"}});
  ASSERT_EQ(values.size(), 16u);   // the class token's row is drawn, too
  EXPECT_NEAR(values[0], -1.1258, 5e-5);
  EXPECT_NEAR(values[15], -0.2473, 5e-5);
}

TEST(learned1d, is_drawn_once_whatever_the_blocks_it_is_read_in) {
  const Tensor tensor = opened("learned1d", "pos_embed", {{"length", "6"}, {"dim", "5"}});
  const Values whole = values(tensor);
  for (Index row = 6; row >= 0; --row) {
    Values one(5);
    tensor.fill(row, one);
    EXPECT_EQ(one, slice(whole, row * 5, 5));
  }
}

TEST(learned1d, a_grid_is_as_many_positions_as_it_has_cells) {
  EXPECT_EQ(table("learned1d", "pos_embed", {{"dim", "4"}, {"grid", "3x5"}}), table("learned1d", "pos_embed", {{"dim", "4"}, {"length", "15"}}));
}

TEST(learned1d, a_cut_that_leaves_next_to_nothing_is_refused) {
  EXPECT_THROW(table("learned1d", "pos_embed", {{"init", "trunc-normal"}, {"std", "0.02"}, {"trunc", "1:2"}}), Error);
}

TEST(learned1d, a_table_that_no_memory_holds_is_refused_before_it_is_drawn) {
  EXPECT_THROW(find_scheme("learned1d").open("", {{"length", "1000000000000"}}), Error);
}

TEST(learned1d, a_constant_table_is_held_nowhere_and_may_be_of_any_length) {
  const Tensor tensor = opened("learned1d", "pos_embed", {{"length", "1000000000000"}, {"dim", "2"}, {"init", "constant"}, {"value", "0.5"}});
  Values row(2);
  tensor.fill(999999999999, row);
  EXPECT_EQ(row, (Values{0.5, 0.5}));
}

TEST(learned1d, the_seed_of_a_table_that_draws_nothing_is_refused) {
  EXPECT_THROW(table("learned1d", "pos_embed", {{"init", "zeros"}, {"seed", "1"}}), Error);
  EXPECT_THROW(table("factorized", "pos_embed", {{"basis", "sincos"}, {"seed", "1"}}), Error);
}

TEST(learned2d, cell_h_w_takes_row_h_plus_start_and_column_w_plus_start) {
  const std::vector<Setting> settings{{"grid", "2x3"}, {"max-size", "4x8"}, {"start", "1,5"}, {"dim", "2"}};
  const Values all = table("learned2d", "table", settings), gathered = table("learned2d", "pos_embed", settings);
  EXPECT_EQ(slice(gathered, 0, 6), slice(all, (1 * 8 + 5) * 2, 6));
  EXPECT_EQ(slice(gathered, 6, 6), slice(all, (2 * 8 + 5) * 2, 6));
}

TEST(learned2d, fractional_cells_take_the_entry_at_the_same_part_of_the_side) {
  const std::vector<Setting> settings{{"grid", "1x4"}, {"max-size", "1x6"}, {"coords", "fractional"}, {"dim", "1"}};
  const Values all = table("learned2d", "table", settings);
  EXPECT_EQ(table("learned2d", "pos_embed", settings), (Values{all[0], all[1], all[3], all[4]}));   // 0, 1.5, 3, 4.5
}

TEST(learned2d, a_cell_behind_the_end_of_the_table_is_refused) {
  EXPECT_THROW(table("learned2d", "pos_embed", {{"grid", "4"}, {"start", "1"}}), Error);
}

TEST(factorized, the_rows_table_is_drawn_before_the_columns) {
  const auto random = make_random("torch", 3);
  const std::vector<Setting> settings{{"grid", "4x5"}, {"dim", "8"}, {"seed", "3"}};
  EXPECT_EQ(table("factorized", "row_table", settings), random->normal(32, 1));
  EXPECT_EQ(table("factorized", "col_table", settings), random->normal(40, 1));
}

TEST(factorized, combines_a_row_and_a_column_by_sum_product_or_side_by_side) {
  const std::vector<Setting> settings{{"grid", "1"}, {"dim", "1"}, {"init", "uniform"}};
  const double row = table("factorized", "row_table", settings)[0], column = table("factorized", "col_table", settings)[0];
  const auto combined = [&](std::vector<Setting> more) {
    more.insert(more.end(), settings.begin(), settings.end());
    return table("factorized", "pos_embed", more);
  };
  EXPECT_EQ(combined({{"combine", "sum"}}), (Values{row + column}));
  EXPECT_EQ(combined({{"combine", "product"}}), (Values{row * column}));
  const std::vector<Setting> two{{"grid", "1"}, {"dim", "2"}, {"init", "uniform"}, {"combine", "concat"}};
  EXPECT_EQ(table("factorized", "pos_embed", two), (Values{row, column}));
  EXPECT_EQ(table("factorized", "pos_embed", {{"grid", "1"}, {"dim", "2"}}, "detr").size(), 2u);
}

TEST(factorized, fourier_tables_hold_whole_numbers_of_half_turns_exactly) {
  // Entry 1 of 2: 2^k pi / 2 is a quarter turn, then a half, then whole ones, up to 2^199.
  const Values rows = table("factorized", "row_table", {{"grid", "2x1"}, {"dim", "400"}, {"basis", "fourier"}, {"dtype", "f64"}});
  const Values entry = slice(rows, 400, 400);
  EXPECT_EQ(slice(entry, 0, 4), (Values{1, 0, 0, -1}));
  for (std::size_t k = 2; k < 200; ++k) {
    EXPECT_EQ(entry[2 * k], 0);
    EXPECT_EQ(entry[2 * k + 1], 1);
  }
}

}  // namespace
}  // namespace pe
