#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// The wavelengths of the columns that turn with one coordinate, or with several in the same way.
struct Spectrum {
  std::vector<std::string> axes;        ///< "position"; "h", "w"
  std::vector<Index> index;             ///< numbers of the frequencies, ascending
  std::vector<double> wavelength;       ///< 2 pi / |frequency|, in positions of the axis
};

/// One spectrum per coordinate, in the order of the columns; coordinates with the same frequencies share one. Empty when no column
/// is known to have a frequency.
std::vector<Spectrum> spectra(const Tensor& tensor);

/// How far the table reaches along a coordinate: cells of a grid's axis, or positions from the first row to behind the last.
/// 0 when the tensor does not tell.
double length_along(const Tensor& tensor, const std::string& axis);

}  // namespace pe
