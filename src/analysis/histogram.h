#pragma once
#include <vector>

#include "core/tensor.h"

namespace pe {

/// How the finite values of a tensor are spread.
struct Histogram {
  Index count = 0, not_finite = 0;
  Range range;                    ///< lowest and highest
  double mean = 0, deviation = 0;
  double kurtosis = 0;            ///< mean of ((value - mean) / deviation)^4: 3 for a normal distribution, 1.8 for a uniform one
  double first = 0, width = 1;    ///< bin i reaches from first + i * width to the next
  std::vector<Index> bins;        ///< how many values are in each; the highest one is in the last
};

/// Passes twice over the tensor in bounded blocks. The number of bins grows with the cube root of the number of values. Without a
/// finite value `count` is 0 and there are no bins; of equal values there is one.
/// Bins of whole numbers have them in their middle.
Histogram histogram_of(const Tensor& tensor);

}  // namespace pe
