// matrix: the cosine similarity of every row of a table with every row.

#include <fmt/format.h>

#include <numeric>

#include "analysis/similarity.h"
#include "figures/draw/coloring.h"
#include "figures/draw/fold.h"
#include "figures/draw/frame.h"
#include "figures/draw/row_axis.h"

namespace pe {
namespace {

constexpr double kTarget = 560, kMost = 1100;   // points a side
constexpr Index kLargestCell = 60;              // points
constexpr double kSpacing = 48;                 // of numbers on the axes, points

struct Plan {
  Fold rows;
  PixelSize size;
};

std::string unsuited(const Tensor& tensor) {
  if (tensor.axes.size() < 2) return fmt::format("matrix compares rows; {} is {}, one row", tensor.name, shape_text(tensor));
  if (tensor.axes.back().name == "key") return fmt::format("matrix compares rows of a table; {} already is a map of queries and keys", tensor.name);
  return {};
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const FigureStyle& style = request.style;
  const auto px = [&](double points) { return static_cast<Index>(pixels(points, style)); };
  // Every table has a similarity of 1 somewhere; the colours are known when the similarities are.
  Frame around{request.title, request.subtitle, {}, {}, similarity_scale(style, {}), "cosine similarity"};
  const auto make_plan = [&](const PlotLimits& limits) {
    const Index target = std::min(limits.target.width, limits.target.height), most = std::min(limits.most.width, limits.most.height);
    const Fold rows = fold(tensor.rows(), target, most, kLargestCell, style.scale);
    return Plan{rows, {rows.pixels(), rows.pixels()}};
  };
  const auto make_frame = [&](const Plan& plan) {
    around.across = around.down = row_axis(tensor, plan.rows, pixels(kSpacing, style));
    around.notes.clear();
    if (plan.rows.per_pixel > 1) around.notes.push_back(fmt::format("each pixel is the mean of {0} × {0} pairs of rows", plan.rows.per_pixel));
    return around;
  };
  auto [plan, frame] = fit({{px(kTarget), px(kTarget)}, {px(kMost), px(kMost)}}, style, make_plan, make_frame);

  const UnitRows unit = unit_row_means(tensor, plan.rows.per_pixel);
  if (unit.not_finite > 0) frame.notes.push_back(fmt::format("{} rows hold NaN or infinities ({})", unit.not_finite, frame.scale->map().bad_name));
  std::vector<Index> all(static_cast<std::size_t>(unit.count));
  std::iota(all.begin(), all.end(), Index{0});
  std::vector<float> similarities(all.size() * all.size());
  cosine_similarities(unit, all, similarities);

  const ColorScale scale = similarity_scale(style, similarities);
  frame.scale = scale;
  FramedCanvas framed = draw_frame(frame, plan.size, style);
  std::vector<Color> colors(all.size());
  for (std::size_t row = 0; row < all.size(); ++row) {
    for (std::size_t i = 0; i < all.size(); ++i) colors[i] = scale(similarities[row * all.size() + i]);
    const Index cell = plan.rows.pixels_per_cell;
    framed.canvas.cells(framed.left, framed.top + static_cast<Index>(row) * cell, cell, cell, colors);
  }
  return std::move(framed.canvas);
}

}  // namespace

Figure matrix_figure() { return {"matrix", "the cosine similarity of every row with every row", unsuited, paint, {.colors = true, .block = true}}; }

}  // namespace pe
