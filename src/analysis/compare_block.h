#pragma once
#include <cmath>
#include <type_traits>
#include <vector>

#include "analysis/compare.h"
#include "core/stream.h"

namespace pe {

/// The same number; NaN is.
template <class Number>
bool is_same(Number a, Number b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// What two tables are to each other, whatever the block.
struct Pairing {
  int parts = 1;               ///< numbers of an element
  Index columns = 1, rows = 1; ///< rows: of the axis before the last
  Dtype unit = Dtype::f32;
  Tolerance tolerance;
};

/// Of some rows: the comparison and the sums of its cosine.
struct Partial {
  Comparison found;
  double aa = 0, bb = 0, ab = 0;
};
static_assert(std::is_trivially_copyable_v<Partial>, "it passes from thread to thread as bytes");

/// Compares a block of A, at which `block` stands, with the same rows of B. Both have as many parts.
Partial compare_block(const Pairing& pairing, Block& block, const Tensor& a, const Tensor& b);

/// Whether the pairing's tolerance admits two numbers.
bool is_admitted(const Pairing& pairing, double a, double b);

/// Adds what was found in the rows behind.
void merge(Partial& all, const Partial& next);

/// The rows from `first_row` on, with all digits of 64-bit integers too.
std::vector<long double> exact_rows(const Tensor& tensor, Index first_row, std::size_t count);

}  // namespace pe
