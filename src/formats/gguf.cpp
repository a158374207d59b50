// .gguf: tensors by name and values by key, for ggml and llama.cpp. All numbers are little-endian; a string is a u64 length and its bytes.
//
//   "GGUF", u32 version (3), u64 number of tensors, u64 number of values
//   per value      string key, u32 type, the value: u8 0, i8 1, u16 2, i16 3, u32 4, i32 5, f32 6, bool 7 (a byte), string 8,
//                  array 9 (u32 type of the elements, u64 number, the elements), u64 10, i64 11, f64 12
//   per tensor     string name (63 bytes), u32 number of sizes (at most 4), u64 sizes, the last axis first, u32 type,
//                  u64 offset from the start of the data
//   data           each tensor, and so its start, at a multiple of general.alignment (u32, a power of two; 32 where it is missing),
//                  zeros between and behind
//
// github.com/ggml-org/ggml docs/gguf.md; ggml/src/gguf.cpp of llama.cpp, whose reader asks for more: names under 64 bytes, no arrays in
// arrays, offsets that are the running sum of padded sizes, zeros behind the last tensor too. So it is written; read, also without those last
// zeros, in versions 2 and 3 (version 1 counts by u32). A single value has no sizes. The description is the value pe_gen.description.
// There are no unsigned types and no bool: their values stand in the next larger signed type (bool in i8).

#include "formats/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/error.h"
#include "core/sha256.h"
#include "formats/support/gguf_header.h"
#include "formats/support/little_endian.h"
#include "formats/support/values.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

constexpr Index kAlignment = 32;   ///< of what is written: the default, which needs no value
constexpr std::uint32_t kString = 8;
constexpr std::size_t kMaxName = 63, kMaxAxes = 4;

Dtype stored(Dtype dtype) {
  switch (dtype) {
    case Dtype::boolean: return Dtype::i8;
    case Dtype::u8: return Dtype::i16;
    case Dtype::u16: return Dtype::i32;
    case Dtype::u32: return Dtype::i64;
    default: return dtype;
  }
}

bool holds(Dtype dtype) { return ggml_type_of(stored(dtype)) != nullptr; }

void check(const Tensor& tensor) {
  if (tensor.axes.size() > kMaxAxes) {
    throw Error(fmt::format("{} has {} axes; .gguf holds at most {}, .safetensors and .npz any number", tensor.name, tensor.axes.size(), kMaxAxes));
  }
  if (tensor.name.size() > kMaxName) {
    throw Error(fmt::format("the name {} has {} bytes; .gguf holds at most {}, .safetensors and .npz any number", tensor.name, tensor.name.size(),
                            kMaxName));
  }
}

Index padded(Index size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

Index stored_bytes(const Tensor& tensor) { return tensor.elements() * static_cast<Index>(size_of(stored(tensor.dtype))); }

void put_string(Record& record, const std::string& text) { record.put(static_cast<std::uint64_t>(text.size())).put(text); }

void put_value(Record& record, const std::string& key, const std::string& text) {
  put_string(record, key);
  record.put(kString);
  put_string(record, text);
}

/// The texts about the run: what models have as general.name, and ours.
std::vector<std::pair<std::string, std::string>> texts_about(const Document& document, const std::vector<std::string>& digests) {
  std::vector<std::pair<std::string, std::string>> texts;
  const Json description = describe_document(document, stored, digests);
  const auto add = [&](const char* key, const char* member) {
    if (description.contains(member) && description[member].is_string()) texts.emplace_back(key, description[member].get<std::string>());
  };
  add("general.name", "scheme");
  add("pe_gen.generator", "generator");
  add("pe_gen.scheme", "scheme");
  add("pe_gen.convention", "convention");
  texts.emplace_back(kGgufDescription, description.dump());
  return texts;
}

/// All that stands in front of the data; equally many bytes whatever the digests are.
std::string head(const Document& document, const std::vector<std::string>& digests) {
  const auto texts = texts_about(document, digests);
  Record record;
  record.put(std::string(kGgufMagic)).put(std::uint32_t{3});
  record.put(static_cast<std::uint64_t>(document.tensors.size())).put(static_cast<std::uint64_t>(texts.size()));
  for (const auto& [key, text] : texts) put_value(record, key, text);
  Index offset = 0;
  for (const Tensor& tensor : document.tensors) {
    std::vector<Index> sizes = tensor.shape();
    std::reverse(sizes.begin(), sizes.end());
    put_string(record, tensor.name);
    record.put(static_cast<std::uint32_t>(sizes.size()));
    for (const Index size : sizes) record.put(size);
    record.put(ggml_type_of(stored(tensor.dtype))->id).put(offset);
    offset += padded(stored_bytes(tensor));
  }
  const auto size = static_cast<Index>(record.text().size());
  return record.put(std::string(static_cast<std::size_t>(padded(size) - size), '\0')).text();
}

std::vector<std::string> write(const Document& document, Sink& sink) {
  const bool patch = document.digest && sink.can_patch();
  std::vector<std::string> digests;
  Index bytes = 0;
  for (const Tensor& tensor : document.tensors) {
    digests.push_back(patch ? std::string(kSha256Digits, '0') : digest_values(document, tensor, stored(tensor.dtype)));
    bytes += padded(stored_bytes(tensor));
  }
  const std::string start = head(document, digests);
  sink.reserve(static_cast<Index>(start.size()) + bytes);
  sink.write(start);
  for (std::size_t i = 0; i < document.tensors.size(); ++i) {
    const Tensor& tensor = document.tensors[i];
    digests[i] = write_values(document, tensor, stored(tensor.dtype), [&](std::span<const std::byte> values) { sink.write(values); });
    const Index size = stored_bytes(tensor);
    sink.write(std::string(static_cast<std::size_t>(padded(size) - size), '\0'));
  }
  if (patch) {
    const std::string with_digests = head(document, digests);
    sink.patch(0, std::as_bytes(std::span(with_digests)));
  }
  return digests;
}

Tensor open_entry(const GgufEntry& entry, const Bytes& data) {
  if (entry.type != nullptr && entry.type->dtype) {
    const auto part = data.part(static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.size));
    return stored_tensor(entry.name, {part, entry.shape, *entry.type->dtype});
  }
  const std::string type = entry.type != nullptr ? std::string(entry.type->name) : fmt::format("type {}", entry.type_id);
  throw Error(ErrorKind::malformed, fmt::format("{} is of ggml's {}; only F32, F16, BF16, F64 and I8 to I64 can be read", entry.name, type));
}

Contents read(const Bytes& bytes) {
  GgufHeader header = parse_gguf_header(bytes.data);
  Contents contents;
  contents.description = std::move(header.description);
  const auto start = static_cast<std::size_t>(header.data_start);
  const Bytes data = bytes.part(start, bytes.data.size() - start);
  for (GgufEntry& entry : header.entries) {
    const std::string name = entry.name;
    contents.tables.push_back({name, [entry = std::move(entry), data] { return open_entry(entry, data); }});
  }
  return contents;
}

}  // namespace

Format gguf() {
  return {"gguf", "all tensors, for ggml and llama.cpp, with the description", {".gguf"}, true, stored, write, read, holds, check};
}

}  // namespace pe
