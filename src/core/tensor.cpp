#include "core/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

#include "core/error.h"
#include "core/text.h"

namespace pe {

Index Tensor::rows() const {
  Index rows = 1;
  for (std::size_t i = 0; i + 1 < axes.size(); ++i) rows *= axes[i].size;
  return rows;
}

std::vector<Index> Tensor::shape() const {
  std::vector<Index> sizes;
  for (const Axis& axis : axes) sizes.push_back(axis.size);
  return sizes;
}

Index checked_product(Index a, Index b, std::string_view what) {
  Index product = 0;
  if (__builtin_mul_overflow(a, b, &product)) throw Error(fmt::format("{}: {} x {} is more than 2^63", what, a, b));
  return product;
}

void check_size(const Tensor& tensor) {
  Index total = static_cast<Index>(sizeof(double)) * components(tensor.dtype);
  for (const Axis& axis : tensor.axes) total = checked_product(total, axis.size, tensor.name + " is too large");
}

std::vector<double> values(const Tensor& tensor) {
  check_size(tensor);
  std::vector<double> all(static_cast<std::size_t>(tensor.rows() * tensor.row_width()));
  if (!all.empty()) tensor.fill(0, all);
  return all;
}

Tensor slice_rows(const Tensor& tensor, Index first, Index last) {
  const std::size_t axis = tensor.axes.size() - 2;
  const Index whole = tensor.axes.size() < 2 ? 1 : tensor.axes[axis].size;
  if (tensor.axes.size() < 2 || first < 0 || first >= last || last > whole) {
    throw Error(fmt::format("--rows {}:{} is not inside the rows 0:{} of {}", first, last, whole, tensor.name));
  }
  Tensor slice = tensor;
  const Index kept = last - first, width = tensor.row_width();
  slice.axes[axis].size = kept;
  slice.fill = [fill = tensor.fill, first, whole, kept, width](Index row, std::span<double> out) {
    while (!out.empty()) {   // a stretch of rows that are neighbours in the whole tensor at a time
      const Index skipped = row % kept;
      const auto values = std::min(out.size(), static_cast<std::size_t>((kept - skipped) * width));
      fill(row / kept * whole + first + skipped, out.first(values));
      out = out.subspan(values);
      row += kept - skipped;
    }
  };
  if (kept != whole) slice.grid.reset();
  return slice;
}

Tensor held_tensor(std::string name, std::vector<Axis> axes, Dtype dtype, std::vector<double> values) {
  Tensor tensor;
  tensor.name = std::move(name);
  tensor.axes = std::move(axes);
  tensor.dtype = dtype;
  const Index width = tensor.row_width();
  assert(static_cast<Index>(values.size()) == tensor.rows() * width);
  const auto held = std::make_shared<const std::vector<double>>(std::move(values));
  tensor.fill = [held, width](Index first_row, std::span<double> out) {
    std::copy_n(held->begin() + first_row * width, out.size(), out.begin());
  };
  return tensor;
}

std::string shape_text(const Tensor& tensor) {
  if (tensor.axes.empty()) return "scalar";
  std::vector<std::string> sizes;
  for (const Axis& axis : tensor.axes) sizes.push_back(std::to_string(axis.size));
  return join(sizes, "x");
}

}  // namespace pe
