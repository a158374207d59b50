#pragma once
#include <optional>
#include <string>
#include <vector>

#include "figures/draw/frame.h"
#include "figures/draw/line.h"

namespace pe {

/// Numbers along one side of a chart, from range.low to range.high. A logarithmic axis has a positive range.
struct ChartAxis {
  std::string name;
  Range range;
  bool logarithmic = false;
  bool whole = false;         ///< only whole numbers have a meaning
  bool numbers = true;        ///< false: its values mean nothing by themselves

  /// Where a value stands: 0 at the low end, 1 at the high one.
  double place(double value) const;
};

/// A little more than `range`, so that lines and dots at its ends are not cut; of one value some room around it.
Range padded(Range range, bool logarithmic = false);

/// A line through points (x[i], y[i]), named beside its right end. NaN leaves a gap.
struct Series {
  std::string label, detail;
  Color color;
  std::vector<double> x, y;
  std::vector<Range> spread = {};   ///< per point a lowest and highest value, drawn as a light band; empty: none
  bool dots = false;                ///< also a dot at each point
  double width = 1.8;               ///< points; 0: only the band
};

/// A dashed line across the plot at a height of the vertical axis, named at its right end.
struct Level {
  double value = 0;
  std::string label, detail;
};

/// A pale band across the plot between two values of one axis: of the vertical one it is named at its right end, of the horizontal one
/// by a bracket below the plot, or in a note where there is no room.
struct Band {
  bool is_across = false;   ///< between values of the horizontal axis
  Range range;
  std::string label, detail;
  Color color;
  std::string table = {};   ///< whose it is, for a note; empty: the only one's
};

/// Lines over numbers.
struct Chart {
  ChartAxis across, down;
  std::vector<Series> series;
  std::vector<Level> levels = {};
  std::vector<Band> bands = {};
  std::vector<std::string> notes = {};
  double width = 720, height = 340;   ///< of the plot, points; --size changes them
};

/// A chart that is drawn but for its series: for figures that put something below them.
struct ChartCanvas {
  Canvas canvas;
  PixelRect plot;
  ChartAxis across, down;

  Point at(double x, double y) const;   ///< pixels on the canvas
};
ChartCanvas start_chart(const Chart& chart, const FigureRequest& request);

void draw_series(ChartCanvas& chart, const Series& series, const FigureStyle& style);

/// A note about one of the tables that share a chart.
struct TableNote {
  std::string text, table;
};

/// Those notes, each text once: with the names of its tables where it is not said of all `tables`.
std::vector<std::string> merged_notes(const std::vector<TableNote>& notes, std::size_t tables);

/// Frame, bands, grid lines, levels and series.
Canvas draw_chart(const Chart& chart, const FigureRequest& request);

}  // namespace pe
