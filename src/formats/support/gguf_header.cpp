// What stands in front of the data of .gguf; the layout is in formats/gguf.cpp.

#include "formats/support/gguf_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_set>

#include "core/text.h"
#include "formats/support/little_endian.h"
#include "formats/support/values.h"

namespace pe {
namespace {

constexpr std::string_view kFormat = "gguf";
constexpr std::uint32_t kU32 = 4, kString = 8, kArray = 9;
constexpr std::array<Index, 13> kValueSizes{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};   ///< by type; 0: its length is in the file
constexpr Index kMinValue = 13, kMinTensor = 24;   ///< bytes of the smallest value and tensor: what a count can be held against
constexpr Index kMaxKey = 65535, kMaxName = 64, kMaxAxes = 4, kMaxAlignment = 1 << 20;

/// Q8_1 is missing: ggml and gguf-py disagree on its size, and no file has it.
constexpr std::array<GgmlType, 34> kTypes{{{0, "F32", 1, 4, Dtype::f32},   {1, "F16", 1, 2, Dtype::f16},   {2, "Q4_0", 32, 18},
                                           {3, "Q4_1", 32, 20},            {6, "Q5_0", 32, 22},            {7, "Q5_1", 32, 24},
                                           {8, "Q8_0", 32, 34},            {10, "Q2_K", 256, 84},          {11, "Q3_K", 256, 110},
                                           {12, "Q4_K", 256, 144},         {13, "Q5_K", 256, 176},         {14, "Q6_K", 256, 210},
                                           {15, "Q8_K", 256, 292},         {16, "IQ2_XXS", 256, 66},       {17, "IQ2_XS", 256, 74},
                                           {18, "IQ3_XXS", 256, 98},       {19, "IQ1_S", 256, 50},         {20, "IQ4_NL", 32, 18},
                                           {21, "IQ3_S", 256, 110},        {22, "IQ2_S", 256, 82},         {23, "IQ4_XS", 256, 136},
                                           {24, "I8", 1, 1, Dtype::i8},    {25, "I16", 1, 2, Dtype::i16},  {26, "I32", 1, 4, Dtype::i32},
                                           {27, "I64", 1, 8, Dtype::i64},  {28, "F64", 1, 8, Dtype::f64},  {29, "IQ1_M", 256, 56},
                                           {30, "BF16", 1, 2, Dtype::bf16}, {34, "TQ1_0", 256, 54},        {35, "TQ2_0", 256, 66},
                                           {39, "MXFP4", 32, 17},          {40, "NVFP4", 64, 36},          {41, "Q1_0", 128, 18}}};

[[noreturn]] void malformed(const std::string& what) { pe::malformed(kFormat, what); }

/// Refuses a count of things that take at least `size` bytes each when there is no room for so many.
Index checked_count(const Reader& reader, Index count, Index size, std::string_view what) {
  if (count > reader.left() / size) malformed(fmt::format("it claims {} {}, {} bytes are left", count, what, reader.left()));
  return count;
}

std::string take_string(Reader& reader, Index longest, std::string_view what) {
  const Index length = reader.get_index();
  if (length > longest) malformed(fmt::format("a {} has {} bytes; {} are allowed", what, length, longest));
  std::string text = reader.take_text(length);
  if (!is_utf8(text)) malformed(fmt::format("a {} is not UTF-8", what));
  return text;
}

/// Goes past a value of this type.
void skip_value(Reader& reader, std::uint32_t type, const std::string& key) {
  if (type >= kValueSizes.size()) malformed(fmt::format("the value {} is of type {}, which is unknown", key, type));
  if (type == kString) {
    reader.take(reader.get_index());
    return;
  }
  if (type != kArray) {
    reader.take(kValueSizes[type]);
    return;
  }
  const auto element = reader.get<std::uint32_t>();
  if (element == kArray) malformed(fmt::format("the value {} is an array of arrays, which ggml does not read either", key));
  if (element >= kValueSizes.size()) malformed(fmt::format("the value {} has elements of type {}, which is unknown", key, element));
  const Index size = element == kString ? 8 : kValueSizes[element];
  const Index count = checked_count(reader, reader.get_index(), size, "elements of " + key);
  if (element != kString) {
    reader.take(count * size);
    return;
  }
  for (Index i = 0; i < count; ++i) reader.take(reader.get_index());
}

/// What the values say that matters here.
struct Values {
  Index alignment = 32;
  std::string description;
};

Index read_alignment(Reader& reader, std::uint32_t type) {
  if (type != kU32) malformed("general.alignment is not a u32");
  const Index alignment = reader.get<std::uint32_t>();
  if (!std::has_single_bit(static_cast<std::uint64_t>(alignment)) || alignment > kMaxAlignment) {
    malformed(fmt::format("general.alignment {} is not a power of two up to {}", alignment, kMaxAlignment));
  }
  return alignment;
}

Values read_values(Reader& reader, Index count) {
  Values values;
  std::unordered_set<std::string> keys;
  for (Index i = 0; i < count; ++i) {
    const std::string key = take_string(reader, kMaxKey, "key");
    if (!keys.insert(key).second) malformed(fmt::format("the key {} is there twice", key));
    const auto type = reader.get<std::uint32_t>();
    if (key == "general.alignment") {
      values.alignment = read_alignment(reader, type);
      continue;
    }
    Reader value = reader;
    skip_value(reader, type, key);
    if (key != kGgufDescription || type != kString || reader.at() - value.at() > kMaxDescription) continue;
    values.description = value.take_text(value.get_index());
  }
  return values;
}

const GgmlType* find_type(std::uint32_t id) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const GgmlType& type) { return type.id == id; });
  return found == kTypes.end() ? nullptr : &*found;
}

/// Bytes of a tensor of a known type, whose rows are whole blocks.
Index size_of_entry(const GgufEntry& entry) {
  std::vector<Index> blocks = entry.shape;
  if (blocks.empty()) blocks = {1};
  if (blocks.back() % entry.type->block != 0) {
    malformed(fmt::format("{} has rows of {} numbers; {} packs {} at a time", entry.name, blocks.back(), entry.type->name, entry.type->block));
  }
  bytes_of_shape(kFormat, blocks, entry.type->bytes);   // the numbers themselves must be countable too
  blocks.back() /= entry.type->block;
  return bytes_of_shape(kFormat, blocks, entry.type->bytes);
}

GgufEntry read_entry(Reader& reader) {
  GgufEntry entry;
  entry.name = take_string(reader, kMaxName, "tensor's name");
  const Index axes = reader.get<std::uint32_t>();
  if (axes > kMaxAxes) malformed(fmt::format("{} has {} axes; {} are allowed", entry.name, axes, kMaxAxes));
  for (Index i = 0; i < axes; ++i) entry.shape.insert(entry.shape.begin(), reader.get_index());
  entry.type_id = reader.get<std::uint32_t>();
  entry.type = find_type(entry.type_id);
  if (entry.type != nullptr) entry.size = size_of_entry(entry);
  entry.offset = reader.get_index();
  return entry;
}

/// Refuses tensors that do not follow each other as ggml asks for, or leave the file; `size` bytes of data are in it.
void check_places(const std::vector<GgufEntry>& entries, Index alignment, Index size) {
  Index expected = 0;
  bool is_known = true;   // whether the next one begins exactly there, or somewhere behind
  for (const GgufEntry& entry : entries) {
    const bool fits = is_known ? entry.offset == expected : entry.offset >= expected;
    if (!fits || entry.offset % alignment != 0) {
      malformed(fmt::format("{} begins at byte {} of the data, where {} belongs", entry.name, entry.offset, expected));
    }
    if (entry.offset > size || entry.size > size - entry.offset) {
      malformed(fmt::format("{} needs {} bytes from byte {} of the data on, which has {}", entry.name, entry.size, entry.offset, size));
    }
    is_known = entry.type != nullptr;
    expected = (entry.offset + entry.size + alignment - 1) / alignment * alignment;
  }
}

/// Refuses what is no .gguf of version 2 or 3 in little-endian order.
void check_version(Reader& reader) {
  const std::string magic = reader.take_text(std::min<Index>(4, reader.left()));
  if (magic != kGgufMagic && magic != "FUGG") malformed("it does not start with GGUF");
  const auto version = reader.get<std::uint32_t>();
  if (magic == "FUGG" || (version != 0 && (version & 0xffff) == 0)) malformed("it is big-endian; only little-endian files can be read");
  if (version == 1) malformed("it is of version 1, whose counts have 32 bits; convert it to version 3");
  if (version != 2 && version != 3) malformed(fmt::format("version {} is unknown", version));
}

}  // namespace

const GgmlType* ggml_type_of(Dtype dtype) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const GgmlType& type) { return type.dtype == dtype; });
  return found == kTypes.end() ? nullptr : &*found;
}

GgufHeader parse_gguf_header(std::span<const std::byte> file) {
  Reader reader(kFormat, file, 0);
  check_version(reader);
  const Index tensors = reader.get_index(), count = reader.get_index();
  checked_count(reader, tensors, kMinTensor, "tensors");
  checked_count(reader, count, kMinValue, "values");
  Values values = read_values(reader, count);
  GgufHeader header;
  std::unordered_set<std::string> names;
  for (Index i = 0; i < tensors; ++i) {
    header.entries.push_back(read_entry(reader));
    const std::string& name = header.entries.back().name;
    if (!names.insert(name).second) malformed(fmt::format("it holds two tensors {}", name));
  }
  header.description = std::move(values.description);
  header.data_start = (reader.at() + values.alignment - 1) / values.alignment * values.alignment;
  if (tensors == 0) header.data_start = reader.at();
  const auto size = static_cast<Index>(file.size());
  if (header.data_start > size) malformed("it ends too early");
  check_places(header.entries, values.alignment, size - header.data_start);
  return header;
}

}  // namespace pe
