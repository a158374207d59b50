#pragma once
#include <optional>
#include <span>

#include "figures/draw/pen.h"

namespace pe {

/// A font in which every value as a number fits into a cell of that many pixels; none when it would be too small to read.
std::optional<Font> cell_font(std::span<const double> values, double step, PixelSize cell, const Pen& pen);

/// Prints a number, to the digits that `step` needs, in the middle of a cell: black or white, whichever the cell's colour asks for.
void print_in_cell(Canvas& canvas, const PixelRect& cell, double value, double step, Font font);

}  // namespace pe
