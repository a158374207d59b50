// channels: some columns of a grid table as maps of the grid.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/maps.h"
#include "analysis/similarity.h"
#include "figures/draw/columns.h"
#include "figures/draw/row_axis.h"
#include "figures/draw/tiles.h"

namespace pe {
namespace {

constexpr std::size_t kPerKind = 6, kMostKinds = 6, kOthers = 24, kMost = 64;   // columns drawn of each function and axis; without known ones; at most

std::string unsuited(const Tensor& tensor) {
  if (!tensor.grid) return "channels needs a grid; give --grid HxW (and --prefix-tokens K)";
  if (!is_grid_table(tensor)) return fmt::format("channels: the grid of {} has another number of cells than the table has rows", tensor.name);
  return {};
}

struct Choice {
  std::vector<Index> columns;
  Index per_row = 0;   // where each row of maps is a function of an axis
};

// Of each function of each axis the same number, with wavelengths from the shortest to four times the grid's longest side: slower
// ones are as good as constant. Empty where that makes no table of maps.
Choice columns_by_kind(const std::vector<Column>& columns, Index longest_side) {
  std::vector<std::pair<Column, std::vector<Index>>> kinds;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    const bool is_visible = column.frequency != 0 && 2 * std::numbers::pi / std::abs(column.frequency) <= 4 * static_cast<double>(longest_side);
    if (!is_visible) continue;
    auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first.function == column.function && k.first.axis == column.axis; });
    if (kind == kinds.end()) kind = kinds.insert(kind, {column, {}});
    kind->second.push_back(static_cast<Index>(i));
  }
  if (kinds.empty() || kinds.size() > kMostKinds) return {};
  std::size_t count = kPerKind;
  for (const auto& [kind, all] : kinds) count = std::min(count, all.size());
  Choice choice{{}, static_cast<Index>(count)};
  for (const auto& [kind, all] : kinds) {
    for (std::size_t i = 0; i < count; ++i) choice.columns.push_back(all[count == 1 ? 0 : i * (all.size() - 1) / (count - 1)]);
  }
  return choice;
}

std::vector<Index> evenly_spaced_columns(Index columns) {
  const Index count = std::min(columns, static_cast<Index>(kOthers));
  std::vector<Index> chosen;
  for (Index i = 0; i < count; ++i) chosen.push_back(i * columns / count);
  return chosen;
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const std::vector<Index>& sizes = tensor.grid->sizes;
  const Index height = sizes[sizes.size() - 2], width = sizes.back(), frames = sizes.size() == 3 ? sizes[0] : 1;
  const std::vector<Column> known = known_columns(tensor);
  Choice choice{asked_columns(tensor, request.style, "channels", kMost)};
  if (choice.columns.empty()) choice = columns_by_kind(known, std::max(height, width));
  if (choice.columns.empty()) choice = {evenly_spaced_columns(tensor.columns_count())};
  const std::vector<Index>& columns = choice.columns;

  Tiles tiles{{}, {"h", height}, {"w", width}, choice.per_row, "value"};
  for (const Index column : columns) {
    tiles.titles.push_back({fmt::format("column {}", column), known.empty() ? "" : column_detail(known[static_cast<std::size_t>(column)], true)});
  }
  const bool has_waves = std::any_of(known.begin(), known.end(), [](const Column& column) { return column.frequency != 0; });
  tiles.notes.push_back(fmt::format("{} of {} columns{}", columns.size(), tensor.columns_count(), has_waves ? " · λ: wavelength in cells" : ""));
  if (frames > 1) tiles.notes.push_back(fmt::format("frame {} of {}", frames / 2 + 1, frames));
  if (components(tensor.dtype) == 2) tiles.notes.push_back("real parts of complex numbers");

  Tensor maps = held_tensor(tensor.name, {{"column", static_cast<Index>(columns.size())}, {"h", height}, {"w", width}}, Dtype::f64,
                            column_maps(tensor, columns, frames / 2));
  maps.range = tensor.range;
  return draw_tiles(tiles, coloring(maps, request.style), request,
                    [&](const Fold& down, const Fold& across) { return folded_maps(maps, down.per_pixel, across.per_pixel); });
}

}  // namespace

Figure channels_figure() { return {"channels", "chosen columns as maps of the grid", unsuited, paint, {.colors = true, .columns = true}}; }

}  // namespace pe
