#pragma once
#include "figures/draw/frame.h"

namespace pe {

/// What stands to the right of a plot: the colour bar, or labels. Pixels that it takes up to the right of the plot, and down from
/// the plot's top when the plot has `plot_height`.
PixelSize side_size(const Frame& frame, Index plot_height, const Pen& pen);

void draw_side(Canvas& canvas, const Frame& frame, const PixelRect& plot, const Pen& pen);

}  // namespace pe
