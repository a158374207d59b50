// Rearrangements of the order of columns. Those of their number and signs: column_widths.cpp.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <numeric>

#include "analysis/rearrangements.h"
#include "core/rearrange.h"
#include "core/text.h"

namespace pe {
namespace {

using Columns = std::vector<Index>;   ///< column number i is number [i] of B

constexpr std::array<const char*, 5> kParts{"", "", "half", "third", "quarter"};

Columns columns(Index width, const std::function<Index(Index)>& from) {
  Columns all(static_cast<std::size_t>(width));
  for (Index i = 0; i < width; ++i) all[static_cast<std::size_t>(i)] = from(i);
  return all;
}

/// In each of `blocks` equal blocks the even columns, then the odd ones.
Columns even_then_odd(Index width, Index blocks) {
  const Index size = width / blocks, half = size / 2;
  return columns(width, [=](Index i) { return i / size * size + (i % size < half ? 2 * (i % size) : 2 * (i % size - half) + 1); });
}

/// In each of `blocks` equal blocks one of the first half, one of the second, and so on.
Columns halves_in_turn(Index width, Index blocks) {
  const Index size = width / blocks, half = size / 2;
  return columns(width, [=](Index i) { return i / size * size + i % size / 2 + i % 2 * half; });
}

/// Equal blocks in another order.
Columns blocks_in_order(Index width, const std::vector<Index>& order) {
  const Index size = width / static_cast<Index>(order.size());
  return columns(width, [&](Index i) { return order[static_cast<std::size_t>(i / size)] * size + i % size; });
}

/// Whether a row holds every number twice, as the tables that rotate with whole rows do.
bool repeats_angles(const std::vector<double>& row) {
  const std::size_t half = row.size() / 2;
  if (row.size() % 2 != 0 || half < 2) return false;
  const bool in_halves = std::equal(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(half), row.begin() + static_cast<std::ptrdiff_t>(half));
  bool in_pairs = true;
  for (std::size_t i = 0; i < half; ++i) in_pairs &= row[2 * i] == row[2 * i + 1];
  return in_halves || in_pairs;
}

/// What a row shows of how its columns are made.
struct Row {
  bool has_angles_twice = false;
  bool has_sines_beside_halves = false;     ///< columns i and i + width/2 are sine and cosine of one angle: x^2 + y^2 is the same for all
  bool has_sines_beside_quarters = false;   ///< so columns i and i + width/4 in each half
  bool has_pairs = false;                   ///< so columns 2i and 2i + 1

  explicit Row(const std::vector<double>& row)
      : has_angles_twice(repeats_angles(row)), has_sines_beside_halves(are_sines(row, row.size() / 2)),
        has_sines_beside_quarters(row.size() % 4 == 0 && are_sines(row, row.size() / 4)), has_pairs(are_sines(row, 1)) {}

  /// In blocks of twice that distance.
  static bool are_sines(const std::vector<double>& row, std::size_t distance) {
    constexpr double kRounded = 0.02;   // bf16 keeps a square to 0.8 %
    if (row.size() < 4 || row.size() % (2 * distance) != 0) return false;
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i / distance % 2 == 1) continue;
      const double square = row[i] * row[i] + row[i + distance] * row[i + distance];
      low = std::min(low, square);
      high = std::max(high, square);
    }
    return low > 0 && high - low <= kRounded * high;
  }
};

/// Collects orders of B's columns that differ from each other and from B's own.
class Orders {
 public:
  Orders(Index width) : seen_{columns(width, [](Index i) { return i; })} {}

  void add(const std::string& name, const std::string& action, const std::string& meaning, Columns from) {
    if (std::find(seen_.begin(), seen_.end(), from) != seen_.end()) return;
    seen_.push_back(from);
    all_.push_back({name, action, meaning, [from = std::move(from)](const Pair& pair) {
                      return Pair{pair.a, gather_columns(pair.b, from)};
                    }});
  }

  std::vector<Rearrangement> take() { return std::move(all_); }

 private:
  std::vector<Columns> seen_;
  std::vector<Rearrangement> all_;
};

/// The order in which B's columns are A's, where every column of A is one of B in a few rows; empty where there is none.
Columns order_by_contents(const Pair& pair) {
  constexpr Index kRows = 8;
  const auto width = static_cast<std::size_t>(pair.a.columns_count());
  std::vector<std::vector<double>> of_a(width), of_b(width);   // per column, the values of those rows
  for (Index i = 0; i < kRows; ++i) {
    const Index row = (pair.a.rows() - 1) * (i + 1) / kRows;
    const std::vector<double> row_a = row_of(pair.a, row), row_b = row_of(pair.b, row);
    for (std::size_t column = 0; column < width; ++column) {
      of_a[column].push_back(row_a[column]);
      of_b[column].push_back(row_b[column]);
    }
  }
  Columns sorted = columns(pair.a.columns_count(), [](Index i) { return i; });
  const auto contents = [&](Index column) -> const std::vector<double>& { return of_b[static_cast<std::size_t>(column)]; };
  std::sort(sorted.begin(), sorted.end(), [&](Index a, Index b) { return std::pair(contents(a), a) < std::pair(contents(b), b); });
  Columns from;
  for (const std::vector<double>& wanted : of_a) {
    const auto is_before = [&](Index column, const std::vector<double>& value) { return contents(column) < value; };
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), wanted, is_before);
    if (found == sorted.end() || contents(*found) != wanted) return {};
    from.push_back(*found);
  }
  return from;
}

/// "5, 0, 3, ...": as many as are read at a glance.
std::string first_numbers(const Columns& from) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < std::min(kShown, from.size()); ++i) numbers.push_back(std::to_string(from[i]));
  return join(numbers, ", ") + (from.size() > kShown ? ", ..." : "");
}

struct BlockOrder {
  std::vector<Index> order;
  const char* name;
  const char* action;
  std::string meaning;
};

constexpr const char *kCosFirst = "sines and cosines stand the other way round (--cos-first)",
                     *kAxes = "the blocks of two axes, w and h, stand the other way round (--axes)",
                     *kAxesOrCosFirst = "the blocks of two axes (--axes) or those of sines and cosines (--cos-first) stand the other way round";

/// Orders of equal blocks that have a cause. s and c are the blocks of sines and cosines of the axes x and y.
std::vector<BlockOrder> block_orders(const Row& row) {
  const char* const halves = row.has_sines_beside_halves ? kCosFirst : row.has_sines_beside_quarters || row.has_pairs ? kAxes : kAxesOrCosFirst;
  const bool has_axes_in_quarters = row.has_sines_beside_halves || row.has_angles_twice;
  const char* const quarters = row.has_sines_beside_quarters ? kCosFirst : has_axes_in_quarters ? kAxes : kAxesOrCosFirst;
  return {
      {{1, 0}, "halves-swapped", "the two halves of B's columns are swapped", halves},
      {{1, 0, 3, 2}, "quarters-swapped-in-halves", "in each half of B's columns the two quarters are swapped", quarters},
      {{0, 2, 1, 3}, "middle-quarters-swapped", "the second and the third quarter of B's columns are swapped",
       row.has_angles_twice ? "one repeats the angles of each axis, the other those of both"
                            : "one holds the block of each axis together (--layout concat), the other all sines before all cosines (grouped)"},
      {{2, 0, 3, 1}, "grouped-of-concat", "the quarters of B's columns are taken in the order 2, 0, 3, 1",   // s_y s_x c_y c_x of s_x c_x s_y c_y
       "A follows --layout grouped, B concat, and w and h stand the other way round (--axes)"},
      {{1, 3, 0, 2}, "concat-of-grouped", "the quarters of B's columns are taken in the order 1, 3, 0, 2",
       "A follows --layout concat, B grouped, and w and h stand the other way round (--axes)"},
      {{0, 2, 4, 1, 3, 5}, "sixths-024135", "the sixths of B's columns are taken in the order 0, 2, 4, 1, 3, 5",
       "A holds the sines of three axes before their cosines, B the block of each axis together"},
      {{0, 3, 1, 4, 2, 5}, "sixths-031425", "the sixths of B's columns are taken in the order 0, 3, 1, 4, 2, 5",
       "B holds the sines of three axes before their cosines, A the block of each axis together"},
  };
}

/// All orders of 3 or 4 blocks.
void add_block_orders(Index width, const Row& row, Orders& orders) {
  for (const BlockOrder& known : block_orders(row)) {
    if (width % static_cast<Index>(known.order.size()) == 0) orders.add(known.name, known.action, known.meaning, blocks_in_order(width, known.order));
  }
  for (const std::size_t blocks : {3u, 4u}) {
    if (width % static_cast<Index>(blocks) != 0) continue;
    std::vector<Index> order(blocks);
    std::iota(order.begin(), order.end(), Index{0});
    while (std::next_permutation(order.begin(), order.end())) {
      std::vector<std::string> numbers;
      for (const Index number : order) numbers.push_back(std::to_string(number));
      const std::string part = kParts[blocks];
      orders.add(part + "s-" + join(numbers, ""), fmt::format("the {}s of B's columns are taken in the order {}", part, join(numbers, ", ")),
                 "the blocks of the axes, or of sines and cosines, stand in another order", blocks_in_order(width, order));
    }
  }
}

}  // namespace

std::vector<double> row_of(const Tensor& tensor, Index row) {
  std::vector<double> values(static_cast<std::size_t>(tensor.row_width()));
  tensor.fill(row, values);
  return values;
}

std::vector<Rearrangement> column_stage(const Pair& pair, const std::vector<Index>&) {
  const Index width = pair.b.columns_count(), middle = pair.b.rows() / 2;
  if (width < 2 || pair.b.axes.empty()) return {};
  Orders orders(width);
  const Row row(row_of(pair.b, middle));
  for (Index blocks = 1; blocks <= 4; ++blocks) {
    if (width % (2 * blocks) != 0) continue;
    const std::string within = blocks == 1 ? "" : fmt::format("in each {} of them ", kParts[static_cast<std::size_t>(blocks)]);
    const std::string suffix = blocks == 1 ? "" : fmt::format("-in-{}", blocks);
    const char* const halves = row.has_angles_twice ? "half" : blocks == 1 ? "concat (of several axes: grouped)" : "concat";
    orders.add("pairs-to-halves" + suffix, fmt::format("the columns of B are taken from pairs to halves, {}even ones first, then odd ones", within),
               fmt::format("B follows --layout interleaved, A {}", halves), even_then_odd(width, blocks));
    orders.add("halves-to-pairs" + suffix, fmt::format("the columns of B are taken from halves to pairs, {}one of each half in turn", within),
               fmt::format("B follows --layout {}, A interleaved", halves), halves_in_turn(width, blocks));
  }
  if (width % 2 == 0) {
    orders.add("pairs-swapped", "neighbouring columns of B are swapped", kCosFirst, columns(width, [](Index i) { return i ^ 1; }));
  }
  add_block_orders(width, row, orders);
  orders.add("columns-reversed", "B's columns are taken from the last to the first", "", columns(width, [=](Index i) { return width - 1 - i; }));
  if (width % 2 == 0) {
    const Index half = width / 2;
    orders.add("halves-reversed", "in each half B's columns are taken from the last to the first", "the frequencies run the other way",
               columns(width, [=](Index i) { return i / half * half + half - 1 - i % half; }));
  }
  return orders.take();
}

std::vector<Rearrangement> contents_stage(const Pair& pair, const std::vector<Index>&) {
  if (components(pair.a.dtype) == 2 || pair.a.axes.empty()) return {};
  const Columns from = order_by_contents(pair);
  if (from.empty()) return {};
  Orders orders(pair.b.columns_count());
  orders.add("columns-found", fmt::format("B's columns are taken in the order {}", first_numbers(from)), "", from);
  return orders.take();
}

}  // namespace pe
