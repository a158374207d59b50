// From the outside in, clockwise from the top left; lengths in points:
//
//   title
//   subtitle
//   name numbers - PLOT   colour bar or labels
//                numbers
//                brackets
//                name
//                notes
#include "figures/draw/frame.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "figures/draw/side.h"

namespace pe {
namespace {

constexpr double kTitleGap = 5;         // below the line of the last title
constexpr double kTextWidth = 440;       // titles and notes may widen a small figure to this

// Pixels from the top left of the canvas. Texts have baselines.
struct Layout {
  PixelSize canvas, content;             // content: without what --size leaves over
  PixelRect plot;
  std::vector<std::string> title, subtitle, notes;
  Index first_title = 0, first_subtitle = 0, first_note = 0;
};

// Everything's x, and the width of the canvas.
void lay_across(Layout& layout, const Frame& frame, const Pen& pen) {
  layout.plot.left = pen.px(kPad) + width_beside(frame.down, pen);
  const Index right = layout.plot.left + layout.plot.width + side_size(frame, layout.plot.height, pen).width;
  layout.content.width = right + pen.px(kPad);

  double text = text_width(frame.title, pen.font(kTitleSize, true));
  text = std::max(text, text_width(frame.subtitle, pen.font(kSubtitleSize)));
  for (const std::string& note : frame.notes) text = std::max(text, text_width(note, pen.font(kNoteSize)));
  const Index for_text = layout.plot.left + std::lround(std::min(std::ceil(text), pixels(kTextWidth, pen.style))) + pen.px(kPad);
  layout.canvas.width = pen.style.width > 0 ? pen.style.width : std::max(layout.content.width, for_text);
}

// Everything's y, and the height of the canvas. Needs the x for the length of the lines.
void lay_down(Layout& layout, const Frame& frame, const Pen& pen) {
  const double text = static_cast<double>(layout.canvas.width - layout.plot.left - pen.px(kPad));
  layout.title = wrap_text(frame.title, pen.font(kTitleSize, true), text);
  layout.subtitle = wrap_text(frame.subtitle, pen.font(kSubtitleSize), text);
  for (const std::string& note : frame.notes) {
    for (std::string& line : wrap_text(note, pen.font(kNoteSize), text)) layout.notes.push_back(std::move(line));
  }
  const auto lines = [&](const std::vector<std::string>& all, double size) { return static_cast<Index>(all.size()) * pen.line_height(size); };
  layout.first_title = pen.px(kPad) + std::lround(cap_height(pen.font(kTitleSize, true)));
  Index y = pen.px(kPad) + lines(layout.title, kTitleSize);
  layout.first_subtitle = y + pen.cap(kSubtitleSize);
  layout.plot.top = y + lines(layout.subtitle, kSubtitleSize) + pen.px(kTitleGap);

  const Index down_name = std::lround(std::ceil(text_width(frame.down.name, pen.font(kNameSize))));
  const Index side = side_size(frame, layout.plot.height, pen).height;
  y = layout.plot.top + std::max({layout.plot.height + height_below(frame.across, pen), side, down_name});
  if (!layout.notes.empty()) {
    layout.first_note = y + pen.px(kNameGap) + pen.line_height(kNoteSize);
    y += pen.px(kNameGap) + lines(layout.notes, kNoteSize);
  }
  layout.content.height = y + pen.px(kPad);
  layout.canvas.height = pen.style.height > 0 ? pen.style.height : layout.content.height;
}

Layout lay_out(const Frame& frame, PixelSize plot, const Pen& pen) {
  Layout layout;
  layout.plot.width = plot.width;
  layout.plot.height = plot.height;
  lay_across(layout, frame, pen);
  lay_down(layout, frame, pen);
  return layout;
}

// Half of what --size leaves over stands on the left and above.
void centre(Layout& layout, const FigureStyle& style) {
  if (style.width == 0) return;
  layout.plot.left += std::max<Index>(0, (layout.canvas.width - layout.content.width) / 2);
  const Index y = std::max<Index>(0, (layout.canvas.height - layout.content.height) / 2);
  for (Index* at : {&layout.plot.top, &layout.first_title, &layout.first_subtitle, &layout.first_note}) *at += y;
}

void draw_lines(Canvas& canvas, Index x, Index first, const std::vector<std::string>& lines, Index spacing, Font font, Color color) {
  for (const std::string& line : lines) {
    draw_text(canvas, static_cast<double>(x), first, line, font, color, Align::left);
    first += spacing;
  }
}

}  // namespace

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

void refuse_room(PixelSize room) {
  throw Error(fmt::format("--size leaves {} x {} pixels for the picture itself; it needs more", room.width, room.height));
}

FramedCanvas draw_frame(const Frame& frame, PixelSize plot, const FigureStyle& style) {
  const Pen pen(style);
  Layout layout = lay_out(frame, plot, pen);
  centre(layout, style);
  Canvas canvas(layout.canvas.width, layout.canvas.height, pen.colors.background);

  const Index left = layout.plot.left;
  draw_lines(canvas, left, layout.first_title, layout.title, pen.line_height(kTitleSize), pen.font(kTitleSize, true), pen.colors.text);
  draw_lines(canvas, left, layout.first_subtitle, layout.subtitle, pen.line_height(kSubtitleSize), pen.font(kSubtitleSize), pen.colors.muted);
  draw_lines(canvas, left, layout.first_note, layout.notes, pen.line_height(kNoteSize), pen.font(kNoteSize), pen.colors.muted);

  if (frame.border) outline(canvas, layout.plot, pen);
  draw_below(canvas, frame.across, layout.plot, pen);
  draw_beside(canvas, frame.down, layout.plot, pen);
  draw_side(canvas, frame, layout.plot, pen);
  return {std::move(canvas), left, layout.plot.top};
}

}  // namespace pe
