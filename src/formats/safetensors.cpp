// .safetensors: tensors by name, and text about them.
//
//   length      u64, little-endian: bytes of the header, at most 100,000,000
//   header      JSON object, beginning with '{', padded with spaces so that the values start at a multiple of 8
//                 "__metadata__": {"format": "pt", ...}             text to text; may be missing
//                 NAME: {"dtype": "F32", "shape": [2, 3],           row-major, no strides; [] is one value
//                        "data_offsets": [begin, end]}              bytes, counted from the end of the header
//   values      little-endian; the tensors touch each other, from the first byte to the last of the file
//
// github.com/huggingface/safetensors: README, safetensors/src/tensor.rs. Written in the order of its writer: by type, in the order of its
// enum backwards (so larger elements first), then by name. "format": "pt" is what transformers asks for. C64 is read by
// version 0.7 and later. Read: any order and any alignment; tensors of types this program has not (F8_E4M3, F4) do not keep it from the others.

#include "formats/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string_view>
#include <tuple>

#include "core/error.h"
#include "core/sha256.h"
#include "formats/support/little_endian.h"
#include "formats/support/safetensors_header.h"
#include "formats/support/values.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "safetensors", kMetadata = "__metadata__";
constexpr Index kMaxHeader = 100000000, kLengthSize = 8, kAlignment = 8;

struct Named {
  std::string_view name;
  Dtype dtype;
};
/// In the order of the reference's enum, by which its writer sorts.
constexpr std::array<Named, 14> kDtypes{{{"BOOL", Dtype::boolean}, {"U8", Dtype::u8}, {"I8", Dtype::i8}, {"I16", Dtype::i16}, {"U16", Dtype::u16},
                                         {"F16", Dtype::f16}, {"BF16", Dtype::bf16}, {"I32", Dtype::i32}, {"U32", Dtype::u32}, {"F32", Dtype::f32},
                                         {"C64", Dtype::c64}, {"F64", Dtype::f64}, {"I64", Dtype::i64}, {"U64", Dtype::u64}}};

/// The place of a type in kDtypes; its size when it is not there.
std::size_t rank(Dtype dtype) {
  return static_cast<std::size_t>(std::find_if(kDtypes.begin(), kDtypes.end(), [&](const Named& n) { return n.dtype == dtype; }) - kDtypes.begin());
}

std::optional<Dtype> dtype_called(std::string_view name) {
  const auto found = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const Named& n) { return n.name == name; });
  if (found == kDtypes.end()) return std::nullopt;
  return found->dtype;
}

Dtype stored(Dtype dtype) { return dtype; }

bool holds(Dtype dtype) { return rank(dtype) < kDtypes.size(); }

void check(const Tensor& tensor) {
  if (tensor.name == kMetadata) throw Error(fmt::format("{} is what .{} calls its own texts; the tensor needs another name", kMetadata, kFormat));
}

/// The numbers of the tensors in the order in which they are stored.
std::vector<std::size_t> storage_order(const std::vector<Tensor>& tensors) {
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const std::size_t rank_a = rank(tensors[a].dtype), rank_b = rank(tensors[b].dtype);
    return rank_a != rank_b ? rank_a > rank_b : tensors[a].name < tensors[b].name;
  });
  return order;
}

/// What "__metadata__" says of the run; `digests` are those of the tensors.
Json metadata(const Document& document, const std::vector<std::string>& digests) {
  const Json description = describe_document(document, stored, digests);
  Json texts{{"format", "pt"}};
  for (const char* key : {"generator", "scheme", "convention"}) {
    if (description.contains(key) && description[key].is_string()) texts[key] = description[key];
  }
  texts["description"] = description.dump();
  return texts;
}

/// Length and header; equally many bytes whatever the digests are.
std::string head(const Document& document, const std::vector<std::size_t>& order, const std::vector<std::string>& digests) {
  Json header{{std::string(kMetadata), metadata(document, digests)}};
  Index end = 0;
  for (const std::size_t i : order) {
    const Tensor& tensor = document.tensors[i];
    const Index begin = end;
    end += tensor.bytes();
    header[tensor.name] = {{"dtype", kDtypes[rank(tensor.dtype)].name}, {"shape", tensor.shape()}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump();
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
  if (text.size() > static_cast<std::size_t>(kMaxHeader)) {
    throw Error(fmt::format("the description and the names take {} bytes; .{} has room for {}", text.size(), kFormat, kMaxHeader));
  }
  return Record().put(static_cast<std::uint64_t>(text.size())).put(text).text();
}

std::vector<std::string> write(const Document& document, Sink& sink) {
  const std::vector<std::size_t> order = storage_order(document.tensors);
  const bool patch = document.digest && sink.can_patch();
  std::vector<std::string> digests;
  Index bytes = 0;
  for (const Tensor& tensor : document.tensors) {
    digests.push_back(patch ? std::string(kSha256Digits, '0') : digest_values(document, tensor, tensor.dtype));
    bytes += tensor.bytes();
  }
  const std::string start = head(document, order, digests);
  sink.reserve(static_cast<Index>(start.size()) + bytes);
  sink.write(start);
  for (const std::size_t i : order) {
    const Tensor& tensor = document.tensors[i];
    digests[i] = write_values(document, tensor, tensor.dtype, [&](std::span<const std::byte> values) { sink.write(values); });
  }
  if (patch) {
    const std::string with_digests = head(document, order, digests);
    sink.patch(0, std::as_bytes(std::span(with_digests)));
  }
  return digests;
}

[[noreturn]] void malformed(const std::string& what) { pe::malformed(kFormat, what); }

/// The header's text: all but the length in front of it.
std::string_view header_text(std::span<const std::byte> file) {
  Reader reader(kFormat, file, 0);
  const Index length = reader.get_index();
  if (length > kMaxHeader) malformed(fmt::format("its header claims {} bytes; more than {} are not allowed", length, kMaxHeader));
  if (length > reader.left()) malformed(fmt::format("its header claims {} bytes, the file has {}", length, reader.left()));
  const auto text = reader.take(length);
  if (text.empty() || text.front() != std::byte{'{'}) malformed("its header does not begin with {");
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

/// Refuses tensors that leave bytes out or share some, whose bytes are not as many as their shape says, or that end elsewhere than the file.
/// Leaves them in the order in which they are stored.
void check_places(std::vector<SafetensorsEntry>& entries, Index data_size) {
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
  Index expected = 0;
  for (const SafetensorsEntry& entry : entries) {
    if (entry.begin != expected || entry.end < entry.begin) {
      malformed(fmt::format("{} is at bytes {} to {} where one that begins at {} belongs", entry.shown(), entry.begin, entry.end, expected));
    }
    expected = entry.end;
    const std::optional<Dtype> dtype = dtype_called(entry.dtype);
    if (!dtype) continue;
    const Index size = bytes_of_shape(kFormat, entry.shape, static_cast<Index>(size_of(*dtype)));
    if (size == entry.end - entry.begin) continue;
    malformed(fmt::format("{} needs {} bytes as [{}] of {}, it has {}", entry.shown(), size, fmt::join(entry.shape, ", "), entry.dtype,
                          entry.end - entry.begin));
  }
  if (expected != data_size) malformed(fmt::format("its tensors take {} bytes, behind the header are {}", expected, data_size));
}

Tensor open_entry(const SafetensorsEntry& entry, const Bytes& values) {
  const std::optional<Dtype> dtype = dtype_called(entry.dtype);
  if (dtype) return stored_tensor(entry.name, {values, entry.shape, *dtype});
  throw Error(ErrorKind::malformed, fmt::format("{} is of type {}, which this program does not know", entry.shown(), entry.dtype.substr(0, 100)));
}

Contents read(const Bytes& bytes) {
  const std::string_view text = header_text(bytes.data);
  SafetensorsHeader header = parse_safetensors_header(text);
  const std::size_t start = static_cast<std::size_t>(kLengthSize) + text.size(), data_size = bytes.data.size() - start;
  check_places(header.entries, static_cast<Index>(data_size));
  Contents contents;
  contents.description = std::move(header.description);
  const Bytes values = bytes.part(start, data_size);
  const auto entries = std::make_shared<const std::vector<SafetensorsEntry>>(std::move(header.entries));
  for (const SafetensorsEntry& entry : *entries) {
    // The pointer keeps all entries and points to one.
    contents.tables.push_back({entry.name, [one = std::shared_ptr<const SafetensorsEntry>(entries, &entry), values] {
                                 const auto size = static_cast<std::size_t>(one->end - one->begin);
                                 return open_entry(*one, values.part(static_cast<std::size_t>(one->begin), size));
                               }});
  }
  return contents;
}

}  // namespace

Format safetensors() {
  return {"safetensors", "all tensors, for PyTorch and others, with the description", {".safetensors"}, true, stored,
          write, read, holds, check};
}

}  // namespace pe
