#pragma once
#include <optional>

#include "core/tensor.h"

namespace pe {

/// What numbers a tensor holds.
struct ValueSummary {
  std::optional<Range> range;   ///< lowest and highest finite value; empty when none is finite
  Index nan = 0;
  Index minus_infinity = 0, plus_infinity = 0;
  Index outside = 0;            ///< finite, and not within the limits that were asked about
};

/// Passes once over the tensor in bounded blocks and counts its numbers, those outside `limits` (both ends included) too.
ValueSummary summarize(const Tensor& tensor, std::optional<Range> limits = std::nullopt);

}  // namespace pe
