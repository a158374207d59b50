#pragma once
#include <string>

#include "core/tensor.h"

namespace pe {

/// A cell by name and place: "cos[0, 5, 3]", counted from 0.
std::string cell_text(const Tensor& tensor, Index row, Index column);

/// A value as text: the shortest that tells it from the other values of that type.
std::string value_text(double value, Dtype dtype);

}  // namespace pe
