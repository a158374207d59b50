#pragma once
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// One column over the rows, or over blocks of neighbouring rows.
struct Curve {
  std::vector<double> mean;      ///< of the finite values in each block; NaN when there is none
  std::vector<Range> spread;     ///< their lowest and highest
};

/// Columns over rows. Block b holds the rows first + b * block_rows and the following, the last block what is left.
struct Curves {
  Index first = 0, last = 0, block_rows = 1;
  std::vector<Curve> columns;
  Index not_finite = 0;          ///< values that are NaN or infinite, left out of means
};

/// The columns of the rows first <= r < last, folded into at most `most` blocks. Of a complex element the real part counts.
Curves column_curves(const Tensor& tensor, std::span<const Index> columns, Index first, Index last, Index most);

}  // namespace pe
