#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include "support.h"

namespace pe {
namespace {

namespace fs = std::filesystem;

std::string header(std::vector<Tensor> tensors, const std::string& stem = "rope", const nlohmann::ordered_json& description = small_description()) {
  MemorySink sink;
  find_format("h").write({std::move(tensors), &description, 1, false, stem}, sink);
  return sink.text;
}

/// What stands in the header from the declaration of an array to the end of its values.
std::string array(const Tensor& tensor) {
  const std::string text = header({tensor});
  const std::size_t start = text.find("\nstatic const") + 1;
  return text.substr(start, text.find(';', start) + 1 - start);
}

Tensor list(Dtype dtype, Values numbers) {
  const auto size = static_cast<Index>(numbers.size()) / components(dtype);
  return held_tensor("x", {{"column", size}}, dtype, std::move(numbers));
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string little_endian(const Tensor& tensor) {
  std::string bytes(static_cast<std::size_t>(tensor.bytes()), '\0');
  encode(values(tensor), tensor.dtype, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

/// The bytes of these arrays as a program has them that two files of include the header twice.
std::string compiled(const std::string& compiler, const std::string& extension, const std::string& text, const std::vector<std::string>& arrays) {
  const fs::path folder = fs::path(testing::TempDir()) / fmt::format("pe_h_{}", getpid());
  fs::create_directories(folder);
  std::ofstream(folder / "tables.h") << text;
  std::ofstream(folder / ("other" + extension)) << "#include \"tables.h\"\n";
  std::ofstream program(folder / ("main" + extension));
  program << "#include <stdio.h>\n#include \"tables.h\"\n#include \"tables.h\"\nint main(void) {\n";
  for (const std::string& name : arrays) program << "  fwrite(&" << name << ", sizeof " << name << ", 1, stdout);\n";
  program << "  return 0;\n}\n";
  program.close();
  const std::string command = fmt::format("cd '{0}' && {1} -Wall -Wextra -pedantic -Werror main{2} other{2} -o program && ./program > bytes",
                                          folder.string(), compiler, extension);
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  const std::string bytes = read_file(folder / "bytes");
  fs::remove_all(folder);
  return bytes;
}

/// C99 and C++11 must take the header and hold the values bit for bit.
void expect_compiles(const std::vector<Tensor>& tensors, const std::vector<std::string>& arrays, const std::string& text) {
  std::string expected;
  for (const Tensor& tensor : tensors) expected += little_endian(tensor);
  EXPECT_TRUE(compiled("gcc -std=c99", ".c", text, arrays) == expected);
  EXPECT_TRUE(compiled("g++ -std=c++11", ".cpp", text, arrays) == expected);
}

TEST(h, a_whole_file_can_be_checked_by_hand) {
  EXPECT_EQ(header({held_tensor("cos", {{"position", 2}, {"channel", 3}}, Dtype::f32, {1, 0.5, -1e-7, 123456792, 1.0 / 3, -0.0})}),
            "/*\n"
            " * For C99, C++11 and later. Each table is a static const array of its shape; the sizes of its axes are macros.\n"
            " * scheme: test\n"
            " */\n"
            "#ifndef ROPE_H\n"
            "#define ROPE_H\n"
            "\n"
            "#include <math.h>\n"
            "#include <stdint.h>\n"
            "\n"
            "/*\n"
            " * name: cos\n"
            " * axes: position, channel\n"
            " * shape: 2, 3\n"
            " * dtype: f32\n"
            " */\n"
            "#define ROPE_COS_POSITION 2\n"
            "#define ROPE_COS_CHANNEL 3\n"
            "static const float rope_cos[2][3] =\n"
            "{{1.0f, 0.5f, -1e-07f},\n"
            "{123456792.0f, 0.33333334f, -0.0f}};\n"
            "\n"
            "#endif\n");
}

TEST(h, every_type_has_one_in_c) {
  EXPECT_EQ(array(list(Dtype::f64, {1.5, 1.0 / 3, 1e300})), "static const double rope_x[3] =\n{1.5, 0.3333333333333333, 1e+300};");
  EXPECT_EQ(array(list(Dtype::f16, {1, -2})), "static const uint16_t rope_x[2] =\n{0x3c00, 0xc000};");
  EXPECT_EQ(array(list(Dtype::bf16, {1, -2})), "static const uint16_t rope_x[2] =\n{0x3f80, 0xc000};");
  EXPECT_EQ(array(list(Dtype::i8, {-128, 127})), "static const int8_t rope_x[2] =\n{-128, 127};");
  EXPECT_EQ(array(list(Dtype::u32, {0, 4294967295})), "static const uint32_t rope_x[2] =\n{0u, 4294967295u};");
  EXPECT_EQ(array(list(Dtype::boolean, {0, 1})), "static const uint8_t rope_x[2] =\n{0, 1};");
  EXPECT_EQ(array(list(Dtype::c64, {1, 2, 3, 4.5})), "static const float rope_x[2][2] =\n{{1.0f, 2.0f}, {3.0f, 4.5f}};");
}

TEST(h, the_smallest_integers_are_differences_since_c_has_no_negative_literals) {
  EXPECT_EQ(array(list(Dtype::i32, {-2147483648.0, -2147483647.0})), "static const int32_t rope_x[2] =\n{-2147483647 - 1, -2147483647};");
  EXPECT_EQ(array(list(Dtype::i64, {-0x1p63})), "static const int64_t rope_x[1] =\n{-9223372036854775807 - 1};");
}

TEST(h, infinities_are_macros_and_long_rows_are_broken) {
  EXPECT_EQ(array(list(Dtype::f32, {HUGE_VAL, -HUGE_VAL, std::nan("")})), "static const float rope_x[3] =\n{INFINITY, -INFINITY, NAN};");
  EXPECT_EQ(array(counting_tensor({2, 9}, Dtype::u8)),
            "static const uint8_t rope_table[2][9] =\n{{0, 1, 2, 3, 4, 5, 6, 7,\n 8},\n{9, 10, 11, 12, 13, 14, 15, 16,\n 17}};");
}

TEST(h, a_tensor_without_axes_is_a_variable_and_one_without_elements_is_refused) {
  EXPECT_EQ(array(held_tensor("x", {}, Dtype::f32, {2})), "static const float rope_x =\n2.0f;");
  EXPECT_EQ(message_of([] { check_tensor(find_format("h"), counting_tensor({0, 3}, Dtype::f32, "empty")); }),
            "empty is 0x3, and C has no arrays without elements; .npy and .bin can hold it");
}

TEST(h, names_are_valid_unique_and_nobody_elses) {
  const auto names = [](const std::string& stem, const std::vector<std::string>& tensors) {
    std::vector<Tensor> all;
    for (const std::string& tensor : tensors) all.push_back(counting_tensor({}, Dtype::f32, tensor));
    const std::string text = header(all, stem);
    std::string found;
    for (std::size_t at = text.find("const float "); at != std::string::npos; at = text.find("const float ", at + 1)) {
      found += text.substr(at + 12, text.find(' ', at + 12) - at - 12) + " ";
    }
    return found;
  };
  EXPECT_EQ(names("sincos2d-768-14x14", {"pos_embed"}), "sincos2d_768_14x14_pos_embed ");
  EXPECT_EQ(names("a", {"b.c", "b-c", "b_c", "b c"}), "a_b_c a_b_c_2 a_b_c_3 a_b_c_4 ");
  EXPECT_EQ(names("224", {"blocks.0.attn..rel_pos_"}), "table_224_blocks_0_attn_rel_pos ");
  EXPECT_EQ(names("_x__y_", {"\xc3\xa4"}), "x_y ");
  EXPECT_EQ(names("static", {"assert"}), "static_assert_table ");
  EXPECT_EQ(names("uint16", {"t"}), "uint16_t_table ");
  EXPECT_EQ(names("...", {"..."}), "table ");
}

TEST(h, no_two_macros_have_one_name) {
  const std::string text = header({held_tensor("x", {{"h", 1}, {"row", 2}, {"row", 3}}, Dtype::u8, {0, 1, 0, 1, 0, 1})}, "rope-x");
  for (const char* macro : {"#define ROPE_X_H\n", "#define ROPE_X_X_H 1\n", "#define ROPE_X_X_ROW 2\n", "#define ROPE_X_X_ROW_2 3\n"}) {
    EXPECT_NE(text.find(macro), std::string::npos) << macro;
  }
  const Tensor first = held_tensor("a", {{"b", 1}}, Dtype::u8, {0}), second = held_tensor("a b", {{"b", 1}}, Dtype::u8, {0});
  EXPECT_NE(header({first, second}).find("#define ROPE_A_B_B 1\n"), std::string::npos);
}

TEST(h, no_text_of_the_description_ends_its_comment) {
  const nlohmann::ordered_json description{
      {"command", "a */ b /* c */*/ d \\\n e"}, {"list", {"one */ two", "/"}}, {"parameters", {{"rows", nullptr}, {"*/", 1}}}};
  const Tensor t = counting_tensor({2}, Dtype::f32, "*/ x");
  const std::string text = header({t}, "rope", description);
  const std::string comment =
      " * command: a * / b / * c * / * / d \\  e\n * list:\n *   one * / two\n *   /\n * parameters:\n *   rows: none\n *   * /: 1\n */\n";
  EXPECT_NE(text.find(comment), std::string::npos);
  expect_compiles({t}, {"rope_x"}, text);
}

TEST(h, c99_and_cpp11_take_every_type_and_hold_its_values) {
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  std::vector<Tensor> tensors{list(Dtype::f64, {HUGE_VAL, -HUGE_VAL, 0.1, kSmallest, std::numeric_limits<double>::max(), -0.0, 1e22}),
                              list(Dtype::f32, {HUGE_VAL, -HUGE_VAL, 0.1, 0x1p-149, 0x1.fffffep127, -0.0, 16777216, 1e10}),
                              list(Dtype::i64, {-0x1p63, 0x1p62, -1}),
                              list(Dtype::i32, {-0x1p31, 0x1p31 - 1}),
                              list(Dtype::i16, {-0x1p15, 0x1p15 - 1}),
                              list(Dtype::u64, {0x1p63, 0, 0x1.fffffffffffffp63}),
                              held_tensor("t", {}, Dtype::f64, {0.3}),
                              counting_tensor({1, 1, 1}, Dtype::bf16)};
  for (int i = 0; i <= static_cast<int>(Dtype::c128); ++i) tensors.push_back(counting_tensor({2, 3, 20}, static_cast<Dtype>(i)));
  std::vector<std::string> arrays;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    tensors[i].name = fmt::format("t{}", i);
    arrays.push_back("rope_" + tensors[i].name);
  }
  expect_compiles(tensors, arrays, header(tensors));
}

TEST(h, blocks_and_threads_change_nothing) {
  const Tensor t = opened("sincos1d", "pos_embed", {{"length", "3000"}, {"dim", "20"}});
  EXPECT_EQ(written("h", {t}, true, 1), written("h", {t}, false, 3));
  EXPECT_NE(written("h", {t}).find("static const float table_pos_embed[3000][20] =\n{{0.0f, 1.0f"), std::string::npos);
}

TEST(h, digests_are_of_the_values_and_stand_behind_them) {
  MemorySink sink;
  const auto digests = find_format("h").write({{counting_tensor({0x100}, Dtype::u8)}, &small_description(), 1, true}, sink);
  ASSERT_EQ(digests.size(), 1u);
  EXPECT_NE(sink.text.find(fmt::format("}};\n/* sha256 of these values, little-endian: {} */\n", digests[0])), std::string::npos);
}

}  // namespace
}  // namespace pe
