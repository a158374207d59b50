#include "core/arrays.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "core/text.h"

namespace pe {

std::string list_text(const std::vector<Index>& shape) {
  std::vector<std::string> sizes;
  for (const Index size : shape) sizes.push_back(std::to_string(size));
  return "[" + join(sizes, ", ") + "]";
}

void check_array(const std::string& what, const Array& array, const std::vector<Index>& shape, const std::string& needed) {
  if (array.shape != shape) {
    throw Error(fmt::format("{} {} has shape {}; needs {}, {}", what, array.source, list_text(array.shape), list_text(shape), needed));
  }
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (!std::isfinite(array.values[i])) throw Error(fmt::format("{} {}: value {} is {}, not a finite number", what, array.source, i, array.values[i]));
  }
}

}  // namespace pe
