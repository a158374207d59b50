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
#include "formats/support/json_text.h"
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

/// Hands the numbers of nested arrays, which must have the given shape from `depth` on, to `take`.
template <class Take>
void flatten(const Json& nested, const std::vector<Index>& shape, std::size_t depth, const Take& take) {
  if (depth == shape.size()) {
    if (!nested.is_number()) malformed("it holds something that is not a number where one belongs");
    take(nested);
    return;
  }
  if (!nested.is_array() || static_cast<Index>(nested.size()) != shape[depth]) malformed("its rows have different lengths");
  for (const Json& item : nested) flatten(item, shape, depth + 1, take);
}

/// Refuses a number that is no value of that type. Whole numbers are looked at as they are: `double` rounds those beyond 2^53.
void check_value(const Json& number, Dtype dtype) {
  if (!is_integer(dtype)) return;
  const int bits = dtype == Dtype::boolean ? 1 : static_cast<int>(8 * size_of(dtype));
  const bool is_signed = dtype >= Dtype::i64 && dtype <= Dtype::i8;
  const std::uint64_t largest = ~std::uint64_t{0} >> (64 - bits) >> (is_signed ? 1 : 0);
  const double end = std::ldexp(1.0, is_signed ? bits - 1 : bits), value = number.get<double>();
  const bool fits = number.is_number_unsigned()  ? number.get<std::uint64_t>() <= largest
                    : number.is_number_integer() ? is_signed && number.get<std::int64_t>() >= -static_cast<std::int64_t>(largest) - 1
                                                 : value == std::trunc(value) && value >= (is_signed ? -end : 0) && value < end;
  if (!fits) malformed(fmt::format("{} is not a value of type {}", number.dump(), pe::name(dtype)));
}

/// The bytes of a vector, which is kept with them.
template <class Number>
Bytes held(std::vector<Number> numbers) {
  const auto owner = std::make_shared<const std::vector<Number>>(std::move(numbers));
  return {owner, std::as_bytes(std::span(*owner))};
}

Tensor nested_tensor(const std::string& name, const Json& nested, Dtype dtype) {
  std::vector<Index> shape = shape_of(nested);
  if (dtype == Dtype::i64 || dtype == Dtype::u64) {
    std::vector<std::uint64_t> elements;
    flatten(nested, shape, 0, [&](const Json& number) {
      check_value(number, dtype);
      elements.push_back(dtype == Dtype::u64 ? number.get<std::uint64_t>() : static_cast<std::uint64_t>(number.get<std::int64_t>()));
    });
    return stored_tensor(name, {held(std::move(elements)), shape, dtype});
  }
  std::vector<double> values;
  flatten(nested, shape, 0, [&](const Json& number) {
    check_value(number, dtype);
    values.push_back(number.get<double>());
  });
  if (components(dtype) == 2) {
    if (shape.empty() || shape.back() != 2) malformed("complex values are not pairs");
    shape.pop_back();
  }
  Tensor tensor = stored_tensor(name, {held(std::move(values)), shape, components(dtype) == 2 ? Dtype::c128 : Dtype::f64});
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
  Json json = parse_json({reinterpret_cast<const char*>(bytes.data.data()), bytes.data.size()});
  if (json.is_discarded()) malformed("it is not JSON, or has objects with thousands of members");
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
