#pragma once
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Rows of a table scaled to length 1 in double and kept as float: cosine similarities are their dot products.
/// Float keeps a similarity within 1e-6, a thousandth of the smallest step of colour.
struct UnitRows {
  Index count = 0, width = 0;
  std::vector<float> values;   ///< [count, width]; a row of zeros stays zeros, a row with NaN or an infinity is all NaN
  Index not_finite = 0;        ///< how many rows are NaN
};

/// The rows `rows` of `table`, in that order. Complex elements count as two numbers each.
UnitRows unit_rows(const Tensor& table, std::span<const Index> rows);

/// The means of `per_block` neighbouring rows of length 1 each, the last block with what is left: their dot products are the mean
/// similarities of all pairs of rows of two blocks. Reads the whole table once.
UnitRows unit_row_means(const Tensor& table, Index per_block);

/// out[q, k] = cosine similarity in -1..1 between rows queries[q] and k; `out` has queries.size() * unit.count numbers.
/// A row of zeros has similarity 0 with every row, itself too; a row with NaN has NaN. Costs out.size() * width multiplications.
void cosine_similarities(const UnitRows& unit, std::span<const Index> queries, std::span<float> out);

/// The row of every cell of the grid's frame `frame` (0 where there is no time axis) in [h, w] order, whatever the table's own.
/// `grid.sizes` are [H, W] or [T, H, W] and `grid.order` names each axis once.
std::vector<Index> cell_rows(const TokenGrid& grid, Index frame);

}  // namespace pe
