#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Calls visit(row, values) for every row from `first` up to but not including `last`, in order; `values` are the row_width()
/// numbers of one row. Held is a block of about 1 MiB, or one row where a row is larger.
template <class Visit>
void for_each_row(const Tensor& tensor, Index first, Index last, Visit visit) {
  constexpr Index kBlock = (Index{1} << 20) / static_cast<Index>(sizeof(double));
  const Index width = tensor.row_width();
  if (width == 0 || first >= last) return;
  const Index block_rows = std::clamp<Index>(kBlock / width, 1, last - first);
  std::vector<double> block(static_cast<std::size_t>(block_rows * width));
  for (Index row = first; row < last; row += block_rows) {
    const Index count = std::min(block_rows, last - row);
    const std::span<double> values(block.data(), static_cast<std::size_t>(count * width));
    tensor.fill(row, values);
    for (Index i = 0; i < count; ++i) {
      visit(row + i, std::span<const double>(values.subspan(static_cast<std::size_t>(i * width), static_cast<std::size_t>(width))));
    }
  }
}

}  // namespace pe
