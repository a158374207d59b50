#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "formats/support/npy.h"
#include "support.h"

namespace pe {
namespace {

/// A file of this version with this header text, padded as the layout asks, and these values.
std::string npy(int version, std::string header, const std::string& data) {
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  while ((8 + length_bytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string file = "\x93NUMPY";
  file += static_cast<char>(version);
  file += '\0';
  for (std::size_t i = 0; i < length_bytes; ++i) file += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return file + header + data;
}

std::string dict(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

/// A version 1 file of type `descr` and shape `shape`, little-endian C order.
std::string simple(const std::string& descr, const std::string& shape, const std::string& data) {
  return npy(1, dict("'" + descr + "'", "False", shape), data);
}

template <class Number>
std::string bytes_of(std::initializer_list<Number> numbers) {
  std::string text;
  for (const Number number : numbers) text.append(reinterpret_cast<const char*>(&number), sizeof number);
  return text;
}

std::string reversed_each(std::string text, std::size_t size) {
  const auto step = static_cast<std::ptrdiff_t>(size);
  for (auto at = text.begin(); at != text.end(); at += step) std::reverse(at, at + step);
  return text;
}

std::vector<double> read_values(const std::string& file) { return values(read_back("npy", file).at(0)); }

/// The refusal of a file; "" when it is read, "not malformed" when it is refused as something else.
std::string refusal(const std::string& file) {
  try {
    read_all("npy", file);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::malformed ? error.what() : "not malformed";
  }
  return "";
}

std::string spaces(int count) { return std::string(static_cast<std::size_t>(count), ' '); }

TEST(npy, headers_are_numpys_byte_for_byte) {
  const std::string start("\x93NUMPY\1\0\x76\0", 10);   // 118 bytes of text: 128 in all
  EXPECT_EQ(npy_header({}, Dtype::f32), start + "{'descr': '<f4', 'fortran_order': False, 'shape': (), }" + spaces(62) + "\n");
  EXPECT_EQ(npy_header({3}, Dtype::f32), start + "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }" + spaces(60) + "\n");
  EXPECT_EQ(npy_header({196, 768}, Dtype::f32), start + "{'descr': '<f4', 'fortran_order': False, 'shape': (196, 768), }" + spaces(54) + "\n");
  EXPECT_EQ(npy_header({1, 2, 3}, Dtype::i64), start + "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2, 3), }" + spaces(55) + "\n");
  EXPECT_EQ(npy_header({2, 2}, Dtype::u8), start + "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }" + spaces(58) + "\n");
  EXPECT_EQ(npy_header({2}, Dtype::boolean), start + "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }" + spaces(60) + "\n");
  EXPECT_EQ(npy_header({3, 1}, Dtype::c64), start + "{'descr': '<c8', 'fortran_order': False, 'shape': (3, 1), }" + spaces(58) + "\n");
}

TEST(npy, the_first_size_has_room_to_grow_to_21_digits_in_place) {
  // Eight axes of 6 digits fill the first 128 bytes; 21 digits of the first size are reserved all the same.
  for (const Index first : {Index{1}, Index{123456}, Index{123456789012345}}) {
    const std::string header = npy_header({first, 768, 768, 768}, Dtype::f32);
    EXPECT_EQ(header.size(), 128u) << first;
    EXPECT_EQ(header.back(), '\n');
  }
  const auto size_from = [](Index first) { return npy_header({first, 100000, 100000, 100000, 100000, 100000}, Dtype::f32).size(); };
  EXPECT_EQ(size_from(1), size_from(999999999999999999));
}

TEST(npy, values_start_at_a_multiple_of_64_whatever_the_shape) {
  for (std::size_t axes = 0; axes < 40; ++axes) EXPECT_EQ(npy_header(std::vector<Index>(axes, 12345), Dtype::f64).size() % 64, 0u) << axes;
}

TEST(npy, a_header_too_long_for_16_bits_is_version_2) {
  const std::string header = npy_header(std::vector<Index>(25000, 1), Dtype::f32);
  EXPECT_EQ(header.substr(6, 6), std::string("\2\0\x74\x25\1\0", 6));   // as numpy: 75124 bytes of text
  EXPECT_EQ(header.size(), 75136u);
  EXPECT_EQ(read_values(header + bytes_of({1.5f})), (std::vector<double>{1.5}));
}

TEST(npy, a_whole_file_can_be_checked_by_hand) {
  const Tensor t = held_tensor("table", {{"row", 1}, {"column", 2}}, Dtype::f32, {1, -2});
  EXPECT_EQ(written("npy", {t}), npy_header({1, 2}, Dtype::f32) + std::string("\0\0\x80\x3f\0\0\0\xc0", 8));
}

TEST(npy, every_type_reads_back_as_it_was_written) {
  for (int i = 0; i <= static_cast<int>(Dtype::c128); ++i) {
    const auto dtype = static_cast<Dtype>(i);
    SCOPED_TRACE(name(dtype));
    const Tensor t = counting_tensor({3, 5}, dtype);
    const Tensor back = read_back("npy", written("npy", {t})).at(0);
    EXPECT_EQ(back.dtype, npy_stored(dtype));
    EXPECT_EQ(back.shape(), t.shape());
    EXPECT_EQ(values(back), values(t));
    EXPECT_EQ(row_by_row(back), values(t));
  }
}

TEST(npy, shapes_without_axes_and_without_elements_read_back) {
  for (const std::vector<Index>& shape : {std::vector<Index>{}, {7}, {0}, {0, 4}, {4, 0}, {2, 3, 4}, {1, 1, 1, 1}}) {
    const Tensor t = counting_tensor(shape), back = read_back("npy", written("npy", {t})).at(0);
    EXPECT_EQ(back.shape(), shape);
    EXPECT_EQ(values(back), values(t));
  }
}

TEST(npy, bf16_is_stored_as_f32_that_holds_the_rounded_values) {
  const Tensor t = held_tensor("table", {{"column", 2}}, Dtype::bf16, {3.14159265358979, 1.0009765625});
  const Tensor back = read_back("npy", written("npy", {t})).at(0);
  EXPECT_EQ(back.dtype, Dtype::f32);
  EXPECT_EQ(values(back), (std::vector<double>{3.140625, 1}));
}

TEST(npy, infinities_and_nans_are_held) {
  const Tensor t = held_tensor("table", {{"column", 3}}, Dtype::f16, {-HUGE_VAL, HUGE_VAL, std::nan("")});
  const std::vector<double> back = read_values(written("npy", {t}));
  EXPECT_EQ(back[0], -HUGE_VAL);
  EXPECT_EQ(back[1], HUGE_VAL);
  EXPECT_TRUE(std::isnan(back[2]));
}

TEST(npy, versions_1_2_and_3_are_read) {
  for (const int version : {1, 2, 3}) {
    EXPECT_EQ(read_values(npy(version, dict("'<f4'", "False", "(2,)"), bytes_of({1.0f, 2.0f}))), (std::vector<double>{1, 2})) << version;
  }
  EXPECT_NE(refusal(npy(4, dict("'<f4'", "False", "(2,)"), bytes_of({1.0f, 2.0f}))), "");
  EXPECT_NE(refusal(npy(0, dict("'<f4'", "False", "(2,)"), bytes_of({1.0f, 2.0f}))), "");
}

TEST(npy, big_endian_values_are_turned) {
  EXPECT_EQ(read_values(simple(">f4", "(2,)", reversed_each(bytes_of({1.5f, -2.0f}), 4))), (std::vector<double>{1.5, -2}));
  EXPECT_EQ(read_values(simple(">f8", "(1,)", reversed_each(bytes_of({0.1}), 8))), (std::vector<double>{0.1}));
  EXPECT_EQ(read_values(simple(">i2", "(2,)", std::string("\1\2\xff\xfe", 4))), (std::vector<double>{258, -2}));
  EXPECT_EQ(read_values(simple(">c8", "(1,)", reversed_each(bytes_of({1.0f, 2.0f}), 4))), (std::vector<double>{1, 2}));
  EXPECT_EQ(read_values(simple("=i4", "(1,)", bytes_of({7}))), (std::vector<double>{7}));
}

TEST(npy, no_order_of_bytes_or_elements_costs_a_bit) {
  const std::string largest = bytes_of<std::uint64_t>({0x7fffffffffffffff, 1, 2, 0x7ffffffffffffffe});   // double rounds the first and the last
  const std::string swapped = reversed_each(largest, 8);
  const std::string transposed = bytes_of<std::uint64_t>({0x7fffffffffffffff, 2, 1, 0x7ffffffffffffffe});
  for (const std::string& file : {npy(1, dict("'<i8'", "False", "(2, 2)"), largest), npy(1, dict("'>i8'", "False", "(2, 2)"), swapped),
                                  npy(1, dict("'<i8'", "True", "(2, 2)"), transposed)}) {
    EXPECT_EQ(written("npy", read_back("npy", file)), npy_header({2, 2}, Dtype::i64) + largest);
  }
}

TEST(npy, fortran_order_is_transposed) {
  // [[0, 1, 2], [3, 4, 5]] column by column
  const std::string file = npy(1, dict("'<f8'", "True", "(2, 3)"), bytes_of({0.0, 3.0, 1.0, 4.0, 2.0, 5.0}));
  const Tensor t = read_back("npy", file).at(0);
  EXPECT_EQ(values(t), (std::vector<double>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(rows(t, 1, 1), (std::vector<double>{3, 4, 5}));
  const std::string cube = npy(1, dict("'<i4'", "True", "(2, 1, 2)"), bytes_of({0, 2, 1, 3}));
  EXPECT_EQ(read_values(cube), (std::vector<double>{0, 1, 2, 3}));
  const std::string turned = npy(1, dict("'>i2'", "True", "(2, 2)"), std::string("\0\0\0\2\0\1\0\3", 8));
  EXPECT_EQ(read_values(turned), (std::vector<double>{0, 1, 2, 3}));
  EXPECT_EQ(read_values(npy(1, dict("'<f4'", "True", "(2,)"), bytes_of({1.0f, 2.0f}))), (std::vector<double>{1, 2}));
  EXPECT_EQ(read_values(npy(1, dict("'<f4'", "True", "()"), bytes_of({1.0f}))), (std::vector<double>{1}));
}

TEST(npy, two_byte_voids_are_bf16) {
  const Tensor t = read_back("npy", simple("<V2", "(2,)", std::string("\x80\x3f\0\xc0", 4))).at(0);
  EXPECT_EQ(t.dtype, Dtype::bf16);
  EXPECT_EQ(values(t), (std::vector<double>{1, -2}));
  EXPECT_EQ(read_values(simple("|V2", "(1,)", std::string("\x80\x3f", 2))), (std::vector<double>{1}));
  EXPECT_NE(refusal(simple("|V4", "(1,)", bytes_of({1.0f}))), "");
}

TEST(npy, header_dicts_in_any_order_spacing_and_quotes_are_read) {
  const std::string one = bytes_of({1.0f});
  EXPECT_EQ(read_values(npy(1, "{'shape':(1,),'fortran_order':False,'descr':'<f4'}", one)), (std::vector<double>{1}));
  EXPECT_EQ(read_values(npy(1, "{ \"descr\" : \"<f4\" , \"fortran_order\" : False , \"shape\" : ( 1 , ) }", one)), (std::vector<double>{1}));
}

TEST(npy, every_prefix_of_a_file_is_refused_as_malformed) {
  for (const std::string& file : {written("npy", {counting_tensor({2, 3})}), npy(2, dict("'<i8'", "True", "(2, 3)"), std::string(48, '\1'))}) {
    EXPECT_EQ(refusal(file), "");
    for (std::size_t size = 0; size < file.size(); ++size) EXPECT_NE(refusal(file.substr(0, size)), "") << size;
    for (std::size_t size = 0; size < file.size(); ++size) EXPECT_NE(refusal(file.substr(0, size)), "not malformed") << size;
  }
}

TEST(npy, bytes_behind_the_values_are_refused) {
  EXPECT_NE(refusal(written("npy", {counting_tensor({2, 3})}) + '\0'), "");
}

TEST(npy, other_files_are_refused) {
  EXPECT_EQ(refusal(""), "not a valid .npy: it does not start with \\x93NUMPY and a version");
  EXPECT_EQ(refusal("PK\3\4 this is a zip archive, which .npz is"), "not a valid .npy: it does not start with \\x93NUMPY and a version");
  EXPECT_EQ(refusal("\x93NUMPx\1\0\x76\0"), "not a valid .npy: it does not start with \\x93NUMPY and a version");
}

TEST(npy, objects_are_never_read) {
  EXPECT_EQ(refusal(simple("|O", "(1,)", "\x80\4K\1.")), "not a valid .npy: it holds Python objects (pickle), which are never read");
  EXPECT_NE(refusal(simple("O", "(1,)", std::string(8, '\0'))), "");
}

TEST(npy, structured_arrays_and_unknown_types_are_refused) {
  EXPECT_EQ(refusal(npy(1, dict("[('a', '<f4'), ('b', '<f4')]", "False", "(1,)"), std::string(8, '\0'))),
            "not a valid .npy: structured arrays (a descr that is a list) are not tables of numbers");
  for (const char* descr : {"<U4", "|S4", "<M8[ns]", "<m8", "<f16", "<f3", "f4", "", "<", "bfloat16", "x", "!f4", "<f4 "}) {
    EXPECT_NE(refusal(simple(descr, "(1,)", std::string(4, '\0'))), "") << descr;
  }
}

TEST(npy, shapes_that_are_no_tuples_of_sizes_are_refused) {
  for (const char* shape : {"(184)", "184", "[1]", "(-1,)", "(1, -1)", "(1.0,)", "(1, 2", "(,)", "(1,,2)",
                            "(a,)", "None", "()1", "(99999999999999999999,)", "(0x1,)", "(1L,)"}) {
    EXPECT_NE(refusal(simple("<f4", shape, std::string(4, '\0'))), "") << shape;
  }
}

TEST(npy, shapes_that_the_file_cannot_hold_are_refused_without_allocating) {
  EXPECT_EQ(refusal(simple("<f4", "(3,)", bytes_of({1.0f, 2.0f}))), "not a valid .npy: the shape (3,) of <f4 needs 12 bytes of values, found 8");
  EXPECT_NE(refusal(simple("<f8", "(4611686018427387904,)", "12345678")), "");
  EXPECT_NE(refusal(simple("<f8", "(4294967296, 4294967296)", "")), "");                      // 2^64 elements: 0 when it wraps
  EXPECT_NE(refusal(simple("<f8", "(4294967296, 536870912)", "")), "");                       // 2^64 bytes
  EXPECT_NE(refusal(simple("<f4", "(9223372036854775807, 0)", "x")), "");
  EXPECT_NE(refusal(simple("<c16", "(1152921504606846976,)", "")), "");
}

TEST(npy, a_zero_among_the_sizes_does_not_excuse_sizes_whose_product_overflows) {
  for (const char* shape : {"(4294967296, 4294967296, 0)", "(0, 4611686018427387904, 4)", "(4611686018427387904, 0, 4611686018427387904)"}) {
    for (const char* order : {"False", "True"}) {
      for (const char* descr : {"'<f4'", "'>f4'"}) EXPECT_NE(refusal(npy(1, dict(descr, order, shape), "")), "") << shape;
    }
  }
}

TEST(npy, headers_with_missing_unknown_or_repeated_keys_are_refused) {
  const std::string four(4, '\0');
  EXPECT_EQ(refusal(npy(1, "{'descr': '<f4', 'fortran_order': False, }", four)), "not a valid .npy: the header lacks descr, fortran_order or shape");
  EXPECT_NE(refusal(npy(1, "{'descr': '<f4', 'shape': (1,), }", four)), "");
  EXPECT_NE(refusal(npy(1, "{'fortran_order': False, 'shape': (1,), }", four)), "");
  EXPECT_EQ(refusal(npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1, }", four)),
            "not a valid .npy: header key 'more' is unknown or repeated");
  EXPECT_EQ(refusal(npy(1, "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", four)),
            "not a valid .npy: header key 'descr' is unknown or repeated");
  for (const char* text : {"", "{", "{}", "}", "{'descr'}", "{'descr': }", "{'descr: '<f4'}", "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
                           "{'descr': '<f4', 'fortran_order': false, 'shape': (1,), }", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x",
                           "{'descr': '<f4' 'fortran_order': False, 'shape': (1,), }", "import os"}) {
    EXPECT_NE(refusal(npy(1, text, four)), "") << text;
  }
}

TEST(npy, a_header_longer_than_the_file_is_refused) {
  std::string file = npy(2, dict("'<f4'", "False", "(1,)"), bytes_of({1.0f}));
  for (const char* length : {"\xff\xff\xff\xff", "\xff\xff\xff\x7f", "\0\0\0\x80"}) {
    file.replace(8, 4, length, 4);
    EXPECT_EQ(refusal(file), "not a valid .npy: it ends inside the header");
  }
}

TEST(npy, damaged_headers_are_refused_or_read_but_never_crash) {
  const std::string file = simple("<f4", "(2, 3)", std::string(24, '\0'));
  for (std::size_t at = 0; at < 80; ++at) {
    for (const char byte : {'\0', ' ', '(', ')', '\'', ',', '9', '\x80', '\xff'}) {
      std::string damaged = file;
      damaged[at] = byte;
      EXPECT_NE(refusal(damaged), "not malformed") << at << " " << static_cast<int>(byte);
    }
  }
}

}  // namespace
}  // namespace pe
