#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "figures/draw/axis.h"
#include "figures/draw/colormap.h"

namespace pe {

/// A text to the right of the plot, as near as others allow to the height `at`, and a short line in `color` that leads there.
struct SideLabel {
  double at = 0;               ///< pixels from the top of the plot
  std::string text, detail;    ///< "column 12", "sin · wavelength 39.7"
  Color color;
  bool dashed = false;
};

/// Everything around a plot: title, axes, colour bar or labels, notes.
struct Frame {
  std::string title, subtitle;
  PlotAxis across, down;
  std::optional<ColorScale> scale;    ///< of the colour bar; empty: none
  std::string bar_name = {};          ///< may be empty
  bool border = true;                 ///< a line around the plot
  std::vector<std::string> notes = {};       ///< a line each below everything, or more where they are long
  std::vector<SideLabel> side_labels = {};   ///< where there is no colour bar
  Index bar_skips_above = 0, bar_skips_below = 0;   ///< pixels of the plot's height that the bar does not stand beside
};

/// The largest plot that fits beside the frame's texts into --size, or into kMaxCanvas where none is asked for.
/// Throws Error when the texts leave no room.
PixelSize room_for_plot(const Frame& frame, const FigureStyle& style);

/// A canvas with the frame around a plot of `plot` pixels, which is still background and begins at (left, top).
struct FramedCanvas {
  Canvas canvas;
  Index left = 0, top = 0;
};
FramedCanvas draw_frame(const Frame& frame, PixelSize plot, const FigureStyle& style);

/// Throws Error: a plot cannot be made as small as `room`.
[[noreturn]] void refuse_room(PixelSize room);

/// How large a figure may make its plot: up to `target` it enlarges cells, up to `most` it shows every cell.
struct PlotLimits {
  PixelSize target, most;
};

/// Finds the largest plan whose frame still fits. plan(limits) chooses cells and returns a struct with a PixelSize `size`;
/// frame(plan) is what stands around it. Both texts and plot ask for room, so limits shrink until both are content.
/// Throws Error when there is no such plan.
template <class MakePlan, class MakeFrame>
auto fit(PlotLimits limits, const FigureStyle& style, MakePlan make_plan, MakeFrame make_frame) {
  if (style.width > 0) limits = {{style.width, style.height}, {style.width, style.height}};
  for (;;) {
    auto plan = make_plan(limits);
    Frame frame = make_frame(plan);
    const PixelSize room = room_for_plot(frame, style);
    if (plan.size.width <= room.width && plan.size.height <= room.height) return std::pair(std::move(plan), std::move(frame));
    const auto shrink = [&](PixelSize size) { return PixelSize{std::min(size.width, room.width), std::min(size.height, room.height)}; };
    const PlotLimits smaller{shrink(limits.target), shrink(limits.most)};
    if (smaller.most.width == limits.most.width && smaller.most.height == limits.most.height) refuse_room(room);
    limits = smaller;
  }
}

}  // namespace pe
