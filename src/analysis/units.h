#pragma once
#include <span>
#include <vector>

#include "core/dtype.h"

namespace pe {

/// The type of the two that keeps fewer digits, of a complex one that of its parts; i64 of whole numbers.
Dtype coarser(Dtype a, Dtype b);

/// From 1 to the next number of a floating-point type; 1 for whole numbers.
double epsilon(Dtype dtype);

/// Per pair, how many numbers of the floating-point type `unit` lie from a to b when both are rounded to it: 0 for the same one, 1 for neighbours.
/// Empty where `unit` is of whole numbers: there it is |a - b|.
std::vector<double> units_apart(std::span<const double> a, std::span<const double> b, Dtype unit);

}  // namespace pe
