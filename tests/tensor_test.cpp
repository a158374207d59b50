#include "core/tensor.h"

#include <gtest/gtest.h>

#include "support.h"

namespace pe {
namespace {

constexpr Index kLargest = std::numeric_limits<Index>::max();

TEST(tensor, checked_product_refuses_what_does_not_fit_in_63_bits) {
  EXPECT_EQ(checked_product(3, 4, "table"), 12);
  EXPECT_EQ(checked_product(0, kLargest, "table"), 0);
  EXPECT_EQ(checked_product(Index{1} << 31, Index{1} << 31, "table"), Index{1} << 62);
  EXPECT_EQ(message_of([] { checked_product(Index{1} << 32, Index{1} << 31, "table"); }), "table: 4294967296 x 2147483648 is more than 2^63");
  EXPECT_NE(message_of([] { checked_product(kLargest, 2, "table"); }), "");
}

TEST(tensor, check_size_counts_bytes_as_doubles_and_components) {
  Tensor t;
  t.name = "table";
  t.axes = {{"row", Index{1} << 30}, {"column", Index{1} << 29}};
  EXPECT_NO_THROW(check_size(t));                        // 2^59 elements of 8 bytes
  t.axes[1].size = Index{1} << 30;
  EXPECT_THROW(check_size(t), Error);                    // 2^60 elements: 2^63 bytes
  t.axes[1].size = Index{1} << 29;
  t.dtype = Dtype::c64;
  EXPECT_THROW(check_size(t), Error);                    // 2^59 elements of two doubles
}

TEST(tensor, a_table_that_cannot_be_is_refused_before_anything_is_allocated) {
  const Settings settings{{"grid", "1000000000000x1000000000000"}};
  EXPECT_NE(message_of([&] { find_scheme("sincos2d").open("", settings); }), "");
}

TEST(tensor, rows_are_all_axes_but_the_last) {
  EXPECT_EQ(counting_tensor({}).rows(), 1);
  EXPECT_EQ(counting_tensor({}).elements(), 1);
  EXPECT_EQ(counting_tensor({5}).rows(), 1);
  EXPECT_EQ(counting_tensor({5}).columns_count(), 5);
  EXPECT_EQ(counting_tensor({2, 3, 4}).rows(), 6);
  EXPECT_EQ(counting_tensor({2, 3, 4}).elements(), 24);
  EXPECT_EQ(counting_tensor({2, 3, 4}, Dtype::bf16).bytes(), 48);
  EXPECT_EQ(counting_tensor({2, 3}, Dtype::c64).row_width(), 6);
  EXPECT_EQ(counting_tensor({2, 3}, Dtype::c64).bytes(), 48);
}

TEST(tensor, a_held_tensor_gives_its_values_row_by_row) {
  const Tensor t = held_tensor("table", {{"row", 3}, {"column", 2}}, Dtype::f64, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(values(t), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(rows(t, 1, 1), (std::vector<double>{3, 4}));
  EXPECT_EQ(row_by_row(t), values(t));
}

TEST(tensor, a_tensor_without_elements_has_no_values) {
  EXPECT_TRUE(values(counting_tensor({0, 4})).empty());
  EXPECT_TRUE(values(counting_tensor({4, 0})).empty());
}

/// The tensor with the rows of `span` alone, as --rows leaves it.
Tensor cut(const Tensor& t, RowSpan span) {
  Tables tables{{t}, "label"};
  cut_rows(tables, span);
  return tables.tensors.front();
}

TEST(tensor, cutting_rows_keeps_their_values_and_loses_the_grid) {
  Tensor t = held_tensor("table", {{"row", 3}, {"column", 2}}, Dtype::f64, {1, 2, 3, 4, 5, 6});
  t.grid = TokenGrid{{1, 3}, "hw", 0};
  EXPECT_EQ(values(cut(t, {1, 3})), (std::vector<double>{3, 4, 5, 6}));
  EXPECT_EQ(row_by_row(cut(t, {1, 3})), (std::vector<double>{3, 4, 5, 6}));
  EXPECT_FALSE(cut(t, {1, 3}).grid);
  EXPECT_TRUE(cut(t, {0, 3}).grid);
  EXPECT_TRUE(cut(t, {}).grid);
}

TEST(tensor, cutting_rows_refuses_rows_that_are_not_there_and_leaves_tensors_without_rows) {
  EXPECT_EQ(message_of([] { cut(counting_tensor({3, 2}), {2, 9}); }), "--rows 2:9 is not inside the rows 0:3 of table");
  EXPECT_THROW(cut(counting_tensor({3, 2}), {0, 4}), Error);
  EXPECT_THROW(cut(counting_tensor({3, 2}), {3, 4}), Error);
  EXPECT_EQ(values(cut(counting_tensor({3}), {1, 2})), (std::vector<double>{0, 1, 2}));
}

TEST(tensor, shape_text_joins_the_sizes) {
  EXPECT_EQ(shape_text(counting_tensor({196, 768})), "196x768");
  EXPECT_EQ(shape_text(counting_tensor({7})), "7");
  EXPECT_EQ(shape_text(counting_tensor({})), "scalar");
}

}  // namespace
}  // namespace pe
