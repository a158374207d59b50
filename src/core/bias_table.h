#pragma once
#include <string>
#include <vector>

#include "core/arrays.h"
#include "core/scheme.h"

namespace pe {

/// Beyond it no table is meant.
inline constexpr double kMaxHeads = 4096;

/// Attention biases: one row per relative position or bucket of them, one column per head.
struct BiasTable {
  Index rows = 0, heads = 0;
  std::vector<double> values;   ///< [rows, heads], C order
};

/// The table in a file of shape [rows, heads]; without `heads` the file's columns are the heads. Throws Error naming
/// the option `what` ("swin: --table") for another shape and for values that are not finite.
BiasTable bias_table(const std::string& what, const Array& array, Index rows, OptionalIndex heads);

/// From the smallest to the largest of some values.
Range range_of(const std::vector<double>& values);

/// The table as a tensor [offset, head].
Tensor bias_tensor(BiasTable table, Dtype dtype);

/// Column `head` of a table.
std::vector<double> head_values(const BiasTable& table, Index head);

}  // namespace pe
