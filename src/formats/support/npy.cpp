// The header of .npy, which .npz entries share.

#include "formats/support/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/text.h"
#include "formats/support/little_endian.h"
#include "formats/support/values.h"

namespace pe {
namespace {

constexpr std::string_view kFormat = "npy";
constexpr std::string_view kMagic = "\x93NUMPY";

struct Descr {
  std::string_view text;
  Dtype dtype;
};
constexpr std::array<Descr, 14> kDescrs{{{"f8", Dtype::f64}, {"f4", Dtype::f32}, {"f2", Dtype::f16}, {"i8", Dtype::i64}, {"i4", Dtype::i32},
                                         {"i2", Dtype::i16}, {"i1", Dtype::i8}, {"u8", Dtype::u64}, {"u4", Dtype::u32}, {"u2", Dtype::u16},
                                         {"u1", Dtype::u8}, {"b1", Dtype::boolean}, {"c8", Dtype::c64}, {"c16", Dtype::c128}}};

[[noreturn]] void malformed(const std::string& what) { pe::malformed(kFormat, what); }

std::string descr_of(Dtype dtype) {
  for (const Descr& descr : kDescrs) {
    if (descr.dtype == dtype) return fmt::format("{}{}", size_of(dtype) == 1 ? '|' : '<', descr.text);
  }
  return descr_of(npy_stored(dtype));
}

/// "(3, 4)", "(3,)", "()": a Python tuple.
std::string tuple(const std::vector<Index>& shape) {
  std::vector<std::string> sizes;
  for (const Index size : shape) sizes.push_back(std::to_string(size));
  return "(" + join(sizes, ", ") + (shape.size() == 1 ? ",)" : ")");
}

struct Header {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<Index>> shape;
};

/// Reads the dict literal of the header; only what numpy writes there is accepted.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : rest_(text) {}

  Header parse() {
    Header header;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !header.descr) {
        header.descr = descr();
      } else if (key == "fortran_order" && !header.fortran_order) {
        header.fortran_order = boolean();
      } else if (key == "shape" && !header.shape) {
        header.shape = shape();
      } else {
        malformed(fmt::format("header key '{}' is unknown or repeated", key));
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!rest_.empty()) malformed("text behind the header's dict");
    if (!header.descr || !header.fortran_order || !header.shape) malformed("the header lacks descr, fortran_order or shape");
    return header;
  }

 private:
  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }

  bool accept(char c) {
    skip_space();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) malformed(fmt::format("the header has no '{}' where one belongs", c));
  }

  std::string quoted() {
    skip_space();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) malformed("the header has no string where one belongs");
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) malformed("the header has a string without an end");
    const std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::string descr() {
    skip_space();
    if (!rest_.empty() && rest_.front() == '[') malformed("structured arrays (a descr that is a list) are not tables of numbers");
    return quoted();
  }

  bool boolean() {
    skip_space();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return value;
      }
    }
    malformed("fortran_order is neither True nor False");
  }

  std::vector<Index> shape() {
    std::vector<Index> sizes;
    expect('(');
    while (!accept(')')) {
      skip_space();
      Index size = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (error != std::errc() || size < 0) malformed("the shape holds something that is not a size");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      sizes.push_back(size);
      if (accept(',')) continue;
      if (sizes.size() == 1) malformed("the shape is a number, not a tuple");
      expect(')');
      break;
    }
    return sizes;
  }

  std::string_view rest_;
};

/// Sets type and byte order. numpy's ml_dtypes stores bf16 as 2-byte voids.
void set_type(const std::string& descr, StoredArray& array) {
  if (descr.ends_with("O")) malformed("it holds Python objects (pickle), which are never read");
  const std::string_view type = std::string_view(descr).substr(descr.empty() ? 0 : 1);
  const char order = descr.empty() ? ' ' : descr.front();
  if (type == "V2") {
    array.stored = Dtype::bf16;
    return;
  }
  for (const Descr& known : kDescrs) {
    if (type == known.text && (order == '<' || order == '>' || order == '|' || order == '=')) {
      array.stored = known.dtype;
      array.swapped = order == '>' && size_of(known.dtype) > 1;
      return;
    }
  }
  malformed(fmt::format("values of type '{}' are not numbers this program knows", descr));
}

/// What the header of a file says of its values, without them, and where they start.
struct Layout {
  StoredArray array;
  std::size_t start = 0;
};

/// Reads the header at the start of a file of `file_size` bytes, whose size must be what the shape says.
Layout read_layout(std::span<const std::byte> head, std::size_t file_size) {
  const std::string_view all(reinterpret_cast<const char*>(head.data()), head.size());
  if (all.size() < 10 || !all.starts_with(kMagic)) malformed("it does not start with \\x93NUMPY and a version");
  const int major = all[6];
  if (major < 1 || major > 3) malformed(fmt::format("version {} is unknown", major));
  const std::size_t length_bytes = major == 1 ? 2 : 4, text_start = 8 + length_bytes;
  if (all.size() < text_start) malformed("it ends inside the header");
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length |= static_cast<std::size_t>(static_cast<unsigned char>(all[8 + i])) << (8 * i);
  if (length > all.size() - text_start) malformed("it ends inside the header");
  const Header header = HeaderParser(all.substr(text_start, length)).parse();

  Layout layout{{{}, *header.shape, Dtype::f32, false, *header.fortran_order}, text_start + length};
  set_type(*header.descr, layout.array);
  const Index size = bytes_of_shape(kFormat, *header.shape, static_cast<Index>(size_of(layout.array.stored)));
  const auto found = static_cast<Index>(file_size - layout.start);
  if (size == found) return layout;
  malformed(fmt::format("the shape {} of {} needs {} bytes of values, found {}", tuple(*header.shape), *header.descr, size, found));
}

}  // namespace

Dtype npy_stored(Dtype dtype) { return dtype == Dtype::bf16 ? Dtype::f32 : dtype; }

std::string npy_header(const std::vector<Index>& shape, Dtype stored) {
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descr_of(stored), tuple(shape));
  // numpy leaves room to let the first size grow to 21 digits in place, then pads to 64 with at least the newline.
  if (!shape.empty()) text.append(21 - std::to_string(shape.front()).size(), ' ');
  const std::size_t fixed = kMagic.size() + 4;
  const bool is_long = text.size() + 65 > 0xffff;
  const std::size_t start = fixed + (is_long ? 2 : 0);
  text.append(64 - (start + text.size() + 1) % 64, ' ').append("\n");
  std::string header(kMagic);
  header += is_long ? '\2' : '\1';
  header += '\0';
  for (int shift = 0; shift < (is_long ? 32 : 16); shift += 8) header += static_cast<char>(text.size() >> shift & 0xff);
  return header + text;
}

void check_npy_size(std::span<const std::byte> head, Index size) { read_layout(head, static_cast<std::size_t>(size)); }

Tensor read_npy(const Bytes& bytes, const std::string& name) {
  auto [array, start] = read_layout(bytes.data, bytes.data.size());
  array.bytes = bytes.part(start, bytes.data.size() - start);
  return stored_tensor(name, std::move(array));
}

}  // namespace pe
