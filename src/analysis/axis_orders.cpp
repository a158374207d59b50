// Rearrangements of axes: their order, their number, and complex elements as columns.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "analysis/rearrangements.h"
#include "analysis/views.h"
#include "core/text.h"

namespace pe {
namespace {

std::vector<Index> without_ones(const Tensor& tensor) {
  std::vector<Index> shape;
  for (const Axis& axis : tensor.axes) {
    if (axis.size != 1) shape.push_back(axis.size);
  }
  return shape;
}

Index product(const std::vector<Index>& sizes) { return std::accumulate(sizes.begin(), sizes.end(), Index{1}, std::multiplies<>()); }

bool begins_with_one(const Tensor& tensor) { return tensor.axes.size() > 1 && tensor.axes.front().size == 1; }

/// [.., rows, columns] as [rows, columns].
std::vector<Index> flat(const Tensor& tensor) { return {tensor.rows(), tensor.columns_count()}; }

void add_reshapes(const Pair& pair, std::vector<Rearrangement>& all) {
  if (pair.a.shape() == pair.b.shape()) return;
  const std::vector<Index> of_a = without_ones(pair.a), of_b = without_ones(pair.b);
  const bool has_ones = of_a.size() != pair.a.axes.size() || of_b.size() != pair.b.axes.size();
  if (has_ones && of_a.size() == of_b.size()) {
    const bool has_batch = begins_with_one(pair.a) != begins_with_one(pair.b);
    all.push_back({"axes-of-one", "axes of size 1 are left out", has_batch ? "one table has a batch axis (--batch-dim)" : "",
                   [of_a, of_b](const Pair& tried) { return Pair{reshaped(tried.a, of_a), reshaped(tried.b, of_b)}; }});
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
                   has_channels_first ? "the first axis of B, channels or heads, is the last of A" : "", [order, fits_flat](const Pair& tried) {
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

}  // namespace

std::vector<Rearrangement> axis_stage(const Pair& pair, const std::vector<Index>&) {
  std::vector<Rearrangement> all;
  add_complex_parts(pair, all);
  add_reshapes(pair, all);
  add_axis_orders(pair, all);
  add_channels_first(pair, all);
  return all;
}

}  // namespace pe
