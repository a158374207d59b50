// difference: what is left of one table when another is subtracted, in colours that meet at 0. A pixel that stands for several cells shows the
// largest difference among them, which a mean would hide.

#include <fmt/format.h>

#include "figures/draw/cells.h"

namespace pe {
namespace {

std::string unsuited(const Tensor& tensor) {
  if (tensor.name == "difference") return {};
  return fmt::format("difference draws what pe-gen compare A B makes, A - B; {} is one table", tensor.name);
}

Canvas draw(const Tensor& tensor, const FigureRequest& request) {
  FigureRequest signed_request = request;
  FigureStyle& style = signed_request.style;
  if (style.colormap.empty()) style.colormap = "blue-red";
  const bool is_zero = tensor.range && tensor.range->low == 0 && tensor.range->high == 0;
  if (is_zero && !style.range) style.range = Range{-1, 1};
  Coloring colors = coloring(tensor, style);
  if (is_zero) colors.notes.push_back("all differences are 0");
  return draw_cells(tensor, signed_request, colors, {Cells::Shared::largest, "A − B"});
}

}  // namespace

Figure difference_figure() {
  return {"difference", "one table minus another (of compare), the largest difference where cells share a pixel", unsuited, draw,
          {.colors = true, .block = true}};
}

}  // namespace pe
