#pragma once
#include <string>
#include <vector>

#include "core/scheme.h"

namespace pe {

/// "[2, 128]".
std::string list_text(const std::vector<Index>& shape);

/// Throws Error about the array that the option `what` ("peg: --bias") was given; malformed when it comes from a file.
[[noreturn]] void refuse_array(const std::string& what, const Array& array, const std::string& why);

/// The same about its shape. `expected` says the shapes that would do: "[2, 3], [hidden, 2]".
[[noreturn]] void refuse_shape(const std::string& what, const Array& array, const std::string& expected);

/// Throws Error for a value that is not in -most..most; a NaN is not.
void check_values(const std::string& what, const Array& array, double most);

/// Throws Error unless the array has that shape, and all its values fit well in every type. `needed` says the shape in words: "[hidden, 2]".
void check_array(const std::string& what, const Array& array, const std::vector<Index>& shape, const std::string& needed);

}  // namespace pe
