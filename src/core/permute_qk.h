#pragma once
#include <optional>
#include <string>

#include "core/tensor.h"

namespace pe {

/// A projection to q or k for a model that pairs up other columns of a head in its rotation: `from` and `to` are half (i and i + R/2) or
/// interleaved (2i and 2i + 1). What is [heads * head_dim, in] (rows are outputs, as in torch's Linear) has its rows moved within each head,
/// what is [heads * head_dim] (a bias) its numbers, so that rotating the new q by `to` gives the rotated old q, moved alike: every product of
/// q and k stays as it is. Only the first `rotary_dim` (R) rows of a head rotate and move; none given: all.
///
/// interleaved to half is what Hugging Face does to Meta's weights: w.view(heads, head_dim / 2, 2, in).transpose(1, 2).
/// Elements keep their bits. Throws Error when heads do not divide the rows or R is odd or more than a head.
Tensor permute_qk(const Tensor& projection, Index heads, const std::string& from, const std::string& to, std::optional<Index> rotary_dim);

}  // namespace pe
