#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/axes.h"
#include "core/scheme.h"

namespace pe {

inline constexpr double kMaxSide = 1e9;   ///< of a grid or table: products of two stay whole numbers of 63 bits

/// A grid whose cells look their vectors up in learned tables by row and by column.
struct LookupConfig {
  Grid grid{{14, 14}};
  Grid max_size;                  ///< entries for rows and for columns; empty: as many as the grid has
  std::string coords = "absolute";
  std::vector<double> start{0};   ///< one value, or one per axis
};

template <class Config>
std::vector<Option> lookup_options() {
  return {option<Config>("grid", &LookupConfig::grid, kGridHelp, {.low = 1, .high = kMaxSide, .headline = true}),
          option<Config>("max-size", &LookupConfig::max_size, "entries of a table for rows and columns; default as many as the grid has",
                         {.low = 1, .high = kMaxSide, .headline = true}),
          option<Config>("coords", &LookupConfig::coords, "entry of a cell: cell + start (absolute), or floor(cell * entries / cells) (fractional)",
                         {.choices = {"absolute", "fractional"}}),
          option<Config>("start", &LookupConfig::start, "entry of the first cell: one value, or one for rows and one for columns",
                         {.low = 0, .high = kMaxSide, .when = "coords", .when_is = {"absolute"}})};
}

/// Which of its entries a table gives to the cells along one axis.
struct Lookup {
  Index cells = 0, entries = 0, start = 0;
  bool fractional = false;

  Index entry(Index cell) const { return fractional ? cell * entries / cells : cell + start; }
};

/// The lookups of rows and of columns. Throws Error when a cell would look behind the end of the table.
std::array<Lookup, 2> lookups(const LookupConfig& config);

/// `pos_embed` [token, channel] over the cells of the grid, row by row, not yet filled.
Tensor cell_table(const LookupConfig& config, Index dim, Dtype dtype);

}  // namespace pe
