#include <gtest/gtest.h>

#include <clocale>
#include <cmath>

#include "support.h"

namespace pe {
namespace {

std::string refusal(const std::string& text) {
  try {
    read_all("csv", text);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::malformed ? error.what() : "not malformed";
  }
  return "";
}

TEST(csv, is_a_line_per_row_with_commas) {
  EXPECT_EQ(written("csv", {held_tensor("table", {{"row", 2}, {"column", 3}}, Dtype::f64, {0, 0.5, -1, 1e-7, 123456789, 1e30})}),
            "0,0.5,-1\n1e-07,123456789,1e+30\n");
  EXPECT_EQ(written("csv", {counting_tensor({2, 1, 2})}), "0,1\n2,3\n");
  EXPECT_EQ(written("csv", {counting_tensor({3})}), "0,1,2\n");
  EXPECT_EQ(written("csv", {counting_tensor({})}), "0\n");
  EXPECT_EQ(written("csv", {counting_tensor({0, 3})}), "");
}

TEST(csv, numbers_are_the_shortest_that_read_back_as_the_stored_value) {
  const std::vector<double> third{1.0 / 3};
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 1}}, Dtype::f64, third)}), "0.3333333333333333\n");
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 1}}, Dtype::f32, third)}), "0.33333334\n");
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 1}}, Dtype::bf16, {3.14159265358979})}), "3.140625\n");
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 1}}, Dtype::f16, {0.1})}), "0.099975586\n");
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 2}}, Dtype::i64, {-3, 9007199254740992})}), "-3,9007199254740992\n");
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 2}}, Dtype::boolean, {0, 1})}), "0,1\n");
}

TEST(csv, a_complex_number_is_two_columns) {
  EXPECT_EQ(written("csv", {held_tensor("t", {{"row", 2}, {"column", 1}}, Dtype::c64, {1, 2, 3, 4})}), "1,2\n3,4\n");
}

TEST(csv, infinities_are_written_and_read) {
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 3}}, Dtype::f32, {-HUGE_VAL, HUGE_VAL, 0})}), "-inf,inf,0\n");
  EXPECT_EQ(values(read_back("csv", "-inf,inf\n").at(0)), (std::vector<double>{-HUGE_VAL, HUGE_VAL}));
}

TEST(csv, no_locale_reaches_a_number) {
  const char* const before = std::setlocale(LC_ALL, nullptr);
  const std::string saved = before == nullptr ? "C" : before;
  std::setlocale(LC_ALL, "de_DE.UTF-8");   // a comma for the decimal point, where that locale is installed
  EXPECT_EQ(written("csv", {held_tensor("t", {{"column", 1}}, Dtype::f64, {1234.5})}), "1234.5\n");
  EXPECT_EQ(values(read_back("csv", "1234.5\n").at(0)), (std::vector<double>{1234.5}));
  std::setlocale(LC_ALL, saved.c_str());
}

TEST(csv, what_is_written_reads_back) {
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16}) {
    const Tensor t = opened("sincos1d", "pos_embed", {{"length", "70"}, {"dim", "6"}, {"dtype", std::string(name(dtype))}});
    EXPECT_EQ(stored(values(read_back("csv", written("csv", {t})).at(0)), dtype), stored(values(t), dtype)) << name(dtype);
  }
}

TEST(csv, one_row_or_one_column_is_one_axis) {
  EXPECT_EQ(read_back("csv", "1,2,3\n").at(0).shape(), (std::vector<Index>{3}));
  EXPECT_EQ(read_back("csv", "1\n2\n").at(0).shape(), (std::vector<Index>{2}));
  EXPECT_EQ(read_back("csv", "1,2\n3,4\n5,6").at(0).shape(), (std::vector<Index>{3, 2}));
  EXPECT_EQ(read_back("csv", "7").at(0).shape(), (std::vector<Index>{1}));
}

TEST(csv, spaces_blank_lines_and_windows_line_ends_do_not_matter) {
  EXPECT_EQ(values(read_back("csv", " 1 , 2\r\n\r\n3,4 \r\n\n").at(0)), (std::vector<double>{1, 2, 3, 4}));
}

TEST(csv, what_is_not_a_table_of_numbers_is_refused_naming_the_line) {
  EXPECT_EQ(refusal("1,2\n3\n"), "not a table in .csv: line 2 has 1 values, the first has 2");
  EXPECT_EQ(refusal("1,x\n"), "not a table in .csv: line 1 holds 'x', which is not a number");
  EXPECT_EQ(refusal(""), "not a table in .csv: it holds no values");
  EXPECT_EQ(refusal("\n\r\n"), "not a table in .csv: it holds no values");
  for (const char* text : {"1,\n", ",", "1;2\n3;4\n", "1 2\n", "a,b\n1,2\n", "0x10\n", "1e999999\n", "--1\n", "1,2\n3,4,\n"}) {
    EXPECT_TRUE(refusal(text).starts_with("not a table in .csv: line ")) << text;
  }
  EXPECT_NE(refusal(std::string("1\0002\n", 4)), "");
}

TEST(csv, no_prefix_and_no_damaged_byte_does_worse_than_being_refused) {
  const std::string file = written("csv", {opened("sincos1d", "pos_embed", {{"length", "3"}, {"dim", "4"}})});
  for (std::size_t size = 0; size < file.size(); ++size) EXPECT_NE(refusal(file.substr(0, size)), "not malformed");
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const char byte : {'\0', ',', '\n', 'e', '-', '\xff'}) {
      std::string damaged = file;
      damaged[at] = byte;
      EXPECT_NE(refusal(damaged), "not malformed") << at;
    }
  }
}

}  // namespace
}  // namespace pe
