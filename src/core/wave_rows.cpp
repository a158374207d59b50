#include "core/wave_rows.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/text.h"

namespace pe {
namespace {

double radians(const WaveAxis& axis, std::size_t frequency) { return static_cast<double>(axis.frequencies[frequency] * axis.positions.scale); }

}  // namespace

/// What a thread reads rows with.
struct WaveRows::Reader {
  std::vector<SinCosRows::Cursor> cursors;   ///< of each axis
  SinCosSum sum;

  explicit Reader(const WaveRows& rows) {
    for (const auto& axis : rows.axes_) cursors.emplace_back(*axis);
  }
};

/// How numbers are stored.
struct WaveRows::Elements {
  Dtype dtype;
  std::size_t size;   ///< of one number: of a complex element there are two

  std::size_t bytes(Index numbers) const { return static_cast<std::size_t>(numbers) * size; }
};

WaveRows::WaveRows(WaveTable table) : table_(std::move(table)), runs_(runs_of(table_.columns)), width_(static_cast<Index>(table_.columns.size())) {
  table_.aligned = table_.aligned || table_.axes.size() == 1;
  // A sum is a second rotation, which stays within the error of one when its factors are computed directly.
  const Arithmetic of_axes = table_.summed && table_.arithmetic == Arithmetic::rotated ? Arithmetic::direct : table_.arithmetic;
  for (WaveAxis& axis : table_.axes) {
    const bool is_called = static_cast<bool>(axis.position_of_row);
    axes_.push_back(std::make_unique<SinCosRows>(axis.frequencies, axis.positions, of_axes, !table_.aligned || is_called, wanted_of(axes_.size())));
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
  const bool are_whole = std::all_of(runs_.begin(), runs_.end(), [](const ColumnRun& run) { return run.stride == 1 || run.between; });
  only_runs_ = are_whole && !has_zero_columns_ && coordinates_.empty() && table_.gain == 1;
}

Wanted WaveRows::wanted_of(std::size_t axis) const {
  const auto has = [&](Wave wave) {
    return std::any_of(runs_.begin(), runs_.end(), [&](const ColumnRun& run) {
      return (run.from.axis == axis && run.from.wave == wave) || (run.between && run.between->axis == axis && run.between->wave == wave);
    });
  };
  if (table_.summed || has(Wave::sin) == has(Wave::cos)) return Wanted::both;
  return has(Wave::sin) ? Wanted::sin : Wanted::cos;
}

void WaveRows::fill(Index first_row, std::span<double> out) const {
  Reader reader(*this);
  fill(reader, first_row, out);
}

void WaveRows::fill_elements(Dtype dtype, Index first_row, std::span<std::byte> out) const {
  Reader reader(*this);
  std::vector<double> numbers(static_cast<std::size_t>(width_));
  const Elements elements{dtype, size_of(dtype) / static_cast<std::size_t>(components(dtype))};
  const std::size_t row_bytes = elements.bytes(width_);
  for (; !out.empty(); out = out.subspan(row_bytes), ++first_row) {
    const std::span<std::byte> row = out.first(row_bytes);
    if (only_runs_ && first_row >= table_.prefix && first_row != table_.zero_row) {
      move_to_cell(first_row - table_.prefix, reader);
      for (const ColumnRun& run : runs_) encode_run(reader, run, elements, row);
    } else {
      fill(reader, first_row, numbers);
      encode(numbers, dtype, row);
    }
  }
}

void WaveRows::fill(Reader& reader, Index first_row, std::span<double> out) const {
  for (double* row = out.data(); row != out.data() + out.size(); row += width_, ++first_row) {
    const bool is_prefix = first_row < table_.prefix, is_zero = first_row == table_.zero_row;
    if (is_prefix || is_zero || has_zero_columns_) std::fill_n(row, width_, 0.0);
    if (is_prefix && table_.prefix_wave == Wave::cos) fill_angle_zero(row);
    if (is_prefix || is_zero) continue;
    move_to_cell(first_row - table_.prefix, reader);
    for (const ColumnRun& run : runs_) copy_run(reader, run, row);
    for (const std::size_t column : coordinates_) row[column] = reader.cursors[table_.columns[column].axis].position();
  }
}

std::span<const double> WaveRows::values(const Reader& reader, const WaveColumn& from, Index count) const {
  const SinCosRows::Cursor& cursor = reader.cursors[from.axis];
  const double* const sines = table_.summed ? reader.sum.sin() : cursor.sin();
  const double* const cosines = table_.summed ? reader.sum.cos() : cursor.cos();
  return {(from.wave == Wave::sin ? sines : cosines) + from.frequency, static_cast<std::size_t>(count)};
}

void WaveRows::copy_run(const Reader& reader, const ColumnRun& run, double* row) const {
  const double* const from = values(reader, run.from, run.count).data();
  const double* const between = run.between ? values(reader, *run.between, run.count).data() : nullptr;
  row += run.first;
  for (Index k = 0; k < run.count; ++k) row[run.stride * k] = from[k];
  for (Index k = 0; between != nullptr && k < run.count; ++k) row[2 * k + 1] = between[k];
  if (table_.gain != 1) multiply(run, row);
}

void WaveRows::encode_run(const Reader& reader, const ColumnRun& run, const Elements& elements, std::span<std::byte> row) const {
  const std::span<const double> from = values(reader, run.from, run.count);
  const std::span<std::byte> first = row.subspan(elements.bytes(run.first));
  if (run.between) {
    encode_in_turn(from, values(reader, *run.between, run.count), elements.dtype, first.first(elements.bytes(2 * run.count)));
  } else {
    encode(from, elements.dtype, first.first(elements.bytes(run.count)));
  }
}

/// In framework arithmetic the gain is an f32, and so is each product.
void WaveRows::multiply(const ColumnRun& run, double* first) const {
  const bool in_f32 = table_.arithmetic == Arithmetic::framework;
  const Index stride = run.between ? 1 : run.stride, count = run.between ? 2 * run.count : run.count;
  for (Index k = 0; k < count; ++k) {
    double& value = first[stride * k];
    value = in_f32 ? static_cast<double>(static_cast<float>(value * table_.gain)) : value * table_.gain;
  }
}

void WaveRows::fill_angle_zero(double* row) const {
  for (std::size_t i = 0; i < table_.columns.size(); ++i) row[i] = table_.columns[i].wave == Wave::cos ? table_.gain : 0.0;
}

void WaveRows::move_to_cell(Index cell, Reader& reader) const {
  if (table_.reversed) cell = cells_ - 1 - cell;
  for (std::size_t a = axes_.size(); a-- > 0;) {
    SinCosRows::Cursor& cursor = reader.cursors[a];
    if (!table_.aligned) {
      cursor.load(cell % axes_[a]->count());
      cell /= axes_[a]->count();
    } else if (const auto& position_of_row = table_.axes[a].position_of_row) {
      cursor.load_at(position_of_row(cell));
    } else {
      cursor.load(cell);
    }
  }
  if (table_.summed) reader.sum.load(reader.cursors[0], reader.cursors[1], table_.arithmetic);
}

Range WaveRows::range() const {
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

std::vector<Column> WaveRows::columns(int components) const {
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

/// How fast a sum of angles grows in the direction in which it grows fastest.
double WaveRows::steepest(std::size_t frequency) const {
  double squares = 0;
  for (const WaveAxis& axis : table_.axes) squares += radians(axis, frequency) * radians(axis, frequency);
  return std::sqrt(squares);
}

std::string WaveRows::all_axes() const {
  std::vector<std::string> names;
  for (const WaveAxis& axis : table_.axes) names.push_back(axis.name);
  return join(names, "+");
}

}  // namespace pe
