#include "core/lookup.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"

namespace pe {
namespace {

Index start_of(const LookupConfig& config, std::size_t axis) {
  if (config.start.size() > 2) throw Error(fmt::format("--start has {} values; needs 1, or one for rows and one for columns", config.start.size()));
  const double start = config.start.size() == 1 ? config.start.front() : config.start[axis];
  if (start != std::floor(start)) throw Error(fmt::format("--start {} is not a whole number", start));
  return static_cast<Index>(start);
}

}  // namespace

std::array<Lookup, 2> lookups(const LookupConfig& config) {
  const Grid& sizes = config.max_size.sizes.empty() ? config.grid : config.max_size;
  require_plane("grid", config.grid);
  require_plane("max-size", sizes);
  std::array<Lookup, 2> both;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const bool fractional = config.coords == "fractional";
    Lookup& lookup = both[axis] = {config.grid.sizes[axis], sizes.sizes[axis], fractional ? 0 : start_of(config, axis), fractional};
    const Index last = lookup.entry(lookup.cells - 1);
    if (last < lookup.entries) continue;
    throw Error(fmt::format("--grid {} from --start {} on looks up entry {} of a table with entries 0..{}; needs --max-size {}", config.grid.text(),
                            lookup.start, last, lookup.entries - 1, last + 1));
  }
  return both;
}

Tensor cell_table(const LookupConfig& config, Index dim, Dtype dtype) {
  Tensor tensor;
  tensor.name = "pos_embed";
  tensor.axes = {{"token", checked_product(config.grid.sizes[0], config.grid.sizes[1], "the grid is too large")}, {"channel", dim}};
  tensor.dtype = dtype;
  tensor.grid = TokenGrid{config.grid.sizes, "hw", 0};
  return tensor;
}

}  // namespace pe
