// The parts of figures: canvas, colours, folding, ticks, text, lines, groups of columns.

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "core/error.h"
#include "figures/draw/colormap.h"
#include "figures/draw/column_groups.h"
#include "figures/draw/fold.h"
#include "figures/draw/line.h"
#include "figures/draw/text.h"
#include "figures/draw/ticks.h"

namespace pe {
namespace {

constexpr Color kWhite{255, 255, 255}, kBlack{0, 0, 0};

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> all;
  for (const Tick& tick : ticks) all.push_back(tick.label);
  return all;
}

TEST(canvas, takes_1_to_8192_pixels_a_side) {
  EXPECT_THROW(Canvas(0, 5, kWhite), Error);
  EXPECT_THROW(Canvas(5, kMaxCanvas + 1, kWhite), Error);
  EXPECT_EQ(Canvas(kMaxCanvas, 1, kWhite).width(), 8192);
}

TEST(canvas, cuts_off_what_is_filled_outside) {
  Canvas canvas(4, 3, kWhite);
  canvas.fill(-5, -5, 7, 7, kBlack);
  EXPECT_EQ(canvas.pixel(1, 1), kBlack);
  EXPECT_EQ(canvas.pixel(2, 1), kWhite);
  EXPECT_EQ(canvas.pixel(1, 2), kWhite);
}

TEST(colormap, spreads_a_sequential_map_over_the_range) {
  const ColorScale scale(find_colormap("gray"), {-1, 3});
  EXPECT_EQ(scale(-1), kBlack);
  EXPECT_EQ(scale(3), kWhite);
  EXPECT_EQ(scale(1), (Color{128, 128, 128}));
  EXPECT_EQ(scale(99), kWhite);
}

TEST(colormap, has_a_bad_colour_that_no_value_gets) {
  for (const Colormap& map : all_colormaps()) {
    const ColorScale scale(map, {0, 1});
    EXPECT_EQ(scale(std::numeric_limits<double>::quiet_NaN()), map.bad);
    EXPECT_EQ(scale(-std::numeric_limits<double>::infinity()), map.bad);
    for (const Color color : map.colors) EXPECT_NE(color, map.bad) << map.name;
  }
}

TEST(colormap, is_found_by_name_or_named_nearest) {
  try {
    find_colormap("virdis");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "--colormap virdis is not known; nearest: viridis");
  }
}

TEST(fold, enlarges_few_cells_by_a_whole_number) {
  EXPECT_EQ(fold(100, 900, 1600, 60, 1).pixels_per_cell, 9);
  EXPECT_EQ(fold(3, 900, 1600, 60, 1).pixels_per_cell, 60);
  EXPECT_EQ(fold(1500, 900, 1600, 60, 1).pixels_per_cell, 1);
  EXPECT_EQ(fold(100, 1800, 3200, 60, 2).pixels_per_cell, 18);
}

TEST(fold, averages_an_even_number_of_cells_where_there_are_too_many) {
  const Fold folded = fold(4803, 900, 1600, 60, 1);
  EXPECT_EQ(folded.per_pixel, 4);
  EXPECT_EQ(folded.drawn(), 1201);   // the last one has 3
  EXPECT_EQ(folded.pixels(), 1201);
}

TEST(ticks, stand_at_round_numbers) {
  EXPECT_EQ(labels(index_ticks(100, 9, 60)), (std::vector<std::string>{"0", "10", "20", "30", "40", "50", "60", "70", "80", "90"}));
  EXPECT_EQ(index_ticks(100, 9, 60)[1].at, 94.5);   // the middle of cell 10
  EXPECT_EQ(round_step(0.3, false), 0.5);
  EXPECT_EQ(round_step(2.1, false), 2.5);
  EXPECT_EQ(round_step(2.1, true), 5);
}

TEST(ticks, of_a_colour_bar_name_both_ends) {
  const std::vector<Tick> ticks = range_ticks({-1, 1}, 400, 30);
  EXPECT_EQ(labels(ticks), (std::vector<std::string>{"−1.0", "1.0", "−0.5", "0.0", "0.5"}));
  EXPECT_EQ(ticks[0].at, 400);
  EXPECT_EQ(ticks[1].at, 0);
  EXPECT_EQ(ticks[3].at, 200);
}

TEST(ticks, write_numbers_with_as_many_digits_as_the_step_needs) {
  EXPECT_EQ(number_text(0.30000000000000004, 0.1), "0.3");
  EXPECT_EQ(number_text(-2, 0.25), "−2.00");
  EXPECT_EQ(number_text(-1e-20, 0.5), "0.0");
  EXPECT_EQ(number_text(2.5e9, 5e8), "2.5e9");
  EXPECT_EQ(number_text(-2.5e-6, 5e-7), "−2.5e−6");
}

TEST(text, is_as_wide_as_its_pixels) {
  Canvas canvas(200, 40, kWhite);
  draw_text(canvas, 100, 30, "wavelength", {20}, kBlack, Align::centre);
  Index left = 200, right = 0;
  for (Index y = 0; y < 40; ++y) {
    for (Index x = 0; x < 200; ++x) {
      if (canvas.pixel(x, y) == kWhite) continue;
      left = std::min(left, x);
      right = std::max(right, x);
    }
  }
  EXPECT_NEAR(static_cast<double>(right - left + 1), text_width("wavelength", {20}), 3);
  EXPECT_NEAR(static_cast<double>(left + right) / 2, 100, 1.5);
}

TEST(text, that_is_not_utf8_is_drawn_as_replacement_characters) {
  EXPECT_EQ(text_width("\xff\xfe", {20}), text_width("��", {20}));
  EXPECT_EQ(text_width("\xc3", {20}), text_width("�", {20}));
}

TEST(text, is_broken_after_spaces_and_only_else_inside_words) {
  const Font font{20};
  EXPECT_EQ(wrap_text("one two three", font, text_width("one two", font) + 1), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap_text("aaaa", font, text_width("aa", font) + 1), (std::vector<std::string>{"aa", "aa"}));
  EXPECT_TRUE(wrap_text("", font, 10).empty());
}

TEST(line, covers_its_width_in_full_and_its_edges_in_part) {
  Canvas canvas(20, 20, kWhite);
  draw_line(canvas, {0, 0, 20, 20}, std::array{Point{2, 10}, Point{18, 10}}, 2, kBlack);
  EXPECT_EQ(canvas.pixel(10, 9), kBlack);
  EXPECT_EQ(canvas.pixel(10, 10), kBlack);
  EXPECT_EQ(canvas.pixel(10, 8), kWhite);
  EXPECT_EQ(canvas.pixel(10, 11), kWhite);

  Canvas half(20, 20, kWhite);
  draw_line(half, {0, 0, 20, 20}, std::array{Point{2, 10.5}, Point{18, 10.5}}, 2, kBlack);
  EXPECT_EQ(half.pixel(10, 10), kBlack);
  EXPECT_EQ(half.pixel(10, 9), (Color{128, 128, 128}));
  EXPECT_EQ(half.pixel(10, 11), (Color{128, 128, 128}));
}

TEST(line, is_no_darker_where_it_crosses_itself) {
  Canvas canvas(20, 20, kWhite);
  draw_line(canvas, {0, 0, 20, 20}, std::array{Point{2, 10}, Point{18, 10}, Point{2, 10}}, 2, kBlack, 0.5);
  EXPECT_EQ(canvas.pixel(10, 10), (Color{128, 128, 128}));
}

TEST(line, stays_inside_its_rectangle_and_breaks_at_nan) {
  Canvas canvas(20, 20, kWhite);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  draw_line(canvas, {5, 0, 10, 20}, std::array{Point{-1e9, 10}, Point{8, 10}, Point{nan, 10}, Point{12, 10}, Point{1e9, 10}}, 2, kBlack);
  EXPECT_EQ(canvas.pixel(4, 10), kWhite);
  EXPECT_EQ(canvas.pixel(5, 10), kBlack);
  EXPECT_EQ(canvas.pixel(10, 10), kWhite);
  EXPECT_EQ(canvas.pixel(14, 10), kBlack);
  EXPECT_EQ(canvas.pixel(15, 10), kWhite);
}

TEST(column_groups, name_runs_and_repeated_patterns) {
  std::vector<Column> columns;
  for (const char* function : {"sin", "sin", "sin", "cos", "cos"}) columns.push_back({function, "w", 0, 1});
  for (int i = 0; i < 3; ++i) {
    columns.push_back({"sin", "h", i, 1});
    columns.push_back({"cos", "h", i, 1});
  }
  const std::vector<ColumnGroup> groups = column_groups(columns);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].label, "sin w");
  EXPECT_EQ(groups[1].label, "cos w");
  EXPECT_EQ(groups[2].label, "sin, cos alternating · h");
  EXPECT_EQ(groups[2].first, 5);
  EXPECT_EQ(groups[2].last, 11);
}

TEST(column_groups, begin_anew_where_frequencies_do) {
  std::vector<Column> columns;
  for (const Index i : {0, 1, 2, 0, 1, 2}) columns.push_back({"cos", "position", i, 1});
  const std::vector<ColumnGroup> halves = column_groups(columns);
  ASSERT_EQ(halves.size(), 2u);
  EXPECT_EQ(halves[1].first, 3);
  columns.clear();
  for (const Index i : {8, 7, 6, 5}) columns.push_back({"bit", "position", i, 0});
  EXPECT_EQ(column_groups(columns).size(), 1u);
}

}  // namespace
}  // namespace pe
