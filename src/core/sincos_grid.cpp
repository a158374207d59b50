#include "core/sincos_grid.h"

#include <fmt/format.h>

#include "core/frequencies.h"

namespace pe {

Tables sincos_grid_tables(const std::string& scheme, const SincosGridConfig& config, const std::string& letters, const std::vector<Index>& counts) {
  const std::vector<std::size_t> blocks = permutation(scheme, "axes", config.axes, config.flatten);
  std::vector<Index> by_row(counts.size());   // frequencies per axis, the slowest of the rows first
  for (std::size_t i = 0; i < counts.size(); ++i) by_row[blocks[i]] = counts[i];

  WaveTable table;
  for (const std::size_t axis : permutation(scheme, "flatten", config.flatten, letters)) {
    const Index n = by_row[table.axes.size()];
    table.axes.push_back({std::string(1, letters[axis]), frequency_ladder(config.base, n, config.spacing), grid_positions(scheme, config, axis)});
  }
  table.columns = fit_columns(wave_columns(config.layout, blocks, by_row, config.cos_first), config.dim);
  table.prefix = config.prefix_tokens;
  table.arithmetic = arithmetic(config);

  Tensor tensor = wave_tensor("pos_embed", "token", std::move(table), stored_dtype(config));
  tensor.grid = TokenGrid{config.grid.sizes, config.flatten, config.prefix_tokens};
  return {{std::move(tensor)}, fmt::format("{}-{}", config.dim, config.grid.text())};
}

}  // namespace pe
