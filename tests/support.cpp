#include "support.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace pe {

Tensor opened(const std::string& scheme, const std::string& tensor, const Settings& settings, const std::string& like) {
  for (Tensor& made : find_scheme(scheme).open(like, settings).tables.tensors) {
    if (made.name == tensor) return std::move(made);
  }
  throw std::logic_error(scheme + " has no tensor " + tensor);
}

Values table(const std::string& scheme, const std::string& tensor, const Settings& settings, const std::string& like) {
  return values(opened(scheme, tensor, settings, like));
}

Setting given(const std::string& option, std::vector<Index> shape, Values values) {
  return {option, "test.npy", std::make_shared<const Array>(Array{std::move(shape), std::move(values), "test.npy"})};
}

std::vector<double> rows(const Tensor& t, Index first, Index count) {
  std::vector<double> out(static_cast<std::size_t>(count * t.row_width()));
  t.fill(first, out);
  return out;
}

std::vector<double> row_by_row(const Tensor& t) {
  std::vector<double> all;
  for (Index row = 0; row < t.rows(); ++row) {
    const std::vector<double> one = rows(t, row, 1);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

std::vector<double> stored(const std::vector<double>& values, Dtype dtype) {
  std::vector<std::byte> bytes(values.size() / static_cast<std::size_t>(components(dtype)) * size_of(dtype));
  std::vector<double> back(values.size());
  encode(values, dtype, bytes);
  decode(bytes, dtype, back);
  return back;
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string refusal(const std::string& scheme, const Settings& settings, const std::string& like) {
  return message_of([&] { find_scheme(scheme).open(like, settings); });
}

void expect_near(const Values& found, const Values& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], expected[i], tolerance) << "value " << i;
}

bool is_malformed(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.kind() == ErrorKind::malformed;
  }
  return false;
}

Bytes as_bytes(const std::string& text) {
  const auto view = std::as_bytes(std::span(text));
  const auto owner = std::make_shared<const std::vector<std::byte>>(view.begin(), view.end());
  return {owner, *owner};
}

const nlohmann::ordered_json& small_description() {
  static const nlohmann::ordered_json description{{"scheme", "test"}};
  return description;
}

std::string written(const std::string& format, std::vector<Tensor> tensors, bool patches, int threads) {
  MemorySink sink(patches);
  find_format(format).write({std::move(tensors), &small_description(), threads, false}, sink);
  return sink.text;
}

std::vector<Tensor> read_back(const std::string& format, const std::string& text) {
  std::vector<Tensor> tensors;
  for (const StoredTable& table : find_format(format).read(as_bytes(text)).tables) tensors.push_back(table.open());
  return tensors;
}

void read_all(const std::string& format, const std::string& text) {
  for (const Tensor& t : read_back(format, text)) values(t);
}

std::string file_refusal(const std::string& format, const std::string& text) {
  try {
    read_all(format, text);
  } catch (const Error& error) {
    const std::string message = error.what(), start = "not a valid ." + format + ": ";
    if (error.kind() != ErrorKind::malformed) return "not malformed";
    return message.starts_with(start) ? message.substr(start.size()) : message;
  }
  return "";
}

Tensor counting_tensor(const std::vector<Index>& shape, Dtype dtype, const std::string& name) {
  std::vector<Axis> axes;
  std::size_t count = static_cast<std::size_t>(components(dtype));
  for (const Index size : shape) {
    axes.push_back({"axis", size});
    count *= static_cast<std::size_t>(size);
  }
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<double>(i % (dtype == Dtype::boolean ? 2 : 100));
  return held_tensor(name, std::move(axes), dtype, std::move(numbers));
}

}  // namespace pe
