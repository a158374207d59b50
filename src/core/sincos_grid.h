#pragma once
#include <string>
#include <vector>

#include "core/axes.h"

namespace pe {

/// The sines and cosines of the coordinates of a grid, a block of columns per axis: what sincos2d and sincos3d have in common.
struct SincosGridConfig : TableConfig, GridConfig, LadderConfig {
  Index dim = 768;
  std::string layout = "concat";
  bool cos_first = false;
  std::string axes, flatten;   ///< permutations of the axes' letters: whose block comes first; whose cells go slowest
  std::string odd_dim = "refuse";
};

/// The table of a grid whose axes have these letters in the order of its sizes: axis number i of --axes has `counts[i]` frequencies.
Tables sincos_grid_tables(const std::string& scheme, const SincosGridConfig& config, const std::string& letters, const std::vector<Index>& counts);

}  // namespace pe
