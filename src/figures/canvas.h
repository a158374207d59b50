#pragma once
#include <cstdint>
#include <vector>

#include "core/tensor.h"

namespace pe {

struct Color {
  std::uint8_t r = 0, g = 0, b = 0;
};

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

  /// Mixes `color` over one pixel with weight alpha in 0..1; outside nothing happens.
  void blend(Index x, Index y, Color color, double alpha);

 private:
  Index width_, height_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace pe
