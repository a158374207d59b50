#include "figures/draw/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace pe {
namespace {

constexpr double kAcrossSpacing = 70, kDownSpacing = 34;       // of numbers, points
constexpr double kDash = 5, kDashGap = 4, kDot = 2.4;          // points
constexpr double kPadding = 0.04;                              // of the range, at each end
constexpr double kBandStrength = 0.25, kPaleStrength = 0.12;

std::vector<Tick> ticks(const ChartAxis& axis, double length, double spacing) {
  if (!axis.numbers) return {};
  return axis.logarithmic ? log_ticks(axis.range, length, spacing) : linear_ticks(axis.range, length, spacing, axis.whole);
}

std::vector<Tick> ticks_down(const ChartAxis& axis, double length, double spacing) {
  std::vector<Tick> all = ticks(axis, length, spacing);
  for (Tick& tick : all) tick.at = length - tick.at;
  return all;
}

double last_value(const Series& series) {
  for (std::size_t i = series.y.size(); i-- > 0;) {
    if (std::isfinite(series.y[i])) return series.y[i];
  }
  return 0;
}

// The part of the axis that a band takes up, from 0 to 1.
Range clipped(const Chart& chart, const Band& band) {
  const ChartAxis& axis = band.is_across ? chart.across : chart.down;
  return {std::clamp(axis.place(band.range.low), 0.0, 1.0), std::clamp(axis.place(band.range.high), 0.0, 1.0)};
}

// Names the bands beside the plot, below it, or in notes.
void name_bands(const Chart& chart, PixelSize size, Frame& frame, const FigureStyle& style) {
  double taken = 0;   // below the plot
  for (const Band& band : chart.bands) {
    const Range part = clipped(chart, band);
    if (!(part.low < part.high)) continue;
    if (!band.is_across) {
      const double middle = 1 - (part.low + part.high) / 2;
      frame.side_labels.push_back({middle * static_cast<double>(size.height), band.label, band.detail, band.color});
      continue;
    }
    const double first = part.low * static_cast<double>(size.width), last = part.high * static_cast<double>(size.width);
    if (first >= taken && text_width(band.label, Pen(style).font(kNumberSize)) <= bracket_room(last - first, style)) {
      frame.across.brackets.push_back({first, last, band.label, band.detail});
      taken = last;
    } else {
      frame.notes.push_back(fmt::format("shaded: {} {}{}{}", band.label, band.detail, band.table.empty() ? "" : " of ", band.table));
    }
  }
}

struct Plan {
  PixelSize size;
};

Frame frame_of(const Chart& chart, const FigureRequest& request, PixelSize size) {
  const FigureStyle& style = request.style;
  const auto height = static_cast<double>(size.height);
  const PlotAxis across{chart.across.name, ticks(chart.across, static_cast<double>(size.width), pixels(kAcrossSpacing, style)), true, {}};
  const PlotAxis down{chart.down.name, ticks_down(chart.down, height, pixels(kDownSpacing, style)), true, {}};
  Frame frame{request.title, request.subtitle, across, down, {}};
  frame.notes = chart.notes;
  const auto label_height = [&](double value) { return height * (1 - std::clamp(chart.down.place(value), 0.0, 1.0)); };
  for (const Series& series : chart.series) {
    if (!series.label.empty()) frame.side_labels.push_back({label_height(last_value(series)), series.label, series.detail, series.color});
  }
  for (const Level& level : chart.levels) frame.side_labels.push_back({label_height(level.value), level.label, level.detail, theme(style).muted, true});
  name_bands(chart, size, frame, style);
  return frame;
}

void draw_pale(ChartCanvas& started, const Chart& chart, const Band& band) {
  const Range part = clipped(chart, band);
  const PixelRect& plot = started.plot;
  const auto width = static_cast<double>(plot.width), height = static_cast<double>(plot.height);
  const Index left = band.is_across ? std::lround(part.low * width) : 0;
  const Index right = band.is_across ? std::lround(part.high * width) : plot.width;
  const Index top = band.is_across ? 0 : std::lround((1 - part.high) * height);
  const Index bottom = band.is_across ? plot.height : std::lround((1 - part.low) * height);
  for (Index y = top; y < bottom; ++y) {
    for (Index x = left; x < right; ++x) started.canvas.blend(plot.left + x, plot.top + y, band.color, kPaleStrength);
  }
}

// Thin lines behind everything at the numbers of the vertical axis; the one at 0 is stronger.
void draw_grid(ChartCanvas& chart, const FigureStyle& style) {
  const Pen pen(style);
  const auto height = static_cast<double>(chart.plot.height);
  for (const Tick& tick : ticks_down(chart.down, height, pixels(kDownSpacing, style))) {
    if (tick.label.empty() || tick.at < 1 || tick.at > height - 1) continue;
    chart.canvas.fill(chart.plot.left, chart.plot.top + static_cast<Index>(tick.at), chart.plot.width, pen.line, pen.colors.grid);
  }
  if (!chart.down.numbers || chart.down.logarithmic || chart.down.range.low >= 0 || chart.down.range.high <= 0) return;
  const auto zero = static_cast<Index>(chart.at(0, 0).y);
  chart.canvas.fill(chart.plot.left, zero, chart.plot.width, pen.line, pen.colors.muted);
}

void draw_level(ChartCanvas& chart, double value, const FigureStyle& style) {
  const Pen pen(style);
  const double place = chart.down.place(value);
  if (place < 0 || place > 1) return;
  const Index dash = pen.px(kDash), right = chart.plot.left + chart.plot.width;
  const auto y = static_cast<Index>(chart.at(chart.across.range.low, value).y);
  for (Index x = chart.plot.left; x < right; x += dash + pen.px(kDashGap)) {
    chart.canvas.fill(x, y, std::min(dash, right - x), pen.line, pen.colors.muted);
  }
}

// The band of a series, a column of pixels at a time between neighbouring points.
void draw_band(ChartCanvas& chart, const Series& series) {
  for (std::size_t i = 0; i + 1 < series.spread.size(); ++i) {
    const Range a = series.spread[i], b = series.spread[i + 1];
    if (!(a.low <= a.high) || !(b.low <= b.high)) continue;
    const double left = chart.at(series.x[i], 0).x, right = chart.at(series.x[i + 1], 0).x;
    for (auto x = static_cast<Index>(std::ceil(left)); static_cast<double>(x) < right; ++x) {
      const double t = (static_cast<double>(x) - left) / (right - left);
      const auto top = static_cast<Index>(std::floor(chart.at(0, a.high + t * (b.high - a.high)).y));
      const auto bottom = static_cast<Index>(std::ceil(chart.at(0, a.low + t * (b.low - a.low)).y));
      for (Index y = std::max(top, chart.plot.top); y < std::min(bottom, chart.plot.top + chart.plot.height); ++y) {
        chart.canvas.blend(x, y, series.color, kBandStrength);
      }
    }
  }
}

}  // namespace

double ChartAxis::place(double value) const {
  if (!logarithmic) return (value / 2 - range.low / 2) / (range.high / 2 - range.low / 2);   // halves: differences of large numbers stay finite
  return std::log(value / range.low) / std::log(range.high / range.low);
}

Range padded(Range range, bool logarithmic) {
  if (logarithmic) {
    const double factor = range.low < range.high ? std::pow(range.high / range.low, kPadding) : 2;
    return {range.low / factor, range.high * factor};
  }
  const double room = range.high > range.low ? range.high * kPadding - range.low * kPadding : std::max(1.0, std::abs(range.low)) / 2;
  return {range.low - room, range.high + room};
}

Point ChartCanvas::at(double x, double y) const {
  return {static_cast<double>(plot.left) + across.place(x) * static_cast<double>(plot.width),
          static_cast<double>(plot.top) + (1 - down.place(y)) * static_cast<double>(plot.height)};
}

ChartCanvas start_chart(const Chart& chart, const FigureRequest& request) {
  const FigureStyle& style = request.style;
  const PixelSize wanted{std::lround(pixels(chart.width, style)), std::lround(pixels(chart.height, style))};
  auto [plan, frame] = fit({wanted, wanted}, style, [](const PlotLimits& limits) { return Plan{limits.target}; },
                           [&](const Plan& candidate) { return frame_of(chart, request, candidate.size); });
  FramedCanvas framed = draw_frame(frame, plan.size, style);
  ChartCanvas started{std::move(framed.canvas), {framed.left, framed.top, plan.size.width, plan.size.height}, chart.across, chart.down};
  for (const Band& band : chart.bands) draw_pale(started, chart, band);
  draw_grid(started, style);
  for (const Level& level : chart.levels) draw_level(started, level.value, style);
  return started;
}

void draw_series(ChartCanvas& chart, const Series& series, const FigureStyle& style) {
  draw_band(chart, series);
  std::vector<Point> points;
  for (std::size_t i = 0; i < series.x.size(); ++i) points.push_back(chart.at(series.x[i], series.y[i]));
  if (series.width > 0) draw_line(chart.canvas, chart.plot, points, pixels(series.width, style), series.color);
  if (!series.dots) return;
  for (const Point& point : points) draw_dot(chart.canvas, chart.plot, point, pixels(kDot, style), series.color);
}

std::vector<std::string> merged_notes(const std::vector<TableNote>& notes, std::size_t tables) {
  std::vector<std::string> texts, merged;
  for (const TableNote& note : notes) {
    if (std::find(texts.begin(), texts.end(), note.text) != texts.end()) continue;
    texts.push_back(note.text);
    std::vector<std::string> names;
    for (const TableNote& other : notes) {
      if (other.text == note.text && std::find(names.begin(), names.end(), other.table) == names.end()) names.push_back(other.table);
    }
    merged.push_back(names.size() == tables ? note.text : fmt::format("{}: {}", note.text, join(names, "; ")));
  }
  return merged;
}

Canvas draw_chart(const Chart& chart, const FigureRequest& request) {
  ChartCanvas started = start_chart(chart, request);
  for (const Series& series : chart.series) draw_series(started, series, request.style);
  return std::move(started.canvas);
}

}  // namespace pe
