#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "figures/draw/colormap.h"
#include "figures/draw/ticks.h"
#include "figures/figure.h"

namespace pe {

/// A bracket under an axis, in pixels from the start of the plot. Texts that do not fit between its ends are left out.
struct Bracket {
  double first = 0, last = 0;
  std::string label, detail;   ///< "sin w", "0–191"
};

/// What stands along one side of a plot. Of ticks whose labels would overlap the earlier one in the list is drawn.
struct PlotAxis {
  std::string name;
  std::vector<Tick> ticks;
  bool tick_marks = true;
  std::vector<Bracket> brackets;   ///< only under the plot
};

struct PixelSize {
  Index width = 0, height = 0;
};

/// Everything around a plot: title, axes, colour bar, notes.
struct Frame {
  std::string title, subtitle;
  PlotAxis across, down;
  ColorScale scale;
  std::string bar_name;               ///< may be empty
  bool border = true;                 ///< a line around the plot
  std::vector<std::string> notes;     ///< a line each below everything, or more where they are long
};

/// Text sizes and lengths are given in points; this many pixels they are.
double pixels(double points, const FigureStyle& style);

/// Colours of everything that is not data.
struct Theme {
  Color background, text, muted, line;
};
Theme theme(const FigureStyle& style);

/// The largest plot that fits beside the frame's texts into --size, or into kMaxCanvas where none is asked for.
/// Throws Error when the texts leave no room.
PixelSize room_for_plot(const Frame& frame, const FigureStyle& style);

/// A canvas with the frame around a plot of `plot` pixels, which is still background and begins at (left, top).
struct FramedCanvas {
  Canvas canvas;
  Index left = 0, top = 0;
};
FramedCanvas draw_frame(const Frame& frame, PixelSize plot, const FigureStyle& style);

/// How large a figure may make its plot: up to `target` it enlarges cells, up to `most` it shows every cell.
struct PlotLimits {
  PixelSize target, most;
};

/// Finds the largest plan whose frame still fits. plan(limits) chooses cells and returns a struct with a PixelSize `size`;
/// frame(plan) is what stands around it. Both texts and plot ask for room, so limits shrink until both are content.
template <class MakePlan, class MakeFrame>
auto fit(PlotLimits limits, const FigureStyle& style, MakePlan make_plan, MakeFrame make_frame) {
  if (style.width > 0) limits = {{style.width, style.height}, {style.width, style.height}};
  for (;;) {
    auto plan = make_plan(limits);
    Frame frame = make_frame(plan);
    const PixelSize room = room_for_plot(frame, style);
    if (plan.size.width <= room.width && plan.size.height <= room.height) return std::pair(std::move(plan), std::move(frame));
    const auto shrink = [&](PixelSize size) { return PixelSize{std::min(size.width, room.width), std::min(size.height, room.height)}; };
    limits = {shrink(limits.target), shrink(limits.most)};
  }
}

}  // namespace pe
