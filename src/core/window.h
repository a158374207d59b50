#pragma once
#include <string>

#include "core/bias_table.h"

namespace pe {

inline constexpr double kMaxWindow = 1024;   ///< cells on a side; beyond it no table is meant

/// A window of attention, and where the relative position of two of its cells (row-major) stands in a bias table:
/// with dh, dw = query minus key, at (dh + height-1) * (2 width-1) + dw + width-1.
/// With a class token in front of the cells, three more rows follow: class to any key, any query to class, class to class.
struct Window {
  Index height = 0, width = 0;
  bool class_token = false;

  Index tokens() const { return height * width + (class_token ? 1 : 0); }
  Index offsets() const { return (2 * height - 1) * (2 * width - 1); }
  Index table_rows() const { return offsets() + (class_token ? 3 : 0); }
};

/// The window that an option gives. Throws Error unless it has two sides.
Window window_of(const std::string& option, const Grid& grid);

/// `relative_position_index` [query, key] i64: the row of the bias table of each pair.
Tensor window_index(const Window& window);

/// `relative_position_bias` [head, query, key * repeat]: the table's value at each pair's row, each key `repeat` times in place.
/// The table [offset, head] is asked for when the bias first is.
Tensor window_bias(const Window& window, const Tensor& table, Index repeat, Dtype dtype);

}  // namespace pe
