#pragma once
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Columns of a grid table as maps [column, h, w], of its frame `frame` (0 where there is no time axis). Of a complex element the
/// real part counts. `tensor.grid` is set and fits the rows.
std::vector<double> column_maps(const Tensor& tensor, std::span<const Index> columns, Index frame);

/// The maps `chosen` of a tensor [.., query, key], whose earlier axes number the maps in C order: a tensor [map, query, key].
/// Its range is the tensor's when all maps are chosen, else unknown.
Tensor chosen_maps(const Tensor& tensor, std::vector<Index> chosen);

/// [map, rows, columns] folded to the means of blocks of `down` x `across` cells; what is left over at the ends has smaller blocks.
/// A block with a value that is not finite is not finite. Reads row by row.
std::vector<double> folded_maps(const Tensor& maps, Index down, Index across);

}  // namespace pe
