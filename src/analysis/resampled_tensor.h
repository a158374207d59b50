#pragma once
#include "analysis/resample_weights.h"

namespace pe {

/// A table on another grid. The rows of the old one, under any leading axes, are `before` rows that stay, the old cells, of which `down` and
/// `across` make new ones (`down` is the slower axis), and rows that stay. Computed in double when it is filled, from a few old rows of cells at
/// a time; the stored type stays. Nothing is known of range, grid and columns. Throws Error when the new size does not fit in 63 bits.
Tensor resampled_tensor(const Tensor& table, Index before, AxisWeights down, AxisWeights across);

}  // namespace pe
