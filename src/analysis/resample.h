#pragma once
#include "core/scheme.h"

namespace pe {

/// What `pe-gen resample` does to a table, as data: options with their only defaults, conventions, formula, references, and the one tensor that
/// comes out, `pos_embed` or `relative_position_bias_table`. Its facts `cells` and `weights` say in words what was assumed and done.
/// Opening it throws Error for a table that is not one of floating-point numbers in rows and columns, and for grids that do not fit it.
/// Without a table it is there to be looked at.
Scheme resampling(const Tensor& table = {});

}  // namespace pe
