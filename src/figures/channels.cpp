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

// [channel, h, w] is maps already; elsewhere a map is a column of the rows that are cells of a grid.
bool is_channel_first(const Tensor& tensor) { return tensor.axes.size() == 3 && tensor.axes[1].name == "h" && tensor.axes[2].name == "w"; }

std::string unsuited(const Tensor& tensor) {
  if (is_channel_first(tensor)) return {};
  if (!tensor.grid) return "channels needs a grid; give --grid HxW (and --prefix-tokens K)";
  if (!is_grid_table(tensor)) return fmt::format("channels: the grid of {} has another number of cells than the table has rows", tensor.name);
  return {};
}

// The table as maps of a grid: how large they are, how many there are and what is known of them.
struct Source {
  Index height = 0, width = 0, count = 0;
  Index frames = 1;             ///< the middle one is drawn
  std::vector<Column> known;    ///< empty, or one entry per map
};

Source source_of(const Tensor& tensor) {
  if (is_channel_first(tensor)) return {tensor.axes[1].size, tensor.axes[2].size, tensor.axes[0].size, 1, {}};
  const std::vector<Index>& sizes = tensor.grid->sizes;
  return {sizes[sizes.size() - 2], sizes.back(), tensor.columns_count(), sizes.size() == 3 ? sizes[0] : 1, known_columns(tensor)};
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

Choice choice_of(const Tensor& tensor, const Source& source, const FigureStyle& style) {
  Choice choice{asked_columns(tensor, source.count, style, "channels", kMost)};
  if (choice.columns.empty()) choice = columns_by_kind(source.known, std::max(source.height, source.width));
  if (choice.columns.empty()) choice = {evenly_spaced_columns(source.count)};
  return choice;
}

// [map, h, w]
Tensor drawn_maps(const Tensor& tensor, const Source& source, const std::vector<Index>& columns) {
  if (is_channel_first(tensor)) return chosen_maps(tensor, columns);
  Tensor maps = held_tensor(tensor.name, {{"column", static_cast<Index>(columns.size())}, {"h", source.height}, {"w", source.width}}, Dtype::f64,
                            column_maps(tensor, columns, source.frames / 2));
  maps.range = tensor.range;
  return maps;
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const Source source = source_of(tensor);
  const Choice choice = choice_of(tensor, source, request.style);
  const std::vector<Index>& columns = choice.columns;
  const std::string what = is_channel_first(tensor) ? "channel" : "column";

  Tiles tiles{{}, {"h", source.height}, {"w", source.width}, choice.per_row, "value"};
  for (const Index column : columns) {
    const std::string detail = source.known.empty() ? "" : column_detail(source.known[static_cast<std::size_t>(column)], true);
    tiles.titles.push_back({fmt::format("{} {}", what, column), detail});
  }
  const bool has_waves = std::any_of(source.known.begin(), source.known.end(), [](const Column& column) { return column.frequency != 0; });
  tiles.notes.push_back(fmt::format("{} of {} {}s{}", columns.size(), source.count, what, has_waves ? " · λ: wavelength in cells" : ""));
  if (source.frames > 1) tiles.notes.push_back(fmt::format("frame {} of {}", source.frames / 2 + 1, source.frames));
  if (components(tensor.dtype) == 2) tiles.notes.push_back("real parts of complex numbers");

  const Tensor maps = drawn_maps(tensor, source, columns);
  return draw_tiles(tiles, coloring(maps, request.style), request,
                    [&](const Fold& down, const Fold& across) { return folded_maps(maps, down.per_pixel, across.per_pixel); });
}

}  // namespace

Figure channels_figure() {
  return {"channels", "chosen columns as maps of the grid", unsuited, paint, {.colors = true, .columns = true, .block = true}};
}

}  // namespace pe
