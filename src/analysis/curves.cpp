#include "analysis/curves.h"

#include <cmath>
#include <limits>

#include "analysis/blocks.h"

namespace pe {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What is known of one block so far.
struct Sums {
  double sum = 0, count = 0;
  Range spread{kInfinity, -kInfinity};

  // Returns whether it counts.
  bool add(double value) {
    if (!std::isfinite(value)) return false;
    sum += value;
    ++count;
    spread = {std::min(spread.low, value), std::max(spread.high, value)};
    return true;
  }
};

}  // namespace

Curves column_curves(const Tensor& tensor, std::span<const Index> columns, Index first, Index last, Index most) {
  Curves curves{first, last, std::max<Index>(1, (last - first + most - 1) / most), std::vector<Curve>(columns.size()), 0};
  std::vector<Sums> sums(columns.size());
  for_each_row(tensor, first, last, [&](Index row, std::span<const double> values) {
    const bool ends_block = row + 1 == last || (row + 1 - first) % curves.block_rows == 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!sums[i].add(values[static_cast<std::size_t>(columns[i] * components(tensor.dtype))])) ++curves.not_finite;
      if (!ends_block) continue;
      curves.columns[i].mean.push_back(sums[i].count == 0 ? std::numeric_limits<double>::quiet_NaN() : sums[i].sum / sums[i].count);
      curves.columns[i].spread.push_back(sums[i].spread);
      sums[i] = {};
    }
  });
  return curves;
}

}  // namespace pe
