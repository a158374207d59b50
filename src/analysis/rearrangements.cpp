// Rearrangements of axes and rows, and a constant factor. Those of columns: column_orders.cpp.

#include "analysis/rearrangements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/units.h"
#include "analysis/views.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr Index kMostOffset = 8;          ///< rows that may lie between where two tables begin, unless their ends agree
constexpr std::size_t kMostGrids = 48;    ///< H x W that are tried, those nearest to squares

std::vector<Index> without_ones(const Tensor& tensor) {
  std::vector<Index> shape;
  for (const Axis& axis : tensor.axes) {
    if (axis.size != 1) shape.push_back(axis.size);
  }
  return shape;
}

Index product(const std::vector<Index>& sizes) { return std::accumulate(sizes.begin(), sizes.end(), Index{1}, std::multiplies<>()); }

/// [.., rows, columns] as [rows, columns].
std::vector<Index> flat(const Tensor& tensor) { return {tensor.rows(), tensor.columns_count()}; }

void add_reshapes(const Pair& pair, std::vector<Rearrangement>& all) {
  if (pair.a.shape() == pair.b.shape()) return;
  const std::vector<Index> of_a = without_ones(pair.a), of_b = without_ones(pair.b);
  const bool has_ones = of_a.size() != pair.a.axes.size() || of_b.size() != pair.b.axes.size();
  if (has_ones && of_a.size() >= 1 && of_a.size() == of_b.size()) {
    all.push_back({"axes-of-one", "axes of size 1 are left out", "one table has a batch axis (--batch-dim)", [of_a, of_b](const Pair& tried) {
                     return Pair{reshaped(tried.a, of_a), reshaped(tried.b, of_b)};
                   }});
    if (of_a == of_b) return;
  }
  if (product(of_a) == product(of_b) && of_a != of_b) {
    all.push_back({"reshaped", fmt::format("B is read as {}", shape_text(pair.a)), "the values stand in the same order",
                   [shape = pair.a.shape()](const Pair& tried) { return Pair{tried.a, reshaped(tried.b, shape)}; }});
  } else if (pair.a.axes.size() > 2 || pair.b.axes.size() > 2) {
    all.push_back({"flattened", "the axes before the last are read as one", "", [](const Pair& tried) {
                     return Pair{reshaped(tried.a, flat(tried.a)), reshaped(tried.b, flat(tried.b))};
                   }});
  }
}

/// "0, 2, 1": every order of the axes of B that gives A's shape, or its columns where A is a table of rows.
void add_axis_orders(const Pair& pair, std::vector<Rearrangement>& all) {
  const std::size_t count = pair.b.axes.size();
  if (count < 2 || count > 4) return;
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  while (std::next_permutation(order.begin(), order.end())) {
    std::vector<Index> shape;
    std::vector<std::string> numbers;
    for (const std::size_t axis : order) {
      shape.push_back(pair.b.axes[axis].size);
      numbers.push_back(std::to_string(axis));
    }
    const bool fits = shape == pair.a.shape(), fits_flat = !fits && count > 2 && pair.a.axes.size() == 2 && shape.back() == pair.a.columns_count();
    if (!fits && !fits_flat) continue;
    const std::string action = count == 2 ? "B is transposed" : fmt::format("the axes of B are taken in the order {}", join(numbers, ", "));
    const bool has_channels_first = count > 2 && order.back() == 0;
    all.push_back({count == 2 ? "transposed" : "axes-" + join(numbers, ""), action + (fits_flat ? " and those before the last read as one" : ""),
                   has_channels_first ? "B has its first axis, the channels or heads, where A has its last" : "", [order, fits_flat](const Pair& tried) {
                     std::optional<Tensor> turned = with_axes(tried.b, order);
                     if (!turned) return std::optional<Pair>();
                     return std::optional(Pair{tried.a, fits_flat ? reshaped(*turned, flat(*turned)) : *turned});
                   }});
  }
}

/// A has its channels first, B has rows.
void add_channels_first(const Pair& pair, std::vector<Rearrangement>& all) {
  const Tensor &a = pair.a, &b = pair.b;
  if (a.axes.size() < 3 || b.axes.size() != 2 || a.axes[0].size != b.axes[1].size || a.elements() != b.elements()) return;
  all.push_back({"channels-last", "B is transposed and its cells are read as a grid", "A has its channels first, B last", [](const Pair& tried) {
                   std::optional<Tensor> turned = with_axes(tried.b, {1, 0});
                   if (!turned) return std::optional<Pair>();
                   return std::optional(Pair{tried.a, reshaped(*turned, tried.a.shape())});
                 }});
}

/// Real columns for complex elements. A real table of pairs [.., 2] becomes one of columns.
void add_complex_parts(const Pair& pair, std::vector<Rearrangement>& all) {
  const bool a_is_complex = components(pair.a.dtype) == 2;
  if (a_is_complex == (components(pair.b.dtype) == 2)) return;
  const std::string who = a_is_complex ? "A" : "B";
  const auto complex_of = [a_is_complex](const Pair& tried) { return a_is_complex ? tried.a : tried.b; };
  const auto real_of = [a_is_complex](const Pair& tried) { return a_is_complex ? tried.b : tried.a; };
  const auto paired = [a_is_complex](Tensor complex, Tensor real) {
    return a_is_complex ? Pair{std::move(complex), std::move(real)} : Pair{std::move(real), std::move(complex)};
  };
  all.push_back({"complex-as-pairs", fmt::format("each complex element of {} is read as two columns, real and imaginary", who),
                 fmt::format("{} follows --layout complex", who), [=](const Pair& tried) {
                   Tensor real = real_of(tried);
                   if (real.axes.size() > 2 && real.axes.back().size == 2) {
                     std::vector<Index> shape = real.shape();
                     shape.pop_back();
                     shape.back() *= 2;
                     real = reshaped(real, shape);
                   }
                   return paired(parts_as_columns(complex_of(tried)), std::move(real));
                 }});
  for (const int part : {0, 1}) {
    all.push_back({part == 0 ? "real-part" : "imaginary-part", fmt::format("the {} part of {} is taken", part == 0 ? "real" : "imaginary", who),
                   fmt::format("{} follows --layout complex", who), [=](const Pair& tried) {
                     return paired(part_of(complex_of(tried), part), real_of(tried));
                   }});
  }
}

/// "first row", "first 3 rows".
std::string rows_are(const char* which, Index count) { return count == 1 ? fmt::format("{} row", which) : fmt::format("{} {} rows", which, count); }

/// Row i of A beside row i + offset of B, for the rows that both have.
Rearrangement overlap(Index offset, Index rows_a, Index rows_b) {
  const Index first_a = std::max<Index>(0, -offset), first_b = std::max<Index>(0, offset);
  const Index count = std::min(rows_a - first_a, rows_b - first_b);
  const Index more = std::abs(rows_a - rows_b);
  const std::string longer = rows_a > rows_b ? "A" : "B", later = offset > 0 ? "A" : "B", earlier = offset > 0 ? "B" : "A";
  Rearrangement step{"rows-shifted", "", "", [=](const Pair& tried) {
                       const std::size_t axis_a = tried.a.axes.size() - 2, axis_b = tried.b.axes.size() - 2;
                       return Pair{slice_axis(tried.a, axis_a, first_a, first_a + count), slice_axis(tried.b, axis_b, first_b, first_b + count)};
                     }};
  if (rows_a != rows_b && offset == rows_b - rows_a) {
    step.name = "leading-rows";
    step.action = fmt::format("the {} of {} {} left out", rows_are("first", more), longer, more == 1 ? "is" : "are");
    step.meaning = fmt::format("{} has {} more row{} in front (--prefix-tokens, or a --start that is {} lower)", longer, more, more == 1 ? "" : "s", more);
  } else if (offset == 0) {
    step.name = "trailing-rows";
    step.action = fmt::format("the {} of {} {} left out", rows_are("last", more), longer, more == 1 ? "is" : "are");
    step.meaning = fmt::format("{} has {} more row{} at the end", longer, more, more == 1 ? "" : "s");
  } else {
    const Index size = std::abs(offset);
    step.action = fmt::format("row i{} of A is taken beside row i{} of B, for the {} rows that both have", offset > 0 ? "" : fmt::format(" + {}", size),
                              offset > 0 ? fmt::format(" + {}", size) : "", count);
    step.meaning = fmt::format("{} begins {} position{} later (--start), or {} has more rows in front", later, size, size == 1 ? "" : "s", earlier);
  }
  return step;
}

struct Plane {
  Index height = 0, width = 0, prefix = 0;
  bool is_known = false;
};

/// The grids whose cells, behind some prefix, may be the rows.
std::vector<Plane> planes(const Pair& pair, Index rows, const std::vector<Index>& grid) {
  std::vector<std::vector<Index>> known;
  if (!grid.empty()) known.push_back(grid);
  for (const Tensor* table : {&pair.a, &pair.b}) {
    if (grid.empty() && table->grid) known.push_back(table->grid->sizes);
  }
  std::vector<Plane> all;
  for (const std::vector<Index>& sizes : known) {
    const Index cells = product(sizes);
    if (sizes.size() == 2 && cells <= rows) all.push_back({sizes[0], sizes[1], rows - cells, true});
  }
  for (const Index prefix : {0, 1}) {
    if (!known.empty()) break;
    const Index cells = rows - prefix;
    std::vector<Plane> found;
    for (Index height = 2; height <= cells / height; ++height) {
      if (cells % height == 0) found.push_back({height, cells / height, prefix});
    }
    std::reverse(found.begin(), found.end());
    found.resize(std::min(found.size(), kMostGrids));
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

/// Row (h, w) of A, row by row, is row (h, w) of B, column by column.
Rearrangement turned(const Plane& plane, bool a_is_by_row) {
  const auto [height, width, prefix, is_known] = plane;
  const std::string by_row = a_is_by_row ? "A" : "B", by_column = a_is_by_row ? "B" : "A";
  const std::string behind = prefix == 0 ? "" : fmt::format(" behind {} prefix {}", prefix, prefix == 1 ? "row" : "rows");
  const Index across = a_is_by_row ? width : height, down = a_is_by_row ? height : width;   // A's rows of cells have `across` of them
  Rearrangement step{"cells-by-column", fmt::format("the rows of B are taken as the cells of a {}x{} grid{}, in the other order", height, width, behind),
                     fmt::format("the cells of {} run row by row (--flatten hw), those of {} column by column (wh)", by_row, by_column),
                     [=](const Pair& tried) {
                       const Index rows = tried.b.axes[tried.b.axes.size() - 2].size;
                       return Pair{tried.a, rows_taken(tried.b, rows, [=](Index row) {
                                     if (row < prefix) return row;
                                     const Index cell = row - prefix;
                                     return prefix + cell % across * down + cell / across;
                                   })};
                     }};
  return step;
}

}  // namespace

std::vector<Rearrangement> axis_stage(const Pair& pair, const std::vector<Index>&) {
  std::vector<Rearrangement> all;
  add_complex_parts(pair, all);
  add_reshapes(pair, all);
  add_axis_orders(pair, all);
  add_channels_first(pair, all);
  return all;
}

std::vector<Rearrangement> overlap_stage(const Pair& pair, const std::vector<Index>&) {
  if (pair.a.axes.size() < 2 || pair.b.axes.size() < 2) return {};
  const Index rows_a = pair.a.axes[pair.a.axes.size() - 2].size, rows_b = pair.b.axes[pair.b.axes.size() - 2].size;
  std::vector<Index> offsets;
  if (rows_a != rows_b) offsets = {rows_b - rows_a, 0};
  for (Index size = 1; size <= (rows_a == rows_b ? 2 : kMostOffset); ++size) {
    for (const Index offset : {size, -size}) offsets.push_back(offset);
  }
  std::vector<Rearrangement> all;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const Index offset = offsets[i], count = std::min(rows_a - std::max<Index>(0, -offset), rows_b - std::max<Index>(0, offset));
    const bool is_new = std::find(offsets.begin(), offsets.begin() + static_cast<std::ptrdiff_t>(i), offset) == offsets.begin() + static_cast<std::ptrdiff_t>(i);
    if (is_new && count >= 2 && 2 * count >= std::min(rows_a, rows_b)) all.push_back(overlap(offset, rows_a, rows_b));
  }
  return all;
}

std::vector<Rearrangement> row_stage(const Pair& pair, const std::vector<Index>& grid) {
  if (pair.b.axes.size() < 2) return {};
  const Index rows = pair.b.axes[pair.b.axes.size() - 2].size;
  if (rows < 2) return {};
  std::vector<Rearrangement> all;
  for (const Plane& plane : planes(pair, rows, grid)) {
    if (plane.height < 2 || plane.width < 2) continue;
    all.push_back(turned(plane, true));
    if (plane.height != plane.width) all.push_back(turned(plane, false));
  }
  all.push_back({"rows-reversed", "B's rows are taken from the last to the first", "one of them runs backwards (--reverse)", [rows](const Pair& tried) {
                   return Pair{tried.a, rows_taken(tried.b, rows, [rows](Index row) { return rows - 1 - row; })};
                 }});
  return all;
}

std::vector<Rearrangement> scale_stage(const Pair& pair, const std::vector<Index>&) {
  constexpr double kRounding = 16, kClose = 64;   // units: two estimates of one factor; a factor that is rounding
  if (pair.a.shape() != pair.b.shape() || components(pair.a.dtype) != components(pair.b.dtype) || is_integer(pair.b.dtype)) return {};
  const double unit = epsilon(coarser(pair.a.dtype, pair.b.dtype));
  double sum_a = 0, sum_b = 0, first = 0;
  for (const Index row : {pair.a.rows() / 2, pair.a.rows() - 1, pair.a.rows() / 3}) {
    double row_a = 0, row_b = 0;
    for (const double value : row_of(pair.a, row)) row_a += std::abs(value);
    for (const double value : row_of(pair.b, row)) row_b += std::abs(value);
    if (!(row_a > 0 && row_b > 0) || !std::isfinite(row_a) || !std::isfinite(row_b)) return {};
    if (first == 0) first = row_a / row_b;
    if (std::abs(row_a / row_b - first) > kRounding * unit * first) return {};
    sum_a += row_a;
    sum_b += row_b;
  }
  const double factor = sum_a / sum_b;
  if (std::abs(factor - 1) < kClose * unit) return {};
  return {{"scaled", fmt::format("B is multiplied by {:.{}g}", factor, unit < 1e-10 ? 15 : unit < 1e-5 ? 7 : 3),
           "", [factor](const Pair& tried) {
             return Pair{tried.a, columns_scaled(tried.b, std::vector<double>(static_cast<std::size_t>(tried.b.row_width()), factor))};
           },
           true}};
}

}  // namespace pe
