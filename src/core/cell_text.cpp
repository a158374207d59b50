#include "core/cell_text.h"

#include <fmt/format.h>

#include "core/arrays.h"

namespace pe {

std::string cell_text(const Tensor& tensor, Index row, Index column) {
  if (tensor.axes.empty()) return tensor.name;
  std::vector<Index> place(tensor.axes.size());
  place.back() = column;
  for (std::size_t axis = tensor.axes.size() - 1; axis-- > 0; row /= tensor.axes[axis].size) place[axis] = row % tensor.axes[axis].size;
  return tensor.name + list_text(place);
}

std::string value_text(double value, Dtype dtype) {
  const bool is_single = dtype == Dtype::f32 || dtype == Dtype::c64;
  return is_single ? fmt::format("{}", static_cast<float>(value)) : fmt::format("{}", value);
}

}  // namespace pe
