#pragma once
#include <string>
#include <vector>

#include "core/scheme.h"

namespace pe {

/// "[2, 128]".
std::string list_text(const std::vector<Index>& shape);

/// Throws Error unless the array has that shape and all its values are finite. `needed` says the shape in words: "[hidden, 2]".
void check_array(const std::string& what, const Array& array, const std::vector<Index>& shape, const std::string& needed);

}  // namespace pe
