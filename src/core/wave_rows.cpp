#include "core/wave_rows.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/clones.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr Index kNumbersAtOnce = 1 << 10;   ///< 8 kB: they stay in the innermost cache until they are rounded

/// Whether a run goes on with a column.
bool continues_with(const Run& run, const WaveColumn& column, Index at) {
  const bool same = column.wave == run.from.wave && column.axis == run.from.axis &&
      column.frequency == run.from.frequency + static_cast<std::size_t>(run.count);
  return same && (run.count == 1 || at == run.first + run.count * run.stride);
}

/// The run that the column goes on, or none. Repeated columns (c0 c0 c1 c1 ...) belong to two runs that grow together, so the older of
/// the latest two of the same function and axis goes first.
Run* run_before(std::vector<Run>& runs, const WaveColumn& column, Index at) {
  Run* found = nullptr;
  int asked = 0;
  for (auto run = runs.rbegin(); run != runs.rend() && asked < 2; ++run) {
    if (run->from.wave != column.wave || run->from.axis != column.axis) continue;
    ++asked;
    if (continues_with(*run, column, at)) found = &*run;
  }
  return found;
}

/// Makes one run of two that take every other column, the second behind the first.
void join_alternating(std::vector<Run>& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Run& run = runs[i];
    if (run.stride != 2) continue;
    const auto other = std::find_if(runs.begin(), runs.end(), [&](const Run& r) {
      return r.stride == 2 && r.first == run.first + 1 && r.count == run.count && !r.between;
    });
    if (other == runs.end()) continue;
    run.between = other->from;
    runs.erase(other);
  }
}

double radians(const WaveAxis& axis, std::size_t frequency) { return static_cast<double>(axis.frequencies[frequency] * axis.positions.scale); }

PE_CLONES void interleave(Index n, const double* even, const double* odd, double* __restrict out) {
  for (Index k = 0; k < n; ++k) {
    out[2 * k] = even[k];
    out[2 * k + 1] = odd[k];
  }
}

}  // namespace

std::vector<Run> runs_of(const std::vector<WaveColumn>& columns) {
  std::vector<Run> runs;
  for (Index at = 0; at < static_cast<Index>(columns.size()); ++at) {
    const WaveColumn& column = columns[static_cast<std::size_t>(at)];
    if (column.wave == Wave::zero || column.wave == Wave::coordinate) continue;
    if (Run* const run = run_before(runs, column, at); run != nullptr) {
      if (run->count == 1) run->stride = at - run->first;
      ++run->count;
    } else {
      runs.push_back({column, at});
      runs.back().count = 1;
    }
  }
  join_alternating(runs);
  return runs;
}

/// What a thread reads rows with.
struct WaveRows::Reader {
  std::vector<SinCosRows::Cursor> cursors;   ///< of each axis
  SinCosSum sum;

  explicit Reader(const WaveRows& rows) {
    for (const auto& axis : rows.axes_) cursors.emplace_back(*axis);
  }
};

WaveRows::WaveRows(WaveTable table) : table_(std::move(table)), runs_(runs_of(table_.columns)), width_(static_cast<Index>(table_.columns.size())) {
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

void WaveRows::fill(Index first_row, std::span<double> out) const {
  Reader reader(*this);
  fill(reader, first_row, out);
}

void WaveRows::fill_elements(Dtype dtype, Index first_row, std::span<std::byte> out) const {
  Reader reader(*this);
  const Index at_once = std::max<Index>(kNumbersAtOnce / width_, 1);
  const std::size_t row_bytes = static_cast<std::size_t>(width_ / components(dtype)) * size_of(dtype);
  std::vector<double> numbers(static_cast<std::size_t>(at_once * width_));
  for (; !out.empty(); first_row += at_once) {
    const std::size_t rows = std::min(static_cast<std::size_t>(at_once), out.size() / row_bytes);
    const std::span<double> some = std::span(numbers).first(rows * static_cast<std::size_t>(width_));
    fill(reader, first_row, some);
    encode(some, dtype, out.first(rows * row_bytes));
    out = out.subspan(rows * row_bytes);
  }
}

void WaveRows::fill(Reader& reader, Index first_row, std::span<double> out) const {
  for (double* row = out.data(); row != out.data() + out.size(); row += width_, ++first_row) {
    const bool is_prefix = first_row < table_.prefix, is_zero = first_row == table_.zero_row;
    if (is_prefix || is_zero || has_zero_columns_) std::fill_n(row, width_, 0.0);
    if (is_prefix && table_.prefix_wave == Wave::cos) fill_angle_zero(row);
    if (is_prefix || is_zero) continue;
    move_to_cell(first_row - table_.prefix, reader);
    for (const Run& run : runs_) copy_run(reader, run, row);
    for (const std::size_t column : coordinates_) row[column] = reader.cursors[table_.columns[column].axis].position();
  }
}

void WaveRows::copy_run(const Reader& reader, const Run& run, double* row) const {
  const auto values_of = [&](const WaveColumn& column) {
    const SinCosRows::Cursor& cursor = reader.cursors[column.axis];
    const double* const sines = table_.summed ? reader.sum.sin() : cursor.sin();
    const double* const cosines = table_.summed ? reader.sum.cos() : cursor.cos();
    return (column.wave == Wave::sin ? sines : cosines) + column.frequency;
  };
  const double* const from = values_of(run.from);
  row += run.first;
  if (run.between) {
    interleave(run.count, from, values_of(*run.between), row);
  } else if (run.stride == 1) {
    std::copy_n(from, run.count, row);
  } else {
    for (Index k = 0; k < run.count; ++k) row[run.stride * k] = from[k];
  }
  if (table_.gain != 1) multiply(run, row);
}

/// In framework arithmetic the gain is an f32, and so is each product.
void WaveRows::multiply(const Run& run, double* first) const {
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
