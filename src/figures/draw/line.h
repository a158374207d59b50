#pragma once
#include <span>

#include "figures/draw/pen.h"

namespace pe {

/// In pixels: (0, 0) is the top left corner of the canvas, (0.5, 0.5) the middle of its first pixel.
struct Point {
  double x = 0, y = 0;
};

/// Draws an antialiased line `width` pixels thick through the points, with round ends and joints, and nothing of it outside `clip`.
/// Where it crosses itself it is no darker. A point that is not finite leaves a gap.
void draw_line(Canvas& canvas, const PixelRect& clip, std::span<const Point> points, double width, Color color, double alpha = 1);

/// A filled circle, antialiased.
void draw_dot(Canvas& canvas, const PixelRect& clip, Point centre, double radius, Color color, double alpha = 1);

}  // namespace pe
