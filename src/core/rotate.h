#pragma once
#include <cmath>

#include "core/tensor.h"

namespace pe {

/// Which of sine and cosine a table holds.
enum class Wanted { both, sin, cos };

/// The n sines and n cosines of a row.
struct RowView {
  const double *sin, *cos;
};

/// In values nearer to zero the error of a rotation would show: they are computed directly.
inline constexpr double kSmall = 0x1p-20;
inline bool is_small(double value) { return std::fabs(value) < kSmall; }

/// Turns n angles by n others, forwards (1) or backwards (-1), into `out`: n sines, then n cosines, of which it makes those that are
/// wanted. Says whether any of them is small.
bool rotate(Index n, const RowView& from, const RowView& turn, double direction, Wanted wanted, double* out);

}  // namespace pe
