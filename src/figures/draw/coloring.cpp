#include "figures/draw/coloring.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/summary.h"

namespace pe {
namespace {

Range similarity_range(std::span<const float> similarities) {
  double lowest = 1;
  for (const float value : similarities) {
    if (value < lowest) lowest = value;
  }
  if (lowest < -0.02) return {-1, 1};
  if (lowest > 1 - 1e-5) return {0, 1};   // all rows are alike; a narrower range would show rounding
  const double step = std::pow(10, std::floor(std::log10((1 - lowest) / 2)));
  return {std::floor(lowest / step) * step, 1};
}

}  // namespace

Coloring coloring(const Tensor& tensor, const FigureStyle& style) {
  const bool declared = tensor.range && std::isfinite(tensor.range->low) && std::isfinite(tensor.range->high);
  const bool inside = declared && (!style.range || (style.range->low <= tensor.range->low && tensor.range->high <= style.range->high));
  const ValueSummary found = inside ? ValueSummary{tensor.range, 0, 0, 0, 0} : summarize(tensor, style.range);
  const Range range = widened(style.range.value_or(declared ? *tensor.range : found.range.value_or(Range{0, 1})));

  // Rounding below or above 0 alone does not make a table signed.
  const bool is_signed = std::min(-range.low, range.high) > 0.02 * std::max(-range.low, range.high);
  const std::string map = !style.colormap.empty() ? style.colormap : is_signed ? "blue-red" : "viridis";
  Coloring colors{ColorScale(find_colormap(map), range, is_integer(tensor.dtype)), {}};
  const auto note = [&](Index count, const std::string& what) {
    if (count > 0) colors.notes.push_back(fmt::format("{} {} {} {}", count, count == 1 ? "value" : "values", count == 1 ? "is" : "are", what));
  };
  const std::string& bad = colors.scale.map().bad_name;
  note(found.nan, fmt::format("NaN ({})", bad));
  note(found.minus_infinity, fmt::format("−∞ ({})", bad));
  note(found.plus_infinity, fmt::format("+∞ ({})", bad));
  note(found.outside, "outside the range of the colours and drawn as its ends");
  return colors;
}

ColorScale similarity_scale(const FigureStyle& style, std::span<const float> similarities) {
  return {find_colormap(style.colormap.empty() ? "viridis" : style.colormap), style.range.value_or(similarity_range(similarities))};
}

}  // namespace pe
