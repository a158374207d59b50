// curves: some columns of a table as lines over the positions.

#include "analysis/curves.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/text.h"
#include "figures/draw/chart.h"
#include "figures/draw/columns.h"
#include "figures/draw/row_axis.h"

namespace pe {
namespace {

constexpr std::size_t kWaves = 6, kOthers = 4, kMost = 16;   // lines drawn by default with and without known waves, and at most
constexpr std::size_t kAllOf = 12;                           // tables of so many columns without known waves are drawn whole
constexpr Index kMostPoints = 4096;                          // of a line: beyond, neighbouring rows are folded into one
constexpr double kBusy = 60;                                 // runs through the range of values that can be followed in one plot
constexpr double kLane = 0.86, kLaneLine = 1.3;              // part of a lane that values fill; points

std::string unsuited(const Tensor& tensor) {
  if (tensor.axes.size() != 2) return fmt::format("curves draws columns over rows; {} is {}", tensor.name, shape_text(tensor));
  if (tensor.axes[0].size < 2) return fmt::format("curves needs two rows; {} is {}", tensor.name, shape_text(tensor));
  if (tensor.axes[1].name == "key") return fmt::format("curves draws columns over positions; {} is a map of queries and keys", tensor.name);
  if (tensor.grid) return fmt::format("curves draws columns over positions; the rows of {} are cells of a grid (channels draws those)", tensor.name);
  return {};
}

std::vector<Index> chosen_columns(const Tensor& tensor, const RowNumbers& rows, const FigureStyle& style) {
  if (!style.columns.empty()) return asked_columns(tensor, tensor.columns_count(), style, "curves", kMost);
  const double length = static_cast<double>(rows.count - rows.first) * std::abs(rows.places.step);
  const std::vector<Column> known = known_columns(tensor);
  const bool are_waves = std::any_of(known.begin(), known.end(), [](const Column& column) { return column.frequency != 0; });
  const std::size_t others = tensor.columns_count() <= static_cast<Index>(kAllOf) ? kAllOf : kOthers;
  return readable_columns(tensor, length, are_waves ? kWaves : others);
}

Series series_of(const Curves& curves, std::size_t number, const RowNumbers& rows, const FigureStyle& style) {
  const Curve& curve = curves.columns[number];
  Series series{{}, {}, series_color(number, style), {}, curve.mean, curves.block_rows > 1 ? curve.spread : std::vector<Range>(), false, 1.8};
  for (std::size_t i = 0; i < curve.mean.size(); ++i) {
    const Index first = curves.first + static_cast<Index>(i) * curves.block_rows, last = std::min(first + curves.block_rows, curves.last) - 1;
    series.x.push_back(rows.at(static_cast<double>(first + last) / 2));
  }
  return series;
}

// Whether every value is one of the ends of the range, such as a bit.
bool has_two_values(const Curves& curves, Range range) {
  const auto is_end = [&](double value) { return value == range.low || value == range.high; };
  return curves.block_rows == 1 && range.low < range.high &&
         std::all_of(curves.columns.begin(), curves.columns.end(), [&](const Curve& curve) { return std::all_of(curve.mean.begin(), curve.mean.end(), is_end); });
}

// Jumps halfway between two positions in place of the slopes that join them.
void make_steps(Series& series) {
  const std::vector<double> x = std::move(series.x), y = std::move(series.y);
  series.x.clear();
  series.y.clear();
  const auto add = [&](double at, double value) {
    series.x.push_back(at);
    series.y.push_back(value);
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i > 0 && y[i] != y[i - 1]) {
      add((x[i - 1] + x[i]) / 2, y[i - 1]);
      add((x[i - 1] + x[i]) / 2, y[i]);
    }
    add(x[i], y[i]);
  }
}

Range value_range(const Curves& curves) {
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const Curve& curve : curves.columns) {
    for (const Range& spread : curve.spread) range = {std::min(range.low, spread.low), std::max(range.high, spread.high)};
  }
  return range.low <= range.high ? range : Range{0, 1};
}

bool has_waves(const std::vector<Column>& known, const std::vector<Index>& columns) {
  return !known.empty() && std::any_of(columns.begin(), columns.end(), [&](Index i) { return known[static_cast<std::size_t>(i)].frequency != 0; });
}

// How often lines run through the whole range of values, all in all.
double busyness(const Curves& curves, Range range) {
  double way = 0;
  for (const Curve& curve : curves.columns) {
    for (std::size_t i = 1; i < curve.mean.size(); ++i) {
      const double step = std::abs(curve.mean[i] - curve.mean[i - 1]);
      if (std::isfinite(step)) way += step;
    }
  }
  return way / (range.high - range.low);
}

// Puts every line into a lane of its own, the first one on top, where together they could not be followed.
void separate(Chart& chart, Range range) {
  const auto lanes = static_cast<double>(chart.series.size());
  const auto in_lane = [&](double value, double lane) { return lanes - 1 - lane + (value - range.low) / (range.high - range.low) * kLane; };
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const auto lane = static_cast<double>(i);
    for (double& y : chart.series[i].y) y = in_lane(y, lane);
    for (Range& spread : chart.series[i].spread) spread = {in_lane(spread.low, lane), in_lane(spread.high, lane)};
    chart.series[i].width = kLaneLine;
  }
  chart.down = {"a lane per column", {kLane - 1, lanes}, false, false, false};
  chart.notes.push_back(fmt::format("each lane spans the values from {} to {}", short_text(range.low), short_text(range.high)));
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const RowNumbers rows = row_numbers(tensor);
  const std::vector<Index> columns = chosen_columns(tensor, rows, request.style);
  const std::vector<Column> known = known_columns(tensor);
  const Curves curves = column_curves(tensor, columns, rows.first, rows.count, kMostPoints);
  const Range range = value_range(curves);
  const bool two_values = has_two_values(curves, range);

  const double from = rows.at(static_cast<double>(rows.first)), to = rows.at(static_cast<double>(rows.count - 1));
  const bool are_whole = rows.places.step == std::round(rows.places.step) && rows.places.first == std::round(rows.places.first);
  Chart chart{{rows.name, {std::min(from, to), std::max(from, to)}, false, are_whole}, {"value", padded(range)}, {}};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Series series = series_of(curves, i, rows, request.style);
    if (two_values) make_steps(series);
    series.label = fmt::format("column {}", columns[i]);
    if (!known.empty()) series.detail = column_detail(known[static_cast<std::size_t>(columns[i])], has_several_axes(known));
    chart.series.push_back(std::move(series));
  }
  std::vector<std::string> remarks;
  if (tensor.columns_count() > 1) remarks.push_back(fmt::format("{} of {} columns", columns.size(), tensor.columns_count()));
  if (has_waves(known, columns)) remarks.push_back("λ: wavelength in positions");
  if (!remarks.empty()) chart.notes.push_back(join(remarks, " · "));
  if (components(tensor.dtype) == 2) chart.notes.push_back("real parts of complex numbers");
  if (curves.block_rows > 1) {
    chart.notes.push_back(fmt::format("lines are means of {} neighbouring rows; bands reach from their lowest to their highest value", curves.block_rows));
  }
  if (curves.not_finite > 0) chart.notes.push_back(fmt::format("{} values are NaN or infinite and left out", curves.not_finite));
  if (columns.size() > 1 && range.low < range.high && (two_values || busyness(curves, range) > kBusy)) separate(chart, range);
  return draw_chart(chart, request);
}

}  // namespace

Figure curves_figure() { return {"curves", "chosen columns as lines over the positions", unsuited, paint, {.columns = true, .block = true}}; }

}  // namespace pe
