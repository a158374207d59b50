// .csv: one array as text, without a header.
//
//   a line per row (every axis but the last is flattened into rows), its values between commas
//
// Each number is the shortest decimal that reads back as the stored value; a complex number is its real and its imaginary part in
// two columns. Read back: lines of equally many numbers, separated by commas; one column or one line is a 1-D array.

#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "core/error.h"
#include "core/stream.h"
#include "core/text.h"
#include "formats/format.h"
#include "formats/support/number_text.h"
#include "formats/support/values.h"

namespace pe {
namespace {

std::vector<std::string> write(const Document& document, Sink& sink) {
  const Tensor& tensor = document.tensors.front();
  const auto width = static_cast<std::size_t>(tensor.row_width());
  const auto encode_block = [&](Block& block, std::vector<std::byte>& bytes) {
    const BlockText numbers(block, tensor.dtype);
    std::string text;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers.append(text, i);
      text += (i + 1) % width == 0 ? '\n' : ',';
    }
    const auto view = std::as_bytes(std::span(text));
    bytes.assign(view.begin(), view.end());
  };
  stream(tensor, document.threads, encode_block, [&](std::span<const std::byte> bytes) { sink.write(bytes); });
  return {digest_values(document, tensor, tensor.dtype)};
}

[[noreturn]] void malformed(std::size_t line, const std::string& what) {
  throw Error(ErrorKind::malformed, fmt::format("not a table in .csv: line {} {}", line, what));
}

double read_number(std::string_view text, std::size_t line) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) malformed(line, fmt::format("holds '{}', which is not a number", text.substr(0, 40)));
  return number;
}

Contents read(const Bytes& bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data.data()), bytes.data.size());
  auto values = std::make_shared<std::vector<double>>();
  std::size_t columns = 0, rows = 0;
  for (const std::string& line : split(all, '\n')) {
    if (line.empty() || line == "\r") continue;
    ++rows;
    const std::vector<std::string> parts = split(line, ',');
    if (rows == 1) columns = parts.size();
    if (parts.size() != columns) malformed(rows, fmt::format("has {} values, the first has {}", parts.size(), columns));
    for (const std::string& part : parts) values->push_back(read_number(part, rows));
  }
  if (rows == 0) throw Error(ErrorKind::malformed, "not a table in .csv: it holds no values");
  std::vector<Index> shape{static_cast<Index>(rows), static_cast<Index>(columns)};
  if (rows == 1 || columns == 1) shape = {static_cast<Index>(values->size())};
  Bytes numbers;
  numbers.data = std::as_bytes(std::span(*values));
  numbers.owner = std::move(values);
  return one_table(stored_tensor("table", {std::move(numbers), shape, Dtype::f64}));
}

}  // namespace

Format csv() {
  return {"csv", "one array as text, a line per row", {".csv"}, false, [](Dtype dtype) { return dtype; }, write, read};
}

}  // namespace pe
