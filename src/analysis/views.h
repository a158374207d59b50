#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// The same elements in the same order under another shape, which has as many.
Tensor reshaped(const Tensor& tensor, const std::vector<Index>& shape);

/// The axes in another order: axis number i is number `order[i]` of the tensor. All values are held; empty where they are too many for that.
std::optional<Tensor> with_axes(const Tensor& tensor, const std::vector<std::size_t>& order);

/// Along the axis before the last, row i < count is row from(i). Known grids are forgotten.
Tensor rows_taken(const Tensor& tensor, Index count, std::function<Index(Index)> from);

/// Every number of a row times that of `factors`, which are row_width().
Tensor columns_scaled(const Tensor& tensor, std::vector<double> factors);

/// A complex tensor as real columns: its parts side by side, or the real (0) or imaginary (1) part alone.
Tensor parts_as_columns(const Tensor& tensor);
Tensor part_of(const Tensor& tensor, int part);

}  // namespace pe
