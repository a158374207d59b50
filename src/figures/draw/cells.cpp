#include "figures/draw/cells.h"

#include <fmt/format.h>

#include <cmath>

#include "analysis/blocks.h"
#include "figures/draw/column_groups.h"
#include "figures/draw/fold.h"
#include "figures/draw/frame.h"
#include "figures/draw/row_axis.h"

namespace pe {
namespace {

// Points. Up to the larger ones every cell is shown, at a pixel each: 1536 columns and 1024 rows are common sizes.
constexpr double kTargetWidth = 900, kTargetHeight = 500, kMostWidth = 1600, kMostHeight = 1100;
// A side of a cell: at least so many points for few cells, and no more than that for one.
constexpr Index kLargestCell = 60, kSmallestPlot = 120;
constexpr double kRowSpacing = 36, kColumnSpacing = 60;   // of numbers on the axes, points

struct Plan {
  Fold across, down;
  PixelSize size;
};

Fold fold_side(Index cells, Index target, Index most, double scale) {
  return fold(cells, target, most, std::max(kLargestCell, kSmallestPlot / cells), scale);
}

Plan plan(const Tensor& tensor, const PlotLimits& limits, double scale) {
  const Fold across = fold_side(tensor.row_width(), limits.target.width, limits.most.width, scale);
  const Fold down = fold_side(tensor.rows(), limits.target.height, limits.most.height, scale);
  return {across, down, {across.pixels(), down.pixels()}};
}

PlotAxis across_axis(const Tensor& tensor, const Fold& across, const FigureStyle& style) {
  const int numbers = components(tensor.dtype);
  const double column_pixels = across.pixels_of_one() * numbers;
  const std::string name = tensor.axes.empty() || tensor.axes.back().name.empty() ? "column" : tensor.axes.back().name;
  PlotAxis axis{name + (numbers == 2 ? " (real, imaginary)" : ""), {}, true, {}};
  axis.ticks = index_ticks(tensor.columns_count(), column_pixels, pixels(kColumnSpacing, style));
  if (!tensor.columns) return axis;
  for (const ColumnGroup& group : column_groups(tensor.columns())) {
    const std::string range = group.last - group.first == 1 ? fmt::format("{}", group.first) : fmt::format("{}–{}", group.first, group.last - 1);
    if (group.label.empty()) continue;
    axis.brackets.push_back({static_cast<double>(group.first) * column_pixels, static_cast<double>(group.last) * column_pixels, group.label, range});
  }
  return axis;
}

Frame frame(const Tensor& tensor, const FigureRequest& request, const Coloring& colors, const Cells& cells, const Plan& plan) {
  Frame frame{request.title, request.subtitle, across_axis(tensor, plan.across, request.style),
              row_axis(tensor, plan.down, pixels(kRowSpacing, request.style)), colors.scale, cells.bar_name, true, colors.notes};
  if (plan.across.per_pixel > 1 || plan.down.per_pixel > 1) {
    const char* const what = cells.shared == Cells::Shared::mean ? "the mean of" : "the value of largest magnitude, with its sign, among";
    frame.notes.push_back(fmt::format("each pixel is {} {} × {} cells (rows × columns)", what, plan.down.per_pixel, plan.across.per_pixel));
  }
  return frame;
}

// Adds to the pixels the values that fall into them, or replaces what they hold by a larger one; NaN is larger than all numbers.
void add_row(std::span<const double> values, Index per_pixel, Cells::Shared shared, std::vector<double>& pixels_of_row) {
  std::size_t cell = 0;
  for (double& pixel : pixels_of_row) {
    const std::size_t end = std::min(values.size(), cell + static_cast<std::size_t>(per_pixel));
    for (; cell < end; ++cell) {
      if (shared == Cells::Shared::mean) {
        pixel += values[cell];
      } else if (!(std::abs(values[cell]) <= std::abs(pixel)) && !std::isnan(pixel)) {
        pixel = values[cell];
      }
    }
  }
}

// Folds the table into the canvas a line of drawn cells at a time; a pixel is not finite when one of its cells is not.
void paint(FramedCanvas& framed, const Tensor& tensor, const Plan& plan, const ColorScale& scale, Cells::Shared shared) {
  const Fold &across = plan.across, &down = plan.down;
  std::vector<double> folded(static_cast<std::size_t>(across.drawn()));
  std::vector<Color> colors(folded.size());
  for_each_row(tensor, 0, tensor.rows(), [&](Index row, std::span<const double> values) {
    add_row(values, across.per_pixel, shared, folded);
    if ((row + 1) % down.per_pixel != 0 && row + 1 != down.cells) return;

    const Index line = row / down.per_pixel, rows = row + 1 - line * down.per_pixel;
    for (Index i = 0; i < across.drawn(); ++i) {
      const Index columns = std::min(across.per_pixel, across.cells - i * across.per_pixel);
      const double cells = shared == Cells::Shared::mean ? static_cast<double>(rows * columns) : 1;
      const auto at = static_cast<std::size_t>(i);
      colors[at] = scale(folded[at] / cells);
    }
    framed.canvas.cells(framed.left, framed.top + line * down.pixels_per_cell, across.pixels_per_cell, down.pixels_per_cell, colors);
    std::fill(folded.begin(), folded.end(), 0.0);
  });
}

}  // namespace

Canvas draw_cells(const Tensor& tensor, const FigureRequest& request, const Coloring& colors, const Cells& cells) {
  const FigureStyle& style = request.style;
  const auto px = [&](double points) { return static_cast<Index>(pixels(points, style)); };
  const PlotLimits limits{{px(kTargetWidth), px(kTargetHeight)}, {px(kMostWidth), px(kMostHeight)}};
  const auto [chosen, around] = fit(limits, style, [&](const PlotLimits& current) { return plan(tensor, current, style.scale); },
                                    [&](const Plan& candidate) { return frame(tensor, request, colors, cells, candidate); });
  FramedCanvas framed = draw_frame(around, chosen.size, style);
  paint(framed, tensor, chosen, colors.scale, cells.shared);
  return std::move(framed.canvas);
}

}  // namespace pe
