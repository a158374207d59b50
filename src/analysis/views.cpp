#include "analysis/views.h"

#include <algorithm>
#include <memory>

namespace pe {
namespace {

constexpr Index kMostHeld = 1 << 22;   ///< numbers of a tensor whose axes are reordered: 32 MB

/// Without what is known of columns, tokens and values, which the view does not keep.
Tensor bare(const Tensor& tensor) {
  Tensor view = tensor;
  view.range.reset();
  view.columns = nullptr;
  view.grid.reset();
  view.runs.clear();
  view.marks.clear();
  return view;
}

std::vector<Axis> axes_of(const std::vector<Index>& shape) {
  std::vector<Axis> axes;
  for (const Index size : shape) axes.push_back({"", size});
  return axes;
}

Dtype real_type(Dtype dtype) { return dtype == Dtype::c64 ? Dtype::f32 : dtype == Dtype::c128 ? Dtype::f64 : dtype; }

}  // namespace

Tensor reshaped(const Tensor& tensor, const std::vector<Index>& shape) {
  Tensor view = bare(tensor);
  view.axes = axes_of(shape);
  const Index old_width = tensor.row_width(), width = view.row_width();
  if (old_width == width) {
    view.grid = tensor.grid;
    return view;
  }
  view.fill = [fill = tensor.fill, old_width, width](Index row, std::span<double> out) {
    const Index first = row * width, end = first + static_cast<Index>(out.size());
    const Index first_row = first / old_width, last_row = (end + old_width - 1) / old_width;
    std::vector<double> whole(static_cast<std::size_t>((last_row - first_row) * old_width));
    fill(first_row, whole);
    std::copy_n(whole.begin() + (first - first_row * old_width), out.size(), out.begin());
  };
  return view;
}

std::optional<Tensor> with_axes(const Tensor& tensor, const std::vector<std::size_t>& order) {
  if (tensor.rows() * tensor.row_width() > kMostHeld) return std::nullopt;
  std::vector<Index> strides(order.size(), 1), old_strides(order.size(), 1), shape(order.size());
  for (std::size_t i = order.size() - 1; i-- > 0;) old_strides[i] = old_strides[i + 1] * tensor.axes[i + 1].size;
  for (std::size_t i = 0; i < order.size(); ++i) shape[i] = tensor.axes[order[i]].size;
  for (std::size_t i = order.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * shape[i + 1];

  const std::vector<double> old = values(tensor);
  const auto parts = static_cast<Index>(components(tensor.dtype));
  std::vector<double> all(old.size());
  for (Index element = 0; element < tensor.elements(); ++element) {
    Index from = 0;
    for (std::size_t i = 0; i < order.size(); ++i) from += element / strides[i] % shape[i] * old_strides[order[i]];
    std::copy_n(old.begin() + from * parts, parts, all.begin() + element * parts);
  }
  return held_tensor(tensor.name, axes_of(shape), tensor.dtype, std::move(all));
}

Tensor rows_taken(const Tensor& tensor, Index count, std::function<Index(Index)> from) {
  Tensor view = bare(tensor);
  const Index old_count = tensor.axes[tensor.axes.size() - 2].size;
  view.axes[tensor.axes.size() - 2] = {"", count, std::nullopt};
  view.fill = [fill = tensor.fill, width = static_cast<std::size_t>(tensor.row_width()), count, old_count, from = std::move(from)](
                  Index row, std::span<double> out) {
    for (; !out.empty(); out = out.subspan(width), ++row) fill(row / count * old_count + from(row % count), out.first(width));
  };
  return view;
}

Tensor columns_scaled(const Tensor& tensor, std::vector<double> factors) {
  Tensor view = bare(tensor);
  view.grid = tensor.grid;
  view.fill = [fill = tensor.fill, factors = std::move(factors)](Index row, std::span<double> out) {
    fill(row, out);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] *= factors[i % factors.size()];
  };
  return view;
}

Tensor parts_as_columns(const Tensor& tensor) {
  Tensor view = bare(tensor);
  view.dtype = real_type(tensor.dtype);
  if (view.axes.empty()) view.axes.push_back({"", 1});
  view.axes.back().size *= components(tensor.dtype);
  return view;
}

Tensor part_of(const Tensor& tensor, int part) {
  Tensor view = bare(tensor);
  view.dtype = real_type(tensor.dtype);
  view.fill = [fill = tensor.fill, part](Index row, std::span<double> out) {
    std::vector<double> both(2 * out.size());
    fill(row, both);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = both[2 * i + static_cast<std::size_t>(part)];
  };
  return view;
}

}  // namespace pe
