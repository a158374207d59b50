#include "analysis/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include "analysis/matching.h"
#include "analysis/units.h"
#include "core/rearrange.h"
#include "figures/figure.h"
#include "support.h"

namespace pe {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();

Tensor table_of(std::vector<Index> shape, Values numbers, Dtype dtype = Dtype::f32) {
  std::vector<Axis> axes;
  for (const Index size : shape) axes.push_back({"axis", size});
  return held_tensor("table", std::move(axes), dtype, std::move(numbers));
}

Tensor row_of_numbers(Values numbers, Dtype dtype = Dtype::f32) {
  const auto columns = static_cast<Index>(numbers.size()) / components(dtype);
  return table_of({1, columns}, std::move(numbers), dtype);
}

Comparison compared(const Tensor& a, const Tensor& b, const Tolerance& tolerance = {}) { return compare(a, b, tolerance, 1); }

/// Whole numbers beyond 2^53, with all digits.
Tensor long_integers(const std::vector<std::int64_t>& numbers) {
  Tensor tensor = row_of_numbers(Values(numbers.begin(), numbers.end()), Dtype::i64);
  tensor.fill = Fill([numbers](Index, std::span<double> out) { std::copy(numbers.begin(), numbers.end(), out.begin()); }, Dtype::i64,
                     [numbers](Index, std::span<std::byte> out) { std::memcpy(out.data(), numbers.data(), out.size()); });
  return tensor;
}

TEST(compare, gives_the_largest_differences_with_their_places_and_values) {
  const Comparison found = compared(table_of({2, 3}, {1, 2, 3, 4, 5, 6}), table_of({2, 3}, {1, 2, 3.5, 4, 5, 8}));
  EXPECT_EQ(found.elements, 6);
  EXPECT_EQ(found.equal, 4);
  EXPECT_FALSE(found.is_equal());
  EXPECT_EQ(found.absolute->size, 2);
  EXPECT_EQ(found.absolute->element, 5);
  EXPECT_EQ(found.absolute->a, 6.0);
  EXPECT_EQ(found.absolute->b, 8.0);
  EXPECT_EQ(found.relative->size, 0.25);   // 2 / 8, more than 0.5 / 3.5
  EXPECT_EQ(found.first->element, 2);
  EXPECT_EQ(found.rows_different, 2);
  EXPECT_EQ(place_of(table_of({2, 3}, Values(6)), 5), (std::vector<Index>{1, 2}));
}

TEST(compare, counts_units_in_the_last_place) {
  // The f32 after 1 is 1 + 2^-23; two steps further up is 1 + 3 * 2^-23; below 1 steps are half as long.
  const Comparison found = compared(row_of_numbers({1, 1, 1}), row_of_numbers({1 + 0x1p-23, 1 + 3 * 0x1p-23, 1 - 0x1p-24}));
  EXPECT_EQ(found.ulps->size, 3);
  EXPECT_EQ(found.ulps->element, 1);
  EXPECT_EQ(compared(row_of_numbers({0x1p-149}), row_of_numbers({-0x1p-149})).ulps->size, 2);   // the smallest numbers, over zero
  EXPECT_EQ(compared(row_of_numbers({1}, Dtype::f16), row_of_numbers({1 + 0x1p-10}, Dtype::f16)).ulps->size, 1);
  EXPECT_EQ(compared(row_of_numbers({1}, Dtype::f64), row_of_numbers({1 + 0x1p-52}, Dtype::f64)).ulps->size, 1);
}

TEST(compare, units_are_those_of_the_coarser_type_after_rounding_to_it) {
  const Tensor fine = row_of_numbers({1.001}), coarse = row_of_numbers({1}, Dtype::bf16);
  const Comparison found = compared(fine, coarse);
  EXPECT_EQ(found.unit, Dtype::bf16);
  EXPECT_EQ(found.ulps->size, 0);
  EXPECT_FALSE(found.is_equal());
  EXPECT_TRUE(compared(fine, coarse, {.ulps = 0}).is_equal());
  EXPECT_EQ(coarser(Dtype::i64, Dtype::f16), Dtype::f16);
  EXPECT_EQ(coarser(Dtype::c64, Dtype::f64), Dtype::f32);
  EXPECT_EQ(coarser(Dtype::u8, Dtype::i32), Dtype::i64);
}

TEST(compare, takes_nan_for_nan_and_both_zeros_for_zero) {
  EXPECT_TRUE(compared(row_of_numbers({kNan, 0, -kInfinity}), row_of_numbers({kNan, -0.0, -kInfinity})).is_equal());
  const Comparison found = compared(row_of_numbers({kNan, 1, kInfinity}), row_of_numbers({1, kNan, -kInfinity}), {.absolute = 1e300});
  EXPECT_EQ(found.nan_in_one, 2);
  EXPECT_EQ(found.admitted, 0);
  EXPECT_EQ(found.absolute->size, kInfinity);
  EXPECT_EQ(found.first->element, 0);
}

TEST(compare, admits_what_any_of_the_given_limits_admits) {
  const Tensor a = row_of_numbers({100, 0.001}), b = row_of_numbers({101, 0.003});
  EXPECT_EQ(compared(a, b, {.absolute = 0.01}).admitted, 1);
  EXPECT_EQ(compared(a, b, {.relative = 0.01}).admitted, 1);
  EXPECT_EQ(compared(a, b, {.absolute = 0.01, .relative = 0.01}).admitted, 2);
  EXPECT_EQ(compared(row_of_numbers({1, 5}), row_of_numbers({1 + 0x1p-23, 6}), {.absolute = 1, .ulps = 1}).admitted, 2);
  EXPECT_EQ(compared(row_of_numbers({1, 5}), row_of_numbers({1 + 0x1p-23, 6}), {.ulps = 1}).admitted, 1);
}

TEST(compare, keeps_all_digits_of_long_integers) {
  const std::int64_t large = (std::int64_t{1} << 60) + 1;   // not a double
  const Comparison found = compared(long_integers({large, 5}), long_integers({large + 2, 5}));
  EXPECT_EQ(found.equal, 1);
  EXPECT_EQ(found.absolute->size, 2);
  EXPECT_EQ(found.unit, Dtype::i64);
  EXPECT_FALSE(compared(long_integers({large}), row_of_numbers({0x1p60}, Dtype::f64)).is_equal());
  EXPECT_TRUE(compared(long_integers({3}), row_of_numbers({3}, Dtype::f32)).is_equal());
}

TEST(compare, takes_a_real_number_for_a_complex_one_without_imaginary_part) {
  EXPECT_TRUE(compared(row_of_numbers({1, 0, 2, 0}, Dtype::c64), row_of_numbers({1, 2})).is_equal());
  const Comparison found = compared(row_of_numbers({1, 0, 2, 3}, Dtype::c64), row_of_numbers({1, -2}));
  EXPECT_EQ(found.elements, 2);
  EXPECT_EQ(found.absolute->size, 5);   // 2 + 3i to -2 is 4 + 3i
  EXPECT_EQ(found.absolute->a, std::complex<double>(2, 3));
}

TEST(compare, gives_the_cosine_of_both_tables_as_vectors) {
  EXPECT_DOUBLE_EQ(*compared(row_of_numbers({3, 4}), row_of_numbers({4, 3})).cosine, 24.0 / 25);
  EXPECT_EQ(*compared(row_of_numbers({1, 2}), row_of_numbers({-2, -4})).cosine, -1);
  EXPECT_EQ(*compared(row_of_numbers({kNan, 3, 4}), row_of_numbers({1, 3, 4})).cosine, 1);
  EXPECT_FALSE(compared(row_of_numbers({0, 0}), row_of_numbers({1, 2})).cosine);
}

TEST(compare, finds_nothing_in_tables_without_values) {
  const Comparison found = compared(table_of({0, 3}, {}), table_of({0, 3}, {}));
  EXPECT_TRUE(found.is_equal());
  EXPECT_EQ(found.elements, 0);
}

TEST(compare, gives_the_same_on_any_number_of_threads) {
  const Tensor a = opened("sincos1d", "pos_embed", {{"dim", "64"}, {"length", "20000"}});
  const Tensor b = opened("sincos1d", "pos_embed", {{"dim", "64"}, {"length", "20000"}, {"compute", "f32"}});
  const Comparison one = compare(a, b, {}, 1), many = compare(a, b, {}, 5);
  EXPECT_EQ(one.equal, many.equal);
  EXPECT_EQ(one.absolute->element, many.absolute->element);
  EXPECT_EQ(one.relative->element, many.relative->element);
  EXPECT_EQ(one.first->element, many.first->element);
  EXPECT_EQ(*one.cosine, *many.cosine);
  EXPECT_LT(one.growth.front(), one.growth.back());   // angles in f32
}

TEST(compare, recognises_a_rounding) {
  const Values numbers{0.1, 1.0 / 3, -2.7};
  const Tensor exact = row_of_numbers(stored(numbers, Dtype::f32)), coarse = row_of_numbers(stored(stored(numbers, Dtype::f32), Dtype::bf16));
  EXPECT_EQ(rounding(exact, coarse, 1), Dtype::bf16);
  EXPECT_FALSE(rounding(coarse, exact, 1));
  EXPECT_EQ(rounding(exact, row_of_numbers(stored(numbers, Dtype::f16)), 1), Dtype::f16);
}

TEST(difference, is_zero_where_values_are_the_same_and_has_a_symmetric_range) {
  const Tensor a = table_of({1, 4}, {-kInfinity, kNan, 1, 2}), b = table_of({1, 4}, {-kInfinity, kNan, 3, 1});
  const Tensor minus = difference(a, b, compared(a, b));
  EXPECT_EQ(values(minus), (Values{0, 0, -2, 1}));
  EXPECT_EQ(minus.name, "difference");
  EXPECT_EQ(minus.range->low, -2);
  EXPECT_EQ(minus.range->high, 2);
  const Tensor c = table_of({1, 4}, {0, 0, 0, 0});
  EXPECT_FALSE(difference(a, c, compared(a, c)).range);
}

// The figure of a difference.

Canvas drawn(const Tensor& a, const Tensor& b) { return find_figure("difference").draw(difference(a, b, compared(a, b)), {"A − B", "", {}}); }

Index pixels_of(const Canvas& canvas, Color color) {
  Index count = 0;
  for (Index y = 0; y < canvas.height(); ++y) {   // without the colour bar
    for (Index x = 0; x < canvas.width() / 3; ++x) count += canvas.pixel(x, y) == color;
  }
  return count;
}

TEST(difference_figure, keeps_the_largest_difference_of_cells_that_share_a_pixel) {
  // 4000 rows, 4 a pixel; one value differs, downwards.
  Values one(4000, 0.5), other = one;
  other[2001] = 1.5;
  const Color most_negative{5, 48, 97};   // the end of blue-red
  const Canvas canvas = drawn(table_of({4000, 1}, one), table_of({4000, 1}, other));
  EXPECT_GT(pixels_of(canvas, most_negative), 0);
  EXPECT_EQ(pixels_of(canvas, {103, 0, 31}), 0);
  EXPECT_EQ(pixels_of(drawn(table_of({4000, 1}, one), table_of({4000, 1}, one)), most_negative), 0);
}

TEST(difference_figure, draws_no_other_table) {
  EXPECT_EQ(find_figure("difference").why_not(counting_tensor({2, 2})),
            "difference draws what pe-gen compare A B makes, A - B; table is one table");
}

// What would make tables equal.

std::vector<std::string> steps(const Tensor& a, const Tensor& b, const MatchOptions& options = {}) {
  const std::vector<Match> matches = find_matches(a, b, options);
  return matches.empty() ? std::vector<std::string>() : matches.front().names;
}

using Names = std::vector<std::string>;

Tensor rope(const std::string& tensor, const std::string& layout) {
  return opened("rope", tensor, {{"head-dim", "32"}, {"length", "50"}, {"layout", layout}});
}

Tensor sincos1d(Settings settings) {
  settings.push_back({"dim", "24"});
  return opened("sincos1d", "pos_embed", settings);
}

Tensor sincos2d(Settings settings, const std::string& grid = "5x8", const std::string& like = "") {
  settings.push_back({"dim", "48"});
  settings.push_back({"grid", grid});
  return opened("sincos2d", "pos_embed", settings, like);
}

TEST(matches, name_the_layout_of_rotary_tables) {
  EXPECT_EQ(steps(rope("cos", "half"), rope("cos", "interleaved")), (Names{"pairs-to-halves"}));
  EXPECT_EQ(steps(rope("sin", "interleaved"), rope("sin", "half")), (Names{"halves-to-pairs"}));
  EXPECT_EQ(steps(rope("cos", "compact"), rope("cos", "half")), (Names{"halves-of-compact"}));
  EXPECT_EQ(steps(rope("cos", "interleaved"), rope("cos", "compact")), (Names{"pairs-of-compact"}));
  EXPECT_EQ(steps(rope("cos", "compact"), rope("cis", "complex")), (Names{"real-part"}));
  EXPECT_EQ(steps(rope("cis", "complex"), rope("sin", "half")), (Names{"imaginary-part", "halves-of-compact"}));
  const Match match = find_matches(rope("cos", "half"), rope("cos", "interleaved"), {}).front();
  EXPECT_EQ(match.action, "the columns of B are taken from pairs to halves, even ones first, then odd ones");
  EXPECT_EQ(match.meanings, (Names{"B follows --layout interleaved, A half"}));
}

TEST(matches, find_joined_cosines_and_sines) {
  const Tensor cos = rope("cos", "compact"), sin = rope("sin", "compact");
  const Tensor joined = join_columns("cache", {cos, sin});
  EXPECT_EQ(steps(cos, joined), (Names{"first-half"}));
  EXPECT_EQ(steps(joined, sin), (Names{"second-half"}));
  EXPECT_EQ(steps(joined, join_columns("cache", {sin, cos})), (Names{"halves-swapped"}));
  EXPECT_EQ(steps(joined, rope("cis", "complex")), (Names{"complex-as-pairs", "pairs-to-halves"}));
}

TEST(matches, name_layout_and_order_of_sines_and_cosines) {
  const Tensor plain = sincos1d({});
  EXPECT_EQ(steps(plain, sincos1d({{"layout", "concat"}})), (Names{"halves-to-pairs"}));
  EXPECT_EQ(steps(plain, sincos1d({{"cos-first", ""}})), (Names{"pairs-swapped"}));
  EXPECT_EQ(steps(plain, sincos1d({{"layout", "concat"}, {"cos-first", ""}})), (Names{"halves-to-pairs", "pairs-swapped"}));
  EXPECT_EQ(steps(plain, sincos1d({{"reverse", ""}})), (Names{"rows-reversed"}));
  const Match match = find_matches(sincos1d({{"layout", "concat"}}), sincos1d({{"layout", "concat"}, {"cos-first", ""}}), {}).front();
  EXPECT_EQ(match.meanings, (Names{"sines and cosines stand the other way round (--cos-first)"}));
}

TEST(matches, name_the_order_of_axes_and_of_cells) {
  const Tensor plain = sincos2d({});
  EXPECT_EQ(steps(plain, sincos2d({{"axes", "hw"}})), (Names{"halves-swapped"}));
  EXPECT_EQ(find_matches(plain, sincos2d({{"axes", "hw"}}), {}).front().meanings,
            (Names{"the blocks of two axes, w and h, stand the other way round (--axes)"}));
  EXPECT_EQ(steps(plain, sincos2d({{"flatten", "wh"}})), (Names{"cells-by-column"}));
  EXPECT_EQ(find_matches(plain, sincos2d({{"flatten", "wh"}}), {}).front().action,
            "the rows of B are taken as the cells of a 5x8 grid, in the other order");
  EXPECT_EQ(steps(plain, sincos2d({{"flatten", "wh"}, {"axes", "hw"}})), (Names{"cells-by-column", "halves-swapped"}));
  EXPECT_EQ(steps(plain, sincos2d({}, "5x8", "timm")), (Names{"concat-of-grouped"}));
  EXPECT_EQ(steps(sincos2d({}, "5x8", "timm"), plain), (Names{"grouped-of-concat"}));
  EXPECT_EQ(steps(plain, sincos2d({{"layout", "interleaved"}})), (Names{"pairs-to-halves-in-2"}));
}

TEST(matches, on_a_square_grid_are_both_that_explain_it) {
  const std::vector<Match> matches = find_matches(sincos2d({}, "6x6"), sincos2d({{"axes", "hw"}}, "6x6"), {});
  ASSERT_EQ(matches.size(), 2u);
  EXPECT_EQ(matches[0].names, (Names{"halves-swapped"}));
  EXPECT_EQ(matches[1].names, (Names{"cells-by-column"}));
}

TEST(matches, find_the_grid_where_only_the_rows_are_known) {
  Tensor a = sincos2d({}), b = sincos2d({{"flatten", "wh"}});
  a.grid.reset();
  b.grid.reset();
  EXPECT_EQ(steps(a, b), (Names{"cells-by-column"}));
  EXPECT_EQ(steps(a, b, {.grid = {5, 8}}), (Names{"cells-by-column"}));
  EXPECT_EQ(steps(a, b, {.grid = {4, 10}}), (Names{}));
}

TEST(matches, name_prefix_rows_and_later_first_positions) {
  EXPECT_EQ(steps(sincos2d({{"prefix-tokens", "1"}}), sincos2d({})), (Names{"leading-rows"}));
  EXPECT_EQ(steps(sincos2d({}), sincos2d({{"prefix-tokens", "1"}, {"axes", "hw"}})), (Names{"leading-rows", "halves-swapped"}));
  EXPECT_EQ(steps(sincos2d({}, "5x8", "moco-v3"), sincos2d({})), (Names{"leading-rows", "cells-by-column"}));
  EXPECT_EQ(steps(sincos1d({{"length", "40"}}), sincos1d({{"length", "30"}})), (Names{"trailing-rows"}));
  EXPECT_EQ(steps(sincos1d({{"start", "2"}}), sincos1d({})), (Names{"rows-shifted"}));
  EXPECT_EQ(find_matches(sincos1d({{"start", "2"}, {"length", "30"}}), sincos1d({{"length", "30"}}), {}).front().action,
            "row i of A is taken beside row i + 2 of B, for the 28 rows that both have");
}

TEST(matches, see_through_other_shapes) {
  const Tensor plain = sincos2d({});
  EXPECT_EQ(steps(sincos2d({{"batch-dim", ""}}), plain), (Names{"axes-of-one"}));
  EXPECT_EQ(steps(sincos2d({{"batch-dim", ""}}), sincos2d({{"axes", "hw"}})), (Names{"axes-of-one", "halves-swapped"}));
  const Tensor grid = table_of({5, 8, 48}, values(plain)), turned = table_of({3, 2}, {1, 4, 2, 5, 3, 6});
  EXPECT_EQ(steps(plain, grid), (Names{"reshaped"}));
  EXPECT_EQ(steps(table_of({}, {3}), table_of({1, 1}, {3})), (Names{"axes-of-one"}));
  EXPECT_EQ(steps(table_of({2, 3}, {1, 2, 3, 4, 5, 6}), turned), (Names{"transposed"}));
  const Tensor images = opened("detr", "pos_embed", {{"dim", "48"}, {"grid", "5x8"}});
  const Tensor cells = sincos2d({{"start", "1"}}, "5x8", "positional-encodings");
  EXPECT_EQ(steps(cells, images), (Names{"axes-120"}));
  EXPECT_EQ(steps(images, cells), (Names{"channels-last"}));
}

TEST(matches, find_signs_and_factors) {
  const Tensor sin = rope("sin", "half");
  Values negated = values(sin), scaled = negated;
  for (double& value : negated) value = -value;
  for (double& value : scaled) value *= 1.25;
  EXPECT_EQ(steps(sin, table_of({50, 32}, negated)), (Names{"negated"}));
  const Tensor larger = table_of({50, 32}, stored(scaled, Dtype::f32)), plain = table_of({50, 32}, stored(values(sin), Dtype::f32));
  const std::vector<Match> matches = find_matches(larger, plain, {});
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].action, "B is multiplied by 1.25");
  EXPECT_TRUE(matches[0].is_rounded);
}

TEST(matches, find_any_order_of_columns) {
  const Tensor a = opened("learned1d", "pos_embed", {{"dim", "7"}, {"length", "9"}});
  EXPECT_EQ(find_matches(a, gather_columns(a, {4, 0, 6, 1, 3, 2, 5}), {}).front().action, "B's columns are taken in the order 1, 3, 5, 4, 0, 6, 2");
}

TEST(matches, of_other_types_are_equal_when_rounded) {
  const Tensor fine = sincos2d({}), other = sincos2d({{"axes", "hw"}, {"dtype", "bf16"}});
  const Tensor coarse = table_of(other.shape(), stored(values(other), Dtype::bf16), Dtype::bf16);
  const std::vector<Match> matches = find_matches(fine, coarse, {});
  ASSERT_FALSE(matches.empty());
  EXPECT_EQ(matches[0].names, (Names{"halves-swapped"}));
  EXPECT_EQ(matches[0].rounded_to, Dtype::bf16);
}

TEST(matches, are_near_where_none_is_exact) {
  const Tensor exact = rope("cos", "half");
  const Tensor framework = opened("rope", "cos", {{"head-dim", "32"}, {"length", "50"}, {"layout", "interleaved"}, {"compute", "f32"}});
  const std::vector<Match> matches = find_matches(exact, framework, {});
  ASSERT_FALSE(matches.empty());
  EXPECT_EQ(matches[0].names, (Names{"pairs-to-halves"}));
  ASSERT_TRUE(matches[0].nearly);
  EXPECT_LT(matches[0].nearly->absolute->size, 1e-5);
}

TEST(matches, are_none_of_tables_that_have_nothing_to_do_with_each_other) {
  EXPECT_TRUE(steps(rope("cos", "half"), rope("sin", "half")).empty());
  EXPECT_TRUE(steps(opened("learned1d", "pos_embed", {{"dim", "16"}, {"length", "9"}}),
                    opened("learned1d", "pos_embed", {{"dim", "16"}, {"length", "9"}, {"seed", "1"}})).empty());
  EXPECT_TRUE(steps(table_of({0, 3}, {}), table_of({2, 3}, Values(6))).empty());
  EXPECT_TRUE(steps(table_of({2}, {1, 2}), table_of({1}, {3})).empty());   // some factor would do
  EXPECT_TRUE(steps(long_integers({(std::int64_t{1} << 60) + 1, 5}), long_integers({5, (std::int64_t{1} << 60) + 1})).empty());
}

}  // namespace
}  // namespace pe
