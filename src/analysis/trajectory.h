#pragma once
#include <optional>
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Rows of a table as points of a curve.
struct Trajectory {
  Index stride = 1;                          ///< rows from one point to the next
  std::size_t dimensions = 0;
  std::vector<double> points;                ///< [point, dimension]
  std::optional<Index> comes_back_after;     ///< rows after which the curve runs over its own beginning, to less than a step between rows

  std::size_t count() const { return points.size() / dimensions; }
  std::span<const double> point(std::size_t i) const { return std::span(points).subspan(i * dimensions, dimensions); }
};

/// The columns `columns` of the rows first <= r < last, every stride-th one, so that there are at most `most` points. Of a complex
/// element the real part counts.
Trajectory trajectory_of(const Tensor& tensor, std::span<const Index> columns, Index first, Index last, Index most);

}  // namespace pe
