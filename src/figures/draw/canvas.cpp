#include "figures/draw/canvas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "core/error.h"

namespace pe {
namespace {

std::uint8_t* put(std::uint8_t* pixel, Color color) {
  pixel[0] = color.r;
  pixel[1] = color.g;
  pixel[2] = color.b;
  return pixel + 3;
}

}  // namespace

Color mixed(Color below, Color above, double alpha) {
  const auto mix = [alpha](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(std::lround(a + alpha * (b - a))); };
  return {mix(below.r, above.r), mix(below.g, above.g), mix(below.b, above.b)};
}

Canvas::Canvas(Index width, Index height, Color background) : width_(width), height_(height) {
  if (width < 1 || height < 1 || width > kMaxCanvas || height > kMaxCanvas) {
    throw Error(fmt::format("a picture of {} x {} pixels cannot be drawn; a side is 1 to {} pixels", width, height, kMaxCanvas));
  }
  pixels_.resize(static_cast<std::size_t>(3 * width * height));
  fill(0, 0, width, height, background);
}

Color Canvas::pixel(Index x, Index y) const {
  assert(x >= 0 && x < width_ && y >= 0 && y < height_);
  const std::uint8_t* p = pixels_.data() + 3 * (y * width_ + x);
  return {p[0], p[1], p[2]};
}

void Canvas::fill(Index x, Index y, Index width, Index height, Color color) {
  const Index left = std::max<Index>(x, 0), right = std::min(x + width, width_);
  const Index top = std::max<Index>(y, 0), bottom = std::min(y + height, height_);
  if (left >= right || top >= bottom) return;
  std::uint8_t* first = at(left, top);
  for (std::uint8_t *p = first, *end = first + 3 * (right - left); p != end;) p = put(p, color);
  for (Index row = top + 1; row < bottom; ++row) std::memcpy(at(left, row), first, static_cast<std::size_t>(3 * (right - left)));
}

void Canvas::cells(Index x, Index y, Index cell_width, Index cell_height, std::span<const Color> colors) {
  const Index width = cell_width * static_cast<Index>(colors.size());
  assert(x >= 0 && y >= 0 && x + width <= width_ && y + cell_height <= height_);
  std::uint8_t* p = at(x, y);
  for (const Color color : colors) {
    for (Index i = 0; i < cell_width; ++i) p = put(p, color);
  }
  for (Index row = 1; row < cell_height; ++row) std::memcpy(at(x, y + row), at(x, y), static_cast<std::size_t>(3 * width));
}

void Canvas::blend(Index x, Index y, Color color, double alpha) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  std::uint8_t* p = at(x, y);
  put(p, mixed({p[0], p[1], p[2]}, color, alpha));
}

}  // namespace pe
