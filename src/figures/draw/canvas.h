#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

struct Color {
  std::uint8_t r = 0, g = 0, b = 0;
  friend bool operator==(const Color&, const Color&) = default;
};

/// The colour a part `alpha` (0..1) of the way from `below` to `above`.
Color mixed(Color below, Color above, double alpha);

/// The largest picture, in pixels a side. stb computes sizes in `int`; figures fold larger tables into this.
inline constexpr Index kMaxCanvas = 8192;

/// An RGB picture of whole pixels, row-major from the top left corner.
class Canvas {
 public:
  /// Throws Error when a side is not in 1..kMaxCanvas.
  Canvas(Index width, Index height, Color background);

  Index width() const { return width_; }
  Index height() const { return height_; }
  const std::vector<std::uint8_t>& pixels() const { return pixels_; }   ///< 3 bytes a pixel
  Color pixel(Index x, Index y) const;

  /// Fills the pixels x <= px < x + width, y <= py < y + height; what lies outside is cut off.
  void fill(Index x, Index y, Index width, Index height, Color color);

  /// Draws one row of cells, each `cell_width` x `cell_height` pixels, rightwards from (x, y). All of it must lie inside.
  void cells(Index x, Index y, Index cell_width, Index cell_height, std::span<const Color> colors);

  /// Mixes `color` over one pixel with weight alpha in 0..1; outside nothing happens.
  void blend(Index x, Index y, Color color, double alpha);

 private:
  std::uint8_t* at(Index x, Index y) { return pixels_.data() + 3 * (y * width_ + x); }

  Index width_, height_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace pe
