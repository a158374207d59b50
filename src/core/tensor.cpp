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

namespace {

/// The axis of the indices first <= i < last.
Axis part(const Axis& axis, Index first, Index last) {
  Axis kept{axis.name, last - first, axis.places};
  if (!kept.places) return kept;
  const Index skipped = std::max<Index>(0, first - axis.places->prefix);
  kept.places->first += static_cast<double>(skipped) * axis.places->step;
  kept.places->prefix = std::clamp<Index>(axis.places->prefix - first, 0, last - first);
  return kept;
}

}  // namespace

Tensor slice_rows(const Tensor& tensor, Index first, Index last) {
  if (tensor.axes.size() != 2 || first < 0 || first >= last || last > tensor.axes[0].size) {
    throw Error(fmt::format("--rows {}:{} is not inside the rows 0:{} of {}", first, last, tensor.rows(), tensor.name));
  }
  Tensor slice = tensor;
  slice.axes[0] = part(tensor.axes[0], first, last);
  slice.fill = [fill = tensor.fill, first](Index row, std::span<double> out) { fill(first + row, out); };
  if (first != 0 || last != tensor.axes[0].size) slice.grid.reset();
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
