#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/rotation.h"
#include "core/tensor.h"

namespace pe {

/// What a column holds: a function of an angle, the position itself, or padding.
enum class Wave { sin, cos, coordinate, zero };

/// One coordinate of a sinusoidal table, and its frequencies in radians per position.
struct WaveAxis {
  std::string name;                 ///< "position", "h", "w", ...
  std::vector<Real> frequencies;
  Positions positions;
  /// Of an aligned table: the position of each row. Rows at one of `positions`, which then has no list, cost least. Empty: row r
  /// has position number r.
  std::function<double(Index row)> position_of_row = {};
};

/// What one column holds: `wave`(frequency number `frequency` of axis number `axis` times the position on that axis); a coordinate has
/// no frequency.
struct WaveColumn {
  Wave wave = Wave::zero;
  std::size_t axis = 0, frequency = 0;
};

/// A table of sines and cosines: what is left of a sinusoidal or rotary scheme when all its names are resolved.
struct WaveTable {
  std::vector<WaveAxis> axes;
  bool aligned = false;                   ///< false: rows are the cells of the axes' product, the last axis fastest;
                                          ///< true: all axes have one position per row
  Index aligned_rows = 0;                 ///< of a table whose axes have `position_of_row`
  bool summed = false;                    ///< two axes with as many frequencies: column k holds a wave of the sum of their angles k,
                                          ///< under axis 0
  std::vector<WaveColumn> columns;        ///< of a complex tensor: real and imaginary part of each element in turn
  double gain = 1;                        ///< multiplies sines and cosines
  Index prefix = 0;                       ///< rows before the first cell
  Wave prefix_wave = Wave::zero;          ///< those rows hold zeros, or (cos) the sines and cosines of angle 0
  std::optional<Index> zero_row;          ///< a row of zeros, counted from the top of the table
  bool reversed = false;                  ///< rows run from the last cell to the first
  Arithmetic arithmetic = Arithmetic::rotated;
};

/// Orders of the sines s and cosines c of axes that have n frequencies each, or counts[axis] of them (`--layout`):
///   interleaved   axis by axis: s0 c0 s1 c1 ...
///   concat        axis by axis: s0 s1 ... c0 c1 ...
///   grouped       the sines of all axes, axis by axis, then so the cosines
/// `axis_order` lists the axes whose block comes first; `cos_first` swaps the roles of sine and cosine.
std::vector<WaveColumn> wave_columns(const std::string& layout, const std::vector<std::size_t>& axis_order, Index n, bool cos_first);
std::vector<WaveColumn> wave_columns(const std::string& layout, const std::vector<std::size_t>& axis_order, const std::vector<Index>& counts,
                                     bool cos_first);

/// The numbers of the rows that stand at these positions, behind `prefix` others. Scaled positions only say how far apart rows are to
/// the table: those rows are counted from 0.
std::optional<Places> row_places(const Positions& positions, Index prefix);

/// The tensor [prefix + cells, columns], its axes named `row_name` and "channel". A complex dtype takes two columns per element.
Tensor wave_tensor(std::string name, std::string row_name, WaveTable table, Dtype dtype);

}  // namespace pe
