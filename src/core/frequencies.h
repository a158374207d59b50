#pragma once
#include <string>
#include <vector>

#include "core/real.h"
#include "core/tensor.h"

namespace pe {

/// The frequencies of one axis, in radians per position, falling from 1: frequency i of n is
///   geometric  base^(-i/n)       Vaswani et al. 2017, arXiv:1706.03762, section 3.5
///   endpoint   base^(-i/(n-1))   the last is exactly 1/base; n = 1 gives 1 (tensor2tensor, big_vision)
/// `spacing` is one of kSpacings; base > 0, n >= 0.
std::vector<Real> frequency_ladder(const Real& base, Index n, const std::string& spacing);

/// 1, ratio, ratio^2, ... : n frequencies; powers of two are exact.
std::vector<Real> power_ladder(const Real& ratio, Index n);

inline const std::vector<std::string> kSpacings{"geometric", "endpoint"};

}  // namespace pe
