#pragma once
#include <functional>
#include <string>
#include <vector>

#include "figures/draw/coloring.h"
#include "figures/draw/fold.h"
#include "figures/draw/frame.h"

namespace pe {

/// What stands above one map of a figure of several: a line each; may be empty.
struct TileTitle {
  std::string text, detail;
};

/// Maps of one size and one scale of colours side by side, row after row. Those at the left have the vertical axis, those without
/// another one below them the horizontal one.
struct Tiles {
  std::vector<TileTitle> titles;     ///< one per map
  Axis down, across;                 ///< of every map, in cells
  Index columns = 0;                 ///< maps in a row; 0: whatever makes the maps largest
  std::string bar_name;
  std::vector<std::string> notes = {};
  bool print_values = false;         ///< whole numbers in the cells, when all of them fit
};

/// The means of blocks of cells, [map, drawn height, drawn width].
using FoldedMaps = std::function<std::vector<double>(const Fold& down, const Fold& across)>;

/// As large as --size allows, or up to 900 x 700 points (900 x 900 for one map); cells are enlarged or averaged to fit.
Canvas draw_tiles(const Tiles& tiles, const Coloring& colors, const FigureRequest& request, const FoldedMaps& folded);

}  // namespace pe
