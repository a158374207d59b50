#include "figures/draw/cell_text.h"

#include <cmath>

#include "figures/draw/colormap.h"
#include "figures/draw/ticks.h"

namespace pe {

std::optional<Font> cell_font(std::span<const double> values, double step, PixelSize cell, const Pen& pen) {
  constexpr double kLargest = 10.5, kSmallest = 6.5, kPart = 0.8;   // points; how much of a cell a number may take
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double per_point = std::max(text_width(number_text(*low, step), {1}), text_width(number_text(*high, step), {1}));
  const double fits = kPart * std::min(static_cast<double>(cell.width) / per_point, static_cast<double>(cell.height));
  const double size = std::min(pixels(kLargest, pen.style), fits);
  return size < pixels(kSmallest, pen.style) ? std::nullopt : std::optional(Font{size});
}

void print_in_cell(Canvas& canvas, const PixelRect& cell, double value, double step, Font font) {
  const Color ink = ink_on(canvas.pixel(cell.left + 1, cell.top + 1));
  const Index baseline = std::lround(static_cast<double>(cell.top) + (static_cast<double>(cell.height) + cap_height(font)) / 2);
  draw_text(canvas, static_cast<double>(cell.left) + static_cast<double>(cell.width) / 2, baseline, number_text(value, step), font, ink, Align::centre);
}

}  // namespace pe
