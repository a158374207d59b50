// index: a table of whole numbers, such as which row of a bias table a query and a key share. The numbers stand in the cells where
// there is room for them.

#include <fmt/format.h>

#include "analysis/maps.h"
#include "figures/draw/tiles.h"

namespace pe {
namespace {

std::string unsuited(const Tensor& tensor) {
  if (tensor.axes.size() != 2) return fmt::format("index draws a table of rows and columns; {} is {}", tensor.name, shape_text(tensor));
  if (!is_integer(tensor.dtype)) return fmt::format("index draws whole numbers; {} holds {}", tensor.name, name(tensor.dtype));
  return {};
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  Tiles tiles{{{}}, tensor.axes[0], tensor.axes[1], 0, tensor.name};
  tiles.print_values = true;
  const Tensor maps = chosen_maps(tensor, {0});
  return draw_tiles(tiles, coloring(maps, request.style), request,
                    [&](const Fold& down, const Fold& across) { return folded_maps(maps, down.per_pixel, across.per_pixel); });
}

}  // namespace

Figure index_figure() { return {"index", "a table of whole numbers, written into the cells where they fit", unsuited, paint, {.colors = true}}; }

}  // namespace pe
