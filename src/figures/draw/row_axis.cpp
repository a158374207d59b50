#include "figures/draw/row_axis.h"

#include <fmt/format.h>

#include "core/text.h"

namespace pe {
namespace {

std::string named(const Axis& axis) { return axis.name.empty() ? "row" : axis.name; }

std::string grid_name(const std::string& order) {
  return order == "hw" ? "cell (row-major)" : order == "wh" ? "cell (column-major)" : fmt::format("cell ({}, slowest first)", order);
}

// Round positions of the cells behind the prefix. Ticks stand in the middle of cells.
std::vector<Tick> position_ticks(const Places& places, Index count, double cell_pixels, double spacing) {
  if ((places.first == 0 && places.step == 1) || places.step == 0 || count < 2) return index_ticks(count, cell_pixels, spacing);
  const double length = static_cast<double>(count - 1) * cell_pixels, end = places.first + static_cast<double>(count - 1) * places.step;
  std::vector<Tick> ticks = linear_ticks({std::min(places.first, end), std::max(places.first, end)}, length, spacing);
  for (Tick& tick : ticks) tick.at = cell_pixels / 2 + (places.step > 0 ? tick.at : length - tick.at);
  return ticks;
}

PlotAxis axis_of(const std::string& name, const Places& places, const Fold& cells, double spacing) {
  PlotAxis axis{name, {}, true, {}};
  const double start = static_cast<double>(places.prefix) * cells.pixels_of_one();
  if (places.prefix > 0) axis.ticks.push_back({start / 2, "prefix"});
  for (const Tick& tick : position_ticks(places, cells.cells - places.prefix, cells.pixels_of_one(), spacing)) {
    axis.ticks.push_back({start + tick.at, tick.label});
  }
  return axis;
}

}  // namespace

RowNumbers row_numbers(const Tensor& tensor) {
  const Axis& axis = tensor.axes[tensor.axes.size() - 2];
  const bool are_numbers = axis.places && axis.places->step != 0 && axis.size - axis.places->prefix > 1;
  if (are_numbers) return {named(axis), axis.places->prefix, axis.size, *axis.places};
  return {"row of the table", 0, axis.size, {}};
}

bool is_grid_table(const Tensor& tensor) {
  if (!tensor.grid) return false;
  Index cells = 1;
  for (const Index size : tensor.grid->sizes) cells *= size;
  return tensor.grid->prefix + cells == tensor.rows();
}

PlotAxis index_axis(const Axis& axis, const Fold& cells, double spacing) {
  return axis.places ? axis_of(named(axis), *axis.places, cells, spacing) : axis_of("row", {}, cells, spacing);
}

PlotAxis row_axis(const Tensor& tensor, const Fold& rows, double spacing) {
  if (is_grid_table(tensor)) return axis_of(grid_name(tensor.grid->order), {0, 1, tensor.grid->prefix}, rows, spacing);
  std::vector<const Axis*> axes;   // those that are more than one row
  for (std::size_t i = 0; i + 1 < tensor.axes.size(); ++i) {
    if (tensor.axes[i].size > 1 || i + 2 == tensor.axes.size()) axes.push_back(&tensor.axes[i]);
  }
  if (axes.empty()) return {"", {}, true, {}};
  if (axes.size() == 1) return index_axis(*axes.front(), rows, spacing);
  std::vector<std::string> names;
  for (const Axis* axis : axes) names.push_back(named(*axis));
  return axis_of(join(names, " × ") + " (flattened)", {}, rows, spacing);
}

}  // namespace pe
