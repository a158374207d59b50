#include "core/rearrange.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "core/error.h"

namespace pe {
namespace {

/// How rows are taken from a tensor: its numbers and, where it has them, its stored elements, whose bits stay.
/// `gather`(fill, how many of the span's values make one column, first row, out).
template <class Gather>
Fill gathering(const Tensor& tensor, Gather gather) {
  Fill::Numbers numbers = [fill = tensor.fill, part = static_cast<Index>(components(tensor.dtype)), gather](Index row, std::span<double> out) {
    gather(fill, part, row, out);
  };
  const Fill::Elements& stored = tensor.fill.elements_of(tensor.dtype);
  if (!stored) return numbers;
  const auto elements = [stored, part = static_cast<Index>(size_of(tensor.dtype)), gather](Index row, std::span<std::byte> out) {
    gather(stored, part, row, out);
  };
  return Fill(std::move(numbers), tensor.dtype, elements);
}

}  // namespace

Tensor gather_columns(const Tensor& tensor, std::vector<Index> from) {
  Tensor gathered = tensor;
  gathered.axes.back().size = static_cast<Index>(from.size());
  gathered.marks.clear();
  gathered.runs.clear();
  if (tensor.columns) {
    gathered.columns = [columns = tensor.columns, from] {
      const std::vector<Column> all = columns();
      std::vector<Column> taken;
      for (const Index column : from) taken.push_back(all[static_cast<std::size_t>(column)]);
      return taken;
    };
  }
  const auto taken = std::make_shared<const std::vector<Index>>(std::move(from));
  gathered.fill = gathering(tensor, [taken, width = tensor.columns_count()](const auto& fill, Index part, Index row, auto out) {
    const std::size_t new_width = taken->size() * static_cast<std::size_t>(part);
    std::vector<std::remove_reference_t<decltype(out.front())>> whole(out.size() / new_width * static_cast<std::size_t>(width * part));
    fill(row, whole);
    const auto* source = whole.data();
    for (auto* target = out.data(); target != out.data() + out.size(); source += width * part) {
      for (const Index column : *taken) target = std::copy_n(source + column * part, part, target);
    }
  });
  return gathered;
}

Tensor gather_rows(const Tensor& tensor, std::vector<Index> from) {
  if (tensor.axes.size() < 2) throw Error(fmt::format("{} is {}: it has no rows to rearrange", tensor.name, shape_text(tensor)));
  Tensor gathered = tensor;
  Axis& axis = gathered.axes[tensor.axes.size() - 2];
  const Index old_size = axis.size;
  axis.size = static_cast<Index>(from.size());
  axis.places.reset();
  gathered.grid.reset();
  const auto taken = std::make_shared<const std::vector<Index>>(std::move(from));
  gathered.fill = gathering(tensor, [taken, old_size, width = tensor.columns_count()](const auto& fill, Index part, Index row, auto out) {
    const auto size = static_cast<Index>(taken->size());
    const auto count = static_cast<std::size_t>(width * part);
    for (; !out.empty(); out = out.subspan(count), ++row) {
      fill(row / size * old_size + (*taken)[static_cast<std::size_t>(row % size)], out.first(count));
    }
  });
  return gathered;
}

Tensor join_columns(std::string name, std::vector<Tensor> tensors) {
  Tensor joined = tensors.front();
  joined.name = std::move(name);
  joined.range.reset();
  joined.columns = nullptr;
  joined.axes.back().size = 0;
  for (const Tensor& tensor : tensors) {
    std::vector<Index> outer = tensor.shape(), first_outer = tensors.front().shape();
    if (outer.empty() || outer.size() != first_outer.size() || tensor.dtype != joined.dtype ||
        !std::equal(outer.begin(), outer.end() - 1, first_outer.begin())) {
      throw Error(fmt::format("{} {} {} and {} {} {} do not stand side by side: they need the same rows and type", tensors.front().name,
                              shape_text(tensors.front()), pe::name(tensors.front().dtype), tensor.name, shape_text(tensor),
                              pe::name(tensor.dtype)));
    }
    joined.axes.back().size += outer.back();
  }
  const auto parts = std::make_shared<const std::vector<Tensor>>(std::move(tensors));
  joined.fill = [parts, width = joined.row_width()](Index row, std::span<double> out) {
    const auto rows = static_cast<Index>(out.size()) / width;
    Index first_column = 0;
    for (const Tensor& part : *parts) {
      const Index part_width = part.row_width();
      std::vector<double> values(static_cast<std::size_t>(rows * part_width));
      part.fill(row, values);
      for (Index i = 0; i < rows; ++i) std::copy_n(values.begin() + i * part_width, part_width, out.begin() + i * width + first_column);
      first_column += part_width;
    }
  };
  return joined;
}

}  // namespace pe
