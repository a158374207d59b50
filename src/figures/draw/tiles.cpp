#include "figures/draw/tiles.h"

#include <fmt/format.h>

#include <cmath>

#include "figures/draw/cell_text.h"
#include "figures/draw/row_axis.h"

namespace pe {
namespace {

constexpr double kTargetWidth = 900, kTargetHeight = 700, kLoneHeight = 900, kMostWidth = 1600, kMostHeight = 1200;   // points
constexpr Index kLargestCell = 24, kLargestLoneCell = 48;                                          // points
constexpr double kGap = 14, kTitleGap = 4;                                                         // points
constexpr double kThinnest = 24;                                                                   // side of a map, points
constexpr double kSpacing = 40;                                                                    // of numbers on the axes, points

// Where the maps are, in pixels from the top left of the plot, and how their cells become pixels.
struct Plan {
  PixelSize size;
  Index columns = 1, rows = 1;
  Fold down, across;
  Index first_x = 0, first_y = 0, pitch_x = 0, pitch_y = 0;

  PixelRect map(Index number) const {
    return {first_x + number % columns * pitch_x, first_y + number / columns * pitch_y, across.pixels(), down.pixels()};
  }
};

// What the texts around a map take up, pixels.
struct Margins {
  Index left = 0, bottom = 0, title = 0, widest_title = 0, gap = 0;
};

PlotAxis axis(const Axis& cells, const Fold& fold, const FigureStyle& style) { return index_axis(cells, fold, pixels(kSpacing, style)); }

Margins margins(const Tiles& tiles, const Fold& down, const Fold& across, const Pen& pen) {
  Margins room{width_beside(axis(tiles.down, down, pen.style), pen), height_below(axis(tiles.across, across, pen.style), pen), 0, 0, pen.px(kGap)};
  Index lines = 0;
  for (const TileTitle& title : tiles.titles) {
    lines = std::max<Index>(lines, title.text.empty() ? 0 : title.detail.empty() ? 1 : 2);
    const double width = std::max(text_width(title.text, pen.font(kNumberSize, true)), text_width(title.detail, pen.font(kNumberSize)));
    room.widest_title = std::max(room.widest_title, static_cast<Index>(std::lround(std::ceil(width))));
  }
  room.title = lines == 0 ? 0 : lines * pen.line_height(kNumberSize) + pen.px(kTitleGap);
  return room;
}

// Cells of a map with few rows or columns are longer than wide.
void widen(Fold& fold, double least) {
  fold.pixels_per_cell = std::max(fold.pixels_per_cell, static_cast<Index>(least) / fold.drawn());
}

// The maps with so many in a row.
Plan plan_with(const Tiles& tiles, Index columns, const PlotLimits& limits, const FigureStyle& style) {
  const Pen pen(style);
  const auto count = static_cast<Index>(tiles.titles.size());
  const Index rows = (count + columns - 1) / columns, largest = count == 1 ? kLargestLoneCell : kLargestCell;
  const Margins room = margins(tiles, {tiles.down.size}, {tiles.across.size}, pen);
  const auto width_of_map = [&](Index all) { return std::max<Index>(1, (all - room.left - (columns - 1) * room.gap) / columns); };
  const auto height_of_map = [&](Index all) { return std::max<Index>(1, (all - room.bottom - rows * room.title - (rows - 1) * room.gap) / rows); };
  Plan plan{{}, columns, rows, fold(tiles.down.size, height_of_map(limits.target.height), height_of_map(limits.most.height), largest, style.scale),
            fold(tiles.across.size, width_of_map(limits.target.width), width_of_map(limits.most.width), largest, style.scale)};
  const Index per_pixel = std::max(plan.down.per_pixel, plan.across.per_pixel);
  const Index cell = per_pixel > 1 ? 1 : std::min(plan.down.pixels_per_cell, plan.across.pixels_per_cell);
  plan.down = {tiles.down.size, std::min(per_pixel, tiles.down.size), cell};
  plan.across = {tiles.across.size, std::min(per_pixel, tiles.across.size), cell};
  widen(plan.down, pixels(kThinnest, style));
  widen(plan.across, pixels(kThinnest, style));
  plan.first_x = room.left;
  plan.first_y = room.title;
  plan.pitch_x = std::max(plan.across.pixels(), room.widest_title) + room.gap;
  plan.pitch_y = plan.down.pixels() + room.title + room.gap;
  const Index last_width = std::max(plan.across.pixels(), room.widest_title);
  plan.size = {room.left + (columns - 1) * plan.pitch_x + last_width, rows * plan.pitch_y - room.gap + room.bottom};
  return plan;
}

// The largest cells, but an empty place costs more than a little size; of equal ones fewer rows.
Plan best_plan(const Tiles& tiles, const PlotLimits& limits, const FigureStyle& style) {
  if (tiles.columns > 0) return plan_with(tiles, tiles.columns, limits, style);
  const auto count = static_cast<Index>(tiles.titles.size());
  const auto fits = [&](const Plan& plan) { return plan.size.width <= limits.most.width && plan.size.height <= limits.most.height; };
  const auto worth = [&](const Plan& plan) {
    constexpr double kCostOfEmpty = 0.6;
    const auto empty = static_cast<double>(plan.rows * plan.columns - count);
    return plan.across.pixels_of_one() * (1 - kCostOfEmpty * empty / static_cast<double>(count));
  };
  const auto is_better = [&](const Plan& a, const Plan& b) {
    if (fits(a) != fits(b)) return fits(a);
    return std::pair(worth(a), -a.rows) > std::pair(worth(b), -b.rows);
  };
  Plan best = plan_with(tiles, 1, limits, style);
  for (Index columns = 2; columns <= count; ++columns) {
    const Plan plan = plan_with(tiles, columns, limits, style);
    if (is_better(plan, best)) best = plan;
  }
  return best;
}

// Leaves out the numbers that would reach into those of the next map.
void keep_inside(PlotAxis& axis, Index width, const Pen& pen) {
  const double beside = pixels(kGap, pen.style) / 2 - pixels(2, pen.style);
  std::erase_if(axis.ticks, [&](const Tick& tick) {
    const double half = text_width(tick.label, pen.font(kNumberSize)) / 2;
    return tick.at - half < -beside || tick.at + half > static_cast<double>(width) + beside;
  });
}

void draw_texts(Canvas& canvas, const Tiles& tiles, Index number, const Plan& plan, const PixelRect& map, const Pen& pen) {
  const TileTitle& title = tiles.titles[static_cast<std::size_t>(number)];
  const auto left = static_cast<double>(map.left);
  Index baseline = map.top - pen.line - pen.px(kTitleGap);
  if (!title.detail.empty()) {
    draw_text(canvas, left, baseline, title.detail, pen.font(kNumberSize), pen.colors.muted, Align::left);
    baseline -= pen.line_height(kNumberSize);
  }
  draw_text(canvas, left, baseline, title.text, pen.font(kNumberSize, true), pen.colors.text, Align::left);
  if (number % plan.columns == 0) draw_beside(canvas, axis(tiles.down, plan.down, pen.style), map, pen);
  if (number + plan.columns < static_cast<Index>(tiles.titles.size())) return;
  PlotAxis below = axis(tiles.across, plan.across, pen.style);
  if (plan.columns > 1) keep_inside(below, map.width, pen);
  draw_below(canvas, below, map, pen);
}

void paint_map(Canvas& canvas, const double* values, const Plan& plan, const PixelRect& map, const ColorScale& scale) {
  std::vector<Color> colors(static_cast<std::size_t>(plan.across.drawn()));
  for (Index row = 0; row < plan.down.drawn(); ++row) {
    for (Color& color : colors) color = scale(*values++);
    canvas.cells(map.left, map.top + row * plan.down.pixels_per_cell, plan.across.pixels_per_cell, plan.down.pixels_per_cell, colors);
  }
}

void print_values(Canvas& canvas, const double* values, const Plan& plan, const PixelRect& map, Font font) {
  const Index width = plan.across.pixels_per_cell, height = plan.down.pixels_per_cell;
  for (Index row = 0; row < plan.down.cells; ++row) {
    for (Index column = 0; column < plan.across.cells; ++column) {
      print_in_cell(canvas, {map.left + column * width, map.top + row * height, width, height}, *values++, 1, font);
    }
  }
}

}  // namespace

Canvas draw_tiles(const Tiles& tiles, const Coloring& colors, const FigureRequest& request, const FoldedMaps& folded) {
  const FigureStyle& style = request.style;
  const Pen pen(style);
  const auto make_frame = [&](const Plan& plan) {
    Frame frame{request.title, request.subtitle, {"", {}, false, {}}, {"", {}, false, {}}, colors.scale, tiles.bar_name};
    frame.bar_skips_above = plan.first_y;
    frame.bar_skips_below = plan.size.height - plan.first_y - (plan.rows - 1) * plan.pitch_y - plan.down.pixels();
    frame.border = false;
    frame.notes = tiles.notes;
    frame.notes.insert(frame.notes.end(), colors.notes.begin(), colors.notes.end());
    if (plan.down.per_pixel > 1 || plan.across.per_pixel > 1) {
      frame.notes.push_back(fmt::format("each pixel is the mean of {} × {} cells", plan.down.per_pixel, plan.across.per_pixel));
    }
    return frame;
  };
  const double target_height = tiles.titles.size() == 1 ? kLoneHeight : kTargetHeight;
  const PlotLimits limits{{pen.px(kTargetWidth), pen.px(target_height)}, {pen.px(kMostWidth), pen.px(kMostHeight)}};
  auto [plan, frame] = fit(limits, style, [&](const PlotLimits& current) { return best_plan(tiles, current, style); }, make_frame);
  FramedCanvas framed = draw_frame(frame, plan.size, style);

  const std::vector<double> values = folded(plan.down, plan.across);
  const bool are_single = plan.down.per_pixel == 1 && plan.across.per_pixel == 1;
  const std::optional<Font> font =
      tiles.print_values && are_single ? cell_font(values, 1, {plan.across.pixels_per_cell, plan.down.pixels_per_cell}, pen) : std::nullopt;
  const Index map_size = plan.down.drawn() * plan.across.drawn();
  for (Index i = 0; i < static_cast<Index>(tiles.titles.size()); ++i) {
    PixelRect map = plan.map(i);
    map.left += framed.left;
    map.top += framed.top;
    paint_map(framed.canvas, values.data() + i * map_size, plan, map, colors.scale);
    if (font) print_values(framed.canvas, values.data() + i * map_size, plan, map, *font);
    outline(framed.canvas, map, pen);
    draw_texts(framed.canvas, tiles, i, plan, map, pen);
  }
  return std::move(framed.canvas);
}

}  // namespace pe
