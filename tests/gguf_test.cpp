#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}
std::string u32(std::uint64_t value) { return number(value, 4); }
std::string u64(std::uint64_t value) { return number(value, 8); }
std::string text(const std::string& bytes) { return u64(bytes.size()) + bytes; }

/// A value: key, type, and its bytes.
std::string value(const std::string& key, std::uint32_t type, const std::string& bytes) { return text(key) + u32(type) + bytes; }

/// What stands in front of the data of a tensor, whose sizes are as in the file: the last axis first.
std::string info(const std::string& name, const std::vector<std::uint64_t>& sizes, std::uint32_t type, std::uint64_t offset) {
  std::string all = text(name) + u32(sizes.size());
  for (const std::uint64_t size : sizes) all += u64(size);
  return all + u32(type) + u64(offset);
}

std::string padded(std::string all, std::size_t alignment = 32) {
  all.resize((all.size() + alignment - 1) / alignment * alignment);
  return all;
}

/// A file with these values and tensors.
std::string file_of(const std::vector<std::string>& values, const std::vector<std::string>& tensors, const std::string& data,
                    std::uint32_t version = 3, std::size_t alignment = 32) {
  std::string all = "GGUF" + u32(version) + u64(tensors.size()) + u64(values.size());
  for (const std::string& one : values) all += one;
  for (const std::string& one : tensors) all += one;
  return padded(all, alignment) + data;
}

/// A file with one tensor of four f32: 1, 0, 0, 0.
std::string file_with(const std::vector<std::string>& values) {
  return file_of(values, {info("t", {4}, 0, 0)}, std::string("\0\0\x80\x3f", 4) + std::string(12, '\0'));
}

std::string refusal(const std::string& file) { return file_refusal("gguf", file); }

TEST(gguf, a_file_can_be_checked_by_hand) {
  const std::string description =
      R"({"scheme":"test","tensors":[{"name":"table","axes":["row","column"],"shape":[1,2],"dtype":"f32"},)"
      R"({"name":"index","axes":["axis"],"shape":[3],"dtype":"u8","stored_as":"i16"}]})";
  const std::string head = "GGUF" + u32(3) + u64(2) + u64(3) + value("general.name", 8, text("test")) + value("pe_gen.scheme", 8, text("test")) +
                           value("pe_gen.description", 8, text(description)) + info("table", {2, 1}, 0, 0) + info("index", {3}, 25, 32);
  const Tensor t = held_tensor("table", {{"row", 1}, {"column", 2}}, Dtype::f32, {1, -2});
  const std::string first = padded(std::string("\0\0\x80\x3f\0\0\0\xc0", 8)), second = padded(std::string("\0\0\1\0\2\0", 6));
  EXPECT_EQ(written("gguf", {t, counting_tensor({3}, Dtype::u8, "index")}), padded(head) + first + second);
}

TEST(gguf, sizes_are_stored_the_last_axis_first_and_come_back_in_order) {
  const std::string file = written("gguf", {counting_tensor({2, 3, 4, 5})});
  EXPECT_NE(file.find(info("table", {5, 4, 3, 2}, 0, 0)), std::string::npos);
  EXPECT_EQ(read_back("gguf", file).at(0).shape(), (std::vector<Index>{2, 3, 4, 5}));
  EXPECT_NE(written("gguf", {counting_tensor({})}).find(info("table", {}, 0, 0)), std::string::npos);
}

TEST(gguf, types_it_has_not_are_held_without_loss_in_larger_ones) {
  const Format& format = find_format("gguf");
  for (const auto& [dtype, stored] : std::vector<std::pair<Dtype, Dtype>>{
           {Dtype::boolean, Dtype::i8}, {Dtype::u8, Dtype::i16}, {Dtype::u16, Dtype::i32}, {Dtype::u32, Dtype::i64}}) {
    EXPECT_EQ(format.stored(dtype), stored);
    const double largest = dtype == Dtype::boolean ? 1 : std::ldexp(1.0, static_cast<int>(8 * size_of(dtype))) - 1;
    const Tensor back = read_back("gguf", written("gguf", {held_tensor("t", {{"column", 2}}, dtype, {0, largest})})).at(0);
    EXPECT_EQ(back.dtype, stored);
    EXPECT_EQ(values(back), (Values{0, largest}));
  }
}

TEST(gguf, what_it_cannot_hold_is_refused_with_what_can) {
  const Format& format = find_format("gguf");
  for (const Dtype dtype : {Dtype::u64, Dtype::c64, Dtype::c128}) {
    const std::string refused = message_of([&] { check_tensor(format, counting_tensor({2}, dtype, "t")); });
    EXPECT_TRUE(refused.starts_with(fmt::format("t is {}, which .gguf does not hold; ", name(dtype)))) << refused;
    EXPECT_NE(refused.find(".npz"), std::string::npos);
  }
  EXPECT_EQ(message_of([&] { check_tensor(format, counting_tensor({1, 2, 1, 2, 1})); }),
            "table has 5 axes; .gguf holds at most 4, .safetensors and .npz any number");
  EXPECT_EQ(message_of([&] { check_tensor(format, counting_tensor({1}, Dtype::f32, std::string(63, 'n'))); }), "");
  EXPECT_EQ(message_of([&] { check_tensor(format, counting_tensor({1}, Dtype::f32, std::string(64, 'n'))); }),
            "the name " + std::string(64, 'n') + " has 64 bytes; .gguf holds at most 63, .safetensors and .npz any number");
}

TEST(gguf, the_description_has_the_sha256_of_every_tensor_also_through_a_pipe) {
  std::string first;
  for (const bool patches : {true, false}) {
    MemorySink sink(patches);
    const std::vector<std::string> digests = find_format("gguf").write({{counting_tensor({3}, Dtype::i8)}, &small_description(), 1, true}, sink);
    const auto described = nlohmann::json::parse(find_format("gguf").read(as_bytes(sink.text)).description);
    EXPECT_EQ(described["tensors"][0]["sha256"], "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc");   // of the bytes 0, 1, 2
    EXPECT_EQ(described["tensors"][0]["sha256"], digests.at(0));
    if (patches) first = sink.text;
    EXPECT_TRUE(first == sink.text);
  }
}

TEST(gguf, values_of_every_type_are_passed_over) {
  const std::vector<std::string> all{
      value("a", 0, "x"),           value("b", 1, "x"),       value("c", 2, "xx"),      value("d", 3, "xx"),      value("e", 4, "xxxx"),
      value("f", 5, "xxxx"),        value("g", 6, "xxxx"),    value("h", 7, "\1"),      value("i", 8, text("")),  value("j", 10, "xxxxxxxx"),
      value("k", 11, "xxxxxxxx"),   value("l", 12, "xxxxxxxx"), value("m", 9, u32(0) + u64(3) + "xyz"), value("n", 9, u32(6) + u64(2) + "12345678"),
      value("o", 9, u32(8) + u64(2) + text("one") + text("")), value("p", 9, u32(12) + u64(0)), value("q", 9, u32(7) + u64(1) + "\1"),
      value("pe_gen.description", 8, text("{\"scheme\": \"t\"}"))};
  EXPECT_EQ(refusal(file_with(all)), "");
  EXPECT_EQ(find_format("gguf").read(as_bytes(file_with(all))).description, "{\"scheme\": \"t\"}");
  EXPECT_EQ(values(read_back("gguf", file_with(all)).at(0)), (Values{1, 0, 0, 0}));
}

TEST(gguf, values_that_claim_more_than_the_file_holds_are_refused) {
  const std::string end = "it ends too early";
  EXPECT_EQ(refusal("GGUF" + u32(3) + u64(0) + u64(1) + value("key", 8, u64(100) + "short")), end);
  EXPECT_EQ(refusal("GGUF" + u32(3) + u64(0) + u64(1) + value("key", 8, u64(~0ull) + "short")), "a size or offset in it is absurd");
  EXPECT_EQ(refusal("GGUF" + u32(3) + u64(0) + u64(1) + u64(1ull << 40) + "key"), "it claims 1 values, 11 bytes are left");
  EXPECT_EQ(refusal("GGUF" + u32(3) + u64(0) + u64(1) + u64(1ull << 40) + "a key that is long"), "a key has 1099511627776 bytes; 65535 are allowed");
  EXPECT_EQ(refusal("GGUF" + u32(3) + u64(0) + u64(1) + u64(300) + "a key that is long"), end);
  EXPECT_EQ(refusal(file_with({value("key", 9, u32(4) + u64(1ull << 60))})),
            fmt::format("it claims 1152921504606846976 elements of key, {} bytes are left",
                        file_with({value("key", 9, u32(4) + u64(0))}).size() - 51));
  EXPECT_NE(refusal(file_with({value("key", 9, u32(8) + u64(1000))})), "");
  EXPECT_EQ(refusal("GGUF" + u32(3) + u64(1ull << 50) + u64(0)), "it claims 1125899906842624 tensors, 0 bytes are left");
  EXPECT_EQ(refusal("GGUF" + u32(3) + u64(0) + u64(1ull << 50)), "it claims 1125899906842624 values, 0 bytes are left");
}

TEST(gguf, arrays_of_arrays_and_types_that_are_not_there_are_refused) {
  EXPECT_EQ(refusal(file_with({value("key", 9, u32(9) + u64(1) + u32(0) + u64(0))})),
            "the value key is an array of arrays, which ggml does not read either");
  EXPECT_EQ(refusal(file_with({value("key", 13, "xxxxxxxx")})), "the value key is of type 13, which is unknown");
  EXPECT_EQ(refusal(file_with({value("key", 9, u32(77) + u64(1) + "x")})), "the value key has elements of type 77, which is unknown");
  EXPECT_EQ(refusal(file_with({value("\xff", 0, "x")})), "a key is not UTF-8");
}

TEST(gguf, keys_and_names_that_are_there_twice_are_refused) {
  EXPECT_EQ(refusal(file_with({value("key", 0, "x"), value("key", 0, "x")})), "the key key is there twice");
  EXPECT_EQ(refusal(file_of({}, {info("t", {4}, 0, 0), info("t", {4}, 0, 32)}, std::string(64, '\0'))), "it holds two tensors t");
}

TEST(gguf, versions_2_and_3_are_read_and_others_named) {
  const auto of = [](std::uint32_t version) { return file_of({}, {info("t", {4}, 0, 0)}, std::string(32, '\0'), version); };
  EXPECT_EQ(refusal(of(2)), "");
  EXPECT_EQ(refusal(of(3)), "");
  EXPECT_EQ(refusal(of(1)), "it is of version 1, whose counts have 32 bits; convert it to version 3");
  EXPECT_EQ(refusal(of(4)), "version 4 is unknown");
  EXPECT_EQ(refusal(of(0)), "version 0 is unknown");
  EXPECT_EQ(refusal(of(0x03000000)), "it is big-endian; only little-endian files can be read");
  EXPECT_EQ(refusal(std::string("FUGG\0\0\0\3", 8)), "it is big-endian; only little-endian files can be read");
  EXPECT_EQ(refusal("GGML" + u32(3)), "it does not start with GGUF");
  EXPECT_EQ(refusal(""), "it does not start with GGUF");
}

TEST(gguf, the_alignment_is_followed_where_it_can_be_one) {
  const auto aligned = [](const std::string& type_and_number, std::size_t alignment, std::size_t second) {
    return file_of({text("general.alignment") + type_and_number}, {info("a", {1}, 24, 0), info("b", {1}, 24, second)},
                   padded("\1", alignment) + "\2", 3, alignment);
  };
  EXPECT_EQ(values(read_back("gguf", aligned(u32(4) + u32(8), 8, 8)).at(1)), Values{2});
  EXPECT_EQ(values(read_back("gguf", aligned(u32(4) + u32(4096), 4096, 4096)).at(1)), Values{2});
  EXPECT_EQ(values(read_back("gguf", aligned(u32(4) + u32(1), 1, 1)).at(1)), Values{2});
  EXPECT_EQ(refusal(aligned(u32(4) + u32(0), 8, 8)), "general.alignment 0 is not a power of two up to 1048576");
  EXPECT_EQ(refusal(aligned(u32(4) + u32(24), 8, 8)), "general.alignment 24 is not a power of two up to 1048576");
  EXPECT_EQ(refusal(aligned(u32(4) + u32(1u << 31), 8, 8)), "general.alignment 2147483648 is not a power of two up to 1048576");
  EXPECT_EQ(refusal(aligned(u32(10) + u64(8), 8, 8)), "general.alignment is not a u32");
  EXPECT_EQ(refusal(aligned(u32(4) + u32(8), 8, 12)), "b begins at byte 12 of the data, where 8 belongs");
}

TEST(gguf, tensors_must_follow_each_other_and_lie_in_the_file) {
  const auto two = [](std::uint64_t first, std::uint64_t second, std::size_t bytes) {
    return file_of({}, {info("a", {9}, 0, first), info("b", {4}, 0, second)}, std::string(bytes, '\0'));   // 36 bytes: 64 with the zeros behind them
  };
  EXPECT_EQ(refusal(two(0, 64, 96)), "");
  EXPECT_EQ(refusal(two(0, 64, 80)), "");   // without the zeros behind the last
  EXPECT_EQ(refusal(two(0, 64, 79)), "b needs 16 bytes from byte 64 of the data on, which has 79");
  EXPECT_EQ(refusal(two(0, 64, 63)), "b needs 16 bytes from byte 64 of the data on, which has 63");
  EXPECT_EQ(refusal(two(0, 32, 96)), "b begins at byte 32 of the data, where 64 belongs");
  EXPECT_EQ(refusal(two(0, 96, 200)), "b begins at byte 96 of the data, where 64 belongs");
  EXPECT_EQ(refusal(two(32, 96, 200)), "a begins at byte 32 of the data, where 0 belongs");
  EXPECT_EQ(refusal(two(0, 1ull << 61, 200)), "b begins at byte 2305843009213693952 of the data, where 64 belongs");
  EXPECT_EQ(refusal(two(0, ~0ull, 200)), "a size or offset in it is absurd");
}

TEST(gguf, shapes_that_no_file_can_hold_are_refused) {
  const auto of = [](const std::vector<std::uint64_t>& sizes) { return file_of({}, {info("t", sizes, 0, 0)}, std::string(32, '\0')); };
  EXPECT_EQ(refusal(of({1, 1, 1, 1, 1})), "t has 5 axes; 4 are allowed");
  EXPECT_EQ(refusal(of({9})), "t needs 36 bytes from byte 0 of the data on, which has 32");
  EXPECT_EQ(refusal(of({1ull << 32, 1ull << 32})), "the shape [4294967296, 4294967296] is larger than any file");
  EXPECT_EQ(refusal(of({1ull << 61})), "the shape [2305843009213693952] is larger than any file");
  EXPECT_EQ(refusal(of({0, 1ull << 32, 1ull << 32})), "the shape [4294967296, 4294967296, 0] is larger than any file");
  EXPECT_EQ(refusal(of({~0ull})), "a size or offset in it is absurd");
  EXPECT_EQ(refusal(of({0, 3})), "");
  EXPECT_EQ(refusal(file_of({}, {text("t") + u32(0xffffffff)}, std::string(32, '\0'))), "t has 4294967295 axes; 4 are allowed");
  EXPECT_EQ(refusal(file_of({}, {info(std::string(65, 'n'), {1}, 0, 0)}, std::string(32, '\0'))), "a tensor's name has 65 bytes; 64 are allowed");
}

TEST(gguf, packed_and_unknown_tensors_do_not_keep_the_others_from_being_read) {
  // Q4_0: 32 numbers in 18 bytes, so 64 in 36 and 64 with the zeros; type 999 is unknown and of any size.
  const std::string data = std::string(64, 'q') + std::string(96, '?') + padded("\7");
  const std::string file = file_of({}, {info("packed", {64}, 2, 0), info("unknown", {5}, 999, 64), info("plain", {1}, 24, 160)}, data);
  const std::vector<StoredTable> tables = find_format("gguf").read(as_bytes(file)).tables;
  EXPECT_EQ(values(tables.at(2).open()), Values{7});
  EXPECT_EQ(message_of([&] { tables.at(0).open(); }), "packed is of ggml's Q4_0; only F32, F16, BF16, F64 and I8 to I64 can be read");
  EXPECT_EQ(message_of([&] { tables.at(1).open(); }), "unknown is of ggml's type 999; only F32, F16, BF16, F64 and I8 to I64 can be read");
  EXPECT_EQ(refusal(file_of({}, {info("packed", {33}, 2, 0)}, std::string(64, '\0'))), "packed has rows of 33 numbers; Q4_0 packs 32 at a time");
  EXPECT_EQ(refusal(file_of({}, {info("packed", {64}, 2, 0), info("b", {1}, 24, 32)}, std::string(96, '\0'))),
            "b begins at byte 32 of the data, where 64 belongs");
  EXPECT_EQ(refusal(file_of({}, {info("unknown", {5}, 999, 128)}, std::string(96, '\0'))), "unknown begins at byte 128 of the data, where 0 belongs");
  EXPECT_EQ(refusal(file_of({}, {info("unknown", {5}, 999, 0), info("b", {1}, 24, 128)}, std::string(96, '\0'))),
            "b needs 1 bytes from byte 128 of the data on, which has 96");
}

}  // namespace
}  // namespace pe
