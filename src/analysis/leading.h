#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// How many of the first axes number tables of their own, such as layer and head of [layer, head, token, channel] and image of
/// [image, channel, h, w]. 0 for other tensors: a bias [head, query, key] is one table.
std::size_t leading_axes(const Tensor& tensor);

/// Whether a tensor is more than one such table.
bool has_leading_blocks(const Tensor& tensor);

/// The table at those indices of the leading axes, or the first one for none. Throws Error naming --draw-at when the tensor has none there.
Tensor leading_block(const Tensor& tensor, const std::vector<Index>& at);

/// Where that table is: "layer 0, head 3"; "" for the only one.
std::string leading_text(const Tensor& tensor, const std::vector<Index>& at);

}  // namespace pe
