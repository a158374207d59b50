#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Of which old cells the new cells of one axis are made: each is a sum of neighbouring old cells times weights.
class AxisWeights {
 public:
  struct Cell {
    Index first = 0;                  ///< old cell of the first weight
    std::span<const double> weights;  ///< at least one
  };

  explicit AxisWeights(Index old_size) : old_size_(old_size) {}

  Index old_size() const { return old_size_; }
  Index new_size() const { return static_cast<Index>(first_.size()); }
  Cell operator[](Index cell) const;

  /// Adds the next new cell. Zeros at either end of the weights are left out.
  void append(Index first, std::span<const double> weights);

 private:
  Index old_size_;
  std::vector<Index> first_;
  std::vector<std::size_t> start_{0};   ///< of each cell in weights_, and the end of the last
  std::vector<double> weights_;
};

inline const std::vector<std::string> kFilters{"cubic", "linear", "nearest"};
inline const std::vector<std::string> kCorners{"half-pixel", "aligned"};

/// How evenly spaced cells are weighted.
struct EvenRule {
  std::string filter = "cubic";        ///< one of kFilters
  double cubic_a = -0.75;              ///< of filter cubic, see cubic_kernel
  bool antialias = false;              ///< not for nearest, not with aligned corners
  std::string corners = "half-pixel";  ///< one of kCorners
  double offset = 0;                   ///< added to the new size where corners are half-pixel
};

/// The weights of `new_size` new cells of `old_size` old ones, both at least 1. Old and new sizes o and n, new cell i:
/// - half-pixel: kernel(j - c) with c = (i + 0.5) o / (n + offset) - 0.5; a cell beyond the edge is the one at the edge
/// - aligned: the same with c = i (o - 1) / (n - 1)
/// - antialias: kernel((j + 0.5 - c) / S) with s = o / (n + offset), S = max(s, 1), c = (i + 0.5) s, divided by their sum; no cell beyond the edge
/// - nearest: the cell floor((i + 0.5) o / (n + offset)), or floor(i (o - 1) / (n - 1) + 0.5) where corners are aligned
AxisWeights even_weights(Index old_size, Index new_size, const EvenRule& rule);

/// Keys 1981, Cubic convolution interpolation for digital image processing, equation 4, whose a is -0.5:
/// (a+2)|x|^3 - (a+3)|x|^2 + 1 for |x| <= 1, a|x|^3 - 5a|x|^2 + 8a|x| - 4a for 1 < |x| < 2, else 0.
double cubic_kernel(double x, double a);

}  // namespace pe
