#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Neighbouring columns of one kind, first <= column < last.
struct ColumnGroup {
  Index first = 0, last = 0;
  std::string label;           ///< "sin w"; "sin, cos alternating · h"
};

/// Splits columns into runs of the same function and axis, or of a short pattern of them that repeats (sin, cos, sin, cos, ...). Frequencies
/// that start anew (the second half of a rotary table) are another run.
std::vector<ColumnGroup> column_groups(const std::vector<Column>& columns);

}  // namespace pe
