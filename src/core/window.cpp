#include "core/window.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>

#include "core/axes.h"

namespace pe {
namespace {

/// Fills rows (head, query) of a bias from its table.
class WindowRows {
 public:
  WindowRows(const Window& window, Tensor table, Index repeat) : window_(window), table_(std::move(table)), repeat_(repeat) {}

  void fill(Index row, std::span<double> out) const {
    std::call_once(prepared_, [this] { prepare(); });
    const auto width = static_cast<std::size_t>(window_.tokens() * repeat_);
    for (; !out.empty(); out = out.subspan(width), ++row) {
      const double* table = heads_[static_cast<std::size_t>(row / window_.tokens())].data();
      fill_keys(table, row % window_.tokens(), out.data());
      if (repeat_ > 1) spread(out.data());
    }
  }

 private:
  void prepare() const {
    const BiasTable table{table_.rows(), table_.columns_count(), values(table_)};
    for (Index head = 0; head < table.heads; ++head) {
      std::vector<double> values = head_values(table, head);
      std::reverse(values.begin(), values.begin() + window_.offsets());   // a step to the next key is one row of the table back
      heads_.push_back(std::move(values));
    }
  }

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
  Tensor table_;
  Index repeat_;
  mutable std::once_flag prepared_;
  mutable std::vector<std::vector<double>> heads_;
};

Tensor window_tensor(const char* name, const Window& window, const Tensor& table, Index repeat) {
  Tensor tensor;
  tensor.name = name;
  tensor.axes = {{"head", table.columns_count()}, {"query", window.tokens()}, {"key", checked_product(window.tokens(), repeat, name)}};
  tensor.range = table.range;
  const auto rows = std::make_shared<const WindowRows>(window, table, repeat);
  tensor.fill = [rows](Index first_row, std::span<double> out) { rows->fill(first_row, out); };
  return tensor;
}

}  // namespace

Window window_of(const std::string& option, const Grid& grid) {
  require_plane(option, grid);
  return {grid.sizes[0], grid.sizes[1]};
}

Tensor window_index(const Window& window) {
  std::vector<double> rows(static_cast<std::size_t>(window.table_rows()));
  std::iota(rows.begin(), rows.end(), 0.0);
  const Tensor numbers = bias_tensor({window.table_rows(), 1, std::move(rows)}, Dtype::i64);
  Tensor tensor = window_tensor("relative_position_index", window, numbers, 1);
  tensor.axes.erase(tensor.axes.begin());   // the one head
  tensor.dtype = Dtype::i64;
  return tensor;
}

Tensor window_bias(const Window& window, const Tensor& table, Index repeat, Dtype dtype) {
  Tensor tensor = window_tensor("relative_position_bias", window, table, repeat);
  tensor.dtype = dtype;
  return tensor;
}

}  // namespace pe
