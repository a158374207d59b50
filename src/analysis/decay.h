#pragma once
#include <vector>

#include "core/tensor.h"

namespace pe {

/// How alike a query and a key look after rotation, by their distance. A pair of columns with frequency w turns a query and a key at
/// distance d by d w against each other, so that with equal entries it adds cos(d w): for all ones, q.k / |q||k| is the mean of
/// cos(d w) over the frequencies. For q = k drawn at random (normal) the pairs have weights that are uniform on the simplex of n
/// numbers with sum 1, so the mean is the same and the variance (mean of cos^2 - square of the mean) / (n + 1).
struct Decay {
  double block = 1;                   ///< positions of distance that one entry stands for; the first one is the distance 0 alone
  std::vector<double> distance;       ///< the middle of each block
  std::vector<double> mean;           ///< over its distances
  std::vector<Range> spread;          ///< the lowest and the highest of those looked at: all, or 16 of them
  std::vector<double> deviation;      ///< for random q = k, of those looked at
};

/// Over the distances 0 <= d <= farthest in steps of `step`, in at most `most` blocks. `frequencies` are radians per position.
Decay rotary_decay(const std::vector<double>& frequencies, double farthest, double step, Index most);

}  // namespace pe
