#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// The tensor with other columns: number i is number `from[i]` of the tensor, which may be taken more than once. What is known of columns
/// goes with them. Here and in gather_rows stored elements keep their bits.
Tensor gather_columns(const Tensor& tensor, std::vector<Index> from);

/// The tensor with other rows along the axis before the last: number i is number `from[i]` of it. The grid is forgotten.
/// Throws Error when the tensor has fewer than two axes.
Tensor gather_rows(const Tensor& tensor, std::vector<Index> from);

/// The columns of the first tensor, then those of the second, and so on. Throws Error unless all have the same other axes and type.
Tensor join_columns(std::string name, std::vector<Tensor> tensors);

}  // namespace pe
