#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/column_runs.h"
#include "core/rotation.h"
#include "core/sinusoid.h"

namespace pe {

/// A WaveTable made ready to give rows.
class WaveRows {
 public:
  explicit WaveRows(WaveTable table);

  Index rows() const { return table_.prefix + cells_; }

  /// Makes `out` the rows from `first_row` on, as many as it has room for: numbers, or those rounded to elements of a floating-point or
  /// complex type.
  void fill(Index first_row, std::span<double> out) const;
  void fill_elements(Dtype dtype, Index first_row, std::span<std::byte> out) const;

  /// Of all values: sines and cosines, coordinates, and the zeros of padding.
  Range range() const;

  /// One entry per element: of a complex element the real part speaks for both.
  std::vector<Column> columns(int components) const;

 private:
  struct Reader;
  struct Elements;

  Wanted wanted_of(std::size_t axis) const;
  void fill(Reader& reader, Index first_row, std::span<double> out) const;
  std::span<const double> values(const Reader& reader, const WaveColumn& from, Index count) const;
  void copy_run(const Reader& reader, const ColumnRun& run, double* row) const;
  void encode_run(const Reader& reader, const ColumnRun& run, const Elements& elements, std::span<std::byte> row) const;
  void multiply(const ColumnRun& run, double* first) const;
  void fill_angle_zero(double* row) const;
  void move_to_cell(Index cell, Reader& reader) const;
  double steepest(std::size_t frequency) const;
  std::string all_axes() const;

  WaveTable table_;
  std::vector<ColumnRun> runs_;
  std::vector<std::size_t> coordinates_;   ///< which columns are
  std::vector<std::unique_ptr<SinCosRows>> axes_;
  Index width_;
  Index cells_ = 1;
  bool has_zero_columns_ = false;
  bool only_runs_ = false;   ///< rows of cells are sines and cosines as they come, run behind run
};

}  // namespace pe
