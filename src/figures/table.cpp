// table: the tensor as it is stored, one coloured cell a number. Rows (positions, tokens, grid cells) go down, columns across.

#include "figures/draw/cells.h"

namespace pe {
namespace {

Canvas draw(const Tensor& tensor, const FigureRequest& request) { return draw_cells(tensor, request, coloring(tensor, request.style), {}); }

}  // namespace

Figure table_figure() {
  return {"table", "every number of the table as a coloured cell", [](const Tensor&) { return std::string(); }, draw,
          {.colors = true, .block = true}};
}

}  // namespace pe
