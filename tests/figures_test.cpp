// What stands on the canvas of a figure: colours of cells, sizes, what is left out. Notes are texts, so tests see that one is drawn
// by the picture growing.

#include "figures/figure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/error.h"
#include "figures/draw/colormap.h"
#include "figures/draw/pen.h"

namespace pe {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr Color kBlue{5, 48, 97}, kRed{103, 0, 31};         // the ends of blue-red
constexpr Color kBadRed{214, 39, 40};                       // NaN with cividis; texts have no such pixel
constexpr Color kYellow{253, 231, 37};                      // the high end of viridis

Tensor table_of(Index rows, Index columns, std::vector<double> values) {
  return held_tensor("table", {{"row", rows}, {"column", columns}}, Dtype::f32, std::move(values));
}

Tensor with_grid(Tensor tensor, std::vector<Index> sizes, std::string order, Index prefix = 0) {
  tensor.grid = TokenGrid{std::move(sizes), std::move(order), prefix};
  return tensor;
}

// Rows of a grid that all differ: row i is (cos i/3, sin i/3).
Tensor turning_table(Index rows) {
  std::vector<double> values;
  for (Index i = 0; i < rows; ++i) {
    values.push_back(std::cos(static_cast<double>(i) / 3));
    values.push_back(std::sin(static_cast<double>(i) / 3));
  }
  return table_of(rows, 2, std::move(values));
}

Canvas drawn(const std::string& figure, const Tensor& tensor, const FigureStyle& style = {}) {
  return find_figure(figure).draw(tensor, {"title", "subtitle", style});
}

FigureStyle with_map(const std::string& colormap) {
  FigureStyle style;
  style.colormap = colormap;
  return style;
}

FigureStyle with_range(Range range) {
  FigureStyle style;
  style.range = range;
  return style;
}

// The pixels of one colour: how many, and the box around them.
struct Spot {
  Index count = 0, left = kMaxCanvas, top = kMaxCanvas, right = -1, bottom = -1;

  Index width() const { return right - left + 1; }
  Index height() const { return bottom - top + 1; }
  bool is_full() const { return count == width() * height(); }
};

// Of the columns left of `end`: there a colour bar would add its own.
Spot spot(const Canvas& canvas, Color color, Index end = kMaxCanvas) {
  Spot found;
  for (Index y = 0; y < canvas.height(); ++y) {
    for (Index x = 0; x < std::min(canvas.width(), end); ++x) {
      if (canvas.pixel(x, y) != color) continue;
      ++found.count;
      found = {found.count, std::min(found.left, x), std::min(found.top, y), std::max(found.right, x), std::max(found.bottom, y)};
    }
  }
  return found;
}

std::string refusal(const std::string& figure, const Tensor& tensor) {
  try {
    drawn(figure, tensor);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(table_figure, draws_every_cell_as_the_same_whole_number_of_pixels) {
  // One NaN cell among 3 x 4: the only grey ones.
  std::vector<double> values(12, 0.5);
  values[6] = kNan;
  FigureStyle style = with_map("cividis");
  const Spot cell = spot(drawn("table", table_of(3, 4, values), style), kBadRed);
  EXPECT_TRUE(cell.is_full());
  EXPECT_EQ(cell.width(), 60);    // the largest cell, in points
  EXPECT_EQ(cell.height(), 60);

  style.scale = 2;
  const Spot twice = spot(drawn("table", table_of(3, 4, values), style), kBadRed);
  EXPECT_TRUE(twice.is_full());
  EXPECT_EQ(twice.width(), 120);
}

TEST(table_figure, shows_rows_downwards_and_columns_rightwards) {
  std::vector<double> values(12, 0.5);
  values[0] = kNan;
  const Spot first = spot(drawn("table", table_of(3, 4, values), with_map("cividis")), kBadRed);
  std::swap(values[0], values[4 * 2 + 3]);
  const Spot last = spot(drawn("table", table_of(3, 4, values), with_map("cividis")), kBadRed);
  EXPECT_EQ(last.left - first.left, 3 * 60);
  EXPECT_EQ(last.top - first.top, 2 * 60);
}

TEST(table_figure, folds_a_long_table_by_averaging_blocks_of_rows) {
  // 4000 rows of 0 and 1 in turn: every pixel is the mean of 4 of them.
  std::vector<double> values;
  for (Index i = 0; i < 4000; ++i) values.push_back(i % 2 == 0 ? 0 : 1);
  const Canvas canvas = drawn("table", table_of(4000, 1, values));
  const Spot half = spot(canvas, find_colormap("viridis").colors[128], canvas.width() / 2);
  EXPECT_EQ(half.height(), 1000);
  EXPECT_TRUE(half.is_full());
}

TEST(table_figure, averages_what_is_left_over_in_the_last_block_by_itself) {
  // 2202 rows, 4 a pixel: the last pixel has 2, both 1, and all others are -1.
  std::vector<double> values(2202, -1);
  values[2200] = values[2201] = 1;
  const Canvas canvas = drawn("table", table_of(2202, 1, values));
  EXPECT_EQ(spot(canvas, kRed, canvas.width() / 2).height(), 1);
  EXPECT_EQ(spot(canvas, kBlue, canvas.width() / 2).height(), 550);
}

TEST(table_figure, says_what_a_range_cuts_off) {
  const Tensor table = table_of(2, 2, {0, 1, 2, 3});
  const Canvas all = drawn("table", table), cut = drawn("table", table, with_range({0, 2}));
  EXPECT_GT(cut.height(), all.height());   // by a note
  EXPECT_EQ(drawn("table", table, with_range({0, 4})).height(), all.height());
}

TEST(table_figure, gives_nan_and_infinities_the_bad_colour_and_says_so) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Canvas clean = drawn("table", table_of(1, 3, {0, 0.5, 1}), with_map("cividis"));
  const Canvas bad = drawn("table", table_of(1, 3, {kNan, -infinity, 1}), with_map("cividis"));
  EXPECT_EQ(spot(clean, kBadRed).count, 0);
  EXPECT_EQ(spot(bad, kBadRed).width(), 120);
  EXPECT_GT(bad.height(), clean.height());
}

TEST(table_figure, is_signed_blue_to_red_with_0_in_the_middle) {
  const Canvas canvas = drawn("table", table_of(1, 3, {-2, 0, 1}));
  const ColorScale scale(find_colormap("blue-red"), {-2, 1});
  EXPECT_EQ(scale(0.0).r - scale(0.0).b, 1);   // of 256 colours none is the very middle
  EXPECT_GE(spot(canvas, scale(0.0), canvas.width() / 2).height(), 120);
  EXPECT_EQ(scale(-2.0), kBlue);
  EXPECT_NE(scale(1.0), kRed);   // half as far from 0
}

TEST(similarity_figure, shows_the_similarity_1_in_the_cell_of_the_query) {
  const Canvas canvas = drawn("similarity", with_grid(turning_table(4), {2, 2}, "hw"));
  // 2 x 2 maps of 2 x 2 cells of 40 points, 4 between the maps. Behind the outline each own cell is yellow.
  const Spot yellow = spot(canvas, kYellow, canvas.width() - 70);
  EXPECT_EQ(yellow.count, 4 * 38 * 38);
  EXPECT_EQ(yellow.width(), 80 + 4 + 80 - 2);
  EXPECT_EQ(canvas.pixel(yellow.left + 10, yellow.top + 10), kYellow);                       // query (0, 0), cell (0, 0)
  EXPECT_EQ(canvas.pixel(yellow.left + 84 + 40 + 10, yellow.top + 84 + 40 + 10), kYellow);   // query (1, 1), cell (1, 1)
  EXPECT_NE(canvas.pixel(yellow.left + 84 + 10, yellow.top + 10), kYellow);                  // query (0, 1), cell (0, 0)
}

TEST(similarity_figure, gives_equal_similarities_equal_colours_in_all_maps) {
  const Canvas canvas = drawn("similarity", with_grid(turning_table(4), {2, 2}, "hw"));
  const Spot yellow = spot(canvas, kYellow, canvas.width() - 70);
  const auto cell = [&](Index map_h, Index map_w, Index h, Index w) {
    return canvas.pixel(yellow.left + map_w * 84 + w * 40 + 20, yellow.top + map_h * 84 + h * 40 + 20);
  };
  EXPECT_EQ(cell(0, 0, 0, 1), cell(0, 1, 0, 0));   // rows 0 and 1, and back
  EXPECT_EQ(cell(0, 0, 0, 1), cell(1, 0, 1, 1));   // rows 2 and 3 differ by the same turn
  EXPECT_NE(cell(0, 0, 0, 1), cell(0, 0, 1, 1));
}

TEST(similarity_figure, draws_the_same_picture_of_a_table_in_column_order) {
  const Tensor rows = turning_table(6);
  std::vector<double> hw = values(rows), wh;
  for (const std::size_t row : {0u, 3u, 1u, 4u, 2u, 5u}) wh.insert(wh.end(), {hw[2 * row], hw[2 * row + 1]});
  const Canvas by_row = drawn("similarity", with_grid(rows, {2, 3}, "hw"));
  const Canvas by_column = drawn("similarity", with_grid(table_of(6, 2, wh), {2, 3}, "wh"));
  EXPECT_EQ(by_row.pixels(), by_column.pixels());
}

TEST(similarity_figure, skips_prefix_rows_at_the_start) {
  const Tensor cells = turning_table(4);
  std::vector<double> with_class = values(cells);
  with_class.insert(with_class.begin(), {kNan, 7});
  const Canvas whole = drawn("similarity", with_grid(table_of(5, 2, with_class), {2, 2}, "hw", 1));
  EXPECT_EQ(whole.pixels(), drawn("similarity", with_grid(cells, {2, 2}, "hw")).pixels());
}

TEST(similarity_figure, needs_a_grid_that_the_rows_fill) {
  EXPECT_EQ(refusal("similarity", turning_table(4)), "similarity needs a grid; give --grid HxW (and --prefix-tokens K)");
  EXPECT_EQ(refusal("similarity", with_grid(turning_table(5), {2, 2}, "hw")),
            "similarity: --prefix-tokens 0 and --grid 2x2 make 4 rows, and table has 5");
}

TEST(similarity_figure, shows_cells_with_nan_in_the_bad_colour) {
  std::vector<double> values{1, 0, kNan, 0, 0, 1, 1, 1};
  const Canvas canvas = drawn("similarity", with_grid(table_of(4, 2, values), {2, 2}, "hw"), with_map("cividis"));
  // One cell in each of three maps, and the whole map of that query but the outline of its own cell.
  EXPECT_EQ(spot(canvas, kBadRed).count, 3 * 1600 + 3 * 1600 + 38 * 38);
}

// [head, query, key] with the values 0, 1, 2, ...
Tensor counting_bias(Index heads, Index queries, Index keys) {
  std::vector<double> values;
  for (Index i = 0; i < heads * queries * keys; ++i) values.push_back(static_cast<double>(i));
  return held_tensor("bias", {{"head", heads}, {"query", queries}, {"key", keys}}, Dtype::f32, std::move(values));
}

TEST(matrix_figure, is_1_on_its_diagonal) {
  const Canvas canvas = drawn("matrix", turning_table(10));
  const Spot yellow = spot(canvas, kYellow, canvas.width() - 93);
  EXPECT_EQ(yellow.width(), 560);   // 10 cells of 56 points
  EXPECT_EQ(yellow.count, 10 * 56 * 56);
  EXPECT_EQ(canvas.pixel(yellow.left + 3 * 56 + 20, yellow.top + 3 * 56 + 20), kYellow);
}

TEST(bias_figure, has_one_range_of_colours_for_all_heads) {
  // 2 x 2 x 2: the lowest value is in the first map, the highest in the second.
  const Canvas canvas = drawn("bias", counting_bias(2, 2, 2));
  const Color lowest = find_colormap("viridis").colors[0];
  EXPECT_EQ(spot(canvas, lowest, canvas.width() - 70).count, 24 * 24);
  EXPECT_EQ(spot(canvas, kYellow, canvas.width() - 70).count, 24 * 24);
}

TEST(bias_figure, shows_minus_infinity_in_its_own_colour_and_says_so) {
  Tensor causal = counting_bias(1, 2, 2);
  const Index height = drawn("bias", causal).height();
  causal = held_tensor("bias", causal.axes, Dtype::f32, {0, -std::numeric_limits<double>::infinity(), 2, 3});
  const Canvas canvas = drawn("bias", causal, with_map("cividis"));
  EXPECT_EQ(spot(canvas, kBadRed).count, 48 * 48);
  EXPECT_GT(canvas.height(), height);
}

TEST(bias_figure, draws_the_heads_that_are_asked_for) {
  FigureStyle style;
  style.heads = {1};
  const Canvas three = drawn("bias", counting_bias(3, 4, 4)), one = drawn("bias", counting_bias(3, 4, 4), style);
  EXPECT_EQ(spot(three, kYellow, three.width() - 70).count, 24 * 24);   // the highest value of head 2
  EXPECT_EQ(spot(one, kYellow, one.width() - 70).count, 48 * 48);       // a map by itself is larger
  style.heads = {3};
  EXPECT_THROW(drawn("bias", counting_bias(3, 4, 4), style), Error);
}

TEST(index_figure, prints_the_numbers_into_its_cells) {
  Tensor table = table_of(2, 2, {0, 1, 2, 3});
  table.dtype = Dtype::i64;
  const Canvas canvas = drawn("index", table);
  const Spot yellow = spot(canvas, kYellow, canvas.width() - 70);
  EXPECT_EQ(yellow.width(), 48);
  EXPECT_FALSE(yellow.is_full());
}

TEST(index_figure, needs_whole_numbers) { EXPECT_EQ(refusal("index", turning_table(4)), "index draws whole numbers; table holds f32"); }

TEST(channels_figure, draws_one_map_per_column_in_one_scale) {
  FigureStyle style;
  style.columns = {1, 0};
  const Tensor table = with_grid(table_of(4, 2, {0, 4, 1, 5, 2, 6, 3, 7}), {2, 2}, "hw");
  const Canvas canvas = drawn("channels", table, style);
  const Spot yellow = spot(canvas, kYellow, canvas.width() - 70), dark = spot(canvas, find_colormap("viridis").colors[0], canvas.width() - 70);
  EXPECT_EQ(yellow.count, 24 * 24);
  EXPECT_GT(dark.left, yellow.left);   // column 0 is the second map
}

TEST(curves_figure, draws_columns_in_different_colours) {
  FigureStyle style;
  style.columns = {0, 1};
  const Canvas canvas = drawn("curves", turning_table(40), style);
  EXPECT_GT(spot(canvas, series_color(0, style)).count, 500);
  EXPECT_GT(spot(canvas, series_color(1, style)).count, 500);
  EXPECT_EQ(spot(canvas, series_color(2, style)).count, 0);
}

TEST(curves_figure, refuses_a_column_that_is_not_there) {
  FigureStyle style;
  style.columns = {2};
  try {
    drawn("curves", turning_table(4), style);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "--columns 2: table has 2 columns, numbered from 0");
  }
}

TEST(spectrum_figure, needs_known_frequencies) {
  EXPECT_EQ(refusal("spectrum", turning_table(4)), "spectrum needs columns with known frequencies; table has none");
}

// A table of one axis whose two columns turn with these frequencies.
Tensor turning_with(double first, double second) {
  Tensor tensor = held_tensor("table", {{"position", 64}, {"channel", 2}}, Dtype::f32, std::vector<double>(128));
  tensor.columns = [=] { return std::vector<Column>{{"cos", "position", 0, first}, {"cos", "position", 1, second}}; };
  return tensor;
}

FigureRequest with_overlay(const Tensor& tensor) { return {"title", "subtitle", {}, "own", {{"other", "", tensor}}}; }

TEST(spectrum_figure, draws_overlays_in_colours_of_their_own) {
  const Tensor table = turning_with(1, 0.1), other = turning_with(0.5, 0.05);
  const Canvas alone = drawn("spectrum", table), both = find_figure("spectrum").draw(table, with_overlay(other));
  EXPECT_EQ(spot(alone, series_color(1, {})).count, 0);
  EXPECT_GT(spot(both, series_color(0, {})).count, 100);
  EXPECT_GT(spot(both, series_color(1, {})).count, 100);
}

TEST(spectrum_figure, shades_a_range_of_frequencies_from_top_to_bottom) {
  Tensor table = turning_with(1, 0.1);
  table.marks = {{"ramp", Mark::Of::frequency, {0.25, 0.75}}};
  const Canvas canvas = drawn("spectrum", table);
  Canvas pale(1, 1, {255, 255, 255});
  pale.blend(0, 0, series_color(0, {}), 0.12);
  const Spot band = spot(canvas, pale.pixel(0, 0));
  EXPECT_EQ(band.height(), 340);
  Index width = 0;   // of its topmost line, which the spectrum does not cross
  for (Index x = 0; x < canvas.width(); ++x) width += canvas.pixel(x, band.top) == pale.pixel(0, 0);
  EXPECT_NEAR(static_cast<double>(width), 720 * 0.5 / 1.08, 2);   // the axis reaches 0.04 beyond both frequencies
}

TEST(spectrum_figure, shades_a_range_of_wavelengths_from_side_to_side) {
  Tensor table = turning_with(1, 0.1);
  table.marks = {{"band", Mark::Of::wavelength, {20, 40}}};
  const Canvas canvas = drawn("spectrum", table);
  Canvas pale(1, 1, {255, 255, 255});
  pale.blend(0, 0, series_color(0, {}), 0.12);
  EXPECT_EQ(spot(canvas, pale.pixel(0, 0)).width(), 720);
}

TEST(spectrum_figure, reaches_to_the_lengths_that_are_marked) {
  Tensor table = turning_with(1, 0.1);
  const Canvas without = drawn("spectrum", table);
  table.marks = {{"trained length", Mark::Of::wavelength, {1e6, 1e6}}};
  EXPECT_NE(drawn("spectrum", table).pixels(), without.pixels());
}

TEST(decay_figure, draws_overlays_in_colours_of_their_own) {
  const Tensor table = turning_with(1, 0.1), other = turning_with(0.5, 0.05);
  const Canvas both = find_figure("decay").draw(table, with_overlay(other));
  EXPECT_GT(spot(both, series_color(0, {})).count, 300);
  EXPECT_GT(spot(both, series_color(1, {})).count, 300);
}

TEST(trajectory_figure, draws_its_halves_blue_and_orange) {
  const Canvas canvas = drawn("trajectory", turning_table(12));
  EXPECT_GT(spot(canvas, series_color(0, {})).count, 50);
  EXPECT_GT(spot(canvas, series_color(1, {})).count, 50);
}

TEST(segments_figure, draws_a_strip_per_axis) {
  const Tensor ids = held_tensor("position_ids", {{"axis", 3}, {"token", 4}}, Dtype::i64, {0, 1, 1, 9, 0, 1, 2, 9, 0, 1, 2, 9});
  const Canvas canvas = drawn("segments", ids);
  const Spot last = spot(canvas, kYellow, canvas.width() - 70);
  EXPECT_EQ(last.width(), 40);
  EXPECT_EQ(last.height(), 3 * 34 + 2 * 6);
}

TEST(segments_figure, names_what_the_table_knows_of_its_tokens) {
  Tensor ids = held_tensor("position_ids", {{"axis", 3}, {"token", 4}}, Dtype::i64, {0, 1, 1, 9, 0, 1, 2, 9, 0, 1, 2, 9});
  const Canvas without = drawn("segments", ids);
  ids.runs = {{0, 1, {}, "text"}, {1, 3, {1, 2, 2}, ""}, {3, 4, {}, "text"}};   // what the ids say, too
  EXPECT_EQ(drawn("segments", ids).pixels(), without.pixels());
  ids.runs[1].kind = "image";
  EXPECT_NE(drawn("segments", ids).pixels(), without.pixels());
}

TEST(index_figure, names_its_colours_after_the_table) {
  Tensor table = table_of(2, 2, {0, 1, 2, 3});
  table.dtype = Dtype::i64;
  const Canvas one = drawn("index", table);
  table.name = "bucket";
  const Canvas other = drawn("index", table);
  EXPECT_EQ(one.width(), other.width());
  EXPECT_NE(one.pixels(), other.pixels());
}

TEST(index_figure, has_room_for_the_name_of_its_colours) {
  Tensor table = table_of(1, 1, {0});
  table.dtype = Dtype::i64;
  const Canvas short_name = drawn("index", table);
  table.name = "relative_position_index_of_a_window";
  EXPECT_GT(drawn("index", table).height(), short_name.height());
}

// [layer, head, token, channel] over a grid of 2 x 2 cells; the values of table number i are i, but its first one is i + 1.
Tensor tables_of_heads(Index layers, Index heads) {
  std::vector<double> values;
  for (Index i = 0; i < layers * heads; ++i) {
    values.insert(values.end(), 8, static_cast<double>(i));
    values[values.size() - 8] += 1;
  }
  return with_grid(held_tensor("cos", {{"layer", layers}, {"head", heads}, {"token", 4}, {"channel", 2}}, Dtype::f32, values), {2, 2}, "hw");
}

Canvas drawn_at(const std::string& figure, const Tensor& tensor, std::vector<Index> at, const std::string& subtitle = "subtitle") {
  FigureStyle style;
  style.at = std::move(at);
  return find_figure(figure).draw(tensor, {"title", subtitle, style});
}

TEST(every_figure, of_a_table_draws_the_one_of_several_that_is_asked_for_and_says_which) {
  const Tensor all = tables_of_heads(2, 3);
  const Tensor fifth = with_grid(held_tensor("cos", {{"token", 4}, {"channel", 2}}, Dtype::f32, {5, 4, 4, 4, 4, 4, 4, 4}), {2, 2}, "hw");
  for (const char* figure : {"table", "channels", "similarity", "matrix"}) {
    SCOPED_TRACE(figure);
    EXPECT_EQ(drawn_at(figure, all, {1, 1}).pixels(), drawn_at(figure, fifth, {}, "subtitle · layer 1, head 1").pixels());
    EXPECT_EQ(drawn_at(figure, all, {0, 0}).pixels(), drawn_at(figure, all, {}).pixels());
  }
}

TEST(every_figure, of_a_table_refuses_a_place_that_is_not_there) {
  const auto message = [](std::vector<Index> at) {
    try {
      drawn_at("table", tables_of_heads(2, 3), std::move(at));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({1, 3}), "--draw-at: head 3 is not there; cos has 3, numbered from 0");
  EXPECT_EQ(message({1}), "--draw-at: the tables of cos are numbered by layer, head");
}

TEST(every_figure, of_a_table_draws_a_batch_of_one_as_the_table_itself) {
  const Tensor table = with_grid(turning_table(12), {3, 4}, "hw");
  Tensor batch = table;
  batch.axes.insert(batch.axes.begin(), {"batch", 1});
  for (const char* figure : {"table", "channels", "similarity", "matrix"}) {
    EXPECT_EQ(drawn(figure, batch).pixels(), drawn(figure, table).pixels()) << figure;
  }
}

TEST(channels_figure, draws_the_image_that_is_asked_for) {
  const Tensor images = held_tensor("pos_embed", {{"image", 2}, {"channel", 2}, {"h", 1}, {"w", 2}}, Dtype::f32, {0, 0, 0, 0, 0, 1, 2, 3});
  const Tensor second = held_tensor("pos_embed", {{"channel", 2}, {"h", 1}, {"w", 2}}, Dtype::f32, {0, 1, 2, 3});
  EXPECT_EQ(drawn_at("channels", images, {1}).pixels(), drawn_at("channels", second, {}, "subtitle · image 1").pixels());
}

TEST(every_figure, refuses_an_empty_table) {
  for (const Figure& figure : all_figures()) EXPECT_EQ(refusal(figure.name, table_of(0, 3, {})), "table is empty (0x3); nothing to draw");
}

TEST(every_figure, has_the_size_that_is_asked_for) {
  const Tensor table = with_grid(turning_table(12), {3, 4}, "hw");
  FigureStyle style;
  style.width = 700;
  style.height = 500;
  for (const Figure& figure : all_figures()) {
    if (!figure.why_not(table).empty()) continue;
    SCOPED_TRACE(figure.name);
    const Canvas canvas = drawn(figure.name, table, style);
    EXPECT_EQ(canvas.width(), 700);
    EXPECT_EQ(canvas.height(), 500);
  }
}

TEST(every_figure, says_how_much_room_it_needs_when_a_size_is_too_small) {
  FigureStyle style;
  style.width = style.height = 64;
  try {
    drawn("table", turning_table(12), style);
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("a figure of 64 x 64 pixels has no room for a picture beside its texts")) << error.what();
  }
}

TEST(every_figure, stands_on_the_ground_of_its_theme) {
  const Tensor table = with_grid(turning_table(12), {3, 4}, "hw");
  FigureStyle dark;
  dark.dark = true;
  for (const Figure& figure : all_figures()) {
    if (!figure.why_not(table).empty()) continue;
    EXPECT_EQ(drawn(figure.name, table).pixel(0, 0), (Color{255, 255, 255})) << figure.name;
    EXPECT_EQ(drawn(figure.name, table, dark).pixel(0, 0), theme(dark).background) << figure.name;
  }
}

TEST(every_figure, draws_the_same_pixels_again) {
  const Tensor table = with_grid(turning_table(12), {3, 4}, "hw");
  for (const Figure& figure : all_figures()) {
    if (!figure.why_not(table).empty()) continue;
    EXPECT_EQ(drawn(figure.name, table).pixels(), drawn(figure.name, table).pixels()) << figure.name;
  }
}

}  // namespace
}  // namespace pe
