#pragma once
#include <array>
#include <complex>
#include <cstdint>
#include <optional>

#include "core/tensor.h"

namespace pe {

/// What is taken for equal beside the same value; a pair of elements is when any of those that are given admits it.
struct Tolerance {
  std::optional<double> absolute = {}, relative = {};   ///< |a - b| <= absolute + relative |b|, both finite; one that is not given counts as 0
  std::optional<std::uint64_t> ulps = {};               ///< at most so many units in the last place apart

  bool is_exact() const { return !absolute && !relative && !ulps; }
};

/// How far apart the elements of one place are. Of a real table the imaginary parts are 0.
struct Difference {
  double size = 0;
  Index element = 0;   ///< in C order
  std::complex<double> a, b;
};

/// Two tables of one shape, A and B. The values are those that `fill` gives, 64-bit integers with all their digits. NaN equals NaN at the same
/// place, +0 equals -0, and a real number the complex one without imaginary part.
struct Comparison {
  static constexpr std::size_t kBins = 8;

  Dtype unit = Dtype::f32;                      ///< the coarser type of the two, whose units count; i64 for whole numbers
  Index elements = 0, equal = 0;                ///< all; those with the same value
  Index admitted = 0;                           ///< those that are equal within the tolerance
  Index nan_in_one = 0;                         ///< NaN in one table alone: a difference without a size
  Index rows_different = 0;                     ///< rows (everything under the last axis) with an element that is not admitted
  std::optional<Difference> absolute;           ///< the largest |a - b|; empty where no two numbers differ
  std::optional<Difference> relative;           ///< the largest |a - b| / |b| where b is not 0
  std::optional<Difference> ulps;               ///< the most numbers of the type `unit` from a to b, both rounded to it
  std::optional<Difference> first;              ///< the first that is not admitted, by |a - b|
  std::optional<double> cosine;                 ///< of the tables as two long vectors, without what is not finite; empty for zeros
  std::array<double, kBins> growth{};           ///< the largest finite |a - b| in each eighth of the axis before the last
  double per_row = 0;                           ///< the largest finite |a - b| / (1 + row), rows counted along that axis

  bool is_equal() const { return admitted == elements; }
};

/// Passes once over both tables in bounded blocks; the result does not depend on the threads. They have the same shape.
Comparison compare(const Tensor& a, const Tensor& b, const Tolerance& tolerance, int threads);

/// Whether compare() would admit every element. Stops at the first block in which it does not.
bool are_equal(const Tensor& a, const Tensor& b, const Tolerance& tolerance, int threads);

/// The same for two rows, or several, of tables of these types that were filled already.
bool are_equal(std::span<const double> a, std::span<const double> b, Dtype type_a, Dtype type_b, const Tolerance& tolerance);

/// The type (f32, f16 or bf16) to which `from` was rounded where every value of `to` is such a rounding, the finest; empty where there is
/// none. They have the same shape.
std::optional<Dtype> rounding(const Tensor& from, const Tensor& to, int threads);

/// The tensor `difference` of A minus B, f64 or c128; 0 where the values are the same, NaN and infinities too. It has A's axes and grid, and a range
/// as far below 0 as above. They have the same shape; `found` is their comparison.
Tensor difference(const Tensor& a, const Tensor& b, const Comparison& found);

/// The index of an element along every axis.
std::vector<Index> place_of(const Tensor& tensor, Index element);

}  // namespace pe
