#pragma once
#include <array>
#include <string>
#include <vector>

#include "figures/draw/frame.h"
#include "figures/draw/line.h"

namespace pe {

/// A box of three axes seen from above and the front: x runs to the right and towards the reader, y to the right and away, z up.
/// Parallel projection, so that equal lengths stay equal wherever they are.
struct Box {
  std::array<std::string, 3> names;
  std::array<Range, 3> ranges;
};

/// A box on a canvas, ready for what stands in it.
struct BoxCanvas {
  Canvas canvas;
  PixelRect plot;
  std::array<Range, 3> ranges;
  Point middle;          ///< of the box, pixels
  double unit = 1;       ///< pixels of half a side

  Point at(double x, double y, double z) const;
  /// 0 at the corner next to the reader, 1 at the farthest.
  double depth(double x, double y, double z) const;
};

/// Draws frame, floor, back walls with grid lines, numbers and names. `frame` has the titles, notes and labels.
BoxCanvas start_box(const Box& box, Frame frame, const FigureStyle& style);

}  // namespace pe
