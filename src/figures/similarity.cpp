// similarity: one small map per cell of the grid, its cosine similarity with every cell. Dosovitskiy et al. 2021,
// arXiv:2010.11929 (ViT), figure 7. H and W are the grid's rows and columns; a query is the cell that a map belongs to.

#include "analysis/similarity.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "figures/draw/coloring.h"
#include "figures/draw/fold.h"
#include "figures/draw/frame.h"

namespace pe {
namespace {

constexpr double kTarget = 900, kMost = 1600;   // points a side: cells are enlarged up to the one, queries left out beyond the other
constexpr double kGap = 4;                      // between maps, points
constexpr Index kLargestCell = 40;              // points
constexpr double kThinCell = 24;                // the other side of cells whose grid has one row or one column, points
constexpr Index kFewestMaps = 4;                // a side: rather than leave out more, cells are averaged
constexpr Index kOutlinedCell = 4;              // from this size on the query's own cell is outlined, pixels
constexpr double kLabelSpacing = 18;            // of the numbers of maps, points
constexpr Index kBlock = Index{1} << 20;        // similarities computed at once

// One direction of the figure: which queries have a map, and how the cells of a map become pixels.
struct Side {
  std::vector<Index> queries;
  Index step = 1;      // between queries
  Fold cells;
  Index gap = 0;       // pixels

  Index maps() const { return static_cast<Index>(queries.size()); }
  Index pitch() const { return cells.pixels() + gap; }
  Index pixels() const { return maps() * pitch() - gap; }
};

struct Plan {
  Side down, across;
  PixelSize size;
};

Index maps_that_fit(Index cells, Index per_pixel, Index gap, Index most) {
  return (most + gap) / ((cells + per_pixel - 1) / per_pixel + gap);
}

// As many queries as fit with a pixel per drawn cell, evenly spaced, with as much left out before the first as after the last.
Side side(Index cells, Index per_pixel, Index gap, Index most) {
  const Index fit = std::clamp<Index>(maps_that_fit(cells, per_pixel, gap, most), 1, cells);
  Side side{{}, (cells + fit - 1) / fit, {cells, per_pixel, 1}, gap};
  for (Index query = (cells - 1) % side.step / 2; query < cells; query += side.step) side.queries.push_back(query);
  return side;
}

Index largest_cell(const Side& side, Index target, Index most, double scale) {
  const Index gaps = (side.maps() - 1) * side.gap;
  return fold(side.maps() * side.cells.drawn(), target - gaps, most - gaps, kLargestCell, scale).pixels_per_cell;
}

Plan plan(Index height, Index width, const PlotLimits& limits, const FigureStyle& style) {
  const auto gap = static_cast<Index>(std::ceil(pixels(kGap, style)));
  const auto enough = [&](Index cells, Index per_pixel, Index most) {
    return maps_that_fit(cells, per_pixel, gap, most) >= std::min(cells, kFewestMaps);
  };
  Index per_pixel = 1;
  while (per_pixel < std::max(height, width) && !(enough(height, per_pixel, limits.most.height) && enough(width, per_pixel, limits.most.width))) {
    ++per_pixel;
  }
  Plan plan{side(height, per_pixel, gap, limits.most.height), side(width, per_pixel, gap, limits.most.width), {}};
  const Index down = largest_cell(plan.down, limits.target.height, limits.most.height, style.scale);
  const Index across = largest_cell(plan.across, limits.target.width, limits.most.width, style.scale);
  const auto thin = static_cast<Index>(pixels(kThinCell, style));
  plan.down.cells.pixels_per_cell = height == 1 ? std::clamp(thin, Index{1}, limits.most.height) : width == 1 ? down : std::min(down, across);
  plan.across.cells.pixels_per_cell = width == 1 ? std::clamp(thin, Index{1}, limits.most.width) : height == 1 ? across : std::min(down, across);
  plan.size = {plan.across.pixels(), plan.down.pixels()};
  return plan;
}

// The mean of each square of cells that becomes one drawn cell, appended to `drawn`.
void append_map(const float* map, const Plan& plan, std::vector<float>& drawn) {
  const Fold &down = plan.down.cells, &across = plan.across.cells;
  for (Index top = 0; top < down.cells; top += down.per_pixel) {
    const Index bottom = std::min(top + down.per_pixel, down.cells);
    for (Index left = 0; left < across.cells; left += across.per_pixel) {
      const Index right = std::min(left + across.per_pixel, across.cells);
      float sum = 0;
      for (Index h = top; h < bottom; ++h) {
        for (Index w = left; w < right; ++w) sum += map[h * across.cells + w];
      }
      drawn.push_back(sum / static_cast<float>((bottom - top) * (right - left)));
    }
  }
}

// [map, h, w] of the drawn cells, maps row by row. Held besides: one block of similarities.
std::vector<float> drawn_maps(const UnitRows& unit, const Plan& plan) {
  std::vector<Index> queries;
  for (const Index h : plan.down.queries) {
    for (const Index w : plan.across.queries) queries.push_back(h * plan.across.cells.cells + w);
  }
  std::vector<float> drawn;
  drawn.reserve(queries.size() * static_cast<std::size_t>(plan.down.cells.drawn() * plan.across.cells.drawn()));
  const auto at_once = static_cast<std::size_t>(std::max<Index>(1, kBlock / unit.count));
  std::vector<float> block;
  for (std::size_t first = 0; first < queries.size(); first += at_once) {
    const std::span<const Index> some = std::span(queries).subspan(first, std::min(at_once, queries.size() - first));
    block.resize(some.size() * static_cast<std::size_t>(unit.count));
    cosine_similarities(unit, some, block);
    for (std::size_t i = 0; i < some.size(); ++i) append_map(block.data() + static_cast<Index>(i) * unit.count, plan, drawn);
  }
  return drawn;
}

// Numbers from 1, as in the paper; every second, fifth, ... map where they would be crowded.
PlotAxis axis(const std::string& name, const Side& side, double spacing) {
  PlotAxis axis{name, {}, false, {}};
  const auto step = static_cast<Index>(round_step(std::max(1.0, spacing / static_cast<double>(side.pitch())), true));
  for (Index i = 0; i < side.maps(); i += step) {
    const double middle = static_cast<double>(i * side.pitch()) + static_cast<double>(side.cells.pixels()) / 2;
    axis.ticks.push_back({middle, fmt::format("{}", side.queries[static_cast<std::size_t>(i)] + 1)});
  }
  return axis;
}

std::string ordinal(Index n) {
  const Index last = n % 10, tens = n / 10 % 10;
  return fmt::format("{}{}", n, tens == 1 || last == 0 || last > 3 ? "th" : last == 1 ? "st" : last == 2 ? "nd" : "rd");
}

void note_what_is_left_out(const Plan& plan, std::vector<std::string>& notes) {
  const Index rows = plan.down.step, columns = plan.across.step, per_pixel = plan.down.cells.per_pixel;
  const auto every = [](Index step) { return step == 1 ? std::string("every") : "every " + ordinal(step); };
  if (rows > 1 || columns > 1) {
    notes.push_back(rows == columns ? fmt::format("maps of {} query row and column", every(rows))
                                    : fmt::format("maps of {} query row and {} query column", every(rows), every(columns)));
  }
  if (per_pixel > 1) notes.push_back(fmt::format("each pixel of a map is the mean of {0} × {0} cells", per_pixel));
}

// The cell a map belongs to gets a thin inner edge, dark on light colours and light on dark ones; its middle keeps its colour.
void outline_cell(Canvas& canvas, Index x, Index y, Index width, Index height, Index line) {
  const Color ink = ink_on(canvas.pixel(x + width / 2, y + height / 2));
  for (Index py = y; py < y + height; ++py) {
    for (Index px = x; px < x + width; ++px) {
      const bool edge = px < x + line || px >= x + width - line || py < y + line || py >= y + height - line;
      if (edge) canvas.blend(px, py, ink, 0.7);
    }
  }
}

void paint(FramedCanvas& framed, const Plan& plan, const std::vector<float>& drawn, const ColorScale& scale, Index line) {
  const Fold &down = plan.down.cells, &across = plan.across.cells;
  std::vector<Color> colors(static_cast<std::size_t>(across.drawn()));
  const float* value = drawn.data();
  for (Index row = 0; row < plan.down.maps(); ++row) {
    for (Index column = 0; column < plan.across.maps(); ++column) {
      const Index x = framed.left + column * plan.across.pitch(), y = framed.top + row * plan.down.pitch();
      for (Index h = 0; h < down.drawn(); ++h) {
        for (Color& color : colors) color = scale(*value++);
        framed.canvas.cells(x, y + h * down.pixels_per_cell, across.pixels_per_cell, down.pixels_per_cell, colors);
      }
      const Index own_h = plan.down.queries[static_cast<std::size_t>(row)] / down.per_pixel;
      const Index own_w = plan.across.queries[static_cast<std::size_t>(column)] / across.per_pixel;
      if (std::min(down.pixels_per_cell, across.pixels_per_cell) < kOutlinedCell * line) continue;
      outline_cell(framed.canvas, x + own_w * across.pixels_per_cell, y + own_h * down.pixels_per_cell, across.pixels_per_cell,
                   down.pixels_per_cell, line);
    }
  }
}

std::string unsuited(const Tensor& tensor) {
  if (!tensor.grid) return "similarity needs a grid; give --grid HxW (and --prefix-tokens K)";
  const TokenGrid& grid = *tensor.grid;
  Index cells = 1;
  std::string shape;
  for (const Index size : grid.sizes) {
    cells = checked_product(cells, size, "similarity: the grid");
    shape += fmt::format("{}{}", shape.empty() ? "" : "x", size);
  }
  if (grid.sizes.size() < 2 || grid.sizes.size() > 3) return fmt::format("similarity draws grids HxW and TxHxW, not {}", shape);
  if (cells < 1 || grid.prefix + cells != tensor.rows()) {
    return fmt::format("similarity: --prefix-tokens {} and --grid {} make {} rows, and {} has {}", grid.prefix, shape, grid.prefix + cells,
                       tensor.name, tensor.rows());
  }
  return {};
}

Canvas draw(const Tensor& tensor, const FigureRequest& request) {
  const TokenGrid& grid = *tensor.grid;
  const FigureStyle& style = request.style;
  const Index height = grid.sizes[grid.sizes.size() - 2], width = grid.sizes.back();
  const Index frames = grid.sizes.size() == 3 ? grid.sizes[0] : 1;
  const UnitRows unit = unit_rows(tensor, cell_rows(grid, frames / 2));
  const auto px = [&](double points) { return static_cast<Index>(pixels(points, style)); };
  const PlotLimits limits{{px(kTarget), px(kTarget)}, {px(kMost), px(kMost)}};

  Frame around{request.title, request.subtitle, {}, {}, similarity_scale(style, {}), "cosine similarity", false};
  const auto make_frame = [&](const Plan& plan) {
    around.across = axis("patch column", plan.across, pixels(kLabelSpacing, style));
    around.down = axis("patch row", plan.down, pixels(kLabelSpacing, style));
    around.notes.clear();
    if (frames > 1) around.notes.push_back(fmt::format("frame {} of {}", frames / 2 + 1, frames));
    if (unit.not_finite > 0) around.notes.push_back(fmt::format("{} cells hold NaN or infinities (grey)", unit.not_finite));
    note_what_is_left_out(plan, around.notes);
    return around;
  };
  auto [chosen, frame] = fit(limits, style, [&](const PlotLimits& current) { return plan(height, width, current, style); }, make_frame);
  const std::vector<float> drawn = drawn_maps(unit, chosen);
  const ColorScale scale = similarity_scale(style, drawn);
  frame.scale = scale;
  FramedCanvas framed = draw_frame(frame, chosen.size, style);
  paint(framed, chosen, drawn, scale, px(1));
  return std::move(framed.canvas);
}

}  // namespace

Figure similarity_figure() {
  return {"similarity", "per grid cell a map of its cosine similarity with every cell (ViT, figure 7)", unsuited, draw, {.colors = true, .block = true}};
}

}  // namespace pe
