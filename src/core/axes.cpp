#include "core/axes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/arrays.h"
#include "core/error.h"

namespace pe {

Positions positions(const PositionConfig& config) {
  Positions made;
  if (!config.positions) {
    made.first = config.start;
    made.step = config.step;
    made.count = config.length;
    return made;
  }
  const Array& array = *config.positions;
  if (array.shape.size() != 1 || array.values.empty()) refuse_shape("--positions", array, "one axis, with at least one position");
  check_values("--positions", array, kMaxPosition);
  made.list = array.values;
  made.count = static_cast<Index>(made.list.size());
  return made;
}

Tensor position_tensor(const TableConfig& config, Positions positions) {
  WaveTable table;
  table.axes = {{"position", {}, std::move(positions)}};
  table.columns = {{Wave::coordinate, 0, 0}};
  table.prefix = config.prefix_tokens;
  table.arithmetic = arithmetic(config);
  return wave_tensor("pos_embed", "position", std::move(table), stored_dtype(config));
}

Arithmetic arithmetic(const CommonConfig& config) {
  if (config.compute == "f32") return Arithmetic::framework;
  return config.dtype == "f64" ? Arithmetic::direct : Arithmetic::rotated;
}

void require_plane(const std::string& option, const Grid& grid) {
  if (grid.sizes.size() == 2) return;
  throw Error(fmt::format("--{} {} has {} sizes; needs 2, or 1 for a square", option, grid.text(), grid.sizes.size()));
}

Positions grid_positions(const std::string& scheme, const GridConfig& config, std::size_t axis) {
  const auto of_axis = [&](const std::vector<double>& list, const char* option) {
    if (list.size() == 1) return list.front();
    if (list.size() == config.grid.sizes.size()) return list[axis];
    throw Error(fmt::format("{}: --{} has {} values; needs 1, or one per axis of the grid ({})", scheme, option, list.size(),
                            config.grid.sizes.size()));
  };
  Positions made;
  made.count = config.grid.sizes[axis];
  made.first = of_axis(config.start, "start");
  made.scale = Real(of_axis(config.scale, "scale")) / Real(of_axis(config.interpolation_scale, "interpolation-scale"));
  if (config.base_size) made.scale = made.scale * Real(*config.base_size) / Real(static_cast<double>(made.count));
  return made;
}

// Both as scale * (first + cell), so that nothing is rounded and a frequency is one per cell.

Positions positions_to_ends(Index size) {
  if (size == 1) return {-1, 1, 1, {}, 1};
  const double last = static_cast<double>(size - 1);
  return {-last / 2, 1, size, {}, Real(2) / Real(last)};
}

Positions positions_of_centres(Index size, Index whole) {
  const double reach = static_cast<double>(whole);
  return {0.5 - reach / 2, 1, size, {}, Real(2) / Real(reach)};
}

std::vector<std::size_t> permutation(const std::string& scheme, const std::string& option, const std::string& text, const std::string& letters) {
  if (!std::is_permutation(text.begin(), text.end(), letters.begin(), letters.end())) {
    throw Error(fmt::format("{}: --{} {} is not a permutation of {}", scheme, option, text, letters));
  }
  std::vector<std::size_t> order;
  for (const char letter : text) order.push_back(letters.find(letter));
  return order;
}

void require_multiple(const std::string& scheme, const std::string& option, Index dim, Index divisor) {
  const Index lower = dim / divisor * divisor;
  if (lower == dim) return;
  const Index higher = lower + divisor;
  const std::string nearest = lower > 0 ? fmt::format("{}, {}", lower, higher) : fmt::format("{}", higher);
  const std::string what = divisor == 2 ? "odd" : fmt::format("not a multiple of {}", divisor);
  throw Error(fmt::format("{}: --{} {} is {}; nearest: {}", scheme, option, dim, what, nearest));
}

Index laid_out_dim(const std::string& scheme, Index dim, Index divisor, const std::string& odd_dim) {
  const Index lower = dim / divisor * divisor;
  if (lower == dim) return dim;
  if (odd_dim == "truncate") return lower + divisor;
  if (odd_dim != "zero" || lower == 0) require_multiple(scheme, "dim", dim, divisor);
  return lower;
}

std::vector<WaveColumn> fit_columns(std::vector<WaveColumn> columns, Index dim) {
  columns.resize(static_cast<std::size_t>(dim));   // a new column is Wave::zero
  return columns;
}

}  // namespace pe
