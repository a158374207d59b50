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

void refuse_array(const std::string& what, const Array& array, const std::string& why) {
  throw Error(array.is_file ? ErrorKind::malformed : ErrorKind::usage, fmt::format("{} {}: {}", what, array.source, why));
}

void refuse_shape(const std::string& what, const Array& array, const std::string& expected) {
  refuse_array(what, array, fmt::format("expected {}; found {}", expected, list_text(array.shape)));
}

void check_values(const std::string& what, const Array& array, double most) {
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (std::fabs(array.values[i]) <= most) continue;
    std::vector<Index> at(array.shape.size());
    for (std::size_t rest = i, axis = at.size(); axis-- > 0; rest /= static_cast<std::size_t>(array.shape[axis])) {
      at[axis] = static_cast<Index>(rest) % array.shape[axis];
    }
    refuse_array(what, array, fmt::format("value {} is {}, not in -{}..{}", list_text(at), array.values[i], limit_text(most), limit_text(most)));
  }
}

void check_array(const std::string& what, const Array& array, const std::vector<Index>& shape, const std::string& needed) {
  constexpr double kLargest = 1e30;   // well inside f32
  if (array.shape != shape) refuse_shape(what, array, list_text(shape) + ", " + needed);
  check_values(what, array, kLargest);
}

}  // namespace pe
