// .h: all tensors as constant arrays, for C99, C++11 and later.
//
//   /* the description, a fact per line */
//   #ifndef STEM_H, #define STEM_H, #include <math.h> and <stdint.h>; at the end #endif
//   per tensor:
//     /* name, axes, shape, type, range, columns */
//     #define STEM_TENSOR_AXIS 196                         the size of each axis
//     static const float STEM_TENSOR[196][768] = { {...}, ... };
//
// STEM is the file's name. f64 is double; integers are those of <stdint.h>; a truth value is a uint8_t (C's bool and C++'s are not one type);
// f16 and bf16 are their bits in a uint16_t, which every compiler has; a complex number is an array of two. Each number is the shortest
// decimal that a compiler reads back as the stored value. Infinities and NaN are the macros of <math.h> (ISO C99, 7.12).

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"
#include "core/stream.h"
#include "core/text.h"
#include "formats/format.h"
#include "formats/support/nested.h"
#include "formats/support/number_text.h"
#include "formats/support/values.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPerLine = 8;   ///< numbers

std::string upper(std::string text) {
  for (char& c : text) c = 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// Letters and digits, with one underscore for whatever stands between them: two in a row, or one in front, C++ keeps for itself.
std::string identifier(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool is_kept = ('0' <= c && c <= '9') || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z');
    if (is_kept) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  if (name.ends_with('_')) name.pop_back();
  return name.empty() || ('0' <= name.front() && name.front() <= '9') ? "table_" + name : name;
}

/// The names of one file: each once, none that C or C++ has taken.
class Names {
 public:
  std::string take(std::string name) {
    // Ours hold an underscore, which few keywords do; *_t are types.
    static const std::set<std::string> kKeywords{"const_cast", "dynamic_cast", "reinterpret_cast", "static_cast", "static_assert", "thread_local",
                                                 "co_await", "co_return", "co_yield", "and_eq", "not_eq", "or_eq", "xor_eq"};
    if (kKeywords.contains(name) || name.ends_with("_t")) name += "_table";
    std::string free = name;
    for (int number = 2; !taken_.insert(free).second; ++number) free = fmt::format("{}_{}", name, number);
    return free;
  }

 private:
  std::set<std::string> taken_;
};

/// A line of a comment, in which no comment starts or ends, and no line.
void append_line(std::string& comment, const std::string& text) {
  comment += " * ";
  for (char c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
    if ((c == '/' && comment.back() == '*') || (c == '*' && comment.back() == '/')) comment += ' ';
    comment += c;
  }
  comment.erase(comment.find_last_not_of(' ') + 1);
  comment += '\n';
}

bool is_word(const Json& value) {
  return value.is_primitive() && !(value.is_string() && value.get_ref<const std::string&>().find(' ') != std::string::npos);
}

std::string words(const Json& value) {
  if (value.is_null()) return "none";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::vector<std::string> parts;
  for (const Json& part : value) parts.push_back(words(part));
  return join(parts, ", ");
}

/// An object as lines "key: value"; lists of sentences have a line each.
void append_facts(std::string& comment, const Json& facts, const std::string& indent) {
  for (const auto& [key, value] : facts.items()) {
    const bool is_short = value.is_array() ? std::all_of(value.begin(), value.end(), is_word) : value.is_primitive();
    append_line(comment, indent + key + (is_short ? ": " + words(value) : ":"));
    if (is_short) continue;
    if (value.is_object()) append_facts(comment, value, indent + "  ");
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) append_line(comment, indent + "  " + words(value[i]));
  }
}

struct ElementType {
  std::string c;         ///< the type in C
  std::string meaning;   ///< where the type does not say it
};

ElementType element_type(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return {"double", ""};
    case Dtype::f32: return {"float", ""};
    case Dtype::f16: return {"uint16_t", "the bits of IEEE 754 binary16 (half precision)"};
    case Dtype::bf16: return {"uint16_t", "the bits of bfloat16: the upper half of a float's"};
    case Dtype::c64: return {"float", "[0] is the real part, [1] the imaginary part"};
    case Dtype::c128: return {"double", "[0] is the real part, [1] the imaginary part"};
    case Dtype::boolean: return {"uint8_t", "1 is true, 0 is false"};
    default: break;
  }
  const std::string word(name(dtype));   // i32 is int32_t
  return {(word.front() == 'u' ? "uint" : "int") + word.substr(1) + "_t", ""};
}

bool is_half(Dtype dtype) { return dtype == Dtype::f16 || dtype == Dtype::bf16; }

/// The numbers of a block as C writes them.
class Literals {
 public:
  Literals(Block& block, Dtype dtype) : dtype_(dtype), numbers_(block, dtype) {
    if (is_half(dtype)) block.elements(elements_);
  }

  std::size_t size() const { return numbers_.size(); }

  void append(std::string& text, std::size_t i) const {
    if (is_half(dtype_)) return append_bits(text, i);
    if (is_integer(dtype_) || dtype_ == Dtype::boolean) return append_integer(text, i);
    const double value = numbers_.value(i);
    if (std::isnan(value)) {
      text += "NAN";
    } else if (std::isinf(value)) {
      text += value < 0 ? "-INFINITY" : "INFINITY";
    } else {
      const std::size_t start = text.size();
      numbers_.append(text, i);
      if (text.find_first_of(".e", start) == std::string::npos) text += ".0";
      if (dtype_ == Dtype::f32 || dtype_ == Dtype::c64) text += 'f';
    }
  }

 private:
  void append_bits(std::string& text, std::size_t i) const {
    text += fmt::format("0x{:02x}{:02x}", static_cast<unsigned>(elements_[2 * i + 1]), static_cast<unsigned>(elements_[2 * i]));
  }

  void append_integer(std::string& text, std::size_t i) const {
    const std::size_t start = text.size();
    numbers_.append(text, i);
    // A minus sign stands before a positive literal, for which the smallest number of a type is too large.
    if (std::string_view(text).substr(start) == "-9223372036854775808") text.replace(start, text.npos, "-9223372036854775807 - 1");
    if (std::string_view(text).substr(start) == "-2147483648") text.replace(start, text.npos, "-2147483647 - 1");
    if (dtype_ == Dtype::u64 || dtype_ == Dtype::u32) text += 'u';
  }

  Dtype dtype_;
  BlockText numbers_;
  std::vector<std::byte> elements_;
};

void write_numbers(const Document& document, const Tensor& tensor, Sink& sink) {
  const std::vector<Index> shape = nested_shape(tensor);
  const Index width = tensor.row_width();
  const auto encode_block = [&](Block& block, std::vector<std::byte>& bytes) {
    const Literals literals(block, tensor.dtype);
    std::string text;
    for (std::size_t i = 0; i < literals.size(); ++i) {
      const Index at = block.first_row() * width + static_cast<Index>(i);
      if (at > 0) text += at % width == 0 ? ",\n" : at % width % static_cast<Index>(kPerLine) == 0 ? ",\n " : ", ";
      append_brackets(text, shape, at, '{');
      literals.append(text, i);
      append_brackets(text, shape, at + 1, '}');
    }
    const auto view = std::as_bytes(std::span(text));
    bytes.assign(view.begin(), view.end());
  };
  stream(tensor, document.threads, encode_block, [&](std::span<const std::byte> bytes) { sink.write(bytes); });
}

/// Everything before the numbers of a tensor.
std::string declaration(const Tensor& tensor, const std::string& array, Names& names) {
  const ElementType type = element_type(tensor.dtype);
  Json facts = describe_tensor(tensor, tensor.dtype, "");
  if (!type.meaning.empty()) facts["values"] = type.meaning;
  std::string text = "\n/*\n";
  append_facts(text, facts, "");
  text += " */\n";
  for (const Axis& axis : tensor.axes) text += fmt::format("#define {} {}\n", names.take(upper(array + "_" + identifier(axis.name))), axis.size);
  text += fmt::format("static const {} {}", type.c, array);
  for (const Index size : nested_shape(tensor)) text += fmt::format("[{}]", size);
  return text + " =\n";
}

std::string opening(const Document& document, const std::string& guard) {
  std::string text = "/*\n";
  append_line(text, "For C99, C++11 and later. Each table is a static const array of its shape; the sizes of its axes are macros.");
  append_facts(text, *document.description, "");
  text += " */\n";
  return text + fmt::format("#ifndef {0}\n#define {0}\n\n#include <math.h>\n#include <stdint.h>\n", guard);
}

void check(const Tensor& tensor) {
  if (tensor.elements() > 0) return;
  throw Error(fmt::format("{} is {}, and C has no arrays without elements; .npy and .bin can hold it", tensor.name, shape_text(tensor)));
}

std::vector<std::string> write(const Document& document, Sink& sink) {
  const std::string stem = identifier(document.stem);
  Names names;
  sink.write(opening(document, names.take(upper(stem) + "_H")));
  std::vector<std::string> digests;
  for (const Tensor& tensor : document.tensors) {
    sink.write(declaration(tensor, names.take(identifier(stem + "_" + tensor.name)), names));
    write_numbers(document, tensor, sink);
    sink.write(std::string_view(";\n"));
    digests.push_back(digest_values(document, tensor, tensor.dtype));
    if (document.digest) sink.write(fmt::format("/* sha256 of these values, little-endian: {} */\n", digests.back()));
  }
  sink.write(std::string_view("\n#endif\n"));
  return digests;
}

}  // namespace

Format h() {
  const auto same = [](Dtype dtype) { return dtype; };
  return {"h", "all tensors as constant arrays of C and C++, with the description", {".h"}, true, same, write, nullptr, nullptr, check};
}

}  // namespace pe
