#pragma once
#include <algorithm>
#include <cmath>

#include "figures/draw/text.h"
#include "figures/figure.h"

namespace pe {

// What every figure shares. Lengths and text sizes are in points.
inline constexpr double kTitleSize = 15, kSubtitleSize = 11.5, kNameSize = 12, kNumberSize = 10.5, kNoteSize = 10.5;
inline constexpr double kPad = 16;              // around everything
inline constexpr double kTickLength = 4, kNumberGap = 4;
inline constexpr double kNameGap = 9;           // between numbers and the axis name
inline constexpr double kLineSpacing = 1.4;     // baselines, in font sizes

/// Text sizes and lengths are given in points; this many pixels they are.
inline double pixels(double points, const FigureStyle& style) { return points * style.scale; }

/// Colours of everything that is not data.
struct Theme {
  Color background, text, muted, line, grid;
};
Theme theme(const FigureStyle& style);

/// The colour of line, point or strip number `index`: blue, orange, green, ...; after eight they come again.
Color series_color(std::size_t index, const FigureStyle& style);

struct PixelSize {
  Index width = 0, height = 0;
};

/// Pixels left <= x < left + width, top <= y < top + height.
struct PixelRect {
  Index left = 0, top = 0, width = 0, height = 0;
};

/// Points made into pixels, fonts and colours by a style.
struct Pen {
  const FigureStyle& style;
  Theme colors;
  Index line;                            ///< thickness of all lines

  explicit Pen(const FigureStyle& chosen) : style(chosen), colors(theme(chosen)), line(px(1)) {}
  Index px(double points) const { return std::max<Index>(1, std::lround(pixels(points, style))); }
  Font font(double size, bool bold = false) const { return {pixels(size, style), bold}; }
  Index line_height(double size) const { return px(size * kLineSpacing); }
  Index cap(double size) const { return std::lround(cap_height(font(size))); }
};

/// A line just outside `inside`.
void outline(Canvas& canvas, const PixelRect& inside, const Pen& pen);

}  // namespace pe
