// What holds for all formats alike.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/stream.h"
#include "formats/support/values.h"
#include "support.h"

namespace pe {
namespace {

/// Formats whose files are text: numbers are read back from decimals, and truncated text may be a smaller table.
bool is_text(const Format& format) { return format.name == "csv" || format.name == "json"; }

std::vector<Format> formats(bool (*choose)(const Format&)) {
  std::vector<Format> chosen;
  for (const Format& format : all_formats()) {
    if (choose(format)) chosen.push_back(format);
  }
  return chosen;
}
bool is_readable(const Format& format) { return format.read != nullptr; }
bool is_binary_both_ways(const Format& format) { return format.read != nullptr && format.write != nullptr && !is_text(format); }

std::vector<Dtype> all_dtypes() {
  std::vector<Dtype> dtypes;
  for (int i = 0; i <= static_cast<int>(Dtype::c128); ++i) dtypes.push_back(static_cast<Dtype>(i));
  return dtypes;
}

bool can_hold(const Format& format, const Tensor& tensor) { return message_of([&] { check_tensor(format, tensor); }).empty(); }

/// Bit patterns that conversions lose: NaNs with and without a payload, quiet and signalling, infinities, subnormals, -0, the largest numbers.
std::vector<std::uint64_t> patterns(Dtype dtype) {
  switch (dtype) {
    case Dtype::boolean: return {0, 1};
    case Dtype::f16: return {0, 0x8000, 1, 0x83ff, 0x7c00, 0xfc00, 0x7e00, 0x7d55, 0xffff, 0x7bff, 0x3c01};
    case Dtype::bf16: return {0, 0x8000, 1, 0x807f, 0x7f80, 0xff80, 0x7fc0, 0x7fa5, 0xffff, 0x7f7f, 0x3f81};
    case Dtype::f32:
    case Dtype::c64: return {0, 0x80000000, 1, 0x807fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f812345, 0xffffffff, 0x7f7fffff, 0x3f800001};
    default:   // of f64, and of whole numbers: their smallest, largest, and some beyond 2^53
      return {0, 0x8000000000000000, 1, 0x800fffffffffffff, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x7ff0000000012345,
              0xffffffffffffffff, 0x7fefffffffffffff, 0x0020000000000001, 0x7fffffffffffffff, 0x3ff0000000000001};
  }
}

/// A table of these sizes whose elements are the patterns, over and over.
Tensor table_of_patterns(const std::vector<Index>& shape, Dtype dtype) {
  const std::size_t part = size_of(dtype) / static_cast<std::size_t>(components(dtype));
  Index elements = 1;
  for (const Index size : shape) elements *= size;
  const std::vector<std::uint64_t> bits = patterns(dtype);
  const auto bytes = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(elements) * size_of(dtype));
  for (std::size_t at = 0; at < bytes->size(); at += part) std::memcpy(bytes->data() + at, &bits[at / part % bits.size()], part);
  StoredArray array;   // built member by member: GCC 12 warns of its own shared_ptr otherwise
  array.bytes = {bytes, *bytes};
  array.shape = shape;
  array.stored = dtype;
  return stored_tensor("table", std::move(array));
}

/// The elements as a file of that type holds them.
std::vector<std::byte> elements(const Tensor& tensor) {
  std::vector<std::byte> all;
  stream_bytes(tensor, tensor.dtype, 1, [&](std::span<const std::byte> bytes) { all.insert(all.end(), bytes.begin(), bytes.end()); });
  return all;
}

/// Whether these are the same numbers, not-a-number included.
bool same_numbers(const Values& a, const Values& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::isnan(x) ? std::isnan(y) : x == y && std::signbit(x) == std::signbit(y);
  });
}

const std::vector<std::vector<Index>> kShapes{{}, {7}, {1}, {0}, {0, 4}, {4, 0}, {3, 5}, {2, 3, 4}, {1, 1, 13, 1}};

TEST(every_format, what_one_writes_another_holds_bit_for_bit) {
  for (const Format& first : formats(is_binary_both_ways)) {
    for (const Format& second : formats(is_binary_both_ways)) {
      for (const Dtype dtype : all_dtypes()) {
        for (const std::vector<Index>& shape : kShapes) {
          SCOPED_TRACE(fmt::format("{} to {}, {} [{}]", first.name, second.name, name(dtype), fmt::join(shape, ", ")));
          const Tensor table = table_of_patterns(shape, dtype);
          if (!can_hold(first, table)) continue;
          const Tensor between = read_back(first.name, written(first.name, {table})).at(0);
          ASSERT_EQ(between.dtype, first.stored(dtype));
          if (!can_hold(second, between)) continue;
          const Tensor back = read_back(second.name, written(second.name, {between})).at(0);
          ASSERT_EQ(back.shape(), shape);
          ASSERT_EQ(back.dtype, second.stored(between.dtype));
          if (back.dtype == dtype && between.dtype == dtype) {
            ASSERT_EQ(elements(back), elements(table));
          } else {
            ASSERT_TRUE(same_numbers(values(back), values(table)));
          }
        }
      }
    }
  }
}

/// A pattern of a finite number in place of the others, which JSON has no words for.
Tensor finite_patterns(Dtype dtype) {
  const Tensor all = table_of_patterns({13}, dtype);
  if (is_integer(dtype)) return all;
  Values numbers = values(all);
  std::replace_if(numbers.begin(), numbers.end(), [](double number) { return !std::isfinite(number); }, -0.0);
  return held_tensor("table", all.axes, dtype, std::move(numbers));
}

TEST(every_format, all_finite_numbers_survive_text) {
  for (const Format& format : formats([](const Format& f) { return is_text(f) && f.read != nullptr; })) {
    for (const Dtype dtype : all_dtypes()) {
      SCOPED_TRACE(fmt::format("{} {}", format.name, name(dtype)));
      const Tensor table = finite_patterns(dtype), back = read_back(format.name, written(format.name, {table})).at(0);
      if (back.dtype == dtype) {
        EXPECT_EQ(elements(back), elements(table));
      } else {
        EXPECT_TRUE(same_numbers(stored(values(back), back.dtype), values(table)) || same_numbers(stored(values(back), dtype), values(table)));
      }
    }
  }
}

TEST(every_format, a_pipe_gets_the_bytes_of_a_file_on_any_number_of_threads) {
  const std::vector<Tensor> tensors{opened("sincos1d", "pos_embed", {{"length", "3000"}, {"dim", "64"}}), counting_tensor({4}, Dtype::i64, "second")};
  for (const Format& format : formats([](const Format& f) { return f.write != nullptr; })) {
    const auto file = [&](bool patches, int threads) {
      MemorySink sink(patches);
      const std::vector<Tensor> some(tensors.begin(), tensors.begin() + (format.holds_many ? 2 : 1));
      const std::vector<std::string> digests = format.write({some, &small_description(), threads, true}, sink);
      EXPECT_EQ(digests.size(), some.size());
      return sink.text;
    };
    const std::string one = file(true, 1);
    EXPECT_TRUE(file(false, 1) == one) << format.name;
    EXPECT_TRUE(file(true, 3) == one) << format.name;
    EXPECT_TRUE(file(false, 3) == one) << format.name;
  }
}

TEST(every_format, the_description_is_read_back_with_the_digests) {
  for (const Format& format : formats([](const Format& f) { return f.read != nullptr && f.write != nullptr && f.holds_many; })) {
    MemorySink sink;
    const std::vector<std::string> digests = format.write({{counting_tensor({2, 3})}, &small_description(), 1, true}, sink);
    const auto description = nlohmann::json::parse(format.read(as_bytes(sink.text)).description);
    EXPECT_EQ(description["scheme"], "test") << format.name;
    EXPECT_EQ(description["tensors"][0]["sha256"], digests.at(0)) << format.name;
  }
}

/// A small file of each format that can be read; one that cannot be written is not looked at here.
std::string small_file(const Format& format) {
  std::vector<Tensor> tensors{counting_tensor({2, 3})};
  if (format.holds_many) tensors.push_back(counting_tensor({2}, Dtype::i16, "second"));
  return written(format.name, tensors);
}

/// "" when the file is read, "malformed" when it is refused as such; else what went wrong.
std::string outcome(const Format& format, const std::string& file) {
  try {
    read_all(format.name, file);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::malformed && error.what() != std::string() ? "malformed" : error.what();
  }
  return "";
}

TEST(every_format, every_prefix_of_a_file_is_refused_as_malformed) {
  for (const Format& format : formats(is_readable)) {
    if (format.write == nullptr || format.name == "csv") continue;   // the first lines of a .csv are a table
    const std::string file = small_file(format);
    EXPECT_EQ(outcome(format, file), "") << format.name;
    const std::size_t last = file.find_last_not_of(std::string("\0\n", 2));   // what only fills up may be missing
    for (std::size_t size = 0; size <= last; ++size) {
      EXPECT_EQ(outcome(format, file.substr(0, size)), "malformed") << format.name << " " << size << " of " << file.size();
    }
  }
}

TEST(every_format, a_wrong_byte_anywhere_is_refused_or_read_but_ends_nothing) {
  for (const Format& format : formats(is_readable)) {
    if (format.write == nullptr) continue;
    const std::string file = small_file(format);
    for (std::size_t at = 0; at < file.size(); ++at) {
      for (const int change : {0x01, 0x80, 0xff, 0x20, 0x10}) {
        std::string damaged = file;
        damaged[at] = static_cast<char>(damaged[at] ^ change);
        const std::string found = outcome(format, damaged);
        EXPECT_TRUE(found.empty() || found == "malformed") << format.name << " byte " << at << " ^ " << change << ": " << found;
      }
    }
  }
}

TEST(every_format, bytes_put_in_or_left_out_are_refused_or_read_but_end_nothing) {
  for (const Format& format : formats(is_readable)) {
    if (format.write == nullptr) continue;
    const std::string file = small_file(format);
    for (std::size_t at = 0; at < file.size(); ++at) {
      for (const std::string& changed : {file.substr(0, at) + file.substr(at + 1), file.substr(0, at) + std::string(8, '\xff') + file.substr(at),
                                         file.substr(0, at) + std::string(8, '\0') + file.substr(at + std::min<std::size_t>(8, file.size() - at))}) {
        const std::string found = outcome(format, changed);
        EXPECT_TRUE(found.empty() || found == "malformed") << format.name << " byte " << at << ": " << found;
      }
    }
  }
}

}  // namespace
}  // namespace pe
