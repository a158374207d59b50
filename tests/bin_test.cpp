#include <gtest/gtest.h>

#include "support.h"

namespace pe {
namespace {

TEST(bin, is_the_values_and_nothing_else) {
  EXPECT_EQ(written("bin", {held_tensor("t", {{"row", 1}, {"column", 2}}, Dtype::f32, {1, -2})}), std::string("\0\0\x80\x3f\0\0\0\xc0", 8));
  EXPECT_EQ(written("bin", {held_tensor("t", {{"column", 2}}, Dtype::i16, {1, -2})}), std::string("\1\0\xfe\xff", 4));
  EXPECT_EQ(written("bin", {held_tensor("t", {{"column", 2}}, Dtype::bf16, {1, 3.14159265358979})}), std::string("\x80\x3f\x49\x40", 4));
  EXPECT_EQ(written("bin", {held_tensor("t", {{"column", 2}}, Dtype::boolean, {0, 1})}), std::string("\0\1", 2));
  EXPECT_EQ(written("bin", {held_tensor("t", {}, Dtype::u8, {200})}), "\xc8");
  EXPECT_EQ(written("bin", {counting_tensor({0, 3})}), "");
}

TEST(bin, a_complex_number_is_its_two_parts) {
  EXPECT_EQ(written("bin", {held_tensor("t", {{"column", 1}}, Dtype::c64, {1, -2})}), std::string("\0\0\x80\x3f\0\0\0\xc0", 8));
}

TEST(bin, every_type_is_what_encode_makes_of_the_values_in_c_order) {
  for (int i = 0; i <= static_cast<int>(Dtype::c128); ++i) {
    const auto dtype = static_cast<Dtype>(i);
    const Tensor t = counting_tensor({2, 3, 5}, dtype);
    std::string expected(static_cast<std::size_t>(t.bytes()), '\0');
    encode(values(t), dtype, std::as_writable_bytes(std::span(expected)));
    EXPECT_EQ(written("bin", {t}), expected) << name(dtype);
  }
}

TEST(bin, is_only_written) { EXPECT_EQ(find_format("bin").read, nullptr); }

}  // namespace
}  // namespace pe
