#pragma once
#include <string>
#include <vector>

#include "figures/draw/pen.h"
#include "figures/draw/ticks.h"

namespace pe {

/// A bracket under an axis, in pixels from the start of the plot. Texts that do not fit between its ends are left out.
struct Bracket {
  double first = 0, last = 0;
  std::string label, detail;   ///< "sin w", "0–191"
};

/// What stands along one side of a plot. Of ticks whose labels would overlap the earlier one in the list is drawn; a tick without
/// a label is half as long.
struct PlotAxis {
  std::string name;
  std::vector<Tick> ticks;
  bool tick_marks = true;
  std::vector<Bracket> brackets;   ///< only under the plot
};

/// Pixels that an axis takes up below, or to the left of, the line around a plot.
Index height_below(const PlotAxis& axis, const Pen& pen);
Index width_beside(const PlotAxis& axis, const Pen& pen);

/// How wide the label of a bracket of `width` pixels may be.
double bracket_room(double width, const FigureStyle& style);

/// Draws ticks, brackets and name below the plot, or ticks and name to its left.
void draw_below(Canvas& canvas, const PlotAxis& axis, const PixelRect& plot, const Pen& pen);
void draw_beside(Canvas& canvas, const PlotAxis& axis, const PixelRect& plot, const Pen& pen);

}  // namespace pe
