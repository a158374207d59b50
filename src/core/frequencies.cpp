#include "core/frequencies.h"

#include <algorithm>

namespace pe {

std::vector<Real> frequency_ladder(const Real& base, Index n, const std::string& spacing) {
  const Index steps = spacing == "endpoint" ? std::max<Index>(n - 1, 1) : n;
  return power_ladder(n > 1 ? exp(log(base) / Real(-static_cast<double>(steps))) : Real(1), n);
}

std::vector<Real> power_ladder(const Real& ratio, Index n) {
  // Each product adds at most 2^-256 of relative error: far below what an angle needs, and cheaper than n powers.
  std::vector<Real> frequencies;
  Real frequency = 1;
  for (Index i = 0; i < n; ++i) {
    frequencies.push_back(frequency);
    frequency = frequency * ratio;
  }
  return frequencies;
}

}  // namespace pe
