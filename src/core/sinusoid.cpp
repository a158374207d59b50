#include "core/sinusoid.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <memory>
#include <utility>

#include "core/text.h"

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

/// The run that the column goes on, or none. Repeated columns (c0 c0 c1 c1 ...) belong to two runs that grow together, so the older of
/// the latest two of the same function and axis goes first.
Run* run_before(std::vector<Run>& runs, const WaveColumn& column, Index at) {
  Run* found = nullptr;
  int asked = 0;
  for (auto run = runs.rbegin(); run != runs.rend() && asked < 2; ++run) {
    if (run->from.wave != column.wave || run->from.axis != column.axis) continue;
    ++asked;
    if (run->continues_with(column, at)) found = &*run;
  }
  return found;
}

/// The fewest runs that greedily cover the sines and cosines; a column without a run stays zero.
std::vector<Run> runs_of(const std::vector<WaveColumn>& columns) {
  std::vector<Run> runs;
  for (Index at = 0; at < static_cast<Index>(columns.size()); ++at) {
    const WaveColumn& column = columns[static_cast<std::size_t>(at)];
    if (column.wave == Wave::zero || column.wave == Wave::coordinate) continue;
    if (Run* const run = run_before(runs, column, at); run != nullptr) {
      if (run->count == 1) run->stride = at - run->first;
      ++run->count;
    } else {
      runs.push_back({column, at, 1, 1});
    }
  }
  return runs;
}

void copy_run(const Run& run, const double* source, double* row) {
  source += run.from.frequency;
  row += run.first;
  if (run.stride == 1) {
    std::copy_n(source, run.count, row);
  } else if (run.stride == 2) {   // a constant stride lets the compiler unroll
    for (Index k = 0; k < run.count; ++k) row[2 * k] = source[k];
  } else {
    for (Index k = 0; k < run.count; ++k) row[run.stride * k] = source[k];
  }
}

/// A WaveTable made ready to give rows.
class WaveRows {
 public:
  explicit WaveRows(WaveTable table) : table_(std::move(table)), runs_(runs_of(table_.columns)), width_(static_cast<Index>(table_.columns.size())) {
    const bool is_grid = table_.axes.size() > 1 && !table_.aligned;
    // A sum is a second rotation, which stays within the error of one when its factors are computed directly.
    const Arithmetic of_axes = table_.summed && table_.arithmetic == Arithmetic::rotated ? Arithmetic::direct : table_.arithmetic;
    for (WaveAxis& axis : table_.axes) {
      const bool is_called = static_cast<bool>(axis.position_of_row);
      axes_.push_back(std::make_unique<SinCosRows>(axis.frequencies, axis.positions, of_axes, is_grid || is_called));
      const Index count = is_called ? table_.aligned_rows : axes_.back()->count();
      assert(!table_.aligned || axes_.size() == 1 || count == cells_);
      cells_ = table_.aligned ? count : checked_product(cells_, count, "the grid is too large");
      axis.positions.list.clear();
    }
    if (table_.arithmetic == Arithmetic::framework) table_.gain = static_cast<double>(static_cast<float>(table_.gain));
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      has_zero_columns_ = has_zero_columns_ || table_.columns[i].wave == Wave::zero;
      if (table_.columns[i].wave == Wave::coordinate) coordinates_.push_back(i);
    }
  }

  Index rows() const { return table_.prefix + cells_; }

  void fill(Index first_row, std::span<double> out) const {
    std::vector<SinCosRows::Cursor> cursors;
    for (const auto& axis : axes_) cursors.emplace_back(*axis);
    SinCosSum sum;
    for (double* row = out.data(); row != out.data() + out.size(); row += width_, ++first_row) {
      const bool is_prefix = first_row < table_.prefix, is_zero = first_row == table_.zero_row;
      if (is_prefix || is_zero || has_zero_columns_) std::fill_n(row, width_, 0.0);
      if (is_prefix && table_.prefix_wave == Wave::cos) fill_angle_zero(row);
      if (is_prefix || is_zero) continue;
      move_to_cell(first_row - table_.prefix, cursors);
      if (table_.summed) sum.load(cursors[0], cursors[1], table_.arithmetic);
      for (const Run& run : runs_) {
        const SinCosRows::Cursor& cursor = cursors[run.from.axis];
        const double* sines = table_.summed ? sum.sin() : cursor.sin();
        const double* cosines = table_.summed ? sum.cos() : cursor.cos();
        copy_run(run, run.from.wave == Wave::sin ? sines : cosines, row);
        if (table_.gain != 1) multiply_run(run, row);
      }
      for (const std::size_t column : coordinates_) row[column] = cursors[table_.columns[column].axis].position();
    }
  }

  /// Of all values: sines and cosines, coordinates, and the zeros of padding.
  Range range() const {
    const bool has_zeros = has_zero_columns_ || table_.prefix > 0 || table_.zero_row;
    const double bound = runs_.empty() ? 0 : std::fabs(table_.gain);
    std::optional<Range> all;
    if (has_zeros || !runs_.empty()) all = Range{0 - bound, bound};
    for (const std::size_t column : coordinates_) {
      const Range extent = axes_[table_.columns[column].axis]->extent();
      all = all ? Range{std::min(all->low, extent.low), std::max(all->high, extent.high)} : extent;
    }
    return all.value_or(Range{});
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
      if (column.wave == Wave::coordinate) {
        all.push_back({"coordinate", axis.name, 0, 0});
        continue;
      }
      const char* function = components == 2 ? "cos + i sin" : column.wave == Wave::sin ? "sin" : "cos";
      if (table_.summed) {
        all.push_back({function, all_axes(), static_cast<Index>(column.frequency), steepest(column.frequency)});
      } else {
        all.push_back({function, axis.name, static_cast<Index>(column.frequency), radians(axis, column.frequency)});
      }
    }
    return all;
  }

 private:
  static double radians(const WaveAxis& axis, std::size_t frequency) {
    return static_cast<double>(axis.frequencies[frequency] * axis.positions.scale);
  }

  /// How fast a sum of angles grows in the direction in which it grows fastest.
  double steepest(std::size_t frequency) const {
    double squares = 0;
    for (const WaveAxis& axis : table_.axes) squares += radians(axis, frequency) * radians(axis, frequency);
    return std::sqrt(squares);
  }

  std::string all_axes() const {
    std::vector<std::string> names;
    for (const WaveAxis& axis : table_.axes) names.push_back(axis.name);
    return join(names, "+");
  }

  /// In framework arithmetic the gain is an f32, and so is each product.
  void multiply_run(const Run& run, double* row) const {
    const bool in_f32 = table_.arithmetic == Arithmetic::framework;
    for (Index k = 0; k < run.count; ++k) {
      double& value = row[run.first + run.stride * k];
      value = in_f32 ? static_cast<double>(static_cast<float>(value * table_.gain)) : value * table_.gain;
    }
  }

  void fill_angle_zero(double* row) const {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) row[i] = table_.columns[i].wave == Wave::cos ? table_.gain : 0.0;
  }

  void move_to_cell(Index cell, std::vector<SinCosRows::Cursor>& cursors) const {
    if (table_.reversed) cell = cells_ - 1 - cell;
    if (table_.aligned) {
      for (std::size_t a = 0; a < axes_.size(); ++a) {
        const auto& position_of_row = table_.axes[a].position_of_row;
        position_of_row ? cursors[a].load_at(position_of_row(cell)) : cursors[a].load(cell);
      }
      return;
    }
    for (std::size_t a = axes_.size(); a-- > 0;) {
      cursors[a].load(cell % axes_[a]->count());
      cell /= axes_[a]->count();
    }
  }

  WaveTable table_;
  std::vector<Run> runs_;
  std::vector<std::size_t> coordinates_;   ///< which columns are
  std::vector<std::unique_ptr<SinCosRows>> axes_;
  Index width_;
  Index cells_ = 1;
  bool has_zero_columns_ = false;
};

}  // namespace

std::vector<WaveColumn> wave_columns(const std::string& layout, const std::vector<std::size_t>& axis_order, Index n, bool cos_first) {
  const std::size_t last_axis = axis_order.empty() ? 0 : *std::max_element(axis_order.begin(), axis_order.end());
  return wave_columns(layout, axis_order, std::vector<Index>(last_axis + 1, n), cos_first);
}

std::vector<WaveColumn> wave_columns(const std::string& layout, const std::vector<std::size_t>& axis_order, const std::vector<Index>& counts,
                                     bool cos_first) {
  const Wave waves[] = {cos_first ? Wave::cos : Wave::sin, cos_first ? Wave::sin : Wave::cos};
  const auto count = [&](std::size_t axis) { return static_cast<std::size_t>(counts[axis]); };
  std::vector<WaveColumn> columns;
  const auto add_block = [&](Wave wave, std::size_t axis) {
    for (std::size_t i = 0; i < count(axis); ++i) columns.push_back({wave, axis, i});
  };
  if (layout == "grouped") {
    for (const Wave wave : waves) {
      for (const std::size_t axis : axis_order) add_block(wave, axis);
    }
    return columns;
  }
  for (const std::size_t axis : axis_order) {
    if (layout == "interleaved") {
      for (std::size_t i = 0; i < 2 * count(axis); ++i) columns.push_back({waves[i % 2], axis, i / 2});
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
  std::optional<Places> places = row_places(positions, table.prefix);
  if (places && table.reversed) *places = {positions.at(positions.count - 1), -positions.step, table.prefix};
  return places;
}

}  // namespace

std::optional<Places> row_places(const Positions& positions, Index prefix) {
  if (!positions.list.empty()) return std::nullopt;
  const bool is_scaled = static_cast<double>(positions.scale) != 1;
  return is_scaled ? Places{0, 1, prefix} : Places{positions.first, positions.step, prefix};
}

Tensor wave_tensor(std::string name, std::string row_name, WaveTable table, Dtype dtype) {
  Tensor tensor;
  const Index width = static_cast<Index>(table.columns.size()) / components(dtype);
  const std::optional<Places> places = row_places(table);
  const auto rows = std::make_shared<const WaveRows>(std::move(table));
  tensor.name = std::move(name);
  tensor.axes = {{std::move(row_name), rows->rows(), places}, {"channel", width}};
  tensor.dtype = dtype;
  tensor.range = rows->range();
  tensor.fill = [rows](Index first_row, std::span<double> out) { rows->fill(first_row, out); };
  tensor.columns = [rows, parts = components(dtype)] { return rows->columns(parts); };
  return tensor;
}

}  // namespace pe
