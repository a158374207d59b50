#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "figures/draw/canvas.h"

namespace pe {

/// DejaVu Sans at a size in pixels an em.
struct Font {
  double size = 10;
  bool bold = false;
};

enum class Align { left, centre, right };

/// Pixels from the start of the first letter to the end of the last, kerned. `text` is UTF-8 in one line.
double text_width(std::string_view text, Font font);

/// Pixels from the baseline to the top of a capital or a digit.
double cap_height(Font font);

/// Draws antialiased text on the baseline `y` (rounded to a pixel), with its left end, centre or right end at `x`.
/// A character the font lacks is drawn as the font's empty box, and bytes that are not UTF-8 as U+FFFD.
void draw_text(Canvas& canvas, double x, Index y, std::string_view text, Font font, Color color, Align align);

/// The same turned a quarter to the left: it reads upwards, the baseline is the column `x`, and `y` is its lower end, middle or upper end.
void draw_text_upwards(Canvas& canvas, Index x, double y, std::string_view text, Font font, Color color, Align align);

/// Lines no wider than `width` pixels, broken after spaces where that is possible and anywhere else where not.
std::vector<std::string> wrap_text(std::string_view text, Font font, double width);

}  // namespace pe
