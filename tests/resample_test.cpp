// resample: weights of single cells, what stays as it is, and what is refused.

#include "analysis/resample.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "analysis/geometric_cells.h"
#include "analysis/resample_weights.h"
#include "support.h"

namespace pe {
namespace {

constexpr Index kSizes[] = {1, 2, 3, 4, 7, 14, 24};

/// The weights of one new cell, over all old ones.
Values weights_of(const AxisWeights& weights, Index cell) {
  Values all(static_cast<std::size_t>(weights.old_size()));
  const AxisWeights::Cell some = weights[cell];
  std::copy(some.weights.begin(), some.weights.end(), all.begin() + some.first);
  return all;
}

Values even(Index old_size, Index new_size, Index cell, const EvenRule& rule) { return weights_of(even_weights(old_size, new_size, rule), cell); }

/// Rows of two columns: the number of the row, and its square.
Tensor numbered_table(Index rows, Dtype dtype = Dtype::f64) {
  Values numbers;
  for (Index row = 0; row < rows; ++row) numbers.insert(numbers.end(), {static_cast<double>(row), static_cast<double>(row * row)});
  return held_tensor("t", {{"row", rows}, {"column", 2}}, dtype, numbers);
}

Tensor resampled(const Tensor& table, const Settings& settings, const std::string& like = "") {
  return resampling(table).open(like, settings).tables.tensors.front();
}

/// What it says, behind its name, when it refuses; "" when it does not.
std::string refused(const Tensor& table, const Settings& settings, const std::string& like = "") {
  const std::string message = message_of([&] { resampling(table).open(like, settings); }), name = "resample: ";
  EXPECT_TRUE(message.empty() || message.starts_with(name)) << message;
  return message.substr(message.empty() ? 0 : name.size());
}

/// A table that suits a convention: 4x4 cells or a 4x4 window.
Tensor table_for(const Convention& convention) {
  const bool is_bias = convention.settings.front().option == "kind";
  return numbered_table(is_bias ? 49 : 16);
}

TEST(resample_weights, of_every_cell_sum_to_one) {
  for (const std::string& filter : kFilters) {
    for (const std::string& corners : kCorners) {
      for (const bool antialias : {false, true}) {
        if (antialias && (filter == "nearest" || corners == "aligned")) continue;
        for (const Index old_size : kSizes) {
          for (const Index new_size : kSizes) {
            const AxisWeights weights = even_weights(old_size, new_size, {filter, -0.6, antialias, corners, 0});
            ASSERT_EQ(weights.new_size(), new_size);
            for (Index i = 0; i < new_size; ++i) {
              ASSERT_GE(weights[i].first, 0);
              const Values all = weights_of(weights, i);
              ASSERT_NEAR(std::accumulate(all.begin(), all.end(), 0.0), 1, 1e-12) << filter << " " << old_size << " " << new_size;
            }
          }
        }
      }
    }
  }
}

TEST(resample_weights, the_cubic_kernel_halfway_between_two_cells_is_that_of_its_a) {
  expect_near(even(4, 7, 3, {.filter = "cubic", .cubic_a = -0.5, .corners = "aligned"}), {-0.0625, 0.5625, 0.5625, -0.0625}, 1e-15);
  expect_near(even(4, 7, 3, {.filter = "cubic", .cubic_a = -0.75, .corners = "aligned"}), {-0.09375, 0.59375, 0.59375, -0.09375}, 1e-15);
  EXPECT_EQ(cubic_kernel(0, -0.6), 1);
  EXPECT_EQ(cubic_kernel(1, -0.6), 0);
  EXPECT_EQ(cubic_kernel(-2, -0.6), 0);
}

TEST(resample_weights, twice_as_many_linear_cells_lie_a_quarter_from_the_old_ones_and_repeat_the_edge) {
  const EvenRule rule{.filter = "linear"};
  EXPECT_EQ(even(2, 4, 0, rule), (Values{1, 0}));
  EXPECT_EQ(even(2, 4, 1, rule), (Values{0.75, 0.25}));
  EXPECT_EQ(even(2, 4, 2, rule), (Values{0.25, 0.75}));
  EXPECT_EQ(even(2, 4, 3, rule), (Values{0, 1}));
}

TEST(resample_weights, antialias_weighs_wider_stretches_and_drops_what_is_beyond_the_edge) {
  expect_near(even(4, 2, 0, {.filter = "linear", .antialias = true}), {3. / 7, 3. / 7, 1. / 7, 0}, 1e-15);
  EXPECT_EQ(even(4, 2, 0, {.filter = "linear"}), (Values{0.5, 0.5, 0, 0}));
}

TEST(resample_weights, nearest_takes_one_cell) {
  const EvenRule rule{.filter = "nearest"}, aligned{.filter = "nearest", .corners = "aligned"};
  EXPECT_EQ(even(4, 2, 0, rule), (Values{0, 1, 0, 0}));
  EXPECT_EQ(even(4, 2, 1, rule), (Values{0, 0, 0, 1}));
  EXPECT_EQ(even(4, 2, 0, aligned), (Values{1, 0, 0, 0}));
  EXPECT_EQ(even(4, 2, 1, aligned), (Values{0, 0, 0, 1}));
}

TEST(resample_weights, the_offset_counts_as_a_part_of_a_new_cell) {
  const double place = 1.5 * 2 / 4.1 - 0.5;   // of cell 1 of 4
  expect_near(even(2, 4, 1, {.filter = "linear", .offset = 0.1}), {1 - place, place}, 1e-15);
}

TEST(resample_weights, aligned_corners_are_the_old_corners_whatever_the_sizes) {
  for (const std::string& filter : kFilters) {
    for (const auto& [old_size, new_size] : std::vector<std::pair<Index, Index>>{{28, 14}, {32, 16}, {16, 30}, {24, 22}, {49, 13}}) {
      Values last(static_cast<std::size_t>(old_size));
      last.back() = 1;
      EXPECT_EQ(even(old_size, new_size, new_size - 1, {.filter = filter, .corners = "aligned"}), last) << old_size << " " << new_size;
    }
  }
}

TEST(geometric_cells, lie_at_sums_of_powers) {
  expect_near(geometric_places(3, 1.2), {-2.2, -1, 0, 1, 2.2}, 1e-15);
  EXPECT_EQ(geometric_places(1, 1.2), Values{0});
}

TEST(geometric_cells, reach_as_far_as_the_new_ones_where_the_ratio_can) {
  EXPECT_NEAR(geometric_places(14, geometric_ratio(14, 24)).back(), 23, 1e-3);
  EXPECT_NEAR(geometric_ratio(14, 7), 1.01, 1e-5);    // shrinking
  EXPECT_NEAR(geometric_ratio(2, 1000), 1.5, 1e-5);   // farther than any ratio
}

TEST(geometric_cells, a_spline_through_points_of_a_cubic_is_that_cubic_and_lines_are_not) {
  const auto cubic = [](double x) { return 2 - x + 0.5 * x * x - 0.25 * x * x * x; };
  for (const Index side : {3, 4, 9}) {
    const Values places = geometric_places(side, geometric_ratio(side, side + 2));
    const AxisWeights spline = geometric_weights(side, side + 2, "spline"), lines = geometric_weights(side, side + 2, "lines");
    double spline_error = 0, lines_error = 0;
    for (Index u = -side; u <= side; ++u) {   // inside the old cells
      const double at = std::clamp(static_cast<double>(u), places.front(), places.back());
      double by_spline = 0, by_lines = 0;
      for (std::size_t k = 0; k < places.size(); ++k) {
        by_spline += weights_of(spline, u + side + 1)[k] * cubic(places[k]);
        by_lines += weights_of(lines, u + side + 1)[k] * cubic(places[k]);
      }
      spline_error = std::max(spline_error, std::fabs(by_spline - cubic(at)));
      lines_error = std::max(lines_error, std::fabs(by_lines - cubic(at)));
    }
    EXPECT_LT(spline_error, 1e-9) << side;
    EXPECT_GT(lines_error, 0.1) << side;
  }
}

TEST(geometric_cells, beyond_the_farthest_old_cell_is_that_cell) {
  for (const std::string& curve : kCurves) {
    EXPECT_EQ(weights_of(geometric_weights(3, 20, curve), 0), (Values{1, 0, 0, 0, 0}));
    EXPECT_EQ(weights_of(geometric_weights(3, 20, curve), 38), (Values{0, 0, 0, 0, 1}));
  }
}

TEST(resample, a_constant_table_stays_constant_under_every_convention) {
  for (const Convention& convention : resampling().conventions) {
    Tensor table = table_for(convention);
    table.fill = [](Index, std::span<double> out) { std::fill(out.begin(), out.end(), 0.3); };
    for (const char* grid : {"7x5", "2x3", "1x9"}) {
      for (const double value : values(resampled(table, {{"from", "4"}, {"grid", grid}}, convention.name))) {
        ASSERT_NEAR(value, 0.3, 1e-14) << convention.name << " " << grid;
      }
    }
  }
}

TEST(resample, the_same_grid_passes_the_table_through_bit_for_bit) {
  for (const Convention& convention : resampling().conventions) {
    const Tensor table = table_for(convention);
    const Opened opened = resampling(table).open(convention.name, {{"from", "4"}, {"grid", "4x4"}});
    EXPECT_EQ(values(opened.tables.tensors.front()), values(table)) << convention.name;
    EXPECT_EQ(opened.tables.facts.size(), 1u) << convention.name;
  }
}

TEST(resample, a_stored_table_that_is_passed_through_keeps_the_payload_of_its_nans) {
  const std::string file = written("npy", {held_tensor("t", {{"row", 4}, {"column", 1}}, Dtype::f32, {0, 1, 2, 3})});
  std::string odd = file;
  odd.replace(odd.size() - 16, 4, "\x01\x02\x83\x7f");   // a signalling NaN
  const Tensor passed = resampled(read_back("npy", odd).front(), {{"from", "2"}, {"grid", "2"}});
  EXPECT_EQ(written("npy", {passed}), odd);
}

TEST(resample, a_ramp_stays_a_ramp_where_corners_are_aligned) {
  Tensor table = numbered_table(2 * 3);   // 3 h + w
  const Values made = values(resampled(table, {{"from", "2x3"}, {"grid", "3x5"}}, "vit-jax"));
  for (Index h = 0; h < 3; ++h) {
    for (Index w = 0; w < 5; ++w) {
      EXPECT_DOUBLE_EQ(made[static_cast<std::size_t>(2 * (5 * h + w))], 1.5 * static_cast<double>(h) + 0.5 * static_cast<double>(w));
    }
  }
}

TEST(resample, equal_counts_of_another_shape_are_resampled) {
  const Tensor table = numbered_table(2 * 8);
  const Values made = values(resampled(table, {{"from", "2x8"}, {"grid", "4x4"}, {"filter", "nearest"}}));
  const Values expected{1, 3, 5, 7, 1, 3, 5, 7, 9, 11, 13, 15, 9, 11, 13, 15};
  for (std::size_t cell = 0; cell < 16; ++cell) EXPECT_EQ(made[2 * cell], expected[cell]);
}

TEST(resample, both_ways_of_a_wide_grid_keep_rows_rows_and_columns_columns) {
  const Tensor wide = numbered_table(1 * 6);
  EXPECT_EQ(rows(resampled(wide, {{"from", "1x6"}, {"grid", "2x3"}, {"filter", "nearest"}}), 0, 6), (Values{1, 1, 3, 9, 5, 25, 1, 1, 3, 9, 5, 25}));
  const Tensor tall = resampled(wide, {{"from", "6x1"}, {"grid", "2x1"}, {"filter", "nearest"}});
  EXPECT_EQ(values(tall), (Values{1, 1, 4, 16}));
  EXPECT_EQ(tall.grid->sizes, (std::vector<Index>{2, 1}));
}

TEST(resample, rows_of_the_prefix_stay_and_belong_to_no_cell) {
  Tensor table = numbered_table(2 + 4, Dtype::f16);
  const Tensor made = resampled(table, {{"from", "2"}, {"grid", "3"}, {"prefix-tokens", "2"}}, "vit-jax");
  EXPECT_EQ(made.shape(), (std::vector<Index>{11, 2}));
  EXPECT_EQ(rows(made, 0, 4), (Values{0, 0, 1, 1, 2, 4, 2.5, 6.5}));
  EXPECT_EQ(rows(made, 10, 1), (Values{5, 25}));
  EXPECT_EQ(made.dtype, Dtype::f16);
  EXPECT_EQ(made.name, "pos_embed");
  EXPECT_EQ(made.axes[0].name + " " + made.axes[1].name, "token channel");
  EXPECT_EQ(made.grid->prefix, 2);
}

TEST(resample, rows_of_a_class_token_stay_behind_a_bias_table) {
  const Tensor table = numbered_table(9 + 3);
  for (const char* like : {"swin", "beit-timm"}) {
    const Tensor made = resampled(table, {{"from", "2"}, {"grid", "5x4"}}, like);
    EXPECT_EQ(made.shape(), (std::vector<Index>{9 * 7 + 3, 2})) << like;
    EXPECT_EQ(rows(made, 63, 3), (Values{9, 81, 10, 100, 11, 121})) << like;
    EXPECT_NEAR(rows(made, 31, 1)[0], 4, 1e-12) << like;   // the middle offset, 0
    EXPECT_EQ(made.name, "relative_position_bias_table");
    EXPECT_FALSE(made.grid.has_value());
  }
}

TEST(resample, tables_behind_leading_axes_are_resampled_one_by_one_and_any_rows_may_be_asked_for) {
  Tensor blocks = numbered_table(3 * 13);
  blocks.axes = {{"axis 0", 1}, {"layer", 3}, {"row", 13}, {"column", 2}};
  for (const char* grid : {"2x3", "5x2"}) {
    const Settings settings{{"from", "3x4"}, {"grid", grid}, {"prefix-tokens", "1"}};
    const Tensor made = resampled(blocks, settings);
    EXPECT_EQ(made.axes[1].size, 3);
    EXPECT_EQ(row_by_row(made), values(made));
    Tensor second = numbered_table(13);
    second.fill = [fill = blocks.fill](Index row, std::span<double> out) { fill(13 + row, out); };
    const Tensor alone = resampled(second, settings);
    EXPECT_EQ(rows(made, alone.rows(), alone.rows()), values(alone));
  }
}

TEST(resample, cells_that_run_column_by_column_stay_so) {
  const Tensor table = numbered_table(6);   // as 2x3 by columns: 2 w + h
  const Tensor made = resampled(table, {{"from", "2x3"}, {"grid", "3x5"}, {"flatten", "wh"}}, "vit-jax");
  EXPECT_EQ(made.grid->order, "wh");
  for (Index w = 0; w < 5; ++w) {
    for (Index h = 0; h < 3; ++h) EXPECT_DOUBLE_EQ(rows(made, 3 * w + h, 1)[0], static_cast<double>(w) + 0.5 * static_cast<double>(h));
  }
}

TEST(resample, the_grid_of_the_description_is_known_and_may_not_be_contradicted) {
  Tensor table = numbered_table(1 + 6);
  table.grid = TokenGrid{{2, 3}, "wh", 1};
  const Opened opened = resampling(table).open("", {{"grid", "4x6"}});
  EXPECT_EQ(opened.tables.tensors.front().grid->order, "wh");
  EXPECT_EQ(std::get<std::string>(opened.parameters[1].second), "2x3");   // --from
  EXPECT_EQ(std::get<std::string>(opened.tables.facts.front().value), "2x3 (as the table's description says) -> 4x6, 1 prefix row kept");
  EXPECT_EQ(refused(table, {{"grid", "4"}, {"from", "3x2"}}), "--from 3x2: the table's own description says its grid is 2x3");
  EXPECT_EQ(refused(table, {{"grid", "4"}, {"prefix-tokens", "0"}}), "--prefix-tokens 0: the table's own description says 1 prefix token");
  EXPECT_EQ(refused(table, {{"grid", "4"}, {"flatten", "hw"}}), "--flatten hw: the table's own description says wh");
  table.grid = TokenGrid{{1, 2, 3}, "thw", 1};
  EXPECT_EQ(refused(table, {{"grid", "4"}}), "the table's description says a grid 1x2x3; grids of two axes are resampled");
}

TEST(resample, what_comes_out_can_be_resampled_again_without_saying_its_grid) {
  const Tensor made = resampled(numbered_table(9), {{"from", "2"}, {"grid", "3x4"}}, "swin");
  EXPECT_EQ(resampled(made, {{"grid", "2"}}, "swin").rows(), 9);
  EXPECT_EQ(refused(made, {{"grid", "2"}, {"from", "4x3"}}, "swin"), "--from 4x3: the table's own description says a grid of 5x7 offsets");
}

TEST(resample, a_square_is_taken_only_where_the_prefix_is_said) {
  EXPECT_EQ(resampled(numbered_table(17), {{"grid", "2"}, {"prefix-tokens", "1"}}).rows(), 5);
  EXPECT_EQ(refused(numbered_table(17), {{"grid", "2"}}),
            "which grid are the 17 rows now? --from HxW, and --prefix-tokens K for rows before the cells; --from 4x4 --prefix-tokens 1 would fit");
  EXPECT_EQ(refused(numbered_table(17), {{"grid", "2"}, {"from", "4"}}),
            "--from 4x4 has 16 cells, with 0 prefix tokens 16 rows; the table has 17; with --prefix-tokens 1 they would fit");
  EXPECT_EQ(refused(numbered_table(49), {{"grid", "2"}, {"from", "4"}}),
            "--from 4x4 has 16 cells, with 0 prefix tokens 16 rows; the table has 49; --from 7x7 would fit; as a bias table (--like swin, beit, "
            "beit-timm) --from 4x4 would fit");
}

TEST(resample, a_bias_table_of_another_window_is_refused_with_the_one_that_fits) {
  EXPECT_EQ(refused(numbered_table(52), {{"grid", "2"}, {"from", "3"}}, "beit"),
            "--from 3x3: the bias table of such a window has 25 rows, or 28 with those of a class token; this one has 52; --from 4x4 would fit");
  EXPECT_EQ(refused(numbered_table(9), {{"grid", "4"}, {"from", "2"}}, "beit"),
            "--curve spline needs at least 3 cells on a side of the old window, --from says 2; --curve lines does not");
}

TEST(resample, an_option_that_does_not_count_is_refused_under_every_convention_that_it_does_not_count_in) {
  const Settings extra{{"filter", "linear"}, {"cubic-a", "-0.6"}, {"antialias", ""}, {"no-antialias", ""}, {"corners", "half-pixel"},
                       {"offset", "0.2"}, {"prefix-tokens", "0"}, {"flatten", "hw"}, {"curve", "lines"}};
  for (const Convention& convention : resampling().conventions) {
    const Tensor table = table_for(convention);
    const Opened plain = resampling(table).open(convention.name, {{"grid", "3"}, {"from", "4"}});
    const auto counts = [&](const std::string& name) {
      return std::any_of(plain.parameters.begin(), plain.parameters.end(), [&](const auto& parameter) { return parameter.first == name; });
    };
    for (const Setting& setting : extra) {
      const std::string message = refused(table, {{"grid", "3"}, {"from", "4"}, setting}, convention.name);
      if (!counts(setting.option)) {
        EXPECT_NE(message.find("counts only with"), std::string::npos) << convention.name << " " << setting.option << ": " << message;
      } else if (setting.option != "antialias") {   // which also minds the corners
        EXPECT_EQ(message, "") << convention.name << " " << setting.option;
      }
    }
  }
}

TEST(resample, antialias_and_aligned_corners_exclude_each_other) {
  const std::string message = "--corners aligned does not go with --antialias; add --no-antialias or --corners half-pixel";
  const Tensor table = numbered_table(16);
  EXPECT_EQ(refused(table, {{"grid", "3"}, {"from", "4"}, {"corners", "aligned"}}), message);
  EXPECT_EQ(refused(table, {{"grid", "3"}, {"from", "4"}, {"antialias", ""}}, "vit-jax"), message);
  EXPECT_EQ(refused(table, {{"grid", "3"}, {"from", "4"}, {"corners", "aligned"}, {"no-antialias", ""}}), "");
  EXPECT_EQ(refused(table, {{"grid", "3"}, {"from", "4"}, {"corners", "aligned"}, {"filter", "nearest"}}), "");
}

TEST(resample, options_by_hand_come_over_those_of_the_convention) {
  const auto weights = [](const std::string& like, Settings more) {
    more.insert(more.end(), {{"grid", "3"}, {"from", "4"}});
    return std::get<std::string>(resampling(numbered_table(16)).open(like, more).tables.facts.back().value);
  };
  EXPECT_EQ(weights("", {}), "cubic a=-0.5, antialias");
  EXPECT_EQ(weights("", {{"no-antialias", ""}}), "cubic a=-0.5, no antialias, half-pixel");
  EXPECT_EQ(weights("torch", {{"antialias", ""}}), "cubic a=-0.75, antialias");
  EXPECT_EQ(weights("siglip2", {{"filter", "cubic"}}), "cubic a=-0.5, antialias");   // PyTorch's a of either
  EXPECT_EQ(weights("vit-jax", {{"filter", "cubic"}}), "cubic a=-0.75, no antialias, corners aligned");
  EXPECT_EQ(weights("dinov2", {{"cubic-a", "-0.5"}}), "cubic a=-0.5, no antialias, half-pixel, offset 0.1");
  EXPECT_EQ(weights("timm", {{"filter", "nearest"}}), "nearest, half-pixel");
}

TEST(resample, tables_that_are_no_tables_of_numbers_are_refused) {
  const Settings settings{{"grid", "3"}, {"from", "2"}};
  EXPECT_EQ(refused(numbered_table(4, Dtype::i32), settings), "the table holds i32; weighted sums need f64, f32, f16, bf16");
  EXPECT_EQ(refused(numbered_table(4, Dtype::boolean), settings), "the table holds bool; weighted sums need f64, f32, f16, bf16");
  EXPECT_EQ(refused(held_tensor("t", {{"row", 4}, {"column", 1}}, Dtype::c64, Values(8)), settings),
            "the table holds c64; weighted sums need f64, f32, f16, bf16");
  EXPECT_EQ(refused(held_tensor("t", {{"column", 4}}, Dtype::f32, Values(4)), settings), "the table is 4: it needs rows and columns");
  EXPECT_EQ(refused(held_tensor("t", {{"row", 4}, {"column", 0}}, Dtype::f32, {}), settings), "the table is 4x0: it holds no values");
  EXPECT_EQ(refused(numbered_table(4), {{"from", "2"}}), "to which grid? --grid HxW");
  EXPECT_EQ(refused(numbered_table(4), {{"from", "2"}, {"grid", "2x2x2"}}), "--grid 2x2x2 has 3 sizes; needs 2, or 1 for a square");
  EXPECT_EQ(refused(numbered_table(4), {{"prefix-tokens", "4"}, {"grid", "2"}}), "--prefix-tokens 4 leaves no row for a cell: the table has 4");
}

TEST(resample, infinities_and_nans_spread_to_the_cells_that_are_made_of_them_alone) {
  Tensor table = held_tensor("t", {{"row", 4}, {"column", 1}}, Dtype::f32, {1, NAN, 3, INFINITY});
  const Values made = values(resampled(table, {{"from", "1x4"}, {"grid", "1x8"}, {"filter", "linear"}}, "torch"));
  EXPECT_EQ(made[0], 1);
  EXPECT_TRUE(std::isnan(made[1]) && std::isnan(made[2]) && std::isnan(made[3]) && std::isnan(made[4]));
  EXPECT_EQ(made[5], INFINITY);
}

}  // namespace
}  // namespace pe
