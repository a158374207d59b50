#pragma once
#include <string>

#include "figures/draw/coloring.h"

namespace pe {

/// How a table is drawn with one coloured cell a number.
struct Cells {
  enum class Shared { mean, largest };   ///< what a pixel shows of several cells: their mean, or the one of largest magnitude
  Shared shared = Shared::mean;
  std::string bar_name = "value";
};

/// Rows go down, columns across; every cell has the same number of pixels, or a pixel stands for so many cells that all fit, and a note says so.
Canvas draw_cells(const Tensor& tensor, const FigureRequest& request, const Coloring& colors, const Cells& cells);

}  // namespace pe
