#include "core/rearrange.h"

#include <gtest/gtest.h>

#include "support.h"

namespace pe {
namespace {

TEST(rearrange, columns_are_taken_in_the_given_order_and_may_be_taken_twice) {
  const Tensor t = gather_columns(counting_tensor({2, 3}), {2, 0, 0, 1});
  EXPECT_EQ(shape_text(t), "2x4");
  EXPECT_EQ(values(t), (Values{2, 0, 0, 1, 5, 3, 3, 4}));
  EXPECT_EQ(row_by_row(t), values(t));
}

TEST(rearrange, a_complex_column_is_taken_with_both_its_parts) {
  EXPECT_EQ(values(gather_columns(counting_tensor({1, 2}, Dtype::c64), {1, 0})), (Values{2, 3, 0, 1}));
}

TEST(rearrange, rows_are_taken_in_the_given_order_in_every_block_of_the_axes_before) {
  const Tensor t = gather_rows(counting_tensor({2, 3, 1}), {2, 0});
  EXPECT_EQ(values(t), (Values{2, 0, 5, 3}));
  EXPECT_EQ(row_by_row(t), values(t));
  EXPECT_EQ(message_of([] { gather_rows(counting_tensor({3}), {0}); }), "table is 3: it has no rows to rearrange");
}

TEST(rearrange, joined_columns_stand_side_by_side_row_by_row) {
  const Tensor t = join_columns("both", {counting_tensor({2, 1}), counting_tensor({2, 2})});
  EXPECT_EQ(shape_text(t), "2x3");
  EXPECT_EQ(values(t), (Values{0, 0, 1, 1, 2, 3}));
  EXPECT_EQ(row_by_row(t), values(t));
  EXPECT_EQ(message_of([] { join_columns("both", {counting_tensor({2, 1}), counting_tensor({3, 1})}); }),
            "table 2x1 f32 and table 3x1 f32 do not stand side by side: they need the same rows and type");
}

}  // namespace
}  // namespace pe
