// Below a plot, from its border on: tick marks, numbers, brackets with their labels, the name. Beside it: tick marks, numbers, the name
// reading upwards. Baselines and gaps are measured from the border, so that the room an axis asks for is the room it fills.
#include "figures/draw/axis.h"

#include <algorithm>
#include <cmath>

namespace pe {
namespace {

constexpr double kBracketGap = 7, kBracketHeight = 4;

Index marks(const PlotAxis& axis, const Pen& pen) { return axis.tick_marks ? pen.px(kTickLength) : 0; }

double widest(const std::vector<Tick>& ticks, Font font) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, font));
  return width;
}

// Distances from the bottom of the plot: of baselines, and of the top of brackets.
struct Below {
  Index numbers = 0, brackets = 0, bracket_labels = 0, name = 0;
};

Below lay_below(const PlotAxis& axis, const Pen& pen) {
  Below below;
  Index y = pen.line + marks(axis, pen);
  if (!axis.ticks.empty()) y += pen.px(kNumberGap) + pen.cap(kNumberSize);
  below.numbers = y;
  if (!axis.brackets.empty()) {
    below.brackets = y + pen.px(kBracketGap);
    y = below.bracket_labels = below.brackets + pen.px(kBracketHeight) + pen.px(kNumberGap) + pen.cap(kNumberSize);
  }
  below.name = axis.name.empty() ? y : y + pen.px(kNameGap) + pen.cap(kNameSize);
  return below;
}

// Keeps of the labels, which take up `size(label)` pixels around their place, those that leave a gap to all kept before.
template <class Size>
std::vector<Tick> without_overlaps(const std::vector<Tick>& ticks, double gap, Size size) {
  std::vector<Tick> kept;
  for (const Tick& tick : ticks) {
    const bool free = tick.label.empty() || std::all_of(kept.begin(), kept.end(), [&](const Tick& other) {
      return other.label.empty() || std::abs(other.at - tick.at) >= (size(other) + size(tick)) / 2 + gap;
    });
    if (free) kept.push_back(tick);
  }
  return kept;
}

void draw_bracket(Canvas& canvas, const Bracket& bracket, const PixelRect& plot, const Below& below, const Pen& pen) {
  const Index top = plot.top + plot.height + below.brackets, height = pen.px(kBracketHeight);
  const Index first = plot.left + std::lround(bracket.first) + pen.line, last = plot.left + std::lround(bracket.last) - pen.line;
  canvas.fill(first, top + height - pen.line, last - first, pen.line, pen.colors.line);
  canvas.fill(first, top, pen.line, height, pen.colors.line);
  canvas.fill(last - pen.line, top, pen.line, height, pen.colors.line);

  const Font font = pen.font(kNumberSize);
  const double label = text_width(bracket.label, font), gap = font.size * 0.7, detail = text_width(bracket.detail, font);
  const double room = bracket_room(bracket.last - bracket.first, pen.style), middle = static_cast<double>(plot.left) + (bracket.first + bracket.last) / 2;
  const Index baseline = plot.top + plot.height + below.bracket_labels;
  const bool both = label + gap + detail <= room;
  const double start = middle - (both ? label + gap + detail : label) / 2;
  if (label <= room) draw_text(canvas, start, baseline, bracket.label, font, pen.colors.text, Align::left);
  if (both) draw_text(canvas, start + label + gap, baseline, bracket.detail, font, pen.colors.muted, Align::left);
}

}  // namespace

double bracket_room(double width, const FigureStyle& style) { return width - pixels(kNumberSize, style) / 2; }

Index height_below(const PlotAxis& axis, const Pen& pen) { return lay_below(axis, pen).name; }

Index width_beside(const PlotAxis& axis, const Pen& pen) {
  const Index numbers = std::lround(std::ceil(widest(axis.ticks, pen.font(kNumberSize))));
  const Index name = axis.name.empty() ? 0 : pen.cap(kNameSize) + pen.px(kNameGap);
  return name + (numbers == 0 ? 0 : numbers + pen.px(kNumberGap)) + marks(axis, pen) + pen.line;
}

void draw_below(Canvas& canvas, const PlotAxis& axis, const PixelRect& plot, const Pen& pen) {
  const Below below = lay_below(axis, pen);
  const Font number = pen.font(kNumberSize);
  const double left = static_cast<double>(plot.left);
  const Index bottom = plot.top + plot.height;
  for (const Tick& tick : without_overlaps(axis.ticks, number.size / 2, [&](const Tick& t) { return text_width(t.label, number); })) {
    const Index length = tick.label.empty() ? marks(axis, pen) / 2 : marks(axis, pen);
    canvas.fill(plot.left + static_cast<Index>(tick.at), bottom + pen.line, pen.line, length, pen.colors.line);
    draw_text(canvas, left + tick.at, bottom + below.numbers, tick.label, number, pen.colors.text, Align::centre);
  }
  for (const Bracket& bracket : axis.brackets) draw_bracket(canvas, bracket, plot, below, pen);
  const double name = text_width(axis.name, pen.font(kNameSize));
  const double lowest = static_cast<double>(pen.px(kPad)) + name / 2;
  const double middle = std::max(lowest, left + static_cast<double>(plot.width) / 2);
  draw_text(canvas, middle, bottom + below.name, axis.name, pen.font(kNameSize), pen.colors.text, Align::centre);
}

void draw_beside(Canvas& canvas, const PlotAxis& axis, const PixelRect& plot, const Pen& pen) {
  const Font number = pen.font(kNumberSize);
  const Index inner = plot.left - pen.line, marks_left = inner - marks(axis, pen);
  for (const Tick& tick : without_overlaps(axis.ticks, number.size * 0.2, [&](const Tick&) { return number.size; })) {
    const double y = static_cast<double>(plot.top) + tick.at;
    const Index length = tick.label.empty() ? marks(axis, pen) / 2 : marks(axis, pen);
    canvas.fill(inner - length, static_cast<Index>(y), length, pen.line, pen.colors.line);
    draw_text(canvas, static_cast<double>(marks_left - pen.px(kNumberGap)), std::lround(y + cap_height(number) / 2), tick.label, number,
              pen.colors.text, Align::right);
  }
  const Index baseline = plot.left - width_beside(axis, pen) + pen.cap(kNameSize);
  const double name = text_width(axis.name, pen.font(kNameSize)), middle = std::max(name, static_cast<double>(plot.height)) / 2;
  draw_text_upwards(canvas, baseline, static_cast<double>(plot.top) + middle, axis.name, pen.font(kNameSize), pen.colors.text, Align::centre);
}

}  // namespace pe
