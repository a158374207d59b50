// From the outside in, clockwise from the top left; lengths in points:
//
//   title
//   subtitle
//   name numbers - PLOT   bar - numbers name
//                numbers
//                brackets
//                name
//                notes
#include "figures/draw/frame.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "figures/draw/text.h"

namespace pe {
namespace {

constexpr double kTitleSize = 15, kSubtitleSize = 11.5, kNameSize = 12, kNumberSize = 10.5, kNoteSize = 10.5;
constexpr double kPad = 16;              // around everything
constexpr double kTitleGap = 5;         // below the line of the last title
constexpr double kTickLength = 4, kNumberGap = 4;
constexpr double kNameGap = 9;           // between numbers and the axis name
constexpr double kBracketGap = 7, kBracketHeight = 4;
constexpr double kBarGap = 16, kBarWidth = 14, kLowestBar = 90;
constexpr double kTextWidth = 440;       // titles and notes may widen a small figure to this
constexpr double kLineSpacing = 1.4;     // baselines, in font sizes

// Pixels from the top left of the canvas. Texts have baselines.
struct Layout {
  PixelSize canvas, content;             // content: without what --size leaves over
  Index left = 0, top = 0;               // of the plot
  std::vector<std::string> title, subtitle, notes;
  Index first_title = 0, first_subtitle = 0;
  Index across_numbers = 0, brackets = 0, across_name = 0, first_note = 0;
  Index down_name = 0;
  Index bar = 0, bar_height = 0, bar_name = 0;
};

struct Pen {
  const FigureStyle& style;
  Theme colors;
  Index line;                            // thickness of all lines

  explicit Pen(const FigureStyle& chosen) : style(chosen), colors(theme(chosen)), line(px(1)) {}
  Index px(double points) const { return std::max<Index>(1, std::lround(pixels(points, style))); }
  Font font(double size, bool bold = false) const { return {pixels(size, style), bold}; }
  Index line_height(double size) const { return px(size * kLineSpacing); }
};

double widest(const std::vector<Tick>& ticks, Font font) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, font));
  return width;
}

std::vector<Tick> bar_ticks(const Frame& frame, Index height, const Pen& pen) {
  return range_ticks(frame.scale.range(), static_cast<double>(height), pixels(3 * kNumberSize, pen.style));
}

Index marks(const PlotAxis& axis, const Pen& pen) { return axis.tick_marks ? pen.px(kTickLength) : 0; }

// Everything's x, and the width of the canvas.
void lay_across(Layout& layout, const Frame& frame, PixelSize plot, const Pen& pen) {
  const Font number = pen.font(kNumberSize), name = pen.font(kNameSize);
  layout.down_name = pen.px(kPad) + std::lround(cap_height(name));
  const Index numbers = std::lround(std::ceil(widest(frame.down.ticks, number)));
  layout.left = pen.px(kPad) + marks(frame.down, pen) + pen.line + (numbers == 0 ? 0 : numbers + pen.px(kNumberGap));
  if (!frame.down.name.empty()) layout.left += layout.down_name - pen.px(kPad) + pen.px(kNameGap);

  layout.bar = layout.left + plot.width + pen.px(kBarGap);
  const double bar_numbers = widest(bar_ticks(frame, layout.bar_height, pen), number);
  Index right = layout.bar + pen.px(kBarWidth) + pen.px(kTickLength) + pen.px(kNumberGap) + std::lround(std::ceil(bar_numbers));
  if (!frame.bar_name.empty()) layout.bar_name = right += pen.px(kNameGap) + std::lround(cap_height(name));
  layout.content.width = right + pen.px(kPad);

  double text = text_width(frame.title, pen.font(kTitleSize, true));
  text = std::max(text, text_width(frame.subtitle, pen.font(kSubtitleSize)));
  for (const std::string& note : frame.notes) text = std::max(text, text_width(note, pen.font(kNoteSize)));
  const Index for_text = layout.left + std::lround(std::min(std::ceil(text), pixels(kTextWidth, pen.style))) + pen.px(kPad);
  layout.canvas.width = pen.style.width > 0 ? pen.style.width : std::max(layout.content.width, for_text);
}

// Everything's y, and the height of the canvas. Needs the x for the length of the lines.
void lay_down(Layout& layout, const Frame& frame, PixelSize plot, const Pen& pen) {
  const double text = static_cast<double>(layout.canvas.width - layout.left - pen.px(kPad));
  layout.title = wrap_text(frame.title, pen.font(kTitleSize, true), text);
  layout.subtitle = wrap_text(frame.subtitle, pen.font(kSubtitleSize), text);
  for (const std::string& note : frame.notes) {
    for (std::string& line : wrap_text(note, pen.font(kNoteSize), text)) layout.notes.push_back(std::move(line));
  }
  const auto lines = [&](const std::vector<std::string>& all, double size) { return static_cast<Index>(all.size()) * pen.line_height(size); };
  layout.first_title = pen.px(kPad) + std::lround(cap_height(pen.font(kTitleSize, true)));
  Index y = pen.px(kPad) + lines(layout.title, kTitleSize);
  layout.first_subtitle = y + std::lround(cap_height(pen.font(kSubtitleSize)));
  layout.top = y + lines(layout.subtitle, kSubtitleSize) + pen.px(kTitleGap);

  y = layout.top + plot.height + pen.line + marks(frame.across, pen);
  if (!frame.across.ticks.empty()) y = layout.across_numbers = y + pen.px(kNumberGap) + std::lround(cap_height(pen.font(kNumberSize)));
  if (!frame.across.brackets.empty()) {
    layout.brackets = y + pen.px(kBracketGap);
    y = layout.brackets + pen.px(kBracketHeight) + pen.px(kNumberGap) + std::lround(cap_height(pen.font(kNumberSize)));
  }
  if (!frame.across.name.empty()) y = layout.across_name = y + pen.px(kNameGap) + std::lround(cap_height(pen.font(kNameSize)));
  const Index down_name = std::lround(std::ceil(text_width(frame.down.name, pen.font(kNameSize))));
  y = std::max({y, layout.top + layout.bar_height, layout.top + down_name});
  if (!layout.notes.empty()) {
    layout.first_note = y + pen.px(kNameGap) + pen.line_height(kNoteSize);
    y += pen.px(kNameGap) + lines(layout.notes, kNoteSize);
  }
  layout.content.height = y + pen.px(kPad);
  layout.canvas.height = pen.style.height > 0 ? pen.style.height : layout.content.height;
}

Layout lay_out(const Frame& frame, PixelSize plot, const Pen& pen) {
  Layout layout;
  layout.bar_height = std::max(plot.height, pen.px(kLowestBar));
  lay_across(layout, frame, plot, pen);
  lay_down(layout, frame, plot, pen);
  return layout;
}

// Half of what --size leaves over stands on the left and above.
void centre(Layout& layout, const FigureStyle& style) {
  if (style.width == 0) return;
  const Index x = std::max<Index>(0, (layout.canvas.width - layout.content.width) / 2);
  const Index y = std::max<Index>(0, (layout.canvas.height - layout.content.height) / 2);
  for (Index* at : {&layout.left, &layout.down_name, &layout.bar, &layout.bar_name}) *at += x;
  for (Index* at : {&layout.top, &layout.first_title, &layout.first_subtitle, &layout.across_numbers, &layout.brackets,
                    &layout.across_name, &layout.first_note}) *at += y;
}

void draw_lines(Canvas& canvas, Index x, Index first, const std::vector<std::string>& lines, Index spacing, Font font, Color color) {
  for (const std::string& line : lines) {
    draw_text(canvas, static_cast<double>(x), first, line, font, color, Align::left);
    first += spacing;
  }
}

void outline(Canvas& canvas, Index x, Index y, PixelSize inside, const Pen& pen) {
  const Index line = pen.line, width = inside.width + 2 * line, height = inside.height + 2 * line;
  canvas.fill(x - line, y - line, width, line, pen.colors.line);
  canvas.fill(x - line, y + inside.height, width, line, pen.colors.line);
  canvas.fill(x - line, y - line, line, height, pen.colors.line);
  canvas.fill(x + inside.width, y - line, line, height, pen.colors.line);
}

// Keeps of the labels, which take up `size(label)` pixels around their place, those that leave a gap to all kept before.
template <class Size>
std::vector<Tick> without_overlaps(const std::vector<Tick>& ticks, double gap, Size size) {
  std::vector<Tick> kept;
  for (const Tick& tick : ticks) {
    const bool free = std::all_of(kept.begin(), kept.end(), [&](const Tick& other) {
      return std::abs(other.at - tick.at) >= (size(other) + size(tick)) / 2 + gap;
    });
    if (free) kept.push_back(tick);
  }
  return kept;
}

void draw_across(Canvas& canvas, const PlotAxis& axis, const Layout& layout, PixelSize plot, const Pen& pen) {
  const Font number = pen.font(kNumberSize);
  const double left = static_cast<double>(layout.left);
  const auto size = [&](const Tick& tick) { return text_width(tick.label, number); };
  for (const Tick& tick : without_overlaps(axis.ticks, number.size / 2, size)) {
    canvas.fill(layout.left + static_cast<Index>(tick.at), layout.top + plot.height + pen.line, pen.line, marks(axis, pen), pen.colors.line);
    draw_text(canvas, left + tick.at, layout.across_numbers, tick.label, number, pen.colors.text, Align::centre);
  }
  const double name = text_width(axis.name, pen.font(kNameSize));
  const double lowest = static_cast<double>(pen.px(kPad)) + name / 2;
  const double middle = std::max(lowest, left + static_cast<double>(plot.width) / 2);
  draw_text(canvas, middle, layout.across_name, axis.name, pen.font(kNameSize), pen.colors.text, Align::centre);
}

void draw_bracket(Canvas& canvas, const Bracket& bracket, const Layout& layout, const Pen& pen) {
  const Index first = layout.left + std::lround(bracket.first) + pen.line, last = layout.left + std::lround(bracket.last) - pen.line;
  const Index height = pen.px(kBracketHeight);
  canvas.fill(first, layout.brackets + height - pen.line, last - first, pen.line, pen.colors.line);
  canvas.fill(first, layout.brackets, pen.line, height, pen.colors.line);
  canvas.fill(last - pen.line, layout.brackets, pen.line, height, pen.colors.line);

  const Font font = pen.font(kNumberSize);
  const double label = text_width(bracket.label, font), gap = font.size * 0.7, detail = text_width(bracket.detail, font);
  const double room = bracket.last - bracket.first - font.size / 2, middle = static_cast<double>(layout.left) + (bracket.first + bracket.last) / 2;
  const Index baseline = layout.brackets + height + pen.px(kNumberGap) + std::lround(cap_height(font));
  const bool both = label + gap + detail <= room;
  const double start = middle - (both ? label + gap + detail : label) / 2;
  if (label <= room) draw_text(canvas, start, baseline, bracket.label, font, pen.colors.text, Align::left);
  if (both) draw_text(canvas, start + label + gap, baseline, bracket.detail, font, pen.colors.muted, Align::left);
}

void draw_down(Canvas& canvas, const PlotAxis& axis, const Layout& layout, PixelSize plot, const Pen& pen) {
  const Font number = pen.font(kNumberSize);
  const Index marks_left = layout.left - pen.line - marks(axis, pen);
  for (const Tick& tick : without_overlaps(axis.ticks, number.size * 0.2, [&](const Tick&) { return number.size; })) {
    const double y = static_cast<double>(layout.top) + tick.at;
    canvas.fill(marks_left, static_cast<Index>(y), marks(axis, pen), pen.line, pen.colors.line);
    draw_text(canvas, static_cast<double>(marks_left - pen.px(kNumberGap)), std::lround(y + cap_height(number) / 2), tick.label, number,
              pen.colors.text, Align::right);
  }
  const double name = text_width(axis.name, pen.font(kNameSize)), middle = std::max(name, static_cast<double>(plot.height)) / 2;
  draw_text_upwards(canvas, layout.down_name, static_cast<double>(layout.top) + middle, axis.name, pen.font(kNameSize), pen.colors.text, Align::centre);
}

void draw_bar(Canvas& canvas, const Frame& frame, const Layout& layout, const Pen& pen) {
  const Range range = frame.scale.range();
  const PixelSize size{pen.px(kBarWidth), layout.bar_height};
  for (Index y = 0; y < size.height; ++y) {
    const double down = (static_cast<double>(y) + 0.5) / static_cast<double>(size.height);
    canvas.fill(layout.bar, layout.top + y, size.width, 1, frame.scale(range.high + down * (range.low - range.high)));
  }
  outline(canvas, layout.bar, layout.top, size, pen);
  const Font number = pen.font(kNumberSize);
  const Index ticks = layout.bar + size.width + pen.line;
  for (const Tick& tick : bar_ticks(frame, size.height, pen)) {
    // A tick points at the middle of its line; those of the ends lie on the border.
    const double y = static_cast<double>(layout.top) + std::clamp(tick.at, 0.0, static_cast<double>(size.height));
    const Index mark = tick.at <= 0 ? layout.top - pen.line : static_cast<Index>(y);
    canvas.fill(ticks, mark, pen.px(kTickLength), pen.line, pen.colors.line);
    draw_text(canvas, static_cast<double>(ticks + pen.px(kTickLength) + pen.px(kNumberGap)), std::lround(y + cap_height(number) / 2), tick.label,
              number, pen.colors.text, Align::left);
  }
  const double middle = static_cast<double>(layout.top) + static_cast<double>(size.height) / 2;
  draw_text_upwards(canvas, layout.bar_name, middle, frame.bar_name, pen.font(kNameSize), pen.colors.text, Align::centre);
}

}  // namespace

double pixels(double points, const FigureStyle& style) { return points * style.scale; }

Theme theme(const FigureStyle& style) {
  if (style.dark) return {{18, 20, 24}, {232, 234, 237}, {160, 166, 173}, {150, 156, 163}};
  return {{255, 255, 255}, {26, 26, 26}, {95, 95, 95}, {70, 70, 70}};
}

PixelSize room_for_plot(const Frame& frame, const FigureStyle& style) {
  const Pen pen(style);
  const PixelSize reference{pen.px(1000), pen.px(1000)};   // of a plot larger than all that stands beside it
  const Layout layout = lay_out(frame, reference, pen);
  const PixelSize largest = style.width > 0 ? layout.canvas : PixelSize{kMaxCanvas, kMaxCanvas};
  const PixelSize room{largest.width - (layout.content.width - reference.width), largest.height - (layout.content.height - reference.height)};
  const Layout smallest = lay_out(frame, {1, 1}, pen);
  if (smallest.content.width > largest.width || smallest.content.height > largest.height || room.width < 1 || room.height < 1) {
    throw Error(fmt::format("a figure of {} x {} pixels has no room for a picture beside its texts; they alone need {} x {}", largest.width,
                            largest.height, smallest.content.width, smallest.content.height));
  }
  return room;
}

FramedCanvas draw_frame(const Frame& frame, PixelSize plot, const FigureStyle& style) {
  const Pen pen(style);
  Layout layout = lay_out(frame, plot, pen);
  centre(layout, style);
  Canvas canvas(layout.canvas.width, layout.canvas.height, pen.colors.background);

  draw_lines(canvas, layout.left, layout.first_title, layout.title, pen.line_height(kTitleSize), pen.font(kTitleSize, true), pen.colors.text);
  draw_lines(canvas, layout.left, layout.first_subtitle, layout.subtitle, pen.line_height(kSubtitleSize), pen.font(kSubtitleSize), pen.colors.muted);
  draw_lines(canvas, layout.left, layout.first_note, layout.notes, pen.line_height(kNoteSize), pen.font(kNoteSize), pen.colors.muted);

  if (frame.border) outline(canvas, layout.left, layout.top, plot, pen);
  draw_across(canvas, frame.across, layout, plot, pen);
  for (const Bracket& bracket : frame.across.brackets) draw_bracket(canvas, bracket, layout, pen);
  draw_down(canvas, frame.down, layout, plot, pen);
  draw_bar(canvas, frame, layout, pen);
  return {std::move(canvas), layout.left, layout.top};
}

}  // namespace pe
