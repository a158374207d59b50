#pragma once
#include "figures/draw/axis.h"
#include "figures/draw/fold.h"

namespace pe {

/// Whether the rows of a tensor are prefix rows and the cells of its grid, all of them.
bool is_grid_table(const Tensor& tensor);

/// The rows of a tensor along an axis of folded cells: positions where they are equally spaced, else numbers from 0. Prefix rows have
/// the word "prefix" instead, and cells of a grid are counted after them. An axis without a name for the only row of a tensor.
PlotAxis row_axis(const Tensor& tensor, const Fold& rows, double spacing);

/// The indices of one axis of a tensor in the same way.
PlotAxis index_axis(const Axis& axis, const Fold& cells, double spacing);

/// The rows behind the prefix as numbers: positions where they are equally spaced, else row numbers.
struct RowNumbers {
  std::string name;              ///< "position", or "row of the table"
  Index first = 0, count = 0;    ///< the rows first <= r < count
  Places places;

  double at(double row) const { return places.first + (row - static_cast<double>(places.prefix)) * places.step; }
};
RowNumbers row_numbers(const Tensor& tensor);

}  // namespace pe
