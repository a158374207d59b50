#include "formats/support/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/sha256.h"
#include "core/stream.h"
#include "formats/support/little_endian.h"

namespace pe {

using Json = nlohmann::ordered_json;

namespace {

/// A number, or "-inf" and the like, for which JSON has none.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value)); }

/// The columns in few words: stretches with one function and axis, or with two functions that alternate, and the numbers and sizes
/// of their first and last frequency.
Json describe_columns(const std::vector<Column>& columns) {
  Json stretches = Json::array();
  const auto alike = [&](std::size_t a, std::size_t b) { return columns[a].function == columns[b].function && columns[a].axis == columns[b].axis; };
  for (std::size_t first = 0; first < columns.size();) {
    std::size_t last = first;
    const bool alternates = first + 1 < columns.size() && columns[first].index == columns[first + 1].index &&
        columns[first].axis == columns[first + 1].axis &&
                            !alike(first, first + 1);
    const std::size_t period = alternates ? 2 : 1;
    while (last + 1 < columns.size() && (last + 1 < first + period || alike(last + 1, last + 1 - period))) ++last;
    std::string function = columns[first].function;
    if (alternates) function += ", " + columns[first + 1].function + " alternating";
    Json stretch{{"first", first}, {"last", last}, {"function", function}};
    if (!columns[first].axis.empty()) {
      stretch["axis"] = columns[first].axis;
      if (columns[first].frequency != 0) {
        stretch["frequency"] = {columns[first].index, columns[last].index};
        stretch["radians_per_position"] = {columns[first].frequency, columns[last].frequency};
      }
    }
    stretches.push_back(std::move(stretch));
    first = last + 1;
  }
  return stretches;
}

constexpr std::size_t kWorthReleasing = 1 << 16;   ///< bytes: less is not worth asking the system

/// Whether so many rows are the cells of that grid.
bool is_grid_of(const TokenGrid& grid, Index rows) {
  Index cells = 1;
  for (const Index size : grid.sizes) {
    if (size < 1 || __builtin_mul_overflow(cells, size, &cells)) return false;
  }
  std::string order = grid.order;
  std::sort(order.begin(), order.end());
  const bool is_order = (grid.sizes.size() == 2 && order == "hw") || (grid.sizes.size() == 3 && order == "htw");
  return is_order && grid.prefix >= 0 && grid.prefix <= rows && cells == rows - grid.prefix;
}

/// Byte offset of each row's first element, and from one element of a row to the next, in elements.
struct Strides {
  std::vector<Index> of_axis;

  Strides(const std::vector<Index>& shape, bool transposed) : of_axis(shape.size()) {
    Index stride = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const std::size_t axis = transposed ? i : shape.size() - 1 - i;
      of_axis[axis] = stride;
      stride *= shape[axis];
    }
  }

  Index row_start(Index row, const std::vector<Index>& shape) const {
    Index start = 0;
    for (std::size_t axis = shape.size() - 1; axis-- > 0;) {
      start += row % shape[axis] * of_axis[axis];
      row /= shape[axis];
    }
    return start;
  }
};

/// The little-endian elements of whole rows; the bytes of a file may be big-endian (each component of an element by itself).
void gather_rows(const StoredArray& array, const Strides& strides, Index first_row, std::span<std::byte> out) {
  const Index columns = array.shape.back();
  const std::size_t size = size_of(array.stored), part = size / static_cast<std::size_t>(components(array.stored));
  std::size_t at = 0;
  for (Index row = first_row; at < out.size(); ++row) {
    const Index start = strides.row_start(row, array.shape);
    for (Index column = 0; column < columns; ++column, at += size) {
      const auto element = static_cast<std::size_t>(start + column * strides.of_axis.back());
      const auto bytes = array.bytes.data.subspan(element * size, size);
      const auto gathered = out.subspan(at, size);
      std::copy(bytes.begin(), bytes.end(), gathered.begin());
      for (std::size_t i = 0; array.swapped && i < size; i += part) std::ranges::reverse(gathered.subspan(i, part));
    }
  }
}

}  // namespace

std::string write_values(const Document& document, const Tensor& tensor, Dtype stored,
                         const std::function<void(std::span<const std::byte>)>& consume) {
  if (!document.digest) {
    stream_bytes(tensor, stored, document.threads, consume);
    return "";
  }
  Sha256 digest;
  stream_bytes(tensor, stored, document.threads, consume, [&](std::span<const std::byte> bytes) { digest.update(bytes); });
  return digest.hex();
}

std::string digest_values(const Document& document, const Tensor& tensor, Dtype stored) {
  return document.digest ? write_values(document, tensor, stored, [](std::span<const std::byte>) {}) : "";
}

Json describe_tensor(const Tensor& tensor, Dtype stored, const std::string& sha256) {
  Json axes = Json::array();
  for (const Axis& axis : tensor.axes) axes.push_back(axis.name);
  Json json{{"name", tensor.name}, {"axes", std::move(axes)}, {"shape", tensor.shape()}, {"dtype", name(tensor.dtype)}};
  if (stored != tensor.dtype) json["stored_as"] = name(stored);
  if (tensor.range) json["range"] = {number(tensor.range->low), number(tensor.range->high)};
  if (tensor.grid) json["grid"] = {{"sizes", tensor.grid->sizes}, {"order", tensor.grid->order}, {"prefix_tokens", tensor.grid->prefix}};
  if (tensor.columns) json["columns"] = describe_columns(tensor.columns());
  if (!sha256.empty()) json["sha256"] = sha256;
  return json;
}

Json describe_document(const Document& document, Dtype (*stored)(Dtype), const std::vector<std::string>& digests) {
  Json description = *document.description;
  for (std::size_t i = 0; i < document.tensors.size(); ++i) {
    const Tensor& tensor = document.tensors[i];
    description["tensors"].push_back(describe_tensor(tensor, stored(tensor.dtype), digests[i]));
  }
  return description;
}

void apply_description(Tensor& tensor, const Json& described) {
  try {
    if (described.at("shape").get<std::vector<Index>>() != tensor.shape()) return;
    const auto axes = described.at("axes").get<std::vector<std::string>>();
    if (axes.size() != tensor.axes.size()) return;
    for (std::size_t i = 0; i < axes.size(); ++i) tensor.axes[i].name = axes[i];
    tensor.name = described.at("name").get<std::string>();
    // Only what cannot be a lie: every f32 has a bf16. Whole numbers keep the type they are stored in, which may hold more than the described one.
    if (tensor.dtype == Dtype::f32 && described.value("dtype", Json()) == Json(name(Dtype::bf16))) tensor.dtype = Dtype::bf16;
    if (!described.contains("grid")) return;
    const Json& grid = described.at("grid");
    TokenGrid tokens{grid.at("sizes").get<std::vector<Index>>(), grid.at("order").get<std::string>(), grid.at("prefix_tokens").get<Index>()};
    if (axes.size() > 1 && is_grid_of(tokens, tensor.axes[axes.size() - 2].size)) tensor.grid = std::move(tokens);
  } catch (const Json::exception&) {
    // of another program
  }
}

Index bytes_of_shape(std::string_view format, const std::vector<Index>& shape, Index unit) {
  const Index widest = std::max<Index>(unit, 2 * sizeof(double));   // as numbers they take up to two doubles each
  Index size = widest;
  bool is_empty = false;
  for (const Index axis : shape) {
    is_empty = is_empty || axis == 0;
    if (!__builtin_mul_overflow(size, std::max<Index>(axis, 1), &size)) continue;
    malformed(format, fmt::format("the shape [{}] is larger than any file", fmt::join(shape, ", ")));
  }
  return is_empty ? 0 : size / widest * unit;
}

Tensor stored_tensor(std::string name, StoredArray array) {
  Tensor tensor;
  tensor.name = std::move(name);
  for (std::size_t i = 0; i < array.shape.size(); ++i) {
    const bool is_last = i + 1 == array.shape.size(), is_row = i + 2 == array.shape.size();
    tensor.axes.push_back({is_last ? "column" : is_row ? "row" : "axis " + std::to_string(i), array.shape[i]});
  }
  tensor.dtype = array.stored;
  if (array.shape.empty()) array.shape = {1};
  const Index row_bytes = tensor.columns_count() * static_cast<Index>(size_of(array.stored));
  if (!array.swapped && !(array.transposed && array.shape.size() > 1)) {
    const Dtype stored = array.stored;
    const auto use = [bytes = std::move(array.bytes), row_bytes](Index first_row, std::size_t length, const auto& take) {
      const auto used = bytes.data.subspan(static_cast<std::size_t>(first_row * row_bytes), length);
      take(used);
      if (bytes.release != nullptr && length >= kWorthReleasing) bytes.release(used);
    };
    const auto numbers = [use, stored](Index first_row, std::span<double> out) {
      const std::size_t length = out.size() / static_cast<std::size_t>(components(stored)) * size_of(stored);
      use(first_row, length, [&](std::span<const std::byte> used) { decode(used, stored, out); });
    };
    const auto elements = [use](Index first_row, std::span<std::byte> out) {
      use(first_row, out.size(), [&](std::span<const std::byte> used) { std::copy(used.begin(), used.end(), out.begin()); });
    };
    tensor.fill = Fill(numbers, stored, elements);
    return tensor;
  }
  const Dtype stored = array.stored;
  const auto elements = [strides = Strides(array.shape, array.transposed), array = std::move(array)](Index first_row, std::span<std::byte> out) {
    gather_rows(array, strides, first_row, out);
  };
  const auto numbers = [elements, stored](Index first_row, std::span<double> out) {
    std::vector<std::byte> rows(out.size() / static_cast<std::size_t>(components(stored)) * size_of(stored));
    elements(first_row, rows);
    decode(rows, stored, out);
  };
  tensor.fill = Fill(numbers, stored, elements);
  return tensor;
}

}  // namespace pe
