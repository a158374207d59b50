#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

#include "support.h"

namespace pe {
namespace {

/// The fields of a protobuf message by number, in order; a number is its digits. Whatever does not follow the encoding fails the test.
using Fields = std::multimap<int, std::string>;

std::uint64_t take_varint(std::string_view& rest) {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest.empty()) break;
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
  throw std::logic_error("a varint without an end");
}

Fields fields(std::string_view rest) {
  Fields found;
  while (!rest.empty()) {
    const std::uint64_t tag = take_varint(rest), value = take_varint(rest);
    if (tag % 8 == 0) {
      found.emplace(tag / 8, std::to_string(value));
    } else if (tag % 8 == 2 && value <= rest.size()) {
      found.emplace(tag / 8, rest.substr(0, value));
      rest.remove_prefix(value);
    } else {
      throw std::logic_error("not a field");
    }
  }
  return found;
}

std::vector<std::string> all_of(const Fields& fields, int number) {
  std::vector<std::string> found;
  for (auto [at, end] = fields.equal_range(number); at != end; ++at) found.push_back(at->second);
  return found;
}

std::string only(const Fields& fields, int number) {
  EXPECT_EQ(fields.count(number), 1u) << "field " << number;
  const auto found = fields.find(number);
  return found == fields.end() ? "" : found->second;
}

std::map<std::string, std::string> properties(const Fields& model) {
  std::map<std::string, std::string> found;
  for (const std::string& entry : all_of(model, 14)) found[only(fields(entry), 1)] = only(fields(entry), 2);
  return found;
}

TEST(onnx, a_whole_file_can_be_checked_by_hand) {
  const std::string tensor("\x08\x01\x08\x02\x10\x01\x42\x01t\x4a\x08\0\0\x80\x3f\0\0\0\xc0", 19);     // dims 1, 2; FLOAT; "t"; 8 bytes: 1, -2
  const std::string output("\x0a\x01t\x12\x0e\x0a\x0c\x08\x01\x12\x08\x0a\x02\x08\x01\x0a\x02\x08\x02", 19);   // "t": FLOAT [1, 2]
  const std::string graph = std::string("\x12\x05table") + "\x2a\x13" + tensor + "\x62\x13" + output;
  const std::string description = std::string("\x0a\x0b") + "description\x12\x15{\n \"scheme\": \"test\"\n}";
  const std::string file = written("onnx", {held_tensor("t", {{"row", 1}, {"column", 2}}, Dtype::f32, {1, -2})});
  const std::string start = std::string("\x08\x08\x12\x06pe-gen\x1a\x05") + "0.1.0" + "\x42\x02\x10\x11\x3a\x31" + graph;
  EXPECT_EQ(file.substr(0, start.size()), start);
  const auto found = properties(fields(file));
  EXPECT_EQ(nlohmann::json::parse(found.at("description"))["tensors"][0]["axes"], nlohmann::json({"row", "column"}));
  EXPECT_EQ(found.at("scheme"), "test");
  EXPECT_FALSE(found.contains("convention"));
}

TEST(onnx, every_type_has_its_number_and_its_bytes) {
  const std::map<Dtype, std::string> numbers{{Dtype::f32, "1"}, {Dtype::u8, "2"}, {Dtype::i8, "3"}, {Dtype::u16, "4"}, {Dtype::i16, "5"},
                                             {Dtype::i32, "6"}, {Dtype::i64, "7"}, {Dtype::boolean, "9"}, {Dtype::f16, "10"}, {Dtype::f64, "11"},
                                             {Dtype::u32, "12"}, {Dtype::u64, "13"}, {Dtype::c64, "14"}, {Dtype::c128, "15"}, {Dtype::bf16, "16"}};
  ASSERT_EQ(numbers.size(), static_cast<std::size_t>(Dtype::c128) + 1);
  for (const auto& [dtype, number] : numbers) {
    SCOPED_TRACE(name(dtype));
    const Tensor t = counting_tensor({2, 70}, dtype);
    const Fields graph = fields(only(fields(written("onnx", {t})), 7));
    const Fields tensor = fields(only(graph, 5));
    EXPECT_EQ(only(tensor, 2), number);
    EXPECT_EQ(all_of(tensor, 1), (std::vector<std::string>{"2", "70"}));
    EXPECT_EQ(only(tensor, 9), written("bin", {t}));
    const Fields type = fields(only(fields(only(fields(only(graph, 12)), 2)), 1));
    EXPECT_EQ(only(type, 1), number);
  }
}

TEST(onnx, several_tensors_are_as_many_outputs_of_the_same_names) {
  const Fields graph = fields(only(fields(written("onnx", {counting_tensor({3}, Dtype::f32, "cos"), counting_tensor({}, Dtype::i64, "n"),
                                                           counting_tensor({0, 4}, Dtype::u8, "none")})), 7));
  std::vector<std::string> initializers, outputs;
  for (const std::string& tensor : all_of(graph, 5)) initializers.push_back(only(fields(tensor), 8));
  for (const std::string& output : all_of(graph, 12)) outputs.push_back(only(fields(output), 1));
  EXPECT_EQ(initializers, (std::vector<std::string>{"cos", "n", "none"}));
  EXPECT_EQ(outputs, initializers);
  EXPECT_EQ(graph.count(1) + graph.count(11), 0u) << "no nodes, no inputs";
  EXPECT_EQ(only(fields(all_of(graph, 5).at(2)), 9), "");
}

TEST(onnx, the_description_has_the_digests) {
  MemorySink sink;
  const auto digests = find_format("onnx").write({{counting_tensor({5}), counting_tensor({6}, Dtype::u8, "b")}, &small_description(), 2, true}, sink);
  const auto description = nlohmann::json::parse(properties(fields(sink.text)).at("description"));
  EXPECT_EQ(description["tensors"][0]["sha256"], digests.at(0));
  EXPECT_EQ(description["tensors"][1]["sha256"], digests.at(1));
}

TEST(onnx, more_than_protobuf_can_hold_is_refused_before_anything_is_computed_or_written) {
  const auto refused = [](std::vector<Index> sizes) {
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      Tensor t;
      t.name = fmt::format("t{}", i);
      t.axes = {{"row", sizes[i]}, {"column", 1}};
      t.dtype = Dtype::u8;
      t.fill = [](Index, std::span<double>) { throw std::logic_error("computed"); };
      tensors.push_back(std::move(t));
    }
    MemorySink sink;
    const std::string message = message_of([&] {
      try {
        for (const Tensor& t : tensors) check_tensor(find_format("onnx"), t);
        find_format("onnx").write({tensors, &small_description(), 1, false}, sink);
      } catch (const std::logic_error&) {
      }
    });
    EXPECT_TRUE(message.empty() || sink.text.empty());
    return message;
  };
  const std::string message = "a model in .onnx has at most 2147483647 bytes, this one would have more; .npz and .safetensors can hold it";
  EXPECT_EQ(refused({Index{1} << 31}), message);
  EXPECT_EQ(refused({Index{1} << 62, Index{1} << 62}), message);
  EXPECT_EQ(refused({1500000000, 700000000}), message);
  EXPECT_EQ(refused({2147483647 - 100}), message) << "what is around the values counts";
  EXPECT_EQ(refused({2147483647 - 1000}), "");
}

}  // namespace
}  // namespace pe
