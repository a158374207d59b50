// .json: the description of the run with the values of every tensor in it.
//
//   { "scheme": ..., "convention": ..., "parameters": {...}, ...,
//     "tensors": [ { "name": ..., "axes": [...], "shape": [...], "dtype": ..., ...,
//                    "values": [[...], ...],      nested like the shape; a complex number is [real, imaginary]
//                    "sha256": "..." } ] }
//
// Each number is the shortest decimal that reads back as the stored value. JSON has no infinities and no NaN.
// Read back: such a file, or a plain nested array of numbers.

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/stream.h"
#include "formats/format.h"
#include "formats/support/nested.h"
#include "formats/support/number_text.h"
#include "formats/support/values.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxDepth = 16;   ///< axes of a table that is read

[[noreturn]] void malformed(const std::string& what) { throw Error(ErrorKind::malformed, "not a table in .json: " + what); }

[[noreturn]] void refuse(const Tensor& tensor, const std::vector<Index>& shape, Index element, double value) {
  std::string cell;
  for (std::size_t axis = shape.size(); axis-- > 0; element /= shape[axis]) {
    cell = std::to_string(element % shape[axis]) + (cell.empty() ? "" : ", ") + cell;
  }
  throw Error(fmt::format("json: {}[{}] is {}, which JSON cannot hold; .npy and .npz can", tensor.name, cell, value));
}

/// The values as nested arrays, a line per row; returns nothing but text that streams.
void write_nested(const Document& document, const Tensor& tensor, Sink& sink) {
  const std::vector<Index> shape = nested_shape(tensor);
  const Index width = tensor.row_width(), total = tensor.rows() * width;
  if (total == 0) {
    sink.write(std::string_view("[]"));
    return;
  }
  const auto encode_block = [&](Block& block, std::vector<std::byte>& bytes) {
    const BlockText numbers(block, tensor.dtype);
    std::string text;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const Index at = block.first_row() * width + static_cast<Index>(i);
      const double value = numbers.value(i);
      if (!std::isfinite(value)) refuse(tensor, shape, at, value);
      if (at > 0) text += at % width == 0 ? ",\n" : ",";
      append_brackets(text, shape, at, '[');
      numbers.append(text, i);
      append_brackets(text, shape, at + 1, ']');
    }
    const auto view = std::as_bytes(std::span(text));
    bytes.assign(view.begin(), view.end());
  };
  stream(tensor, document.threads, encode_block, [&](std::span<const std::byte> bytes) { sink.write(bytes); });
}

/// An object's text without its closing brace, so that members can follow that are too large to hold.
std::string open_object(const Json& object) {
  std::string text = object.dump(1);
  text.erase(text.find_last_not_of(" \n}") + 1);
  return text + (object.empty() ? "" : ",");
}

std::vector<std::string> write(const Document& document, Sink& sink) {
  std::vector<std::string> digests;
  sink.write(open_object(*document.description) + "\n \"tensors\": [\n");
  for (const Tensor& tensor : document.tensors) {
    if (!digests.empty()) sink.write(std::string_view(",\n"));
    sink.write(open_object(describe_tensor(tensor, tensor.dtype, "")) + "\n \"values\":\n");
    write_nested(document, tensor, sink);
    digests.push_back(digest_values(document, tensor, tensor.dtype));
    sink.write(document.digest ? fmt::format(",\n \"sha256\": \"{}\"\n}}", digests.back()) : "\n}");
  }
  sink.write(std::string_view("]\n}\n"));
  return digests;
}

/// The sizes of nested arrays, as the first array at each depth has them.
std::vector<Index> shape_of(const Json& nested) {
  std::vector<Index> shape;
  for (const Json* level = &nested; level->is_array(); level = &level->front()) {
    if (shape.size() == kMaxDepth) malformed("its arrays are nested too deeply");
    shape.push_back(static_cast<Index>(level->size()));
    if (level->empty()) break;
  }
  return shape;
}

/// Appends the numbers of nested arrays that must have the given shape from `depth` on.
void flatten(const Json& nested, const std::vector<Index>& shape, std::size_t depth, std::vector<double>& values) {
  if (depth == shape.size()) {
    if (!nested.is_number()) malformed("it holds something that is not a number where one belongs");
    values.push_back(nested.get<double>());
    return;
  }
  if (!nested.is_array() || static_cast<Index>(nested.size()) != shape[depth]) malformed("its rows have different lengths");
  for (const Json& item : nested) flatten(item, shape, depth + 1, values);
}

/// Whether an integer type holds the value.
bool holds(Dtype dtype, double value) {
  const int bits = dtype == Dtype::boolean ? 1 : static_cast<int>(8 * size_of(dtype));
  const bool is_signed = dtype >= Dtype::i64 && dtype <= Dtype::i8;
  const double end = std::ldexp(1.0, is_signed ? bits - 1 : bits);
  return value == std::trunc(value) && value >= (is_signed ? -end : 0) && value < end;
}

Tensor nested_tensor(const std::string& name, const Json& nested, Dtype dtype) {
  std::vector<Index> shape = shape_of(nested);
  std::vector<double> values;
  flatten(nested, shape, 0, values);
  for (const double value : values) {
    if (is_integer(dtype) && !holds(dtype, value)) malformed(fmt::format("{} is not a value of type {}", value, pe::name(dtype)));
  }
  if (components(dtype) == 2) {
    if (shape.empty() || shape.back() != 2) malformed("complex values are not pairs");
    shape.pop_back();
  }
  Bytes bytes;
  const auto held = std::make_shared<const std::vector<double>>(std::move(values));
  bytes.owner = held;
  bytes.data = std::as_bytes(std::span(*held));
  Tensor tensor = stored_tensor(name, {bytes, shape, components(dtype) == 2 ? Dtype::c128 : Dtype::f64});
  tensor.dtype = dtype;
  return tensor;
}

Dtype dtype_named(const std::string& text) {
  const std::optional<Dtype> dtype = dtype_of(text);
  if (!dtype) malformed(fmt::format("dtype {} is unknown", text));
  return *dtype;
}

/// The member `key` of an object, which must be text where it is there.
std::string word(const Json& object, const char* key, const char* otherwise) {
  const auto found = object.find(key);
  if (found == object.end()) return otherwise;
  if (!found->is_string()) malformed(fmt::format("the \"{}\" of a tensor is not text", key));
  return found->get<std::string>();
}

Contents read(const Bytes& bytes) {
  const auto* text = reinterpret_cast<const char*>(bytes.data.data());
  Json json = Json::parse(text, text + bytes.data.size(), nullptr, false);
  if (json.is_discarded()) malformed("it is not JSON");
  if (json.is_array()) return one_table(nested_tensor("table", json, Dtype::f64));
  if (!json.is_object() || !json.contains("tensors") || !json["tensors"].is_array()) malformed("it has neither an array nor \"tensors\"");
  Contents contents;
  for (Json& item : json["tensors"]) {
    if (!item.is_object() || !item.contains("values")) malformed("one of its tensors has no \"values\"");
    const Tensor tensor = nested_tensor(word(item, "name", "table"), item["values"], dtype_named(word(item, "dtype", "f64")));
    contents.tables.push_back({tensor.name, [tensor] { return tensor; }});
    item.erase("values");
  }
  contents.description = json.dump();
  return contents;
}

}  // namespace

Format json() {
  return {"json", "all tensors as text, with the description", {".json"}, true, [](Dtype dtype) { return dtype; }, write, read};
}

}  // namespace pe
