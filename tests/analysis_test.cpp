// What the analyses behind figures compute, on tensors small enough to work out by hand.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/curves.h"
#include "analysis/decay.h"
#include "analysis/histogram.h"
#include "analysis/maps.h"
#include "analysis/similarity.h"
#include "analysis/spectrum.h"
#include "analysis/token_runs.h"
#include "analysis/trajectory.h"

namespace pe {
namespace {

constexpr double kPi = std::numbers::pi;

Tensor table_of(Index rows, Index columns, std::vector<double> values) {
  return held_tensor("table", {{"position", rows}, {"column", columns}}, Dtype::f32, std::move(values));
}

Tensor waves(std::vector<Column> columns) {
  Tensor tensor = table_of(4, static_cast<Index>(columns.size()), std::vector<double>(4 * columns.size()));
  tensor.columns = [columns] { return columns; };
  return tensor;
}

// Rows of sin(p / 2^i), i = 0, 1, 2, at p = 0, 0.1, ...: they repeat after 8 pi.
Tensor halving_sines(Index rows) {
  std::vector<double> values;
  for (Index row = 0; row < rows; ++row) {
    for (const double wave : {1.0, 2.0, 4.0}) values.push_back(std::sin(0.1 * static_cast<double>(row) / wave));
  }
  return table_of(rows, 3, std::move(values));
}

Trajectory curve_of(const Tensor& tensor) { return trajectory_of(tensor, std::vector<Index>{0, 1, 2}, 0, tensor.rows(), 1000); }

TEST(curves, are_the_columns_when_every_row_has_a_point) {
  const Curves curves = column_curves(table_of(3, 2, {1, 10, 2, 20, 3, 30}), std::vector<Index>{1}, 1, 3, 100);
  EXPECT_EQ(curves.block_rows, 1);
  EXPECT_EQ(curves.columns[0].mean, (std::vector<double>{20, 30}));
}

TEST(curves, are_means_and_extremes_of_blocks_when_there_are_too_many_rows) {
  const Curves curves = column_curves(table_of(5, 1, {1, 3, 10, 20, 7}), std::vector<Index>{0}, 0, 5, 3);
  EXPECT_EQ(curves.block_rows, 2);
  EXPECT_EQ(curves.columns[0].mean, (std::vector<double>{2, 15, 7}));
  EXPECT_EQ(curves.columns[0].spread[1].low, 10);
  EXPECT_EQ(curves.columns[0].spread[1].high, 20);
}

TEST(matrix, of_means_of_rows_is_the_mean_of_the_similarities) {
  // Unit rows at 0, 90, 0 and 45 degrees; block 0 holds the first two, block 1 the others.
  const UnitRows means = unit_row_means(table_of(4, 2, {2, 0, 0, 3, 1, 0, 5, 5}), 2);
  std::vector<float> out(4);
  cosine_similarities(means, std::vector<Index>{0, 1}, out);
  const double half = std::sqrt(0.5);
  EXPECT_NEAR(static_cast<double>(out[0]), (1 + 0 + 0 + 1) / 4.0, 1e-6);
  EXPECT_NEAR(static_cast<double>(out[1]), (1 + half + 0 + half) / 4, 1e-6);
  EXPECT_NEAR(static_cast<double>(out[3]), (1 + half + half + 1) / 4, 1e-6);
}

TEST(spectrum, has_one_wavelength_per_frequency_of_an_axis) {
  const std::vector<Spectrum> all = spectra(waves({{"sin", "position", 0, 2 * kPi}, {"cos", "position", 0, 2 * kPi}, {"sin", "position", 1, kPi / 5},
                                                   {"zero", "", 0, 0}}));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].index, (std::vector<Index>{0, 1}));
  EXPECT_DOUBLE_EQ(all[0].wavelength[0], 1);
  EXPECT_DOUBLE_EQ(all[0].wavelength[1], 10);
}

TEST(spectrum, is_shared_by_axes_with_the_same_frequencies) {
  const std::vector<Spectrum> all = spectra(waves({{"sin", "w", 0, 1}, {"sin", "h", 0, 1}, {"sin", "t", 0, 2}}));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].axes, (std::vector<std::string>{"w", "h"}));
  EXPECT_EQ(all[1].axes, (std::vector<std::string>{"t"}));
}

TEST(spectrum, counts_the_length_of_a_table_in_positions_behind_its_prefix) {
  Tensor table = waves({{"sin", "position", 0, 1}});
  table.axes[0].places = Places{5, 0.25, 1};
  EXPECT_EQ(length_along(table, "position"), 0.75);
  EXPECT_EQ(length_along(table, "h"), 0);
  table.grid = TokenGrid{{2, 2}, "hw", 0};
  EXPECT_EQ(length_along(table, "h"), 2);
}

TEST(decay, starts_at_1_and_is_the_mean_cosine) {
  const Decay decay = rotary_decay({kPi / 2, kPi / 3}, 3, 1, 100);
  ASSERT_EQ(decay.mean.size(), 4u);
  EXPECT_DOUBLE_EQ(decay.mean[0], 1);
  EXPECT_NEAR(decay.mean[1], (0 + 0.5) / 2, 1e-15);
  EXPECT_NEAR(decay.mean[2], (-1 - 0.5) / 2, 1e-15);
  EXPECT_EQ(decay.deviation[0], 0);
}

TEST(decay, of_one_random_pair_varies_as_pairs_of_uniform_weights_do) {
  // Cosines 0 and 0.5 with weights u and 1 - u, u uniform: the mean 0.25 +- 0.5 / sqrt 12.
  EXPECT_NEAR(rotary_decay({kPi / 2, kPi / 3}, 3, 1, 100).deviation[1], 0.5 / std::sqrt(12.0), 1e-15);
}

TEST(decay, keeps_the_distance_0_by_itself_when_distances_are_folded) {
  const Decay decay = rotary_decay({1.0}, 9999, 1, 100);
  EXPECT_EQ(decay.block, 100);
  EXPECT_EQ(decay.distance[0], 0);
  EXPECT_EQ(decay.mean[0], 1);
  EXPECT_EQ(decay.distance[1], 50.5);   // the middle of 1..100
}

TEST(decay, is_the_mean_over_all_distances_of_a_block) {
  // Frequencies of a rotary table and one of whole turns, which no step changes.
  const std::vector<double> frequencies{1, 0.3, 2 * kPi, 1e-4};
  const Decay decay = rotary_decay(frequencies, 9999, 1, 100);
  double sum = 0;
  for (Index d = 301; d <= 400; ++d) {
    for (const double frequency : frequencies) sum += std::cos(static_cast<double>(d) * frequency);
  }
  EXPECT_NEAR(decay.mean[4], sum / 400, 1e-12);
}

TEST(histogram, counts_every_finite_value_once) {
  const Histogram histogram = histogram_of(table_of(3, 3, {0, 1, 2, 3, 4, 5, 6, 7, std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_EQ(histogram.count, 8);
  EXPECT_EQ(histogram.not_finite, 1);
  EXPECT_DOUBLE_EQ(histogram.mean, 3.5);
  EXPECT_DOUBLE_EQ(histogram.deviation, std::sqrt(5.25));
  EXPECT_EQ(histogram.bins, (std::vector<Index>{1, 1, 1, 1, 1, 1, 1, 1}));
}

TEST(histogram, has_whole_numbers_in_the_middle_of_its_bins) {
  Tensor table = table_of(1, 4, {3, 5, 5, 3});
  table.dtype = Dtype::i64;
  const Histogram histogram = histogram_of(table);
  EXPECT_EQ(histogram.first, 2.5);
  EXPECT_EQ(histogram.bins, (std::vector<Index>{2, 0, 2}));
}

TEST(trajectory, of_halving_sines_comes_back_after_25_1_positions) {
  EXPECT_EQ(curve_of(halving_sines(200)).comes_back_after, std::nullopt);
  EXPECT_EQ(curve_of(halving_sines(300)).comes_back_after, 251);
}

TEST(trajectory, that_only_crosses_itself_does_not_come_back) {
  // A figure of eight, but for its last tenth.
  std::vector<double> values;
  for (int i = 0; i < 90; ++i) {
    const double t = 2 * kPi * i / 100;
    values.insert(values.end(), {std::sin(t), std::sin(2 * t), 0});
  }
  EXPECT_EQ(curve_of(table_of(90, 3, values)).comes_back_after, std::nullopt);
}

TEST(trajectory, takes_every_second_row_when_there_are_too_many) {
  const Trajectory curve = trajectory_of(table_of(5, 2, {0, 0, 1, 0, 2, 0, 3, 0, 4, 0}), std::vector<Index>{0, 1}, 0, 5, 3);
  EXPECT_EQ(curve.stride, 2);
  EXPECT_EQ(curve.points, (std::vector<double>{0, 0, 2, 0, 4, 0}));
}

TEST(maps, of_columns_are_in_row_order_whatever_the_order_of_the_table) {
  Tensor table = table_of(5, 2, {9, 9, 0, 10, 1, 11, 2, 12, 3, 13});
  table.grid = TokenGrid{{2, 2}, "wh", 1};
  EXPECT_EQ(column_maps(table, std::vector<Index>{1}, 0), (std::vector<double>{10, 12, 11, 13}));
}

TEST(maps, are_chosen_by_number_and_give_the_same_values_whatever_the_block_size) {
  const Tensor heads = held_tensor("bias", {{"head", 3}, {"query", 2}, {"key", 2}}, Dtype::f32, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const Tensor chosen = chosen_maps(heads, {2, 0});
  EXPECT_EQ(values(chosen), (std::vector<double>{8, 9, 10, 11, 0, 1, 2, 3}));
  std::vector<double> middle(4);
  chosen.fill(1, middle);
  EXPECT_EQ(middle, (std::vector<double>{10, 11, 0, 1}));
}

TEST(maps, are_folded_to_means_and_what_is_left_over_by_itself) {
  const Tensor map = held_tensor("bias", {{"head", 1}, {"query", 3}, {"key", 3}}, Dtype::f32, {1, 3, 5, 1, 3, 7, 9, 9, 8});
  EXPECT_EQ(folded_maps(map, 2, 2), (std::vector<double>{2, 6, 9, 8}));
}

TEST(token_runs, are_text_and_blocks) {
  // text:2 image:2x2 text:1
  const std::vector<TokenRun> runs = token_runs(std::vector<double>{0, 1, 2, 2, 2, 2, 4, 0, 1, 2, 2, 3, 3, 4, 0, 1, 2, 3, 2, 3, 4}, 3, 7);
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].last, 2);
  EXPECT_TRUE(runs[0].sizes.empty());
  EXPECT_EQ(runs[1].sizes, (std::vector<Index>{1, 2, 2}));
  EXPECT_EQ(runs[2].first, 6);
}

TEST(token_runs, end_where_the_next_block_begins) {
  // image:1x2 image:1x2, with rows and columns from 0
  const std::vector<TokenRun> runs = token_runs(std::vector<double>{0, 0, 2, 2, 0, 1, 2, 3}, 2, 4);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[1].first, 2);
}

}  // namespace
}  // namespace pe
