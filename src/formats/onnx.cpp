// .onnx: a model without inputs whose outputs are all tensors, as initializers. Protocol buffers: each field is
// tag (field number * 8 + wire type), then a varint (type 0), or a varint length and as many bytes (type 2).
//
//   ModelProto      ir_version 1, producer_name 2, opset_import 8, graph 7, metadata_props 14 (each key 1, value 2)
//   GraphProto      name 2, initializer 5 (a TensorProto each), output 12 (a ValueInfoProto each)
//   TensorProto     dims 1, data_type 2, name 8, raw_data 9: the values, little-endian, in C order
//   ValueInfoProto  name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1 } } } }
//
// metadata_props: "description", the description as JSON text, and "scheme" and "convention" by themselves. It follows the graph, which a
// parser does not mind: it holds digests of what went by before.
// The bytes are made here, not by libprotobuf: that holds a whole model in memory before it writes any of it, and runs constructors of
// its own at every start of the program. What is needed of the encoding is a varint.
// onnx/onnx onnx.proto; protobuf.dev/programming-guides/encoding. An ONNX model is at most 2 GB: a protobuf parser's lengths are 31 bits.
// IR version 8 and operators 17 are of 2022. onnxruntime gives the outputs back, also without a node in the graph; of complex numbers it
// knows none, and in JavaScript it can compute with bf16 but not return it. The library `onnx` itself reads every type.

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/sha256.h"
#include "formats/format.h"
#include "formats/support/values.h"
#include "version.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

constexpr Index kLargest = std::numeric_limits<std::int32_t>::max();   ///< bytes of a model
constexpr int kIrVersion = 8, kOperators = 17;

Dtype stored(Dtype dtype) { return dtype; }

/// A number of TensorProto.DataType.
int data_type(Dtype dtype) {
  switch (dtype) {
    case Dtype::f32: return 1;
    case Dtype::u8: return 2;
    case Dtype::i8: return 3;
    case Dtype::u16: return 4;
    case Dtype::i16: return 5;
    case Dtype::i32: return 6;
    case Dtype::i64: return 7;
    case Dtype::boolean: return 9;
    case Dtype::f16: return 10;
    case Dtype::f64: return 11;
    case Dtype::u32: return 12;
    case Dtype::u64: return 13;
    case Dtype::c64: return 14;
    case Dtype::c128: return 15;
    case Dtype::bf16: return 16;
  }
  return 0;
}

std::string varint(Index number) {
  std::string text;
  auto rest = static_cast<std::uint64_t>(number);
  for (; rest >= 0x80; rest >>= 7) text += static_cast<char>(rest | 0x80);
  return text + static_cast<char>(rest);
}

/// The fields of a protobuf message, one after the other.
class Message {
 public:
  Message& number(int field, Index value) {
    text_ += varint(8 * field) + varint(value);
    return *this;
  }

  Message& text(int field, std::string_view bytes) {
    announce(field, static_cast<Index>(bytes.size()));
    text_ += bytes;
    return *this;
  }

  Message& message(int field, const Message& inner) { return text(field, inner.bytes()); }

  /// The head of a field whose bytes follow elsewhere.
  Message& announce(int field, Index length) {
    text_ += varint(8 * field + 2) + varint(length);
    return *this;
  }

  const std::string& bytes() const { return text_; }
  Index size() const { return static_cast<Index>(text_.size()); }

 private:
  std::string text_;
};

/// A TensorProto in its graph, without the values that end it.
std::string initializer_head(const Tensor& tensor) {
  Message head;
  for (const Axis& axis : tensor.axes) head.number(1, axis.size);
  head.number(2, data_type(tensor.dtype)).text(8, tensor.name).announce(9, tensor.bytes());
  return Message().announce(5, head.size() + tensor.bytes()).bytes() + head.bytes();
}

/// A ValueInfoProto: the type and shape of an output.
Message output(const Tensor& tensor) {
  Message shape;
  for (const Axis& axis : tensor.axes) shape.message(1, Message().number(1, axis.size));
  const Message type = Message().number(1, data_type(tensor.dtype)).message(2, shape);
  return Message().text(1, tensor.name).message(2, Message().message(1, type));
}

/// The metadata_props of a model: what follows its graph.
Message properties(const Document& document, const std::vector<std::string>& digests) {
  const Json description = describe_document(document, stored, digests);
  Message all;
  const auto add = [&](std::string_view key, std::string_view value) { all.message(14, Message().text(1, key).text(2, value)); };
  add("description", description.dump(1));
  for (const char* key : {"scheme", "convention"}) {
    if (const auto found = description.find(key); found != description.end() && found->is_string()) add(key, found->get<std::string>());
  }
  return all;
}

void check_size(Index bytes) {
  if (bytes <= kLargest) return;
  throw Error(fmt::format("a model in .onnx has at most {} bytes, this one would have more; .npz and .safetensors can hold it", kLargest));
}

void check(const Tensor& tensor) { check_size(tensor.bytes()); }

std::vector<std::string> write(const Document& document, Sink& sink) {
  const std::string name = Message().text(2, document.stem).bytes();
  std::vector<std::string> heads, digests;
  Message outputs;
  Index size = static_cast<Index>(name.size());
  for (const Tensor& tensor : document.tensors) {
    heads.push_back(initializer_head(tensor));
    outputs.message(12, output(tensor));
    check_size(size += static_cast<Index>(heads.back().size()) + tensor.bytes());
  }
  size += outputs.size();
  Message model;
  model.number(1, kIrVersion).text(2, "pe-gen").text(3, PE_VERSION).message(8, Message().number(2, kOperators)).announce(7, size);
  const std::vector<std::string> any_digests(document.tensors.size(), std::string(document.digest ? kSha256Digits : 0, '0'));
  const Index total = model.size() + size + properties(document, any_digests).size();
  check_size(total);

  sink.reserve(total);
  sink.write(model.bytes() + name);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const Tensor& tensor = document.tensors[i];
    sink.write(heads[i]);
    digests.push_back(write_values(document, tensor, tensor.dtype, [&](std::span<const std::byte> bytes) { sink.write(bytes); }));
  }
  sink.write(outputs.bytes() + properties(document, digests).bytes());
  return digests;
}

}  // namespace

Format onnx() {
  return {"onnx", "all tensors as outputs of a model, with the description", {".onnx"}, true, stored, write, nullptr, nullptr, check};
}

}  // namespace pe
