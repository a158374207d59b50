#include "core/sinusoid.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/wave_rows.h"

namespace pe {
std::vector<WaveColumn> wave_columns(const std::string& layout, const std::vector<std::size_t>& axis_order, Index n, bool cos_first) {
  const std::size_t last_axis = axis_order.empty() ? 0 : *std::max_element(axis_order.begin(), axis_order.end());
  return wave_columns(layout, axis_order, std::vector<Index>(last_axis + 1, n), cos_first);
}

std::vector<WaveColumn> wave_columns(const std::string& layout, const std::vector<std::size_t>& axis_order, const std::vector<Index>& counts,
                                     bool cos_first) {
  const Wave waves[] = {cos_first ? Wave::cos : Wave::sin, cos_first ? Wave::sin : Wave::cos};
  const auto count = [&](std::size_t axis) { return static_cast<std::size_t>(counts[axis]); };
  std::vector<WaveColumn> columns;
  const auto add_block = [&](Wave wave, std::size_t axis) {
    for (std::size_t i = 0; i < count(axis); ++i) columns.push_back({wave, axis, i});
  };
  if (layout == "grouped") {
    for (const Wave wave : waves) {
      for (const std::size_t axis : axis_order) add_block(wave, axis);
    }
    return columns;
  }
  for (const std::size_t axis : axis_order) {
    if (layout == "interleaved") {
      for (std::size_t i = 0; i < 2 * count(axis); ++i) columns.push_back({waves[i % 2], axis, i / 2});
    } else {
      for (const Wave wave : waves) add_block(wave, axis);
    }
  }
  return columns;
}

namespace {

/// Positions of the rows of a table with one axis; the rows of a grid are numbered cells.
std::optional<Places> row_places(const WaveTable& table) {
  if (table.axes.size() != 1) return Places{0, 1, table.prefix};
  const Positions& positions = table.axes.front().positions;
  std::optional<Places> places = row_places(positions, table.prefix);
  if (places && table.reversed) *places = {positions.at(positions.count - 1), -positions.step, table.prefix};
  return places;
}

}  // namespace

std::optional<Places> row_places(const Positions& positions, Index prefix) {
  if (!positions.list.empty()) return std::nullopt;
  const bool is_scaled = static_cast<double>(positions.scale) != 1;
  return is_scaled ? Places{0, 1, prefix} : Places{positions.first, positions.step, prefix};
}

Tensor wave_tensor(std::string name, std::string row_name, WaveTable table, Dtype dtype) {
  Tensor tensor;
  const Index width = static_cast<Index>(table.columns.size()) / components(dtype);
  const std::optional<Places> places = row_places(table);
  const auto rows = std::make_shared<const WaveRows>(std::move(table));
  tensor.name = std::move(name);
  tensor.axes = {{std::move(row_name), rows->rows(), places}, {"channel", width}};
  tensor.dtype = dtype;
  tensor.range = rows->range();
  const auto numbers = [rows](Index first_row, std::span<double> out) { rows->fill(first_row, out); };
  const auto elements = [rows, dtype](Index first_row, std::span<std::byte> out) { rows->fill_elements(dtype, first_row, out); };
  tensor.fill = Fill(numbers, dtype, elements);
  tensor.columns = [rows, parts = components(dtype)] { return rows->columns(parts); };
  return tensor;
}

}  // namespace pe
