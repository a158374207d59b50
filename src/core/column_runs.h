#pragma once
#include <optional>
#include <vector>

#include "core/sinusoid.h"

namespace pe {

/// Columns first, first + stride, ... of a row that take consecutive frequencies of one axis and one function.
struct ColumnRun {
  WaveColumn from;
  Index first = 0, count = 0, stride = 1;
  std::optional<WaveColumn> between = {};   ///< with stride 2: what the columns behind each of those take
};

/// The fewest runs that greedily cover the sines and cosines; a column without a run stays zero.
std::vector<ColumnRun> runs_of(const std::vector<WaveColumn>& columns);

}  // namespace pe
