#pragma once
#include <atomic>
#include <memory>

#include "core/tensor.h"

namespace pe {

/// A tensor stored as another type.
struct Cast {
  Tensor tensor;
  /// Set while filling when a finite number has become infinite: it is too large for the type.
  std::shared_ptr<std::atomic<bool>> overflowed = std::make_shared<std::atomic<bool>>(false);
};

/// The tensor as `dtype`, one of f64, f32, f16, bf16, or of whole numbers. Floating-point numbers are rounded once, to nearest even; what is too
/// large becomes infinite, NaN stays. A complex tensor gets the complex type whose parts are `dtype`.
/// Whole numbers, and numbers that are to be whole, are not rounded: where the type does not hold one, filling throws Error naming the first
/// such cell. Throws Error when there is no complex type for `dtype`, or `dtype` itself is complex and the tensor is not.
Cast cast(const Tensor& tensor, Dtype dtype);

/// How many finite numbers of the tensor are infinite as `dtype`. Reads all of it.
Index overflows(const Tensor& tensor, Dtype dtype);

}  // namespace pe
