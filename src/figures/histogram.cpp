// histogram: how the values of a table are spread, beside the shape that a normal or a uniform distribution would give them.

#include "analysis/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "figures/draw/chart.h"

namespace pe {
namespace {

constexpr double kUniformKurtosis = 2;     // below it values are spread more like a uniform distribution (1.8) than a normal one (3)
constexpr std::size_t kShapePoints = 300;

std::string unsuited(const Tensor& tensor) {
  if (components(tensor.dtype) == 2) return fmt::format("histogram needs real numbers; {} is complex", tensor.name);
  return {};
}

// What each bin would hold if the values were drawn from the distribution that has their moments.
Series expected_shape(const Histogram& histogram, Range across, const FigureStyle& style) {
  const bool is_uniform = histogram.kurtosis < kUniformKurtosis;
  Series shape{is_uniform ? "uniform" : "normal", is_uniform ? "same range" : "same mean, deviation", series_color(1, style), {}, {}};
  const double scale = static_cast<double>(histogram.count) * histogram.width;
  if (is_uniform) {
    const double height = static_cast<double>(histogram.count) / static_cast<double>(histogram.bins.size());
    const double low = histogram.first, high = low + static_cast<double>(histogram.bins.size()) * histogram.width;
    shape.x = {across.low, low, low, high, high, across.high};
    shape.y = {0, 0, height, height, 0, 0};
    return shape;
  }
  for (std::size_t i = 0; i <= kShapePoints; ++i) {
    const double x = across.low + (across.high - across.low) * static_cast<double>(i) / kShapePoints, z = (x - histogram.mean) / histogram.deviation;
    shape.x.push_back(x);
    shape.y.push_back(scale * std::exp(-z * z / 2) / (histogram.deviation * std::sqrt(2 * std::numbers::pi)));
  }
  return shape;
}

// Bars touch: a gap of a whole pixel here and not there would be seen.
void draw_bars(ChartCanvas& chart, const Histogram& histogram, const FigureStyle& style) {
  const Color fill = mixed(theme(style).background, series_color(0, style), 0.75);
  for (std::size_t i = 0; i < histogram.bins.size(); ++i) {
    const double start = histogram.first + static_cast<double>(i) * histogram.width;
    const Point from = chart.at(start, static_cast<double>(histogram.bins[i]));
    const Index left = std::lround(from.x), right = std::lround(chart.at(start + histogram.width, 0).x), top = std::lround(from.y);
    chart.canvas.fill(left, top, std::max<Index>(right - left, 1), chart.plot.top + chart.plot.height - top, fill);
  }
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const Histogram histogram = histogram_of(tensor);
  const double highest = histogram.count == 0 ? 0 : static_cast<double>(*std::max_element(histogram.bins.begin(), histogram.bins.end()));
  const double last = histogram.first + static_cast<double>(std::max<std::size_t>(histogram.bins.size(), 1)) * histogram.width;

  const ChartAxis counts{"values in a bin of " + short_text(histogram.width), {0, std::max(1.0, highest * 1.1)}, false, true};
  Chart chart{{"value", padded({histogram.first, last})}, counts, {}};
  if (histogram.bins.size() > 1) chart.series.push_back(expected_shape(histogram, chart.across.range, request.style));
  chart.notes = {fmt::format("{} values · mean {} · standard deviation {}", histogram.count, short_text(histogram.mean), short_text(histogram.deviation))};
  if (histogram.count > 1) chart.notes.back() += fmt::format(" · from {} to {}", short_text(histogram.range.low), short_text(histogram.range.high));
  if (histogram.not_finite > 0) chart.notes.push_back(fmt::format("not counted: {} that are NaN or infinite", histogram.not_finite));

  ChartCanvas canvas = start_chart(chart, request);
  draw_bars(canvas, histogram, request.style);
  for (const Series& series : chart.series) draw_series(canvas, series, request.style);
  return std::move(canvas.canvas);
}

}  // namespace

Figure histogram_figure() { return {"histogram", "how the values are spread, beside a normal or uniform shape", unsuited, paint}; }

}  // namespace pe
