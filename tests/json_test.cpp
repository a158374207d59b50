#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

std::string refusal(const std::string& text) {
  try {
    read_all("json", text);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::malformed ? error.what() : "not malformed";
  }
  return "";
}

/// The text between the brackets of "values" of the first tensor, brackets included.
std::string values_text(const Tensor& t) {
  const std::string text = written("json", {t});
  const std::size_t start = text.find("\"values\":\n") + 10;
  return text.substr(start, text.rfind("\n}]") - start);
}

TEST(json, a_whole_file_can_be_checked_by_hand) {
  const Tensor t = held_tensor("table", {{"row", 2}, {"column", 2}}, Dtype::f32, {0, 0.5, -1, 1});
  EXPECT_EQ(written("json", {t}),
            "{\n \"scheme\": \"test\",\n \"tensors\": [\n"
            "{\n \"name\": \"table\",\n \"axes\": [\n  \"row\",\n  \"column\"\n ],\n \"shape\": [\n  2,\n  2\n ],\n \"dtype\": \"f32\",\n"
            " \"values\":\n[[0,0.5],\n[-1,1]]\n}]\n}\n");
}

TEST(json, arrays_are_nested_like_the_shape) {
  EXPECT_EQ(values_text(counting_tensor({})), "0");
  EXPECT_EQ(values_text(counting_tensor({3})), "[0,1,2]");
  EXPECT_EQ(values_text(counting_tensor({2, 1, 2})), "[[[0,1]],\n[[2,3]]]");
  EXPECT_EQ(values_text(counting_tensor({2}, Dtype::c64)), "[[0,1],[2,3]]");
  EXPECT_EQ(values_text(counting_tensor({0, 2})), "[]");
}

TEST(json, numbers_are_the_shortest_that_read_back) {
  EXPECT_EQ(values_text(held_tensor("t", {{"column", 3}}, Dtype::f64, {0.1, 1e-300, 1.0 / 3})), "[0.1,1e-300,0.3333333333333333]");
  EXPECT_EQ(values_text(held_tensor("t", {{"column", 2}}, Dtype::f32, {0.1, 1.0 / 3})), "[0.1,0.33333334]");
  EXPECT_EQ(values_text(held_tensor("t", {{"column", 1}}, Dtype::bf16, {3.14159265358979})), "[3.140625]");
  EXPECT_EQ(values_text(held_tensor("t", {{"column", 1}}, Dtype::i64, {-5})), "[-5]");
}

TEST(json, infinities_and_nan_are_refused_naming_the_cell_and_the_way_out) {
  const auto message = [](double value, Dtype dtype = Dtype::f32) {
    return message_of([&] { written("json", {held_tensor("bias", {{"head", 1}, {"row", 2}, {"column", 2}}, dtype, {0, 1, 2, value})}); });
  };
  EXPECT_EQ(message(-HUGE_VAL), "json: bias[0, 1, 1] is -inf, which JSON cannot hold; .npy and .npz can");
  EXPECT_EQ(message(HUGE_VAL), "json: bias[0, 1, 1] is inf, which JSON cannot hold; .npy and .npz can");
  EXPECT_EQ(message(std::nan("")), "json: bias[0, 1, 1] is nan, which JSON cannot hold; .npy and .npz can");
}

TEST(json, a_value_that_becomes_infinite_when_it_is_stored_is_refused_too) {
  const Tensor t = held_tensor("table", {{"column", 2}}, Dtype::f16, {0, 70000});
  EXPECT_NE(message_of([&] { written("json", {t}); }), "");
}

TEST(json, every_type_reads_back_as_it_was_written) {
  for (int i = 0; i <= static_cast<int>(Dtype::c128); ++i) {
    const auto dtype = static_cast<Dtype>(i);
    SCOPED_TRACE(name(dtype));
    const Tensor t = counting_tensor({3, 4}, dtype, "numbers");
    const std::vector<Tensor> back = read_back("json", written("json", {t, t}));
    ASSERT_EQ(back.size(), 2u);
    EXPECT_EQ(back[1].name, "numbers");
    EXPECT_EQ(back[1].dtype, dtype);
    EXPECT_EQ(back[1].shape(), t.shape());
    EXPECT_EQ(values(back[1]), values(t));
  }
}

TEST(json, blocks_of_many_rows_join_without_a_seam) {
  const Tensor t = opened("sincos1d", "pos_embed", {{"length", "3000"}, {"dim", "50"}});
  const Tensor back = read_back("json", written("json", {t}, true, 3)).at(0);
  EXPECT_EQ(stored(values(back), Dtype::f32), stored(values(t), Dtype::f32));
}

TEST(json, a_plain_nested_array_is_a_table) {
  const Tensor t = read_back("json", " [[1, 2.5], [-3e2, 4], [5, 6]] ").at(0);
  EXPECT_EQ(t.shape(), (std::vector<Index>{3, 2}));
  EXPECT_EQ(values(t), (std::vector<double>{1, 2.5, -300, 4, 5, 6}));
  EXPECT_EQ(read_back("json", "[7]").at(0).shape(), (std::vector<Index>{1}));
  EXPECT_EQ(read_back("json", "[]").at(0).shape(), (std::vector<Index>{0}));
  EXPECT_EQ(read_back("json", "[[], []]").at(0).shape(), (std::vector<Index>{2, 0}));
}

TEST(json, ragged_arrays_and_what_is_no_number_are_refused) {
  for (const char* text : {"[[1, 2], [3]]", "[[1], 2]", "[1, [2]]", "[[1, 2], [3, 4, 5]]", "[[], [1]]"}) {
    EXPECT_NE(refusal(text), "") << text;
    EXPECT_NE(refusal(text), "not malformed") << text;
  }
  for (const char* text : {"[null]", "[true]", "[\"1\"]", "[{}]", "[NaN]", "[Infinity]", "[-inf]", "[1,]", "[01]", "[1e999]"}) {
    EXPECT_NE(refusal(text), "") << text;
    EXPECT_NE(refusal(text), "not malformed") << text;
  }
}

TEST(json, other_documents_are_refused) {
  for (const char* text : {"", " ", "1", "\"x\"", "null", "{}", "{\"tensors\": 1}", "{\"tensors\": [1]}", "{\"tensors\": [{}]}",
                           "{\"tensors\": [{\"values\": null}]}",
                           "{\"tensors\": [{\"values\": \"x\"}]}", "{\"tensors\": [{\"values\": [1], \"dtype\": \"f33\"}]}",
                           "{\"tensors\": [{\"values\": [1], \"dtype\": 1}]}",
                           "{\"tensors\": [{\"values\": [1], \"name\": 1}]}", "{\"tensors\": [{\"values\": [1], \"dtype\": \"c64\"}]}",
                           "{\"tensors\": [{\"values\": [[1, 2, 3]], \"dtype\": \"c64\"}]}", "[1] 2", "[1]]"}) {
    EXPECT_NE(refusal(text), "") << text;
    EXPECT_NE(refusal(text), "not malformed") << text;
  }
}

TEST(json, bytes_that_are_not_utf_8_are_refused) {
  EXPECT_NE(refusal("{\"tensors\": [{\"values\": [1], \"name\": \"\xff\xfe\"}]}"), "");
  EXPECT_NE(refusal(std::string("[1\0]", 4)), "");
}

TEST(json, arrays_nested_too_deeply_are_refused) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  EXPECT_EQ(refusal(nested(16)), "");
  EXPECT_EQ(refusal(nested(17)), "not a table in .json: its arrays are nested too deeply");
  EXPECT_NE(refusal(nested(1000000)), "");
  EXPECT_NE(refusal(std::string(1000000, '[')), "");
  EXPECT_NE(refusal("{\"x\": " + std::string(1000000, '[') + std::string(1000000, ']') + "}"), "");
}

TEST(json, objects_with_thousands_of_members_are_refused_before_they_take_time) {
  std::string many = "{\"tensors\": [{\"values\": [1]";
  for (int i = 0; i < 100000; ++i) many += fmt::format(", \"{}\": 1", i);
  EXPECT_EQ(refusal(many + "}]}"), "not a table in .json: it is not JSON, or has objects with thousands of members");
}

TEST(json, whole_numbers_beyond_2_53_and_the_sign_of_zero_come_back) {
  const std::string text = R"({"tensors": [{"values": [18446744073709551615, 9007199254740993], "dtype": "u64"}]})";
  EXPECT_EQ(written("csv", {read_back("json", text).at(0)}), "18446744073709551615,9007199254740993\n");
  const std::string zeros = R"({"tensors": [{"values": [-0.0, 0], "dtype": "f32"}]})";
  EXPECT_EQ(written("csv", {read_back("json", zeros).at(0)}), "-0.0,0\n");
  for (const char* number : {"18446744073709551616", "-1", "0.5", "1e20"}) {
    EXPECT_NE(refusal(fmt::format(R"({{"tensors": [{{"values": [{}], "dtype": "u64"}}]}})", number)), "") << number;
  }
  EXPECT_NE(refusal(R"({"tensors": [{"values": [9223372036854775808], "dtype": "i64"}]})"), "");
  EXPECT_EQ(refusal(R"({"tensors": [{"values": [-9223372036854775808, 1e3], "dtype": "i64"}]})"), "");
}

TEST(json, values_that_do_not_fit_their_own_type_are_refused) {
  for (const char* tensor : {"{\"values\": [300], \"dtype\": \"u8\"}", "{\"values\": [-1], \"dtype\": \"u16\"}",
                             "{\"values\": [0.5], \"dtype\": \"i32\"}",
                             "{\"values\": [1e30], \"dtype\": \"i64\"}", "{\"values\": [2], \"dtype\": \"bool\"}"}) {
    EXPECT_NE(refusal(std::string("{\"tensors\": [") + tensor + "]}"), "") << tensor;
  }
}

TEST(json, every_prefix_of_a_file_is_refused_as_malformed) {
  const std::string file = written("json", {counting_tensor({2, 3}), counting_tensor({2}, Dtype::c64, "second")});
  EXPECT_EQ(refusal(file), "");
  for (std::size_t size = 0; size + 1 < file.size(); ++size) {   // the last byte is a newline, which may be missing
    EXPECT_NE(refusal(file.substr(0, size)), "") << size;
    EXPECT_NE(refusal(file.substr(0, size)), "not malformed") << size;
  }
}

TEST(json, damaged_bytes_are_refused_or_read_but_never_crash) {
  const std::string file = written("json", {counting_tensor({2, 2}, Dtype::c64)});
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const char byte : {'\0', '[', ']', '{', '}', ',', '"', '9', 'e', '\xff'}) {
      std::string damaged = file;
      damaged[at] = byte;
      EXPECT_NE(refusal(damaged), "not malformed") << at << " " << static_cast<int>(byte);
    }
  }
}

}  // namespace
}  // namespace pe
