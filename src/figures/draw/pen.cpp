#include "figures/draw/pen.h"

#include <array>

namespace pe {

Theme theme(const FigureStyle& style) {
  if (style.dark) return {{18, 20, 24}, {232, 234, 237}, {160, 166, 173}, {150, 156, 163}, {46, 50, 56}};
  return {{255, 255, 255}, {26, 26, 26}, {95, 95, 95}, {70, 70, 70}, {228, 228, 228}};
}

Color series_color(std::size_t index, const FigureStyle& style) {
  // Hues in an order in which neighbours differ to colour-blind readers too; lighter on a dark ground.
  static constexpr std::array<Color, 8> kOnLight{{{31, 119, 180}, {240, 120, 10}, {34, 148, 83}, {200, 40, 60},
                                                  {128, 90, 190}, {20, 160, 185}, {140, 86, 75}, {215, 85, 165}}};
  static constexpr std::array<Color, 8> kOnDark{{{90, 170, 235}, {255, 160, 70}, {90, 205, 130}, {255, 110, 115},
                                                 {180, 150, 240}, {75, 205, 225}, {205, 160, 140}, {245, 145, 205}}};
  return (style.dark ? kOnDark : kOnLight)[index % kOnLight.size()];
}

void outline(Canvas& canvas, const PixelRect& inside, const Pen& pen) {
  const auto [left, top, width, height] = inside;
  const Index line = pen.line;
  canvas.fill(left - line, top - line, width + 2 * line, line, pen.colors.line);
  canvas.fill(left - line, top + height, width + 2 * line, line, pen.colors.line);
  canvas.fill(left - line, top - line, line, height + 2 * line, pen.colors.line);
  canvas.fill(left + width, top - line, line, height + 2 * line, pen.colors.line);
}

}  // namespace pe
