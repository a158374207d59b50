#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "figures/draw/canvas.h"

namespace pe {

/// Colours of 256 values from low to high.
struct Colormap {
  std::string name;
  std::string one_line;
  bool diverging = false;               ///< two hues that meet at 0, for signed values
  std::array<Color, 256> colors{};
  Color bad;                            ///< for NaN and infinities; not among the colours
  std::string bad_name;                 ///< "grey"
};

/// Black or white, whichever is read better on `ground`.
Color ink_on(Color ground);

/// All colormaps, the sequential ones first.
const std::vector<Colormap>& all_colormaps();

/// The colormap of that name; throws Error with the nearest name.
const Colormap& find_colormap(const std::string& name);

/// A range that can be coloured, low < high: of a single value v the range between 0 and v, and 0..1 for v = 0.
Range widened(Range range);

/// How values become colours. A sequential map spreads over the range; of a diverging one 0 is the middle and the value of
/// larger magnitude an end, so that equal distances from 0 look equally strong whatever the range.
class ColorScale {
 public:
  /// Range.low < range.high, both finite. `whole`: the values are whole numbers.
  ColorScale(const Colormap& map, Range range, bool whole = false);

  /// Values outside the range get its end's colour, NaN and infinities the bad colour.
  Color operator()(double value) const;
  const Colormap& map() const { return *map_; }
  Range range() const { return range_; }
  bool is_whole() const { return whole_; }

 private:
  const Colormap* map_;
  Range range_;
  bool whole_;
  double zero_, per_value_;   // colour index = zero_ + per_value_ * value
};

}  // namespace pe
