#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support.h"

namespace pe {
namespace {

std::string length_of(std::uint64_t number) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += static_cast<char>(number >> (8 * i) & 0xff);
  return text;
}

/// A file with this header, unpadded.
std::string file_of(const std::string& header, const std::string& data = "") { return length_of(header.size()) + header + data; }

std::string tensor(const std::string& name, const std::string& dtype, const std::string& shape, Index begin, Index end) {
  return fmt::format("\"{}\":{{\"dtype\":\"{}\",\"shape\":{},\"data_offsets\":[{},{}]}}", name, dtype, shape, begin, end);
}

/// The header's JSON of a file.
nlohmann::ordered_json header_of(const std::string& file) {
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8 | static_cast<unsigned char>(file[i]);
  return nlohmann::ordered_json::parse(file.substr(8, length));
}

std::string refusal(const std::string& file) { return file_refusal("safetensors", file); }

TEST(safetensors, a_file_can_be_checked_by_hand) {
  MemorySink sink;
  const nlohmann::ordered_json description{{"scheme", "test"}, {"convention", "mine"}, {"generator", "pe-gen 9"}};
  const Tensor t = held_tensor("table", {{"row", 1}, {"column", 2}}, Dtype::f32, {1, -2});
  find_format("safetensors").write({{t}, &description, 1, false}, sink);
  std::string header =
      R"({"__metadata__":{"format":"pt","generator":"pe-gen 9","scheme":"test","convention":"mine","description":)"
      R"("{\"scheme\":\"test\",\"convention\":\"mine\",\"generator\":\"pe-gen 9\",\"tensors\":[{\"name\":\"table\",)"
      R"(\"axes\":[\"row\",\"column\"],\"shape\":[1,2],\"dtype\":\"f32\"}]}"},"table":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  while (header.size() % 8 != 0) header += ' ';
  EXPECT_EQ(sink.text, file_of(header, std::string("\0\0\x80\x3f\0\0\0\xc0", 8)));
}

TEST(safetensors, the_order_is_that_of_the_reference_writer_larger_elements_first_then_names) {
  std::vector<Tensor> tensors{counting_tensor({2}, Dtype::u8, "b"),   counting_tensor({2}, Dtype::f32, "z"),  counting_tensor({2}, Dtype::bf16, "k"),
                              counting_tensor({2}, Dtype::f32, "a"),  counting_tensor({2}, Dtype::i64, "i"),
                              counting_tensor({2}, Dtype::boolean, "m"), counting_tensor({2}, Dtype::c64, "cis"),
                              counting_tensor({2}, Dtype::f64, "f"),  counting_tensor({2}, Dtype::f16, "h")};
  const std::string file = written("safetensors", tensors);
  std::string names;
  Index end = 0;
  const nlohmann::ordered_json header = header_of(file);
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    names += name + " ";
    EXPECT_EQ(entry["data_offsets"][0], end);
    end = entry["data_offsets"][1];
  }
  EXPECT_EQ(names, "i f cis a z k h b m ");
  for (const Tensor& back : read_back("safetensors", file)) EXPECT_EQ(values(back), values(counting_tensor({2}, back.dtype)));
}

TEST(safetensors, the_description_has_the_sha256_of_every_tensor_also_through_a_pipe) {
  std::string first;
  for (const bool patches : {true, false}) {
    MemorySink sink(patches);
    const std::vector<Tensor> tensors{counting_tensor({3}, Dtype::u8), counting_tensor({3}, Dtype::f64, "second")};
    const std::vector<std::string> digests = find_format("safetensors").write({tensors, &small_description(), 1, true}, sink);
    const auto described = nlohmann::json::parse(find_format("safetensors").read(as_bytes(sink.text)).description);
    EXPECT_EQ(described["tensors"][0]["sha256"], "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc");   // of the bytes 0, 1, 2
    EXPECT_EQ(described["tensors"][0]["sha256"], digests.at(0));
    EXPECT_EQ(described["tensors"][1]["sha256"], digests.at(1));
    if (patches) first = sink.text;
    EXPECT_TRUE(first == sink.text);
  }
}

TEST(safetensors, what_it_cannot_hold_is_refused_with_the_formats_that_can) {
  const Format& format = find_format("safetensors");
  const std::string refused = message_of([&] { check_tensor(format, counting_tensor({2}, Dtype::c128, "cis")); });
  EXPECT_TRUE(refused.starts_with("cis is c128, which .safetensors does not hold; ")) << refused;
  EXPECT_NE(refused.find(".npz"), std::string::npos);
  EXPECT_EQ(message_of([&] { check_tensor(format, counting_tensor({2}, Dtype::f32, "__metadata__")); }),
            "__metadata__ is what .safetensors calls its own texts; the tensor needs another name");
}

TEST(safetensors, files_of_other_writers_are_read) {
  const std::string data("\0\0\x80\x3f\1", 5);
  // No metadata, no padding, another order in the header than in the data, space between; a scalar, an empty tensor, any name.
  const std::string header = "{ " + tensor("größe \\u0041/π", "U8", "[]", 4, 5) + " ,\n" + tensor("x", "F32", "[1, 1]", 0, 4) + "," +
                             tensor("none", "F64", "[3, 0]", 4, 4) + " }";
  const std::vector<Tensor> tensors = read_back("safetensors", file_of(header, data));
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_EQ(tensors[0].name, "x");
  EXPECT_EQ(values(tensors[0]), Values{1});
  EXPECT_EQ(tensors[1].shape(), (std::vector<Index>{3, 0}));
  EXPECT_EQ(tensors[2].name, "größe A/π");
  EXPECT_EQ(tensors[2].shape(), std::vector<Index>{});
  EXPECT_EQ(values(tensors[2]), Values{1});
  EXPECT_TRUE(read_back("safetensors", file_of("{}")).empty());
}

TEST(safetensors, a_tensor_of_a_type_that_is_not_known_does_not_keep_the_others_from_being_read) {
  const std::string header = "{" + tensor("quantized", "F8_E4M3", "[3]", 0, 3) + "," + tensor("packed", "F4", "[4]", 3, 5) + "," +
                             tensor("plain", "U8", "[1]", 5, 6) + "}";
  const std::vector<StoredTable> tables = find_format("safetensors").read(as_bytes(file_of(header, "abcde\7"))).tables;
  EXPECT_EQ(values(tables.at(2).open()), Values{7});
  EXPECT_EQ(message_of([&] { tables.at(0).open(); }), "quantized is of type F8_E4M3, which this program does not know");
  EXPECT_TRUE(is_malformed([&] { tables.at(1).open(); }));
}

TEST(safetensors, only_a_description_that_is_an_object_is_one) {
  const auto description = [](const std::string& metadata) {
    return find_format("safetensors").read(as_bytes(file_of("{\"__metadata__\":" + metadata + "}"))).description;
  };
  EXPECT_EQ(description(R"({"format":"pt","description":"{\"scheme\":\"rope\"}"})"), R"({"scheme":"rope"})");
  EXPECT_EQ(description(R"({"description":"A fine model"})"), "");
  EXPECT_EQ(description("{}"), "");
}

TEST(safetensors, headers_that_claim_too_much_are_refused) {
  EXPECT_EQ(refusal(""), "it ends too early");
  EXPECT_EQ(refusal(std::string(7, '\0')), "it ends too early");
  EXPECT_EQ(refusal(length_of(100000001) + "{}"), "its header claims 100000001 bytes; more than 100000000 are not allowed");
  EXPECT_EQ(refusal(length_of(100000000) + "{}"), "its header claims 100000000 bytes, the file has 2");
  EXPECT_EQ(refusal(length_of(~std::uint64_t{0}) + "{}"), "a size or offset in it is absurd");
  EXPECT_EQ(refusal(length_of(0)), "its header does not begin with {");
  EXPECT_EQ(refusal(file_of(" {}")), "its header does not begin with {");
  EXPECT_EQ(refusal(file_of("[]")), "its header does not begin with {");
}

TEST(safetensors, headers_that_are_something_else_are_refused) {
  for (const char* text : {"{", "{]", "{} x", "{\"a\":}", "{\"a\" 1}", "{\"\xff\":1}", "{\"a\":{\"dtype\":\"F32\",}}"}) {
    EXPECT_EQ(refusal(file_of(text)), "its header is not JSON") << text;
  }
  const std::string other = "its header holds something else than tensors and, in \"__metadata__\", texts";
  for (const char* text : {"{\"a\":1}", "{\"a\":null}", "{\"a\":[]}", "{\"a\":\"b\"}", "{\"__metadata__\":{\"a\":1}}",
                           "{\"__metadata__\":{\"a\":{}}}", "{\"__metadata__\":{\"a\":[]}}", "{\"__metadata__\":\"a\"}", "{\"__metadata__\":null}",
                           "{\"a\":{\"dtype\":4}}",
                           "{\"a\":{\"dtype\":[]}}", "{\"a\":{\"shape\":{}}}", "{\"a\":{\"shape\":3}}", "{\"a\":{\"shape\":[-1]}}",
                           "{\"a\":{\"shape\":[1.0]}}", "{\"a\":{\"shape\":[\"1\"]}}", "{\"a\":{\"shape\":[[1]]}}", "{\"a\":{\"shape\":[true]}}",
                           "{\"a\":{\"data_offsets\":\"0\"}}", "{\"a\":{\"shape\":[4611686018427387904]}}", "{\"a\":{\"shape\":[1e3]}}",
                           "{\"a\":{\"shape\":[99999999999999999999999]}}"}) {
    EXPECT_EQ(refusal(file_of(text)), other) << text;
  }
  EXPECT_EQ(refusal(file_of("{\"a\":{\"x\":" + std::string(1000000, '['))),
            "a has something else than a dtype, a shape and data_offsets [begin, end]");
  EXPECT_EQ(refusal(file_of("{\"a\":{\"shape\":" + std::string(1000000, '['))), other);
}

TEST(safetensors, tensors_that_lack_something_or_have_more_are_refused) {
  const std::string wrong = "a has something else than a dtype, a shape and data_offsets [begin, end]";
  for (const char* text : {"{}", "{\"dtype\":\"U8\"}", "{\"dtype\":\"U8\",\"shape\":[0]}", "{\"dtype\":\"U8\",\"data_offsets\":[0,0]}",
                           "{\"shape\":[0],\"data_offsets\":[0,0]}", "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],\"more\":1}",
                           "{\"dtype\":\"U8\",\"shape\":[0],\"offsets\":[0,0]}", "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0]}",
                           "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0,0]}", "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[]}"}) {
    EXPECT_EQ(refusal(file_of(std::string("{\"a\":") + text + "}")), wrong) << text;
  }
  std::string many = "[1";
  for (int i = 0; i < 64; ++i) many += ",1";
  EXPECT_EQ(refusal(file_of("{" + tensor("a", "U8", many + "]", 0, 1) + "}", "x")), "a has more than 64 axes");
}

TEST(safetensors, what_is_there_twice_is_refused) {
  const std::string a = tensor("a", "U8", "[0]", 0, 0);
  EXPECT_EQ(refusal(file_of("{" + a + "," + a + "}")), "it holds two tensors a");
  EXPECT_EQ(refusal(file_of("{" + a + "," + tensor("\\u0061", "U8", "[0]", 0, 0) + "}")), "it holds two tensors a");
  EXPECT_EQ(refusal(file_of("{\"__metadata__\":{},\"__metadata__\":{}}")), "its header has \"__metadata__\" twice");
  EXPECT_EQ(refusal(file_of("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}")), "its header has the key \"k\" twice in one place");
  EXPECT_EQ(refusal(file_of("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[0]}}")), "its header has the key \"dtype\" twice in one place");
}

TEST(safetensors, tensors_must_touch_and_end_with_the_file) {
  const auto two = [](Index begin, Index end) { return "{" + tensor("a", "U8", "[4]", 0, 4) + "," + tensor("b", "U8", "[4]", begin, end) + "}"; };
  EXPECT_EQ(refusal(file_of(two(4, 8), "12345678")), "");
  EXPECT_EQ(refusal(file_of(two(3, 7), "1234567")), "b is at bytes 3 to 7 where one that begins at 4 belongs");
  EXPECT_EQ(refusal(file_of(two(5, 9), "123456789")), "b is at bytes 5 to 9 where one that begins at 4 belongs");
  EXPECT_EQ(refusal(file_of(two(0, 4), "1234")), "b is at bytes 0 to 4 where one that begins at 4 belongs");
  EXPECT_EQ(refusal(file_of(two(4, 0), "1234")), "b is at bytes 4 to 0 where one that begins at 4 belongs");
  EXPECT_EQ(refusal(file_of(two(4, 8), "1234567")), "its tensors take 8 bytes, behind the header are 7");
  EXPECT_EQ(refusal(file_of(two(4, 8), "123456789")), "its tensors take 8 bytes, behind the header are 9");
  EXPECT_EQ(refusal(file_of("{}", "1")), "its tensors take 0 bytes, behind the header are 1");
}

TEST(safetensors, sizes_that_do_not_agree_with_the_shape_are_refused) {
  EXPECT_EQ(refusal(file_of("{" + tensor("a", "F32", "[3]", 0, 8) + "}", "12345678")), "a needs 12 bytes as [3] of F32, it has 8");
  const std::string huge = "[4294967296,4294967296]";   // 2^64 elements: 0 when it wraps
  EXPECT_EQ(refusal(file_of("{" + tensor("a", "U8", huge, 0, 0) + "}")), "the shape [4294967296, 4294967296] is larger than any file");
  EXPECT_EQ(refusal(file_of("{" + tensor("a", "F64", "[2305843009213693952]", 0, 0) + "}")),
            "the shape [2305843009213693952] is larger than any file");
  EXPECT_EQ(refusal(file_of("{" + tensor("a", "U8", "[0,4294967296,4294967296]", 0, 0) + "}")),
            "the shape [0, 4294967296, 4294967296] is larger than any file");
}

}  // namespace
}  // namespace pe
