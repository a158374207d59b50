#include "core/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "core/error.h"

namespace pe {
namespace {

/// Fills rows (head, query) of a bias from its table.
class WindowRows {
 public:
  WindowRows(const Window& window, const BiasTable& table, Index repeat) : window_(window), repeat_(repeat) {
    for (Index head = 0; head < table.heads; ++head) {
      std::vector<double> values = head_values(table, head);
      std::reverse(values.begin(), values.begin() + window.offsets());   // a step to the next key is one row of the table back
      heads_.push_back(std::move(values));
    }
  }

  void fill(Index row, std::span<double> out) const {
    const auto width = static_cast<std::size_t>(window_.tokens() * repeat_);
    for (; !out.empty(); out = out.subspan(width), ++row) {
      const double* table = heads_[static_cast<std::size_t>(row / window_.tokens())].data();
      fill_keys(table, row % window_.tokens(), out.data());
      if (repeat_ > 1) spread(out.data());
    }
  }

 private:
  void fill_keys(const double* table, Index query, double* keys) const {
    const double* class_rows = table + window_.offsets();
    if (!window_.class_token) return fill_cells(table, query, keys);
    if (query > 0) {
      keys[0] = class_rows[1];
      return fill_cells(table, query - 1, keys + 1);
    }
    std::fill_n(keys, window_.tokens(), class_rows[0]);
    keys[0] = class_rows[2];
  }

  void fill_cells(const double* reversed, Index query, double* keys) const {
    const Index row_step = 2 * window_.width - 1;
    const Index query_row = query / window_.width, query_column = query % window_.width;
    const double* from = reversed + (window_.height - 1 - query_row) * row_step + window_.width - 1 - query_column;
    for (Index key_row = 0; key_row < window_.height; ++key_row) {
      std::copy_n(from + key_row * row_step, window_.width, keys + key_row * window_.width);
    }
  }

  /// a b c -> a a b b c c, from the back.
  void spread(double* keys) const {
    for (Index key = window_.tokens(); key-- > 0;) std::fill_n(keys + key * repeat_, repeat_, keys[key]);
  }

  Window window_;
  Index repeat_;
  std::vector<std::vector<double>> heads_;
};

Tensor window_tensor(const char* name, const Window& window, const BiasTable& table, Index repeat) {
  Tensor tensor;
  tensor.name = name;
  tensor.axes = {{"head", table.heads}, {"query", window.tokens()}, {"key", checked_product(window.tokens(), repeat, name)}};
  tensor.range = range_of(table.values);
  tensor.fill = [rows = std::make_shared<const WindowRows>(window, table, repeat)](Index first_row, std::span<double> out) { rows->fill(first_row, out); };
  return tensor;
}

}  // namespace

Window window_of(const std::string& what, const Grid& grid) {
  if (grid.sizes.size() != 2) throw Error(fmt::format("{} {} has {} sides; needs 2, or 1 for a square", what, grid.text(), grid.sizes.size()));
  return {grid.sizes[0], grid.sizes[1]};
}

Tensor window_index(const Window& window) {
  BiasTable numbers{window.table_rows(), 1, std::vector<double>(static_cast<std::size_t>(window.table_rows()))};
  std::iota(numbers.values.begin(), numbers.values.end(), 0.0);
  Tensor tensor = window_tensor("relative_position_index", window, numbers, 1);
  tensor.axes.erase(tensor.axes.begin());   // the one head
  tensor.dtype = Dtype::i64;
  return tensor;
}

Tensor window_bias(const Window& window, const BiasTable& table, Index repeat, Dtype dtype) {
  Tensor tensor = window_tensor("relative_position_bias", window, table, repeat);
  tensor.dtype = dtype;
  return tensor;
}

}  // namespace pe
