#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// The shape of the nested arrays that hold a tensor's values as text: its own, and 2 for the parts of complex numbers.
std::vector<Index> nested_shape(const Tensor& tensor);

/// Opening brackets where element number `at` starts an array, and closing ones where `at` is just behind the end of one.
void append_brackets(std::string& text, const std::vector<Index>& shape, Index at, char bracket);

}  // namespace pe
