#pragma once
// What the tests share: opening a scheme by words, refusals, looking at rows and values, bytes in memory.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/scheme.h"
#include "core/sink.h"
#include "formats/format.h"

namespace pe {

using Settings = std::vector<Setting>;
using Values = std::vector<double>;

/// The tensor of that name of a scheme opened with these settings.
inline Tensor opened(const std::string& scheme, const std::string& tensor, const Settings& settings = {}, const std::string& like = "") {
  for (Tensor& made : find_scheme(scheme).open(like, settings).tables.tensors) {
    if (made.name == tensor) return std::move(made);
  }
  throw std::logic_error(scheme + " has no tensor " + tensor);
}

/// The same as numbers.
inline Values table(const std::string& scheme, const std::string& tensor, const Settings& settings = {}, const std::string& like = "") {
  return values(opened(scheme, tensor, settings, like));
}

/// A setting of a FILE option, without a file.
inline Setting given(const std::string& option, std::vector<Index> shape, Values values) {
  return {option, "test.npy", std::make_shared<const Array>(Array{std::move(shape), std::move(values), "test.npy"})};
}

inline std::vector<double> rows(const Tensor& t, Index first, Index count) {
  std::vector<double> out(static_cast<std::size_t>(count * t.row_width()));
  t.fill(first, out);
  return out;
}

/// The whole tensor, every row filled by itself.
inline std::vector<double> row_by_row(const Tensor& t) {
  std::vector<double> all;
  for (Index row = 0; row < t.rows(); ++row) {
    const std::vector<double> one = rows(t, row, 1);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

/// The values after one rounding to `dtype`: what a file holds.
inline std::vector<double> stored(const std::vector<double>& values, Dtype dtype) {
  std::vector<std::byte> bytes(values.size() / static_cast<std::size_t>(components(dtype)) * size_of(dtype));
  std::vector<double> back(values.size());
  encode(values, dtype, bytes);
  decode(bytes, dtype, back);
  return back;
}

/// The message of the Error that `act` throws; "" when it throws none.
inline std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// What a scheme says when it refuses these settings; "" when it does not.
inline std::string refusal(const std::string& scheme, const Settings& settings, const std::string& like = "") {
  return message_of([&] { find_scheme(scheme).open(like, settings); });
}

inline void expect_near(const Values& found, const Values& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], expected[i], tolerance) << "value " << i;
}

inline bool is_malformed(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.kind() == ErrorKind::malformed;
  }
  return false;
}

/// Bytes in memory. Without patching it behaves like a pipe.
class MemorySink : public Sink {
 public:
  explicit MemorySink(bool patches = true) : patches_(patches) {}
  using Sink::write;
  void write(std::span<const std::byte> bytes) override { text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); }
  bool can_patch() const override { return patches_; }
  void patch(Index offset, std::span<const std::byte> bytes) override {
    std::copy_n(reinterpret_cast<const char*>(bytes.data()), bytes.size(), text.begin() + offset);
  }

  std::string text;

 private:
  bool patches_;
};

/// The text as a file's bytes, with nothing behind the last that could be read unnoticed.
inline Bytes as_bytes(const std::string& text) {
  const auto view = std::as_bytes(std::span(text));
  const auto owner = std::make_shared<const std::vector<std::byte>>(view.begin(), view.end());
  return {owner, *owner};
}

/// A description as small as a run's can be.
inline const nlohmann::ordered_json& small_description() {
  static const nlohmann::ordered_json description{{"scheme", "test"}};
  return description;
}

/// The file that a format makes of these tensors.
inline std::string written(const std::string& format, std::vector<Tensor> tensors, bool patches = true, int threads = 1) {
  MemorySink sink(patches);
  find_format(format).write({std::move(tensors), &small_description(), threads, false}, sink);
  return sink.text;
}

/// The tensors that a format reads in a file of these bytes.
inline std::vector<Tensor> read_back(const std::string& format, const std::string& text) {
  std::vector<Tensor> tensors;
  for (const StoredTable& table : find_format(format).read(as_bytes(text)).tables) tensors.push_back(table.open());
  return tensors;
}

/// Reads every value as well: a reader may leave them for later.
inline void read_all(const std::string& format, const std::string& text) {
  for (const Tensor& t : read_back(format, text)) values(t);
}

/// 0, 1, 2, ... 99, 0, ... in a tensor of this shape; 0, 1, 0, ... in one of truth values.
inline Tensor counting_tensor(const std::vector<Index>& shape, Dtype dtype = Dtype::f32, const std::string& name = "table") {
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
