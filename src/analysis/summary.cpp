#include "analysis/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/blocks.h"

namespace pe {

ValueSummary summarize(const Tensor& tensor, std::optional<Range> limits) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Range allowed = limits.value_or(Range{-kInfinity, kInfinity});
  ValueSummary summary;
  Range found{kInfinity, -kInfinity};
  for_each_row(tensor, 0, tensor.rows(), [&](Index, std::span<const double> values) {
    for (const double value : values) {
      if (!std::isfinite(value)) {
        ++(std::isnan(value) ? summary.nan : value < 0 ? summary.minus_infinity : summary.plus_infinity);
        continue;
      }
      found = {std::min(found.low, value), std::max(found.high, value)};
      if (value < allowed.low || value > allowed.high) ++summary.outside;
    }
  });
  if (found.low <= found.high) summary.range = found;
  return summary;
}

}  // namespace pe
