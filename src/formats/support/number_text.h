#pragma once
#include <string>

#include "core/tensor.h"

namespace pe {

/// The value of type `stored` nearest to `value`; infinite when it is too large for the type.
double as_stored(double value, Dtype stored);

/// Appends the shortest decimal that reads back as the value of type `stored` nearest to `value`, whatever the locale:
/// what is printed is what a binary format would hold. Infinities are "inf", "-inf", not-a-number is "nan".
void append_number(std::string& text, double value, Dtype stored);

}  // namespace pe
