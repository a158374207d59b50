#include "core/sinusoid.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <memory>
#include <utility>

namespace pe {
namespace {

/// Columns first, first + stride, ... of a row that take consecutive frequencies of one axis and one function.
struct Run {
  WaveColumn from;
  Index first = 0, count = 0, stride = 1;

  bool continues_with(const WaveColumn& column, Index at) const {
    const bool same = column.wave == from.wave && column.axis == from.axis && column.frequency == from.frequency + static_cast<std::size_t>(count);
    return same && (count == 1 || at == first + count * stride);
  }
};

/// The fewest runs that greedily cover the columns; a column without a run stays zero.
std::vector<Run> runs_of(const std::vector<WaveColumn>& columns) {
  std::vector<Run> runs;
  for (Index at = 0; at < static_cast<Index>(columns.size()); ++at) {
    const WaveColumn& column = columns[static_cast<std::size_t>(at)];
    if (column.wave == Wave::zero) continue;
    // Only the latest run of the same function and axis can go on, so looking back over a few runs is enough.
    const auto run = std::find_if(runs.rbegin(), runs.rend(), [&](const Run& r) { return r.from.wave == column.wave && r.from.axis == column.axis; });
    if (run != runs.rend() && run->continues_with(column, at)) {
      if (run->count == 1) run->stride = at - run->first;
      ++run->count;
    } else {
      runs.push_back({column, at, 1, 1});
    }
  }
  return runs;
}

void copy_run(const Run& run, const double* source, double gain, double* row) {
  source += run.from.frequency;
  row += run.first;
  if (run.stride == 1) {
    std::copy_n(source, run.count, row);
  } else if (run.stride == 2) {   // a constant stride lets the compiler unroll
    for (Index k = 0; k < run.count; ++k) row[2 * k] = source[k];
  } else {
    for (Index k = 0; k < run.count; ++k) row[run.stride * k] = source[k];
  }
  if (gain == 1) return;
  for (Index k = 0; k < run.count; ++k) row[run.stride * k] *= gain;
}

/// A WaveTable made ready to give rows.
class WaveRows {
 public:
  explicit WaveRows(WaveTable table) : table_(std::move(table)), runs_(runs_of(table_.columns)), width_(static_cast<Index>(table_.columns.size())) {
    const bool is_grid = table_.axes.size() > 1 && !table_.aligned;
    for (WaveAxis& axis : table_.axes) {
      axes_.push_back(std::make_unique<SinCosRows>(axis.frequencies, axis.positions, table_.arithmetic, is_grid));
      const Index count = axes_.back()->count();
      assert(!table_.aligned || axes_.size() == 1 || count == cells_);
      cells_ = table_.aligned ? count : checked_product(cells_, count, "the grid is too large");
      axis.positions.list.clear();
    }
    has_zero_columns_ = std::any_of(table_.columns.begin(), table_.columns.end(), [](const WaveColumn& c) { return c.wave == Wave::zero; });
  }

  Index rows() const { return table_.prefix + cells_; }

  void fill(Index first_row, std::span<double> out) const {
    std::vector<SinCosRows::Cursor> cursors;
    for (const auto& axis : axes_) cursors.emplace_back(*axis);
    for (double* row = out.data(); row != out.data() + out.size(); row += width_, ++first_row) {
      const bool is_prefix = first_row < table_.prefix, is_zero = first_row == table_.zero_row;
      if (is_prefix || is_zero || has_zero_columns_) std::fill_n(row, width_, 0.0);
      if (is_prefix && table_.prefix_wave == Wave::cos) fill_angle_zero(row);
      if (is_prefix || is_zero) continue;
      move_to_cell(first_row - table_.prefix, cursors);
      for (const Run& run : runs_) {
        const SinCosRows::Cursor& cursor = cursors[run.from.axis];
        copy_run(run, run.from.wave == Wave::sin ? cursor.sin() : cursor.cos(), table_.gain, row);
      }
    }
  }

  /// One entry per element: of a complex element the real part speaks for both.
  std::vector<Column> columns(int components) const {
    std::vector<Column> all;
    for (std::size_t i = 0; i < table_.columns.size(); i += static_cast<std::size_t>(components)) {
      const WaveColumn& column = table_.columns[i];
      if (column.wave == Wave::zero) {
        all.push_back({"zero", "", 0, 0});
        continue;
      }
      const WaveAxis& axis = table_.axes[column.axis];
      const char* function = components == 2 ? "cos + i sin" : column.wave == Wave::sin ? "sin" : "cos";
      all.push_back({function, axis.name, static_cast<Index>(column.frequency), static_cast<double>(axis.frequencies[column.frequency] * axis.positions.scale)});
    }
    return all;
  }

 private:
  void fill_angle_zero(double* row) const {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) row[i] = table_.columns[i].wave == Wave::cos ? table_.gain : 0.0;
  }

  void move_to_cell(Index cell, std::vector<SinCosRows::Cursor>& cursors) const {
    if (table_.reversed) cell = cells_ - 1 - cell;
    if (table_.aligned) {
      for (SinCosRows::Cursor& cursor : cursors) cursor.load(cell);
      return;
    }
    for (std::size_t a = axes_.size(); a-- > 0;) {
      cursors[a].load(cell % axes_[a]->count());
      cell /= axes_[a]->count();
    }
  }

  WaveTable table_;
  std::vector<Run> runs_;
  std::vector<std::unique_ptr<SinCosRows>> axes_;
  Index width_;
  Index cells_ = 1;
  bool has_zero_columns_ = false;
};

}  // namespace

std::vector<WaveColumn> wave_columns(const std::string& layout, const std::vector<std::size_t>& axis_order, Index n, bool cos_first) {
  const Wave waves[] = {cos_first ? Wave::cos : Wave::sin, cos_first ? Wave::sin : Wave::cos};
  const auto count = static_cast<std::size_t>(n);
  std::vector<WaveColumn> columns;
  const auto add_block = [&](Wave wave, std::size_t axis) {
    for (std::size_t i = 0; i < count; ++i) columns.push_back({wave, axis, i});
  };
  if (layout == "grouped") {
    for (const Wave wave : waves) {
      for (const std::size_t axis : axis_order) add_block(wave, axis);
    }
    return columns;
  }
  for (const std::size_t axis : axis_order) {
    if (layout == "interleaved") {
      for (std::size_t i = 0; i < 2 * count; ++i) columns.push_back({waves[i % 2], axis, i / 2});
    } else {
      for (const Wave wave : waves) add_block(wave, axis);
    }
  }
  return columns;
}

namespace {

/// Positions of the rows of a table with one axis; the rows of a grid are numbered cells.
std::optional<Places> row_places(const WaveTable& table) {
  if (table.axes.size() != 1) return Places{0, 1, table.prefix};
  const Positions& positions = table.axes.front().positions;
  if (!positions.list.empty()) return std::nullopt;
  if (!table.reversed) return Places{positions.first, positions.step, table.prefix};
  return Places{positions.first + static_cast<double>(positions.count - 1) * positions.step, -positions.step, table.prefix};
}

}  // namespace

Tensor wave_tensor(std::string name, std::string row_name, WaveTable table, Dtype dtype) {
  Tensor tensor;
  const Index width = static_cast<Index>(table.columns.size()) / components(dtype);
  const double bound = std::fabs(table.gain);
  const std::optional<Places> places = row_places(table);
  const auto rows = std::make_shared<const WaveRows>(std::move(table));
  tensor.name = std::move(name);
  tensor.axes = {{std::move(row_name), rows->rows(), places}, {"channel", width}};
  tensor.dtype = dtype;
  tensor.range = Range{-bound, bound};
  tensor.fill = [rows](Index first_row, std::span<double> out) { rows->fill(first_row, out); };
  tensor.columns = [rows, parts = components(dtype)] { return rows->columns(parts); };
  return tensor;
}

}  // namespace pe
