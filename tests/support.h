#pragma once
// What the tests share: opening a scheme by words, refusals, looking at rows and values, bytes in memory.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
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
Tensor opened(const std::string& scheme, const std::string& tensor, const Settings& settings = {}, const std::string& like = "");

/// The same as numbers.
Values table(const std::string& scheme, const std::string& tensor, const Settings& settings = {}, const std::string& like = "");

/// A setting of a FILE option, without a file.
Setting given(const std::string& option, std::vector<Index> shape, Values values);

std::vector<double> rows(const Tensor& t, Index first, Index count);

/// The whole tensor, every row filled by itself.
std::vector<double> row_by_row(const Tensor& t);

/// The values after one rounding to `dtype`: what a file holds.
std::vector<double> stored(const std::vector<double>& values, Dtype dtype);

/// The message of the Error that `act` throws; "" when it throws none.
std::string message_of(const std::function<void()>& act);

/// What a scheme says when it refuses these settings; "" when it does not.
std::string refusal(const std::string& scheme, const Settings& settings, const std::string& like = "");

void expect_near(const Values& found, const Values& expected, double tolerance);

bool is_malformed(const std::function<void()>& act);

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
Bytes as_bytes(const std::string& text);

/// A description as small as a run's can be.
const nlohmann::ordered_json& small_description();

/// The file that a format makes of these tensors.
std::string written(const std::string& format, std::vector<Tensor> tensors, bool patches = true, int threads = 1);

/// The tensors that a format reads in a file of these bytes.
std::vector<Tensor> read_back(const std::string& format, const std::string& text);

/// Reads every value as well: a reader may leave them for later.
void read_all(const std::string& format, const std::string& text);

/// What a format says when it refuses a file, behind "not a valid .FORMAT: "; "" when it reads it, "not malformed" when it is refused as
/// something else.
std::string file_refusal(const std::string& format, const std::string& text);

/// 0, 1, 2, ... 99, 0, ... in a tensor of this shape; 0, 1, 0, ... in one of truth values.
Tensor counting_tensor(const std::vector<Index>& shape, Dtype dtype = Dtype::f32, const std::string& name = "table");

}  // namespace pe
