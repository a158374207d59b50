#include "core/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

/// Calls `fill`(block number, row in it, part of `out`) for the rows from `row` on that `out` has room for, `block_rows` to a block.
template <class Fill>
void for_each_block(Index row, std::span<double> out, Index width, Index block_rows, Fill fill) {
  while (!out.empty()) {
    const Index in_block = row % block_rows;
    const Index rows = std::min(block_rows - in_block, static_cast<Index>(out.size()) / width);
    fill(row / block_rows, in_block, out.first(static_cast<std::size_t>(rows * width)));
    row += rows;
    out = out.subspan(static_cast<std::size_t>(rows * width));
  }
}

}  // namespace

const Fill::Elements Fill::kNone;

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
  for (const Axis& axis : tensor.axes) {
    if (!__builtin_mul_overflow(total, axis.size, &total)) continue;
    throw Error(fmt::format("{} of {} values is too large: more than 2^63 bytes", tensor.name, shape_text(tensor)));
  }
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

/// The runs of the tokens first <= i < last, counted from `first`.
std::vector<TokenRun> part(const std::vector<TokenRun>& runs, Index first, Index last) {
  std::vector<TokenRun> kept;
  for (TokenRun run : runs) {
    run.first = std::max(run.first, first) - first;
    run.last = std::min(run.last, last) - first;
    if (run.first < run.last) kept.push_back(std::move(run));
  }
  return kept;
}

}  // namespace

Tensor slice_axis(const Tensor& tensor, std::size_t axis, Index first, Index last) {
  const Index size = tensor.axes[axis].size;
  if (first < 0 || first >= last || last > size) {
    throw Error(fmt::format("--rows {}:{} is not inside the rows 0:{} of {}", first, last, size, tensor.name));
  }
  Tensor slice = tensor;
  if (last - first == size) return slice;
  slice.axes[axis] = part(tensor.axes[axis], first, last);
  slice.grid.reset();
  if (axis + 1 == tensor.axes.size()) {
    slice.columns = nullptr;
    slice.runs = part(tensor.runs, first, last);
    slice.fill = [fill = tensor.fill, width = tensor.row_width(), parts = components(tensor.dtype), first, last](Index row, std::span<double> out) {
      std::vector<double> whole(static_cast<std::size_t>(width));
      const auto count = static_cast<std::size_t>((last - first) * parts);
      for (; !out.empty(); out = out.subspan(count)) {
        fill(row++, whole);
        std::copy_n(whole.begin() + first * parts, count, out.begin());
      }
    };
    return slice;
  }
  Index inner = 1;   // rows in one step of the axis
  for (std::size_t i = axis + 1; i + 1 < tensor.axes.size(); ++i) inner *= tensor.axes[i].size;
  slice.fill = [fill = tensor.fill, width = tensor.row_width(), inner, size, first, last](Index row, std::span<double> out) {
    for_each_block(row, out, width, (last - first) * inner, [&](Index block, Index in_block, std::span<double> rows) {
      fill((block * size + first) * inner + in_block, rows);
    });
  };
  return slice;
}

Tensor stacked_tensor(std::string name, std::vector<Axis> outer, std::vector<Tensor> tensors) {
  Tensor stack = tensors.front();
  stack.name = std::move(name);
  stack.grid.reset();
  stack.columns = nullptr;
  stack.axes.insert(stack.axes.begin(), outer.begin(), outer.end());
  const Index block_rows = tensors.front().rows(), width = stack.row_width();
  const auto parts = std::make_shared<const std::vector<Tensor>>(std::move(tensors));
  stack.fill = [parts, block_rows, width](Index row, std::span<double> out) {
    for_each_block(row, out, width, block_rows, [&](Index block, Index in_block, std::span<double> part) {
      (*parts)[static_cast<std::size_t>(block)].fill(in_block, part);
    });
  };
  return stack;
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

Range range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

Tensor ranged_tensor(std::string name, std::vector<Axis> axes, Dtype dtype, std::vector<double> values) {
  const Range range = range_of(values);
  Tensor tensor = held_tensor(std::move(name), std::move(axes), dtype, std::move(values));
  tensor.range = range;
  return tensor;
}

std::string shape_text(const Tensor& tensor) {
  if (tensor.axes.empty()) return "scalar";
  std::vector<std::string> sizes;
  for (const Axis& axis : tensor.axes) sizes.push_back(std::to_string(axis.size));
  return join(sizes, "x");
}

}  // namespace pe
