#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/dtype.h"

namespace pe {

using Index = std::int64_t;

/// Where the indices of an axis stand: index i >= prefix at first + (i - prefix) * step; those before have no place.
struct Places {
  double first = 0, step = 1;
  Index prefix = 0;
};

/// One dimension of a tensor: "token", "channel", "head", ...
struct Axis {
  std::string name;
  Index size = 0;
  std::optional<Places> places = Places{};   ///< empty: they are not equally spaced, or in no order
};

/// The values a tensor may hold, both ends included.
struct Range {
  double low = 0, high = 0;
};

/// What one column (one index of the last axis) holds.
struct Column {
  std::string function;    ///< "sin", "cos", "zero", ...
  std::string axis;        ///< the coordinate it depends on: "position", "h", "w", ...; empty for none
  Index index = 0;         ///< which frequency of that axis, from 0
  double frequency = 0;    ///< radians per position; 0 for a column without one
};

/// How the rows of a table are the cells of a grid: `prefix` other rows first, then the cells.
struct TokenGrid {
  std::vector<Index> sizes;   ///< [H, W] or [T, H, W]
  std::string order;          ///< the axis letters, slowest first: "hw" is row-major
  Index prefix = 0;           ///< class token, registers
};

/// Neighbouring tokens first <= i < last of a sequence that belong together: a text, an image or a video.
struct TokenRun {
  Index first = 0, last = 0;
  std::vector<Index> sizes;   ///< in tokens, [T, H, W] or [H, W]; empty for text
  std::string kind = {};      ///< "text", "image", "video"; empty where only the positions are known
};

/// What a table's parameters say of its wavelengths or frequencies and a figure of them may show: the length a model was trained on, the
/// range in which a scaling changes them.
struct Mark {
  enum class Of { wavelength, frequency };
  std::string name;           ///< "trained length", "yarn ramp"
  Of of = Of::wavelength;
  Range range;                ///< positions, or numbers of frequencies from 0; a length has low == high
};

/// How the rows of a tensor are made: as numbers and, where they lie ready in a file, also as the stored elements themselves, whose bits
/// `double` may not keep (64-bit integers beyond 2^53, the payload of a NaN). A new function in its place forgets both.
class Fill {
 public:
  using Numbers = std::function<void(Index first_row, std::span<double> out)>;
  using Elements = std::function<void(Index first_row, std::span<std::byte> out)>;

  Fill() = default;
  template <class Function, class = std::enable_if_t<std::is_invocable_v<Function&, Index, std::span<double>>>>
  Fill(Function numbers) : numbers_(std::move(numbers)) {}   // NOLINT: meant to convert
  Fill(Numbers numbers, Dtype stored, Elements elements) : numbers_(std::move(numbers)), stored_(stored), elements_(std::move(elements)) {}

  void operator()(Index first_row, std::span<double> out) const { numbers_(first_row, out); }

  /// The elements of that type; empty when there are none of it.
  const Elements& elements_of(Dtype dtype) const { return dtype == stored_ ? elements_ : kNone; }

 private:
  static const Elements kNone;
  Numbers numbers_;
  Dtype stored_ = Dtype::f64;
  Elements elements_;
};

/// The waist of the program: schemes and files make tensors; formats, figures and analyses eat them.
///
/// A row is everything under the last axis; the earlier axes are flattened in C order, and a tensor with one axis is one row.
/// Numbers are `double` until a sink rounds them, once, to `dtype`; an element of a complex type is two numbers.
struct Tensor {
  std::string name;
  std::vector<Axis> axes;
  Dtype dtype = Dtype::f32;
  std::optional<Range> range;                            ///< unknown: who needs it makes a pass
  /// Writes the rows from `first_row` on into `out`, whose size is a whole number of rows.
  /// Const and order-free: any block size, order and thread gives the same values.
  Fill fill;
  std::function<std::vector<Column>()> columns;          ///< empty: nothing is known of them
  std::optional<TokenGrid> grid;                         ///< of the axis before the last; those before it number tables over one grid
  std::vector<TokenRun> runs;                            ///< of position ids [axis, token]; empty: unknown
  std::vector<Mark> marks;                               ///< of its frequencies

  Index columns_count() const { return axes.empty() ? 1 : axes.back().size; }
  Index rows() const;
  Index elements() const { return rows() * columns_count(); }
  Index bytes() const { return elements() * static_cast<Index>(size_of(dtype)); }
  /// Numbers in a row: columns times the components of the type.
  Index row_width() const { return columns_count() * components(dtype); }
  std::vector<Index> shape() const;
};

/// a * b; throws Error naming `what` when the product does not fit in 63 bits.
Index checked_product(Index a, Index b, std::string_view what);

/// Throws Error when the number of elements, or of bytes as `double`, does not fit in 63 bits.
void check_size(const Tensor& tensor);

/// The whole tensor, computed now. For small tables, and for what truly needs every row.
std::vector<double> values(const Tensor& tensor);

/// The same values with only first <= i < last of one axis. Throws Error when that is not inside the axis.
Tensor slice_axis(const Tensor& tensor, std::size_t axis, Index first, Index last);

/// One tensor of those tensors, which have the same shape and type, behind new `outer` axes.
Tensor stacked_tensor(std::string name, std::vector<Axis> outer, std::vector<Tensor> tensors);

/// A tensor of values that are already there.
Tensor held_tensor(std::string name, std::vector<Axis> axes, Dtype dtype, std::vector<double> values);

/// From the smallest to the largest of some values.
Range range_of(const std::vector<double>& values);

/// The same, with the range of the values, which are numbers and at least one.
Tensor ranged_tensor(std::string name, std::vector<Axis> axes, Dtype dtype, std::vector<double> values);

/// "196x768"; a tensor without axes is "scalar".
std::string shape_text(const Tensor& tensor);

}  // namespace pe
