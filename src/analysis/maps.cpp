#include "analysis/maps.h"

#include <algorithm>
#include <utility>

#include "analysis/blocks.h"
#include "analysis/similarity.h"

namespace pe {

std::vector<double> column_maps(const Tensor& tensor, std::span<const Index> columns, Index frame) {
  const std::vector<Index> rows = cell_rows(*tensor.grid, frame);
  const auto [first, last] = std::minmax_element(rows.begin(), rows.end());
  std::vector<Index> cell_of(static_cast<std::size_t>(*last - *first + 1), -1);
  for (std::size_t cell = 0; cell < rows.size(); ++cell) cell_of[static_cast<std::size_t>(rows[cell] - *first)] = static_cast<Index>(cell);

  std::vector<double> maps(columns.size() * rows.size());
  for_each_row(tensor, *first, *last + 1, [&, start = *first](Index row, std::span<const double> values) {
    const Index cell = cell_of[static_cast<std::size_t>(row - start)];
    if (cell < 0) return;   // of another frame
    for (std::size_t i = 0; i < columns.size(); ++i) {
      maps[i * rows.size() + static_cast<std::size_t>(cell)] = values[static_cast<std::size_t>(columns[i] * components(tensor.dtype))];
    }
  });
  return maps;
}

Tensor chosen_maps(const Tensor& tensor, std::vector<Index> chosen) {
  const Axis &query = tensor.axes[tensor.axes.size() - 2], &key = tensor.axes.back();
  Tensor maps = tensor;
  maps.axes = {{"map", static_cast<Index>(chosen.size())}, query, key};
  if (static_cast<Index>(chosen.size()) < tensor.rows() / query.size) maps.range.reset();
  maps.fill = [fill = tensor.fill, chosen = std::move(chosen), rows = query.size, width = tensor.row_width()](Index row, std::span<double> out) {
    while (!out.empty()) {
      const Index inside = row % rows;
      const auto values = std::min(out.size(), static_cast<std::size_t>((rows - inside) * width));
      fill(chosen[static_cast<std::size_t>(row / rows)] * rows + inside, out.first(values));
      out = out.subspan(values);
      row += rows - inside;
    }
  };
  return maps;
}

std::vector<double> folded_maps(const Tensor& maps, Index down, Index across) {
  const Index height = maps.axes[1].size, width = maps.axes[2].size, drawn = (width + across - 1) / across;
  std::vector<double> folded;
  std::vector<double> sums(static_cast<std::size_t>(drawn));
  for_each_row(maps, 0, maps.rows(), [&](Index row, std::span<const double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) sums[i / static_cast<std::size_t>(across)] += values[i];
    const Index inside = row % height;
    if ((inside + 1) % down != 0 && inside + 1 != height) return;
    const Index rows = inside % down + 1;
    for (Index i = 0; i < drawn; ++i) {
      const Index columns = std::min(across, width - i * across);
      folded.push_back(std::exchange(sums[static_cast<std::size_t>(i)], 0.0) / static_cast<double>(rows * columns));
    }
  });
  return folded;
}

}  // namespace pe
