// Rearrangements of rows, and a constant factor. Those of axes: axis_orders.cpp; of columns: column_orders.cpp, column_widths.cpp.

#include "analysis/rearrangements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/units.h"
#include "analysis/views.h"

namespace pe {
namespace {

constexpr Index kMostOffset = 8;          ///< rows that may lie between where two tables begin, unless their ends agree
constexpr std::size_t kMostGrids = 48;    ///< H x W that are tried, those nearest to squares

Index product(const std::vector<Index>& sizes) { return std::accumulate(sizes.begin(), sizes.end(), Index{1}, std::multiplies<>()); }

/// "first row", "first 3 rows".
std::string which_rows(const char* which, Index count) { return count == 1 ? fmt::format("{} row", which) : fmt::format("{} {} rows", which, count); }

std::string more_rows(Index count) { return fmt::format("{} more row{}", count, count == 1 ? "" : "s"); }

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
    step.action = fmt::format("the {} of {} {} left out", which_rows("first", more), longer, more == 1 ? "is" : "are");
    step.meaning = fmt::format("{} has {} in front (--prefix-tokens, or a --start that is {} lower)", longer, more_rows(more), more);
  } else if (offset == 0) {
    step.name = "trailing-rows";
    step.action = fmt::format("the {} of {} {} left out", which_rows("last", more), longer, more == 1 ? "is" : "are");
    step.meaning = fmt::format("{} has {} at the end", longer, more_rows(more));
  } else {
    const Index size = std::abs(offset);
    const std::string later_row = fmt::format("i + {}", size);
    step.action = fmt::format("row {} of A is taken beside row {} of B, for the {} rows that both have", offset > 0 ? "i" : later_row,
                              offset > 0 ? later_row : "i", count);
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
  const Index height = plane.height, width = plane.width, prefix = plane.prefix;
  const std::string by_row = a_is_by_row ? "A" : "B", by_column = a_is_by_row ? "B" : "A";
  const std::string behind = prefix == 0 ? "" : fmt::format(" behind {} prefix {}", prefix, prefix == 1 ? "row" : "rows");
  const Index across = a_is_by_row ? width : height, down = a_is_by_row ? height : width;   // A's lines of cells have `across` each
  std::string meaning = fmt::format("the cells of {} run row by row (--flatten hw), those of {} column by column (wh)", by_row, by_column);
  if (!plane.is_known && height != width) meaning += fmt::format("; of a {}x{} grid it is the other way round", width, height);
  const std::string action = fmt::format("the rows of B are taken as the cells of a {}x{} grid{}, in the other order", height, width, behind);
  return {"cells-by-column", action, meaning, [=](const Pair& tried) {
            const Index rows = tried.b.axes[tried.b.axes.size() - 2].size;
            return Pair{tried.a, rows_taken(tried.b, rows, [=](Index row) {
                          if (row < prefix) return row;
                          const Index cell = row - prefix;
                          return prefix + cell % across * down + cell / across;
                        })};
          }};
}

}  // namespace

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
    const auto here = offsets.begin() + static_cast<std::ptrdiff_t>(i);
    const bool is_new = std::find(offsets.begin(), here, offset) == here;
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
    if (plane.height == plane.width) continue;
    all.push_back(plane.is_known ? turned(plane, false) : turned({plane.width, plane.height, plane.prefix, false}, true));
  }
  all.push_back({"rows-reversed", "B's rows are taken from the last to the first", "one of them runs backwards (--reverse)",
                 [rows](const Pair& tried) {
                   return Pair{tried.a, rows_taken(tried.b, rows, [rows](Index row) { return rows - 1 - row; })};
                 }});
  return all;
}

std::vector<Rearrangement> scale_stage(const Pair& pair, const std::vector<Index>&) {
  constexpr double kRounding = 16, kClose = 64;   // units: two estimates of one factor; a factor that is rounding
  constexpr Index kFewest = 4;   // elements: of fewer some factor is soon found
  if (pair.a.elements() < kFewest || pair.a.shape() != pair.b.shape() || components(pair.a.dtype) != components(pair.b.dtype) || is_integer(pair.b.dtype)) return {};
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
