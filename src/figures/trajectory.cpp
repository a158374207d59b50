// trajectory: the rows of a table as points of a curve in two or three of its columns. Whether two positions share a place shows as
// the second half of the curve running over the first: the earlier points are the larger ones.

#include "analysis/trajectory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"
#include "figures/draw/box.h"
#include "figures/draw/chart.h"
#include "figures/draw/columns.h"
#include "figures/draw/row_axis.h"

namespace pe {
namespace {

constexpr Index kMostPoints = 3000;
constexpr double kLargeDot = 3.2, kSmallDot = 1.9, kLine = 1.0;   // points
constexpr double kPaler = 0.62;                                   // how much of the ground's colour the farthest points take

std::string unsuited(const Tensor& tensor) {
  if (tensor.axes.size() != 2 || tensor.rows() < 3) {
    return fmt::format("trajectory draws three rows or more as points of a curve; {} is {}", tensor.name, shape_text(tensor));
  }
  if (tensor.columns_count() < 2) return fmt::format("trajectory needs two or three columns; {} has one", tensor.name);
  if (tensor.axes[1].name == "key" || tensor.grid) return fmt::format("trajectory draws positions; the rows of {} are none", tensor.name);
  return {};
}

std::vector<Index> chosen_columns(const Tensor& tensor, const FigureStyle& style) {
  std::vector<Index> columns = asked_columns(tensor, tensor.columns_count(), style, "trajectory", 3);
  if (columns.size() == 1) throw Error("--columns names one column; trajectory needs two or three");
  if (!columns.empty()) return columns;
  columns.resize(static_cast<std::size_t>(std::min<Index>(3, tensor.columns_count())));
  std::iota(columns.begin(), columns.end(), Index{0});
  return columns;
}

// "0 to 9.9"
std::string span_text(const RowNumbers& rows, const Trajectory& curve, std::size_t first, std::size_t last) {
  const auto position = [&](std::size_t point) { return rows.at(static_cast<double>(rows.first + static_cast<Index>(point) * curve.stride)); };
  const double step = std::abs(rows.places.step);
  return number_text(position(first), step) + " to " + number_text(position(last), step);
}

// What is said beside and below the curve.
struct Words {
  std::array<std::string, 2> halves;
  std::vector<std::string> names, notes;
};

Words words_of(const Tensor& tensor, const std::vector<Index>& columns, const RowNumbers& rows, const Trajectory& curve) {
  Words words;
  const std::size_t half = curve.count() / 2;
  const std::string what = rows.name == "position" ? "positions " : "rows ";
  words.halves = {what + span_text(rows, curve, 0, half - 1), what + span_text(rows, curve, half, curve.count() - 1)};
  const std::vector<Column> known = known_columns(tensor);
  for (const Index column : columns) {
    const std::string detail = known.empty() ? "" : column_detail(known[static_cast<std::size_t>(column)], has_several_axes(known));
    words.names.push_back(fmt::format("column {}{}{}", column, detail.empty() ? "" : " · ", detail));
  }
  if (curve.comes_back_after) {
    const double after = static_cast<double>(*curve.comes_back_after) * std::abs(rows.places.step);
    words.notes.push_back(fmt::format("the curve comes back after {} {}and runs over its own beginning", number_text(after, std::abs(rows.places.step)), what));
  } else {
    words.notes.push_back("the curve does not run over its own beginning");
  }
  const auto left_out = std::count_if(curve.points.begin(), curve.points.end(), [](double value) { return !std::isfinite(value); });
  if (left_out > 0) words.notes.push_back(fmt::format("{} values are NaN or infinite; their points are left out", left_out));
  if (curve.stride > 1) words.notes.push_back(fmt::format("a point for every {} rows", curve.stride));
  return words;
}

Range range_along(const Trajectory& curve, std::size_t dimension) {
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < curve.count(); ++i) {
    const double value = curve.point(i)[dimension];
    if (std::isfinite(value)) range = {std::min(range.low, value), std::max(range.high, value)};
  }
  return padded(range.low <= range.high ? range : Range{0, 1});
}

// A point of the curve on the canvas; depth 0 is next to the reader.
struct Mark {
  Point at;
  double depth = 0;

  bool is_finite() const { return std::isfinite(at.x) && std::isfinite(at.y); }
};

// First half, then second half over it with smaller dots, each from the back to the front.
void draw_curve(Canvas& canvas, const PixelRect& plot, const std::vector<Mark>& marks, const FigureStyle& style) {
  const std::size_t half = marks.size() / 2;
  const Color ground = theme(style).background;
  const auto shade = [&](std::size_t series, double depth) { return mixed(series_color(series, style), ground, kPaler * depth); };
  for (std::size_t series = 0; series < 2; ++series) {
    const std::size_t first = series == 0 ? 0 : half, last = series == 0 ? half : marks.size();
    std::vector<std::size_t> order;
    for (std::size_t i = first; i < last; ++i) {
      if (marks[i].is_finite()) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return marks[a].depth > marks[b].depth; });
    for (const std::size_t i : order) {
      if (i > 0) draw_line(canvas, plot, std::array{marks[i - 1].at, marks[i].at}, pixels(kLine, style), shade(series, marks[i].depth));
    }
    const double radius = series == 0 ? kLargeDot : kSmallDot;
    for (const std::size_t i : order) draw_dot(canvas, plot, marks[i].at, pixels(radius * (1 - 0.3 * marks[i].depth), style), shade(series, marks[i].depth));
  }
}

// A ring and a word that stands out from what is behind it.
void name_end(Canvas& canvas, const PixelRect& plot, const Mark& mark, const std::string& text, Color color, const FigureStyle& style) {
  if (!mark.is_finite()) return;
  const Pen pen(style);
  const Point at = mark.at;
  draw_dot(canvas, plot, at, pixels(kLargeDot + 2.2, style), pen.colors.background);
  draw_dot(canvas, plot, at, pixels(kLargeDot + 1.2, style), pen.colors.text);
  draw_dot(canvas, plot, at, pixels(kLargeDot, style), color);
  const double x = at.x + pixels(8, style);
  const Index y = std::lround(at.y - pixels(7, style));
  for (const auto& [dx, dy] : std::array<std::pair<Index, Index>, 8>{{{-1, -1}, {0, -1}, {1, -1}, {-1, 0}, {1, 0}, {-1, 1}, {0, 1}, {1, 1}}}) {
    draw_text(canvas, x + static_cast<double>(dx * pen.line), y + dy * pen.line, text, pen.font(kNumberSize, true), pen.colors.background, Align::left);
  }
  draw_text(canvas, x, y, text, pen.font(kNumberSize, true), pen.colors.text, Align::left);
}

void name_ends(Canvas& canvas, const PixelRect& plot, const std::vector<Mark>& marks, const FigureStyle& style) {
  name_end(canvas, plot, marks.front(), "start", series_color(0, style), style);
  name_end(canvas, plot, marks.back(), "end", series_color(1, style), style);
}

Canvas paint_flat(const Trajectory& curve, const Words& words, const FigureRequest& request) {
  const FigureStyle& style = request.style;
  Chart chart{{words.names[0], range_along(curve, 0)}, {words.names[1], range_along(curve, 1)}, {}};
  chart.width = chart.height = 460;
  chart.notes = words.notes;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::span<const double> end = curve.point(i == 0 ? curve.count() / 2 - 1 : curve.count() - 1);
    chart.series.push_back({words.halves[i], "", series_color(i, style), {end[0]}, {end[1]}});
  }
  ChartCanvas canvas = start_chart(chart, request);
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < curve.count(); ++i) marks.push_back({canvas.at(curve.point(i)[0], curve.point(i)[1])});
  draw_curve(canvas.canvas, canvas.plot, marks, style);
  name_ends(canvas.canvas, canvas.plot, marks, style);
  return std::move(canvas.canvas);
}

Canvas paint_deep(const Trajectory& curve, const Words& words, const FigureRequest& request) {
  const FigureStyle& style = request.style;
  const Box box{{words.names[0], words.names[1], words.names[2]}, {range_along(curve, 0), range_along(curve, 1), range_along(curve, 2)}};
  Frame frame{request.title, request.subtitle, {}, {}, {}};
  frame.notes = words.notes;
  frame.notes.push_back("paler and smaller is farther away; the grey line is the shadow on the floor");
  for (std::size_t i = 0; i < 2; ++i) {
    frame.side_labels.push_back({pixels(20 + 20 * static_cast<double>(i), style), words.halves[i], "", series_color(i, style)});
  }
  BoxCanvas canvas = start_box(box, frame, style);
  std::vector<Mark> marks;
  std::vector<Point> shadow;
  for (std::size_t i = 0; i < curve.count(); ++i) {
    const std::span<const double> p = curve.point(i);
    marks.push_back({canvas.at(p[0], p[1], p[2]), canvas.depth(p[0], p[1], p[2])});
    shadow.push_back(canvas.at(p[0], p[1], box.ranges[2].low));
  }
  draw_line(canvas.canvas, canvas.plot, shadow, pixels(1.5, style), theme(style).muted, 0.45);
  draw_curve(canvas.canvas, canvas.plot, marks, style);
  name_ends(canvas.canvas, canvas.plot, marks, style);
  return std::move(canvas.canvas);
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const std::vector<Index> columns = chosen_columns(tensor, request.style);
  const RowNumbers rows = row_numbers(tensor);
  const Trajectory curve = trajectory_of(tensor, columns, rows.first, rows.count, kMostPoints);
  const Words words = words_of(tensor, columns, rows, curve);
  return columns.size() == 2 ? paint_flat(curve, words, request) : paint_deep(curve, words, request);
}

}  // namespace

Figure trajectory_figure() {
  return {"trajectory", "rows as points of a curve in two or three columns, its halves in two colours", unsuited, paint, {.columns = true, .block = true}};
}

}  // namespace pe
