#pragma once
#include "core/rotation.h"

namespace pe {

/// The tensor `scale` [prefix + N, n] of xPos (Sun et al. 2022, arXiv:2212.10554, section 3.1): q is multiplied by it, k divided.
/// scale[p, i] = ((2i/D + 0.4) / 1.4)^((p - ceil(L/2)) / base), D = 2n, L = `length`, the largest position + 1. Prefix rows are 1.
/// Under Arithmetic::framework the power's base and exponent are rounded to f32. Throws Error when a value does not fit in `dtype`.
Tensor xpos_scale(const Positions& positions, Index n, double base, double length, Index prefix, Arithmetic arithmetic, Dtype dtype);

}  // namespace pe
