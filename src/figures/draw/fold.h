#pragma once
#include <algorithm>
#include <cmath>

#include "core/tensor.h"

namespace pe {

/// How the cells of one direction become whole pixels: each cell `pixels_per_cell` wide, or `per_pixel` cells averaged into one
/// pixel (the last pixel may have fewer). One of the two is 1.
struct Fold {
  Index cells = 0, per_pixel = 1, pixels_per_cell = 1;

  Index drawn() const { return (cells + per_pixel - 1) / per_pixel; }   ///< cells after averaging
  Index pixels() const { return drawn() * pixels_per_cell; }
  double pixels_of_one() const { return static_cast<double>(pixels_per_cell) / static_cast<double>(per_pixel); }
};

/// Enlarges cells by `scale` (rounded down, at least 1) times as much as keeps them within `target` pixels and `largest` a cell;
/// up to `most` pixels every cell has at least one. Beyond, an even number of cells is averaged, so that columns which alternate
/// between sine and cosine are mixed alike in all pixels.
inline Fold fold(Index cells, Index target, Index most, Index largest, double scale) {
  if (cells <= most) {
    const double points = std::clamp<double>(std::floor(static_cast<double>(target) / scale / static_cast<double>(cells)), 1, static_cast<double>(largest));
    const auto enlarged = static_cast<Index>(points * scale);
    return {cells, 1, std::clamp<Index>(enlarged, 1, std::max<Index>(1, most / cells))};
  }
  const Index least = (cells + most - 1) / most;
  const Index even = least + least % 2;
  return {cells, even, 1};
}

}  // namespace pe
